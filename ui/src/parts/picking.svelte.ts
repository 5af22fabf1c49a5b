// Picking words of a paper: one by a click, several by drawing over them.
import type { Area } from "./sight";

/** A word of the page, in reading order. */
export interface PaperWord extends Area {
  text: string;
}

export class Picking {
  /** The first and the last word that are being picked. */
  #range = $state.raw<{ from: number; to: number } | null>(null);
  /** Whether the pointer has come to another word since it was pressed. */
  drawn = false;

  constructor(readonly all: () => PaperWord[]) {}

  get words(): PaperWord[] {
    if (!this.#range) return [];
    const { from, to } = this.#range;
    return this.all().slice(Math.min(from, to), Math.max(from, to) + 1);
  }

  get going(): boolean {
    return this.#range !== null;
  }

  #at(point: { x: number; y: number }): number {
    return this.all().findIndex(
      (word) =>
        point.x >= word.x && point.x <= word.x + word.width && point.y >= word.y && point.y <= word.y + word.height,
    );
  }

  /** Begins at a point of the page; false where there is no word. */
  begin(point: { x: number; y: number } | null): boolean {
    this.drawn = false;
    const word = point ? this.#at(point) : -1;
    if (word >= 0) this.#range = { from: word, to: word };
    return word >= 0;
  }

  /** Goes on to a point of the page; between words it stays at the last one. */
  goOn(point: { x: number; y: number } | null): void {
    const word = point ? this.#at(point) : -1;
    if (!this.#range || word < 0 || word === this.#range.to) return;
    this.#range = { ...this.#range, to: word };
    this.drawn = true;
  }

  /** Ends; what was picked, as it is read. */
  end(): string {
    const text = this.words.map((word) => word.text).join(" ");
    this.#range = null;
    return text;
  }
}
