// A person looks at what the machine proposes. Nothing below certain is passed by.
import { call } from "../ipc/call";
import type { DocumentTypeView, FieldView, RecordView, ReviewView } from "../ipc/generated/commands";
import { written } from "../text/format";
import type { CurrentDossier } from "./dossier.svelte";
import type { Problems } from "./problems.svelte";

/** The line above the fields: the type of paper, which decides what the fields are. */
export const TYPE_LINE = "document_type";

export class Reviewing {
  review = $state.raw<ReviewView | null>(null);
  types = $state.raw<DocumentTypeView[]>([]);
  /** The line in hand; `null` when everything has been seen. */
  current = $state<string | null>(null);
  draft = $state("");
  busy = $state(false);
  /** The field whose value was refused. */
  refused = $state<string | null>(null);
  #decided: string[] = [];

  constructor(
    readonly problems: Problems,
    readonly dossier: CurrentDossier,
  ) {}

  get lines(): string[] {
    return this.review ? [TYPE_LINE, ...this.review.fields.map((field) => field.name)] : [];
  }

  get field(): FieldView | null {
    return this.review?.fields.find((field) => field.name === this.current) ?? null;
  }

  get typeOpen(): boolean {
    return this.review !== null && this.review.type_grade !== "certain";
  }

  /** The lines that a person must still look at, in order. */
  get open(): string[] {
    const fields = this.review?.fields.filter((field) => field.open).map((field) => field.name) ?? [];
    return this.typeOpen ? [TYPE_LINE, ...fields] : fields;
  }

  async load(): Promise<void> {
    const id = this.dossier.documentId;
    const state = this.dossier.component?.document?.state;
    if (this.review?.document.id !== id) this.#decided = [];
    this.review = null;
    this.current = null;
    if (!id || state !== "extracted") return;
    if (this.types.length === 0) {
      this.types = (await this.problems.attempt(() => call("list_document_types", null))) ?? [];
    }
    const review = await this.problems.attempt(() => call("review", { document_id: id }));
    if (!review || this.dossier.documentId !== id) return;
    this.review = review;
    this.focus(this.open[0] ?? null);
  }

  focus(line: string | null): void {
    this.current = line;
    this.refused = null;
    this.draft = this.#proposed();
  }

  #proposed(): string {
    if (this.current === TYPE_LINE) return this.review?.document_type ?? "";
    return this.field ? written(this.field, this.field.value) : "";
  }

  get touched(): boolean {
    return this.draft !== this.#proposed();
  }

  /** Takes what one engine read, or a type of paper, into the draft; the person still confirms it. */
  takeReading(index: number): void {
    const field = this.field;
    const reading = field?.readings[index];
    if (field && reading) this.draft = written(field, reading.value);
    if (this.current === TYPE_LINE) this.draft = this.types[index]?.name ?? this.draft;
  }

  /** How many there are to take for the line in hand. */
  get readings(): number {
    return this.current === TYPE_LINE ? this.types.length : (this.field?.readings.length ?? 0);
  }

  move(by: 1 | -1): void {
    const lines = this.lines;
    const index = this.current === null ? lines.length : lines.indexOf(this.current);
    const next = lines[Math.min(lines.length - 1, Math.max(0, index + by))];
    if (next) this.focus(next);
  }

  /** The next line to look at after the one in hand, going round. */
  nextOpen(): string | null {
    const lines = this.lines;
    const start = this.current === null ? 0 : lines.indexOf(this.current) + 1;
    const round = [...lines.slice(start), ...lines.slice(0, start)];
    return round.find((line) => this.open.includes(line)) ?? null;
  }

  /** The person answers for the line in hand; then the next doubtful one is in hand. */
  async confirm(): Promise<void> {
    const line = this.current;
    const id = this.review?.document.id;
    if (line === null || !id || this.busy) return;
    const value = this.draft;
    if (line !== TYPE_LINE && !this.touched && !this.field?.open) {
      // Certain or already answered for, and nothing changed: nothing to store.
      this.focus(this.nextOpen());
      return;
    }
    if (line === TYPE_LINE && !this.touched && !this.typeOpen) {
      this.focus(this.nextOpen());
      return;
    }
    const review = await this.#ask(() =>
      line === TYPE_LINE
        ? call("change_type", { document_id: id, document_type: value })
        : call("confirm_field", { document_id: id, field: line, value }),
    );
    if (!review) {
      this.refused = line;
      return;
    }
    // Another type of paper has other fields, proposed anew.
    if (line === TYPE_LINE) this.#decided = [];
    else this.#decided.push(line);
    this.focus(this.nextOpen());
  }

  /** What was typed goes first, then the last decision. */
  async undo(): Promise<void> {
    const id = this.review?.document.id;
    if (!id || this.busy) return;
    if (this.touched) {
      this.focus(this.current);
      return;
    }
    const line = this.#decided.at(-1) ?? (this.field?.confirmed ? this.field.name : undefined);
    if (!line) return;
    if (await this.#ask(() => call("undo_field", { document_id: id, field: line }))) {
      this.#decided = this.#decided.filter((other) => other !== line);
      this.focus(line);
    }
  }

  /** Gives the code and stores; before that, goes to what still must be looked at. */
  async deposit(): Promise<RecordView | undefined> {
    const id = this.review?.document.id;
    if (!id || this.busy) return undefined;
    if (this.touched && this.current !== null) {
      await this.confirm();
      if (this.refused) return undefined;
    }
    const left = this.open[0];
    if (left) {
      this.focus(this.nextOpen() ?? left);
      return undefined;
    }
    this.busy = true;
    const record = await this.problems.attempt(async () => {
      const stored = await call("deposit_document", { document_id: id });
      await this.dossier.refresh();
      return stored;
    });
    this.busy = false;
    return record;
  }

  async #ask(act: () => Promise<ReviewView>): Promise<ReviewView | undefined> {
    this.busy = true;
    const review = await this.problems.attempt(act);
    this.busy = false;
    if (review) {
      this.review = review;
      void this.problems.attempt(() => this.dossier.refresh());
    }
    return review;
  }
}
