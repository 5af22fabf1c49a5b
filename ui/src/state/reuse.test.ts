import { beforeEach, expect, test, vi } from "vitest";
import type { DigitisedView, OfferView } from "../ipc/generated/commands";
import { CurrentDossier } from "./dossier.svelte";
import { dossier } from "./papers.test-support";
import { Problems } from "./problems.svelte";
import { Reusing } from "./reuse.svelte";

const asked: string[] = [];
const paper = (id: string): DigitisedView => ({
  document_id: id,
  local_code: id,
  code: id,
  at_centre: id === "elsewhere",
  title: "Giấy khai sinh",
  number: null,
  issued_on: null,
  issuer: null,
  valid_until: null,
  deposited_at: "2026-11-20T02:00:00Z",
});
const offer = (id: string, in_force: boolean): OfferView => ({ component_id: "component-0", paper: paper(id), in_force });
let reused: DigitisedView | null = null;
let atCentre: OfferView[] | null = null;

vi.mock("../ipc/call", () => ({
  Problem: class extends Error {},
  call: async (command: string, request: { document_id?: string }) => {
    asked.push(command);
    if (command === "list_offers") return [offer("expired", false), offer("good", true)];
    if (command === "ask_centre") {
      if (!atCentre) throw new Error("no centre");
      return atCentre;
    }
    reused = command === "link_paper" ? paper(request.document_id ?? "") : null;
    const answered = dossier(null, null);
    return { ...answered, components: answered.components.map((one, at) => (at === 0 ? { ...one, reused } : one)) };
  },
}));

let current: CurrentDossier;
let reusing: Reusing;
beforeEach(async () => {
  asked.length = 0;
  atCentre = null;
  const problems = new Problems();
  current = new CurrentDossier(problems);
  current.take(dossier(null, null));
  reusing = new Reusing(problems, current);
  await reusing.load();
});

test("a dossier is asked about once, since asking is kept in the trail", async () => {
  await reusing.load();
  expect(asked).toEqual(["list_offers", "ask_centre"]);
});

test("what another desk has digitised is offered as soon as the centre answers; without one nothing changes", async () => {
  expect(reusing.offers.map((one) => one.paper.document_id)).toEqual(["expired", "good"]);
  expect(reusing.problems.current).toBeNull();
  atCentre = [offer("elsewhere", true)];
  reusing.clear();
  await reusing.load();
  expect(reusing.first?.paper.at_centre).toBe(true);
});

test("one key takes the first paper that is in force, and another gives it back", async () => {
  expect(reusing.first?.paper.document_id).toBe("good");
  await reusing.link();
  expect(current.component?.reused?.document_id).toBe("good");
  expect(reusing.ofComponent, "nothing is offered for what is answered").toEqual([]);
  await reusing.unlink();
  expect(current.component?.reused).toBeNull();
  expect(reusing.first?.paper.document_id).toBe("good");
});

test("what is not in force is shown and not taken", async () => {
  await reusing.link(offer("expired", false));
  expect(asked).not.toContain("link_paper");
});
