//! The bindings of the front end are what the list of commands says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

use super::backup::{BackUp, BackupView, ChooseFolder, TryBackup};
use super::camera::{CameraProgressView, SetStillness, WatchCamera};
use super::centre::{AnswerView, BundleView, CarryIn, CentreView, EnrolDesk};
use super::cross_check::{CrossCheck, DisagreementView, Rule, RulingView, TakeBackRuling};
use super::deposit::{DepositDocument, ExportRecord, ExportView, RecordView};
use super::error::ErrorCode;
use super::group::WaitingValueView;
use super::original::{OriginalView, ShowOriginal};
use super::pages::{
    CombineSides, CropPage, DeclarePages, DiscardPages, KeepPage, MaskPage, MovePage, PutInOrder,
    RestorePage, TurnPage, UncropPage, UnmaskPage, VoidPage, VouchPages,
};
use super::profiles::{ProfilesView, SetProfiles};
use super::reception::{
    CardView, DossierView, OpenDossier, ProcedureView, ReadCard, ReceiveDossier,
};
use super::resume::{KeepPlace, UnfinishedView};
use super::reuse::{LinkPaper, ListOffers, OfferView, UnlinkPaper};
use super::review::{
    ChangeType, ConfirmField, DocumentTypeView, ExtractDocument, ExtractProgressView, PageWords,
    Review, ReviewView, UndoField, WordView,
};
use super::scan::{
    AddFiles, ChooseFiles, DeviceView, DocumentView, OpenDocument, ScanPages, ScanProgressView,
};
use super::search::{Reveal, Search, SearchHitView, ShowRecord};
use super::separate::{
    JoinView, Joins, KeepJoined, PrintSlips, ScanStack, SlipsView, SplitBefore, StackView,
    UndoSplit,
};
use super::session::{
    ChangePassphrase, CreateVault, DeskStateView, Recover, SignIn, StatusView, VaultMadeView,
};
use super::sign::{SignPapers, SignProgressView, SignedView, ToSignView, TokenView};
use super::slips::{MakeSlip, SlipKindView};
use super::trash::{ErasePage, PutBack, TakeOutAgain, TrashedView};

/// Every named type that a command mentions, by name.
struct Declarations {
    config: Config,
    found: BTreeMap<String, String>,
}

/// JSON has one kind of number, and no count of ours outgrows it.
fn plain_numbers() -> Config {
    Config::new().with_large_int("number")
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only our own types have a file of their own; the rest is built in.
        if T::output_path().is_some() {
            let name = T::ident(&self.config);
            if self.found.insert(name, T::decl(&self.config)).is_some() {
                return;
            }
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

macro_rules! schema {
    ($($module:ident::$name:ident($($request:ident)?) -> $answer:ty $(, each $progress:ident)?;)+) => {
        fn bindings() -> String {
            let config = plain_numbers();
            let mut types = Declarations { config: plain_numbers(), found: BTreeMap::new() };
            types.visit::<ErrorCode>();
            let mut commands = String::new();
            $(
                $(types.visit::<$request>();)?
                $(types.visit::<$progress>();)?
                let [request, ..] = [$($request::name(&config),)? String::from("null")];
                let [progress, ..] = [$($progress::name(&config),)? String::from("never")];
                types.visit::<$answer>();
                let answer = <$answer as TS>::name(&config);
                writeln!(commands, "  {}: {{ request: {request}; answer: {answer}; progress: {progress} }};", stringify!($name)).unwrap();
            )+
            let mut text = String::from("// Written by the test `bindings_are_current`: UPDATE_BINDINGS=1 cargo nextest run -p window bindings\n\n");
            for declaration in types.found.values() {
                writeln!(text, "export {declaration}\n").unwrap();
            }
            write!(text, "export interface Commands {{\n{commands}}}\n").unwrap();
            text
        }
    };
}

with_commands!(schema);

#[test]
fn bindings_are_current() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/ipc/generated/commands.ts");
    let bindings = bindings();
    if std::env::var_os("UPDATE_BINDINGS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &bindings).unwrap();
    }
    let stored = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        stored == bindings,
        "ui/src/ipc/generated/commands.ts is not what the commands say; run with UPDATE_BINDINGS=1"
    );
}
