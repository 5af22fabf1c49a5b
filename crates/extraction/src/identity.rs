//! Identity papers (giấy tờ tùy thân): what their QR code and their machine-readable
//! zone say. What is printed on them is read as on any other paper.

pub(crate) mod mrz;
pub(crate) mod on_paper;
pub(crate) mod qr;
pub(crate) mod sex;
pub(crate) mod typed;
