// Slips about the dossier on the desk: which there are, what one asks for, and where it lies.
import { call } from "../ipc/call";
import type { SlipKindView } from "../ipc/generated/commands";
import type { CurrentDossier } from "./dossier.svelte";
import type { Problems } from "./problems.svelte";

export class Slips {
  kinds = $state.raw<SlipKindView[]>([]);
  chosen = $state.raw<SlipKindView | null>(null);
  answers = $state<Record<string, string>>({});
  file = $state<string | null>(null);
  busy = $state(false);

  constructor(
    readonly problems: Problems,
    readonly dossier: CurrentDossier,
  ) {}

  async load(): Promise<void> {
    this.file = null;
    this.chosen = null;
    this.kinds = (await this.problems.attempt(() => call("list_slips", null))) ?? [];
  }

  choose(kind: string): void {
    this.chosen = this.kinds.find((one) => one.kind === kind) ?? null;
    this.answers = {};
    this.file = null;
  }

  /** A slip is chosen and not made yet: Enter in one of its fields must not end the dossier. */
  get isOpen(): boolean {
    return this.chosen !== null && this.file === null;
  }

  /** Whether everything is said that the slip cannot do without. */
  get isReady(): boolean {
    const asks = this.chosen?.asks ?? [];
    return this.chosen !== null && !this.busy && asks.every((ask) => !ask.required || (this.answers[ask.name] ?? "").trim() !== "");
  }

  async make(): Promise<void> {
    const [kind, dossier_id] = [this.chosen?.kind, this.dossier.dossier?.id];
    if (!kind || !dossier_id || !this.isReady) return;
    this.busy = true;
    const answers = { ...this.answers };
    const made = await this.problems.attempt(() => call("make_slip", { dossier_id, kind, answers }));
    this.busy = false;
    this.file = made?.file ?? null;
  }
}
