// The one problem that the window is showing, and the one place that catches them.
import { Problem } from "../ipc/call";
import type { ErrorCode } from "../ipc/generated/commands";

export class Problems {
  current = $state<ErrorCode | null>(null);

  /** Called when the core says that nobody is signed in. */
  onSignedOut: () => void = () => {};

  /** Runs an act; `undefined` when it was refused or failed, which is then shown. */
  async attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    this.current = null;
    try {
      return await act();
    } catch (refusal) {
      const code = refusal instanceof Problem ? refusal.code : "internal";
      this.current = code;
      if (code === "not_signed_in") this.onSignedOut();
      return undefined;
    }
  }

  clear(): void {
    this.current = null;
  }
}
