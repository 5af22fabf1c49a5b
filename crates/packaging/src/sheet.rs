//! Printed sheets: a form with a code at the top left, laid out, drawn and read back.

mod layout;

use chrono::{DateTime, Utc};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use lopdf::Document;

use crate::copy::{Standard, made, not_written, settings};
use crate::error::Error;
use crate::slip::{code, fill};
use crate::text_layer::TextFont;

pub use layout::lay_out;

/// Side of a module of the code, in points: 0.62 mm, which a scanner at 150 dpi sees as
/// more than three pixels.
const MODULE: f32 = 1.76;

/// From the edges of the sheet to the code with its quiet zone. Printers leave 5 mm white.
// Circular 01/2023/TT-VPCP, art. 26: at the top left.
const CODE_AT: (f32, f32) = (20.0, 16.0);

/// More pages than any slip has; a caller that asks for more made a mistake.
const MOST_PAGES: usize = 50;

/// A page whose text is longer than this once unpacked is none of ours.
const MOST_TEXT_BYTES: usize = 4 << 20;

/// What a sheet is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SheetPaper {
    /// 148 × 210 mm.
    A5,
    /// 210 × 297 mm.
    A4,
}

impl SheetPaper {
    /// Width and height in points.
    const fn size(self) -> (f32, f32) {
        match self {
            Self::A5 => (419.53, 595.28),
            Self::A4 => (595.28, 841.89),
        }
    }
}

/// The faces of a sheet.
#[derive(Clone, Copy)]
pub struct SheetFonts<'a> {
    /// For most of it.
    pub regular: &'a [u8],
    /// For headings.
    pub bold: &'a [u8],
    /// For asides.
    pub italic: &'a [u8],
}

impl std::fmt::Debug for SheetFonts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SheetFonts").finish_non_exhaustive()
    }
}

/// What stands on a sheet.
#[derive(Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What it is printed on.
    pub paper: SheetPaper,
    /// Modules of its code along one side, with the quiet zone.
    pub code_modules: usize,
    /// Whose sheet it is, beside the motto.
    pub agency: Vec<String>,
    /// The national motto.
    pub motto: Vec<String>,
    /// Under the agency: the number of the sheet.
    pub number: String,
    /// What it is.
    pub title: String,
    /// What stands on it.
    pub parts: Vec<SheetPart>,
    /// Stands before the number of each further page.
    pub page_word: String,
}

// A sheet names people.
impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet")
            .field("paper", &self.paper)
            .field("parts", &self.parts.len())
            .finish_non_exhaustive()
    }
}

/// A part of a sheet.
#[derive(Clone, PartialEq, Eq)]
pub enum SheetPart {
    /// A line, which may need several.
    Line(String, LineManner),
    /// A table: its head, and its rows.
    Table {
        /// The columns.
        head: Vec<Cell>,
        /// What stands in them.
        rows: Vec<Vec<String>>,
    },
    /// Who signs by hand, side by side.
    Signers(Vec<Signer>),
}

// What stands on a sheet names people.
impl std::fmt::Debug for SheetPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Line(..) => "Line",
            Self::Table { .. } => "Table",
            Self::Signers(_) => "Signers",
        })
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer")
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

/// How a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineManner {
    /// From the left.
    Plain,
    /// In the middle.
    Centre,
    /// In bold, from the left.
    Bold,
    /// In italics, to the right.
    Aside,
    /// Small, from the left.
    Small,
}

/// The head of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What stands there.
    pub text: String,
    /// Its share of the width.
    pub share: u32,
}

/// Somebody who signs by hand.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer {
    /// As what.
    pub title: String,
    /// How.
    pub hint: String,
    /// The name under the signature.
    pub name: String,
}

/// Which face a text is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    Regular,
    Bold,
    Italic,
}

