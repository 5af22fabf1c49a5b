// A person looks at what the machine proposes. Nothing below certain is passed by.
import { call } from "../ipc/call";
import type { DisagreementView, DocumentTypeView, FieldView, RecordView, ReviewView } from "../ipc/generated/commands";
import { written } from "../text/format";
import { CrossChecking, SETTLEMENTS } from "./cross_check.svelte";
import type { CurrentDossier } from "./dossier.svelte";
import type { Effort } from "./effort";
import type { Problems } from "./problems.svelte";

/** The line above the fields: the type of paper, which decides what the fields are. */
export const TYPE_LINE = "document_type";

type Decision = { field: string } | { ruling: string };

/** What may be chosen for a field: what the engines read, or between what two officers entered. */
export function choices(field: FieldView): string[] {
  if (field.second_person?.turn === "decide") return field.second_person.entries;
  return field.readings.map((reading) => reading.value);
}

export class Reviewing {
  review = $state.raw<ReviewView | null>(null);
  types = $state.raw<DocumentTypeView[]>([]);
  /** The line in hand; `null` when everything has been seen. */
  current = $state<string | null>(null);
  draft = $state("");
  busy = $state(false);
  /** The field whose value was refused. */
  refused = $state<string | null>(null);
  readonly cross: CrossChecking;
  /** The field to go on with, once its paper is open. */
  returnTo: string | null = null;
  /** Told which field is in hand. */
  onfocus: (field: string) => void = () => undefined;
  #decided: Decision[] = [];
  #chosen = $state(false);

  constructor(
    readonly problems: Problems,
    readonly dossier: CurrentDossier,
    readonly effort: Effort,
  ) {
    this.cross = new CrossChecking(problems);
  }

  get lines(): string[] {
    return this.review ? [TYPE_LINE, ...this.review.fields.map((field) => field.name), ...this.cross.lines] : [];
  }

  get field(): FieldView | null {
    return this.review?.fields.find((field) => field.name === this.current) ?? null;
  }

  /** The disagreement in hand, when the line in hand is one. */
  get disagreement(): DisagreementView | null {
    return this.cross.find(this.current);
  }

  get typeOpen(): boolean {
    return this.review !== null && this.review.type_grade !== "certain";
  }

  /** The lines that a person must still look at, in order. */
  get open(): string[] {
    const fields = this.review?.fields.filter((field) => field.open).map((field) => field.name) ?? [];
    // The papers are compared last: a misread field that is put right settles it by itself.
    return [...(this.typeOpen ? [TYPE_LINE] : []), ...fields, ...this.cross.lines];
  }

  async load(): Promise<void> {
    const id = this.dossier.documentId;
    const state = this.dossier.component?.document?.state;
    const same = this.review?.document.id === id;
    if (!same) this.#decided = [];
    // Coming back from the search or the wall loses nothing of what was being typed.
    const typed = same && this.touched ? { line: this.current, draft: this.draft } : null;
    this.review = null;
    this.cross.clear();
    this.current = null;
    if (!id || state !== "extracted") return;
    if (this.types.length === 0) {
      this.types = (await this.problems.attempt(() => call("list_document_types", null))) ?? [];
    }
    const review = await this.problems.attempt(() => call("review", { document_id: id }));
    if (!review || this.dossier.documentId !== id) return;
    await this.problems.attempt(() => this.cross.load(id));
    if (this.dossier.documentId !== id) return;
    this.review = review;
    const returnTo = this.lines.find((line) => line === this.returnTo);
    this.returnTo = null;
    this.focus(returnTo ?? this.open[0] ?? null);
    if (typed && this.lines.includes(typed.line ?? "")) {
      this.focus(typed.line);
      this.draft = typed.draft;
    }
  }

  focus(line: string | null): void {
    this.current = line;
    this.refused = null;
    this.draft = this.#proposed();
    this.#chosen = false;
    if (this.field) this.onfocus(this.field.name);
  }

