// The wall of crops: all doubtful values of one sort, from all open papers.
import { call } from "../ipc/call";
import type { Sort, WaitingValueView } from "../ipc/generated/commands";
import { written } from "../text/format";
import type { Problems } from "./problems.svelte";

export const SORTS: Sort[] = ["number", "day", "identity", "name", "words"];

export class Grouping {
  values = $state.raw<WaitingValueView[]>([]);
  sort = $state<Sort>("number");
  index = $state(0);
  draft = $state("");
  busy = $state(false);
  refused = $state(false);
  loaded = $state(false);
  #decided = $state.raw<WaitingValueView[]>([]);

  constructor(readonly problems: Problems) {}

  /** The crops on the wall. */
  get wall(): WaitingValueView[] {
    return this.values.filter((value) => value.sort === this.sort);
  }

  get current(): WaitingValueView | null {
    return this.wall[this.index] ?? null;
  }

  get touched(): boolean {
    return this.current !== null && this.draft !== this.#proposed();
  }

  get canUndo(): boolean {
    return this.touched || this.#decided.length > 0;
  }

  count(sort: Sort): number {
    return this.values.filter((value) => value.sort === sort).length;
  }

  clear(): void {
    this.values = [];
    this.#decided = [];
    this.loaded = false;
  }

  /** Looks at what waits; a value being typed stays with its crop. */
  async load(): Promise<void> {
    const typed = this.touched ? { value: this.current, draft: this.draft } : null;
    const values = await this.problems.attempt(() => call("list_waiting_values", null));
    if (!values) return;
    this.values = values;
    this.loaded = true;
    if (this.wall.length === 0) this.sort = SORTS.find((sort) => this.count(sort) > 0) ?? this.sort;
    const at = typed ? this.wall.findIndex((value) => same(value, typed.value)) : -1;
    this.focus(at >= 0 ? at : Math.min(this.index, this.wall.length - 1));
    if (typed && at >= 0) this.draft = typed.draft;
  }

  choose(sort: Sort): void {
    this.sort = sort;
    this.focus(0);
  }

  /** The next sort that has something on its wall. */
  step(by: 1 | -1): void {
    const full = SORTS.filter((sort) => this.count(sort) > 0);
    const next = full[(full.indexOf(this.sort) + by + full.length) % full.length];
    if (next) this.choose(next);
  }

  focus(index: number): void {
    this.index = Math.max(0, Math.min(this.wall.length - 1, index));
    this.draft = this.#proposed();
    this.refused = false;
  }

  move(by: number): void {
    this.focus(this.index + by);
  }

  #proposed(): string {
    return this.current ? written(this.current, this.current.value) : "";
  }

  /** The person answers for the value in hand; its crop leaves the wall. */
  async confirm(): Promise<void> {
    const value = this.current;
    if (!value || this.busy) return;
    const draft = this.draft;
    this.busy = true;
    const done = await this.problems.attempt(() =>
      call("confirm_field", { document_id: value.document_id, field: value.field, value: draft }),
    );
    this.busy = false;
    if (!done) {
      this.refused = true;
      return;
    }
    this.#decided = [...this.#decided, value];
    this.values = this.values.filter((other) => !same(other, value));
    if (this.wall.length === 0) this.sort = SORTS.find((sort) => this.count(sort) > 0) ?? this.sort;
    this.focus(this.index);
  }

  /** What was typed goes first, then the last decision. */
  async undo(): Promise<void> {
    if (this.touched) {
      this.focus(this.index);
      return;
    }
    const value = this.#decided.at(-1);
    if (!value || this.busy) return;
    this.busy = true;
    const done = await this.problems.attempt(() =>
      call("undo_field", { document_id: value.document_id, field: value.field }),
    );
    this.busy = false;
    if (!done) return;
    this.#decided = this.#decided.slice(0, -1);
    await this.load();
    this.sort = value.sort;
    this.focus(this.wall.findIndex((other) => same(other, value)));
  }
}

function same(one: WaitingValueView, other: WaitingValueView | null): boolean {
  return one.document_id === other?.document_id && one.field === other.field;
}
