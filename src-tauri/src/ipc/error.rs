//! The one error that crosses to the window.

use desk::{Fault, Refusal, ScanError, SigningError, VaultError};
use domain::retention::Held;
use serde::Serialize;

use super::sign::code_of_unfit;

/// What the window does or says differently about a failure. One variant for
/// each sentence on the screen, no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErrorCode {
    NotSignedIn,
    WrongPassphrase,
    WrongRecoveryKey,
    WeakPassphrase,
    PassphraseMustChange,
    PassphraseUnchanged,
    MustWait,
    OfficerDisabled,
    NotYourRight,
    Masked,
    OfficeCodeInvalid,
    OfficerNameMissing,
    VaultExists,
    VaultInUse,
    VaultNewer,
    VaultDamaged,
    AtTheCentre,
    DiskFull,
    DiskFailed,
    ResourcesMissing,
    OwnerIdInvalid,
    NoComponents,
    NotFound,
    FeederEmpty,
    Jammed,
    CoverOpen,
    DeviceBusy,
    DeviceGone,
    ScannerSystemAbsent,
    SourceNotOffered,
    Cancelled,
    FileEmpty,
    FileUnknown,
    FileEncrypted,
    FileDamaged,
    FileTooLarge,
    FileUnreadable,
    TooManyPages,
    WorkerLost,
    NotRecognised,
    EngineAbsent,
    NoPages,
    NotExtracted,
    FieldsOpen,
    AnotherOfficer,
    ValueBreaksRule,
    PapersDisagree,
    NotACard,
    SidesDiffer,
    Locked,
    PolicyUnusable,
    PagesUnaccounted,
    PagesBad,
    NotInForce,
    NoBackup,
    TooLittleRoom,
    HeldByOriginal,
    HeldBySignature,
    HeldByRecord,
    AlreadyDeposited,
    ElectronicOriginal,
    NothingToSign,
    TokenGone,
    NothingToSignWith,
    WrongPin,
    WrongPinLastTry,
    LastTry,
    PinLocked,
    PinExpired,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateForAnotherUse,
    CertificateOfAnother,
    SigningFailed,
    NotATicket,
    NotAnAnswer,
    NoCentre,
    CentreUnreachable,
    CentreUntrusted,
    CentreBusy,
    InvitationInvalid,
    CopyFailed,
    ExportFailed,
    Internal,
}

/// A refusal or failure, as the window sees it.
#[derive(Debug, Serialize)]
pub(crate) struct IpcError {
    pub(crate) code: ErrorCode,
    /// For the log. No error in the house carries a person's data.
    pub(crate) detail: String,
}

/// What every command answers.
pub(crate) type Answer<T> = Result<T, IpcError>;

impl IpcError {
    pub(crate) fn new(code: ErrorCode, detail: String) -> Self {
        tracing::warn!(?code, %detail, "a command was refused or failed");
        Self { code, detail }
    }

    /// An error that its code says all about.
    pub(crate) fn of(code: ErrorCode) -> Self {
        Self {
            code,
            detail: String::new(),
        }
    }
}

impl From<desk::Error> for IpcError {
    fn from(error: desk::Error) -> Self {
        let code = code_of(&error);
        // A path may carry a person's name.
        if let desk::Error::FileUnreadable { source, .. }
        | desk::Error::FileUnwritable { source, .. } = &error
        {
            return Self::new(code, source.to_string());
        }
        let mut detail = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            detail = format!("{detail}: {cause}");
            source = cause.source();
        }
        Self::new(code, detail)
    }
}

