// A document camera that is being watched.
import { call } from "../ipc/call";
import type { LiveView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

export class Camera {
  /** What it sees now; `null` while it is being opened, or not watched. */
  live = $state.raw<LiveView | null>(null);
  /** Its panel is open. */
  watching = $state(false);
  /** A page is taken by itself once a paper lies still. */
  byStillness = $state(true);

  constructor(readonly problems: Problems) {}

  /** Keeps the panel open while it is watched. */
  async watch<T>(watched: () => Promise<T>): Promise<T> {
    this.watching = true;
    this.live = null;
    try {
      return await watched();
    } finally {
      this.watching = false;
      this.live = null;
    }
  }

  /** Takes what lies under it now. */
  async press(): Promise<void> {
    if (this.live) await this.problems.attempt(() => call("press_shutter", null));
  }

  async setByStillness(by_stillness: boolean): Promise<void> {
    this.byStillness = by_stillness;
    if (this.watching) await this.problems.attempt(() => call("set_stillness", { by_stillness }));
  }
}
