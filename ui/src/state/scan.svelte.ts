// Pages coming in and being put in order.
import { call } from "../ipc/call";
import type {
  DeviceView,
  DocumentView,
  ExtractProgressView,
  FirstFieldView,
  PageView,
  ScanProgressView,
  ScanSource,
  VoidReason,
} from "../ipc/generated/commands";
import { vi } from "../text/vi";
import type { CurrentDossier } from "./dossier.svelte";
import type { Problems } from "./problems.svelte";

/** What the law asks for at least, and what reads best without being slow. */
const USUAL_DPI = 200;

export class Scanning {
  devices = $state.raw<DeviceView[]>([]);
  deviceId = $state<string | null>(null);
  source = $state<ScanSource>("feeder");
  dpi = $state(USUAL_DPI);
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
  /** The reason is being asked for. */
  voiding = $state(false);
  #voided: string[] = [];

  constructor(
    readonly problems: Problems,
    readonly dossier: CurrentDossier,
  ) {}

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

  /** Pages cannot change once their document is stored for good. */
  get fixed(): boolean {
    return this.dossier.component?.document?.state === "deposited";
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
    const device = this.device;
    if (!device) return;
    if (!device.sources.includes(this.source)) this.source = device.sources[0] ?? "flatbed";
    if (!device.resolutions_dpi.includes(this.dpi)) {
      const enough = device.resolutions_dpi.filter((dpi) => dpi >= USUAL_DPI);
      this.dpi = (enough.length ? Math.min(...enough) : Math.max(...device.resolutions_dpi)) || USUAL_DPI;
    }
  }

  /** Shows the pages of the paper in hand. */
  async open(): Promise<void> {
    const id = this.dossier.documentId;
    this.coming = [];
    this.voiding = false;
    if (!id) {
      this.document = null;
      this.pageId = null;
      return;
    }
    if (this.document?.id === id) return;
    this.document = null;
    const document = await this.problems.attempt(() => call("open_document", { document_id: id }));
    if (document && this.dossier.documentId === id) this.#show(document);
  }

  async scan(): Promise<void> {
    const component = this.dossier.component;
    const id = this.dossier.dossier?.id;
    const device = this.device;
    if (!id || !component || !device || this.scanning || this.busy) return;
    const request = { dossier_id: id, component_id: component.id, device_id: device.id, source: this.source, dpi: this.dpi };
    await this.#take((each) => call("scan_pages", request, each));
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

  async #take(start: (each: (progress: ScanProgressView) => void) => Promise<DocumentView>): Promise<void> {
    this.scanning = true;
    const componentId = this.dossier.componentId;
    await this.problems.attempt(async () => {
      try {
        this.#show(
          await start((progress) => {
            this.coming = [...this.coming, progress.page];
            this.pageId = progress.page.id;
          }),
        );
      } finally {
        this.scanning = false;
        // What came before a jam is stored, so it is read back and shown.
        await this.dossier.refresh();
        if (this.coming.length > 0 && componentId === this.dossier.componentId) await this.#reload();
      }
    });
  }

  async #reload(): Promise<void> {
    const id = this.dossier.documentId;
    if (id) this.#show(await call("open_document", { document_id: id }));
  }

  async turn(degrees: 90 | 270): Promise<void> {
    const id = this.pageId;
    if (id) await this.#change(() => call("turn_page", { page_id: id, degrees }));
  }

  async move(by: 1 | -1): Promise<void> {
    const page = this.page;
    const last = this.pages.length - 1;
    const position = Math.min(last, Math.max(0, this.pages.findIndex((other) => other.id === page?.id) + by));
    if (page) await this.#change(() => call("move_page", { page_id: page.id, position }));
  }

  async voidPage(reason: VoidReason): Promise<void> {
    const id = this.pageId;
    this.voiding = false;
    if (!id) return;
    const index = this.pages.findIndex((page) => page.id === id);
    await this.#change(() => call("void_page", { page_id: id, reason }));
    if (this.pages.some((page) => page.id === id)) return;
    this.#voided.push(id);
    this.pageId = (this.pages[index] ?? this.pages.at(-1))?.id ?? null;
  }

  async restore(pageId: string): Promise<void> {
    await this.#change(() => call("restore_page", { page_id: pageId }));
    this.#voided = this.#voided.filter((id) => id !== pageId);
    if (this.pages.some((page) => page.id === pageId)) this.pageId = pageId;
  }

  /** Brings back the page that was taken out last. */
  async undo(): Promise<void> {
    const out = this.document?.voided_pages ?? [];
    const id = this.#voided.findLast((id) => out.some((page) => page.id === id)) ?? out.at(-1)?.id;
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
    this.busy = true;
    const done = await this.problems.attempt(async () => {
      await call("extract_document", { document_id: id }, (progress) => {
        if (progress.kind === "first_fields") this.firstFields = progress.fields;
        else this.extracting = progress;
      });
      await this.dossier.refresh();
      return true;
    });
    // Cleaning straightened the pages, so they are read again when shown again.
    this.document = null;
    this.extracting = null;
    this.firstFields = [];
    this.busy = false;
    return done ?? false;
  }

  async #change(act: () => Promise<DocumentView>): Promise<void> {
    if (this.busy || this.scanning || this.fixed) return;
    this.busy = true;
    await this.problems.attempt(async () => {
      this.#show(await act());
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
