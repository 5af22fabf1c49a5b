//! The request for a scan: only what the device said that it takes.

use std::fmt::Write as _;

use super::capabilities::{Capabilities, InputCapabilities, UNITS_PER_INCH};
use crate::error::Error;
use crate::scanner::{ColourMode, MAX_LENGTH_MM, ScanSettings, ScanSource, Sides};

const JPEG: &str = "image/jpeg";
const PDF: &str = "application/pdf";

const MM_PER_INCH: f64 = 25.4;

/// What is asked of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The body of the request.
    pub(super) xml: String,
    /// The resolution that was asked for.
    pub(super) dpi: u32,
}

/// Puts the settings into the device's words.
pub(super) fn request(device: &Capabilities, settings: &ScanSettings) -> Result<Request, Error> {
    let (input, both) = input_of(device, settings)?;
    let dpi = input
        .resolutions
        .nearest(settings.dpi)
        .ok_or(Error::DeviceRefused)?;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scan:ScanSettings \
         xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
         xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\">\n",
    );
    let mut put = |name: &str, value: &str| {
        // Values are words that were checked, so nothing in them needs escaping.
        let _never_fails = writeln!(xml, "<{name}>{value}</{name}>");
    };
    put("pwg:Version", &plain(&device.version)?);
    if input.intents.iter().any(|intent| intent == "Document") {
        put("scan:Intent", "Document");
    }
    if let (Some(width), Some(height)) = (input.max_width, input.max_height) {
        let longest = (MAX_LENGTH_MM / MM_PER_INCH * UNITS_PER_INCH) as u32;
        let region = format!(
            "<pwg:ScanRegion><pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>\
             <pwg:Height>{}</pwg:Height><pwg:Width>{width}</pwg:Width>\
             <pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset></pwg:ScanRegion>",
            height.min(longest)
        );
        put("pwg:ScanRegions", &region);
    }
    let source = match settings.source {
        ScanSource::Feeder => "Feeder",
        ScanSource::Flatbed => "Platen",
    };
    put("pwg:InputSource", source);
    if let Some(format) = choose_format(&input.formats) {
        put("pwg:DocumentFormat", format);
    }
    if let Some(format) = choose_format(&input.formats_ext) {
        put("scan:DocumentFormatExt", format);
    } else if choose_format(&input.formats).is_none() {
        // Neither of the two that every such device should have.
        return Err(Error::DeviceRefused);
    }
    if let Some(mode) = choose_mode(&input.colour_modes, settings.colour) {
        put("scan:ColorMode", mode);
    }
    put("scan:XResolution", &dpi.to_string());
    put("scan:YResolution", &dpi.to_string());
    // Only where there is a choice.
    if settings.source == ScanSource::Feeder && has_both(device) {
        put("scan:Duplex", if both { "true" } else { "false" });
    }
    xml.push_str("</scan:ScanSettings>\n");
    Ok(Request { xml, dpi })
}

/// The source's capabilities, and whether both sides will come. A feeder that can
/// only scan both sides does so: no written side is left out.
fn input_of<'a>(
    device: &'a Capabilities,
    settings: &ScanSettings,
) -> Result<(&'a InputCapabilities, bool), Error> {
    let both = || {
        let input = device.of(settings.source, Sides::Both);
        input.map(|input| (input, true))
    };
    match settings.sides {
        Sides::One => device
            .of(settings.source, Sides::One)
            .map(|input| (input, false))
            .or_else(both),
        Sides::Both => both(),
    }
    .ok_or(Error::SourceNotOffered)
}

fn has_both(device: &Capabilities) -> bool {
    device.of(ScanSource::Feeder, Sides::Both).is_some()
}

/// JPEG comes page by page; a PDF often only when the whole stack is through.
fn choose_format(offered: &[String]) -> Option<&'static str> {
    [JPEG, PDF]
        .into_iter()
        .find(|format| offered.iter().any(|other| other == format))
}

/// The mode asked for, or else one that loses nothing that matters.
fn choose_mode(offered: &[String], wanted: ColourMode) -> Option<&str> {
    let order = match wanted {
        ColourMode::Colour => ["RGB24", "Grayscale8"],
        ColourMode::Greyscale => ["Grayscale8", "RGB24"],
    };
    order
        .into_iter()
        .find_map(|mode| offered.iter().find(|other| *other == mode))
        .map(String::as_str)
}

/// A version as the device wrote it, if it is one.
fn plain(version: &str) -> Result<String, Error> {
    let is_plain = |letter: char| letter.is_ascii_digit() || letter == '.';
    if version.len() <= 10 && version.chars().all(is_plain) {
        Ok(version.to_owned())
    } else {
        Err(Error::DeviceRefused)
    }
}
