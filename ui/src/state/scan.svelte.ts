// Pages coming in and being put in order.
import { call } from "../ipc/call";
import type {
  DeviceView,
  DocumentView,
  ExtractProgressView,
  FirstFieldView,
  KeepReason,
  PageArea,
  PageView,
  PlacementView,
  ProfileView,
  JoinView,
  ScanProgressView,
  StackView,
  VoidReason,
  WatchCamera,
} from "../ipc/generated/commands";
import { vi } from "../text/vi";
import { Camera } from "./camera.svelte";
import type { CurrentDossier } from "./dossier.svelte";
import type { Problems } from "./problems.svelte";

/** What is being drawn on the page in hand. */
export type Drawing = "crop" | "mask";

/** Why a page is taken out; why a bad one is kept; whether all shall go; whether another paper begins. */
export type Asking = "void" | "keep" | "discard" | "join";

/** Where the pages of the next scan go, by the page in hand. */
export type Place = PlacementView["at"];

/** Whether the device can do what the profile asks. */
export function fits(profile: ProfileView, device: DeviceView | null): boolean {
  if (profile.device !== null) return true;
  return device !== null && device.sources.includes(profile.source) && (profile.sides !== "both" || device.both_sides);
}

export class Scanning {
  devices = $state.raw<DeviceView[]>([]);
  deviceId = $state<string | null>(null);
  profiles = $state.raw<ProfileView[]>([]);
  /** An administrator decided the profiles. */
  locked = $state(false);
  /** Where the pages of the next scan go. */
  place = $state<Place>("end");
  /** What lies in the feeder are several papers with separators between them. */
  stack = $state(false);
  /** How the last stack was split. */
  split = $state.raw<StackView | null>(null);
  /** Where the cover slips were written to. */
  slips = $state<string | null>(null);
  /** Pages where another paper may begin, the first of them being asked about. */
  joins = $state.raw<JoinView[]>([]);
  /** The stack was scanned on one side, and its other side comes next with this profile. */
  turnOver = $state<number | null>(null);
  /** How many pages a scan brought that was broken off, and the sheet to go on with. */
  stopped = $state.raw<{ pages: number; sheet: number } | null>(null);
  drawing = $state<Drawing | null>(null);
  areas = $state.raw<PageArea[]>([]);
  looking = $state(false);
  document = $state.raw<DocumentView | null>(null);
  /** Pages that are durable but whose document has not been read again yet. */
  coming = $state.raw<PageView[]>([]);
  pageId = $state<string | null>(null);
  scanning = $state(false);
  extracting = $state<ExtractProgressView | null>(null);
  /** What the head of the paper shows while the rest is being read. */
  firstFields = $state.raw<FirstFieldView[]>([]);
  busy = $state(false);
  /** What the officer is being asked. */
  asking = $state<Asking | null>(null);
  /** What brings things back to how they were, the last change last. */
  #undo: (() => Promise<DocumentView | undefined>)[] = [];
  /** Pages that the scan of this moment brought. */
  #came = 0;

  readonly camera: Camera;

  constructor(
    readonly problems: Problems,
    readonly dossier: CurrentDossier,
  ) {
    this.camera = new Camera(problems);
  }

  get device(): DeviceView | null {
    return this.devices.find((device) => device.id === this.deviceId) ?? null;
  }

  get pages(): PageView[] {
    const known = this.document?.pages ?? [];
    return [...known, ...this.coming.filter((page) => !known.some((other) => other.id === page.id))];
  }

  get page(): PageView | null {
    return this.pages.find((page) => page.id === this.pageId) ?? null;
  }

  /** Pages cannot change once their document is stored for good, or another answers for it. */
  get fixed(): boolean {
    const component = this.dossier.component;
    return component?.document?.state === "deposited" || (component?.reused ?? null) !== null;
  }

  async findDevices(): Promise<void> {
    this.looking = true;
    const devices = await this.problems.attempt(() => call("list_devices", null));
    this.looking = false;
    if (!devices) return;
    this.devices = devices;
    if (!this.device) this.chooseDevice(devices[0]?.id ?? null);
  }

  chooseDevice(id: string | null): void {
    this.deviceId = id;
  }

  async loadProfiles(): Promise<void> {
    const profiles = await this.problems.attempt(() => call("list_profiles", null));
    if (profiles) ({ profiles: this.profiles, locked: this.locked } = profiles);
  }

  /** Keeps changed profiles; true when they were taken. */
  async setProfiles(profiles: ProfileView[]): Promise<boolean> {
    const kept = await this.problems.attempt(() => call("set_profiles", { profiles }));
    if (kept) ({ profiles: this.profiles, locked: this.locked } = kept);
    return kept !== undefined;
  }

