// How long no hand has been on the desk. The core takes the time too and has the last word; here the
// screen is covered in time, and the core hears of a hand.

/** The core hears of a hand at most this often. */
const TELL_EVERY_MS = 15_000;

export class Idle {
  #touchedAt: number;
  #toldAt = -Infinity;

  constructor(now: number) {
    this.#touchedAt = now;
  }

  /** A hand was on the desk; true when the core should hear of it. */
  touch(now: number): boolean {
    this.#touchedAt = now;
    if (now - this.#toldAt < TELL_EVERY_MS) return false;
    this.#toldAt = now;
    return true;
  }

  isOver(now: number, minutes: number): boolean {
    return now - this.#touchedAt >= minutes * 60_000;
  }
}
