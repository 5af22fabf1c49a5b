//! A sheet of A4 and the type that is set on it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use ab_glyph::{Font, FontVec, PxScale, point};
use image::{Rgb, RgbImage};

use super::pen;

/// A4 in millimetres.
pub(crate) const WIDTH_MM: f32 = 210.0;
pub(crate) const HEIGHT_MM: f32 = 297.0;

const MM_PER_INCH: f32 = 25.4;
const POINTS_PER_INCH: f32 = 72.0;

/// The four cuts of Tinos, which has the widths of Times New Roman, the type that
/// Decree 30/2020/NĐ-CP prescribes.
pub(crate) const TINOS: [&str; 4] = [
    "Tinos-Regular.ttf",
    "Tinos-Bold.ttf",
    "Tinos-Italic.ttf",
    "Tinos-BoldItalic.ttf",
];

/// Arimo, which has the widths of Arial.
pub(crate) const ARIMO: [&str; 4] = [
    "Arimo-Regular.ttf",
    "Arimo-Bold.ttf",
    "Arimo-Italic.ttf",
    "Arimo-BoldItalic.ttf",
];

/// Four cuts of a typeface, and how large they are set.
#[derive(Clone)]
pub(crate) struct Faces {
    regular: Arc<FontVec>,
    bold: Arc<FontVec>,
    italic: Arc<FontVec>,
    bold_italic: Arc<FontVec>,
    /// Every size is multiplied by this.
    scale: f32,
}

impl std::fmt::Debug for Faces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faces").finish_non_exhaustive()
    }
}

/// A cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
    Italic,
    BoldItalic,
}

/// A cut, its size and its ink; or a pen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) face: Face,
    pub(crate) size_pt: f32,
    pub(crate) ink: [u8; 3],
    /// Written in by hand beside type of this size.
    pub(crate) pen: bool,
}

/// The toner of an office printer.
pub(crate) const BLACK: [u8; 3] = [24, 24, 26];

/// Which point of the text stands at the given place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Left,
    Centre,
}

impl Style {
    pub(crate) const fn new(face: Face, size_pt: f32) -> Self {
        Self {
            face,
            size_pt,
            ink: BLACK,
            pen: false,
        }
    }

    /// Not set but written with a pen.
    pub(crate) const fn by_hand(self) -> Self {
        Self { pen: true, ..self }
    }

    pub(crate) const fn in_ink(self, ink: [u8; 3]) -> Self {
        Self { ink, ..self }
    }

    /// Size in millimetres.
    pub(crate) fn size_mm(self) -> f32 {
        self.size_pt / POINTS_PER_INCH * MM_PER_INCH
    }
}

impl Faces {
    /// Regular, bold, italic and bold italic, by the names of their files.
    pub(crate) fn open(folder: &Path, cuts: [&str; 4]) -> io::Result<Self> {
        let face = |name: &str| {
            FontVec::try_from_vec(std::fs::read(folder.join(name))?)
                .map(Arc::new)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
        };
        let [regular, bold, italic, bold_italic] = cuts;
        Ok(Self {
            regular: face(regular)?,
            bold: face(bold)?,
            italic: face(italic)?,
            bold_italic: face(bold_italic)?,
            scale: 1.0,
        })
    }

    /// The same, with every size multiplied.
    pub(crate) fn scaled(&self, factor: f32) -> Self {
        Self {
            scale: self.scale * factor,
            ..self.clone()
        }
    }

    pub(crate) fn font(&self, face: Face) -> &FontVec {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
            Face::Italic => &self.italic,
            Face::BoldItalic => &self.bold_italic,
        }
    }

    /// Advance of `text` in ems, kerned.
    pub(crate) fn advance_em(&self, text: &str, face: Face) -> f32 {
        let font = self.font(face);
        let mut before = None;
        let units: f32 = text
            .chars()
            .map(|letter| {
                let glyph = font.glyph_id(letter);
                let kern = before.map_or(0.0, |before| font.kern_unscaled(before, glyph));
                before = Some(glyph);
                kern + font.h_advance_unscaled(glyph)
            })
            .sum();
        units / units_per_em(font)
    }
}

pub(crate) fn units_per_em(font: &FontVec) -> f32 {
    font.units_per_em()
        .expect("a TrueType font states its units per em")
}

/// `ab_glyph` measures a scale from the ascent to the descent; a size in points
/// measures the em.
pub(crate) fn scale(font: &FontVec, px_per_em: f32) -> PxScale {
    PxScale::from(px_per_em * font.height_unscaled() / units_per_em(font))
}

/// A page being drawn. Places are millimetres from its top left corner.
#[derive(Debug)]
pub(crate) struct Sheet<'f> {
    pub(crate) page: RgbImage,
    pub(crate) faces: &'f Faces,
    dpi: f32,
    lines: Vec<String>,
}

impl<'f> Sheet<'f> {
    pub(crate) fn new(faces: &'f Faces, dpi: u32) -> Self {
        let dpi = dpi as f32;
        let px = |mm: f32| (mm / MM_PER_INCH * dpi).round() as u32;
        Self {
            page: RgbImage::from_pixel(px(WIDTH_MM), px(HEIGHT_MM), Rgb([255; 3])),
            faces,
            dpi,
            lines: Vec::new(),
        }
    }

    /// The page and its lines in reading order.
    pub(crate) fn finish(self) -> (RgbImage, String) {
        (self.page, self.lines.join("\n"))
    }

    pub(crate) fn px(&self, mm: f32) -> f32 {
        mm / MM_PER_INCH * self.dpi
    }

