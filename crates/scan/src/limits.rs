//! How much a file may ask of the machine.

/// The limits that one file is held to. Every one of them is checked before the
/// work it bounds is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pixels of one page.
    pub max_pixels: u64,
    /// Pages of one file.
    pub max_pages: usize,
    /// Bytes of one file.
    pub max_file_bytes: u64,
    /// Dots per inch at which PDF pages are drawn that are not simply a scan.
    pub rasterise_dpi: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A3 at 600 dpi is 70 megapixels; more than that is no sheet of a dossier.
            // 120 megapixels of colour are 360 MB, which a worker can hold once.
            max_pixels: 120_000_000,
            // The thickest dossiers have a few hundred sheets, both sides written.
            max_pages: 1000,
            // A hundred A4 pages in colour at 300 dpi are about 100 MB.
            max_file_bytes: 256 * 1024 * 1024,
            // What the engines read best: a capital letter of 13 pt stands 25 pixels high.
            rasterise_dpi: 200,
        }
    }
}

impl Limits {
    /// Bytes that a decoder may hold at once: four a pixel, and something for its tables.
    pub(crate) fn max_decoder_bytes(&self) -> u64 {
        self.max_pixels
            .saturating_mul(4)
            .saturating_add(64 * 1024 * 1024)
    }
}
