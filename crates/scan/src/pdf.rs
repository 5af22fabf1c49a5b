//! The pages of a PDF: a page that is nothing but one full-page JPEG gives its
//! bytes, one that is nothing but one scan in another coding gives its pixels, and
//! every other page is drawn.

mod complete;
mod lift;
mod survey;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use domain::geometry::{QuarterTurn, Size};
use domain::page::RawFormat;
use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::object::Dict;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, RgbImage};

use crate::error::{Damage, Error};
use crate::file::{RawPage, check_pixels, page_as_it_came};
use crate::guard::guarded;
use crate::limits::Limits;
use crate::{page_png, resolution};
use survey::{Survey, survey};

/// Points in an inch.
const POINTS: f64 = 72.0;

/// A drawn page has at most 40 megapixels, A4 at 600 dpi with something to spare:
/// 160 MB while it is drawn. Larger page boxes are drawn at a lower resolution,
/// and the page says at which.
const MAX_DRAWN_PIXELS: f64 = 40_000_000.0;

/// Above this a scan inside a PDF is drawn smaller: it adds nothing to paper.
const MAX_SCAN_DPI: f64 = 600.0;

/// Where the end of a PDF is looked for. Mail gateways add a few lines after it.
const TAIL_BYTES: usize = 4096;

pub(crate) fn pages(
    bytes: &[u8],
    limits: &Limits,
    each: &mut dyn FnMut(RawPage) -> ControlFlow<()>,
) -> Result<usize, Error> {
    let pdf = guarded(|| open(bytes))?;
    let count = guarded(|| count_pages(&pdf))?;
    if count > limits.max_pages {
        return Err(Error::TooManyPages);
    }
    for index in 0..count {
        let page = guarded(|| {
            let page = pdf.pages().get(index);
            page_image(page.ok_or(Error::damaged(Damage::Structure))?, limits)
        })?;
        if each(page).is_break() {
            return Ok(index + 1);
        }
    }
    Ok(count)
}

fn open(bytes: &[u8]) -> Result<Pdf, Error> {
    // The reader tries the empty password by itself: many PDFs are locked only
    // against changes and open for reading.
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm,
        ) => Error::Encrypted,
        LoadPdfError::Decryption(_) | LoadPdfError::Invalid => Error::damaged(Damage::Structure),
    });
    // The reader repairs what is broken by searching for objects, so a file that
    // lost its end would come out with fewer pages and no word about it.
    let tail = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
    let ends = tail.windows(5).any(|window| window == b"%%EOF");
    match pdf {
        Err(Error::Encrypted) => Err(Error::Encrypted),
        _ if !ends => Err(Error::damaged(Damage::CutShort)),
        other => other,
    }
}

/// The number of pages, after the reader's list was compared with the file's own count.
fn count_pages(pdf: &Pdf) -> Result<usize, Error> {
    let found = pdf.pages().len();
    let root: Dict<'_> = pdf
        .xref()
        .get(pdf.xref().root_id())
        .ok_or(Error::damaged(Damage::Structure))?;
    let stated = root
        .get::<Dict<'_>>("Pages")
        .and_then(|pages| pages.get::<i64>("Count"));
    match stated {
        Some(stated) if stated > found as i64 => Err(Error::damaged(Damage::Structure)),
        _ if found == 0 => Err(Error::damaged(Damage::NoPages)),
        _ => Ok(found),
    }
}

fn page_image(page: &Page<'_>, limits: &Limits) -> Result<RawPage, Error> {
    if page.raw().contains_key("Contents") && page.page_stream().is_none() {
        return Err(Error::damaged(Damage::Structure));
    }
    let seen = survey(page);
    if seen.largest_image_pixels > limits.max_pixels {
        return Err(Error::PageTooLarge);
    }
    if seen.cut_short {
        return Err(Error::damaged(Damage::CutShort));
    }
    if let Some(jpeg) = jpeg_as_it_is(&seen, limits) {
        return Ok(jpeg);
    }
    if let Some(pixels) = pixels_as_they_are(page, &seen)? {
        return Ok(pixels);
    }
    draw(page, &seen, limits)
}

/// The page's JPEG, where it is whole and decodes; drawing decides about all others.
fn jpeg_as_it_is(seen: &Survey, limits: &Limits) -> Option<RawPage> {
    let scan = seen.only_scan()?;
    let mut page = page_as_it_came(scan.jpeg.as_deref()?, RawFormat::Jpeg, limits).ok()?;
    let stated = Size {
        width_px: scan.width_px,
        height_px: scan.height_px,
    };
    if page.size != stated {
        return None;
    }
    // The page says how large the paper is; the number inside the JPEG is often
    // a default that nobody set.
    page.dpi = resolution::plausible(scan.dpi_across, scan.dpi_down);
    page.turn = scan.turn;
    Some(page)
}