/// Something in its place.
enum Placed {
    /// A text along its baseline.
    Text {
        page: usize,
        at: (f32, f32),
        size: f32,
        face: Face,
        text: String,
    },
    /// A rule: left, top, width, height.
    Rule { page: usize, area: [f32; 4] },
}

impl Placed {
    const fn page(&self) -> usize {
        match self {
            Self::Text { page, .. } | Self::Rule { page, .. } => *page,
        }
    }
}

/// A sheet with everything in its place, before its code is known.
pub struct LaidOutSheet {
    paper: SheetPaper,
    code_modules: usize,
    title: String,
    pages: usize,
    placed: Vec<Placed>,
}

impl std::fmt::Debug for LaidOutSheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LaidOutSheet")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

impl LaidOutSheet {
    /// All that will be printed beside the code, in the order in which it is drawn.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for placed in &self.placed {
            if let Placed::Text { text: part, .. } = placed {
                text.push_str(part);
                text.push('\n');
            }
        }
        text
    }

    /// The sheet as PDF/A-2b, read back: what is printed is what was laid out.
    pub fn write(
        &self,
        modules: &[Vec<bool>],
        made_at: DateTime<Utc>,
        fonts: &SheetFonts<'_>,
    ) -> Result<Vec<u8>, Error> {
        if modules.len() > self.code_modules {
            return Err(Error::ReadBackDiffers { what: "code" });
        }
        let faces = Faces::open(fonts)?;
        let mut document = krilla::Document::new_with(settings(Standard::PdfA2b));
        document.set_metadata(made(made_at).title(self.title.clone()));
        let (width, height) = self.paper.size();
        for number in 0..self.pages {
            let settings =
                PageSettings::from_wh(width, height).expect("a sheet of paper has a size");
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            surface.set_fill(Some(Fill::default()));
            if number == 0 {
                code(
                    &mut surface,
                    modules,
                    CODE_AT,
                    modules.len() as f32 * MODULE,
                );
            }
            for placed in self.placed.iter().filter(|one| one.page() == number) {
                faces.draw(&mut surface, placed);
            }
            surface.finish();
            page.finish();
        }
        let pdf = document.finish().map_err(|error| not_written(&error))?;
        let letters = |text: &str| text.split_whitespace().collect::<String>();
        if letters(&printed_text(&pdf)?) == letters(&self.text()) {
            Ok(pdf)
        } else {
            Err(Error::ReadBackDiffers { what: "text" })
        }
    }
}

/// What is printed on a PDF, as far as it is text.
pub fn printed_text(pdf: &[u8]) -> Result<String, Error> {
    let document = Document::load_mem(pdf).map_err(|_| Error::Damaged)?;
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    if pages.len() > MOST_PAGES {
        return Err(Error::TooManyPages {
            found: pages.len(),
            most: MOST_PAGES,
        });
    }
    document
        .extract_text_with_limit(&pages, MOST_TEXT_BYTES)
        .map_err(|_| Error::Damaged)
}

/// The faces, opened.
struct Faces<'a> {
    regular: TextFont<'a>,
    bold: TextFont<'a>,
    italic: TextFont<'a>,
}

impl<'a> Faces<'a> {
    fn open(fonts: &SheetFonts<'a>) -> Result<Self, Error> {
        Ok(Self {
            regular: TextFont::open(fonts.regular)?,
            bold: TextFont::open(fonts.bold)?,
            italic: TextFont::open(fonts.italic)?,
        })
    }

    const fn of(&self, face: Face) -> &TextFont<'a> {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
            Face::Italic => &self.italic,
        }
    }

    fn draw(&self, surface: &mut Surface<'_>, placed: &Placed) {
        match placed {
            Placed::Text {
                at,
                size,
                face,
                text,
                ..
            } => self.of(*face).draw_at(surface, text, *size, *at),
            Placed::Rule { area, .. } => {
                let [x, y, width, height] = *area;
                fill(surface, x, y, width, height);
            }
        }
    }
}
