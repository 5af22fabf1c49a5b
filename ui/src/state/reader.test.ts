import { describe, expect, it } from "vitest";
import { type Code, ReaderWatch } from "./reader";

const CARD = "001093047064||Tran Van Binh|05011993|Nam|So 1, Xa A|10012022";
const plain = { ctrlKey: false, altKey: false, metaKey: false, repeat: false };

/** Types a text with this pace; the code, when the end key ended one. */
function type(text: string, paceMs: number, end: string | null, watch = new ReaderWatch(), from = 1000): Code | null {
  let at = from;
  for (const key of text) {
    expect(watch.press({ ...plain, key }, at), "no code before its end").toBeNull();
    at += paceMs;
  }
  return end ? watch.press({ ...plain, key: end }, at) : watch.pause(at + watch.silenceMs);
}

describe("a reader is told from a person by its speed", () => {
  it.each([1, 5, 15, 30])("at %i ms a key it is a reader", (pace) => {
    expect(type(CARD, pace, "Enter")).toEqual({ keys: CARD, count: CARD.length });
    expect(type(CARD, pace, "Tab")?.keys).toBe(CARD);
  });

  it.each([45, 70, 120, 300])("at %i ms a key it is a person", (pace) => {
    expect(type(CARD, pace, "Enter")).toBeNull();
  });

  it("a few quick keys are a person's", () => {
    expect(type("binh", 10, "Enter")).toBeNull();
  });

  it("a person's Enter after a pasted or quick text ends no code", () => {
    const watch = new ReaderWatch();
    type("0100109106", 10, null, watch);
    expect(watch.press({ ...plain, key: "Enter" }, 5000)).toBeNull();
  });

  it("quick words with spaces are no code, whatever ends them", () => {
    expect(type("tro cap xa hoi", 2, "Enter")).toBeNull();
  });

  it("a key that is held is no code", () => {
    const watch = new ReaderWatch();
    for (let at = 0; at < 400; at += 20) watch.press({ ...plain, key: "a", repeat: at > 0 }, at);
    expect(watch.fast).toBe(false);
    expect(watch.press({ ...plain, key: "Enter" }, 410)).toBeNull();
  });

  it("Tab after a quick number ends no code", () => {
    expect(type("0100109106", 5, "Tab")).toBeNull();
  });

  it("letters that were typed slowly before do not belong to the code", () => {
    const watch = new ReaderWatch();
    watch.press({ ...plain, key: "x" }, 500);
    expect(type(CARD, 5, "Enter", watch)?.keys).toBe(CARD);
  });

  it("Shift, which a reader presses for capitals, is no key of the code", () => {
    const watch = new ReaderWatch();
    let at = 0;
    for (const key of ["A", "B", "C", "D", "E", "F", "G", "H"]) {
      watch.press({ ...plain, key: "Shift" }, (at += 3));
      watch.press({ ...plain, key }, (at += 3));
    }
    expect(watch.press({ ...plain, key: "Enter" }, at + 3)?.keys).toBe("ABCDEFGH");
  });
});

describe("a reader that sends no Enter", () => {
  it("has finished when nothing comes for a while", () => {
    expect(type(CARD, 5, null)?.keys).toBe(CARD);
  });

  it("is not taken for one where the text is no card's", () => {
    expect(type("ban sao giay khai sinh", 5, null)).toBeNull();
  });
});
