//! What a device delivers becomes pixels. Pure.

use image::{DynamicImage, GrayImage, RgbImage};

use crate::error::{Damage, Error};
use crate::limits::Limits;

/// What the bytes of a frame are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FrameKind {
    Grey,
    /// Pixel by pixel.
    Rgb,
    Red,
    Green,
    Blue,
}

/// What a device says of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) kind: FrameKind,
    pub(super) last_frame: bool,
    pub(super) bytes_per_line: usize,
    pub(super) pixels_per_line: usize,
    /// `None` where the device learns it only at the end of the sheet.
    pub(super) lines: Option<usize>,
    /// Bits a sample: 1, 8 or 16.
    pub(super) depth: i32,
}

impl Parameters {
    /// Bytes that a frame may have within the limits, checked before it is read.
    pub(super) fn max_bytes(&self, limits: &Limits) -> Result<u64, Error> {
        let pixels = self.pixels_per_line.max(1) as u64;
        let max_lines = limits.max_pixels / pixels;
        if self.lines.is_some_and(|lines| lines as u64 > max_lines) || max_lines == 0 {
            return Err(Error::PageTooLarge);
        }
        Ok(max_lines.saturating_mul(self.bytes_per_line.max(1) as u64))
    }
}

/// One frame, its samples brought to eight bits and its padding gone.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    kind: FrameKind,
    width: usize,
    height: usize,
    samples: Vec<u8>,
}

impl Frame {
    /// A frame from its bytes. `lines` is what the device says after the last byte.
    pub(super) fn new(
        parameters: Parameters,
        lines: Option<usize>,
        data: &[u8],
    ) -> Result<Self, Error> {
        let line_bytes = parameters.bytes_per_line;
        let width = parameters.pixels_per_line;
        let channels = if parameters.kind == FrameKind::Rgb {
            3
        } else {
            1
        };
        let used = match parameters.depth {
            1 => width.div_ceil(8) * channels,
            8 => width * channels,
            16 => width * channels * 2,
            _ => return Err(Error::UnsupportedVariant),
        };
        let height = data.len().checked_div(line_bytes).unwrap_or(0);
        if height == 0 || width == 0 || used > line_bytes {
            return Err(Error::damaged(Damage::Picture));
        }
        // A sheet of which the device promised more is not shown as a whole one.
        if lines.is_some_and(|lines| lines > height) {
            return Err(Error::damaged(Damage::CutShort));
        }
        let rows = data.chunks_exact(line_bytes).map(|line| &line[..used]);
        let samples = match parameters.depth {
            1 => rows.flat_map(|row| bits(row, width, channels)).collect(),
            8 => rows.flatten().copied().collect(),
            // Samples of 16 bits stand in the machine's own order.
            _ => rows
                .flat_map(|row| row.chunks_exact(2))
                .map(|pair| (u16::from_ne_bytes([pair[0], pair[1]]) >> 8) as u8)
                .collect(),
        };
        Ok(Self {
            kind: parameters.kind,
            width,
            height,
            samples,
        })
    }
}

/// One line of single bits. In grey a set bit is black; in colour it is the full
/// colour, and the line alternates one byte of each colour.
fn bits(row: &[u8], width: usize, channels: usize) -> impl Iterator<Item = u8> {
    (0..width * channels).map(move |sample| {
        let (pixel, channel) = (sample / channels, sample % channels);
        let byte = row[pixel / 8 * channels + channel];
        let set = byte >> (7 - pixel % 8) & 1 == 1;
        if set == (channels == 3) { 255 } else { 0 }
    })
}

