// Finding a stored paper again, while the person is still typing.
import { call } from "../ipc/call";
import type { RecordView, SearchHitView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

/** Looking at a record is kept in the trail, so passing over one is not looking. */
const LOOKING_MS = 200;

export class Searching {
  words = $state("");
  hits = $state.raw<SearchHitView[]>([]);
  searched = $state("");
  chosen = $state(0);
  record = $state.raw<RecordView | null>(null);
  #asked = 0;
  #shown = 0;

  constructor(readonly problems: Problems) {}

  get hit(): SearchHitView | null {
    return this.hits[this.chosen] ?? null;
  }

  clear(): void {
    this.#asked += 1;
    this.#shown += 1;
    this.words = "";
    this.searched = "";
    this.hits = [];
    this.record = null;
  }

  /** Asks; an older answer never overwrites a newer one. */
  async search(): Promise<void> {
    const words = this.words.trim();
    this.#asked += 1;
    const asked = this.#asked;
    const hits = words ? await this.problems.attempt(() => call("search", { words })) : [];
    if (asked !== this.#asked || !hits) return;
    this.hits = hits;
    this.searched = words;
    await this.choose(0);
  }

  async choose(index: number): Promise<void> {
    this.chosen = Math.max(0, Math.min(this.hits.length - 1, index));
    this.#shown += 1;
    const shown = this.#shown;
    const code = this.hit?.local_code;
    if (code) await new Promise((resolve) => setTimeout(resolve, LOOKING_MS));
    if (shown !== this.#shown) return;
    const record = code ? await this.problems.attempt(() => call("show_record", { local_code: code })) : null;
    if (shown === this.#shown) this.record = record ?? null;
  }

  /** Asks for a masked value, or with null for the masked pictures; the trail keeps it. */
  async reveal(field: string | null): Promise<void> {
    const shown = this.#shown;
    const code = this.record?.local_code;
    if (!code) return;
    const record = await this.problems.attempt(() => call("reveal", { local_code: code, field }));
    if (record && shown === this.#shown) this.record = record;
  }
}
