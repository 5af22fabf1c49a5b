import { expect, it } from "vitest";
import css from "./tokens.css?raw";

/** What is written on what, in both themes. */
const PAIRS = [
  ["ink", "ground"],
  ["ink", "panel"],
  ["ink", "accent-soft"],
  ["ink", "doubt-soft"],
  ["ink", "bad-soft"],
  ["soft", "ground"],
  ["soft", "panel"],
  ["soft", "well"],
  ["soft", "doubt-soft"],
  ["soft", "accent-soft"],
  ["soft", "bad-soft"],
  ["accent", "panel"],
  ["accent", "accent-soft"],
  ["on-accent", "accent"],
  ["sure", "panel"],
  ["sure", "ground"],
  ["doubt", "panel"],
  ["doubt", "ground"],
  ["doubt", "doubt-soft"],
  ["bad", "panel"],
  ["bad", "bad-soft"],
] as const;

function tokens(selector: string): Map<string, string> {
  const block = css.split(`${selector} {`)[1]?.split("}")[0] ?? "";
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]+);/g)].map(([, name, colour]) => [name ?? "", colour ?? ""]));
}

function luminance(colour: string): number {
  const full = colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour;
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

it.each([":root", ':root[data-theme="dark"]'])("everything written in %s can be read", (theme) => {
  const colours = tokens(theme);
  for (const [ink, paper] of PAIRS) {
    const [light, dark] = [luminance(colours.get(ink) ?? ""), luminance(colours.get(paper) ?? "")].sort((a, b) => b - a);
    const contrast = ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
    expect(contrast, `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
  }
});
