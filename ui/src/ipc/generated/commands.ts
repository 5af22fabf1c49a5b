// Written by the test `bindings_are_current`: UPDATE_BINDINGS=1 cargo nextest run -p window bindings

export type AccountingView = { declared: number | null, 
/**
 * Images that stand for a page of the paper.
 */
kept: number, 
/**
 * Second images with a note masked.
 */
masked: number, 
/**
 * Empty sides that were set aside.
 */
blank: number, 
/**
 * Taken out for another reason.
 */
removed: number, gaps: Array<GapView>, 
/**
 * An officer vouches for these gaps.
 */
vouched: boolean, };

export type AddFiles = { dossier_id: string, component_id: string, paths: Array<string>, };

export type AnswerView = { delivered: number, centre: CentreView, };

export type BackUp = { folder: string, };

export type BackupView = { last: LastBackupView | null, 
/**
 * It is time for another one.
 */
is_due: boolean, };

export type Blanks = "keep" | "set_aside";

export type BundleView = { file: string, records: number, 
/**
 * They did not fit.
 */
left: number, centre: CentreView, };

export type CameraProgressView = { "kind": "live", live: LiveView, } | { "kind": "page", page: PageView, } | { "kind": "appraised", page: PageView, };

export type CardView = { id: string, name: string, 
/**
 * `YYYY-MM-DD`.
 */
birth_on: string, sex: string, address: string, 
/**
 * A person has to compare the name with the card.
 */
name_doubtful: boolean, 
/**
 * A person has to compare the address with the card.
 */
address_doubtful: boolean, };

export type CarryIn = { folder: string, };

export type CentreStop = "unreachable" | "stalled" | "untrusted" | "busy" | "revoked" | "two_vaults" | "over_quota" | "other";

export type CentreView = { 
/**
 * `null` where the desk belongs to no centre.
 */
url: string | null, 
/**
 * The desk asked to be let in, and no answer came.
 */
enrolling: boolean, waiting: number, parked: number, delivered: number, 
/**
 * When the centre last answered.
 */
spoke_at: string | null, stop: CentreStop | null, 
/**
 * By how many minutes this computer's clock is off, where that is too much.
 */
clock_off_minutes: number | null, records: Array<OutboxView>, };

export type CertificateView = { digest: string, name: string, issuer: string, valid_until: string, 
/**
 * Why the officer does not sign with it, if so.
 */
unfit: ErrorCode | null, };

export type ChangePassphrase = { old: string, new: string, };

export type ChangeType = { document_id: string, document_type: string, };

export type ChooseFiles = { title: string, kinds: string, };

export type ChooseFolder = { title: string, };

export type Colour = "colour" | "grey";

export type CombineSides = { document_id: string, };

export type ComponentView = { id: string, name: string, code: string | null, submitted_as: SubmittedAs, 
/**
 * False for paper copies, which Circular 01/2023, art. 4 leaves out.
 */
to_digitise: boolean, document: DocumentSummaryView | null, 
/**
 * The paper that was digitised before and answers it instead.
 */
reused: DigitisedView | null, };

export type ConfirmField = { document_id: string, field: string, value: string, };

export type CopySigned = "no" | "without_timestamp" | "with_timestamp" | "born_electronic";

export type Covers = "whole_file" | "whole_revision" | "from_start" | "unclear";

export type CreateVault = { officer_name: string, office_code: string, passphrase: string, };

export type CropPage = { page_id: string, area: PageArea, };

export type CrossCheck = { document_id: string, };

export type DeclarePages = { document_id: string, pages: number | null, };

export type DeliveryState = "waiting" | "delivered" | "parked_conflict" | "parked_damaged" | "parked_newer" | "parked_other";

export type DepositDocument = { document_id: string, 
/**
 * Keys pressed since the deposit before.
 */
keys: number, 
/**
 * Clicks since then.
 */
clicks: number, };

export type DeskStateView = { vault: VaultState, officer_name: string | null, office_code: string | null, 
/**
 * Who may sign in, the one who came last in front; nobody where there is one officer
 * only, and nothing to choose.
 */
officers: Array<string>, 
/**
 * What the officer who is signed in may do.
 */
rights: Array<Right>, 
/**
 * Minutes without a hand on the desk after which it locks.
 */
idle_minutes: number, 
/**
 * The same while the desk itself is at work.
 */
idle_at_work_minutes: number, 
/**
 * Set on the demonstration desk only, whose passphrase is no secret.
 */
demonstration_passphrase: string | null, };

