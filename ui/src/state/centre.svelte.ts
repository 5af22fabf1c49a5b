// What waits for the centre, what it has, and how it was last spoken to.
import { call } from "../ipc/call";
import type { CentreView } from "../ipc/generated/commands";
import { vi } from "../text/vi";
import type { Problems } from "./problems.svelte";

export class Centre {
  view = $state.raw<CentreView | null>(null);
  ticket = $state("");
  busy = $state(false);
  /** Where a bundle is carried: a memory stick, mostly. */
  folder = $state("");
  /** What was just carried, as a sentence. */
  carried = $state("");

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

  async choose(): Promise<void> {
    const chosen = await this.problems.attempt(() => call("choose_folder", { title: vi.centre.carry.chooseTitle }));
    this.folder = chosen ?? this.folder;
  }

  get canCarry(): boolean {
    return !this.busy && this.folder.trim() !== "";
  }

  async writeBundle(): Promise<void> {
    await this.#carry(async (folder) => {
      const bundle = await call("write_bundle", { folder });
      this.carried = vi.centre.carry.written(bundle.file, bundle.records, bundle.left);
      return bundle.centre;
    });
  }

  async takeAnswer(): Promise<void> {
    await this.#carry(async (folder) => {
      const answer = await call("take_answer", { folder });
      this.carried = vi.centre.carry.taken(answer.delivered);
      return answer.centre;
    });
  }

  async #carry(carry: (folder: string) => Promise<CentreView>): Promise<void> {
    if (!this.canCarry) return;
    this.carried = "";
    await this.#ask(() => carry(this.folder.trim()));
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
