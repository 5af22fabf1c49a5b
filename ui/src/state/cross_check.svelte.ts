// What this paper and others of its dossier say differently of one person.
import { call } from "../ipc/call";
import type { DisagreementView, PlaceView, Settlement } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

/** In the order of their keys, Alt+1 to Alt+4. */
export const SETTLEMENTS: Settlement[] = ["first_right", "other_right", "two_people", "both_as_written"];

function key(place: PlaceView): string {
  return `${place.document_id ?? ""}/${place.field}`;
}

/** The name of its line; no field is called so. */
export function lineOf(disagreement: DisagreementView): string {
  return `≠ ${key(disagreement.first.place)} ${key(disagreement.other.place)}`;
}

export class CrossChecking {
  waiting = $state.raw<DisagreementView[]>([]);
  #asked = 0;

  constructor(readonly problems: Problems) {}

  get lines(): string[] {
    return this.waiting.map(lineOf);
  }

  find(line: string | null): DisagreementView | null {
    return this.waiting.find((one) => lineOf(one) === line) ?? null;
  }

  clear(): void {
    this.#asked += 1;
    this.waiting = [];
  }

  /** Compares anew; an older answer never overwrites a newer one. */
  async load(documentId: string): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const waiting = await call("cross_check", { document_id: documentId });
    if (asked === this.#asked) this.waiting = waiting;
  }

  /** Settles one; what is returned takes the ruling back. */
  async rule(documentId: string, disagreement: DisagreementView, settlement: Settlement): Promise<string> {
    const { first, other } = disagreement;
    const ruling = await call("rule", { document_id: documentId, first: first.place, other: other.place, settlement });
    return ruling.id;
  }
}
