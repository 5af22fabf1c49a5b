//! Reading lines that were found.

use std::path::Path;

use image::GrayImage;
use rten_tensor::{AsView as _, Layout as _, NdTensor};

use super::detect::LineBox;
use crate::ctc::{self, Glyph};
use crate::error::Error;
use crate::ink::{self, InkMap, Window};
use crate::lanes::{LANES, in_lanes};
use crate::model::{LoadedModel, Threads};

/// The line itself is brought to this height …
const LINE_HEIGHT: usize = 32;
/// … in the middle of a map three times as high, with the page above and below.
const MAP_HEIGHT: usize = 3 * LINE_HEIGHT;
/// Paper above and below the print that counts as line, in line heights.
/// Measured: 0.15 loses hooks and dots below, 0.2 and 0.3 read a little worse.
const MARGIN_Y: f32 = 0.25;
/// Paper left and right of the line, in line heights. With less, the mark at the
/// end of a line is lost more often.
const MARGIN_X: f32 = 0.5;
/// Wider maps are squeezed. A line over an A4 page is about 1,200 wide; squeezing
/// it into the 768 that the model was trained on costs a third more errors.
const LONGEST_MAP: usize = 1600;
/// Map columns per step of the model.
const STEP: usize = 4;
/// Widths are padded to a multiple of this, and by this much beyond the widest
/// line, so that a line reads the same alone and beside a wider one.
const MULTIPLE: usize = 8;
/// Lines in one batch differ in width at most by this factor, for padding is
/// work too.
const SPREAD: f32 = 1.3;
/// Map columns in one batch; more does not stay in the processor's cache.
const BATCH_COLUMNS: usize = 4096;

#[derive(Debug)]
pub(crate) struct Recogniser {
    model: LoadedModel,
    /// A batch is too small to be shared, so each lane reads batches of its own.
    lanes: [Threads; LANES],
    charset: Vec<char>,
}

/// One line made ready.
struct Prepared {
    map: InkMap,
    /// Left edge of the map on the page, and page pixels per map column.
    origin: f32,
    scale: f32,
}

impl Recogniser {
    pub(crate) fn open(
        folder: &Path,
        charset: &[String],
        threads: &Threads,
    ) -> Result<Self, Error> {
        let model = LoadedModel::open(folder, "rec", threads)?;
        let charset = charset
            .iter()
            .map(|entry| entry.chars().next().ok_or_else(|| model.foreign()))
            .collect::<Result<Vec<char>, Error>>()?;
        let lanes = std::array::from_fn(|_| Threads::start(1));
        Ok(Self {
            model,
            lanes,
            charset,
        })
    }

    /// The characters of each line, spaces among them.
    pub(crate) fn read(
        &self,
        page: &GrayImage,
        lines: &[LineBox],
    ) -> Result<Vec<Vec<Glyph>>, Error> {
        let prepared: Vec<Prepared> = lines.iter().map(|line| prepare(page, line)).collect();
        let mut read = vec![Vec::new(); lines.len()];
        let batches = batches(&prepared);
        let mut lanes = self.lanes.each_ref();
        let found = in_lanes(&mut lanes, &batches, |lane, batch| {
            self.read_batch(lane, &prepared, batch)
        })?;
        for (batch, found) in batches.iter().zip(found) {
            for (index, glyphs) in batch.iter().zip(found) {
                read[*index] = glyphs;
            }
        }
        Ok(read)
    }

    fn read_batch(
        &self,
        lane: &Threads,
        prepared: &[Prepared],
        batch: &[usize],
    ) -> Result<Vec<Vec<Glyph>>, Error> {
        let widest = batch.iter().map(|index| prepared[*index].map.width).max();
        let width = widest.unwrap_or(0).div_ceil(MULTIPLE) * MULTIPLE + MULTIPLE;
        let mut input = vec![0.0f32; batch.len() * MAP_HEIGHT * width];
        for (plane, index) in input.chunks_exact_mut(MAP_HEIGHT * width).zip(batch) {
            let map = &prepared[*index].map;
            for (row, ink) in plane
                .chunks_exact_mut(width)
                .zip(map.pixels.chunks_exact(map.width))
            {
                row[..map.width].copy_from_slice(ink);
            }
        }
        let widths: Vec<i32> = batch
            .iter()
            .map(|index| prepared[*index].map.width as i32)
            .collect();
        let input = NdTensor::from_data([batch.len(), 1, MAP_HEIGHT, width], input);
        let widths = NdTensor::from_data([batch.len()], widths);
        let [ids, confidence, lengths] = self.model.run_on(
            lane,
            vec![("x", input.view().into()), ("widths", widths.view().into())],
            ["ids", "conf", "lengths"],
        )?;
        let foreign = || self.model.foreign();
        let ids: NdTensor<i32, 2> = ids.try_into().map_err(|_| foreign())?;
        let confidence: NdTensor<f32, 2> = confidence.try_into().map_err(|_| foreign())?;
        let lengths: NdTensor<i32, 1> = lengths.try_into().map_err(|_| foreign())?;
        let steps = width / STEP;
        if ids.shape() != [batch.len(), steps]
            || confidence.shape() != ids.shape()
            || lengths.shape() != [batch.len()]
        {
            return Err(foreign());
        }
        let (ids, confidence) = (ids.to_vec(), confidence.to_vec());
        Ok(batch
            .iter()
            .zip(lengths.to_vec())
            .enumerate()
            .map(|(row, (index, length))| {
                let from = row * steps;
                let to = from + usize::try_from(length).unwrap_or(0).min(steps);
                let line = &prepared[*index];
                let mut glyphs =
                    ctc::collapse(&ids[from..to], &confidence[from..to], &self.charset);
                for glyph in &mut glyphs {
                    glyph.x = line.origin + glyph.x * STEP as f32 * line.scale;
                }
                glyphs
            })
            .collect())
    }
}

fn prepare(page: &GrayImage, line: &LineBox) -> Prepared {
    let height = line.height().max(1.0);
    let above = height * (3.0 * (1.0 + 2.0 * MARGIN_Y) - 1.0) / 2.0;
    let beside = height * MARGIN_X;
    let (left, right) = ((line.left - beside).floor(), (line.right + beside).ceil());
    let (top, bottom) = ((line.top - above).floor(), (line.bottom + above).ceil());
    let window = Window {
        x: left as i64,
        y: top as i64,
        width: (right - left).max(1.0) as usize,
        height: (bottom - top).max(1.0) as usize,
    };
    let width = (window.width as f32 * MAP_HEIGHT as f32 / window.height as f32).round() as usize;
    let width = width.clamp(MULTIPLE, LONGEST_MAP);
    Prepared {
        map: ink::sample(
            page,
            window,
            width,
            MAP_HEIGHT,
            ink::is_light_on_dark(page, &line.rectangle(page)),
        ),
        origin: left,
        scale: window.width as f32 / width as f32,
    }
}

/// Line indices grouped into batches of similar width. The widest come first: they take
/// longest, and whichever lane is done early takes the small ones.
fn batches(prepared: &[Prepared]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..prepared.len()).collect();
    order.sort_by_key(|index| prepared[*index].map.width);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let width = prepared[index].map.width;
        match batches.last_mut() {
            Some(batch)
                if (batch.len() + 1) * width <= BATCH_COLUMNS
                    && width as f32
                        <= SPREAD * prepared[batch[0]].map.width.max(2 * LINE_HEIGHT) as f32 =>
            {
                batch.push(index);
            }
            _ => batches.push(vec![index]),
        }
    }
    batches.reverse();
    batches
}
