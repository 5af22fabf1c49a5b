import { describe, expect, it } from "vitest";
import { Effort } from "./effort";

describe("effort", () => {
  it("counts a press once, however long it is held, and no key that only goes with others", () => {
    const effort = new Effort();
    for (const [key, repeat] of [["Enter", false], ["Enter", true], ["Control", false], ["z", false]] as const) {
      effort.key({ key, repeat });
    }
    effort.click();
    expect([effort.keys, effort.clicks]).toEqual([2, 1]);
  });

  it("starts anew after a deposit, and keeps what came while it was being stored", () => {
    const effort = new Effort();
    effort.key({ key: "a", repeat: false });
    const counted = { keys: effort.keys, clicks: effort.clicks };
    effort.key({ key: "b", repeat: false });
    effort.stored(counted);
    expect(effort.keys).toBe(1);
  });

  it("leaves out what a reader typed", () => {
    const effort = new Effort();
    effort.key({ key: "1", repeat: false });
    effort.notByHand(1);
    expect(effort.keys).toBe(0);
  });
});
