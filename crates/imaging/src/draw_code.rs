//! Drawing a QR code.

use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, EncodeHints, Writer};

/// The modules of a QR code from top to bottom, dark ones true, its quiet zone around
/// it; `None` when the text is too long for one.
///
/// With the strongest error correction: a slip is folded, stapled and fed many times.
pub fn qr_code(text: &str) -> Option<Vec<Vec<bool>>> {
    let hints = EncodeHints {
        ErrorCorrection: Some("H".to_owned()),
        CharacterSet: Some("UTF-8".to_owned()),
        ..EncodeHints::default()
    };
    let modules = QRCodeWriter
        .encode_with_hints(text, &BarcodeFormat::QR_CODE, 1, 1, &hints)
        .ok()?;
    let row = |y: u32| {
        (0..modules.getWidth())
            .map(|x| modules.get(x, y))
            .collect::<Vec<bool>>()
    };
    Some((0..modules.getHeight()).map(row).collect())
}
