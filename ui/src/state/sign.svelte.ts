// Electronic copies that wait for a signature, the token, and the batch.
import { call } from "../ipc/call";
import type { CertificateView, ErrorCode, PaperToSignView, ToSignView, TokenView } from "../ipc/generated/commands";
import type { Problems } from "./problems.svelte";

export class Signing {
  papers = $state.raw<PaperToSignView[]>([]);
  withoutTimestamp = $state(0);
  tokens = $state.raw<TokenView[]>([]);
  /** Papers that the officer leaves out of the next batch. */
  left = $state.raw<ReadonlySet<string>>(new Set());
  /** The row that keys act on. */
  index = $state(0);
  pin = $state("");
  useLastTry = $state(false);
  busy = $state(false);
  searching = $state(false);
  loaded = $state(false);
  /** Signed so far in the batch that runs, and how many it has. */
  done = $state(0);
  total = $state(0);
  #token = $state(0);

  constructor(readonly problems: Problems) {}

  get chosen(): PaperToSignView[] {
    return this.papers.filter((paper) => !this.left.has(paper.document_id));
  }

  get token(): TokenView | null {
    return this.tokens[this.#token] ?? this.tokens[0] ?? null;
  }

  /** The certificate that is signed with: one that is fit, else one whose fault is told. */
  get certificate(): CertificateView | null {
    const certificates = this.token?.certificates ?? [];
    return certificates.find((one) => one.unfit === null) ?? certificates[0] ?? null;
  }

  /** Why nothing can be signed with what is plugged in. */
  get trouble(): ErrorCode | null {
    if (!this.token) return this.searching || !this.loaded ? null : "token_gone";
    if (this.token.locked) return "pin_locked";
    if (!this.certificate) return "nothing_to_sign_with";
    return this.certificate.unfit;
  }

  get ready(): boolean {
    const pinGiven = this.pin !== "" && (!this.token?.last_try || this.useLastTry);
    return !this.busy && this.trouble === null && this.token !== null && this.chosen.length > 0 && pinGiven;
  }

  async load(): Promise<void> {
    const waiting = await this.problems.attempt(() => call("list_to_sign", null));
    if (waiting) this.#take(waiting);
    await this.findTokens();
    this.loaded = true;
    // An authority that can be reached now puts its stamp on what was signed without one.
    if (this.withoutTimestamp > 0) await this.#stamp();
  }

  async findTokens(): Promise<void> {
    this.searching = true;
    const tokens = await this.problems.attempt(() => call("list_tokens", null));
    this.searching = false;
    if (!tokens) return;
    this.tokens = tokens;
    this.#token = Math.max(
      0,
      tokens.findIndex((token) => token.certificates.some((one) => one.unfit === null)),
    );
  }

  choose(index: number): void {
    this.#token = index;
    this.pin = "";
  }

  move(by: number): void {
    this.index = Math.max(0, Math.min(this.papers.length - 1, this.index + by));
  }

  /** Leaves a paper out of the batch, or takes it in again. */
  toggle(paper: PaperToSignView | undefined = this.papers[this.index]): void {
    if (!paper || this.busy) return;
    const left = new Set(this.left);
    if (!left.delete(paper.document_id)) left.add(paper.document_id);
    this.left = left;
  }

  /** Signs what is chosen under the PIN that was typed, which is forgotten at once. */
  async sign(): Promise<void> {
    const { token, certificate } = this;
    if (!this.ready || !token || !certificate) return;
    const pin = this.pin;
    this.pin = "";
    this.busy = true;
    this.done = 0;
    this.total = this.chosen.length;
    const request = {
      module: token.module,
      serial: token.serial,
      certificate: certificate.digest,
      pin,
      use_last_try: this.useLastTry,
      document_ids: this.chosen.map((paper) => paper.document_id),
    };
    const signed = await this.problems.attempt(() => call("sign_papers", request, () => (this.done += 1)));
    this.busy = false;
    this.useLastTry = false;
    if (signed) {
      this.#take(signed.waiting);
      if (signed.stopped_by) this.problems.current = signed.stopped_by;
    }
    // What the token says of itself has changed after a wrong PIN, or it is gone.
    if (!signed || signed.stopped_by) {
      const problem = this.problems.current;
      await this.findTokens();
      this.problems.current = problem;
    } else {
      await this.#stamp();
      // Its count of wrong tries begins anew.
      await this.findTokens();
    }
  }

  stop(): void {
    void call("cancel_scan", null);
  }

  clear(): void {
    this.papers = [];
    this.tokens = [];
    this.left = new Set();
    this.pin = "";
    this.loaded = false;
  }

  async #stamp(): Promise<void> {
    const waiting = await call("add_timestamps", null).catch(() => undefined);
    if (waiting) this.#take(waiting);
  }

  #take(waiting: ToSignView): void {
    this.papers = waiting.papers;
    this.withoutTimestamp = waiting.without_timestamp;
    this.index = Math.max(0, Math.min(this.index, this.papers.length - 1));
  }
}
