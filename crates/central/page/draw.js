// Elements, dates and questions to the centre. Text is only ever set as text.
import { words } from "./words.js";

/** An element with what it has and what lies in it. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Vietnam has one time and no summer.
const days = { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" };
const day = new Intl.DateTimeFormat("vi-VN", days);
const hour = new Intl.DateTimeFormat("vi-VN", { timeStyle: "short", timeZone: "Asia/Ho_Chi_Minh" });

export const onDay = (text) => (text ? day.format(new Date(text)) : "");
export const at = (text) => (text ? `${day.format(new Date(text))} ${hour.format(new Date(text))}` : "");

/** A value as it is read: a day as day/month/year, everything else as it stands. */
export const shown = (value) =>
  /^\d{4}-\d{2}-\d{2}$/.test(value) ? value.split("-").reverse().join("/") : value;

/** Asks the centre. What it refuses is thrown as the sentence to be shown. */
export async function ask(path, { method = "GET", json, body, headers = {} } = {}) {
  let answer;
  try {
    answer = await fetch(`/kho/v1/${path}`, {
      method,
      credentials: "same-origin",
      headers: { "x-kho": "1", ...headers },
      body: json ? JSON.stringify(json) : body,
    });
  } catch {
    throw new Error(words.errors.offline);
  }
  if (answer.status === 204) return null;
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const error = new Error(words.errors[said.code] ?? words.errors.internal);
    error.code = said.code;
    throw error;
  }
  return said;
}

/** A field with its label. */
export const labelled = (text, input) => el("label", { class: "labelled" }, el("span", {}, text), input);

/** A table with these heads and rows. */
export const table = (heads, rows) =>
  el(
    "table",
    {},
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((cell) => el("td", {}, cell))))),
  );