export type DeviceView = { id: string, 
/**
 * As the device calls itself; the demonstration's feeder has no name of its own.
 */
name: string | null, sources: Array<ScanSource>, 
/**
 * Its feeder scans both sides of a sheet by itself.
 */
both_sides: boolean, resolutions_dpi: Array<number>, 
/**
 * It looks down on a table, and can be watched.
 */
camera: boolean, };

export type DigitisedView = { document_id: string, local_code: string, code: string, 
/**
 * It was digitised at another desk.
 */
at_centre: boolean, title: string, number: string | null, issued_on: string | null, issuer: string | null, valid_until: string | null, deposited_at: string, };

export type DisagreementView = { part: PersonPart, first: SideView, other: SideView, };

export type DiscardPages = { document_id: string, };

export type DocumentState = "scanning" | "extracted" | "deposited";

export type DocumentSummaryView = { id: string, local_code: string, state: DocumentState, pages: number, blank_pages: number, 
/**
 * Pages taken out.
 */
voided_pages: number, 
/**
 * Fields that a person must still look at.
 */
open_fields: number, };

export type DocumentTypeView = { name: string, title: string, };

export type DocumentView = { id: string, local_code: string, dossier_id: string, component_id: string, state: DocumentState, pages: Array<PageView>, voided_pages: Array<PageView>, accounting: AccountingView, };

export type DossierView = { id: string, 
/**
 * `03-0142`, for people to say aloud.
 */
provisional_number: string, code: string | null, procedure: string | null, procedure_name: string | null, owner_id: string | null, owner_name: string | null, 
/**
 * `YYYY-MM-DD`.
 */
owner_birth_on: string | null, owner_sex: string | null, owner_address: string | null, 
/**
 * RFC 3339, UTC.
 */
received_at: string, components: Array<ComponentView>, };

export type Doubt = "handwritten" | "engines_disagree" | "one_engine_only" | "unsure" | "rule_fails" | "contradicts" | "poor_image" | "kind_uncertain" | "place_uncertain" | "sampled" | "poor_record";

export type Engine = "neural" | "tesseract" | "aster";

export type EnrolDesk = { ticket: string, };

export type ErasePage = { page_id: string, reason: EraseReason, };

export type EraseReason = "of_another" | "on_request" | "no_paper";

export type ErrorCode = "not_signed_in" | "wrong_passphrase" | "wrong_recovery_key" | "weak_passphrase" | "passphrase_must_change" | "passphrase_unchanged" | "must_wait" | "officer_disabled" | "not_your_right" | "masked" | "office_code_invalid" | "officer_name_missing" | "vault_exists" | "vault_in_use" | "vault_newer" | "vault_damaged" | "at_the_centre" | "disk_full" | "disk_failed" | "resources_missing" | "owner_id_invalid" | "no_components" | "not_found" | "feeder_empty" | "jammed" | "cover_open" | "device_busy" | "device_gone" | "scanner_system_absent" | "source_not_offered" | "cancelled" | "file_empty" | "file_unknown" | "file_encrypted" | "file_damaged" | "file_too_large" | "file_unreadable" | "too_many_pages" | "worker_lost" | "not_recognised" | "engine_absent" | "no_pages" | "not_extracted" | "fields_open" | "another_officer" | "value_breaks_rule" | "papers_disagree" | "not_a_card" | "sides_differ" | "locked" | "policy_unusable" | "pages_unaccounted" | "pages_bad" | "not_in_force" | "no_backup" | "too_little_room" | "held_by_original" | "held_by_signature" | "held_by_record" | "already_deposited" | "electronic_original" | "nothing_to_sign" | "token_gone" | "nothing_to_sign_with" | "wrong_pin" | "wrong_pin_last_try" | "last_try" | "pin_locked" | "pin_expired" | "certificate_expired" | "certificate_not_yet_valid" | "certificate_for_another_use" | "certificate_of_another" | "signing_failed" | "not_a_ticket" | "not_an_answer" | "no_centre" | "centre_unreachable" | "centre_untrusted" | "centre_busy" | "invitation_invalid" | "copy_failed" | "export_failed" | "internal";

export type ExportRecord = { local_code: string, };

export type ExportView = { folder: string, };

export type ExtractDocument = { document_id: string, };

