// The only door to the core, and the only file that knows Tauri. A test swaps `call`.
import { Channel, convertFileSrc, invoke } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Commands, ErrorCode, PageView } from "./generated/commands";

/** What a refused or failed command says: a code, never a person's data. */
export class Problem extends Error {
  constructor(readonly code: ErrorCode) {
    super(code);
  }
}

export async function call<C extends keyof Commands>(
  command: C,
  request: Commands[C]["request"],
  each?: (progress: Commands[C]["progress"]) => void,
): Promise<Commands[C]["answer"]> {
  const envelope: Record<string, unknown> = request === null ? {} : { request };
  if (each) envelope.progress = new Channel<Commands[C]["progress"]>(each);
  try {
    return await invoke<Commands[C]["answer"]>(command, envelope);
  } catch (refusal) {
    const code = (refusal as { code?: ErrorCode } | null)?.code;
    throw new Problem(code ?? "internal");
  }
}

/** Where the pixels of a page come from. `look` keeps a stale picture from being shown. */
export function pageUrl(page: PageView, widthPx: number): string {
  return `${convertFileSrc(page.id, "page")}?w=${widthPx}&look=${encodeURIComponent(page.look)}`;
}

/** Where the picture of a camera at this moment comes from. */
export function liveUrl(number: number): string {
  return `${convertFileSrc("live", "page")}?n=${number}`;
}

/** A page as the paper and its close-ups show it. */
export function paperPage(page: PageView) {
  return {
    id: page.id,
    name: `${page.id}/${page.look}`,
    width: page.width_px,
    height: page.height_px,
    src: (widthPx: number) => pageUrl(page, widthPx),
    piece: ({ x, y, width, height }: { x: number; y: number; width: number; height: number }, widthPx: number) =>
      `${pageUrl(page, widthPx)}&crop=${x},${y},${width},${height}`,
  };
}

/** Files dropped on the window come as paths; returns how to stop listening. */
export async function onFilesDropped(take: (paths: string[]) => void): Promise<() => void> {
  return getCurrentWebview().onDragDropEvent((event) => {
    if (event.payload.type === "drop") take(event.payload.paths);
  });
}
