//! How a call of SANE went.

use crate::error::Error;

/// A status other than good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Cancelled,
    DeviceBusy,
    Invalid,
    Eof,
    Jammed,
    NoDocs,
    CoverOpen,
    IoError,
    AccessDenied,
    /// Unsupported, out of memory, or newer than these declarations.
    Other,
}

impl Status {
    pub(super) fn check(number: i32) -> Result<(), Self> {
        Err(match number {
            0 => return Ok(()),
            2 => Self::Cancelled,
            3 => Self::DeviceBusy,
            4 => Self::Invalid,
            5 => Self::Eof,
            6 => Self::Jammed,
            7 => Self::NoDocs,
            8 => Self::CoverOpen,
            9 => Self::IoError,
            11 => Self::AccessDenied,
            _ => Self::Other,
        })
    }

    /// As a recording says it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::DeviceBusy => "device_busy",
            Self::Invalid => "invalid",
            Self::Eof => "end",
            Self::Jammed => "jammed",
            Self::NoDocs => "no_docs",
            Self::CoverOpen => "cover_open",
            Self::IoError => "io_error",
            Self::AccessDenied => "access_denied",
            Self::Other => "other",
        }
    }

    /// What it means when a device is opened.
    pub(super) fn at_opening(self) -> Error {
        match self {
            // The standard gives this when no device has the name.
            Self::Invalid => Error::NoSuchDevice,
            other => other.during_a_scan(),
        }
    }

    /// What it means while a sheet is scanned.
    pub(super) fn during_a_scan(self) -> Error {
        match self {
            Self::Cancelled => Error::Cancelled,
            Self::DeviceBusy => Error::DeviceBusy,
            Self::Jammed => Error::Jammed,
            Self::NoDocs => Error::FeederEmpty,
            Self::CoverOpen => Error::CoverOpen,
            Self::IoError => Error::DeviceGone,
            Self::AccessDenied => Error::AccessDenied,
            Self::Invalid | Self::Eof | Self::Other => Error::DeviceRefused,
        }
    }
}

/// How a call went, as a recording says it.
pub(super) fn said(outcome: &Result<(), Status>) -> &'static str {
    match outcome {
        Ok(()) => "good",
        Err(status) => status.name(),
    }
}
