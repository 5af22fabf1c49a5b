//! Drawing a QR code.

use rxing::qrcode::QRCodeWriter;
use rxing::{BarcodeFormat, EncodeHints, Writer};

/// The modules of a QR code from top to bottom, dark ones true, its quiet zone around
/// it; `None` when the text is too long for one.
///
/// With the strongest error correction: a slip is folded, stapled and fed many times.
pub fn qr_code(text: &str) -> Option<Vec<Vec<bool>>> {
    drawn(
        text,
        &EncodeHints {
            ErrorCorrection: Some("H".to_owned()),
            CharacterSet: Some("UTF-8".to_owned()),
            ..EncodeHints::default()
        },
    )
}

/// The same for a long text: with error correction M, and each part of the text in the
/// mode in which it is shortest, so that the modules are as large as they can be.
// ISO/IEC 18004:2006, 7.4: a text may change its mode as often as that saves bits.
pub fn qr_code_of_long_text(text: &str) -> Option<Vec<Vec<bool>>> {
    drawn(
        text,
        &EncodeHints {
            ErrorCorrection: Some("M".to_owned()),
            CharacterSet: Some("UTF-8".to_owned()),
            QrCompact: Some("true".to_owned()),
            ..EncodeHints::default()
        },
    )
}

fn drawn(text: &str, hints: &EncodeHints) -> Option<Vec<Vec<bool>>> {
    let modules = QRCodeWriter
        .encode_with_hints(text, &BarcodeFormat::QR_CODE, 1, 1, hints)
        .ok()?;
    let row = |y: u32| {
        (0..modules.getWidth())
            .map(|x| modules.get(x, y))
            .collect::<Vec<bool>>()
    };
    Some((0..modules.getHeight()).map(row).collect())
}
