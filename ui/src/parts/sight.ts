// How a sheet is looked at: where it lies in the well, and how large. Pure, so that each
// rule can be tried without a window.
// Lengths on the sheet are pixels of the page; lengths in the well are pixels of the screen.

export interface Size {
  width: number;
  height: number;
}
export interface Area extends Size {
  x: number;
  y: number;
}
/** Where the corner of the sheet lies in the well, and screen pixels per page pixel. */
export interface Sight {
  x: number;
  y: number;
  scale: number;
}
/** A value on the paper: where it stands, with its label, and how high its letters are. */
export interface Place {
  value: Area;
  labelled: Area;
  line: number;
}

/** Free space around the sheet, and around a place that is looked at. */
const AIR = 14;
/** Letters of this height are judged without effort, also strokes of a pen; a little lower they still are. */
const LETTERS_PX = 32;
const LOW_LETTERS_PX = 28;
/** A place stands a little above the middle: what follows it is read next. */
const DOWN = 0.38;
const MOST = 4;
/** A close-up shows pixels of the paper, not of the screen. */
const CLOSE_UP_AT_MOST = 1.4;
/** A small sheet is not blown up to the width of a wide screen. */
const FIT_AT_MOST = 1.5;
/** How much smaller than the width of the well one may make the sheet. */
const LEAST = 1 / 3;
/** Words farther apart than this many letters' heights are no label of each other. */
const LABEL_GAP = 2;

const between = (least: number, value: number, most: number) => Math.max(least, Math.min(most, value));

export function fitScale(sheet: Size, well: Size): number {
  return Math.min((well.width - 2 * AIR) / Math.max(1, sheet.width), FIT_AT_MOST);
}

/** The width of the sheet, which is legible; with a place in hand, there. */
export function fitWidth(sheet: Size, well: Size, place?: Place): Sight {
  const scale = fitScale(sheet, well);
  return settled({ x: 0, y: place ? down(place.value, scale, well) : AIR, scale }, sheet, well);
}

/** All of the sheet. */
export function fitWhole(sheet: Size, well: Size): Sight {
  const scale = Math.min(fitScale(sheet, well), (well.height - 2 * AIR) / Math.max(1, sheet.height));
  return settled({ x: 0, y: AIR, scale }, sheet, well);
}

/** The sheet never leaves the well by more than the air around it. */
export function settled({ x, y, scale }: Sight, sheet: Size, well: Size): Sight {
  const width = sheet.width * scale;
  const height = sheet.height * scale;
  return {
    x: width + 2 * AIR <= well.width ? (well.width - width) / 2 : between(well.width - width - AIR, x, AIR),
    y: height + 2 * AIR <= well.height ? AIR : between(well.height - height - AIR, y, AIR),
    scale,
  };
}

/** Larger or smaller; the point of the paper under `at` stays there. */
export function zoomed(sight: Sight, by: number, at: { x: number; y: number }, sheet: Size, well: Size): Sight {
  const scale = between(fitScale(sheet, well) * LEAST, sight.scale * by, MOST);
  const grown = scale / sight.scale;
  return settled({ x: at.x - (at.x - sight.x) * grown, y: at.y - (at.y - sight.y) * grown, scale }, sheet, well);
}

/** So that the value can be judged: all of it in sight, its label too where there is room for both. */
export function sightOf(place: Place, sheet: Size, well: Size): Sight {
  const roomy = (area: Area) => Math.min((well.width - 2 * AIR) / area.width, (well.height - 2 * AIR) / area.height);
  const withLabel = roomy(place.labelled) >= LOW_LETTERS_PX / place.line;
  const area = withLabel ? place.labelled : place.value;
  const fit = fitScale(sheet, well);
  const scale = between(fit, LETTERS_PX / place.line, Math.max(fit, Math.min(MOST, roomy(area))));
  // Where the label has to stay out, as much of it as there is room for.
  const x = withLabel
    ? well.width / 2 - (area.x + area.width / 2) * scale
    : well.width - AIR - (area.x + area.width) * scale;
  return settled({ x, y: down(area, scale, well), scale }, sheet, well);
}

