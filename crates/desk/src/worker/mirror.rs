//! The nouns as they cross the pipe. Entities of `domain` derive no
//! `Serialize`, so that no convenience of a pipe shapes an archive.

use domain::engine::Engine;
use domain::geometry::{Flat, QuarterTurn, Rectangle, Size};
use domain::quality::{Quality, QualityReason, Verdict};
use domain::recognised_text::{Reading, RecognisedText, TextLine};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ScanSettings {
    feeder: bool,
    both_sides: bool,
    dpi: u32,
    colour: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Device {
    id: String,
    name: String,
    feeder: bool,
    flatbed: bool,
    both_sides: bool,
    resolutions_dpi: Vec<u32>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Transform {
    Crop([u32; 4]),
    Turn(u16),
    Deskew(f32),
    Level,
    Mask([(f32, f32); 4]),
    /// Corners, width and height.
    Flatten([(f32, f32); 4], u32, u32),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Appraisal {
    blank: bool,
    verdict: String,
    reasons: Vec<String>,
    barcodes: Vec<Barcode>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Barcode {
    format: String,
    text: String,
    outline: [u32; 4],
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Text(Vec<Line>);

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    outline: [u32; 4],
    read_twice: bool,
    words: Vec<Word>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Word {
    text: String,
    outline: [u32; 4],
    readings: Vec<(String, String, f32)>,
    agreed: bool,
    handwritten: bool,
}

fn flat(area: Rectangle) -> [u32; 4] {
    [area.x, area.y, area.width, area.height]
}

fn area([x, y, width, height]: [u32; 4]) -> Rectangle {
    Rectangle::new(x, y, width, height)
}

impl Appraisal {
    pub(super) fn new(cleaned: &imaging::Cleaned, barcodes: Vec<domain::barcode::Barcode>) -> Self {
        let reasons = cleaned.quality.reasons.iter();
        Self {
            blank: cleaned.blank,
            verdict: cleaned.quality.verdict.name().to_owned(),
            reasons: reasons.map(|reason| reason.name().to_owned()).collect(),
            barcodes: barcodes.into_iter().map(Into::into).collect(),
        }
    }

    pub(super) fn into_domain(self) -> domain::page::Appraisal {
        let reasons = self.reasons.iter();
        domain::page::Appraisal {
            blank: self.blank,
            quality: Quality {
                verdict: Verdict::from_name(&self.verdict).unwrap_or(Verdict::Doubtful),
                reasons: reasons
                    .filter_map(|name| QualityReason::from_name(name))
                    .collect(),
            },
            barcodes: self
                .barcodes
                .into_iter()
                .filter_map(Barcode::into_domain)
                .collect(),
        }
    }
}

impl From<&scan::ScanSettings> for ScanSettings {
    fn from(settings: &scan::ScanSettings) -> Self {
        Self {
            feeder: settings.source == scan::ScanSource::Feeder,
            both_sides: settings.sides == scan::Sides::Both,
            dpi: settings.dpi,
            colour: settings.colour == scan::ColourMode::Colour,
        }
    }
}

impl From<ScanSettings> for scan::ScanSettings {
    fn from(settings: ScanSettings) -> Self {
        Self {
            source: if settings.feeder {
                scan::ScanSource::Feeder
            } else {
                scan::ScanSource::Flatbed
            },
            sides: if settings.both_sides {
                scan::Sides::Both
            } else {
                scan::Sides::One
            },
            dpi: settings.dpi,
            colour: if settings.colour {
                scan::ColourMode::Colour
            } else {
                scan::ColourMode::Greyscale
            },
        }
    }
}

impl From<scan::Device> for Device {
    fn from(device: scan::Device) -> Self {
        Self {
            feeder: device.sources.contains(&scan::ScanSource::Feeder),
            flatbed: device.sources.contains(&scan::ScanSource::Flatbed),
            both_sides: device.both_sides,
            id: device.id,
            name: device.name,
            resolutions_dpi: device.resolutions_dpi,
        }
    }
}

impl From<Device> for scan::Device {
    fn from(device: Device) -> Self {
        let mut sources = Vec::new();
        if device.feeder {
            sources.push(scan::ScanSource::Feeder);
        }
        if device.flatbed {
            sources.push(scan::ScanSource::Flatbed);
        }
        Self {
            id: device.id,
            name: device.name,
            sources,
            both_sides: device.both_sides,
            resolutions_dpi: device.resolutions_dpi,
        }
    }
}

impl From<&domain::geometry::Transform> for Transform {
    fn from(step: &domain::geometry::Transform) -> Self {
        match step {
            domain::geometry::Transform::Crop(area) => Self::Crop(flat(*area)),
            domain::geometry::Transform::Turn(turn) => Self::Turn(turn.degrees()),
            domain::geometry::Transform::Deskew { angle_deg } => Self::Deskew(*angle_deg),
            domain::geometry::Transform::Level => Self::Level,
            domain::geometry::Transform::Mask(corners) => Self::Mask(*corners),
            domain::geometry::Transform::Flatten(Flat { corners, size }) => {
                Self::Flatten(*corners, size.width_px, size.height_px)
            }
        }
    }
}

impl From<Transform> for domain::geometry::Transform {
    fn from(step: Transform) -> Self {
        match step {
            Transform::Crop(flat) => Self::Crop(area(flat)),
            Transform::Turn(degrees) => {
                Self::Turn(QuarterTurn::from_degrees(degrees).unwrap_or_default())
            }
            Transform::Deskew(angle_deg) => Self::Deskew { angle_deg },
            Transform::Level => Self::Level,
            Transform::Mask(corners) => Self::Mask(corners),
            Transform::Flatten(corners, width_px, height_px) => Self::Flatten(Flat {
                corners,
                size: Size {
                    width_px,
                    height_px,
                },
            }),
        }
    }
}

impl From<domain::barcode::Barcode> for Barcode {
    fn from(barcode: domain::barcode::Barcode) -> Self {
        Self {
            format: barcode.format.name().to_owned(),
            outline: flat(barcode.outline),
            text: barcode.text,
        }
    }
}

impl Barcode {
    /// `None` for a symbology this program does not know.
    pub(super) fn into_domain(self) -> Option<domain::barcode::Barcode> {
        let format = domain::barcode::BarcodeFormat::from_name(&self.format)?;
        Some(domain::barcode::Barcode {
            format,
            text: self.text,
            outline: area(self.outline),
        })
    }
}

impl From<&RecognisedText> for Text {
    fn from(text: &RecognisedText) -> Self {
        let word = |word: &domain::recognised_text::Word| Word {
            text: word.text.clone(),
            outline: flat(word.outline),
            readings: word
                .readings
                .iter()
                .map(|reading| {
                    (
                        reading.engine.name().to_owned(),
                        reading.text.clone(),
                        reading.confidence,
                    )
                })
                .collect(),
            agreed: word.agreed,
            handwritten: word.handwritten,
        };
        let line = |line: &TextLine| Line {
            outline: flat(line.outline),
            read_twice: line.read_twice,
            words: line.words.iter().map(word).collect(),
        };
        Self(text.lines.iter().map(line).collect())
    }
}

impl From<Text> for RecognisedText {
    fn from(text: Text) -> Self {
        let reading = |(engine, text, confidence): (String, String, f32)| {
            Some(Reading {
                engine: Engine::from_name(&engine)?,
                text,
                confidence,
            })
        };
        let word = |word: Word| domain::recognised_text::Word {
            text: word.text,
            outline: area(word.outline),
            readings: word.readings.into_iter().filter_map(reading).collect(),
            agreed: word.agreed,
            handwritten: word.handwritten,
        };
        let line = |line: Line| TextLine {
            outline: area(line.outline),
            words: line.words.into_iter().map(word).collect(),
            read_twice: line.read_twice,
        };
        Self {
            lines: text.0.into_iter().map(line).collect(),
        }
    }
}
