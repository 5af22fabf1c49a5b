import { beforeEach, describe, expect, it, vi as vitest } from "vitest";
import type { ErrorCode, PaperToSignView, TokenView, ToSignView } from "../ipc/generated/commands";
import { Problems } from "./problems.svelte";
import { Signing } from "./sign.svelte";

const core = vitest.hoisted(() => ({ call: vitest.fn() }));
vitest.mock("../ipc/call", () => ({
  call: core.call,
  Problem: class extends Error {
    constructor(readonly code: string) {
      super(code);
    }
  },
}));
const { Problem } = await import("../ipc/call");

function paper(id: string): PaperToSignView {
  return {
    document_id: id,
    local_code: id,
    title: "Giấy khai sinh",
    pages: 1,
    digitised_by: "Trần Minh Anh",
    own: true,
    digitised_at: "2026-11-20T02:00:00Z",
    deposited: false,
  };
}

function token(unfit: ErrorCode | null = null, locked = false): TokenView {
  return {
    module: "/m.so",
    serial: "1",
    label: "Thẻ",
    few_tries: false,
    last_try: false,
    locked,
    certificates: [
      { digest: "d", name: "Trần Minh Anh", issuer: "CA", valid_until: "2030-01-01T00:00:00Z", unfit },
    ],
  };
}

/** A desk with these papers and tokens; the PIN is 1234. */
async function desk(tokens: TokenView[], ...ids: string[]): Promise<Signing> {
  const signed = new Set<string>();
  const waiting = (): ToSignView => ({
    papers: ids.filter((id) => !signed.has(id)).map(paper),
    without_timestamp: signed.size,
  });
  core.call.mockImplementation(
    async (command: string, request: { pin: string; document_ids: string[] }, each: (progress: unknown) => void) => {
      if (command === "list_to_sign" || command === "add_timestamps") return waiting();
      if (command === "list_tokens") return tokens;
      if (request.pin !== "1234") throw new Problem("wrong_pin");
      for (const id of request.document_ids) {
        signed.add(id);
        each({ document_id: id });
      }
      return { signed: request.document_ids.length, stopped_by: null, waiting: waiting() };
    },
  );
  const state = new Signing(new Problems());
  await state.load();
  return state;
}

beforeEach(() => {
  core.call.mockReset();
});

describe("signing", () => {
  it("signs all that is chosen under one PIN, and forgets the PIN", async () => {
    const state = await desk([token()], "a", "b", "c");
    state.toggle(state.papers[1]);
    expect(state.ready).toBe(false);
    state.pin = "1234";
    expect(state.ready).toBe(true);
    await state.sign();
    expect(state.pin).toBe("");
    expect(state.papers.map((one) => one.document_id)).toEqual(["b"]);
    expect(state.done).toBe(2);
  });

  it("tells a wrong PIN and keeps everything waiting", async () => {
    const state = await desk([token()], "a");
    state.pin = "9";
    await state.sign();
    expect(state.problems.current).toBe("wrong_pin");
    expect(state.papers).toHaveLength(1);
    expect(state.pin).toBe("");
  });

  it("says what is wrong with what is plugged in, and asks for no PIN then", async () => {
    expect((await desk([], "a")).trouble).toBe("token_gone");
    expect((await desk([token("certificate_of_another")], "a")).trouble).toBe("certificate_of_another");
    expect((await desk([token(null, true)], "a")).trouble).toBe("pin_locked");
  });

  it("prefers the token that can be signed with", async () => {
    const other = { ...token("certificate_expired"), serial: "0", label: "Cũ" };
    const state = await desk([other, token()], "a");
    expect(state.token?.serial).toBe("1");
    expect(state.trouble).toBeNull();
  });

  it("uses the last try only when told to", async () => {
    const state = await desk([{ ...token(), last_try: true }], "a");
    state.pin = "1234";
    expect(state.ready).toBe(false);
    state.useLastTry = true;
    expect(state.ready).toBe(true);
  });
});
