//! Page image → recognised text, by two engines and a third that settles.
//!
//! **Words.** A [`Reader`] holds the engines. The *neural* engine (detector,
//! line recogniser and orientation model of the package `trueocr`, run by
//! `rten`) finds the lines of an upright page and reads them. *Tesseract*
//! (`libtesseract` 5 with its Vietnamese model) reads again the lines that feed a
//! field, and what the two leave open the third, slow and steady line recogniser
//! (of the package `asterocr`) may settle. A word on which two agree is far more
//! often right than one of which a single engine is sure: agreement, not
//! confidence, makes a value certain.
//!
//! **Invariants.** A line that was not read twice has no agreed word. Boxes lie
//! inside the page and in its own pixels. One reader uses two threads (Tesseract
//! needs `OMP_THREAD_LIMIT=1` in the environment of the process for that), and
//! nothing is written to disk. Tesseract is loaded at run
//! time; without it the reader works and nothing is agreed.
//!
//! ```no_run
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use ocr::{Models, Reader};
//! let mut reader = Reader::open(&Models {
//!     neural: "models".into(),
//!     tessdata: "tessdata".into(),
//!     aster: Some("aster".into()),
//! })?;
//! let page = image::open("page.png")?.into_luma8();
//! let mut text = reader.read_page(&page)?;
//! reader.read_again(&page, &mut text, &[0, 1, 2])?;
//! for word in text.lines.iter().flat_map(|line| &line.words).filter(|word| word.agreed) {
//!     assert_eq!(word.readings.len(), 2);
//! }
//! # Ok(())
//! # }
//! ```

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test fails where it unwraps")
)]

mod agree;
mod alone;
mod aster;
mod ctc;
mod error;
mod handwriting;
mod ink;
mod lanes;
mod model;
mod neural;
mod reader;
mod recogniser;
mod ruled;
mod strip;
mod strokes;
mod tesseract;

pub use alone::Alone;
pub use error::Error;
pub use reader::{Models, Reader};
