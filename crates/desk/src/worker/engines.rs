//! Loading the engines: only with the models that came with the program.
//!
//! A model that was altered may read anything, and nobody would notice. So each is
//! compared with its digest first. Without its language file Tesseract stays away
//! and the neural engine carries on; without its own models the neural engine stays
//! away and Tesseract lays the page out by itself; without its model the third engine
//! stays away and what the first two leave open stays open. Whoever is absent, it is
//! said, and nothing read from print is certain on one engine's word.

use std::sync::{Mutex, OnceLock, PoisonError};

use domain::engine::Engine;
use domain::geometry::QuarterTurn;
use domain::recognised_text::RecognisedText;
use image::GrayImage;
use ocr::{Alone, Models, Reader};
use vault::EngineUsed;

use super::message::{EngineAtWork, Failure};
use super::server::recognise_failed;
use crate::Resources;

/// The neural engine's files, first the one that evidence names.
const NEURAL: [&str; 4] = [
    "models/rec.onnx",
    "models/det.onnx",
    "models/orient.onnx",
    "models/meta.json",
];
const LANGUAGE: &str = "tessdata/vie.traineddata";
/// The third engine's files, first the one that evidence names.
const THIRD: [&str; 2] = ["aster/asternet.onnx", "aster/vocab.json"];
/// The package that the third engine's model came with.
const THIRD_VERSION: &str = "1.0.2";

/// Which engines a desk has to do without.
#[derive(Debug, Default)]
pub(super) struct Absent {
    /// Those whose files are missing or altered. Looked at once: what is repaired is at
    /// work when the program is started again.
    by_file: OnceLock<Vec<Engine>>,
    /// Those that were at work when a page was read last.
    at_work: Mutex<Option<Vec<Engine>>>,
}

impl Absent {
    /// Takes note of the engines that read a page.
    pub(super) fn note(&self, engines: &[EngineUsed]) {
        // A blank page needs none.
        if !engines.is_empty() {
            let at_work = engines.iter().map(|used| used.engine).collect();
            *self.at_work.lock().unwrap_or_else(PoisonError::into_inner) = Some(at_work);
        }
    }

    pub(super) fn engines(&self, resources: &Resources) -> Vec<Engine> {
        let by_file = self.by_file.get_or_init(|| {
            let files: [(Engine, &[&str]); 3] = [
                (Engine::Neural, &NEURAL),
                (Engine::Tesseract, &[LANGUAGE]),
                (Engine::Aster, &THIRD),
            ];
            let absent = files.into_iter().filter(|(_, files)| {
                let altered = files.iter().find(|file| !resources.is_ours(file));
                if let Some(file) = altered {
                    tracing::error!("{file} is missing or altered; run the set-up again");
                }
                altered.is_some()
            });
            absent.map(|(engine, _)| engine).collect()
        });
        let at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = |engine: &Engine| at_work.as_ref().is_some_and(|work| !work.contains(engine));
        [Engine::Neural, Engine::Tesseract, Engine::Aster]
            .into_iter()
            .filter(|engine| by_file.contains(engine) || idle(engine))
            .collect()
    }
}

/// The engines as they were loaded.
pub(super) struct Loaded {
    pub(super) reader: AtWork,
    pub(super) engines: Vec<EngineAtWork>,
    pub(super) notice: Option<String>,
}

/// Who reads.
pub(super) enum AtWork {
    /// The neural engine, and the others as far as they are there.
    Together(Box<Reader>),
    /// Tesseract, because the neural engine's models are not there.
    Alone(Alone),
}

impl AtWork {
    pub(super) fn orientation(&mut self, page: &GrayImage) -> Result<Option<QuarterTurn>, Failure> {
        match self {
            Self::Together(reader) => reader.orientation(page).map_err(recognise_failed),
            Self::Alone(_) => Ok(None),
        }
    }

    pub(super) fn read_page(&mut self, page: &GrayImage) -> Result<RecognisedText, Failure> {
        match self {
            Self::Together(reader) => reader.read_page(page),
            Self::Alone(alone) => alone.read_page(page),
        }
        .map_err(recognise_failed)
    }

