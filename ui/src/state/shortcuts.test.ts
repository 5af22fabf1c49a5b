import { describe, expect, it } from "vitest";
import { Shortcuts, keyName } from "./shortcuts.svelte";

function key(key: string, held: { ctrl?: boolean; alt?: boolean; shift?: boolean; code?: string } = {}): string {
  return keyName({
    key,
    code: held.code ?? "",
    ctrlKey: held.ctrl ?? false,
    altKey: held.alt ?? false,
    shiftKey: held.shift ?? false,
    metaKey: false,
  });
}

describe("the name of a key", () => {
  it("is what stands on the screen", () => {
    expect(key("Enter")).toBe("Enter");
    expect(key("Enter", { ctrl: true })).toBe("Ctrl+Enter");
    expect(key("Enter", { shift: true })).toBe("Shift+Enter");
    expect(key("F2")).toBe("F2");
    expect(key("r")).toBe("R");
    expect(key("R", { shift: true })).toBe("Shift+R");
    expect(key("?", { shift: true })).toBe("?");
    expect(key("ArrowLeft", { alt: true })).toBe("Alt+←");
    expect(key("=", { ctrl: true, code: "Equal" })).toBe("Ctrl++");
    expect(key("-", { ctrl: true, code: "Minus" })).toBe("Ctrl+-");
  });

  it("does not depend on what an input method makes of a letter", () => {
    expect(key("đ", { ctrl: true, code: "KeyK" })).toBe("Ctrl+K");
    expect(key("&", { alt: true, code: "Digit1" })).toBe("Alt+1");
  });
});

describe("a table of keys", () => {
  it("is asked before older ones, and only while it holds", () => {
    const done: string[] = [];
    const shortcuts = new Shortcuts();
    shortcuts.add([{ keys: ["Esc"], label: "", run: () => done.push("everywhere") }]);
    let asking = true;
    const remove = shortcuts.add([{ keys: ["Esc"], label: "", run: () => done.push("here"), when: () => asking }]);
    shortcuts.press("Esc", false);
    asking = false;
    shortcuts.press("Esc", false);
    asking = true;
    remove();
    shortcuts.press("Esc", false);
    expect(done).toEqual(["here", "everywhere", "everywhere"]);
    expect(shortcuts.press("F9", false)).toBe(false);
  });

  it("leaves letters to the person who is typing", () => {
    const done: string[] = [];
    const shortcuts = new Shortcuts();
    shortcuts.add([
      { keys: ["R", "Alt+R"], label: "", run: () => done.push("turn") },
      { keys: ["↓"], label: "", run: () => done.push("down") },
    ]);
    expect(shortcuts.press("R", true)).toBe(false);
    shortcuts.press("Alt+R", true);
    shortcuts.press("↓", true);
    expect(done).toEqual(["turn", "down"]);
  });
});
