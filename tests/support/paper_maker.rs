//! Draws invented papers as page images, with the truth about them.
//!
//! No real person's paper enters the repository: names are common, places do not
//! exist, and personal numbers begin with a province that was never given. The
//! same seed draws the same paper, and the three papers of one seed tell of one
//! family, so that together they are a dossier.
//!
//! ```no_run
//! use support::paper_maker::{Kind, PaperMaker, Wear, fonts_folder};
//! let maker = PaperMaker::open(&fonts_folder()).expect("the fonts were fetched");
//! let paper = maker.draw(Kind::BirthCertificate, 7).scanned(&Wear::OFFICE);
//! assert_eq!(paper.truth.document_type, "birth_certificate");
//! ```

mod application;
mod birth_certificate;
mod business;
mod chance;
mod civil_status_extract;
mod construction_permit;
mod enterprise_registration;
mod household_business;
mod id_card;
mod id_card_codes;
mod land_certificate;
mod manner;
mod marital_status_confirmation;
mod marks;
mod marriage_certificate;
mod official_document;
mod paragraph;
mod pen;
mod people;
mod printed_form;
mod samples;
mod scanner;
mod sheet;
mod stamp;

use std::io;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, RgbImage};

pub use manner::{Filling, Manner, Ruling, Typeface};
use printed_form::Facts;
pub use samples::{SAMPLE_SEED, Sample, samples, samples_json};
pub use scanner::Wear;
use sheet::{ARIMO, Faces, TINOS};

/// The resolution that Circular 02/2019/TT-BNV asks for at least.
pub const DPI: u32 = 200;

/// The papers that can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An official document in the layout of Decree 30/2020/NĐ-CP.
    OfficialDocument,
    /// A birth certificate (giấy khai sinh).
    BirthCertificate,
    /// A declaration (tờ khai) of two pages, filled in by the mother.
    Application,
    /// A marriage certificate (giấy chứng nhận kết hôn).
    MarriageCertificate,
    /// A confirmation of marital status (giấy xác nhận tình trạng hôn nhân).
    MaritalStatusConfirmation,
    /// An extract of the civil status register (trích lục hộ tịch).
    CivilStatusExtract,
    /// A land-use right certificate (giấy chứng nhận quyền sử dụng đất).
    LandCertificate,
    /// An enterprise registration certificate.
    EnterpriseRegistration,
    /// A household business registration certificate.
    HouseholdBusiness,
    /// A construction permit (giấy phép xây dựng).
    ConstructionPermit,
    /// A chip identity card, both sides on one sheet.
    IdCard,
}

impl Kind {
    /// All of them, first those of the sample dossier in its order.
    pub const ALL: [Self; 11] = [
        Self::OfficialDocument,
        Self::BirthCertificate,
        Self::Application,
        Self::MarriageCertificate,
        Self::MaritalStatusConfirmation,
        Self::CivilStatusExtract,
        Self::LandCertificate,
        Self::EnterpriseRegistration,
        Self::HouseholdBusiness,
        Self::ConstructionPermit,
        Self::IdCard,
    ];
}

/// A drawn paper.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Its pages in order; never empty.
    pub pages: Vec<RgbImage>,
    /// Their resolution.
    pub dpi: u32,
    /// What stands on them.
    pub truth: Truth,
    seed: u64,
    colour: bool,
}

/// What stands on a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The document type's name, as in `forms/`.
    pub document_type: &'static str,
    /// The fields that can be read from the paper, in normal form. A field that is
    /// not named here does not stand on the paper.
    pub fields: Vec<(&'static str, String)>,
    /// Those of them that were written in with a pen.
    pub handwritten: Vec<&'static str>,
    /// Fields whose place was left open.
    pub blank: Vec<&'static str>,
    /// What its QR codes say, each whole.
    pub codes: Vec<String>,
    /// The whole text in reading order, a line per line.
    pub text: String,
    /// The same, page by page.
    pub page_texts: Vec<String>,
}