/// The pixels of the page's one scan, upright; drawing them would soften them and
/// take three times as long.
fn pixels_as_they_are(page: &Page<'_>, seen: &Survey) -> Result<Option<RawPage>, Error> {
    let Some(scan) = seen.only_scan() else {
        return Ok(None);
    };
    // Pixels that are not square are evened out by drawing, and too many are reduced.
    let dpi = resolution::plausible(scan.dpi_across, scan.dpi_down);
    let fits = f64::from(scan.width_px) * f64::from(scan.height_px) <= MAX_DRAWN_PIXELS;
    if !fits || dpi.is_none_or(|dpi| f64::from(dpi) > MAX_SCAN_DPI) {
        return Ok(None);
    }
    let troubles = Arc::new(Troubles::default());
    let pixels = lift::only_image(page, troubles.settings());
    troubles.verdict()?;
    // The decoder makes the image lower when its data end early.
    let lower = |pixels: &DynamicImage| pixels.height() < scan.height_px;
    if pixels.as_ref().is_some_and(lower) {
        return Err(Error::damaged(Damage::CutShort));
    }
    let upright = pixels.map(|pixels| match scan.turn {
        QuarterTurn::None => pixels,
        QuarterTurn::Right => pixels.rotate90(),
        QuarterTurn::Half => pixels.rotate180(),
        QuarterTurn::Left => pixels.rotate270(),
    });
    upright.map(|image| page_png::page(image, dpi)).transpose()
}

fn draw(page: &Page<'_>, seen: &Survey, limits: &Limits) -> Result<RawPage, Error> {
    let (width_points, height_points) = page.render_dimensions();
    let (width_points, height_points) = (f64::from(width_points), f64::from(height_points));
    let plan = Plan::new(width_points, height_points, seen, limits);
    check_pixels(plan.width_px.into(), plan.height_px.into(), limits)?;

    let troubles = Arc::new(Troubles::default());
    let settings = troubles.settings();
    let cache = RenderCache::new();
    // The renderer cuts fractions off, hence the quarter of a pixel.
    let scale = |pixels: u16, points: f64| ((f64::from(pixels) + 0.25) / points) as f32;
    let pixmap = render(
        page,
        &cache,
        &settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale(plan.width_px, width_points),
            y_scale: scale(plan.height_px, height_points),
            bg_color: WHITE,
        },
    );
    troubles.verdict()?;

    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgb = pixmap
        .data_as_u8_slice()
        .chunks_exact(4)
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    let image = RgbImage::from_raw(width, height, rgb).ok_or(Error::damaged(Damage::Picture))?;
    page_png::page(DynamicImage::ImageRgb8(image), plan.dpi)
}

/// How large a page is drawn.
struct Plan {
    width_px: u16,
    height_px: u16,
    dpi: Option<u32>,
}

impl Plan {
    fn new(width_points: f64, height_points: f64, seen: &Survey, limits: &Limits) -> Self {
        let asked = f64::from(limits.rasterise_dpi).clamp(50.0, MAX_SCAN_DPI);
        let (mut across, mut down) = match (seen.only_scan(), seen.scan_dpi()) {
            // Nothing but a scan: its own pixels, even when they are not square.
            (Some(scan), _) if scan.turn.degrees() % 180 == 0 => (scan.dpi_across, scan.dpi_down),
            (Some(scan), _) => (scan.dpi_down, scan.dpi_across),
            // A scan with something drawn over it: not coarser than the scan.
            (None, Some(dpi)) => (dpi.max(asked), dpi.max(asked)),
            (None, None) => (asked, asked),
        };
        // A scan stretched unevenly is evened out, so that what reads it meets
        // square pixels.
        if resolution::plausible(across, down).is_none() {
            across = across.max(down).max(asked);
            down = across;
        }
        let shrink = (MAX_SCAN_DPI / across.max(down)).min(1.0);
        (across, down) = (across * shrink, down * shrink);
        let pixels = (width_points / POINTS * across) * (height_points / POINTS * down);
        let allowed = MAX_DRAWN_PIXELS.min(limits.max_pixels as f64);
        let shrink = (allowed / pixels).sqrt().min(1.0);
        let side = |points: f64, dpi: f64| {
            (points / POINTS * dpi * shrink)
                .round()
                .clamp(1.0, f64::from(u16::MAX)) as u16
        };
        let (width_px, height_px) = (side(width_points, across), side(height_points, down));
        Self {
            width_px,
            height_px,
            dpi: resolution::plausible(
                f64::from(width_px) * POINTS / width_points,
                f64::from(height_px) * POINTS / height_points,
            ),
        }
    }
}

/// What the renderer left out. A page that lacks an image or its text is refused:
/// the officer still has the paper, and an incomplete copy would not show it.
#[derive(Default)]
struct Troubles(AtomicU8);

impl Troubles {
    const PICTURE: u8 = 1;
    const FONT: u8 = 2;

    /// Settings of the interpreter under which it reports here.
    fn settings(self: &Arc<Self>) -> InterpreterSettings {
        let sink = self.clone();
        InterpreterSettings {
            warning_sink: Arc::new(move |warning| sink.note(warning)),
            ..InterpreterSettings::default()
        }
    }

    fn note(&self, warning: InterpreterWarning) {
        let bit = match warning {
            InterpreterWarning::ImageDecodeFailure => Self::PICTURE,
            InterpreterWarning::UnsupportedFont => Self::FONT,
            // An annotation without a picture of itself shows nothing anywhere.
            _ => 0,
        };
        self.0.fetch_or(bit, Ordering::Relaxed);
    }

    fn verdict(&self) -> Result<(), Error> {
        match self.0.load(Ordering::Relaxed) {
            0 => Ok(()),
            bits if bits & Self::PICTURE != 0 => Err(Error::damaged(Damage::Picture)),
            _ => Err(Error::damaged(Damage::Font)),
        }
    }
}
