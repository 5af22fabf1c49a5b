//! Loading the engines: only with the models that came with the program.
//!
//! A model that was altered may read anything, and nobody would notice. So each is
//! compared with its digest first. Without its language file Tesseract stays away
//! and the neural engine carries on; without its model the third engine stays away and
//! what the first two leave open stays open; the neural engine finds the lines for all
//! of them, so without its models nothing can be read.

use domain::engine::Engine;
use ocr::{Models, Reader};

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

/// The engines as they were loaded.
pub(super) struct Loaded {
    pub(super) reader: Reader,
    pub(super) engines: Vec<EngineAtWork>,
    pub(super) notice: Option<String>,
}

pub(super) fn load(resources: &Resources) -> Result<Loaded, Failure> {
    let altered = THIRD.into_iter().find(|file| !resources.is_ours(file));
    let models = Models {
        neural: resources.neural_models(),
        tessdata: resources.tessdata(),
        aster: altered.is_none().then(|| resources.aster_model()),
    };
    if let Some(file) = NEURAL.into_iter().find(|file| !resources.is_ours(file)) {
        return Err(Failure::Recognise(format!(
            "{file} is missing or altered; run the set-up again"
        )));
    }
    let (reader, mut notice) = if resources.is_ours(LANGUAGE) {
        (Reader::open(&models).map_err(recognise_failed)?, None)
    } else {
        let alone = Reader::open_alone(&models).map_err(recognise_failed)?;
        let notice = format!(
            "{LANGUAGE} is missing or altered: Tesseract does not read, and nothing read from print is certain"
        );
        (alone, Some(notice))
    };
    if let (Some(file), None) = (altered, &notice) {
        notice = Some(format!(
            "{file} is missing or altered: what the first two engines leave open stays open"
        ));
    }
    let at_work = |engine: Engine, version: String, file: &str| {
        Some(EngineAtWork {
            name: engine.name().to_owned(),
            version,
            model: Resources::digest_of(file)?,
        })
    };
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
        reader,
        notice,
    })
}
