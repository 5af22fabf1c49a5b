import { expect, it } from "vitest";
import { Picking } from "./picking.svelte";

const WORDS = ["Số:", "115/NQ-CP", "ngày"].map((text, at) => ({ text, x: at * 100, y: 50, width: 80, height: 20 }));
const on = (word: number) => ({ x: word * 100 + 40, y: 60 });

it("a click picks one word and no other", () => {
  const picking = new Picking(() => WORDS);
  expect(picking.begin(on(1))).toBe(true);
  expect(picking.drawn).toBe(false);
  expect(picking.end()).toBe("115/NQ-CP");
  expect(picking.going).toBe(false);
});

it("words drawn over in either direction come in reading order", () => {
  for (const [from, to] of [
    [0, 2],
    [2, 0],
  ] as const) {
    const picking = new Picking(() => WORDS);
    picking.begin(on(from));
    picking.goOn({ x: 90, y: 60 });
    expect(picking.drawn, "between two words nothing is drawn over yet").toBe(false);
    picking.goOn(on(to));
    expect(picking.drawn).toBe(true);
    expect(picking.end()).toBe("Số: 115/NQ-CP ngày");
  }
});

it("where there is no word, nothing is picked", () => {
  const picking = new Picking(() => WORDS);
  expect(picking.begin({ x: 40, y: 500 })).toBe(false);
  expect(picking.begin(null)).toBe(false);
  picking.goOn(on(1));
  expect(picking.end()).toBe("");
});