impl Truth {
    /// The value of a field; `None` when it does not stand on the paper.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Paper {
    fn new(
        document_type: &'static str,
        facts: Facts,
        pages: Vec<(RgbImage, String)>,
        dpi: u32,
        seed: u64,
    ) -> Self {
        let (pages, page_texts): (Vec<_>, Vec<_>) = pages.into_iter().unzip();
        Self {
            pages,
            dpi,
            truth: Truth {
                document_type,
                fields: facts.fields,
                handwritten: facts.handwritten,
                blank: facts.blank,
                codes: facts.codes,
                text: page_texts.join("\n"),
                page_texts,
            },
            seed,
            colour: true,
        }
    }

    /// A sheet that was drawn elsewhere, of which nothing is known.
    pub fn of_image(image: RgbImage, dpi: u32, seed: u64) -> Self {
        Self::new(
            "other",
            Facts::default(),
            vec![(image, String::new())],
            dpi,
            seed,
        )
    }

    /// The first page.
    pub fn page(&self) -> &RgbImage {
        &self.pages[0]
    }

    /// The same paper lying otherwise on the scanner.
    #[must_use]
    fn turned(mut self, degrees: u32) -> Self {
        for page in &mut self.pages {
            *page = match degrees {
                90 => image::imageops::rotate90(page),
                180 => image::imageops::rotate180(page),
                270 => image::imageops::rotate270(page),
                _ => continue,
            };
        }
        self
    }

    /// The same paper after an office scanner: slightly askew, grey, noisy.
    #[must_use]
    pub fn scanned(mut self, wear: &Wear) -> Self {
        for (index, page) in self.pages.iter_mut().enumerate() {
            *page = scanner::degrade(
                page,
                self.seed.wrapping_add(index as u64),
                self.truth.document_type,
                wear,
            );
        }
        self.colour = wear.colour;
        self
    }

    /// Each page as a JPEG with its resolution in the header; greyscale when the
    /// scanner was set so.
    pub fn jpegs(&self, quality: u8) -> Vec<Vec<u8>> {
        self.pages
            .iter()
            .map(|page| jpeg(page, self.dpi, quality, self.colour))
            .collect()
    }
}

fn jpeg(page: &RgbImage, dpi: u32, quality: u8, colour: bool) -> Vec<u8> {
    let (width, height) = page.dimensions();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    encoder.set_pixel_density(image::codecs::jpeg::PixelDensity::dpi(
        u16::try_from(dpi).expect("no scanner goes beyond 65,535 dpi"),
    ));
    let written = if colour {
        encoder.write_image(page, width, height, ExtendedColorType::Rgb8)
    } else {
        let grey = DynamicImage::ImageRgb8(page.clone()).into_luma8();
        encoder.write_image(&grey, width, height, ExtendedColorType::L8)
    };
    written.expect("memory takes every byte, and A4 fits a JPEG");
    bytes
}

/// Arimo runs wider than Tinos; set in this share of its size it fills about the same
/// lines.
const SANS_SCALE: f32 = 0.91;

/// Draws papers with the type it was given.
#[derive(Debug)]
pub struct PaperMaker {
    serif: Faces,
    sans: Faces,
}

impl PaperMaker {
    /// Opens Tinos and Arimo in `fonts`.
    pub fn open(fonts: &Path) -> io::Result<Self> {
        Ok(Self {
            serif: Faces::open(fonts, TINOS)?,
            sans: Faces::open(fonts, ARIMO)?.scaled(SANS_SCALE),
        })
    }

    /// Draws a paper at [`DPI`], clean as from the printer.
    pub fn draw(&self, kind: Kind, seed: u64) -> Paper {
        self.draw_at(kind, seed, DPI)
    }

    /// Draws a paper at another resolution.
    pub fn draw_at(&self, kind: Kind, seed: u64, dpi: u32) -> Paper {
        self.draw_in(kind, seed, dpi, Manner::PLAIN)
    }

