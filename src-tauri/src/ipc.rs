//! What the window may ask: one list of commands, one kind of error.
//!
//! Requests are named after their command, views end in `View`. They mirror the
//! nouns of `domain` and are not those nouns, so that no change of a screen can
//! touch what is stored. Every command is asynchronous and hands its work to a
//! blocking thread, so that a long task never stops the window.

mod backup;
mod camera;
mod centre;
mod cross_check;
mod deposit;
mod error;
mod group;
mod original;
mod pages;
mod profiles;
mod reception;
mod resume;
mod reuse;
mod review;
mod scan;
mod search;
mod second_person;
mod separate;
mod session;
mod sign;
mod slips;
mod trash;
mod views;

pub(crate) use error::{Answer, ErrorCode, IpcError};

/// The one list. A line reads like the function it calls; `each` names what
/// arrives on the channel while the command runs.
macro_rules! with_commands {
    ($callback:ident) => {
        $callback! {
            session::desk_state() -> DeskStateView;
            session::create_vault(CreateVault) -> VaultMadeView;
            session::recovery_key_kept() -> DeskStateView;
            session::change_passphrase(ChangePassphrase) -> ();
            session::sign_in(SignIn) -> DeskStateView;
            session::still_here() -> ();
            session::recover(Recover) -> DeskStateView;
            session::sign_out() -> DeskStateView;
            session::status() -> StatusView;
            reception::list_procedures() -> Vec<ProcedureView>;
            reception::receive_dossier(ReceiveDossier) -> DossierView;
            reception::list_dossiers() -> Vec<DossierView>;
            reception::open_dossier(OpenDossier) -> DossierView;
            resume::list_unfinished() -> Vec<UnfinishedView>;
            resume::keep_place(KeepPlace) -> ();
            reuse::list_offers(ListOffers) -> Vec<OfferView>;
            reuse::ask_centre(ListOffers) -> Vec<OfferView>;
            reuse::link_paper(LinkPaper) -> DossierView;
            reuse::unlink_paper(UnlinkPaper) -> DossierView;
            reception::read_card(ReadCard) -> CardView;
            scan::list_devices() -> Vec<DeviceView>;
            scan::scan_pages(ScanPages) -> DocumentView, each ScanProgressView;
            scan::cancel_scan() -> ();
            camera::watch_camera(WatchCamera) -> DocumentView, each CameraProgressView;
            camera::press_shutter() -> ();
            camera::set_stillness(SetStillness) -> ();
            scan::choose_files(ChooseFiles) -> Vec<String>;
            scan::add_files(AddFiles) -> DocumentView, each ScanProgressView;
            scan::open_document(OpenDocument) -> DocumentView;
            original::show_original(ShowOriginal) -> Option<OriginalView>;
            pages::turn_page(TurnPage) -> DocumentView;
            pages::move_page(MovePage) -> DocumentView;
            pages::crop_page(CropPage) -> DocumentView;
            pages::uncrop_page(UncropPage) -> DocumentView;
            pages::mask_page(MaskPage) -> DocumentView;
            pages::unmask_page(UnmaskPage) -> DocumentView;
            pages::combine_sides(CombineSides) -> DocumentView;
            pages::put_in_order(PutInOrder) -> DocumentView;
            pages::void_page(VoidPage) -> DocumentView;
            pages::keep_page(KeepPage) -> DocumentView;
            pages::discard_pages(DiscardPages) -> DocumentView;
            pages::restore_page(RestorePage) -> DocumentView;
            pages::declare_pages(DeclarePages) -> DocumentView;
            pages::vouch_pages(VouchPages) -> DocumentView;
            profiles::list_profiles() -> ProfilesView;
            profiles::set_profiles(SetProfiles) -> ProfilesView;
            separate::scan_stack(ScanStack) -> StackView, each ScanProgressView;
            separate::joins(Joins) -> Vec<JoinView>;
            separate::split_before(SplitBefore) -> DocumentView;
            separate::undo_split(UndoSplit) -> DocumentView;
            separate::keep_joined(KeepJoined) -> ();
            separate::print_slips(PrintSlips) -> SlipsView;
            slips::list_slips() -> Vec<SlipKindView>;
            slips::make_slip(MakeSlip) -> SlipsView;
            review::list_document_types() -> Vec<DocumentTypeView>;
            review::extract_document(ExtractDocument) -> ReviewView, each ExtractProgressView;
            review::review(Review) -> ReviewView;
            review::confirm_field(ConfirmField) -> ReviewView;
            review::undo_field(UndoField) -> ReviewView;
            review::change_type(ChangeType) -> ReviewView;
            review::page_words(PageWords) -> Vec<WordView>;
            cross_check::cross_check(CrossCheck) -> Vec<DisagreementView>;
            cross_check::rule(Rule) -> RulingView;
            cross_check::take_back_ruling(TakeBackRuling) -> ();
            group::list_waiting_values() -> Vec<WaitingValueView>;
            deposit::deposit_document(DepositDocument) -> RecordView;
            deposit::export_record(ExportRecord) -> ExportView;
            centre::centre_state() -> CentreView;
            centre::send_now() -> CentreView;
            centre::enrol_desk(EnrolDesk) -> CentreView;
            centre::write_bundle(CarryIn) -> BundleView;
            centre::take_answer(CarryIn) -> AnswerView;
            centre::try_parked_again() -> CentreView;
            sign::list_to_sign() -> ToSignView;
            sign::list_tokens() -> Vec<TokenView>;
            sign::sign_papers(SignPapers) -> SignedView, each SignProgressView;
            sign::add_timestamps() -> ToSignView;
            trash::list_trash() -> Vec<TrashedView>;
            trash::put_back(PutBack) -> Vec<TrashedView>;
            trash::take_out_again(TakeOutAgain) -> Vec<TrashedView>;
            trash::erase_page(ErasePage) -> Vec<TrashedView>;
            trash::empty_trash() -> Vec<TrashedView>;
            backup::backup_state() -> BackupView;
            backup::choose_folder(ChooseFolder) -> Option<String>;
            backup::back_up(BackUp) -> BackupView;
            backup::try_backup(TryBackup) -> BackupView;
            search::search(Search) -> Vec<SearchHitView>;
            search::show_record(ShowRecord) -> RecordView;
            search::reveal(Reveal) -> RecordView;
        }
    };
}

macro_rules! handler {
    ($($module:ident::$name:ident($($request:ident)?) -> $answer:ty $(, each $progress:ident)?;)+) => {
        tauri::generate_handler![$($module::$name),+]
    };
}

/// The commands, as Tauri wants them.
pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
    with_commands!(handler)
}

#[cfg(test)]
mod tests;