export type ExtractProgressView = { "kind": "recognising" } | { "kind": "first_fields", fields: Array<FirstFieldView>, } | { "kind": "copying" } | { "kind": "extracting" };

export type FieldView = { name: string, label: string, 
/**
 * `date`, `text`, …: decides how the value is written on the screen.
 */
value_type: string, 
/**
 * The value that stands: the person's, or else the proposed one.
 */
value: string, shown: Array<ShownWord>, grade: Grade, source: Source, outline: OutlineView | null, handwritten: boolean, readings: Array<ReadingView>, 
/**
 * The letters of the proposed value on which the readings differ, or of which
 * an engine was unsure.
 */
doubtful_letters: Array<LettersView>, doubts: Array<Doubt>, required: boolean, 
/**
 * A person has decided.
 */
confirmed: boolean, 
/**
 * A person must still look.
 */
open: boolean, 
/**
 * The field takes two officers.
 */
second_person: SecondPersonView | null, };

export type FirstFieldView = { name: string, label: string, value_type: string, value: string, shown: Array<ShownWord>, };

export type GapView = { "kind": "broken_off", stored: number, } | { "kind": "lost", delivered: number, stored: number, } | { "kind": "missing", number: number, } | { "kind": "declared", declared: number, kept: number, };

export type Grade = "empty" | "check" | "certain";

export type Held = "by_original" | "by_signature" | "by_record";

export type JoinReason = "slip" | "count" | "another_kind" | "head";

export type JoinView = { page_id: string, reason: JoinReason, };

export type Joins = { document_id: string, };

export type Judged = "good" | "bad" | "cannot_tell";

export type KeepJoined = { page_id: string, };

export type KeepPage = { page_id: string, reason: KeepReason, };

export type KeepPlace = { document_id: string, step: Step, field: string | null, };

export type KeepReason = "paper_is_so" | "no_second_scan";

export type LastBackupView = { folder: string, made_at: string, sealed_files: number, 
/**
 * When it was last opened to see that it can be brought back.
 */
tried_at: string | null, };

export type LettersView = { from: number, to: number, };

export type LinkPaper = { dossier_id: string, component_id: string, document_id: string, };

export type ListOffers = { dossier_id: string, };

export type LiveView = { 
/**
 * Another one for each picture.
 */
number: number, width_px: number, height_px: number, 
/**
 * The corners of the sheet that was found, clockwise, as x and y in pixels.
 */
outline: Array<[number, number]> | null, 
/**
 * What lies there is a page already.
 */
taken: boolean, };

export type MakeSlip = { dossier_id: string, kind: string, 
/**
 * What the slip asks for, by name.
 */
answers: { [key in string]: string }, };

export type MaskPage = { page_id: string, areas: Array<PageArea>, };

export type MovePage = { page_id: string, position: number, };

export type OfferView = { component_id: string, paper: DigitisedView, in_force: boolean, };

export type OpenDocument = { document_id: string, };

export type OpenDossier = { dossier_id: string, };

export type OpenedBy = "plain" | "component" | "slip";

export type OriginalView = { size_bytes: number, digest: string, signatures: Array<SignatureView>, };

export type OutboxView = { local_code: string, version: number, deposited_at: string, state: DeliveryState, received_at: string | null, };

export type OutlineView = { 
/**
 * Position of the page in the document, from 0.
 */
page: number, x: number, y: number, width: number, height: number, };

export type PageArea = { x: number, y: number, width: number, height: number, };

export type PageView = { id: string, position: number, 
/**
 * Size of the upright page, the frame in which boxes are given.
 */
width_px: number, height_px: number, 
/**
 * Changes whenever the upright picture does, so that no stale one is shown.
 */
look: string, turned_deg: number, 
/**
 * Nothing stands on it. Known once the page has been read.
 */
blank: boolean, 
/**
 * A bad image: it is to be scanned again, or kept with a reason.
 */
waits_for_rescan: boolean, kept_bad: KeepReason | null, 
/**
 * The page that this one is an image of too, with a note masked.
 */
masked_from: string | null, 
/**
 * Something was cut off by hand.
 */
cropped: boolean, 
/**
 * `null` until the page has been read.
 */
verdict: Verdict | null, reasons: Array<QualityReason>, 
/**
 * Set on a page that was taken out.
 */
voided: VoidReason | null, };

export type PageWords = { page_id: string, };

