import { beforeEach, describe, expect, it, vi as vitest } from "vitest";
import type { CameraProgressView, DeviceView, PageView, ProfileView, ScanProgressView } from "../ipc/generated/commands";
import { CurrentDossier } from "./dossier.svelte";
import { dossier, page, review } from "./papers.test-support";
import { Problems } from "./problems.svelte";
import { Scanning } from "./scan.svelte";

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

let kept: PageView[];
let out: PageView[];
let jamAfter: number | null;
let sheets: string[];
let joins: { page_id: string; reason: string }[];
let cameras: DeviceView[];
let watched: (progress: CameraProgressView) => void;
let stopped: () => void;

const profile = (change: Partial<ProfileView> = {}): ProfileView => ({
  name: "Một mặt",
  device: null,
  source: "feeder",
  sides: "one",
  dpi: 200,
  colour: "colour",
  blanks: "keep",
  ...change,
});
const profiles = [
  profile(),
  profile({ sides: "both" }),
  profile({ sides: "by_hand" }),
  profile({ source: "flatbed" }),
];
const asked = (command: string) =>
  core.call.mock.calls.filter(([name]) => name === command).map(([, request]) => request as Record<string, unknown>);

const document = () => ({ ...review([]).document, state: "scanning" as const, pages: kept, voided_pages: out });

beforeEach(() => {
  kept = [];
  out = [];
  jamAfter = null;
  sheets = ["a", "b", "c"];
  joins = [];
  cameras = [];
  core.call.mockReset();
  core.call.mockImplementation(async (command: string, request: never, each: (progress: ScanProgressView) => void) => {
    const { page_id, position } = (request ?? {}) as { page_id?: string; position?: number };
    const index = kept.findIndex((one) => one.id === page_id);
    switch (command) {
      case "list_devices":
        return [
          { id: "feeder", name: "Máy", sources: ["feeder"], both_sides: false, resolutions_dpi: [75, 150, 300], camera: false },
          ...cameras,
        ];
      case "list_profiles":
        return { profiles, locked: false };
      case "scan_pages":
        for (const name of sheets) {
          if (kept.length === jamAfter) throw new Problem("jammed");
          kept = [...kept, page(name, kept.length)];
          each({ kind: "page", page: page(name, kept.length - 1) });
          if (name.startsWith("blank")) {
            out = [...out, ...kept.splice(-1)];
            kept = [...kept];
            each({ kind: "appraised", page: { ...page(name, 0), blank: true, voided: "blank" } });
          }
        }
        return document();
      case "watch_camera":
        watched = each as unknown as typeof watched;
        return new Promise((resolve) => (stopped = () => resolve(document())));
      case "press_shutter":
      case "set_stillness":
      case "cancel_scan":
        return null;
      case "scan_stack":
        kept = sheets.map(page);
        return { papers: [{ document_id: "document", component_id: "component-0" }, {}], separators: 1, without_pages: 0 };
      case "joins":
        return joins;
      case "keep_joined":
        joins = joins.filter((join) => join.page_id !== page_id);
        return null;
      case "extract_document":
        return review([]);
      case "split_before":
        kept = kept.slice(0, index);
        return document();
      case "undo_split":
        kept = [...kept, ...["b", "c"].map((name, at) => page(name, at + 1))];
        return document();
      case "combine_sides":
        kept = kept.toReversed();
        return document();
      case "put_in_order": {
        const order = (request as { page_ids: string[] }).page_ids;
        kept = order.map((id) => kept.find((one) => one.id === id) as PageView);
        return document();
      }
      case "mask_page":
        kept = kept.toSpliced(index + 1, 0, { ...page(`${page_id} masked`, 0), masked_from: page_id ?? null });
        return document();
      case "unmask_page":
        kept = kept.toSpliced(index, 1);
        return document();
      case "keep_page":
        kept = kept.map((one) => (one.id === page_id ? { ...one, waits_for_rescan: false } : one));
        return document();
      case "open_document":
        return document();
      case "open_dossier":
        return dossier("scanning");
      case "turn_page":
        return document();
      case "discard_pages":
        out = [...out, ...kept];
        kept = [];
        return document();
      case "void_page":
        out = [...out, ...kept.splice(index, 1)];
        kept = [...kept];
        return document();
      case "restore_page":
        kept = [...kept, ...out.filter((one) => one.id === page_id)];
        out = out.filter((one) => one.id !== page_id);
        return document();
      case "move_page":
        kept = kept.toSpliced(index, 1).toSpliced(position ?? 0, 0, kept[index] as PageView);
        return document();
      default:
        throw new Error(command);
    }
  });
});

async function scanning(): Promise<Scanning> {
  const problems = new Problems();
  const current = new CurrentDossier(problems);
  current.take(dossier(null));
  const state = new Scanning(problems, current);
  await state.findDevices();
  await state.loadProfiles();
  return state;
}

const names = (state: Scanning) => state.pages.map((one) => one.id);

