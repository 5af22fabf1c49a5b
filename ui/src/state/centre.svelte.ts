// What waits for the centre, what it has, and how it was last spoken to.
import { call } from "../ipc/call";
import type { CentreView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

export class Centre {
  view = $state.raw<CentreView | null>(null);
  ticket = $state("");
  busy = $state(false);

  constructor(readonly problems: Problems) {}

  /** Nobody waits to see that nothing has changed: a failure leaves what is shown. */
  async load(): Promise<void> {
    const view = await call("centre_state", null).catch(() => undefined);
    if (view) this.view = view;
  }

  async send(): Promise<void> {
    await this.#ask(() => call("send_now", null));
  }

  async tryAgain(): Promise<void> {
    await this.#ask(() => call("try_parked_again", null));
  }

  async enrol(): Promise<void> {
    const ticket = this.ticket.trim();
    if (ticket === "") return;
    if (await this.#ask(() => call("enrol_desk", { ticket }))) this.ticket = "";
    else await this.load();
  }

  async #ask(ask: () => Promise<CentreView>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const view = await this.problems.attempt(ask);
    this.busy = false;
    if (view) this.view = view;
    return view !== undefined;
  }
}
