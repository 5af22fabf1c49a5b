import { describe, expect, it } from "vitest";
import {
  type Area,
  type Sight,
  areaBetween,
  closeUp,
  fitScale,
  fitWhole,
  fitWidth,
  pictureWidth,
  placeOf,
  settled,
  sightOf,
  turnedArea,
  zoomed,
} from "./sight";

const A4 = { width: 1654, height: 2339 };
const WELL = { width: 694, height: 690 };
const NUMBER: Area = { x: 400, y: 300, width: 220, height: 36 };

/** Where an area of the page lies in the well. */
function onScreen(area: Area, { x, y, scale }: Sight): Area {
  return { x: x + area.x * scale, y: y + area.y * scale, width: area.width * scale, height: area.height * scale };
}

function isInside(area: Area): boolean {
  return (
    area.x >= 0 && area.y >= 0 && area.x + area.width <= WELL.width + 0.01 && area.y + area.height <= WELL.height + 0.01
  );
}

function check(value: Area, words: Area[] = []): { sight: Sight; letters: number; value: Area; labelled: Area } {
  const place = placeOf(value, words);
  const sight = sightOf(place, A4, WELL);
  expect(sight.scale, "never smaller than the width of the sheet").toBeGreaterThanOrEqual(fitScale(A4, WELL));
  return {
    sight,
    letters: place.line * sight.scale,
    value: onScreen(value, sight),
    labelled: onScreen(place.labelled, sight),
  };
}

describe("a value in hand", () => {
  it.each([
    ["in the middle", NUMBER],
    ["at the top left", { x: 0, y: 0, width: 200, height: 30 }],
    ["at the bottom right", { x: 1400, y: 2290, width: 240, height: 34 }],
    ["a single digit", { x: 900, y: 1200, width: 18, height: 30 }],
  ])("is legible and wholly in sight: %s", (_, area) => {
    const seen = check(area);
    expect(isInside(seen.value)).toBe(true);
    expect(seen.letters).toBeGreaterThanOrEqual(28);
    expect(seen.letters).toBeLessThanOrEqual(36);
  });

  it("that is as wide as the page is shown in the width of the page", () => {
    const seen = check({ x: 100, y: 500, width: 1450, height: 40 });
    expect(isInside(seen.value)).toBe(true);
    expect(seen.sight.scale).toBeLessThan(0.5);
  });

  it("of several lines is measured by its words, not by its box", () => {
    const words = [0, 1, 2].flatMap((row) =>
      [0, 1, 2].map((at) => ({ x: 400 + at * 120, y: 600 + row * 44, width: 110, height: 34 })),
    );
    const seen = check({ x: 400, y: 600, width: 350, height: 122 }, words);
    expect(seen.letters).toBeGreaterThanOrEqual(28);
    expect(isInside(seen.value)).toBe(true);
  });

  it("has its label beside it", () => {
    const words = [{ x: 340, y: 302, width: 50, height: 32 }, { ...NUMBER }];
    const seen = check(NUMBER, words);
    expect(seen.labelled.width).toBeGreaterThan(seen.value.width);
    expect(isInside(seen.labelled)).toBe(true);
  });

  it("has no label across the gap between two columns", () => {
    const place = placeOf(NUMBER, [{ x: 100, y: 302, width: 120, height: 32 }]);
    expect(place.labelled).toEqual(NUMBER);
  });

  it("is wholly in sight even where its label is too long to be", () => {
    const label = Array.from({ length: 7 }, (_, at) => ({ x: 10 + at * 100, y: 902, width: 90, height: 20 }));
    const seen = check({ x: 710, y: 900, width: 380, height: 24 }, label);
    expect(isInside(seen.value)).toBe(true);
    expect(isInside(seen.labelled)).toBe(false);
    expect(seen.letters).toBeGreaterThanOrEqual(28);
  });
});

