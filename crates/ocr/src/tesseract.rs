//! The second engine: Tesseract with its Vietnamese model, read line by line.

mod ffi;

use std::path::Path;

use domain::engine::Engine;
use domain::geometry::Rectangle;
use fast_image_resize as fir;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8;
use image::{GrayImage, Luma};

use self::ffi::{Handle, Library};
use crate::error::Error;
use crate::lanes::LANES;
use crate::recogniser::{Recogniser, SeenWord};

/// Paper kept above and below the line, in line heights. With more, the
/// neighbours' tails and hooks are read as letters.
const MARGIN_Y: f32 = 0.12;
/// Paper kept left and right of the line, in line heights.
const MARGIN_X: f32 = 0.25;
/// White frame around the piece, in pixels after scaling.
const FRAME: u32 = 12;
/// Lines lower than this are enlarged to it. Measured: 48, 60 and 72 cost time
/// and read worse, and so does making high lines smaller.
const LINE_HEIGHT: f32 = 36.0;
/// More than this only costs time.
const LARGEST_SCALE: f32 = 4.0;
/// No line of a page of this trade is longer; the memory of a line grows with it.
const LONGEST_LINE: u32 = 12_000;

/// The loaded engine. Its threads are bounded only by the environment variable
/// `OMP_THREAD_LIMIT=1`, which OpenMP reads when the library is loaded: the
/// worker process must be started with it, or every line costs about twice as
/// much on a busy machine.
#[derive(Debug)]
pub(crate) struct Tesseract {
    handle: Handle,
}

impl Tesseract {
    /// One from the library of this machine; `None` when there is none.
    pub(crate) fn open(tessdata: &Path) -> Result<Option<Self>, Error> {
        Self::open_from(ffi::CANDIDATES, tessdata)
    }

    /// One for each lane, from the library of this machine; none where there is none.
    pub(crate) fn open_lanes(tessdata: &Path) -> Result<Vec<Self>, Error> {
        Self::open_lanes_from(ffi::CANDIDATES, tessdata)
    }

    /// As [`Tesseract::open_lanes`], from the first of these libraries that exists.
    pub(crate) fn open_lanes_from(
        candidates: &[&str],
        tessdata: &Path,
    ) -> Result<Vec<Self>, Error> {
        (0..LANES)
            .filter_map(|_| Self::open_from(candidates, tessdata).transpose())
            .collect()
    }

    /// `None` where none of the libraries exists.
    fn open_from(candidates: &[&str], tessdata: &Path) -> Result<Option<Self>, Error> {
        let Some(library) = Library::load(candidates)? else {
            return Ok(None);
        };
        if std::env::var_os("OMP_THREAD_LIMIT").is_none_or(|limit| limit != "1") {
            tracing::warn!("OMP_THREAD_LIMIT is not 1: Tesseract will be slower than it need be");
        }
        let path = tessdata.join("vie.traineddata");
        let model =
            std::fs::read(&path).map_err(|source| Error::ResourceMissing { path, source })?;
        let handle = Handle::start(library, &model)?;
        Ok(Some(Self { handle }))
    }

    /// The words of a whole page in reading order; the library finds its lines.
    pub(crate) fn read_page(&mut self, page: &GrayImage) -> Result<Vec<SeenWord>, Error> {
        let all = Rectangle::new(0, 0, page.width(), page.height());
        let words = self.handle.read_page(page)?.into_iter();
        Ok(words
            .filter_map(|word| {
                let text = domain::fold::normalise(&word.text);
                let (left, top, right, bottom) = word.outline;
                let [left, top, right, bottom] =
                    [left, top, right, bottom].map(|side| u32::try_from(side).unwrap_or(0));
                let outline = Rectangle::new(
                    left,
                    top,
                    right.saturating_sub(left),
                    bottom.saturating_sub(top),
                );
                let outline = outline.intersection(&all)?;
                (!text.is_empty()).then(|| SeenWord {
                    text,
                    confidence: (word.confidence / 100.0).clamp(0.0, 1.0),
                    outline,
                })
            })
            .collect())
    }

    /// The version of the library.
    pub(crate) fn version(&self) -> String {
        self.handle.version()
    }
}

impl Recogniser for Tesseract {
    fn engine(&self) -> Engine {
        Engine::Tesseract
    }

