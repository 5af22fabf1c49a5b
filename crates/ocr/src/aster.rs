//! The third engine: the line recogniser of the package `asterocr`, run by `rten`.
//!
//! It is the steadiest of the three on faded and noisy print and thirty times as
//! slow as the neural reader, so it is asked only for what the other two leave open.

use std::path::{Path, PathBuf};

use domain::engine::Engine;
use domain::geometry::Rectangle;
use image::GrayImage;
use rten_tensor::{AsView as _, Layout as _, NdTensor};
use serde::Deserialize;

use crate::ctc::{self, Glyph};
use crate::error::Error;
use crate::ink::{self, Window};
use crate::lanes::LANES;
use crate::model::{LoadedModel, Threads, describe};
use crate::recogniser::{Recogniser, SeenWord};

/// The model reads lines of this height.
const HEIGHT: usize = 32;
/// Map columns per step of the model; the width is a multiple of it.
const STEP: usize = 4;
/// The model knows no more steps than 256.
const LONGEST_MAP: usize = 1024;
/// The shortest map that it reads.
const SHORTEST_MAP: usize = 32;
/// Lines longer than three times their height are widened by this much for each
/// further height, up to the limit: steps are otherwise too few for double letters.
const WIDEN: (f32, f32) = (0.02, 1.25);
/// Paper kept above and below the line, in line heights.
const MARGIN_Y: f32 = 0.15;
/// Paper kept left and right of the line, in line heights.
const MARGIN_X: f32 = 0.3;
/// The index of the blank among the characters.
const BLANK: usize = 0;

/// What `aster/vocab.json` says.
#[derive(Deserialize)]
struct Vocabulary {
    /// Character n is class n of the model; the first is the blank.
    chars: Vec<String>,
}

/// The engine, loaded when it is first asked: most pages do without it.
#[derive(Debug)]
pub(crate) enum OnDemand {
    /// Nobody has asked yet; its folder.
    Waiting(PathBuf),
    /// Loaded.
    Ready(Box<Aster>),
    /// There is no model, or it cannot be loaded.
    Absent,
}

impl OnDemand {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or(Self::Absent, Self::Waiting)
    }

    /// The engine; `None` where its model cannot be loaded, which is said once.
    pub(crate) fn engine(&mut self) -> Option<&mut Aster> {
        if let Self::Waiting(folder) = self {
            *self = Aster::open(folder).map_or_else(
                |error| {
                    tracing::warn!(%error, "the third engine is not there: what two leave open stays open");
                    Self::Absent
                },
                |engine| Self::Ready(Box::new(engine)),
            );
        }
        match self {
            Self::Ready(engine) => Some(engine),
            _ => None,
        }
    }
}

/// The loaded engine.
#[derive(Debug)]
pub(crate) struct Aster {
    model: LoadedModel,
    charset: Vec<char>,
}

impl Aster {
    /// Loads the model from its folder.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        let vocabulary: Vocabulary = describe(&folder.join("vocab.json"))?;
        let model = LoadedModel::open(folder, "asternet", &Threads::start(LANES))?;
        let charset = vocabulary
            .chars
            .iter()
            .skip(BLANK + 1)
            .map(|entry| entry.chars().next().ok_or_else(|| model.foreign()))
            .collect::<Result<Vec<char>, Error>>()?;
        Ok(Self { model, charset })
    }

    /// The characters in the area, with their places on the page.
    fn glyphs(&self, page: &GrayImage, area: &Rectangle) -> Result<Vec<Glyph>, Error> {
        let height = area.height as f32;
        let (beside, above) = (height * MARGIN_X, height * MARGIN_Y);
        let window = Window {
            x: (area.x as f32 - beside).floor() as i64,
            y: (area.y as f32 - above).floor() as i64,
            width: (area.width as f32 + 2.0 * beside).ceil() as usize,
            height: (height + 2.0 * above).ceil().max(1.0) as usize,
        };
        let aspect = window.width as f32 / window.height as f32;
        let widened = (1.0 + (aspect - 3.0).max(0.0) * WIDEN.0).min(WIDEN.1);
        let width = (HEIGHT as f32 * aspect * widened) as usize;
        let width = (width.div_ceil(STEP) * STEP).clamp(SHORTEST_MAP, LONGEST_MAP);
        let light_on_dark = ink::is_light_on_dark(page, area);
        let map = ink::sample(page, window, width, HEIGHT, light_on_dark);
        let grey = map.pixels.iter().map(|ink| 1.0 - ink);
        let three: Vec<f32> = grey.clone().chain(grey.clone()).chain(grey).collect();
        let input = NdTensor::from_data([1, 3, HEIGHT, width], three);
        let [output] = self
            .model
            .run(vec![("images", input.view().into())], ["log_probs"])?;
        let foreign = || self.model.foreign();
        let output: NdTensor<f32, 3> = output.try_into().map_err(|_| foreign())?;
        let classes = self.charset.len() + 1;
        let [one, other, last] = output.shape();
        if last != classes || one.min(other) != 1 {
            return Err(foreign());
        }
        let (ids, confidence): (Vec<i32>, Vec<f32>) = output
            .to_vec()
            .chunks_exact(classes)
            .map(|step| {
                let best = (0..classes)
                    .max_by(|one, other| step[*one].total_cmp(&step[*other]))
                    .unwrap_or(BLANK);
                (best as i32, step[best].exp())
            })
            .unzip();
        let scale = window.width as f32 / width as f32 * STEP as f32;
        let mut glyphs = ctc::collapse(&ids, &confidence, &self.charset);
        for glyph in &mut glyphs {
            glyph.x = window.x as f32 + glyph.x * scale;
        }
        Ok(glyphs)
    }
}

impl Recogniser for Aster {
    fn engine(&self) -> Engine {
        Engine::Aster
    }

    fn read_line(&mut self, page: &GrayImage, area: &Rectangle) -> Result<Vec<SeenWord>, Error> {
        let glyphs = self.glyphs(page, area)?;
        let words = glyphs
            .split(|glyph| glyph.character.is_whitespace())
            .filter(|word| !word.is_empty());
        Ok(words.map(|word| seen_word(word, area)).collect())
    }
}

/// Places of characters are their middles: half a letter more belongs to each end.
fn seen_word(word: &[Glyph], area: &Rectangle) -> SeenWord {
    let half = area.height as f32 / 4.0;
    let left = (word[0].x - half).max(0.0) as u32;
    let right = (word[word.len() - 1].x + half).max(0.0) as u32;
    let text: String = word.iter().map(|glyph| glyph.character).collect();
    SeenWord {
        text: domain::fold::normalise(&text),
        confidence: word
            .iter()
            .map(|glyph| glyph.confidence)
            .fold(1.0, f32::min),
        outline: Rectangle::new(left, area.y, right.saturating_sub(left).max(1), area.height),
    }
}
