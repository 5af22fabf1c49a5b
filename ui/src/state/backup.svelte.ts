// The last backup: when, where, another one, and whether it could be brought back.
import { call } from "../ipc/call";
import type { BackupView } from "../ipc/generated/commands";
import { vi } from "../text/vi";
import type { Problems } from "./problems.svelte";

export class Backup {
  state = $state.raw<BackupView | null>(null);
  folder = $state("");
  passphrase = $state("");
  /** What the desk is at, and what it has just done. */
  doing = $state<"making" | "trying" | null>(null);
  done = $state<"made" | "tried" | null>(null);

  constructor(readonly problems: Problems) {}

  get canMake(): boolean {
    return this.doing === null && this.folder.trim() !== "";
  }

  get canTry(): boolean {
    return this.doing === null && this.passphrase !== "" && (this.state?.last ?? null) !== null;
  }

  async load(): Promise<void> {
    this.done = null;
    this.state = (await this.problems.attempt(() => call("backup_state", null))) ?? this.state;
    this.folder ||= this.state?.last?.folder ?? "";
  }

  async choose(): Promise<void> {
    const chosen = await this.problems.attempt(() => call("choose_folder", { title: vi.backup.chooseTitle }));
    this.folder = chosen ?? this.folder;
  }

  async make(): Promise<void> {
    if (!this.canMake) return;
    await this.#do("making", "made", () => call("back_up", { folder: this.folder.trim() }));
  }

  /** The passphrase is forgotten at once. */
  async tryOut(): Promise<void> {
    if (!this.canTry) return;
    const passphrase = this.passphrase;
    this.passphrase = "";
    await this.#do("trying", "tried", () => call("try_backup", { passphrase }));
  }

  clear(): void {
    this.state = null;
    this.folder = "";
    this.passphrase = "";
    this.done = null;
  }

  async #do(doing: "making" | "trying", done: "made" | "tried", act: () => Promise<BackupView>): Promise<void> {
    this.doing = doing;
    this.done = null;
    const state = await this.problems.attempt(act);
    this.doing = null;
    if (!state) return;
    this.state = state;
    this.done = done;
  }
}
