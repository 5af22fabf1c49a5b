import { beforeEach, describe, expect, it, vi as vitest } from "vitest";
import type { DisagreementView, FieldView, ReviewView, Turn } from "../ipc/generated/commands";
import { CurrentDossier } from "./dossier.svelte";
import { Effort } from "./effort";
import { disagreement, dossier, field, review } from "./papers.test-support";
import { Problems } from "./problems.svelte";
import { Reviewing, TYPE_LINE } from "./review.svelte";

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

const differing = disagreement();
let disagreements: DisagreementView[] = [];

/** A core that keeps decisions as the real one does: a decided field is not open. */
function answering(start: ReviewView): void {
  let stands = start;
  const proposed = new Map(start.fields.map((one) => [one.name, one]));
  const put = (name: string, change: (one: FieldView) => FieldView): ReviewView => {
    const fields = stands.fields.map((one) => (one.name === name ? change(one) : one));
    stands = { ...stands, fields, open_count: fields.filter((one) => one.open).length };
    return stands;
  };
  core.call.mockImplementation(async (command: string, request: { field: string; value: string; document_type: string }) => {
    switch (command) {
      case "cross_check":
        return disagreements;
      case "rule":
        disagreements = disagreements.slice(1);
        return { id: "ruling" };
      case "take_back_ruling":
        disagreements = [differing];
        return null;
      case "review":
        return stands;
      case "list_document_types":
        return [{ name: "official_document", title: "Văn bản" }];
      case "open_dossier":
        return dossier("extracted");
      case "confirm_field":
        if (request.value === "broken") throw new Problem("value_breaks_rule");
        return put(request.field, (one) => ({ ...one, value: request.value, confirmed: true, open: false }));
      case "undo_field":
        return put(request.field, () => proposed.get(request.field) as FieldView);
      case "change_type":
        stands = { ...stands, document_type: request.document_type, type_grade: "certain" };
        return stands;
      case "deposit_document":
        return { local_code: "80001-01-000007-K" };
      default:
        throw new Error(command);
    }
  });
}

async function reviewing(start: ReviewView): Promise<Reviewing> {
  answering(start);
  const problems = new Problems();
  const current = new CurrentDossier(problems);
  current.take(dossier("extracted"));
  const state = new Reviewing(problems, current, new Effort());
  await state.load();
  return state;
}

const doubtful = { grade: "check", open: true } as const;
const calls = (command: string) => core.call.mock.calls.filter(([name]) => name === command);

beforeEach(() => {
  core.call.mockReset();
  disagreements = [];
});

describe("the next doubtful field", () => {
  it("is in hand from the start", async () => {
    const state = await reviewing(review([field("issuer"), field("number", doubtful), field("signer", doubtful)]));
    expect(state.current).toBe("number");
    expect(state.draft).toBe("number value");
  });

  it("follows when Enter confirms, until nothing is left", async () => {
    const state = await reviewing(review([field("issuer"), field("number", doubtful), field("title"), field("signer", doubtful)]));
    await state.confirm();
    expect(state.current).toBe("signer");
    await state.confirm();
    expect(state.current).toBeNull();
    expect(state.open).toEqual([]);
    expect(calls("confirm_field").map(([, request]) => request.field)).toEqual(["number", "signer"]);
  });

  it("goes round to one that was passed over", async () => {
    const state = await reviewing(review([field("number", doubtful), field("signer", doubtful)]));
    state.focus("signer");
    await state.confirm();
    expect(state.current).toBe("number");
  });

  it("waits where a paper is gone on with: the field that was in hand comes first, once", async () => {
    const state = await reviewing(review([field("issuer"), field("number", doubtful), field("signer", doubtful)]));
    const places: string[] = [];
    state.onfocus = (name) => places.push(name);
    state.returnTo = "signer";
    state.review = null;
    await state.load();
    expect(state.current).toBe("signer");
    state.review = null;
    await state.load();
    expect(state.current).toBe("number");
    expect(places, "the place is told whenever it changes").toEqual(["signer", "number"]);
  });

  it("stores nothing for a certain field that was only looked at", async () => {
    const state = await reviewing(review([field("issuer"), field("number", doubtful)]));
    state.focus("issuer");
    await state.confirm();
    expect(calls("confirm_field")).toEqual([]);
    expect(state.current).toBe("number");
  });

  it("may be a required field for which nothing was found", async () => {
    const state = await reviewing(review([field("number", { grade: "empty", value: "", required: true, open: true })]));
    expect(state.current).toBe("number");
  });
});

