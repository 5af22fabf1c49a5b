// Who sits here, and what the foot of the window says.
import { call } from "../ipc/call";
import type { DeskStateView, Right, StatusView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

export class Session {
  desk = $state<DeskStateView | null>(null);
  status = $state<StatusView | null>(null);
  /** Shown once, right after the vault was made; signing in waits for it. */
  recoveryKey = $state<string | null>(null);
  busy = $state(false);

  /** Another officer than the one before sits down: what was shown must go. */
  onStranger: () => void = () => {};
  #before: string | null = null;

  constructor(readonly problems: Problems) {
    problems.onSignedOut = () => {
      if (this.desk) this.desk = { ...this.desk, vault: "locked" };
    };
  }

  /** Whether the officer may; only to show or leave away, the core asks again. */
  may(right: Right): boolean {
    return this.desk?.rights.includes(right) ?? false;
  }

  get open(): boolean {
    return this.desk?.vault === "open" && this.recoveryKey === null;
  }

  async load(): Promise<void> {
    this.desk = (await this.problems.attempt(() => call("desk_state", null))) ?? this.desk;
    this.#before = this.desk?.officer_name ?? null;
    if (this.open) await this.refresh();
  }

  async createVault(officerName: string, officeCode: string, passphrase: string): Promise<void> {
    const made = await this.#while(() =>
      call("create_vault", { officer_name: officerName, office_code: officeCode, passphrase }),
    );
    if (made) this.recoveryKey = made.recovery_key;
  }

  /** Only now there is a vault: nobody shall ever work with one whose key nobody has. */
  async keyCopied(): Promise<void> {
    const desk = await this.#while(() => call("recovery_key_kept", null));
    this.recoveryKey = null;
    if (!desk) return;
    this.#before = desk.officer_name;
    this.desk = desk;
    await this.refresh();
  }

  /** Another passphrase for who sits here; true when it is set. */
  async changePassphrase(old: string, fresh: string): Promise<boolean> {
    const done = await this.#while(async () => {
      await call("change_passphrase", { old, new: fresh });
      return true;
    });
    return done ?? false;
  }

  async signIn(officer: string | null, passphrase: string, newPassphrase: string | null): Promise<void> {
    await this.#enter(() => call("sign_in", { officer, passphrase, new_passphrase: newPassphrase }));
  }

  async recover(officer: string | null, recoveryKey: string, passphrase: string): Promise<void> {
    await this.#enter(() => call("recover", { officer, recovery_key: recoveryKey, passphrase }));
  }

  async #enter(act: () => Promise<DeskStateView>): Promise<void> {
    const desk = await this.#while(act);
    if (!desk) return;
    if (this.#before !== null && this.#before !== desk.officer_name) this.onStranger();
    this.#before = desk.officer_name;
    this.desk = desk;
    await this.refresh();
  }

  /** A hand was on the desk. */
  async stillHere(): Promise<void> {
    await call("still_here", null).catch(() => void this.refresh());
  }

  /** Nobody was here for a while: the desk is shut, and what was begun waits for its officer. */
  async lock(): Promise<void> {
    this.#before ??= this.desk?.officer_name ?? null;
    this.desk = (await this.problems.attempt(() => call("sign_out", null))) ?? this.desk;
  }

  async signOut(): Promise<void> {
    this.#before = null;
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
