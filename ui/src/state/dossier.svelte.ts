// The dossier on the desk: its components, and which paper is in hand.
import { call } from "../ipc/call";
import type { ComponentView, DossierView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

export type Screen =
  | "reception"
  | "scan"
  | "review"
  | "deposit"
  | "hand_back"
  | "search"
  | "group"
  | "sign"
  | "centre"
  | "trash"
  | "backup"
  | "passphrase";

/** Stored for good, or answered by a paper that was stored before. */
export function isDone(component: ComponentView): boolean {
  return component.document?.state === "deposited" || component.reused !== null;
}

/** Where the work on a component goes on. */
export function screenFor(component: ComponentView): Screen {
  const state = component.document?.state;
  if (state === "deposited") return "deposit";
  return state === "extracted" ? "review" : "scan";
}

export class CurrentDossier {
  dossier = $state<DossierView | null>(null);
  componentId = $state<string | null>(null);

  constructor(readonly problems: Problems) {}

  get component(): ComponentView | null {
    return this.dossier?.components.find((component) => component.id === this.componentId) ?? null;
  }

  get documentId(): string | null {
    return this.component?.document?.id ?? null;
  }

  get toDigitise(): ComponentView[] {
    return this.dossier?.components.filter((component) => component.to_digitise || component.document) ?? [];
  }

  get done(): number {
    return this.toDigitise.filter(isDone).length;
  }

  take(dossier: DossierView): void {
    this.dossier = dossier;
    this.componentId = (this.nextUnfinished ?? dossier.components[0])?.id ?? null;
  }

  clear(): void {
    this.dossier = null;
    this.componentId = null;
  }

  async open(dossierId: string): Promise<boolean> {
    const dossier = await this.problems.attempt(() => call("open_dossier", { dossier_id: dossierId }));
    if (dossier) this.take(dossier);
    return dossier !== undefined;
  }

  /** Reads the dossier again; the paper in hand stays in hand. */
  async refresh(): Promise<void> {
    const id = this.dossier?.id;
    if (!id) return;
    const dossier = await call("open_dossier", { dossier_id: id });
    if (this.dossier?.id === id) this.dossier = dossier;
  }

  choose(componentId: string): void {
    this.componentId = componentId;
  }

  /** The paper above or below in the list. */
  step(by: 1 | -1): ComponentView | null {
    const components = this.dossier?.components ?? [];
    const index = components.findIndex((component) => component.id === this.componentId);
    const next = components[index + by];
    if (next) this.componentId = next.id;
    return next ?? null;
  }

  /** The next paper that is not deposited yet, looking on from the one in hand. */
  get nextUnfinished(): ComponentView | null {
    const components = this.dossier?.components ?? [];
    const start = components.findIndex((component) => component.id === this.componentId) + 1;
    const round = [...components.slice(start), ...components.slice(0, start)];
    return round.find((component) => component.to_digitise && !isDone(component)) ?? null;
  }
}
