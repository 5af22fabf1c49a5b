import { beforeEach, describe, expect, it, vi as vitest } from "vitest";
import type { DeskStateView } from "../ipc/generated/commands";
import { Problems } from "./problems.svelte";
import { Session } from "./session.svelte";

const core = vitest.hoisted(() => ({ call: vitest.fn() }));
vitest.mock("../ipc/call", () => ({ call: core.call, Problem: class extends Error {} }));

const FIRST = "Trần Thị Thử";
const SECOND = "Lê Văn Mẫu";

function state(officer: string | null): DeskStateView {
  return {
    vault: officer === null ? "locked" : "open",
    officer_name: officer,
    office_code: "H55.242",
    officers: [FIRST, SECOND],
    rights: officer === SECOND ? [] : ["find"],
    idle_minutes: 5,
    idle_at_work_minutes: 15,
    demonstration_passphrase: null,
  };
}

async function signedIn(officer: string) {
  core.call.mockImplementation(async (command: string, request: { officer: string } | null) => {
    if (command === "sign_in") return state(request?.officer ?? null);
    return command === "sign_out" ? state(null) : null;
  });
  const session = new Session(new Problems());
  const stranger = vitest.fn();
  session.onStranger = stranger;
  await session.signIn(officer, "x", null);
  return { session, stranger };
}

beforeEach(() => {
  core.call.mockReset();
});

describe("a desk that was locked", () => {
  it("keeps what was begun for the officer who comes back", async () => {
    const { session, stranger } = await signedIn(FIRST);
    await session.lock();
    expect(session.open).toBe(false);
    await session.signIn(FIRST, "x", null);
    expect(session.open).toBe(true);
    expect(stranger).not.toHaveBeenCalled();
  });

  it("forgets it when another officer sits down", async () => {
    const { session, stranger } = await signedIn(FIRST);
    await session.lock();
    await session.signIn(SECOND, "x", null);
    expect(stranger).toHaveBeenCalledOnce();
    expect(session.may("find")).toBe(false);
  });
});
