//! Where frames come from: a device, or a recording of one.

use std::path::Path;

use super::frame::Frame;
use super::recorded::Recorded;
#[cfg(target_os = "linux")]
use super::v4l2::Stream;
use crate::error::Error;
use crate::scanner::CancelToken;
use crate::trace::Trace;

pub(super) enum Source {
    #[cfg(target_os = "linux")]
    Device(Stream),
    Recorded(Recorded),
}

impl Source {
    pub(super) fn open(place: &str, trace: &Trace) -> Result<Self, Error> {
        let path = Path::new(place);
        if path.is_dir() {
            return Ok(Self::Recorded(Recorded::open(path)?));
        }
        #[cfg(target_os = "linux")]
        return Ok(Self::Device(Stream::open(path, trace)?));
        #[cfg(not(target_os = "linux"))]
        {
            trace.note(|| "camera unknown here");
            Err(Error::NoSuchDevice)
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            #[cfg(target_os = "linux")]
            Self::Device(stream) => stream.name(),
            Self::Recorded(recorded) => recorded.name(),
        }
    }

    pub(super) const fn is_recorded(&self) -> bool {
        matches!(self, Self::Recorded(_))
    }

    /// The next frame to be looked at; `None` at the end of a recording.
    pub(super) fn next(&mut self, cancel: &CancelToken) -> Result<Option<Frame>, Error> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Device(stream) => stream.next(cancel).map(Some),
            Self::Recorded(recorded) => {
                cancel.check()?;
                recorded.next()
            }
        }
    }
}
