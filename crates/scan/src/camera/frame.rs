//! One picture of a camera's stream.

use std::time::Duration;

use domain::geometry::{QuarterTurn, Size};
use domain::page::RawFormat;
use image::DynamicImage;

use super::{mjpeg, yuyv};
use crate::error::{Damage, Error};
use crate::file::{RawPage, decode};
use crate::limits::Limits;
use crate::{jpeg, page_png};

/// A frame as it came.
pub(super) struct Frame {
    pub(super) bytes: Vec<u8>,
    pub(super) coding: Coding,
    /// Since the stream began.
    pub(super) at: Duration,
}

/// How the pixels of a frame are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// A JPEG, as a whole.
    Jpeg,
    /// Two pixels in four bytes: brightness, blue, brightness, red.
    Yuyv {
        /// Of the picture.
        size: Size,
        /// From one row to the next.
        row_bytes: usize,
    },
}

impl Frame {
    /// The pixels. A frame of which a part was lost on the way is damaged.
    pub(super) fn decode(&self, limits: &Limits) -> Result<DynamicImage, Error> {
        match self.coding {
            Coding::Jpeg => {
                let whole = mjpeg::with_tables(&self.bytes);
                if jpeg::ends_early(&whole) {
                    return Err(Error::damaged(Damage::CutShort));
                }
                decode(&whole, RawFormat::Jpeg, limits)
            }
            Coding::Yuyv { size, row_bytes } => yuyv::image(&self.bytes, size, row_bytes)
                .map(DynamicImage::ImageRgb8)
                .ok_or(Error::damaged(Damage::CutShort)),
        }
    }

    /// The frame as a page; `image` are its pixels. A JPEG keeps its bytes; where a camera
    /// leaves out the tables that every motion JPEG shares, they are put in, because
    /// nobody else could read it.
    pub(super) fn page(&self, image: &DynamicImage) -> Result<RawPage, Error> {
        match self.coding {
            Coding::Jpeg => Ok(RawPage {
                bytes: mjpeg::with_tables(&self.bytes).into_owned(),
                format: RawFormat::Jpeg,
                size: Size {
                    width_px: image.width(),
                    height_px: image.height(),
                },
                // What a camera states there is the resolution of no paper.
                dpi: None,
                turn: QuarterTurn::None,
            }),
            Coding::Yuyv { .. } => page_png::page(image.clone(), None),
        }
    }
}