  canScan(index: number): boolean {
    const profile = this.profiles[index];
    if (this.stack && (profile?.sides === "by_hand" || profile?.source === "flatbed")) return false;
    // A camera is watched, paper by paper; nobody lays a stack under it, or turns one over.
    if (this.#cameraOf(profile) && (this.stack || profile?.sides !== "one")) return false;
    return profile !== undefined && fits(profile, this.device);
  }

  /** The camera that this profile uses, if it is one. */
  #cameraOf(profile: ProfileView | undefined): DeviceView | null {
    const id = profile?.device ?? this.deviceId;
    return this.devices.find((device) => device.id === id && device.camera) ?? null;
  }

  /** Shows the pages of the paper in hand. */
  async open(): Promise<void> {
    const id = this.dossier.documentId;
    this.coming = [];
    this.asking = null;
    this.place = "end";
    this.turnOver = null;
    this.stopped = null;
    this.endDrawing();
    if (!id) {
      this.document = null;
      this.pageId = null;
      this.#undo = [];
      return;
    }
    if (this.document?.id === id) return;
    this.document = null;
    this.#undo = [];
    const document = await this.problems.attempt(() => call("open_document", { document_id: id }));
    if (document && this.dossier.documentId === id) this.#show(document);
  }

  async scan(index = 0): Promise<void> {
    const component = this.dossier.component;
    const id = this.dossier.dossier?.id;
    const profile = this.profiles[index];
    const device = profile?.device ?? this.device?.id;
    if (!id || !component || !profile || !device || !this.canScan(index)) return;
    if (this.scanning || this.busy || this.fixed) return;
    this.split = null;
    if (this.stack) return this.#scanStack({ dossier_id: id, device_id: device, profile: index });
    const page = this.page;
    const placement: PlacementView =
      this.place === "end" || !page ? { at: "end" } : { at: this.place, page_id: page.id };
    const request = { dossier_id: id, component_id: component.id, device_id: device, profile: index, placement };
    const isBack = this.turnOver === index;
    const whole = this.#cameraOf(profile)
      ? await this.#watch(request)
      : await this.#take((each) => call("scan_pages", request, each));
    if (!whole) {
      const sheets = Math.floor(profile.sides === "both" ? this.#came / 2 : this.#came);
      if (this.#came > 0) this.stopped = { pages: this.#came, sheet: sheets + 1 };
      return;
    }
    this.place = "end";
    this.turnOver = profile.sides === "by_hand" && !isBack ? index : null;
    const document = this.document;
    if (isBack && document) {
      const page_ids = document.pages.map((page) => page.id);
      await this.#change(
        () => call("combine_sides", { document_id: document.id }),
        () => call("put_in_order", { document_id: document.id, page_ids }),
      );
    }
  }

  /** Watches a camera, whose pages come in, until the officer has seen enough. */
  #watch(request: Omit<WatchCamera, "by_stillness">): Promise<boolean> {
    const { camera } = this;
    const watched = { ...request, by_stillness: camera.byStillness };
    return camera.watch(() =>
      this.#take((each) =>
        call("watch_camera", watched, (progress) => {
          if (progress.kind === "live") camera.live = progress.live;
          else each(progress);
        }),
      ),
    );
  }

  /** Scans several papers at once; the first of them is in hand afterwards. */
  async #scanStack(request: { dossier_id: string; device_id: string; profile: number }): Promise<void> {
    let split: StackView | undefined;
    await this.#take(async (each) => {
      split = await call("scan_stack", request, each);
      const first = split.papers[0];
      if (!first) throw new Error("a stack that was scanned has a paper");
      await this.dossier.refresh();
      this.dossier.choose(first.component_id);
      return call("open_document", { document_id: first.document_id });
    });
    this.split = split ?? null;
  }

  /** Writes cover slips for the papers of the dossier, to be printed. */
  async printSlips(): Promise<void> {
    const dossier_id = this.dossier.dossier?.id;
    if (!dossier_id) return;
    this.slips = (await this.problems.attempt(() => call("print_slips", { dossier_id })))?.file ?? null;
  }

  async addFiles(paths: string[]): Promise<void> {
    const component = this.dossier.component;
    const id = this.dossier.dossier?.id;
    if (!id || !component || paths.length === 0 || this.scanning || this.fixed) return;
    await this.#take((each) => call("add_files", { dossier_id: id, component_id: component.id, paths }, each));
  }

  async chooseFiles(): Promise<void> {
    const words = { title: vi.scan.addFiles, kinds: vi.scan.fileKinds };
    await this.addFiles((await this.problems.attempt(() => call("choose_files", words))) ?? []);
  }

  async stop(): Promise<void> {
    await this.problems.attempt(() => call("cancel_scan", null));
  }

  /** Lets pages come; true when all came that there were. */
  async #take(start: (each: (progress: ScanProgressView) => void) => Promise<DocumentView>): Promise<boolean> {
    this.scanning = true;
    this.stopped = null;
    this.#came = 0;
    const componentId = this.dossier.componentId;
    const done = await this.problems.attempt(async () => {
      try {
        this.#show(
          await start(({ kind, page }) => {
            if (kind === "page") this.#came += 1;
            this.#comes(page, kind === "page");
          }),
        );
        return true;
      } finally {
        this.scanning = false;
        // What came before a jam is stored, so it is read back and shown.
        await this.dossier.refresh();
        if (this.coming.length > 0 && componentId === this.dossier.componentId) await this.#reload();
      }
    });
    return done ?? false;
  }

  #comes(page: PageView, isNew: boolean): void {
    if (isNew) {
      this.coming = [...this.coming, page];
      this.pageId = page.id;
    } else if (page.voided) {
      this.coming = this.coming.filter((other) => other.id !== page.id);
      if (this.pageId === page.id) this.pageId = this.pages.at(-1)?.id ?? null;
    } else {
      this.coming = this.coming.map((other) => (other.id === page.id ? page : other));
    }
  }

  async #reload(): Promise<void> {
    const id = this.dossier.documentId;
    if (id) this.#show(await call("open_document", { document_id: id }));
  }

  async turn(degrees: 90 | 270): Promise<void> {
    const page_id = this.pageId;
    const back = degrees === 90 ? 270 : 90;
    if (!page_id) return;
    await this.#change(
      () => call("turn_page", { page_id, degrees }),
      () => call("turn_page", { page_id, degrees: back }),
    );
  }

  async move(by: 1 | -1): Promise<void> {
    const page = this.page;
    const last = this.pages.length - 1;
    const before = this.pages.findIndex((other) => other.id === page?.id);
    const position = Math.min(last, Math.max(0, before + by));
    if (!page || position === before) return;
    await this.#change(
      () => call("move_page", { page_id: page.id, position }),
      () => call("move_page", { page_id: page.id, position: before }),
    );
  }

  beginDrawing(drawing: Drawing): void {
    if (!this.page) return;
    this.drawing = drawing;
    this.areas = [];
  }

  draw(area: PageArea): void {
    this.areas = this.drawing === "mask" ? [...this.areas, area] : [area];
  }

  endDrawing(): void {
    this.drawing = null;
    this.areas = [];
  }

  /** Cuts or masks what was drawn. */
  async applyDrawing(): Promise<void> {
    const { pageId: page_id, drawing, areas } = this;
    const area = areas[0];
    if (!page_id || !area) return;
    this.endDrawing();
    if (drawing === "crop") {
      await this.#change(
        () => call("crop_page", { page_id, area }),
        () => call("uncrop_page", { page_id }),
      );
    }
    if (drawing === "mask") await this.#mask(page_id, areas);
  }

  /** A mask on a page makes a second image of it; on such an image it is one mask more. */
  async #mask(page_id: string, areas: PageArea[]): Promise<void> {
    const before = new Set(this.pages.map((page) => page.id));
    let masked = page_id;
    await this.#change(
      async () => {
        const document = await call("mask_page", { page_id, areas });
        masked = document.pages.find((page) => !before.has(page.id))?.id ?? page_id;
        return document;
      },
      () => call("unmask_page", { page_id: masked, masks: areas.length }),
    );
  }

  async uncrop(): Promise<void> {
    const page_id = this.pageId;
    if (page_id && this.page?.cropped) await this.#change(() => call("uncrop_page", { page_id }));
  }

  /** How many pages the officer counted on the paper. */
  async declare(pages: number | null): Promise<void> {
    const document_id = this.document?.id;
    const before = this.document?.accounting.declared ?? null;
    if (!document_id) return;
    await this.#change(
      () => call("declare_pages", { document_id, pages }),
      () => call("declare_pages", { document_id, pages: before }),
    );
  }

  /** The officer says that the paper is whole as it is. */
  async vouch(): Promise<void> {
    const document_id = this.document?.id;
    if (document_id) await this.#change(() => call("vouch_pages", { document_id }));
  }

  async voidPage(reason: VoidReason): Promise<void> {
    const id = this.pageId;
    this.asking = null;
    if (!id) return;
    const index = this.pages.findIndex((page) => page.id === id);
    await this.#change(
      () => call("void_page", { page_id: id, reason }),
      () => this.#bringBack([id]),
    );
    if (this.pages.some((page) => page.id === id)) return;
    this.pageId = (this.pages[index] ?? this.pages.at(-1))?.id ?? null;
  }

  /** The first page whose image is too bad to stand for the paper. */
  get bad(): PageView | null {
    return this.pages.find((page) => page.waits_for_rescan) ?? null;
  }

  async keepPage(reason: KeepReason): Promise<void> {
    const page_id = this.pageId;
    this.asking = null;
    if (page_id) await this.#change(() => call("keep_page", { page_id, reason }));
  }

  /** Gives up all pages of the paper; they can be put back one by one. */
  async discard(): Promise<void> {
    const document_id = this.document?.id;
    this.asking = null;
    const ids = this.pages.map((page) => page.id);
    if (!document_id) return;
    await this.#change(
      () => call("discard_pages", { document_id }),
      () => this.#bringBack(ids),
    );
  }

  /** Puts pages back that were taken out, as far as that has not been done since. */
  async #bringBack(ids: string[]): Promise<DocumentView | undefined> {
    let document: DocumentView | undefined;
    for (const page_id of ids) {
      const out = (document ?? this.document)?.voided_pages ?? [];
      if (out.some((page) => page.id === page_id)) document = await call("restore_page", { page_id });
    }
    this.pageId = ids[0] ?? this.pageId;
    return document;
  }

  async restore(pageId: string): Promise<void> {
    await this.#change(() => call("restore_page", { page_id: pageId }));
    if (this.pages.some((page) => page.id === pageId)) this.pageId = pageId;
  }

  /** Takes back the last change; without one the page that was taken out last comes back. */
  async undo(): Promise<void> {
    if (this.busy || this.scanning || this.fixed) return;
    const back = this.#undo.pop();
    if (back) return this.#change(back);
    const id = this.document?.voided_pages.at(-1)?.id;
    if (id) await this.restore(id);
  }

  choose(by: 1 | -1): void {
    const index = this.pages.findIndex((page) => page.id === this.pageId);
    this.pageId = (this.pages[index + by] ?? this.page)?.id ?? null;
  }

  /** Recognises, copies and extracts; true when the document can be reviewed. */
  async extract(): Promise<boolean> {
    const id = this.document?.id;
    if (this.busy || this.scanning) return false;
    if (!id || this.pages.length === 0) {
      this.problems.current = "no_pages";
      return false;
    }
    // While the citizen still stands there.
    if (this.bad) {
      this.pageId = this.bad.id;
      this.problems.current = "pages_bad";
      return false;
    }
    this.busy = true;
    const done = await this.problems.attempt(async () => {
      await call("extract_document", { document_id: id }, (progress) => {
        if (progress.kind === "first_fields") this.firstFields = progress.fields;
        else this.extracting = progress;
      });
      await this.dossier.refresh();
      return true;
    });
    const joins = done ? await this.problems.attempt(() => call("joins", { document_id: id })) : undefined;
    this.joins = joins ?? [];
    // Cleaning straightened the pages, so they are read again when shown again.
    this.document = null;
    this.extracting = null;
    this.firstFields = [];
    this.busy = false;
    if (this.joins.length > 0) {
      await this.open();
      this.#askAboutJoin();
      return false;
    }
    return done ?? false;
  }

  #askAboutJoin(): void {
    const join = this.joins[0];
    this.asking = join ? "join" : null;
    if (join) this.pageId = join.page_id;
  }

  /** Another paper begins there, or not; true when nothing is left to ask. */
  async answerJoin(begins: boolean): Promise<boolean> {
    const [join, ...rest] = this.joins;
    if (!join) return true;
    this.asking = null;
    if (begins) {
      this.joins = [];
      const id = this.document?.id;
      let begun = "";
      await this.#change(
        async () => {
          begun = (await call("split_before", { page_id: join.page_id })).id;
          // What came before the split speaks of pages that are in another paper now.
          this.#undo = [];
          return call("open_document", { document_id: id ?? "" });
        },
        () => call("undo_split", { document_id: begun }),
      );
      return false;
    }
    await this.problems.attempt(() => call("keep_joined", { page_id: join.page_id }));
    this.joins = rest;
    this.#askAboutJoin();
    return rest.length === 0;
  }

  async #change(act: () => Promise<DocumentView | undefined>, back?: () => Promise<DocumentView | undefined>): Promise<void> {
    if (this.busy || this.scanning || this.fixed) return;
    this.busy = true;
    await this.problems.attempt(async () => {
      const document = await act();
      if (document) this.#show(document);
      if (back) this.#undo.push(back);
      await this.dossier.refresh();
    });
    this.busy = false;
  }

  #show(document: DocumentView): void {
    this.document = document;
    this.coming = [];
    if (!this.page) this.pageId = document.pages.at(-1)?.id ?? null;
  }
}
