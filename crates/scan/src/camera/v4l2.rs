//! Cameras by `Video4Linux`: what they offer, and their stream of frames.

mod ioctl;

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::geometry::Size;

use super::frame::{Coding, Frame};
use super::{LIVE_EVERY, PREFIX, device};
use crate::error::Error;
use crate::limits::Limits;
use crate::scanner::{CancelToken, Device};
use crate::trace::Trace;
use ioctl::{Camera, Format, PixelFormat};

/// Numbers that the system gives to cameras.
const NUMBERS: std::ops::Range<u32> = 0..64;

/// A camera that sends nothing for so long is gone.
const SILENCE: Duration = Duration::from_secs(4);

/// How soon a cancel is felt while waiting for a frame.
const WAITING_TICK: Duration = Duration::from_millis(100);

/// Every camera that this account may use and that sends pictures we can read.
pub(super) fn list() -> Vec<Device> {
    NUMBERS
        .filter_map(|number| {
            let path = format!("/dev/video{number}");
            let camera = Camera::open(Path::new(&path)).ok()?;
            finest(&camera.formats())?;
            Some(device(format!("{PREFIX}{path}"), camera.name().to_owned()))
        })
        .collect()
}

/// A camera that sends frames.
pub(super) struct Stream {
    camera: Camera,
    format: Format,
    began: Instant,
    looked_at: Option<Duration>,
    trace: Trace,
}

impl Stream {
    pub(super) fn open(path: &Path, trace: &Trace) -> Result<Self, Error> {
        let mut camera = Camera::open(path).map_err(|error| of_opening(&error))?;
        let offered = camera.formats();
        for format in &offered {
            trace.note(|| format!("camera format {format:?}"));
        }
        let wanted = finest(&offered).ok_or(Error::DeviceRefused)?;
        let format = camera.begin(wanted).map_err(|error| of_streaming(&error))?;
        trace.note(|| format!("camera streams {format:?}"));
        if format.pixels() > Limits::default().max_pixels {
            return Err(Error::PageTooLarge);
        }
        Ok(Self {
            camera,
            format,
            began: Instant::now(),
            looked_at: None,
            trace: trace.clone(),
        })
    }

    pub(super) fn name(&self) -> &str {
        self.camera.name()
    }

    /// The newest frame, once a tenth of a second has passed since the one before.
    pub(super) fn next(&mut self, cancel: &CancelToken) -> Result<Frame, Error> {
        if let Some(before) = self.looked_at {
            let passed = self.began.elapsed().saturating_sub(before);
            cancel.wait(LIVE_EVERY.saturating_sub(passed))?;
        }
        let asked = Instant::now();
        loop {
            cancel.check()?;
            let newest = self.camera.newest(WAITING_TICK).map_err(|error| {
                self.trace.note(|| format!("camera {}", error.kind()));
                of_streaming(&error)
            })?;
            if let Some(bytes) = newest {
                let at = self.began.elapsed();
                self.looked_at = Some(at);
                return Ok(Frame {
                    bytes,
                    coding: self.coding(),
                    at,
                });
            }
            if asked.elapsed() >= SILENCE {
                self.trace.note(|| "camera silent");
                return Err(Error::DeviceGone);
            }
        }
    }

    fn coding(&self) -> Coding {
        match self.format.pixels_as {
            PixelFormat::Jpeg => Coding::Jpeg,
            PixelFormat::Yuyv => Coding::Yuyv {
                size: Size {
                    width_px: self.format.width,
                    height_px: self.format.height,
                },
                row_bytes: self.format.row_bytes as usize,
            },
        }
    }
}

/// The largest picture; of two ways to send it the packed one, whose bytes can be kept.
fn finest(formats: &[Format]) -> Option<Format> {
    let fit = formats
        .iter()
        .filter(|format| (1..=Limits::default().max_pixels).contains(&format.pixels()));
    fit.max_by_key(|format| (format.pixels(), format.pixels_as == PixelFormat::Jpeg))
        .copied()
}

fn of_opening(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Error::AccessDenied,
        io::ErrorKind::ResourceBusy => Error::DeviceBusy,
        _ => Error::NoSuchDevice,
    }
}

fn of_streaming(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::ResourceBusy => Error::DeviceBusy,
        io::ErrorKind::InvalidInput | io::ErrorKind::OutOfMemory => Error::DeviceRefused,
        // A cable that was pulled, however the driver calls it.
        _ => Error::DeviceGone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(pixels_as: PixelFormat, width: u32, height: u32) -> Format {
        Format {
            pixels_as,
            width,
            height,
            row_bytes: 0,
        }
    }

    #[test]
    fn the_largest_picture_is_chosen_and_of_equal_ones_the_packed() {
        use PixelFormat::{Jpeg, Yuyv};
        let check =
            |formats: &[Format], chosen: Option<Format>| assert_eq!(finest(formats), chosen);
        let (large, small) = (offered(Jpeg, 3264, 2448), offered(Jpeg, 1280, 720));
        check(&[small, large, offered(Yuyv, 3264, 2448)], Some(large));
        check(&[offered(Yuyv, 3264, 2448), large], Some(large));
        check(
            &[small, offered(Yuyv, 1600, 1200)],
            Some(offered(Yuyv, 1600, 1200)),
        );
        check(&[offered(Jpeg, 60_000, 60_000), small], Some(small));
        check(&[offered(Jpeg, 0, 0)], None);
    }

    #[test]
    fn what_is_no_camera_is_refused() {
        for path in ["/dev/null", "/dev/no-such-camera", "/proc/version"] {
            let refused = Stream::open(Path::new(path), &Trace::off()).err().unwrap();
            assert_eq!(refused.name(), "no_such_device", "{path}");
        }
    }
}
