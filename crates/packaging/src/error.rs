//! What can go wrong. A page is named by its position from 0, never by its content.

use domain::geometry::Size;

/// Why there is no copy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A copy without pages was asked for.
    #[error("a copy needs at least one page")]
    NoPages,
    /// More pages than one paper can have.
    #[error("{found} pages are more than the {most} of one paper")]
    TooManyPages {
        /// How many were given.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// The picture of a page is not a JPEG that can be read.
    #[error("the picture of page {page} is not a readable JPEG")]
    PictureUnreadable {
        /// Its position.
        page: usize,
    },
    /// The picture's pixels are not those that the boxes of the text refer to.
    #[error("the picture of page {page} is {found:?}, not {stated:?}")]
    PictureSizeDiffers {
        /// Its position.
        page: usize,
        /// The size in the request.
        stated: Size,
        /// The size in the JPEG.
        found: Size,
    },
    /// A picture for the printing press; a copy holds grey or RGB.
    #[error("the picture of page {page} is neither grey nor RGB")]
    PictureColours {
        /// Its position.
        page: usize,
    },
    /// At this resolution the page would be no page: zero, or beyond 5 m.
    #[error("page {page} cannot have {dpi} dpi")]
    ResolutionAbsurd {
        /// Its position.
        page: usize,
        /// The resolution in the request.
        dpi: u32,
    },
    /// The font of the text layer is not a font, or has no glyph to draw.
    #[error("the font of the text layer cannot be used")]
    FontUnusable,
    /// The standard for long-term keeping does not allow what was to be written.
    #[error("the copy would break its standard in {violations} places")]
    StandardBroken {
        /// In how many.
        violations: usize,
    },
    /// A table holds more than tables can.
    #[error("the table cannot be written")]
    TableUnwritable,
    /// The file is no PDF that can be read.
    #[error("the copy is damaged")]
    Damaged,
    /// A PDF, but none that this program made.
    #[error("the PDF does not carry the metadata of an electronic copy")]
    NotACopy,
    /// What was read back is not what was to be written.
    #[error("the copy read back differs in its {what}")]
    ReadBackDiffers {
        /// The part that differs.
        what: &'static str,
    },
}
