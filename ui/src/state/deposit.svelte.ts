// The record of the paper in hand, once it is stored.
import { call } from "../ipc/call";
import type { RecordView } from "../ipc/generated/commands";
import type { CurrentDossier } from "./dossier.svelte";
import type { Problems } from "./problems.svelte";

export class Depositing {
  record = $state.raw<RecordView | null>(null);
  exportedTo = $state<string | null>(null);
  busy = $state(false);

  constructor(
    readonly problems: Problems,
    readonly dossier: CurrentDossier,
  ) {}

  take(record: RecordView): void {
    this.record = record;
    this.exportedTo = null;
  }

  async load(): Promise<void> {
    const document = this.dossier.component?.document;
    if (this.record && this.record.document_id === document?.id) return;
    this.record = null;
    this.exportedTo = null;
    if (document?.state !== "deposited") return;
    const record = await this.problems.attempt(() => call("show_record", { local_code: document.local_code }));
    if (record && this.dossier.documentId === record.document_id) this.record = record;
  }

  async exportCopy(): Promise<void> {
    const code = this.record?.local_code;
    if (!code || this.busy) return;
    this.busy = true;
    const exported = await this.problems.attempt(() => call("export_record", { local_code: code }));
    this.busy = false;
    if (exported?.folder) this.exportedTo = exported.folder;
  }
}