export type PaperToSignView = { document_id: string, local_code: string, title: string, pages: number, digitised_by: string, 
/**
 * By the officer who is signed in.
 */
own: boolean, digitised_at: string, deposited: boolean, };

export type PersonPart = "name" | "id" | "birth_date";

export type PlaceView = { document_id: string | null, field: string, };

export type PlacementView = { "at": "end" } | { "at": "before", page_id: string, } | { "at": "in_place_of", page_id: string, };

export type PrintSlips = { dossier_id: string, };

export type ProcedureComponentView = { name: string, code: string | null, document_type: string | null, result_type: string | null, };

export type ProcedureView = { code: string, name: string, components: Array<ProcedureComponentView>, };

export type ProfileView = { name: string, 
/**
 * `null`: the device chosen at the desk.
 */
device: string | null, source: ScanSource, sides: Sides, dpi: number, colour: Colour, blanks: Blanks, };

export type ProfilesView = { profiles: Array<ProfileView>, 
/**
 * An administrator decided them.
 */
locked: boolean, };

export type PutBack = { page_id: string, };

export type PutInOrder = { document_id: string, page_ids: Array<string>, };

export type QualityReason = "low_resolution" | "blurred" | "faint" | "dark" | "noisy" | "skewed" | "cut_off" | "folded_corner" | "double_feed" | "way_up" | "no_outline";

export type ReadCard = { typed: string, };

export type ReadingView = { engine: Engine, value: string, };

export type ReceiveDossier = { owner_id: string | null, owner_name: string | null, 
/**
 * What the owner's card says beside, when it was read: `YYYY-MM-DD`.
 */
owner_birth_on: string | null, owner_sex: string | null, owner_address: string | null, procedure: string | null, components: Array<ReceivedComponent>, };

export type ReceivedComponent = { name: string, code: string | null, result_type: string | null, submitted_as: SubmittedAs, };

export type RecordView = { document_id: string, dossier_id: string, local_code: string, 
/**
 * The digitisation code.
 */
code: string, 
/**
 * True until a centre has confirmed the code.
 */
provisional: boolean, version: number, document_type: string, title: string, values: Array<ValueView>, 
/**
 * The pictures of the pages are shown only to who asks for them.
 */
pictures_masked: boolean, copy_size_bytes: number, copy_digest: string, signed: CopySigned, 
/**
 * When it was signed, by an authority's clock or else by the desk's.
 */
signed_at: string | null, deposited_at: string, 
/**
 * `null` when it was another officer than the one signed in.
 */
deposited_by: string | null, pages: Array<PageView>, };

export type Recover = { 
/**
 * `null` where there is one officer only.
 */
officer: string | null, recovery_key: string, passphrase: string, };

export type RestorePage = { page_id: string, };

export type Reveal = { local_code: string, 
/**
 * The field; `null` asks for the pictures of the pages.
 */
field: string | null, };

export type Review = { document_id: string, };

export type ReviewView = { document: DocumentView, document_type: string, title: string, 
/**
 * Whether the type of paper itself is certain.
 */
type_grade: Grade, fields: Array<FieldView>, open_count: number, 
/**
 * Fields that wait for an officer who is not signed in.
 */
for_another_count: number, };

export type Right = "see_open_papers" | "find" | "reveal" | "sign" | "scan" | "decide" | "erase" | "back_up" | "send" | "enrol";

export type Rule = { document_id: string, first: PlaceView, other: PlaceView, settlement: Settlement, };

export type RulingView = { id: string, };

export type ScanPages = { dossier_id: string, component_id: string, device_id: string, 
/**
 * Its place in the list of profiles.
 */
profile: number, placement: PlacementView, };

export type ScanProgressView = { "kind": "page", page: PageView, } | { "kind": "appraised", page: PageView, };

export type ScanSource = "feeder" | "flatbed";

export type ScanStack = { dossier_id: string, device_id: string, 
/**
 * Its place in the list of profiles.
 */
profile: number, };

export type Search = { words: string, };

export type SearchHitView = { local_code: string, code: string, number: string | null, owner_name: string | null, document_type: string, title: string | null, issued_on: string | null, 
/**
 * The words were found as they were typed, accents and all.
 */
exact: boolean, };

export type SecondPersonView = { turn: Turn, 
/**
 * What was entered, oldest first, as far as this officer may see it.
 */
entries: Array<string>, };

export type SetProfiles = { profiles: Array<ProfileView>, };

