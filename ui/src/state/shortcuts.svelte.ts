// The keys valid now. Each screen brings one table; the newest table is asked first.

export interface Shortcut {
  /** As written on the screen: `Ctrl+Enter`, `Alt+1`, `F2`, `?`. Any of them will do. */
  keys: string[];
  label: string;
  run: () => void;
  /** Whether it does something at this moment. */
  when?: () => boolean;
  /** Shown at the foot of the window while it does something. */
  main?: boolean;
}

const NAMES: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  PageUp: "PgUp",
  PageDown: "PgDn",
  Delete: "Delete",
  " ": "Space",
  "−": "-",
  "=": "+",
};

/** The name of a key press as the tables write it. */
export function keyName(event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">): string {
  const held = [event.ctrlKey || event.metaKey ? "Ctrl+" : "", event.altKey ? "Alt+" : ""].join("");
  // With Ctrl or Alt the place of the key counts, not what an input method makes of it.
  const place = held ? /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1] : undefined;
  const key = place ?? NAMES[event.key] ?? (event.key.length === 1 ? event.key.toUpperCase() : event.key);
  const shifted = event.shiftKey && (key.length > 1 || /[A-Z0-9←→↑↓]/.test(key)) && key !== "?";
  return `${held}${shifted ? "Shift+" : ""}${key}`;
}

/** Whether the key would write a letter where the person is typing. */
function writes(name: string): boolean {
  return name === "Space" || ([...name].length === 1 && !"←→↑↓".includes(name));
}

export class Shortcuts {
  #tables = $state.raw<Shortcut[][]>([]);

  /** The tables, newest first. */
  get tables(): Shortcut[][] {
    return this.#tables.toReversed();
  }

  /** Brings a table in; what it returns takes it out again. */
  add(table: Shortcut[]): () => void {
    this.#tables = [...this.#tables, table];
    return () => {
      this.#tables = this.#tables.filter((other) => other !== table);
    };
  }

  /** Runs what the key means now; false when it means nothing. */
  press(name: string, typing: boolean): boolean {
    if (typing && writes(name)) return false;
    for (const table of this.tables) {
      const found = table.find((shortcut) => shortcut.keys.includes(name) && (shortcut.when?.() ?? true));
      if (found) {
        found.run();
        return true;
      }
    }
    return false;
  }
}