describe("the sheet in the well", () => {
  it("fits by its width from its top, or as a whole", () => {
    const width = fitWidth(A4, WELL);
    expect(onScreen({ x: 0, y: 0, ...A4 }, width)).toMatchObject({ x: 14, y: 14, width: 666 });
    const whole = onScreen({ x: 0, y: 0, ...A4 }, fitWhole(A4, WELL));
    expect(isInside(whole)).toBe(true);
  });

  it("fits by its width where the value in hand is", () => {
    const low = { x: 100, y: 2200, width: 300, height: 40 };
    expect(isInside(onScreen(low, fitWidth(A4, WELL, placeOf(low, []))))).toBe(true);
    expect(isInside(onScreen(low, fitWidth(A4, WELL)))).toBe(false);
  });

  it.each([1.25, 0.8, 1.15, 100, 0.001])("keeps the point under the pointer when it grows by %d", (by) => {
    const sight = { x: -200, y: -300, scale: 0.8 };
    const at = { x: 300, y: 250 };
    const next = zoomed(sight, by, at, A4, WELL);
    expect(next.scale).toBeLessThanOrEqual(4);
    expect(next.scale).toBeGreaterThan(0.1);
    if (by > 1) {
      expect((at.x - next.x) / next.scale).toBeCloseTo((at.x - sight.x) / sight.scale, 5);
      expect((at.y - next.y) / next.scale).toBeCloseTo((at.y - sight.y) / sight.scale, 5);
    }
  });

  it("is never dragged out of the well", () => {
    for (const x of [-1e5, 0, 1e5]) {
      const { x: left, y: top, scale } = settled({ x, y: x, scale: 1 }, A4, WELL);
      expect(left).toBeLessThanOrEqual(14);
      expect(left + A4.width * scale).toBeGreaterThanOrEqual(WELL.width - 14);
      expect(top).toBeLessThanOrEqual(14);
      expect(top + A4.height * scale).toBeGreaterThanOrEqual(WELL.height - 14);
    }
  });

  it("shows the same value when it is turned", () => {
    const sheet = { x: 0, y: 0, ...A4 };
    expect(turnedArea(NUMBER, A4, 0)).toEqual(NUMBER);
    for (const turned of [90, 180, 270]) {
      const once = turnedArea(NUMBER, A4, turned);
      const lying = turnedArea(sheet, A4, turned);
      expect(turnedArea(once, lying, 360 - turned), "turned back").toEqual(NUMBER);
      expect(once.x + once.width).toBeLessThanOrEqual(lying.width);
      expect(once.y + once.height).toBeLessThanOrEqual(lying.height);
    }
    expect(turnedArea({ x: 0, y: 0, width: 10, height: 20 }, A4, 90), "top left goes to top right").toEqual({
      x: A4.height - 20,
      y: 0,
      width: 20,
      height: 10,
    });
  });
});

describe("the picture of a page", () => {
  it.each([
    [0.4, 1654, 1, 1600],
    [1.2, 1654, 1, 1600],
    [0.9, 2480, 1, 2400],
    [1.2, 2480, 1, 2480],
    [0.4, 4960, 1, 2400],
    [3, 4960, 1, 3200],
    [0.9, 1240, 2, 1600],
  ])("at scale %d of %d px and ratio %d is asked for %d wide", (scale, width, ratio, asked) => {
    expect(pictureWidth(scale, width, ratio)).toBe(asked);
  });
});

describe("a close-up", () => {
  const FRAME = { width: 394, height: 78 };
  it.each([
    ["in the middle", NUMBER],
    ["at the top left", { x: 0, y: 0, width: 200, height: 30 }],
    ["at the bottom right", { x: 1400, y: 2300, width: 254, height: 39 }],
    ["of several lines", { x: 200, y: 700, width: 1200, height: 150 }],
  ])("shows the whole place and asks for nothing beyond the page: %s", (_, outline) => {
    const { area, x, y, scale } = closeUp(outline, A4, FRAME);
    expect(area.x).toBeGreaterThanOrEqual(0);
    expect(area.y).toBeGreaterThanOrEqual(0);
    expect(area.x + area.width).toBeLessThanOrEqual(A4.width);
    expect(area.y + area.height).toBeLessThanOrEqual(A4.height);
    expect([area.x, area.y, area.width, area.height].every(Number.isInteger), "whole pixels").toBe(true);
    const left = x + (outline.x - area.x) * scale;
    const top = y + (outline.y - area.y) * scale;
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(-0.01);
    expect(left + outline.width * scale).toBeLessThanOrEqual(FRAME.width + 0.01);
    expect(top + outline.height * scale).toBeLessThanOrEqual(FRAME.height + 0.01);
  });
});

describe("an area that is drawn", () => {
  const check = (one: [number, number], other: [number, number]) =>
    areaBetween({ x: one[0], y: one[1] }, { x: other[0], y: other[1] }, A4);

  it("is the same from whichever corner it was begun", () => {
    const area = { x: 100, y: 50, width: 300, height: 20 };
    expect(check([100.2, 50.4], [400.1, 69.8])).toEqual(area);
    expect(check([400.1, 69.8], [100.2, 50.4])).toEqual(area);
    expect(check([400.1, 50.4], [100.2, 69.8])).toEqual(area);
  });

  it("ends where the page does", () => {
    expect(check([-40, -3], [9000, 9000])).toEqual({ x: 0, y: 0, ...A4 });
  });
});