export type SetStillness = { by_stillness: boolean, };

export type Settlement = "first_right" | "other_right" | "two_people" | "both_as_written";

export type ShowOriginal = { document_id: string, };

export type ShowRecord = { local_code: string, };

export type ShownWord = { value: string, shown: string, };

export type SideView = { place: PlaceView, value: string, 
/**
 * The letters that the other side does not have.
 */
letters: Array<LettersView>, 
/**
 * The papers that say so, as the dossier names them; none for the owner as
 * received.
 */
papers: Array<string>, as_received: boolean, 
/**
 * Where it can be seen.
 */
page: PageView | null, outline: OutlineView | null, };

export type Sides = "one" | "both" | "by_hand";

export type SignIn = { 
/**
 * `null` where there is one officer only.
 */
officer: string | null, passphrase: string, 
/**
 * What the passphrase shall be, where somebody else has set it.
 */
new_passphrase: string | null, };

export type SignPapers = { module: string, serial: string, certificate: string, pin: string, use_last_try: boolean, document_ids: Array<string>, };

export type SignProgressView = { document_id: string, };

export type SignatureView = { name: string, issuer: string, 
/**
 * When an authority saw it, else when it says it was made.
 */
at: string | null, timestamped: boolean, is_timestamp: boolean, digest_algorithm: string, answer: Judged, intact: Judged, covers: Covers, algorithm: Judged, certificate: Judged, chain: Judged, };

export type SignedView = { signed: number, 
/**
 * Why it ended early, if it did; what was signed stays signed.
 */
stopped_by: ErrorCode | null, waiting: ToSignView, };

export type SlipAskView = { name: string, label: string, 
/**
 * The answer is a day.
 */
is_day: boolean, required: boolean, };

export type SlipKindView = { kind: string, title: string, asks: Array<SlipAskView>, };

export type SlipsView = { file: string, };

export type Sort = "number" | "day" | "identity" | "name" | "words";

export type Source = "ocr" | "qr" | "mrz" | "rule" | "dossier" | "officer";

export type SplitBefore = { page_id: string, };

export type StackPaperView = { document_id: string, local_code: string, dossier_id: string, component_id: string, pages: number, 
/**
 * `null` for the first paper of a stack that begins without a separator.
 */
opened_by: OpenedBy | null, unknown_slip: boolean, };

export type StackView = { papers: Array<StackPaperView>, 
/**
 * Named separators behind which no page came.
 */
without_pages: number, 
/**
 * Separators that were read and set aside.
 */
separators: number, };

export type StatusView = { outbox_waiting: number, 
/**
 * Records that the centre did not take: a person must look.
 */
outbox_parked: number, 
/**
 * Copies that wait for a signature; `null` for who signs none.
 */
to_sign: number | null, 
/**
 * `null` where the system does not say.
 */
disk_free_bytes: number | null, 
/**
 * Another backup is due; `null` for who makes none.
 */
backup_due: boolean | null, 
/**
 * Acknowledged writes that the disk has lost.
 */
lost_writes: number, 
/**
 * Engines that the desk has to do without, the one that is missed most in front.
 */
absent_engines: Array<Engine>, };

export type Step = "scan" | "review" | "deposit";

export type SubmittedAs = "original" | "certified_copy" | "plain_copy" | "electronic";

export type TakeBackRuling = { ruling_id: string, };

export type TakeOutAgain = { page_id: string, reason: VoidReason, };

export type ToSignView = { papers: Array<PaperToSignView>, 
/**
 * Signed copies that have no timestamp yet.
 */
without_timestamp: number, };

export type TokenView = { module: string, serial: string, label: string, few_tries: boolean, last_try: boolean, locked: boolean, certificates: Array<CertificateView>, };

export type TrashedView = { page: PageView, 
/**
 * What its paper is, as far as that is known.
 */
title: string, local_code: string, dossier: string, owner: string | null, reason: VoidReason, voided_at: string, 
/**
 * From when on it is erased with the rest.
 */
erasable_at: string, 
/**
 * Why it cannot be erased at all.
 */
held: Held | null, };

export type TryBackup = { passphrase: string, };

export type Turn = "first" | "second" | "decide" | "another" | "settled";

export type TurnPage = { page_id: string, degrees: number, };

export type UncropPage = { page_id: string, };

export type UndoField = { document_id: string, field: string, };