    pub(super) fn read_page_head_first(
        &mut self,
        page: &GrayImage,
        show: &mut dyn FnMut(RecognisedText),
    ) -> Result<RecognisedText, Failure> {
        match self {
            Self::Together(reader) => reader.read_page_head_first(page, show),
            Self::Alone(alone) => alone.read_page(page),
        }
        .map_err(recognise_failed)
    }

    pub(super) fn read_again(
        &mut self,
        page: &GrayImage,
        text: &mut RecognisedText,
        lines: &[usize],
    ) -> Result<(), Failure> {
        match self {
            Self::Together(reader) => reader
                .read_again(page, text, lines)
                .map_err(recognise_failed),
            Self::Alone(_) => Ok(()),
        }
    }

    pub(super) fn settle(
        &mut self,
        page: &GrayImage,
        text: &mut RecognisedText,
        words: &[(usize, usize)],
    ) -> Result<(), Failure> {
        match self {
            Self::Together(reader) => reader.settle(page, text, words).map_err(recognise_failed),
            Self::Alone(_) => Ok(()),
        }
    }
}

pub(super) fn load(resources: &Resources) -> Result<Loaded, Failure> {
    match NEURAL.into_iter().find(|file| !resources.is_ours(file)) {
        None => load_together(resources),
        Some(file) => load_alone(resources, file),
    }
}

/// Tesseract carries on where this file of the neural engine is not what it should be.
fn load_alone(resources: &Resources, file: &str) -> Result<Loaded, Failure> {
    let absent = |why: &str| Failure::EngineAbsent(format!("{file} is missing or altered{why}"));
    if !resources.is_ours(LANGUAGE) {
        return Err(absent(", and so is Tesseract's language file"));
    }
    let alone = Alone::open(&resources.tessdata())
        .map_err(recognise_failed)?
        .ok_or_else(|| absent(", and Tesseract is not on this machine"))?;
    Ok(Loaded {
        engines: at_work(Engine::Tesseract, alone.version(), LANGUAGE)
            .into_iter()
            .collect(),
        reader: AtWork::Alone(alone),
        notice: Some(format!(
            "{file} is missing or altered: Tesseract reads alone, and nothing read from print is certain; run the set-up again"
        )),
    })
}

fn at_work(engine: Engine, version: String, file: &str) -> Option<EngineAtWork> {
    Some(EngineAtWork {
        name: engine.name().to_owned(),
        version,
        model: Resources::digest_of(file)?,
    })
}

fn load_together(resources: &Resources) -> Result<Loaded, Failure> {
    let altered = THIRD.into_iter().find(|file| !resources.is_ours(file));
    let models = Models {
        neural: resources.neural_models(),
        tessdata: resources.tessdata(),
        aster: altered.is_none().then(|| resources.aster_model()),
    };
    let (reader, mut notice) = if resources.is_ours(LANGUAGE) {
        (Reader::open(&models).map_err(recognise_failed)?, None)
    } else {
        let alone = Reader::open_alone(&models).map_err(recognise_failed)?;
        let notice = format!(
            "{LANGUAGE} is missing or altered: Tesseract does not read, and nothing read from print is certain; run the set-up again"
        );
        (alone, Some(notice))
    };
    if !reader.has_tesseract() && notice.is_none() {
        notice = Some(
            "Tesseract is not on this machine: nothing read from print is certain; install libtesseract5"
                .to_owned(),
        );
    }
    if let (Some(file), None) = (altered, &notice) {
        notice = Some(format!(
            "{file} is missing or altered: what the first two engines leave open stays open; run the set-up again"
        ));
    }
    // The neural engine is part of this program, so its version is the program's.
    let neural = at_work(
        Engine::Neural,
        env!("CARGO_PKG_VERSION").to_owned(),
        NEURAL[0],
    );
    let tesseract = reader
        .tesseract_version()
        .and_then(|version| at_work(Engine::Tesseract, version, LANGUAGE));
    let third = altered
        .is_none()
        .then(|| at_work(Engine::Aster, THIRD_VERSION.to_owned(), THIRD[0]))
        .flatten();
    Ok(Loaded {
        engines: neural.into_iter().chain(tesseract).chain(third).collect(),
        reader: AtWork::Together(Box::new(reader)),
        notice,
    })
}