describe("scanning", () => {
  it("offers what the device can do", async () => {
    const state = await scanning();
    expect(profiles.map((_, index) => state.canScan(index))).toEqual([true, false, true, false]);
    expect(state.canScan(profiles.length)).toBe(false);
  });

  it("asks for the other side of a stack that is turned over by hand, and puts both together", async () => {
    const state = await scanning();
    await state.scan(2);
    expect(state.turnOver).toBe(2);
    expect(asked("combine_sides")).toHaveLength(0);
    sheets = ["d", "e", "f"];
    await state.scan(2);
    expect(state.turnOver).toBeNull();
    expect(asked("combine_sides")).toHaveLength(1);
    expect(names(state)).toEqual(["f", "e", "d", "c", "b", "a"]);
    await state.undo();
    expect(names(state), "as they came").toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  it("goes on with the backs after a jam among them", async () => {
    const state = await scanning();
    await state.scan(2);
    jamAfter = 4;
    sheets = ["d", "e", "f"];
    await state.scan(2);
    expect(state.turnOver, "the rest of the backs comes next").toBe(2);
    expect(asked("combine_sides")).toHaveLength(0);
    jamAfter = null;
    sheets = ["e", "f"];
    await state.scan(2);
    expect(asked("combine_sides")).toHaveLength(1);
  });

  it("takes a stack of several papers, and puts the first in hand", async () => {
    const state = await scanning();
    state.stack = true;
    expect(profiles.map((_, index) => state.canScan(index)), "a stack is not turned over by hand").toEqual([
      true,
      false,
      false,
      false,
    ]);
    await state.scan();
    expect(asked("scan_pages")).toHaveLength(0);
    expect(asked("scan_stack")).toHaveLength(1);
    expect(state.split?.papers).toHaveLength(2);
    expect(names(state)).toEqual(["a", "b", "c"]);
  });

  it("puts the next scan where it was told, once", async () => {
    const state = await scanning();
    await state.scan();
    state.pageId = "b";
    state.place = "in_place_of";
    sheets = ["d"];
    await state.scan();
    sheets = ["e"];
    await state.scan();
    expect(asked("scan_pages").map((request) => request.placement)).toEqual([
      { at: "end" },
      { at: "in_place_of", page_id: "b" },
      { at: "end" },
    ]);
  });

  it("takes a page away again that was set aside as empty", async () => {
    sheets = ["a", "blank"];
    const state = await scanning();
    await state.scan();
    expect(names(state)).toEqual(["a"]);
    expect(state.pageId).toBe("a");
  });

  it("keeps where a scan was told to go when it fails", async () => {
    const state = await scanning();
    await state.scan();
    state.place = "before";
    jamAfter = 3;
    await state.scan();
    expect(state.place).toBe("before");
  });

  it("shows each page as it comes", async () => {
    const state = await scanning();
    await state.scan();
    expect(names(state)).toEqual(["a", "b", "c"]);
    expect(state.pageId).toBe("c");
    expect(state.scanning).toBe(false);
  });

  it("keeps what was stored before a jam", async () => {
    jamAfter = 2;
    const state = await scanning();
    await state.scan();
    expect(state.problems.current).toBe("jammed");
    expect(state.stopped).toEqual({ pages: 2, sheet: 3 });
    expect(names(state)).toEqual(["a", "b"]);
    expect(state.coming, "they have been read back from the vault").toEqual([]);
  });

  it("tells sheets from sides when it says where to go on", async () => {
    jamAfter = 2;
    const state = await scanning();
    state.devices = state.devices.map((device) => ({ ...device, both_sides: true }));
    await state.scan(1);
    expect(state.stopped).toEqual({ pages: 2, sheet: 2 });
  });

  it("asks once, however often the key is pressed", async () => {
    const state = await scanning();
    await Promise.all([state.scan(), state.scan()]);
    expect(core.call.mock.calls.filter(([name]) => name === "scan_pages")).toHaveLength(1);
  });
});

describe("pages that look like two papers", () => {
  const joined = async () => {
    joins = [
      { page_id: "b", reason: "count" },
      { page_id: "c", reason: "head" },
    ];
    const state = await scanning();
    await state.scan();
    expect(await state.extract(), "nothing goes on while something is asked").toBe(false);
    expect([state.asking, state.pageId]).toEqual(["join", "b"]);
    return state;
  };

  it("are asked about one by one, and once", async () => {
    const state = await joined();
    expect(await state.answerJoin(false)).toBe(false);
    expect([state.asking, state.pageId]).toEqual(["join", "c"]);
    expect(await state.answerJoin(false)).toBe(true);
    expect(await state.extract()).toBe(true);
    expect(asked("split_before")).toHaveLength(0);
  });

  it("are parted where another paper begins", async () => {
    const state = await joined();
    expect(await state.answerJoin(true)).toBe(false);
    expect(asked("split_before")).toEqual([{ page_id: "b" }]);
    expect(names(state)).toEqual(["a"]);
    await state.undo();
    expect(asked("undo_split")).toEqual([{ document_id: "document" }]);
    expect(names(state)).toEqual(["a", "b", "c"]);
  });
});

describe("a bad image", () => {
  it("is shown instead of reading on, until it is kept with a reason", async () => {
    const state = await scanning();
    await state.scan();
    kept = kept.map((one) => (one.id === "b" ? { ...one, verdict: "bad", waits_for_rescan: true } : one));
    state.document = document();
    state.pageId = "c";
    expect(await state.extract()).toBe(false);
    expect([state.pageId, state.problems.current]).toEqual(["b", "pages_bad"]);
    await state.keepPage("paper_is_so");
    expect(state.bad).toBeNull();
    expect(asked("keep_page")).toEqual([{ page_id: "b", reason: "paper_is_so" }]);
  });
});

describe("pages", () => {
  it("move and stay in hand", async () => {
    const state = await scanning();
    await state.scan();
    await state.move(-1);
    expect(names(state)).toEqual(["a", "c", "b"]);
    expect(state.pageId).toBe("c");
    await state.move(-1);
    await state.move(-1);
    expect(names(state), "the first place is the end of the way").toEqual(["c", "a", "b"]);
  });

  it("are taken out with a reason and come back by undo, the last one first", async () => {
    const state = await scanning();
    await state.scan();
    await state.voidPage("blank");
    await state.voidPage("duplicate");
    expect(names(state)).toEqual(["a"]);
    expect(state.pageId).toBe("a");
    await state.undo();
    expect(names(state)).toEqual(["a", "b"]);
    await state.undo();
    expect(names(state)).toEqual(["a", "b", "c"]);
  });

  it("lose a mask by undo, and the image that was made for it", async () => {
    const state = await scanning();
    await state.scan();
    state.pageId = "b";
    state.beginDrawing("mask");
    state.draw({ x: 1, y: 1, width: 9, height: 9 });
    state.draw({ x: 1, y: 20, width: 9, height: 9 });
    await state.applyDrawing();
    expect(names(state)).toEqual(["a", "b", "b masked", "c"]);
    await state.undo();
    expect(asked("unmask_page")).toEqual([{ page_id: "b masked", masks: 2 }]);
    expect(names(state)).toEqual(["a", "b", "c"]);
  });

  it("come back to how they were by undo, the last change first", async () => {
    const state = await scanning();
    await state.scan();
    await state.turn(90);
    await state.move(-1);
    await state.discard();
    expect(names(state)).toEqual([]);
    await state.undo();
    expect(names(state)).toEqual(["a", "c", "b"]);
    await state.undo();
    expect(names(state)).toEqual(["a", "b", "c"]);
    await state.undo();
    expect(asked("turn_page").map((request) => request.degrees)).toEqual([90, 270]);
    const calls = core.call.mock.calls.length;
    await state.undo();
    expect(core.call.mock.calls.length, "there is nothing left to be taken back").toBe(calls);
  });
});

describe("a camera", () => {
  const live = (number: number) => ({ number, width_px: 800, height_px: 600, outline: null, taken: false });

  async function watching(): Promise<{ state: Scanning; whole: Promise<void> }> {
    cameras = [{ id: "camera:/dev/video0", name: "Cam", sources: ["feeder", "flatbed"], both_sides: false, resolutions_dpi: [], camera: true }];
    const state = await scanning();
    state.chooseDevice("camera:/dev/video0");
    return { state, whole: state.scan() };
  }

  it("is watched, and its pages come in while its panel is open", async () => {
    const { state, whole } = await watching();
    expect([state.camera.watching, state.scanning]).toEqual([true, true]);
    watched({ kind: "live", live: live(1) });
    expect(state.camera.live?.number).toBe(1);
    kept = [page("a", 0)];
    watched({ kind: "page", page: page("a", 0) });
    expect(names(state)).toEqual(["a"]);
    stopped();
    await whole;
    expect([state.camera.watching, state.camera.live, state.scanning]).toEqual([false, null, false]);
    expect(names(state)).toEqual(["a"]);
  });

  it("takes a page by its shutter, and by stillness unless that is switched off", async () => {
    const { state, whole } = await watching();
    await state.camera.press();
    expect(asked("press_shutter"), "there is nothing to be seen yet").toHaveLength(0);
    watched({ kind: "live", live: live(1) });
    await state.camera.press();
    expect(asked("press_shutter")).toHaveLength(1);
    await state.camera.setByStillness(false);
    stopped();
    await whole;
    const again = state.scan();
    expect(asked("watch_camera").map((request) => request.by_stillness)).toEqual([true, false]);
    stopped();
    await again;
  });

  it("does neither stacks nor both sides", async () => {
    const { state, whole } = await watching();
    stopped();
    await whole;
    expect(profiles.map((_, index) => state.canScan(index))).toEqual([true, false, false, true]);
    state.stack = true;
    expect(state.canScan(0)).toBe(false);
  });
});

describe("finishing", () => {
  it("is refused without a page", async () => {
    const state = await scanning();
    expect(await state.extract()).toBe(false);
    expect(state.problems.current).toBe("no_pages");
  });
});
