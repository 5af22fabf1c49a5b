//! Identity papers (giấy tờ tùy thân): what their QR code, their machine-readable
//! zone and their printed face say, and whether they say the same.

pub(crate) mod agreement;
pub(crate) mod face;
pub(crate) mod mrz;
pub(crate) mod on_paper;
pub(crate) mod qr;
pub(crate) mod typed;