export type UndoSplit = { document_id: string, };

export type UnfinishedView = { dossier_id: string, component_id: string, provisional_number: string, 
/**
 * By name, or by number where no name is known.
 */
owner: string | null, 
/**
 * The paper, as the list of the procedure calls it.
 */
name: string, pages: number, 
/**
 * The program ended in the midst of a scan.
 */
broken_off: boolean, step: Step, 
/**
 * The field that was in hand.
 */
field: string | null, 
/**
 * RFC 3339, UTC.
 */
at: string, };

export type UnlinkPaper = { dossier_id: string, component_id: string, };

export type UnmaskPage = { page_id: string, masks: number, };

export type ValueView = { name: string, label: string, value_type: string, value: string, shown: Array<ShownWord>, source: Source, 
/**
 * A person answers for it.
 */
confirmed: boolean, 
/**
 * All but its last signs is covered until the officer asks for it.
 */
masked: boolean, };

export type VaultMadeView = { recovery_key: string, };

export type VaultState = "absent" | "locked" | "open";

export type Verdict = "good" | "doubtful" | "bad";

export type VoidPage = { page_id: string, reason: VoidReason, };

export type VoidReason = "blank" | "duplicate" | "rescanned" | "wrong_document" | "discarded" | "separator";

export type VouchPages = { document_id: string, };

export type WaitingValueView = { document_id: string, field: string, label: string, value_type: string, value: string, shown: Array<ShownWord>, sort: Sort, 
/**
 * It looks unlike the others of its field, or breaks its rule.
 */
stranger: boolean, page: PageView, outline: OutlineView | null, };

export type WatchCamera = { dossier_id: string, component_id: string, device_id: string, 
/**
 * Its place in the list of profiles; it says what becomes of empty sides.
 */
profile: number, placement: PlacementView, 
/**
 * A page is taken by itself once a paper lies still.
 */
by_stillness: boolean, };

export type WordView = { text: string, x: number, y: number, width: number, height: number, };