    /// Puts translucent ink on one pixel: what is below shows through, as it does
    /// where a seal and a signature cross.
    pub(crate) fn ink(&mut self, x: i32, y: i32, cover: f32, ink: [u8; 3]) {
        let Some(pixel) = self.pixel(x, y) else {
            return;
        };
        let cover = cover.clamp(0.0, 1.0);
        for (channel, ink) in pixel.0.iter_mut().zip(ink) {
            let inked = f32::from(*channel) * f32::from(ink) / 255.0;
            *channel = (f32::from(*channel) * (1.0 - cover) + inked * cover).round() as u8;
        }
    }

    /// Paints one pixel with opaque colour.
    pub(crate) fn paint(&mut self, x: i32, y: i32, cover: f32, colour: [u8; 3]) {
        let Some(pixel) = self.pixel(x, y) else {
            return;
        };
        let cover = cover.clamp(0.0, 1.0);
        for (channel, colour) in pixel.0.iter_mut().zip(colour) {
            let mixed = f32::from(*channel) * (1.0 - cover) + f32::from(colour) * cover;
            *channel = mixed.round() as u8;
        }
    }

    fn pixel(&mut self, x: i32, y: i32) -> Option<&mut Rgb<u8>> {
        let (x, y) = (u32::try_from(x).ok()?, u32::try_from(y).ok()?);
        self.page.get_pixel_mut_checked(x, y)
    }

    /// Width of `text` in millimetres.
    pub(crate) fn width(&self, text: &str, style: Style) -> f32 {
        let size_mm = style.size_mm() * self.faces.scale;
        if style.pen {
            pen::width(text, size_mm)
        } else {
            self.faces.advance_em(text, style.face) * size_mm
        }
    }

    /// Sets `text` on the baseline `y`, without taking it into the true text.
    pub(crate) fn set(&mut self, text: &str, style: Style, anchor: Anchor, x: f32, y: f32) -> f32 {
        let width = self.width(text, style);
        let left = match anchor {
            Anchor::Left => x,
            Anchor::Centre => x - width / 2.0,
        };
        let faces = self.faces;
        if style.pen {
            self.write(text, style.size_mm() * faces.scale, left, y);
            return width;
        }
        let font = faces.font(style.face);
        let px_per_em = style.size_pt * faces.scale / POINTS_PER_INCH * self.dpi;
        let (scale, em) = (scale(font, px_per_em), units_per_em(font));
        let (mut pen, baseline) = (self.px(left), self.px(y));
        let mut before = None;
        for letter in text.chars() {
            let glyph = font.glyph_id(letter);
            if let Some(before) = before {
                pen += font.kern_unscaled(before, glyph) / em * px_per_em;
            }
            before = Some(glyph);
            let placed = glyph.with_scale_and_position(scale, point(pen, baseline));
            if let Some(outline) = font.outline_glyph(placed) {
                let bounds = outline.px_bounds();
                outline.draw(|dx, dy, cover| {
                    let (x, y) = (
                        bounds.min.x as i32 + dx as i32,
                        bounds.min.y as i32 + dy as i32,
                    );
                    self.ink(x, y, cover, style.ink);
                });
            }
            pen += font.h_advance_unscaled(glyph) / em * px_per_em;
        }
        width
    }

    /// Sets `text` as a line of the true text.
    pub(crate) fn line(&mut self, text: &str, style: Style, anchor: Anchor, x: f32, y: f32) -> f32 {
        self.record(text);
        self.set(text, style, anchor, x, y)
    }

    /// Takes a line into the true text.
    pub(crate) fn record(&mut self, text: &str) {
        self.lines.push(text.replace('\u{a0}', " "));
    }

    /// A rule from `left` to `right`.
    pub(crate) fn rule(&mut self, left: f32, right: f32, y: f32, thickness: f32, ink: [u8; 3]) {
        let (x0, x1) = (self.px(left), self.px(right));
        let (y0, y1) = (self.px(y), self.px(y + thickness).max(self.px(y) + 1.0));
        for y in y0.floor() as i32..y1.ceil() as i32 {
            let cover = (y1.min(y as f32 + 1.0) - y0.max(y as f32)).clamp(0.0, 1.0);
            for x in x0.round() as i32..x1.round() as i32 {
                self.ink(x, y, cover, ink);
            }
        }
    }

    /// An upright rule from `top` to `bottom`.
    pub(crate) fn post(&mut self, x: f32, top: f32, bottom: f32, thickness: f32, ink: [u8; 3]) {
        let (x0, x1) = (self.px(x), self.px(x + thickness).max(self.px(x) + 1.0));
        for y in self.px(top).round() as i32..self.px(bottom).round() as i32 {
            for x in x0.floor() as i32..x1.ceil() as i32 {
                let cover = (x1.min(x as f32 + 1.0) - x0.max(x as f32)).clamp(0.0, 1.0);
                self.ink(x, y, cover, ink);
            }
        }
    }

    /// A row of dots that a form leaves to be filled in.
    pub(crate) fn dots(&mut self, left: f32, right: f32, y: f32) {
        let step = 1.1;
        let mut x = left;
        while x < right {
            self.rule(x, x + 0.28, y, 0.28, [90, 90, 92]);
            x += step;
        }
    }

    /// A box to tick.
    pub(crate) fn tick_box(&mut self, x: f32, baseline: f32, ticked: bool) {
        let (side, line) = (3.6, 0.25);
        let (top, bottom) = (baseline - side + 0.4, baseline + 0.4);
        self.rule(x, x + side, top, line, BLACK);
        self.rule(x, x + side, bottom - line, line, BLACK);
        self.post(x, top, bottom, line, BLACK);
        self.post(x + side - line, top, bottom, line, BLACK);
        if ticked {
            let style = Style::new(Face::Bold, 11.0);
            self.set("x", style, Anchor::Centre, x + side / 2.0, baseline - 0.4);
        }
    }
}
