//! What can go wrong between a piece of paper and its page image.

/// Why no (further) page came. Pages that were handed over before stay handed over.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file without a byte.
    #[error("the file is empty")]
    EmptyFile,
    /// Neither an image nor a PDF, whatever its name says.
    #[error("the file is neither an image nor a PDF that this program knows")]
    UnknownFormat,
    /// A known format in a variant that nothing here reads.
    #[error("the file uses a rare variant of its format that this program cannot read")]
    UnsupportedVariant,
    /// A PDF that wants a password.
    #[error("the PDF is protected by a password")]
    Encrypted,
    /// A file that is not what it should be.
    #[error("the file is damaged: {what}")]
    Damaged {
        /// What is wrong with it.
        what: Damage,
    },
    /// More bytes than any paper needs.
    #[error("the file is larger than this program accepts")]
    FileTooLarge,
    /// More pixels than any sheet needs.
    #[error("a page has more pixels than this program accepts")]
    PageTooLarge,
    /// More pages than any paper has.
    #[error("there are more pages than this program accepts at once")]
    TooManyPages,
    /// A link, a folder or a device where a file should lie.
    #[error("what lies in the feeder folder is not an ordinary file")]
    NotAFile,
    /// Nothing lies in the feeder.
    #[error("the feeder is empty")]
    FeederEmpty,
    /// Paper is stuck.
    #[error("the feeder is jammed")]
    Jammed,
    /// The lid is open.
    #[error("the scanner's cover is open")]
    CoverOpen,
    /// Another program uses it.
    #[error("the scanner is busy")]
    DeviceBusy,
    /// It answered before and does so no longer.
    #[error("the scanner stopped answering")]
    DeviceGone,
    /// It does not take what it was asked for.
    #[error("the scanner refused the request")]
    DeviceRefused,
    /// The system does not let this account use it.
    #[error("this account is not allowed to use the scanner")]
    AccessDenied,
    /// No device of that name.
    #[error("there is no such scanner")]
    NoSuchDevice,
    /// The machine has no SANE.
    #[error("the scanner library SANE is not installed")]
    SaneAbsent,
    /// A flatbed was asked for where there is only a feeder, or the reverse.
    #[error("the scanner does not have the source that was asked for")]
    SourceNotOffered,
    /// Somebody said stop.
    #[error("the scan was cancelled")]
    Cancelled,
    /// The sheet at this place of the feeder (from 1) could not become a page.
    #[error("sheet {sheet} of the feeder: {cause}")]
    Sheet {
        /// Its place, from 1. Never its file name, which may carry a person's name.
        sheet: u32,
        /// What is wrong with it.
        cause: Box<Error>,
    },
    /// The system refused to read or move a file.
    #[error("a file could not be read or moved")]
    Io(#[from] std::io::Error),
    /// Whoever was to take the page could not.
    #[error("a page could not be stored")]
    Sink(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What is wrong with a damaged file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Damage {
    /// It ends too early.
    #[error("its end is missing")]
    CutShort,
    /// An image in it cannot be decoded.
    #[error("an image in it cannot be decoded")]
    Picture,
    /// A font in it cannot be used, so text would be missing.
    #[error("a font in it cannot be used")]
    Font,
    /// Its parts do not fit together.
    #[error("its parts do not fit together")]
    Structure,
    /// It has no page.
    #[error("it has no page")]
    NoPages,
    /// Reading it made the decoder fail.
    #[error("the decoder failed on it")]
    DecoderFailed,
}

impl Damage {
    const ALL: [Self; 6] = [
        Self::CutShort,
        Self::Picture,
        Self::Font,
        Self::Structure,
        Self::NoPages,
        Self::DecoderFailed,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::CutShort => "damaged_cut_short",
            Self::Picture => "damaged_picture",
            Self::Font => "damaged_font",
            Self::Structure => "damaged_structure",
            Self::NoPages => "damaged_no_pages",
            Self::DecoderFailed => "damaged_decoder_failed",
        }
    }
}

impl Error {
    pub(crate) const fn damaged(what: Damage) -> Self {
        Self::Damaged { what }
    }

    /// The stable name under which the error crosses a pipe. An error of a sheet
    /// has the name of its cause; its place is asked with [`Error::sheet`].
    pub fn name(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::UnknownFormat => "unknown_format",
            Self::UnsupportedVariant => "unsupported_variant",
            Self::Encrypted => "encrypted",
            Self::Damaged { what } => what.name(),
            Self::FileTooLarge => "file_too_large",
            Self::PageTooLarge => "page_too_large",
            Self::TooManyPages => "too_many_pages",
            Self::NotAFile => "not_a_file",
            Self::FeederEmpty => "feeder_empty",
            Self::Jammed => "jammed",
            Self::CoverOpen => "cover_open",
            Self::DeviceBusy => "device_busy",
            Self::DeviceGone => "device_gone",
            Self::DeviceRefused => "device_refused",
            Self::AccessDenied => "access_denied",
            Self::NoSuchDevice => "no_such_device",
            Self::SaneAbsent => "sane_absent",
            Self::SourceNotOffered => "source_not_offered",
            Self::Cancelled => "cancelled",
            Self::Sheet { cause, .. } => cause.name(),
            Self::Io(_) => "io",
            Self::Sink(_) => "sink",
        }
    }

    /// The error of that name, on the other side of the pipe. `None` for a name
    /// that no version of this crate has given.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "empty_file" => Self::EmptyFile,
            "unknown_format" => Self::UnknownFormat,
            "unsupported_variant" => Self::UnsupportedVariant,
            "encrypted" => Self::Encrypted,
            "file_too_large" => Self::FileTooLarge,
            "page_too_large" => Self::PageTooLarge,
            "too_many_pages" => Self::TooManyPages,
            "not_a_file" => Self::NotAFile,
            "feeder_empty" => Self::FeederEmpty,
            "jammed" => Self::Jammed,
            "cover_open" => Self::CoverOpen,
            "device_busy" => Self::DeviceBusy,
            "device_gone" => Self::DeviceGone,
            "device_refused" => Self::DeviceRefused,
            "access_denied" => Self::AccessDenied,
            "no_such_device" => Self::NoSuchDevice,
            "sane_absent" => Self::SaneAbsent,
            "source_not_offered" => Self::SourceNotOffered,
            "cancelled" => Self::Cancelled,
            "io" => Self::Io(std::io::Error::other("reported by the worker process")),
            "sink" => Self::Sink("reported by the worker process".into()),
            damage => {
                let what = Damage::ALL.into_iter().find(|what| what.name() == damage)?;
                Self::Damaged { what }
            }
        })
    }

    /// The place of the sheet (from 1) that the error is about, where it is about one.
    pub const fn sheet(&self) -> Option<u32> {
        match self {
            Self::Sheet { sheet, .. } => Some(*sheet),
            _ => None,
        }
    }

    /// The same error, about the sheet at this place (from 1).
    #[must_use]
    pub fn at_sheet(self, sheet: u32) -> Self {
        Self::Sheet {
            sheet,
            cause: Box::new(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_crosses_the_pipe_by_its_name_and_is_one_sentence() {
        let plain = [
            Error::EmptyFile,
            Error::UnknownFormat,
            Error::UnsupportedVariant,
            Error::Encrypted,
            Error::FileTooLarge,
            Error::PageTooLarge,
            Error::TooManyPages,
            Error::NotAFile,
            Error::FeederEmpty,
            Error::Jammed,
            Error::CoverOpen,
            Error::DeviceBusy,
            Error::DeviceGone,
            Error::DeviceRefused,
            Error::AccessDenied,
            Error::NoSuchDevice,
            Error::SaneAbsent,
            Error::SourceNotOffered,
            Error::Cancelled,
            Error::Io(std::io::Error::other("x")),
            Error::Sink("x".into()),
        ];
        let damages = Damage::ALL.map(Error::damaged);
        for error in plain.into_iter().chain(damages) {
            let arrived = Error::from_name(error.name()).unwrap();
            assert_eq!(
                arrived.to_string(),
                error.to_string(),
                "{} must say the same on the other side",
                error.name()
            );
            assert!(!error.to_string().contains('\n') && !error.to_string().ends_with('.'));
        }
        assert!(Error::from_name("no_such_name").is_none());
    }

    #[test]
    fn an_error_of_a_sheet_keeps_the_name_of_its_cause() {
        let error = Error::Encrypted.at_sheet(3);
        assert_eq!((error.name(), error.sheet()), ("encrypted", Some(3)));
        assert_eq!(
            error.to_string(),
            "sheet 3 of the feeder: the PDF is protected by a password"
        );
    }
}
