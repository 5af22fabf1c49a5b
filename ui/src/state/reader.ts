// A USB reader of QR codes types like a keyboard. It is told from a person by its
// speed: nobody presses eight keys with less than a thirtieth of a second between them.

/** Longer between two keys, and it is a person, or another burst. */
const GAP_MS = 80;
/** A person's quickest bursts are at some 70 ms a key; readers take 1 to 30. */
const MEAN_MS = 35;
/** Two keys that roll over each other are quick by chance; eight are not. */
const KEYS = 8;
/** A reader without Enter at the end has finished when nothing came for so long. */
const SILENCE_MS = 150;
/** Without Enter at the end a burst is a code only when it looks like a card's. */
const BARS = 4;

interface Key {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  /** The key is being held. */
  repeat: boolean;
}

export interface Code {
  /** The keys as they were pressed. */
  keys: string;
  count: number;
}

/** Watches the keys; `press` says when one of them ended a code. */
export class ReaderWatch {
  #keys = "";
  #count = 0;
  #beganAt = 0;
  #lastAt = 0;

  /** Whether this key would be the first of a burst. */
  begins(atMs: number): boolean {
    return this.#count === 0 || atMs - this.#lastAt > GAP_MS;
  }

  /** Whether the keys so far came as only a reader types them. */
  get fast(): boolean {
    return this.#count >= KEYS && (this.#lastAt - this.#beganAt) / (this.#count - 1) < MEAN_MS;
  }

  /** Takes a key; a code when this key ended one. */
  press(event: Key, atMs: number): Code | null {
    if (this.begins(atMs)) this.reset(atMs);
    const ends = event.key === "Enter" || event.key === "Tab";
    if (ends) {
      this.#lastAt = atMs;
      // Tab ends what a person typed too, so it ends a code only when it looks like one.
      // Words with spaces are a search or a name that another program typed for a person.
      const foreign = event.key === "Enter" && !this.#keys.includes(" ");
      const code = this.fast && (foreign || this.#looksLikeCard) ? this.#code() : null;
      this.reset(atMs);
      return code;
    }
    if (["Shift", "AltGraph", "CapsLock"].includes(event.key)) return null;
    // A key that is held repeats as quickly as a reader types.
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) {
      this.reset(atMs);
      return null;
    }
    // An input method takes letters back and puts others there: a key like any other.
    if ([...event.key].length === 1) this.#keys += event.key;
    this.#count += 1;
    this.#lastAt = atMs;
    return null;
  }

  /** Asked when nothing has come for a while: the code of a reader without Enter. */
  pause(atMs: number): Code | null {
    const silent = this.#count > 0 && atMs - this.#lastAt >= SILENCE_MS;
    const code = silent && this.fast && this.#looksLikeCard ? this.#code() : null;
    if (silent) this.reset(atMs);
    return code;
  }

  get silenceMs(): number {
    return SILENCE_MS;
  }

  get #looksLikeCard(): boolean {
    return this.#keys.split("|").length > BARS;
  }

  #code(): Code {
    return { keys: this.#keys, count: this.#count };
  }

  reset(atMs: number): void {
    this.#keys = "";
    this.#count = 0;
    this.#beganAt = atMs;
    this.#lastAt = atMs;
  }
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** The control in hand when a burst began, to tell what was put into it and to take that out again. */
export class Landing {
  readonly #field: Field | null;
  readonly #before: string;
  readonly #start: number;
  readonly #end: number;

  constructor(target: EventTarget | null) {
    const field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : null;
    const takesText = field && !["checkbox", "radio", "button"].includes(field.type);
    this.#field = takesText ? field : null;
    this.#before = this.#field?.value ?? "";
    this.#start = this.#field?.selectionStart ?? this.#before.length;
    this.#end = this.#field?.selectionEnd ?? this.#before.length;
  }

  get takesText(): boolean {
    return this.#field !== null;
  }

  /** What the input method made of the keys; `null` where nothing takes text. */
  get landed(): string | null {
    if (!this.#field) return null;
    const after = this.#before.length - this.#end;
    return this.#field.value.slice(this.#start, this.#field.value.length - after);
  }

  restore(): void {
    const field = this.#field;
    if (!field) return;
    field.value = this.#before;
    field.setSelectionRange(this.#start, this.#end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