    fn read_line(&mut self, page: &GrayImage, area: &Rectangle) -> Result<Vec<SeenWord>, Error> {
        let Some(piece) = Piece::cut(page, area) else {
            return Ok(Vec::new());
        };
        let words = self.handle.read_line(&piece.image)?;
        Ok(words
            .into_iter()
            .filter_map(|word| {
                let text = domain::fold::normalise(&word.text);
                (!text.is_empty()).then(|| SeenWord {
                    text,
                    confidence: (word.confidence / 100.0).clamp(0.0, 1.0),
                    outline: piece.on_page(page, word.outline),
                })
            })
            .collect())
    }
}

/// A line cut out for Tesseract, in a white frame.
struct Piece {
    image: GrayImage,
    origin: (u32, u32),
    scale: f32,
}

impl Piece {
    fn cut(page: &GrayImage, area: &Rectangle) -> Option<Self> {
        let height = area.height as f32;
        let (beside, above) = (
            (height * MARGIN_X).round() as u32,
            (height * MARGIN_Y).round() as u32,
        );
        let all = Rectangle::new(0, 0, page.width(), page.height());
        let around = Rectangle::new(
            area.x.saturating_sub(beside),
            area.y.saturating_sub(above),
            area.width + beside + beside.min(area.x),
            area.height + above + above.min(area.y),
        )
        .intersection(&all)?;
        let cut = image::imageops::crop_imm(page, around.x, around.y, around.width, around.height)
            .to_image();
        let scale = (LINE_HEIGHT / height)
            .clamp(1.0, LARGEST_SCALE)
            .min(LONGEST_LINE as f32 / around.width as f32);
        let cut = if (scale - 1.0).abs() > 0.02 {
            resize(cut, scale)
        } else {
            cut
        };
        let mut framed = GrayImage::from_pixel(
            cut.width() + 2 * FRAME,
            cut.height() + 2 * FRAME,
            Luma([ground(&cut)]),
        );
        image::imageops::replace(&mut framed, &cut, i64::from(FRAME), i64::from(FRAME));
        Some(Self {
            image: framed,
            origin: (around.x, around.y),
            scale,
        })
    }

    /// A box of the piece as a box of the page.
    fn on_page(
        &self,
        page: &GrayImage,
        (left, top, right, bottom): (i32, i32, i32, i32),
    ) -> Rectangle {
        let back = |value: i32, origin: u32, limit: u32| {
            let value = (value as f32 - FRAME as f32) / self.scale + origin as f32;
            value.round().clamp(0.0, limit as f32) as u32
        };
        let x = back(left, self.origin.0, page.width().saturating_sub(1));
        let y = back(top, self.origin.1, page.height().saturating_sub(1));
        let right = back(right, self.origin.0, page.width());
        let bottom = back(bottom, self.origin.1, page.height());
        Rectangle::new(
            x,
            y,
            right.saturating_sub(x).max(1),
            bottom.saturating_sub(y).max(1),
        )
    }
}

/// The grey of the paper: the median. A frame of another grey would be an edge.
fn ground(image: &GrayImage) -> u8 {
    let mut greys = image.as_raw().clone();
    let middle = greys.len() / 2;
    *greys.select_nth_unstable(middle).1
}

/// Through the resizer's door for one kind of pixel: the one for any kind
/// compiles its kernels for every kind there is, which takes minutes.
fn resize(image: GrayImage, scale: f32) -> GrayImage {
    let fit = |length: u32| ((length as f32 * scale).round() as u32).max(1);
    let (width, height) = (fit(image.width()), fit(image.height()));
    let mut larger = GrayImage::new(width, height);
    let options = fir::ResizeOptions::new()
        .resize_alg(fir::ResizeAlg::Convolution(fir::FilterType::CatmullRom));
    let source = TypedImageRef::<U8>::from_buffer(image.width(), image.height(), &image);
    let target = TypedImage::<U8>::from_buffer(width, height, &mut larger);
    let (Ok(source), Ok(mut target)) = (source, target) else {
        return image;
    };
    let resized = fir::Resizer::new().resize_typed(&source, &mut target, &options);
    drop(target);
    // Only an empty image is refused; it has nothing to enlarge.
    if resized.is_ok() { larger } else { image }
}
