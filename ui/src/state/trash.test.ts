import { beforeEach, expect, test, vi } from "vitest";
import type { TrashedView } from "../ipc/generated/commands";
import { Problems } from "./problems.svelte";
import { Trash } from "./trash.svelte";

const asked: [string, unknown][] = [];
let answer: TrashedView[] = [];
vi.mock("../ipc/call", () => ({
  Problem: class extends Error {},
  call: async (command: string, request: unknown) => {
    asked.push([command, request]);
    return answer;
  },
}));

const NOW = Date.parse("2026-11-20T02:00:00Z");

function trashed(id: string, erasableAt: string, held: TrashedView["held"] = null): TrashedView {
  const page = { id, look: "" } as TrashedView["page"];
  return {
    page,
    title: "Giấy khai sinh",
    local_code: "",
    dossier: "1",
    owner: null,
    reason: "duplicate",
    voided_at: "2026-11-01T02:00:00Z",
    erasable_at: erasableAt,
    held,
  };
}

const YOUNG = trashed("a", "2026-11-21T03:00:00Z");
const DUE = trashed("b", "2026-11-20T01:00:00Z");
const HELD = trashed("c", "2026-11-01T01:00:00Z", "by_signature");

let trash: Trash;
beforeEach(async () => {
  trash = new Trash(new Problems(), () => NOW);
  answer = [YOUNG, DUE, HELD];
  await trash.load();
  asked.length = 0;
});

test("days are counted up, and what is held is never due", () => {
  expect([YOUNG, DUE].map((page) => trash.daysLeft(page))).toEqual([2, 0]);
  expect(trash.due).toEqual([DUE]);
});

test("a page that was put back can be taken out again with its reason", async () => {
  answer = [DUE, HELD];
  await trash.putBack();
  expect(trash.putBackLast).toBe(YOUNG);
  answer = [YOUNG, DUE, HELD];
  await trash.undo();
  expect(asked).toEqual([
    ["put_back", { page_id: "a" }],
    ["take_out_again", { page_id: "a", reason: "duplicate" }],
  ]);
  expect(trash.page).toEqual(YOUNG);
});

test("a paper that has other pages than before is read again", async () => {
  let changes = 0;
  trash.onChange = () => (changes += 1);
  answer = [DUE, HELD];
  await trash.putBack();
  expect(changes).toBe(1);
});

test("nothing is erased before a person has said why", async () => {
  await trash.erase("no_paper");
  expect(asked).toEqual([]);
  trash.askToErase();
  answer = [DUE, HELD];
  await trash.erase("of_another");
  expect(asked).toEqual([["erase_page", { page_id: "a", reason: "of_another" }]]);
  expect(trash.erased).toBe(1);
});

test("what is held is not asked about, and moving on takes the question back", () => {
  trash.choose(2);
  trash.askToErase();
  expect(trash.asking).toBeNull();
  trash.choose(0);
  trash.askToErase();
  trash.move(1);
  expect(trash.asking).toBeNull();
});
