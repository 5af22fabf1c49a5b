// What the work costs: keys and clicks from one deposit to the next. Whatever else
// is known of the person pressing them is nobody's business and is not kept.

const HELD = ["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"];

export class Effort {
  keys = 0;
  clicks = 0;

  /** One press is one key, however long it is held, and with whatever is held beside it. */
  key(event: Pick<KeyboardEvent, "key" | "repeat">): void {
    if (!event.repeat && !HELD.includes(event.key)) this.keys += 1;
  }

  click(): void {
    this.clicks += 1;
  }

  /** What a reader typed, no person did. */
  notByHand(keys: number): void {
    this.keys = Math.max(0, this.keys - keys);
  }

  /** Stored with a document: the next one starts from nothing. */
  stored(counted: { keys: number; clicks: number }): void {
    this.keys -= counted.keys;
    this.clicks -= counted.clicks;
  }
}
