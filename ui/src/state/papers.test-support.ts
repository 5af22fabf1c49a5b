// Invented papers for the tests of the states.
import type { DisagreementView, DossierView, FieldView, PageView, ReviewView } from "../ipc/generated/commands";

export function page(id: string, position: number): PageView {
  return {
    id,
    position,
    width_px: 1654,
    height_px: 2339,
    look: "0",
    turned_deg: 0,
    blank: false,
    waits_for_rescan: false,
    kept_bad: null,
    masked_from: null,
    cropped: false,
    verdict: null,
    reasons: [],
    voided: null,
  };
}

export function field(name: string, change: Partial<FieldView> = {}): FieldView {
  return {
    name,
    label: name,
    value_type: "text",
    value: `${name} value`,
    shown: [],
    grade: "certain",
    source: "ocr",
    outline: null,
    handwritten: false,
    readings: [],
    doubtful_letters: [],
    doubts: [],
    required: false,
    confirmed: false,
    open: false,
    second_person: null,
    ...change,
  };
}

export function review(fields: FieldView[], change: Partial<ReviewView> = {}): ReviewView {
  return {
    document: {
      id: "document",
      local_code: "80001-01-000007-K",
      dossier_id: "dossier",
      component_id: "component-0",
      state: "extracted",
      pages: [page("page-0", 0)],
      voided_pages: [],
      accounting: { declared: null, kept: 1, masked: 0, blank: 0, removed: 0, gaps: [], vouched: false },
    },
    document_type: "official_document",
    title: "Official document",
    type_grade: "certain",
    fields,
    open_count: fields.filter((one) => one.open).length,
    for_another_count: 0,
    ...change,
  };
}

type State = "scanning" | "extracted" | "deposited" | null;

/** A dossier whose components stand as told; `null` is not scanned yet. */
export function dossier(...states: State[]): DossierView {
  return {
    id: "dossier",
    provisional_number: "21-0001",
    code: null,
    procedure: null,
    procedure_name: null,
    owner_id: null,
    owner_name: null,
    owner_birth_on: null,
    owner_sex: null,
    owner_address: null,
    received_at: "2026-11-21T02:00:00Z",
    components: states.map((state, index) => ({
      id: `component-${index}`,
      name: `Paper ${index}`,
      code: null,
      submitted_as: "original",
      to_digitise: true,
      document: state && {
        id: index === 0 ? "document" : `document-${index}`,
        local_code: `code-${index}`,
        state,
        pages: 1,
        blank_pages: 0,
        voided_pages: 0,
        open_fields: 0,
      },
      reused: null,
    })),
  };
}

/** Two papers that name the owner differently. */
export function disagreement(): DisagreementView {
  const side = (documentId: string, value: string) => ({
    place: { document_id: documentId, field: "owner_name" },
    value,
    letters: [{ from: 9, to: 10 }],
    papers: [documentId],
    as_received: false,
    page: null,
    outline: null,
  });
  return { part: "name", first: side("document", "Trần Văn Bình"), other: side("document-1", "Trần Văn Bính") };
}
