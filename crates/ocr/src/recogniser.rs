//! What an engine that reads a piece of a page gives.

use domain::engine::Engine;
use domain::geometry::Rectangle;
use image::GrayImage;

use crate::error::Error;

/// A word as one engine read it, in page pixels.
#[derive(Clone, PartialEq)]
pub(crate) struct SeenWord {
    pub(crate) text: String,
    /// 0 to 1.
    pub(crate) confidence: f32,
    pub(crate) outline: Rectangle,
}

/// An engine that looks once more at a piece of a page that holds one line of text
/// or a part of it.
pub(crate) trait Recogniser {
    /// Under which name its readings stand as evidence.
    fn engine(&self) -> Engine;

    /// The words in the area, from left to right; none where it sees nothing.
    fn read_line(&mut self, page: &GrayImage, area: &Rectangle) -> Result<Vec<SeenWord>, Error>;
}