    /// Draws a paper as some office made it: type, labels, pen, stamp and turn
    /// follow from the seed.
    pub fn draw_varied(&self, kind: Kind, seed: u64) -> Paper {
        self.draw_in(kind, seed, DPI, Manner::of_seed(seed))
    }

    /// Draws a paper in a manner.
    pub fn draw_in(&self, kind: Kind, seed: u64, dpi: u32, manner: Manner) -> Paper {
        let faces = match (kind, manner.typeface) {
            // Cards are set without serifs, in one size.
            (Kind::IdCard, _) => self.sans.clone(),
            (_, Typeface::Serif) => self.serif.scaled(manner.scale),
            (_, Typeface::Sans) => self.sans.scaled(manner.scale),
        };
        let draw = match kind {
            Kind::OfficialDocument => official_document::draw,
            Kind::BirthCertificate => birth_certificate::draw,
            Kind::Application => application::draw,
            Kind::MarriageCertificate => marriage_certificate::draw,
            Kind::MaritalStatusConfirmation => marital_status_confirmation::draw,
            Kind::CivilStatusExtract => civil_status_extract::draw,
            Kind::LandCertificate => land_certificate::draw,
            Kind::EnterpriseRegistration => enterprise_registration::draw,
            Kind::HouseholdBusiness => household_business::draw,
            Kind::ConstructionPermit => construction_permit::draw,
            Kind::IdCard => id_card::draw,
        };
        draw(&faces, seed, dpi, manner).turned(manner.turn_deg)
    }
}