function down(area: Area, scale: number, well: Size): number {
  const height = area.height * scale;
  const top = between(AIR, well.height * DOWN - height / 2, Math.max(AIR, well.height - AIR - height));
  return top - area.y * scale;
}

/** What the words around a value tell of it: how high its letters are, and where its label stands. */
export function placeOf(value: Area, words: Area[]): Place {
  const middle = (word: Area) => word.y + word.height / 2;
  const heights = words
    .filter((word) => word.x < value.x + value.width && word.x + word.width > value.x)
    .filter((word) => middle(word) > value.y && middle(word) < value.y + value.height)
    .map((word) => word.height)
    .sort((one, other) => one - other);
  const line = Math.max(1, Math.min(heights[heights.length >> 1] ?? value.height, value.height));
  let left = value.x;
  const before = words
    .filter((word) => middle(word) > value.y && middle(word) < value.y + line)
    .filter((word) => word.x + word.width / 2 < value.x)
    .sort((one, other) => other.x - one.x);
  for (const word of before) {
    if (left - (word.x + word.width) > LABEL_GAP * line) break;
    left = Math.min(left, word.x);
  }
  return { value, labelled: { ...value, x: left, width: value.x + value.width - left }, line };
}

/** An area of the sheet as it lies when the sheet is turned clockwise by quarters. */
export function turnedArea(area: Area, sheet: Size, turnedDeg: number): Area {
  const right = sheet.width - area.x - area.width;
  const below = sheet.height - area.y - area.height;
  const across = { width: area.height, height: area.width };
  switch (turnedDeg) {
    case 90:
      return { x: below, y: area.x, ...across };
    case 180:
      return { ...area, x: right, y: below };
    case 270:
      return { x: area.y, y: right, ...across };
    default:
      return area;
  }
}

/** The area between two corners that were drawn, in whole pixels of the sheet. */
export function areaBetween(one: { x: number; y: number }, other: { x: number; y: number }, sheet: Size): Area {
  const inside = (value: number, most: number) => Math.round(between(0, value, most));
  const x = inside(Math.min(one.x, other.x), sheet.width);
  const y = inside(Math.min(one.y, other.y), sheet.height);
  return {
    x,
    y,
    width: inside(Math.max(one.x, other.x), sheet.width) - x,
    height: inside(Math.max(one.y, other.y), sheet.height) - y,
  };
}

/** What a close-up shows around a place: a piece of the page, and where it lies in its frame. */
export function closeUp(outline: Area, page: Size, frame: Size): { area: Area } & Sight {
  // Some paper around the writing, so that strokes at the edge can be judged.
  const margin = Math.max(8, Math.round(outline.height * 0.35));
  const roomy = Math.min(frame.width / (outline.width + 2 * margin), frame.height / (outline.height + 2 * margin));
  const scale = Math.min(roomy, CLOSE_UP_AT_MOST);
  const left = outline.x - margin;
  const top = outline.y + outline.height / 2 - frame.height / scale / 2;
  const x = Math.floor(Math.max(0, left));
  const y = Math.floor(Math.max(0, top));
  const width = Math.min(page.width, Math.ceil(left + frame.width / scale)) - x;
  const height = Math.min(page.height, Math.ceil(top + frame.height / scale)) - y;
  return { area: { x, y, width, height }, x: (x - left) * scale, y: (y - top) * scale, scale };
}

/** Widths in which pictures of a page are asked for: few, so that they are found again. */
export const PICTURE_PX = 1600;
const FINER_PX = [2400, 3200];

/** The picture that is sharp at this scale; never wider than the page was scanned. */
export function pictureWidth(scale: number, pageWidth: number, pixelRatio: number): number {
  const needed = scale * pageWidth * pixelRatio;
  const last = FINER_PX[FINER_PX.length - 1] ?? PICTURE_PX;
  const enough = needed <= PICTURE_PX * 1.1 ? PICTURE_PX : (FINER_PX.find((width) => width >= needed) ?? last);
  const finest = Math.min(enough, pageWidth);
  // A few pixels more are not worth another picture.
  return finest < PICTURE_PX * 1.1 ? PICTURE_PX : finest;
}
