// Who sits here, and what the foot of the window says.
import { call } from "../ipc/call";
import type { DeskStateView, StatusView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

export class Session {
  desk = $state<DeskStateView | null>(null);
  status = $state<StatusView | null>(null);
  /** Shown once, right after the vault was made; signing in waits for it. */
  recoveryKey = $state<string | null>(null);
  busy = $state(false);

  constructor(readonly problems: Problems) {
    problems.onSignedOut = () => {
      if (this.desk) this.desk = { ...this.desk, vault: "locked" };
    };
  }

  get open(): boolean {
    return this.desk?.vault === "open" && this.recoveryKey === null;
  }

  async load(): Promise<void> {
    this.desk = (await this.problems.attempt(() => call("desk_state", null))) ?? this.desk;
    if (this.open) await this.refresh();
  }

  async createVault(officerName: string, officeCode: string, passphrase: string): Promise<void> {
    const made = await this.#while(() =>
      call("create_vault", { officer_name: officerName, office_code: officeCode, passphrase }),
    );
    if (!made) return;
    this.recoveryKey = made.recovery_key;
    this.desk = made.desk;
  }

  async keyCopied(): Promise<void> {
    this.recoveryKey = null;
    await this.refresh();
  }

  async signIn(passphrase: string): Promise<void> {
    this.desk = (await this.#while(() => call("sign_in", { passphrase }))) ?? this.desk;
    if (this.open) await this.refresh();
  }

  async recover(recoveryKey: string, passphrase: string): Promise<void> {
    this.desk = (await this.#while(() => call("recover", { recovery_key: recoveryKey, passphrase }))) ?? this.desk;
    if (this.open) await this.refresh();
  }

  async signOut(): Promise<void> {
    this.desk = (await this.problems.attempt(() => call("sign_out", null))) ?? this.desk;
  }

  async refresh(): Promise<void> {
    this.status = (await this.problems.attempt(() => call("status", null))) ?? this.status;
  }

  async #while<T>(act: () => Promise<T>): Promise<T | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    try {
      return await this.problems.attempt(act);
    } finally {
      this.busy = false;
    }
  }
}