/// Where the fetched fonts lie: under `SOHOA_RESOURCES`, else beside the window's crate.
pub fn fonts_folder() -> PathBuf {
    let resources = std::env::var_os("SOHOA_RESOURCES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/resources"),
        PathBuf::from,
    );
    resources.join("fonts")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maker() -> PaperMaker {
        PaperMaker::open(&fonts_folder()).expect("`make setup` fetches the fonts")
    }

    #[test]
    fn the_same_seed_draws_the_same_paper_and_another_seed_another() {
        let maker = maker();
        for kind in Kind::ALL {
            let first = maker.draw_at(kind, 5, 50).scanned(&Wear::TIRED);
            let again = maker.draw_at(kind, 5, 50).scanned(&Wear::TIRED);
            assert_eq!(first.truth, again.truth);
            assert!(first.pages == again.pages, "{kind:?}: pixels before JPEG");
            let other = maker.draw_at(kind, 6, 20);
            assert_ne!(first.truth.text, other.truth.text, "{kind:?}");
        }
    }

    /// Fields whose normal form is not what is printed: days, numbers, words of a list.
    const IN_OTHER_WORDS: [&str; 6] = ["_on", "_date", "_until", "_m2", "capital", "event"];

    #[test]
    fn every_true_field_that_is_printed_as_it_stands_is_in_the_text() {
        let maker = maker();
        for seed in 0..8 {
            for kind in Kind::ALL {
                let truth = maker.draw_at(kind, seed, 20).truth;
                let flowing = truth.text.replace('\n', " ");
                for (name, value) in &truth.fields {
                    if !IN_OTHER_WORDS.iter().any(|end| name.ends_with(end)) {
                        assert!(
                            flowing.contains(value.as_str()),
                            "{kind:?} {seed} {name}: {value}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn nothing_is_printed_beyond_the_margins() {
        let maker = maker();
        for seed in 0..6 {
            // Certificates have a border, and a card has its own edge.
            for kind in [
                Kind::OfficialDocument,
                Kind::Application,
                Kind::MaritalStatusConfirmation,
                Kind::CivilStatusExtract,
                Kind::EnterpriseRegistration,
                Kind::HouseholdBusiness,
                Kind::ConstructionPermit,
            ] {
                let manner = Manner::of_seed(seed);
                for page in maker.draw_in(kind, seed, 60, manner).pages {
                    let (width, height) = page.dimensions();
                    let margin = (10.0 / 25.4 * 60.0) as u32;
                    let inked = page.enumerate_pixels().any(|(x, y, pixel)| {
                        let edge = x.min(y).min(width - 1 - x).min(height - 1 - y);
                        edge < margin && pixel.0[1] < 200
                    });
                    assert!(
                        !inked,
                        "{kind:?} {seed}: type must stay 10 mm from the edge"
                    );
                }
            }
        }
    }

    #[test]
    fn what_a_pen_wrote_is_true_and_what_was_left_open_is_not() {
        let maker = maker();
        let (mut pens, mut blanks) = (0, 0);
        for seed in 0..16 {
            for kind in Kind::ALL {
                let truth = maker.draw_in(kind, seed, 20, Manner::of_seed(seed)).truth;
                pens += truth.handwritten.len();
                blanks += truth.blank.len();
                for name in &truth.handwritten {
                    assert!(truth.field(name).is_some(), "{kind:?} {seed} {name}");
                }
                for name in &truth.blank {
                    assert_eq!(truth.field(name), None, "{kind:?} {seed} {name}");
                }
            }
        }
        assert!(pens > 20 && blanks > 5, "{pens} by pen, {blanks} left open");
    }

    #[test]
    fn every_field_of_the_truth_is_a_field_of_its_form() {
        let (maker, catalogue) = (maker(), extraction::Catalogue::builtin());
        for seed in 0..6 {
            for kind in Kind::ALL {
                let truth = maker.draw_at(kind, seed, 20).truth;
                let form = catalogue
                    .form(&truth.document_type.parse().unwrap())
                    .unwrap();
                for (name, value) in &truth.fields {
                    let field = form
                        .field(&name.parse().unwrap())
                        .unwrap_or_else(|| panic!("{kind:?} has no {name}"));
                    assert!(
                        extraction::is_normal_form(field, value),
                        "{kind:?} {seed} {name}: {value}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_turned_paper_is_the_same_paper() {
        let maker = maker();
        let turned = |turn_deg| {
            let manner = Manner {
                turn_deg,
                ..Manner::PLAIN
            };
            maker.draw_in(Kind::ConstructionPermit, 3, 50, manner)
        };
        let (upright, lying) = (turned(0), turned(90));
        assert_eq!(upright.truth, lying.truth);
        assert!(image::imageops::rotate270(lying.page()) == *upright.page());
    }

    #[test]
    fn personal_numbers_have_their_shape_and_a_province_that_was_never_given() {
        let maker = maker();
        for seed in 0..24 {
            let truth = maker.draw_at(Kind::BirthCertificate, seed, 40).truth;
            let id = truth.field("owner_id").expect("it has one");
            assert!(id.len() == 12 && id.starts_with("099"), "{id}");
            let female = truth.field("sex") == Some("Nữ");
            assert_eq!(&id[3..4], if female { "3" } else { "2" });
            let year = &truth.field("owner_birth_date").expect("it has one")[2..4];
            assert_eq!(&id[4..6], year);
        }
    }

    #[test]
    fn the_sample_files_are_what_the_paper_maker_draws() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/samples");
        let samples = samples(&maker());
        let written = std::fs::read_to_string(folder.join("samples.json")).unwrap();
        let written: serde_json::Value = serde_json::from_str(&written).unwrap();
        let hint = "run `cargo run -p tests --example draw_samples`";
        assert_eq!(written, samples_json(&samples), "{hint}");
        let mut size_bytes = 0;
        for sample in &samples {
            for (file, drawn) in sample.files.iter().zip(&sample.paper.pages) {
                let bytes = std::fs::read(folder.join(file)).unwrap();
                size_bytes += bytes.len();
                let kept = image::load_from_memory(&bytes).unwrap().into_rgb8();
                assert_eq!(kept.dimensions(), drawn.dimensions(), "{file}: {hint}");
                let pairs = kept.as_raw().iter().zip(drawn.as_raw());
                let apart: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
                let mean = apart as f64 / kept.as_raw().len() as f64;
                assert!(mean < 4.0, "{file} differs by {mean:.2} levels: {hint}");
            }
        }
        assert!(size_bytes <= 2_000_000, "{size_bytes} bytes of samples");
    }
}
