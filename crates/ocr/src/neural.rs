//! The neural engine: finds the lines of a page, reads them, and tells which
//! way up a page lies. Models of the package `trueocr`, run by `rten`.

mod detect;
mod order;
mod orient;
mod recognise;
mod split;
mod words;

use std::path::Path;

use domain::geometry::QuarterTurn;
use image::GrayImage;

pub(crate) use self::detect::LineBox;
pub(crate) use self::order::in_reading_order;
pub(crate) use self::words::ReadLine;

use crate::error::Error;
use crate::lanes::LANES;
use crate::model::{Description, Threads};

/// The loaded models.
#[derive(Debug)]
pub(crate) struct Neural {
    detector: detect::Detector,
    recogniser: recognise::Recogniser,
    orienter: orient::Orienter,
}

impl Neural {
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let description = Description::read(folder)?;
        let threads = Threads::start(LANES);
        Ok(Self {
            detector: detect::Detector::open(folder, description.det_long_side, &threads)?,
            recogniser: recognise::Recogniser::open(folder, &description.charset, &threads)?,
            orienter: orient::Orienter::open(folder, &threads)?,
        })
    }

    /// The turn that makes the page upright; `None` when the model is not sure.
    pub(crate) fn orientation(&self, page: &GrayImage) -> Result<Option<QuarterTurn>, Error> {
        self.orienter.turn(page)
    }

    /// Where the lines of the page are, columns apart, in no particular order.
    pub(crate) fn find_lines(&self, page: &GrayImage) -> Result<Vec<LineBox>, Error> {
        let lines = self.detector.find(page)?;
        Ok(split::columns_apart(page, lines))
    }

    /// Reads the lines. Those without text are left out.
    pub(crate) fn read_lines(
        &self,
        page: &GrayImage,
        lines: &[LineBox],
    ) -> Result<Vec<ReadLine>, Error> {
        let glyphs = self.recogniser.read(page, lines)?;
        Ok(lines
            .iter()
            .zip(glyphs)
            .filter_map(|(line, glyphs)| words::assemble(page, *line, &glyphs))
            .collect())
    }
}