describe("nothing below certain", () => {
  it("is deposited unseen: the act leads to what is left", async () => {
    const state = await reviewing(review([field("number", doubtful), field("signer", doubtful)]));
    state.focus(null);
    expect(await state.deposit()).toBeUndefined();
    expect(calls("deposit_document")).toEqual([]);
    expect(state.current).toBe("number");
  });

  it("includes the type of paper itself", async () => {
    const state = await reviewing(review([field("issuer")], { type_grade: "check" }));
    expect(state.current).toBe(TYPE_LINE);
    await state.deposit();
    expect(calls("deposit_document")).toEqual([]);
    await state.confirm();
    expect(calls("change_type")).toHaveLength(1);
    expect(state.open).toEqual([]);
    expect(await state.deposit()).toBeDefined();
  });

  it("is left when all is confirmed, and then the act stores", async () => {
    const state = await reviewing(review([field("number", doubtful)]));
    await state.confirm();
    expect(await state.deposit()).toBeDefined();
    expect(calls("deposit_document")).toHaveLength(1);
  });

  it("is stored as typed, also when the act comes before Enter", async () => {
    const state = await reviewing(review([field("number", doubtful)]));
    state.draft = "115/NQ-CP";
    expect(await state.deposit()).toBeDefined();
    expect(calls("confirm_field")[0]?.[1].value).toBe("115/NQ-CP");
  });
});

describe("a value", () => {
  it("can be taken from either engine and is still to be confirmed", async () => {
    const readings = [
      { engine: "neural", value: "M5/NQ-CP" },
      { engine: "tesseract", value: "445/NQ-CP" },
    ] as const;
    const state = await reviewing(review([field("number", { ...doubtful, readings: [...readings] })]));
    state.takeReading(1);
    expect(state.draft).toBe("445/NQ-CP");
    expect(calls("confirm_field")).toEqual([]);
    state.takeReading(2);
    expect(state.draft, "there is no third reading").toBe("445/NQ-CP");
  });

  it("stays in hand when it breaks the rule of its field", async () => {
    const state = await reviewing(review([field("number", doubtful), field("signer", doubtful)]));
    state.draft = "broken";
    await state.confirm();
    expect(state.current).toBe("number");
    expect(state.refused).toBe("number");
    expect(state.draft, "what was typed is not lost").toBe("broken");
    expect(state.problems.current).toBe("value_breaks_rule");
  });

  it("is written as people write it", async () => {
    const state = await reviewing(review([field("issued_on", { ...doubtful, value_type: "date", value: "2026-04-29" })]));
    expect(state.draft).toBe("29/04/2026");
    const forever = field("valid_until", {
      ...doubtful,
      value_type: "validity",
      value: "unlimited",
      shown: [{ value: "unlimited", shown: "Không thời hạn" }],
    });
    expect((await reviewing(review([forever]))).draft).toBe("Không thời hạn");
  });
});

describe("a field that takes two officers", () => {
  const second = (turn: Turn, entries: string[] = []) => ({ ...doubtful, second_person: { turn, entries } });

  it("is not finished by Enter alone: the second types or chooses by himself", async () => {
    const state = await reviewing(review([field("number", { ...second("second"), value: "", readings: [{ engine: "neural", value: "115" }] })]));
    await state.confirm();
    expect(calls("confirm_field")).toEqual([]);
    state.takeReading(0);
    await state.confirm();
    expect(calls("confirm_field")[0]?.[1].value).toBe("115");
  });

  it("may have nothing on the paper, where the machine saw nothing either", async () => {
    const state = await reviewing(review([field("number", { ...second("second"), grade: "empty", value: "" })]));
    await state.confirm();
    expect(calls("confirm_field")[0]?.[1].value).toBe("");
  });

  it("is decided by choosing between the two entries, also when one is nothing", async () => {
    const state = await reviewing(review([field("number", { ...second("decide", ["115", ""]), value: "" })]));
    await state.confirm();
    expect(calls("confirm_field"), "Enter alone decides nothing").toEqual([]);
    state.takeReading(1);
    await state.confirm();
    expect(calls("confirm_field")[0]?.[1].value).toBe("");
  });

  it("stores nothing while it is another's turn, and Ctrl+Z takes the own entry back", async () => {
    const mine = { open: false, second_person: { turn: "another" as const, entries: ["115"] } };
    const state = await reviewing(review([field("number", mine), field("signer", doubtful)]));
    expect(state.open).toEqual(["signer"]);
    state.focus("number");
    await state.confirm();
    expect(calls("confirm_field")).toEqual([]);
    state.focus("number");
    await state.undo();
    expect(calls("undo_field")[0]?.[1].field).toBe("number");
  });
});