export interface Commands {
  desk_state: { request: null; answer: DeskStateView; progress: never };
  create_vault: { request: CreateVault; answer: VaultMadeView; progress: never };
  recovery_key_kept: { request: null; answer: DeskStateView; progress: never };
  change_passphrase: { request: ChangePassphrase; answer: null; progress: never };
  sign_in: { request: SignIn; answer: DeskStateView; progress: never };
  still_here: { request: null; answer: null; progress: never };
  recover: { request: Recover; answer: DeskStateView; progress: never };
  sign_out: { request: null; answer: DeskStateView; progress: never };
  status: { request: null; answer: StatusView; progress: never };
  list_procedures: { request: null; answer: Array<ProcedureView>; progress: never };
  receive_dossier: { request: ReceiveDossier; answer: DossierView; progress: never };
  list_dossiers: { request: null; answer: Array<DossierView>; progress: never };
  open_dossier: { request: OpenDossier; answer: DossierView; progress: never };
  list_unfinished: { request: null; answer: Array<UnfinishedView>; progress: never };
  keep_place: { request: KeepPlace; answer: null; progress: never };
  list_offers: { request: ListOffers; answer: Array<OfferView>; progress: never };
  ask_centre: { request: ListOffers; answer: Array<OfferView>; progress: never };
  link_paper: { request: LinkPaper; answer: DossierView; progress: never };
  unlink_paper: { request: UnlinkPaper; answer: DossierView; progress: never };
  read_card: { request: ReadCard; answer: CardView; progress: never };
  list_devices: { request: null; answer: Array<DeviceView>; progress: never };
  scan_pages: { request: ScanPages; answer: DocumentView; progress: ScanProgressView };
  cancel_scan: { request: null; answer: null; progress: never };
  watch_camera: { request: WatchCamera; answer: DocumentView; progress: CameraProgressView };
  press_shutter: { request: null; answer: null; progress: never };
  set_stillness: { request: SetStillness; answer: null; progress: never };
  choose_files: { request: ChooseFiles; answer: Array<string>; progress: never };
  add_files: { request: AddFiles; answer: DocumentView; progress: ScanProgressView };
  open_document: { request: OpenDocument; answer: DocumentView; progress: never };
  show_original: { request: ShowOriginal; answer: OriginalView | null; progress: never };
  turn_page: { request: TurnPage; answer: DocumentView; progress: never };
  move_page: { request: MovePage; answer: DocumentView; progress: never };
  crop_page: { request: CropPage; answer: DocumentView; progress: never };
  uncrop_page: { request: UncropPage; answer: DocumentView; progress: never };
  mask_page: { request: MaskPage; answer: DocumentView; progress: never };
  unmask_page: { request: UnmaskPage; answer: DocumentView; progress: never };
  combine_sides: { request: CombineSides; answer: DocumentView; progress: never };
  put_in_order: { request: PutInOrder; answer: DocumentView; progress: never };
  void_page: { request: VoidPage; answer: DocumentView; progress: never };
  keep_page: { request: KeepPage; answer: DocumentView; progress: never };
  discard_pages: { request: DiscardPages; answer: DocumentView; progress: never };
  restore_page: { request: RestorePage; answer: DocumentView; progress: never };
  declare_pages: { request: DeclarePages; answer: DocumentView; progress: never };
  vouch_pages: { request: VouchPages; answer: DocumentView; progress: never };
  list_profiles: { request: null; answer: ProfilesView; progress: never };
  set_profiles: { request: SetProfiles; answer: ProfilesView; progress: never };
  scan_stack: { request: ScanStack; answer: StackView; progress: ScanProgressView };
  joins: { request: Joins; answer: Array<JoinView>; progress: never };
  split_before: { request: SplitBefore; answer: DocumentView; progress: never };
  undo_split: { request: UndoSplit; answer: DocumentView; progress: never };
  keep_joined: { request: KeepJoined; answer: null; progress: never };
  print_slips: { request: PrintSlips; answer: SlipsView; progress: never };
  list_slips: { request: null; answer: Array<SlipKindView>; progress: never };
  make_slip: { request: MakeSlip; answer: SlipsView; progress: never };
  list_document_types: { request: null; answer: Array<DocumentTypeView>; progress: never };
  extract_document: { request: ExtractDocument; answer: ReviewView; progress: ExtractProgressView };
  review: { request: Review; answer: ReviewView; progress: never };
  confirm_field: { request: ConfirmField; answer: ReviewView; progress: never };
  undo_field: { request: UndoField; answer: ReviewView; progress: never };
  change_type: { request: ChangeType; answer: ReviewView; progress: never };
  page_words: { request: PageWords; answer: Array<WordView>; progress: never };
  cross_check: { request: CrossCheck; answer: Array<DisagreementView>; progress: never };
  rule: { request: Rule; answer: RulingView; progress: never };
  take_back_ruling: { request: TakeBackRuling; answer: null; progress: never };
  list_waiting_values: { request: null; answer: Array<WaitingValueView>; progress: never };
  deposit_document: { request: DepositDocument; answer: RecordView; progress: never };
  export_record: { request: ExportRecord; answer: ExportView; progress: never };
  centre_state: { request: null; answer: CentreView; progress: never };
  send_now: { request: null; answer: CentreView; progress: never };
  enrol_desk: { request: EnrolDesk; answer: CentreView; progress: never };
  write_bundle: { request: CarryIn; answer: BundleView; progress: never };
  take_answer: { request: CarryIn; answer: AnswerView; progress: never };
  try_parked_again: { request: null; answer: CentreView; progress: never };
  list_to_sign: { request: null; answer: ToSignView; progress: never };
  list_tokens: { request: null; answer: Array<TokenView>; progress: never };
  sign_papers: { request: SignPapers; answer: SignedView; progress: SignProgressView };
  add_timestamps: { request: null; answer: ToSignView; progress: never };
  list_trash: { request: null; answer: Array<TrashedView>; progress: never };
  put_back: { request: PutBack; answer: Array<TrashedView>; progress: never };
  take_out_again: { request: TakeOutAgain; answer: Array<TrashedView>; progress: never };
  erase_page: { request: ErasePage; answer: Array<TrashedView>; progress: never };
  empty_trash: { request: null; answer: Array<TrashedView>; progress: never };
  backup_state: { request: null; answer: BackupView; progress: never };
  choose_folder: { request: ChooseFolder; answer: string | null; progress: never };
  back_up: { request: BackUp; answer: BackupView; progress: never };
  try_backup: { request: TryBackup; answer: BackupView; progress: never };
  search: { request: Search; answer: Array<SearchHitView>; progress: never };
  show_record: { request: ShowRecord; answer: RecordView; progress: never };
  reveal: { request: Reveal; answer: RecordView; progress: never };
}
