// Papers of the owner that are digitised already: used again instead of scanned.
import { call } from "../ipc/call";
import type { OfferView } from "../ipc/generated/commands";
import type { CurrentDossier } from "./dossier.svelte";
import type { Problems } from "./problems.svelte";

export class Reusing {
  offers = $state.raw<OfferView[]>([]);
  busy = $state(false);
  /** Whose offers these are; asking is kept in the trail, so it is done once. */
  #of: string | null = null;

  constructor(
    readonly problems: Problems,
    readonly dossier: CurrentDossier,
  ) {}

  /** What could answer the paper in hand; nothing once it is begun. */
  get ofComponent(): OfferView[] {
    const component = this.dossier.component;
    if (!component || component.document || component.reused) return [];
    return this.offers.filter((offer) => offer.component_id === component.id);
  }

  /** The one that a key takes: the first that is in force. */
  get first(): OfferView | null {
    return this.ofComponent.find((offer) => offer.in_force) ?? null;
  }

  async load(): Promise<void> {
    const id = this.dossier.dossier?.id ?? null;
    if (id === this.#of) return;
    this.#of = id;
    this.offers = [];
    if (!id) return;
    const offers = await this.problems.attempt(() => call("list_offers", { dossier_id: id }));
    if (this.#of !== id) return;
    this.offers = offers ?? [];
    // Whoever has no network, or no centre, works with what lies here.
    const all = await call("ask_centre", { dossier_id: id }).catch(() => undefined);
    if (this.#of === id && all && all.length > 0) this.offers = all;
  }

  async link(offer: OfferView | null = this.first): Promise<void> {
    const dossier_id = this.dossier.dossier?.id;
    if (!dossier_id || !offer?.in_force || this.busy) return;
    const request = { dossier_id, component_id: offer.component_id, document_id: offer.paper.document_id };
    await this.#change(() => call("link_paper", request));
  }

  /** The paper waits for a scan again. */
  async unlink(): Promise<void> {
    const dossier_id = this.dossier.dossier?.id;
    const component = this.dossier.component;
    if (!dossier_id || !component?.reused || this.busy) return;
    await this.#change(() => call("unlink_paper", { dossier_id, component_id: component.id }));
    // What was linked before this desk asked is offered from now on.
    if (this.ofComponent.length > 0) return;
    this.#of = null;
    await this.load();
  }

  clear(): void {
    this.offers = [];
    this.#of = null;
  }

  async #change(act: () => Promise<NonNullable<CurrentDossier["dossier"]>>): Promise<void> {
    this.busy = true;
    const dossier = await this.problems.attempt(act);
    this.busy = false;
    if (dossier && this.dossier.dossier?.id === dossier.id) this.dossier.dossier = dossier;
  }
}
