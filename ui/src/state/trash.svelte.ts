// Pages that were taken out: put back, or erased for good.
import { call } from "../ipc/call";
import type { EraseReason, TrashedView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

export class Trash {
  pages = $state.raw<TrashedView[]>([]);
  index = $state(0);
  loaded = $state(false);
  busy = $state(false);
  /** The officer is being asked why a page is erased, or whether all that are due shall go. */
  asking = $state<"erase" | "empty" | null>(null);
  /** What was put back last: it can be taken out again. */
  putBackLast = $state.raw<TrashedView | null>(null);
  /** How many pages the last act erased. */
  erased = $state(0);

  /** A paper has other pages than before, wherever it is shown. */
  onChange: () => void = () => {};

  constructor(
    readonly problems: Problems,
    readonly now: () => number = Date.now,
  ) {}

  get page(): TrashedView | null {
    return this.pages[this.index] ?? null;
  }

  /** Full days until it is erased with the rest; 0 when its days are over. */
  daysLeft(page: TrashedView): number {
    const day = 24 * 60 * 60 * 1000;
    return Math.max(0, Math.ceil((Date.parse(page.erasable_at) - this.now()) / day));
  }

  get due(): TrashedView[] {
    return this.pages.filter((page) => page.held === null && this.daysLeft(page) === 0);
  }

  async load(): Promise<void> {
    this.putBackLast = null;
    this.erased = 0;
    await this.#do(() => call("list_trash", null));
    this.loaded = true;
  }

  move(by: 1 | -1): void {
    this.index = Math.max(0, Math.min(this.pages.length - 1, this.index + by));
    this.asking = null;
  }

  choose(index: number): void {
    this.index = index;
    this.asking = null;
  }

  async putBack(): Promise<void> {
    const page = this.page;
    if (!page) return;
    if (await this.#do(() => call("put_back", { page_id: page.page.id }))) this.putBackLast = page;
  }

  /** Takes out again what was put back last. */
  async undo(): Promise<void> {
    const page = this.putBackLast;
    if (!page) return;
    const request = { page_id: page.page.id, reason: page.reason };
    if (!(await this.#do(() => call("take_out_again", request)))) return;
    this.putBackLast = null;
    this.index = Math.max(
      0,
      this.pages.findIndex((other) => other.page.id === page.page.id),
    );
  }

  /** Asks why; nothing is gone until that is answered. */
  askToErase(): void {
    this.asking = this.page && this.page.held === null ? "erase" : null;
  }

  async erase(reason: EraseReason): Promise<void> {
    const page = this.page;
    if (!page || this.asking !== "erase") return;
    await this.#erase(() => call("erase_page", { page_id: page.page.id, reason }));
  }

  async empty(): Promise<void> {
    if (this.asking === "empty") await this.#erase(() => call("empty_trash", null));
  }

  clear(): void {
    this.pages = [];
    this.index = 0;
    this.loaded = false;
    this.asking = null;
    this.putBackLast = null;
    this.erased = 0;
  }

  async #erase(act: () => Promise<TrashedView[]>): Promise<void> {
    const before = this.pages.length;
    if (await this.#do(act)) this.erased = before - this.pages.length;
  }

  async #do(act: () => Promise<TrashedView[]>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.asking = null;
    this.erased = 0;
    const pages = await this.problems.attempt(act);
    this.busy = false;
    if (!pages) return false;
    this.pages = pages;
    this.index = Math.max(0, Math.min(this.index, pages.length - 1));
    this.onChange();
    return true;
  }
}
