import { beforeEach, describe, expect, it, vi as vitest } from "vitest";
import type { Sort, WaitingValueView } from "../ipc/generated/commands";
import { Grouping } from "./group.svelte";
import { page } from "./papers.test-support";
import { Problems } from "./problems.svelte";

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

function value(documentId: string, sort: Sort, text: string): WaitingValueView {
  return {
    document_id: documentId,
    field: sort,
    label: sort,
    value_type: "text",
    value: text,
    shown: [],
    sort,
    stranger: false,
    page: page(`page of ${documentId}`, 0),
    outline: { page: 0, x: 0, y: 0, width: 100, height: 20 },
  };
}

/** A desk that keeps decisions as the real one does. */
async function wall(...start: WaitingValueView[]): Promise<Grouping> {
  const decided = new Set<string>();
  core.call.mockImplementation(async (command: string, request: { document_id: string; field: string; value: string }) => {
    const key = `${request?.document_id}/${request?.field}`;
    if (command === "list_waiting_values") return start.filter((one) => !decided.has(`${one.document_id}/${one.field}`));
    if (request.value === "broken") throw new Problem("value_breaks_rule");
    if (command === "confirm_field") decided.add(key);
    if (command === "undo_field") decided.delete(key);
    return {};
  });
  const state = new Grouping(new Problems());
  await state.load();
  return state;
}
const calls = (command: string) => core.call.mock.calls.filter(([name]) => name === command).map(([, request]) => request);

beforeEach(() => {
  core.call.mockReset();
});

describe("the wall", () => {
  it("shows one sort at a time, and the next when it is done", async () => {
    const state = await wall(value("a", "number", "1"), value("b", "number", "2"), value("a", "day", "2026"));
    expect(state.wall).toHaveLength(2);
    await state.confirm();
    await state.confirm();
    expect(state.sort).toBe("day");
    await state.confirm();
    expect(state.current).toBeNull();
    expect(calls("confirm_field").map((one) => one.value)).toEqual(["1", "2", "2026"]);
  });

  it("confirms what was typed in the place of what was proposed", async () => {
    const state = await wall(value("a", "number", "1"), value("b", "number", "2"));
    state.move(1);
    state.draft = "7";
    await state.confirm();
    expect(calls("confirm_field")).toEqual([{ document_id: "b", field: "number", value: "7" }]);
    expect(state.current?.document_id).toBe("a");
  });

  it("keeps a refused value in hand, as it was typed", async () => {
    const state = await wall(value("a", "number", "1"));
    state.draft = "broken";
    await state.confirm();
    expect([state.refused, state.draft, state.wall.length]).toEqual([true, "broken", 1]);
  });

  it("loses nothing when one goes away and comes back", async () => {
    const state = await wall(value("a", "number", "1"), value("b", "number", "2"));
    state.move(1);
    state.draft = "half typ";
    await state.load();
    expect([state.current?.document_id, state.draft]).toEqual(["b", "half typ"]);
  });

  it("takes back what was typed first, then decision by decision", async () => {
    const state = await wall(value("a", "number", "1"), value("a", "day", "2026"));
    await state.confirm();
    state.draft = "typed";
    await state.undo();
    expect([state.draft, calls("undo_field").length]).toEqual(["2026", 0]);
    await state.undo();
    expect([state.sort, state.current?.value]).toEqual(["number", "1"]);
    expect(state.canUndo).toBe(false);
  });
});
