import { describe, expect, it } from "vitest";
import { bytes, date, dateLetters, folded, instant, since } from "./format";

it("dates are written day first, as far as they are known", () => {
  expect(date("2026-04-29")).toBe("29/04/2026");
  expect(date("2026-04")).toBe("04/2026");
  expect(date("2026")).toBe("2026");
  expect(date("khác")).toBe("khác");
});

it("instants are shown in Vietnamese time wherever the computer stands", () => {
  expect(instant("2026-11-20T18:30:00Z")).toBe("21/11/2026 01:30");
});

it("sizes have a decimal comma", () => {
  expect(bytes(999)).toBe("999 B");
  expect(bytes(1_540_000)).toBe("1,5 MB");
  expect(bytes(214_000_000_000)).toBe("214 GB");
});

it("the time of a citizen runs in minutes, then hours", () => {
  const start = "2026-11-21T02:00:00Z";
  expect(since(start, Date.parse(start) + 372_000)).toBe("06:12");
  expect(since(start, Date.parse(start) + 3_723_000)).toBe("1:02:03");
  expect(since(start, Date.parse(start) - 5_000)).toBe("00:00");
});

it("words are found without accents", () => {
  expect(folded("Đăng ký khai sinh")).toBe("dang ky khai sinh");
});

describe("doubtful letters of a day", () => {
  it.each([
    ["2026-04-29", [9], [1]],
    ["2026-04-29", [5, 6], [3, 4]],
    ["2026-04-29", [0, 3], [6, 9]],
    ["2026-04", [6, 0], [1, 3]],
    ["2026", [3], [3]],
  ] as const)("of %s stand where the day is written", (normal, from, to) => {
    const letters = from.map((at) => ({ from: at, to: at + 1 }));
    expect(dateLetters(normal, letters).map((range) => range.from)).toEqual(to);
  });
});