/// The page that these frames are.
pub(super) fn assemble(frames: &[Frame]) -> Result<DynamicImage, Error> {
    let broken = || Error::damaged(Damage::Picture);
    let of = |kind| frames.iter().find(|frame| frame.kind == kind);
    let size = |frame: &Frame| (frame.width as u32, frame.height as u32);
    if let Some(frame) = of(FrameKind::Grey) {
        let (width, height) = size(frame);
        let grey = GrayImage::from_raw(width, height, frame.samples.clone());
        return grey.map(Into::into).ok_or_else(broken);
    }
    let (width, height, samples) = if let Some(frame) = of(FrameKind::Rgb) {
        let (width, height) = size(frame);
        (width, height, frame.samples.clone())
    } else {
        let (Some(red), Some(green), Some(blue)) = (
            of(FrameKind::Red),
            of(FrameKind::Green),
            of(FrameKind::Blue),
        ) else {
            return Err(broken());
        };
        if size(red) != size(green) || size(red) != size(blue) {
            return Err(broken());
        }
        let (width, height) = size(red);
        let pixels = red.samples.iter().zip(&green.samples).zip(&blue.samples);
        let samples = pixels.flat_map(|((r, g), b)| [*r, *g, *b]).collect();
        (width, height, samples)
    };
    let rgb = RgbImage::from_raw(width, height, samples);
    rgb.map(Into::into).ok_or_else(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(kind: FrameKind, depth: i32, width: usize, line: usize) -> Parameters {
        Parameters {
            kind,
            last_frame: true,
            bytes_per_line: line,
            pixels_per_line: width,
            lines: None,
            depth,
        }
    }

    fn check(parameters: Parameters, data: &[u8]) -> DynamicImage {
        assemble(&[Frame::new(parameters, None, data).unwrap()]).unwrap()
    }

    #[test]
    fn lines_lose_their_padding_and_the_height_is_counted() {
        let image = check(
            parameters(FrameKind::Grey, 8, 3, 4),
            &[1, 2, 3, 0, 4, 5, 6, 0],
        );
        assert_eq!((image.width(), image.height()), (3, 2));
        assert_eq!(image.as_bytes(), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_set_bit_is_black_in_grey_and_bright_in_colour() {
        let grey = check(
            parameters(FrameKind::Grey, 1, 10, 2),
            &[0b1010_0000, 0b0100_0000],
        );
        assert_eq!(
            grey.as_bytes(),
            [0, 255, 0, 255, 255, 255, 255, 255, 255, 0]
        );
        let colour = check(
            parameters(FrameKind::Rgb, 1, 2, 3),
            &[0b1000_0000, 0, 0b0100_0000],
        );
        assert_eq!(colour.as_bytes(), [255, 0, 0, 0, 0, 255]);
    }

    #[test]
    fn sixteen_bits_keep_their_upper_half() {
        let data: Vec<u8> = [0xABCDu16, 0x0100]
            .iter()
            .flat_map(|v| v.to_ne_bytes())
            .collect();
        let image = check(parameters(FrameKind::Grey, 16, 2, 4), &data);
        assert_eq!(image.as_bytes(), [0xAB, 0x01]);
    }

    #[test]
    fn three_passes_make_one_colour_page() {
        let pass = |kind, value| Frame::new(parameters(kind, 8, 1, 1), None, &[value]).unwrap();
        let passes = [
            pass(FrameKind::Green, 2),
            pass(FrameKind::Red, 1),
            pass(FrameKind::Blue, 3),
        ];
        assert_eq!(assemble(&passes).unwrap().as_bytes(), [1, 2, 3]);
        assert!(assemble(&passes[..2]).is_err(), "two colours are no page");
    }

    #[test]
    fn fewer_lines_than_promised_are_no_page() {
        let frame = |lines| Frame::new(parameters(FrameKind::Grey, 8, 2, 2), lines, &[0; 6]);
        assert!(frame(Some(3)).is_ok());
        assert_eq!(frame(Some(4)).unwrap_err().name(), "damaged_cut_short");
    }

    #[test]
    fn a_page_of_too_many_pixels_is_refused_before_it_is_read() {
        let limits = Limits {
            max_pixels: 100,
            ..Limits::default()
        };
        let mut asked = parameters(FrameKind::Grey, 8, 10, 10);
        assert_eq!(
            asked.max_bytes(&limits).unwrap(),
            100,
            "an unknown height ends there"
        );
        asked.lines = Some(11);
        assert_eq!(
            asked.max_bytes(&limits).unwrap_err().name(),
            "page_too_large"
        );
    }
}
