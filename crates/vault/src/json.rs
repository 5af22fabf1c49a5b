//! How small nouns stand inside JSON columns. A name here is a name on
//! somebody's disk: it may be added to, never changed.

use domain::engine::Engine;
use domain::field::Evidence;
use domain::geometry::Rectangle;
use serde::{Deserialize, Serialize};

/// `[x, y, width, height]`.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct RectangleJson(u32, u32, u32, u32);

impl From<Rectangle> for RectangleJson {
    fn from(area: Rectangle) -> Self {
        Self(area.x, area.y, area.width, area.height)
    }
}

impl From<RectangleJson> for Rectangle {
    fn from(RectangleJson(x, y, width, height): RectangleJson) -> Self {
        Self::new(x, y, width, height)
    }
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(crate) struct EvidenceJson {
    page: usize,
    outline: RectangleJson,
}

impl From<Evidence> for EvidenceJson {
    fn from(evidence: Evidence) -> Self {
        Self {
            page: evidence.page,
            outline: evidence.outline.into(),
        }
    }
}

impl From<EvidenceJson> for Evidence {
    fn from(evidence: EvidenceJson) -> Self {
        Self {
            page: evidence.page,
            outline: evidence.outline.into(),
        }
    }
}

/// What one engine made of something.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ReadingJson {
    pub(crate) engine: String,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) confidence: f32,
}

impl ReadingJson {
    pub(crate) fn new(engine: Engine, text: &str, confidence: f32) -> Self {
        Self {
            engine: engine.name().to_owned(),
            text: text.to_owned(),
            confidence: finite(confidence),
        }
    }

    pub(crate) fn engine(&self) -> Option<Engine> {
        Engine::from_name(&self.engine)
    }
}

/// JSON has no word for "not a number"; an engine that says so is not confident.
pub(crate) fn finite(value: f32) -> f32 {
    if value.is_finite() { value } else { 0.0 }
}

/// Names of choices, and back; `None` when one is unknown.
pub(crate) fn all_named<T>(names: &[String], of: fn(&str) -> Option<T>) -> Option<Vec<T>> {
    names.iter().map(|name| of(name)).collect()
}
