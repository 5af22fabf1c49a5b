//! What can go wrong at a desk, grouped by who must do something about it.

use std::path::PathBuf;

use domain::access::PassphraseRule;
use domain::field::FieldName;
use domain::retention::Held;
use domain::rights::Right;
use domain::second_person::NotThisOfficer;
use domain::signature::Unfit;

/// A task that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The vault refused or failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// A file or a scanner gave no page.
    #[error(transparent)]
    Scan(#[from] ::scan::Error),
    /// The electronic copy could not be made.
    #[error(transparent)]
    Packaging(#[from] packaging::Error),
    /// A copy could not be signed, or a signature not be looked at.
    #[error(transparent)]
    Signing(#[from] signing::Error),
    /// The centre did not answer as hoped.
    #[error(transparent)]
    Centre(::sync::Fault),
    /// No key could be made for connections to the centre.
    #[error("no key for connections could be made")]
    NoConnectionKey,
    /// The catalogue of forms cannot be used.
    #[error(transparent)]
    Catalogue(#[from] extraction::Error),
    /// The state of things does not allow it; nothing is broken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A worker process died or fell silent twice on the same request.
    #[error("the worker process was lost twice while it was to {task}")]
    WorkerLost {
        /// What it was asked to do.
        task: &'static str,
    },
    /// A worker process could not be started.
    #[error("the worker process could not be started")]
    WorkerNotStarted(#[source] std::io::Error),
    /// The recognition engine failed on this page.
    #[error("the page could not be recognised: {reason}")]
    NotRecognised {
        /// The engine's own words; it never repeats what stands on the page.
        reason: String,
    },
    /// Neither of the engines that could read a page is there.
    #[error("no engine can read: {reason}")]
    EngineAbsent {
        /// Which file is missing or altered.
        reason: String,
    },
    /// The folder with models and fonts was not found.
    #[error("models and fonts were not found; run the set-up first")]
    ResourcesMissing,
    /// A file of the computer could not be read or written.
    #[error("cannot use a file or folder")]
    File(#[source] std::io::Error),
    /// A file that was asked for by name could not be written.
    #[error("cannot write {}", path.display())]
    FileUnwritable {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file handed in by name could not be read.
    #[error("cannot read {}", path.display())]
    FileUnreadable {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The state does not allow it. Refusals are not failures and look different.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Deposited records are immutable.
    #[error("the document is deposited and does not change any more")]
    AlreadyDeposited,
    /// There is nothing to recognise or to deposit.
    #[error("the document has no page")]
    NoPages,
    /// Recognition and extraction have not run, or the pages changed since.
    #[error("the document is not extracted yet")]
    NotExtracted,
    /// A signed file stays as it came: nothing is added to it, taken out of it or changed.
    #[error("a signed file is a paper of its own and stays as it came")]
    ElectronicOriginal,
    /// The electronic copy is signed, or there is none.
    #[error("there is nothing to sign")]
    NothingToSign,
    /// Nobody signs with what is not good for it.
    #[error("the certificate cannot be signed with: {}", .0.name())]
    CertificateUnfit(Unfit),
    /// The office's own rules for signing cannot be used.
    #[error("the office's own rules for signing cannot be used")]
    SigningRulesUnusable,
    /// No authority for timestamps is known to this office.
    #[error("no timestamp authority is set")]
    NoTimestampAuthority,
    /// The text is not the ticket of a centre, or not all of it.
    #[error("the text is not a whole ticket of a centre")]
    NotATicket,
    /// The file is no answer of this desk's centre to this desk.
    #[error("the file is no answer of this desk's centre")]
    NotAnAnswer,
    /// The desk belongs to no centre.
    #[error("this desk is not enrolled at a centre")]
    NoCentre,
    /// Fields below `certain` wait for a person.
    #[error("{} fields wait for a person", .0.len())]
    FieldsOpen(Vec<FieldName>),
    /// Papers of the dossier say different things of one person.
    #[error("{0} disagreements with other papers wait for a person")]
    PapersDisagree(usize),
    /// The two places do not, or no longer, say different things.
    #[error("there is no such disagreement any more")]
    NoDisagreement,
    /// What was typed is no code of an identity card, or too mangled to trust.
    #[error("that is no code of an identity card that can be trusted")]
    NotACard,
    /// The form has no such field.
    #[error("the form has no field {0}")]
    UnknownField(FieldName),
    /// The field takes two officers, and the next entry is not this officer's.
    #[error("the field {0} takes two officers: {1}")]
    TakesTwo(FieldName, #[source] NotThisOfficer),
    /// Fields that take two officers wait for one who is not signed in.
    #[error("{} fields wait for another officer", .0.len())]
    AnotherOfficer(Vec<FieldName>),
    /// No form of that name.
    #[error("there is no document type of that name")]
    UnknownDocumentType,
    /// The typed value breaks a rule of its type.
    #[error("the value of {0} breaks the rule of its type")]
    ValueBreaksRule(FieldName),
    /// No such code in the vault.
    #[error("no record has that code")]
    UnknownCode,
    /// The dossier has no such component.
    #[error("the component already has a document")]
    ComponentTaken,
    /// The paper is not in force any more.
    #[error("this paper is not in force any more")]
    NotInForce,
    /// There are no two feeds whose pages could be fronts and backs.
    #[error("there are no fronts and backs to be put together")]
    NoBacks,
    /// As many sheets have fronts as have backs.
    #[error("{fronts} fronts do not go with {backs} backs")]
    SidesDiffer {
        /// Pages of the feed before the last.
        fronts: usize,
        /// Pages of the last feed.
        backs: usize,
    },
    /// The images do not add up to the pages of the paper, and nobody vouched for it.
    #[error("the pages of the document do not add up")]
    PagesUnaccounted,
    /// Bad images are neither scanned again nor kept with a reason.
    #[error("{0} bad images wait to be scanned again or kept with a reason")]
    PagesBad(usize),
    /// The office's own rules decide this.
    #[error("the office's own rules decide this")]
    Locked,
    /// The office's own scan profiles cannot be used.
    #[error("the office's own scan profiles cannot be used")]
    PolicyUnusable,
    /// No desk can work with these scan profiles.
    #[error("the scan profiles cannot be used")]
    ProfilesUnusable,
    /// The office's list has no such retention period.
    #[error("there is no such retention period")]
    UnknownRetention,
    /// There is no kind of slip of that name about such a thing.
    #[error("there is no such kind of slip")]
    UnknownSlip,
    /// A slip asks for something that nobody said.
    #[error("the slip asks for {0}")]
    AnswerMissing(String),
    /// A slip does not ask for that, or not for such an answer.
    #[error("the slip cannot use what was said for {0}")]
    AnswerUnusable(String),
    /// What the slip says does not fit a code that phones can read.
    #[error("what the slip says does not fit its code")]
    SlipTooLong,
    /// The file with the key of a station cannot be used.
    #[error("the file with the key of a station cannot be used")]
    StationUnusable,
    /// None of the officer's roles may do this.
    #[error("none of your roles may do this ({})", .0.name())]
    NotYourRight(Right),
    /// The officer has no roles, or did not come for too long.
    #[error("this officer is disabled")]
    OfficerDisabled,
    /// Somebody else has set the passphrase.
    #[error("the passphrase was set by somebody else and must be changed")]
    PassphraseMustChange,
    /// The new passphrase is too short or of too few classes of letters.
    #[error("a passphrase needs at least {} letters of {} classes: small, capital, digit, other", .0.letters, .0.classes)]
    PassphraseTooSimple(PassphraseRule),
    /// The new passphrase is the old one.
    #[error("the new passphrase is the old one")]
    PassphraseUnchanged,
    /// There is no officer of that name.
    #[error("there is no officer of that name")]
    UnknownOfficer,
    /// There is an officer of that name.
    #[error("there is an officer of that name already")]
    OfficerKnown,
    /// An officer has a name.
    #[error("an officer needs a name")]
    OfficerNameMissing,
    /// Nobody gives himself a right.
    #[error("nobody gives himself a role; another administrator does")]
    OwnRoles,
    /// A desk keeps an administrator.
    #[error("this is the last administrator; make another one first")]
    LastAdministrator,
    /// The picture is masked until somebody asks for it.
    #[error("this picture is masked; reveal it first")]
    Masked,
    /// A page that was taken out stands in what stays.
    #[error("the picture of this page stands in what is not erased ({})", .0.name())]
    Held(Held),
    /// No backup was made yet.
    #[error("no backup was made yet")]
    NoBackup,
    /// What is scanned needs room, and a disk that fills up stops everything.
    #[error("only {} MB are free where the vault lies", .0 / 1_000_000)]
    TooLittleRoom(u64),
    /// The page is not at that document, or the place does not exist.
    #[error("there is no such place in the document")]
    NoSuchPlace,
}

impl Error {
    /// Whether the same act may succeed when it is simply tried again.
    pub fn retryable(&self) -> bool {
        match self {
            Self::WorkerLost { .. } | Self::WorkerNotStarted(_) => true,
            Self::Scan(error) => matches!(
                error,
                ::scan::Error::DeviceBusy
                    | ::scan::Error::FeederEmpty
                    | ::scan::Error::Jammed
                    | ::scan::Error::CoverOpen
            ),
            Self::Vault(error) => matches!(error, vault::Error::DiskFull),
            Self::Centre(fault) => matches!(
                fault,
                ::sync::Fault::Unreachable | ::sync::Fault::Stalled | ::sync::Fault::Garbled
            ),
            _ => false,
        }
    }
}
