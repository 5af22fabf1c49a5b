// A dossier being received: whose papers, which procedure, what was handed in.
import { call } from "../ipc/call";
import type { CardView, DossierView, ProcedureView, SubmittedAs, UnfinishedView } from "../ipc/generated/commands";
import { folded } from "../text/format";
import { vi } from "../text/vi";
import type { Problems } from "./problems.svelte";

export interface Line {
  key: number;
  name: string;
  code: string | null;
  result_type: string | null;
  submitted_as: SubmittedAs;
  handed_in: boolean;
  /** Written by the officer, so its name can be changed and the line taken out. */
  own: boolean;
}

/** More than this cannot be read in a list; typing on narrows it. */
const PROCEDURES_SHOWN = 40;

export class Reception {
  procedures = $state.raw<ProcedureView[]>([]);
  recent = $state.raw<DossierView[]>([]);
  /** Papers that are not stored yet, the one that was worked on last first. */
  unfinished = $state.raw<UnfinishedView[]>([]);
  ownerId = $state("");
  ownerName = $state("");
  procedure = $state<string | null>(null);
  lines = $state<Line[]>([]);
  busy = $state(false);
  /** What the card said that was read last, to be compared with it. */
  card = $state.raw<CardView | null>(null);
  #keys = 0;

  constructor(readonly problems: Problems) {
    this.clear();
  }

  async load(): Promise<void> {
    await this.problems.attempt(async () => {
      [this.procedures, this.recent, this.unfinished] = await Promise.all([
        call("list_procedures", null),
        call("list_dossiers", null),
        call("list_unfinished", null),
      ]);
    });
  }

  clear(): void {
    this.ownerId = "";
    this.ownerName = "";
    this.card = null;
    this.choose(null);
  }

  choose(code: string | null): void {
    this.procedure = code;
    const components = this.procedures.find((procedure) => procedure.code === code)?.components ?? [];
    this.lines = components.map((component) => ({
      key: this.#keys++,
      name: component.name,
      code: component.code,
      result_type: component.result_type,
      submitted_as: "original",
      handed_in: true,
      own: false,
    }));
    if (this.lines.length === 0) this.add();
  }

  /** Fills in whose papers these are from what a reader typed: all of it or nothing. */
  async readCard(typed: string[]): Promise<boolean> {
    let card: CardView | undefined;
    for (const text of typed) {
      card = await this.problems.attempt(() => call("read_card", { typed: text }));
      if (card || this.problems.current !== "not_a_card") break;
    }
    if (!card) return false;
    this.ownerId = card.id;
    this.ownerName = card.name;
    this.card = card;
    return true;
  }

  add(): void {
    this.lines.push({
      key: this.#keys++,
      name: vi.reception.otherPaper,
      code: null,
      result_type: null,
      submitted_as: "original",
      handed_in: true,
      own: true,
    });
  }

  remove(key: number): void {
    this.lines = this.lines.filter((line) => line.key !== key);
  }

  matching(words: string): ProcedureView[] {
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    const matches = this.procedures.filter((procedure) => {
      const text = folded(`${procedure.code} ${procedure.name}`);
      return wanted.every((word) => text.includes(word));
    });
    return matches.slice(0, PROCEDURES_SHOWN);
  }

  get handedIn(): Line[] {
    return this.lines.filter((line) => line.handed_in && line.name.trim() !== "");
  }

  /** What the card says of the owner beside name and number; nothing of a card that is another's. */
  get #ofCard() {
    const card = this.card?.id === this.ownerId.trim() ? this.card : null;
    return {
      owner_birth_on: card?.birth_on ?? null,
      owner_sex: card?.sex ?? null,
      // What has still to be compared with the card is not kept as if it had been.
      owner_address: card && !card.address_doubtful ? card.address : null,
    };
  }

  async receive(): Promise<DossierView | undefined> {
    if (this.busy) return undefined;
    if (this.handedIn.length === 0) {
      this.problems.current = "no_components";
      return undefined;
    }
    this.busy = true;
    const dossier = await this.problems.attempt(() =>
      call("receive_dossier", {
        owner_id: this.ownerId.trim() || null,
        owner_name: this.ownerName.trim() || null,
        ...this.#ofCard,
        procedure: this.procedure,
        components: this.handedIn.map(({ name, code, result_type, submitted_as }) => ({
          name: name.trim(),
          code,
          result_type,
          submitted_as,
        })),
      }),
    );
    this.busy = false;
    if (dossier) this.clear();
    return dossier;
  }
}