fn code_of(error: &desk::Error) -> ErrorCode {
    use desk::Error;
    match error {
        Error::Vault(error) => code_of_vault(error),
        Error::Scan(error) => code_of_scan(error),
        Error::Refused(refusal) => code_of_refusal(refusal),
        Error::Signing(error) => code_of_signing(error),
        Error::Packaging(_) => ErrorCode::CopyFailed,
        Error::Centre(fault) => code_of_centre(fault),
        Error::NoConnectionKey => ErrorCode::Internal,
        Error::ResourcesMissing | Error::Catalogue(_) => ErrorCode::ResourcesMissing,
        Error::WorkerLost { .. } | Error::WorkerNotStarted(_) => ErrorCode::WorkerLost,
        Error::NotRecognised { .. } => ErrorCode::NotRecognised,
        Error::EngineAbsent { .. } => ErrorCode::EngineAbsent,
        Error::FileUnreadable { .. } => ErrorCode::FileUnreadable,
        Error::File(source) if source.kind() == std::io::ErrorKind::StorageFull => {
            ErrorCode::DiskFull
        }
        Error::File(_) | Error::FileUnwritable { .. } => ErrorCode::DiskFailed,
    }
}

fn code_of_vault(error: &VaultError) -> ErrorCode {
    match error {
        VaultError::WrongPassphrase | VaultError::OfficerNotNamed | VaultError::UnknownOfficer => {
            ErrorCode::WrongPassphrase
        }
        VaultError::MustWait { .. } => ErrorCode::MustWait,
        VaultError::WrongRecoveryKey | VaultError::RecoveryKeyMistyped => {
            ErrorCode::WrongRecoveryKey
        }
        VaultError::WeakPassphrase { .. } => ErrorCode::WeakPassphrase,
        VaultError::AlreadyAVault => ErrorCode::VaultExists,
        VaultError::InUse => ErrorCode::VaultInUse,
        VaultError::NewerThanProgram { .. } => ErrorCode::VaultNewer,
        VaultError::Damaged(_) | VaultError::NotAVault => ErrorCode::VaultDamaged,
        VaultError::Purged => ErrorCode::AtTheCentre,
        VaultError::DiskFull => ErrorCode::DiskFull,
        VaultError::NotFound { .. } => ErrorCode::NotFound,
        VaultError::File { .. } => ErrorCode::DiskFailed,
        _ => ErrorCode::Internal,
    }
}

fn code_of_scan(error: &ScanError) -> ErrorCode {
    match error {
        ScanError::Sheet { cause, .. } => code_of_scan(cause),
        ScanError::EmptyFile => ErrorCode::FileEmpty,
        ScanError::UnknownFormat | ScanError::UnsupportedVariant | ScanError::NotAFile => {
            ErrorCode::FileUnknown
        }
        ScanError::Encrypted => ErrorCode::FileEncrypted,
        ScanError::Damaged { .. } => ErrorCode::FileDamaged,
        ScanError::FileTooLarge | ScanError::PageTooLarge => ErrorCode::FileTooLarge,
        ScanError::TooManyPages => ErrorCode::TooManyPages,
        ScanError::FeederEmpty => ErrorCode::FeederEmpty,
        ScanError::Jammed => ErrorCode::Jammed,
        ScanError::CoverOpen => ErrorCode::CoverOpen,
        ScanError::DeviceBusy => ErrorCode::DeviceBusy,
        ScanError::DeviceGone | ScanError::NoSuchDevice | ScanError::DeviceRefused => {
            ErrorCode::DeviceGone
        }
        ScanError::SaneAbsent | ScanError::AccessDenied => ErrorCode::ScannerSystemAbsent,
        ScanError::SourceNotOffered => ErrorCode::SourceNotOffered,
        ScanError::Cancelled => ErrorCode::Cancelled,
        ScanError::Io(_) => ErrorCode::DiskFailed,
        _ => ErrorCode::Internal,
    }
}

fn code_of_centre(fault: &Fault) -> ErrorCode {
    match fault {
        Fault::Unreachable | Fault::Stalled => ErrorCode::CentreUnreachable,
        Fault::Untrusted => ErrorCode::CentreUntrusted,
        Fault::Garbled => ErrorCode::CentreBusy,
        Fault::Refused(problem) => match problem.code.name() {
            "invitation_invalid" | "forked" => ErrorCode::InvitationInvalid,
            "busy" | "internal" => ErrorCode::CentreBusy,
            _ => ErrorCode::CentreUntrusted,
        },
    }
}

