import { describe, expect, it } from "vitest";
import { Idle } from "./idle";

const MINUTE_MS = 60_000;

describe("a desk that is left alone", () => {
  it("is over after its minutes, counted from the last hand", () => {
    const idle = new Idle(0);
    expect(idle.isOver(5 * MINUTE_MS - 1, 5)).toBe(false);
    expect(idle.isOver(5 * MINUTE_MS, 5)).toBe(true);
    idle.touch(5 * MINUTE_MS);
    expect(idle.isOver(9 * MINUTE_MS, 5)).toBe(false);
    expect(idle.isOver(10 * MINUTE_MS, 5)).toBe(true);
    expect(idle.isOver(10 * MINUTE_MS, 15)).toBe(false);
  });

  it("tells the core of a hand, but not of every key", () => {
    const idle = new Idle(0);
    expect([1, 2, 14_000, 15_001, 15_002].map((now) => idle.touch(now))).toEqual([true, false, false, true, false]);
  });
});