describe("undo", () => {
  it("takes back what was typed first, then the last decision", async () => {
    const state = await reviewing(review([field("number", doubtful), field("signer", doubtful)]));
    await state.confirm();
    state.draft = "typed";
    await state.undo();
    expect(state.draft).toBe("signer value");
    expect(calls("undo_field")).toEqual([]);
    await state.undo();
    expect(calls("undo_field").map(([, request]) => request.field)).toEqual(["number"]);
    expect(state.current).toBe("number");
    expect(state.open).toEqual(["number", "signer"]);
  });

  it("does nothing when nothing was decided", async () => {
    const state = await reviewing(review([field("number", doubtful)]));
    await state.undo();
    expect(calls("undo_field")).toEqual([]);
  });
});

describe("papers that disagree", () => {
  it("are asked about after the fields, and count among what is open", async () => {
    disagreements = [differing];
    const state = await reviewing(review([field("owner_name", doubtful)]));
    expect(state.open).toHaveLength(2);
    await state.confirm();
    expect(state.disagreement).toEqual(differing);
    expect(await state.deposit()).toBeUndefined();
    expect(calls("deposit_document")).toEqual([]);
  });

  it("are settled by one key that says how, never by Enter", async () => {
    disagreements = [differing];
    const state = await reviewing(review([field("owner_name")]));
    await state.confirm();
    expect(calls("rule")).toEqual([]);
    state.takeReading(3);
    await vitest.waitFor(() => expect(state.open).toEqual([]));
    expect(calls("rule")[0]?.[1].settlement).toBe("both_as_written");
    expect(await state.deposit()).toBeDefined();
  });

  it("are asked about again when the ruling is taken back", async () => {
    disagreements = [differing];
    const state = await reviewing(review([field("owner_name", doubtful)]));
    await state.confirm();
    await state.rule(0);
    await state.undo();
    expect(calls("take_back_ruling")).toEqual([["take_back_ruling", { ruling_id: "ruling" }]]);
    expect(state.disagreement).toEqual(differing);
    await state.undo();
    expect(calls("undo_field").map(([, request]) => request.field)).toEqual(["owner_name"]);
  });
});

describe("words of the paper", () => {
  it("come into the field in hand and are still to be confirmed", async () => {
    const state = await reviewing(review([field("number", doubtful)]));
    state.takeWords("115/NQ-CP");
    expect(state.draft).toBe("115/NQ-CP");
    expect(calls("confirm_field")).toEqual([]);
    await state.undo();
    expect(state.draft, "Ctrl+Z takes them out again").toBe("number value");
  });

  it("go nowhere while no field is in hand", async () => {
    const state = await reviewing(review([field("issuer")]));
    state.takeWords("115");
    expect(state.draft).toBe("");
  });
});

describe("coming back to a paper", () => {
  it("finds again what was being typed", async () => {
    const state = await reviewing(review([field("number", doubtful), field("signer", doubtful)]));
    state.focus("signer");
    state.draft = "Trần";
    await state.load();
    expect([state.current, state.draft]).toEqual(["signer", "Trần"]);
  });
});

it("a deposit carries what it cost, and the next starts from nothing", async () => {
  const state = await reviewing(review([field("issuer")]));
  state.effort.keys = 7;
  state.effort.clicks = 2;
  await state.deposit();
  expect(calls("deposit_document")[0]?.[1]).toMatchObject({ keys: 7, clicks: 2 });
  expect([state.effort.keys, state.effort.clicks]).toEqual([0, 0]);
});
