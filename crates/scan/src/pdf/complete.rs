//! Whether an image of a PDF has as much data as it promises. The renderer fills
//! what is missing with paper, and nobody would see that half a page is gone.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::ZlibDecoder;
use hayro::hayro_interpret::hayro_syntax::Filter;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

use crate::jpeg;

/// Columns of a fax where its parameters name none (ISO 32000-1, table 11).
const FAX_COLUMNS: u32 = 1728;

/// How many times its packed size a scan may have that was coded before: a fax of a
/// blank page is as regular as coded data get.
const UNPACKED_TIMES: u64 = 100;

/// Whether rows are missing. `false` where that cannot be told: the decoders of
/// JPEG 2000 and JBIG2 refuse short data by themselves.
pub(super) fn is_cut_short(stream: &Stream<'_>, width_px: u32, height_px: u32) -> bool {
    match stream.filters().as_slice() {
        [Filter::DctDecode] => jpeg_is_cut_short(&stream.raw_data()),
        [Filter::CcittFaxDecode] => fax_is_cut_short(stream, &stream.raw_data(), 0, height_px),
        // Some programs pack once more what a scanner had coded.
        [Filter::FlateDecode, Filter::DctDecode] => {
            unpacked(stream).is_none_or(|data| jpeg_is_cut_short(&data))
        }
        [Filter::FlateDecode, Filter::CcittFaxDecode] => {
            unpacked(stream).is_none_or(|data| fax_is_cut_short(stream, &data, 1, height_px))
        }
        filters if filters.iter().any(is_image_coding) => false,
        _ => {
            let promised = row_bytes(stream.dict(), width_px).map(|row| row * u64::from(height_px));
            // Data that cannot be unpacked at all are found when the page is drawn.
            let found = stream.decoded_data().map(|data| data.len() as u64);
            matches!((promised, found), (Some(promised), Ok(found)) if found < promised)
        }
    }
}

fn jpeg_is_cut_short(data: &[u8]) -> bool {
    !jpeg::is_whole(data) || jpeg::ends_early(data)
}

/// What the outer packing holds; `None` when it ends early itself.
fn unpacked<'a>(stream: &Stream<'a>) -> Option<Cow<'a, [u8]>> {
    let packed = stream.raw_data();
    let mut data = Vec::new();
    // A coded scan packed again barely shrinks, so this bounds what a bomb can grow to.
    let most = (packed.len() as u64).saturating_mul(UNPACKED_TIMES);
    ZlibDecoder::new(&*packed)
        .take(most)
        .read_to_end(&mut data)
        .ok()?;
    Some(data.into())
}

fn is_image_coding(filter: &Filter) -> bool {
    matches!(
        filter,
        Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode
    )
}

/// Bytes of one row of samples; `None` where the dictionary alone does not tell.
fn row_bytes(image: &Dict<'_>, width_px: u32) -> Option<u64> {
    let get = |long, short| image.get::<Object<'_>>(long).or_else(|| image.get(short));
    let is_mask = matches!(get("ImageMask", "IM"), Some(Object::Boolean(true)));
    let (bits, samples) = if is_mask {
        (1, 1)
    } else {
        let bits = image
            .get::<u32>("BitsPerComponent")
            .or_else(|| image.get::<u32>("BPC"))?;
        let samples = match get("ColorSpace", "CS")? {
            Object::Name(name) => samples_of(name.as_str())?,
            Object::Array(array) => samples_of_array(&array)?,
            _ => return None,
        };
        (bits, samples)
    };
    (bits <= 16).then(|| (u64::from(width_px) * u64::from(bits) * u64::from(samples)).div_ceil(8))
}

fn samples_of(colour_space: &str) -> Option<u32> {
    match colour_space {
        "DeviceGray" | "CalGray" | "G" | "Indexed" | "I" | "Separation" => Some(1),
        "DeviceRGB" | "CalRGB" | "RGB" | "Lab" => Some(3),
        "DeviceCMYK" | "CMYK" => Some(4),
        _ => None,
    }
}

fn samples_of_array(array: &Array<'_>) -> Option<u32> {
    let name = array.iter::<Name<'_>>().next()?;
    if name.as_str() == "ICCBased" {
        return array.iter::<Stream<'_>>().next()?.dict().get::<u32>("N");
    }
    samples_of(name.as_str())
}

/// `place` is that of the fax among the filters: each has parameters of its own.
fn fax_is_cut_short(stream: &Stream<'_>, data: &[u8], place: usize, height_px: u32) -> bool {
    let image = stream.dict();
    let of_each = |key: &str| image.get::<Array<'_>>(key)?.iter::<Object<'_>>().nth(place);
    let of_the_one = |key: &str| image.get::<Object<'_>>(key);
    let parameters = ["DecodeParms", "DP"]
        .into_iter()
        .find_map(|key| of_each(key).or_else(|| of_the_one(key)));
    let parameters = match parameters {
        Some(Object::Dict(parameters)) => parameters,
        _ => Dict::default(),
    };
    let is = |key| parameters.get::<bool>(key).unwrap_or(false);
    let settings = DecodeSettings {
        columns: parameters.get::<u32>("Columns").unwrap_or(FAX_COLUMNS),
        rows: height_px,
        end_of_block: parameters.get::<bool>("EndOfBlock").unwrap_or(true),
        end_of_line: is("EndOfLine"),
        rows_are_byte_aligned: is("EncodedByteAlign"),
        encoding: match parameters.get::<i32>("K").unwrap_or(0) {
            i32::MIN..=-1 => EncodingMode::Group4,
            0 => EncodingMode::Group3_1D,
            _ => EncodingMode::Group3_2D,
        },
        strict: false,
    };
    let mut rows = Rows(0);
    let decoded = hayro_ccitt::decode(data, &mut rows, &mut DecoderContext::new(settings));
    rows.0 < height_px && (decoded.is_err() || !ends_the_block(data))
}

/// Counts what a fax holds.
struct Rows(u32);

impl Decoder for Rows {
    fn push_row(&mut self, _: &[u32]) {
        self.0 += 1;
    }
}

/// Two end-of-line codes in a row near the end: the encoder stopped here, and rows
/// that it left out are paper. Only padding may follow.
fn ends_the_block(data: &[u8]) -> bool {
    const TWO_ENDS: u64 = 0x00_1001;
    let tail = &data[data.len().saturating_sub(8)..];
    let bits = tail
        .iter()
        .fold(0, |bits, byte| bits << 8 | u64::from(*byte));
    (0..=40).any(|shift| bits >> shift & 0xff_ffff == TWO_ENDS)
}
