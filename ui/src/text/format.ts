// How values are written on the screen.
const clock = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh",
  hour: "2-digit",
  minute: "2-digit",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
});

/** An instant, in the one zone Vietnam has. */
export function instant(rfc3339: string): string {
  const parts = Object.fromEntries(clock.formatToParts(new Date(rfc3339)).map((part) => [part.type, part.value]));
  return `${parts.day}/${parts.month}/${parts.year} ${parts.hour}:${parts.minute}`;
}

/** A legal date from its normal form, `2026-04-29` to `29/04/2026`, `2026-04` to `04/2026`; anything else stays. */
export function date(normal: string): string {
  const parts = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(normal)?.slice(1);
  return parts ? parts.filter(Boolean).reverse().join("/") : normal;
}

/** Letters of a normal day, told by their place in how it is written; others stay. */
export function dateLetters(normal: string, letters: Letters[]): Letters[] {
  const text = date(normal);
  if (text === normal) return letters;
  // The parts change places: each letter goes where its part went.
  const parts = normal.split("-");
  const marked = new Set<number>();
  let from = 0;
  let behind = text.length;
  for (const part of parts) {
    behind -= part.length;
    for (let at = 0; at < part.length; at += 1) {
      if (letters.some((range) => range.from <= from + at && from + at < range.to)) marked.add(behind + at);
    }
    from += part.length + 1;
    behind -= 1;
  }
  return [...marked].sort((one, other) => one - other).map((at) => ({ from: at, to: at + 1 }));
}

/** The doubtful letters of a value as it is written; none where a word stands for it. */
export function writtenLetters(field: Written, normal: string, letters: Letters[]): Letters[] {
  const text = written(field, normal);
  if (text === normal) return letters;
  return text === date(normal) ? dateLetters(normal, letters) : [];
}

interface Letters {
  from: number;
  to: number;
}

interface Written {
  value_type: string;
  /** How the form writes normal forms that are no words of the paper. */
  shown: { value: string; shown: string }[];
}

/** A field's value as people write it. */
export function written(field: Written, normal: string): string {
  const word = field.shown.find((word) => word.value === normal);
  if (word) return word.shown;
  const isDate = ["date", "partial_date", "validity"].includes(field.value_type);
  return isDate ? date(normal) : normal;
}

export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  let rest = count;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && rest < 10 ? 1 : 0;
  return `${rest.toFixed(digits).replace(".", ",")} ${units[unit]}`;
}

/** Minutes and seconds since an instant; hours once there are any. */
export function since(rfc3339: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(rfc3339)) / 1000));
  const two = (part: number) => String(part).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Letters without accents, for looking things up as people type them. */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase();
}

/** The key of a scan profile by its place in the list: F2 to F12. */
export function profileKey(index: number): string {
  return `F${index + 2}`;
}
