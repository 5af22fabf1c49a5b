//! Troubles, their exit codes and the sentence that says what to do.

use std::process::ExitCode;

/// A trouble that ends the command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The desk refused or failed.
    #[error("{}", sentence(.0))]
    Desk(#[from] desk::Error),
    /// A form file has a fault.
    #[error("{0}")]
    Form(#[from] desk::FormFault),
    /// No passphrase was given and there is no terminal to ask on.
    #[error("no passphrase: set SOHOA_PASSPHRASE or run this in a terminal")]
    NoPassphrase,
    /// No PIN was given and there is no terminal to ask on.
    #[error("no PIN: set SOHOA_PIN or run this in a terminal")]
    NoPin,
    /// No token can be signed with, or it is not clear which.
    #[error("name one token with --token; `sohoa sign tokens` lists them")]
    WhichToken,
    /// The recovery key has not the shape of one.
    #[error("that is not a recovery key: type it as it was printed when the vault was made")]
    NotARecoveryKey,
    /// A temporary folder could not be made.
    #[error("cannot make a folder for the demonstration: {0}")]
    Folder(std::io::Error),
}

/// Bad use.
pub(crate) const USE: u8 = 2;
/// A person is needed.
pub(crate) const PERSON: u8 = 3;
/// Refused or damaged input.
pub(crate) const REFUSED: u8 = 4;

impl Trouble {
    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::NoPassphrase
            | Self::NoPin
            | Self::WhichToken
            | Self::NotARecoveryKey
            | Self::Folder(_) => USE,
            Self::Form(_) => REFUSED,
            Self::Desk(error) => code(error),
        })
    }
}

fn code(error: &desk::Error) -> u8 {
    use desk::{Error, Refusal, SigningError};
    match error {
        Error::Refused(
            Refusal::FieldsOpen(_)
            | Refusal::PapersDisagree(_)
            | Refusal::TakesTwo(..)
            | Refusal::AnotherOfficer(_),
        )
        | Error::Signing(
            SigningError::TokenGone
            | SigningError::WrongPin { .. }
            | SigningError::LastTry
            | SigningError::PinLocked
            | SigningError::PinExpired,
        ) => PERSON,
        Error::Refused(
            Refusal::NotATicket
            | Refusal::NotAnAnswer
            | Refusal::NoCentre
            | Refusal::UnknownField(_)
            | Refusal::UnknownDocumentType
            | Refusal::ValueBreaksRule(_)
            | Refusal::UnknownCode
            | Refusal::UnknownOfficer
            | Refusal::OfficerKnown
            | Refusal::UnknownSlip
            | Refusal::UnknownRetention
            | Refusal::AnswerMissing(_)
            | Refusal::AnswerUnusable(_)
            | Refusal::StationUnusable
            | Refusal::OfficerNameMissing
            | Refusal::PassphraseMustChange
            | Refusal::PassphraseTooSimple(_)
            | Refusal::PassphraseUnchanged,
        )
        | Error::ResourcesMissing
        | Error::EngineAbsent { .. }
        | Error::FileUnreadable { .. }
        | Error::FileUnwritable { .. }
        | Error::File(_) => USE,
        Error::Vault(error) => match error {
            vault_error if is_use(vault_error) => USE,
            desk::VaultError::DiskFull => PERSON,
            _ => REFUSED,
        },
        // It was tried twice: the input is at fault.
        Error::WorkerLost { .. } => REFUSED,
        error if error.retryable() => PERSON,
        _ => REFUSED,
    }
}

fn is_use(error: &desk::VaultError) -> bool {
    use desk::VaultError;
    matches!(
        error,
        VaultError::WrongPassphrase
            | VaultError::NotAVault
            | VaultError::AlreadyAVault
            | VaultError::WeakPassphrase { .. }
            | VaultError::OfficerNotNamed
            | VaultError::UnknownOfficer
            | VaultError::MustWait { .. }
    )
}

/// The error and, where there is one, the act that cures it.
fn sentence(error: &desk::Error) -> String {
    use desk::{Error, Refusal, ScanError, SigningError, VaultError};
    let cure = match error {
        Error::Vault(VaultError::WrongPassphrase) => {
            "type the passphrase again, or use `sohoa recover`"
        }
        Error::Vault(VaultError::NotAVault) => "make one with `sohoa init`",
        Error::Vault(VaultError::InUse) => "close the other program first",
        Error::Vault(VaultError::NewerThanProgram { .. }) => "install the newer program",
        Error::Vault(VaultError::DiskFull) => "make room on the disk and try again",
        Error::Vault(VaultError::WeakPassphrase { .. }) => "choose a longer one",
        Error::Vault(VaultError::OfficerNotNamed | VaultError::UnknownOfficer) => {
            "name one with `--as NAME`"
        }
        Error::Vault(VaultError::MustWait { .. }) => {
            "wait, or let an administrator reset the passphrase"
        }
        Error::Refused(Refusal::PassphraseMustChange) => {
            "set SOHOA_NEW_PASSPHRASE or run this in a terminal"
        }
        Error::Refused(Refusal::OfficerDisabled) => {
            "an administrator lets him in anew with `sohoa officer reset`"
        }
        Error::Scan(ScanError::FeederEmpty) => "put paper into the feeder",
        Error::Scan(ScanError::Jammed) => {
            "free the paper and scan the rest; the pages before the jam are stored"
        }
        Error::Scan(ScanError::CoverOpen) => "close the cover",
        Error::Scan(ScanError::DeviceBusy) => "wait for the other program to finish",
        Error::Scan(ScanError::DeviceGone) => "check cable and power; the pages before are stored",
        Error::Scan(ScanError::Encrypted) => "hand in the file without its password",
        Error::Signing(SigningError::TokenGone) => "plug it in; what was signed is stored",
        Error::Signing(SigningError::WrongPin { last_try: false }) => "type it again",
        Error::Signing(SigningError::WrongPin { last_try: true } | SigningError::LastTry) => {
            "make sure of it first, then use --use-last-try"
        }
        Error::Signing(SigningError::PinLocked) => "its issuer unlocks it",
        Error::Refused(Refusal::NotATicket) => "copy it again, from `sohoa1.` to its end",
        Error::Refused(Refusal::NoCentre) => "enrol with `sohoa enrol TICKET`",
        Error::Refused(Refusal::NoTimestampAuthority) => {
            "an administrator names one in signing.json of the office's forms"
        }
        Error::Refused(Refusal::FieldsOpen(_)) => "confirm them, or set them with --set",
        Error::Refused(Refusal::TakesTwo(..) | Refusal::AnotherOfficer(_)) => {
            "another officer enters the value, without seeing the first entry"
        }
        Error::Refused(Refusal::PagesBad(_)) => "scan them again, or keep them in the window",
        Error::Refused(Refusal::PagesUnaccounted) => {
            "scan the rest; `sohoa pages` tells what is amiss"
        }
        Error::Refused(Refusal::PapersDisagree(_)) => {
            "rule about them in the window, or correct a value with --set"
        }
        Error::ResourcesMissing | Error::EngineAbsent { .. } => "type `make setup`",
        Error::WorkerLost { .. } => "leave this file or device out, the rest is safe",
        error if error.retryable() => "try again",
        _ => return error.to_string(),
    };
    format!("{error}: {cure}")
}