fn code_of_signing(error: &SigningError) -> ErrorCode {
    match error {
        SigningError::ModuleAbsent | SigningError::TokenGone => ErrorCode::TokenGone,
        SigningError::NothingToSignWith => ErrorCode::NothingToSignWith,
        SigningError::WrongPin { last_try: false } => ErrorCode::WrongPin,
        SigningError::WrongPin { last_try: true } => ErrorCode::WrongPinLastTry,
        SigningError::LastTry => ErrorCode::LastTry,
        SigningError::PinLocked => ErrorCode::PinLocked,
        SigningError::PinExpired => ErrorCode::PinExpired,
        _ => ErrorCode::SigningFailed,
    }
}

fn code_of_refusal(refusal: &Refusal) -> ErrorCode {
    match refusal {
        Refusal::AlreadyDeposited => ErrorCode::AlreadyDeposited,
        Refusal::NoPages => ErrorCode::NoPages,
        Refusal::NotExtracted => ErrorCode::NotExtracted,
        Refusal::FieldsOpen(_) => ErrorCode::FieldsOpen,
        Refusal::TakesTwo(..) | Refusal::AnotherOfficer(_) => ErrorCode::AnotherOfficer,
        Refusal::ValueBreaksRule(_)
        | Refusal::ProfilesUnusable
        | Refusal::AnswerMissing(_)
        | Refusal::AnswerUnusable(_)
        | Refusal::SlipTooLong => ErrorCode::ValueBreaksRule,
        Refusal::PapersDisagree(_) => ErrorCode::PapersDisagree,
        Refusal::NotYourRight(_) | Refusal::OwnRoles | Refusal::LastAdministrator => {
            ErrorCode::NotYourRight
        }
        Refusal::OfficerDisabled => ErrorCode::OfficerDisabled,
        Refusal::PassphraseMustChange => ErrorCode::PassphraseMustChange,
        Refusal::PassphraseTooSimple(_) => ErrorCode::WeakPassphrase,
        Refusal::PassphraseUnchanged => ErrorCode::PassphraseUnchanged,
        Refusal::OfficerNameMissing => ErrorCode::OfficerNameMissing,
        Refusal::Masked => ErrorCode::Masked,
        Refusal::NotACard => ErrorCode::NotACard,
        Refusal::NoBacks | Refusal::SidesDiffer { .. } => ErrorCode::SidesDiffer,
        Refusal::PagesUnaccounted => ErrorCode::PagesUnaccounted,
        Refusal::PagesBad(_) => ErrorCode::PagesBad,
        Refusal::Locked => ErrorCode::Locked,
        Refusal::ElectronicOriginal => ErrorCode::ElectronicOriginal,
        Refusal::NotATicket => ErrorCode::NotATicket,
        Refusal::NotAnAnswer => ErrorCode::NotAnAnswer,
        Refusal::NoCentre => ErrorCode::NoCentre,
        Refusal::NothingToSign => ErrorCode::NothingToSign,
        Refusal::CertificateUnfit(unfit) => code_of_unfit(*unfit),
        Refusal::PolicyUnusable | Refusal::SigningRulesUnusable | Refusal::StationUnusable => {
            ErrorCode::PolicyUnusable
        }
        Refusal::NotInForce => ErrorCode::NotInForce,
        Refusal::NoBackup => ErrorCode::NoBackup,
        Refusal::TooLittleRoom(_) => ErrorCode::TooLittleRoom,
        Refusal::Held(Held::ByOriginal) => ErrorCode::HeldByOriginal,
        Refusal::Held(Held::BySignature) => ErrorCode::HeldBySignature,
        Refusal::Held(Held::ByRecord) => ErrorCode::HeldByRecord,
        Refusal::NoTimestampAuthority
        | Refusal::NoDisagreement
        | Refusal::UnknownField(_)
        | Refusal::UnknownSlip
        | Refusal::UnknownRetention
        | Refusal::UnknownDocumentType
        | Refusal::UnknownCode
        | Refusal::UnknownOfficer
        | Refusal::OfficerKnown
        | Refusal::ComponentTaken
        | Refusal::NoSuchPlace => ErrorCode::NotFound,
    }
}