  #proposed(): string {
    if (this.current === TYPE_LINE) return this.review?.document_type ?? "";
    return this.field ? written(this.field, this.field.value) : "";
  }

  get touched(): boolean {
    return this.#chosen || this.draft !== this.#proposed();
  }

  /** Takes what there is to choose, or a type of paper, into the draft; the person still confirms it. */
  takeReading(index: number): void {
    const field = this.field;
    const choice = field && choices(field)[index];
    if (field && typeof choice === "string") {
      this.draft = written(field, choice);
      // To choose "none on the paper" is to choose.
      this.#chosen = field.second_person?.turn === "decide";
    }
    if (this.current === TYPE_LINE) this.draft = this.types[index]?.name ?? this.draft;
    if (this.disagreement) void this.rule(index);
  }

  /** Puts words of the paper into the field in hand; the person still confirms them. */
  takeWords(words: string): void {
    if (this.field && words) this.draft = words;
  }

  /** How many there are to take for the line in hand. */
  get readings(): number {
    if (this.disagreement) return SETTLEMENTS.length;
    return this.current === TYPE_LINE ? this.types.length : (this.field ? choices(this.field).length : 0);
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
    if (this.disagreement) {
      // Enter never settles what papers differ in: it takes a key that says how.
      this.focus(this.nextOpen());
      return;
    }
    if (line !== TYPE_LINE && !this.touched && (!this.field?.open || this.#awaitsOwnEntry)) {
      // Certain, already answered for or another's to enter, and nothing changed: nothing to store.
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
    else this.#decided.push({ field: line });
    this.focus(this.nextOpen());
  }

  /** Whether Enter alone would say "none on the paper" where the machine saw something. */
  get #awaitsOwnEntry(): boolean {
    const turn = this.field?.second_person?.turn;
    return (turn === "second" && this.field?.grade !== "empty") || turn === "decide";
  }

  /** Settles the disagreement in hand in one of the four ways. */
  async rule(index: number): Promise<void> {
    const disagreement = this.disagreement;
    const settlement = SETTLEMENTS[index];
    const id = this.review?.document.id;
    if (!disagreement || !settlement || !id || this.busy) return;
    const line = this.current;
    const review = await this.#ask(async () => {
      this.#decided.push({ ruling: await this.cross.rule(id, disagreement, settlement) });
      return call("review", { document_id: id });
    });
    if (review) this.focus(this.nextOpen());
    else this.refused = line;
  }

  /** What was typed goes first, then the last decision. */
  async undo(): Promise<void> {
    const id = this.review?.document.id;
    if (!id || this.busy) return;
    if (this.touched) {
      this.focus(this.current);
      return;
    }
    const own = this.field?.confirmed || this.field?.second_person?.turn === "another" ? this.field : null;
    const last = this.#decided.at(-1) ?? (own ? { field: own.name } : undefined);
    if (!last) return;
    const before = this.cross.lines;
    const review = await this.#ask(async () => {
      if ("field" in last) return call("undo_field", { document_id: id, field: last.field });
      await call("take_back_ruling", { ruling_id: last.ruling });
      return call("review", { document_id: id });
    });
    if (!review) return;
    this.#decided = this.#decided.filter((other) => other !== last && !("field" in other && "field" in last && other.field === last.field));
    this.focus("field" in last ? last.field : (this.cross.lines.find((line) => !before.includes(line)) ?? this.nextOpen()));
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
      const counted = { keys: this.effort.keys, clicks: this.effort.clicks };
      const stored = await call("deposit_document", { document_id: id, ...counted });
      this.effort.stored(counted);
      await this.dossier.refresh();
      return stored;
    });
    this.busy = false;
    return record;
  }

  async #ask(act: () => Promise<ReviewView>): Promise<ReviewView | undefined> {
    this.busy = true;
    const review = await this.problems.attempt(async () => {
      const answer = await act();
      await this.cross.load(answer.document.id);
      return answer;
    });
    this.busy = false;
    if (review) {
      this.review = review;
      void this.problems.attempt(() => this.dossier.refresh());
    }
    return review;
  }
}
