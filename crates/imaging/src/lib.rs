//! Cleaning and judging page images.
//!
//! **What it is for.** A scanner gives a picture of paper: turned, skewed, with
//! dark borders, shadows and dust. This crate finds what has to be done
//! ([`clean`]), does it for the eye ([`upright`]) and for the engines
//! ([`for_reading`]), finds the sheet in the picture of a camera ([`outline`]), reads the codes printed on the page ([`barcodes`]) and
//! makes the small and the packed pictures ([`thumbnail`], [`encode_jpeg`]).
//!
//! **Words.** The *raw* image is what the scanner sent; the *upright* image is
//! the raw image after its [`Transform`](domain::geometry::Transform)s. *Ink* is
//! whatever is clearly darker than the paper around it, *paper* is the
//! background. The *work image* is a reduced grey picture of about 100 dpi on
//! which everything is decided; full-size pixels are only touched to be changed
//! or to be sampled.
//!
//! **Invariants.** Pure: the same input gives the same output, byte for byte, on
//! every run. When unsure, nothing is changed: a page that is left a little
//! skewed costs less than one that was turned wrongly, and print is never
//! cropped. The transforms agree with
//! [`PageGeometry`](domain::geometry::PageGeometry), so that a box found on the
//! upright page hits the same ink in the raw scan.
//!
//! ```
//! use domain::geometry::QuarterTurn;
//! use image::{DynamicImage, GrayImage, Luma};
//!
//! let paper = DynamicImage::ImageLuma8(GrayImage::from_pixel(800, 1131, Luma([250])));
//! let cleaned = imaging::clean(&paper, QuarterTurn::None, None);
//! assert!(cleaned.blank && cleaned.transforms.is_empty());
//! ```

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        reason = "a test that cannot unwrap has already failed"
    )
)]
#![warn(missing_docs)]

mod background;
mod barcodes;
mod blank;
mod border;
mod clean;
mod corner;
mod crop;
mod draw_code;
mod flatten;
mod ink;
mod leaders;
mod mask;
mod noise;
mod outline;
mod output;
mod patch;
mod pixels;
mod quality;
mod reading;
mod rules;
mod skew;
mod slant;
mod tones;
mod upright;
mod work;

pub use barcodes::barcodes;
pub use clean::{Cleaned, clean};
pub use crop::{Corners, crop, crop_digest};
pub use draw_code::{qr_code, qr_code_of_long_text};
pub use outline::{Outline, outline};
pub use output::{encode_jpeg, thumbnail};
pub use reading::for_reading;
pub use upright::upright;
