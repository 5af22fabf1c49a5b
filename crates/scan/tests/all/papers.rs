//! Invented papers, drawn here: no file of anybody lies in the project.

use std::io::Cursor;
use std::ops::ControlFlow;

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};
use scan::{Error, Limits, RawPage};

/// A page in colour: a frame, a red stamp, and `number` black bars to tell pages apart.
pub(crate) fn sheet(number: u32) -> RgbImage {
    RgbImage::from_fn(200, 280, |x, y| {
        let bar = y / 20 < number && y % 20 > 9 && (20..180).contains(&x);
        let stamp = x > 120 && y > 200 && x.abs_diff(150).pow(2) + y.abs_diff(240).pow(2) < 900;
        match (bar, stamp) {
            (true, _) => Rgb([0, 0, 0]),
            (_, true) => Rgb([200, 20, 30]),
            _ => Rgb([255, 255, 255]),
        }
    })
}

/// The number of bars on a page that [`sheet`] drew, whatever has become of its pixels.
pub(crate) fn number_of(image: &DynamicImage) -> u32 {
    let grey = image.to_luma8();
    let x = grey.width() / 2;
    let dark: Vec<bool> = (0..grey.height())
        .map(|y| grey.get_pixel(x, y)[0] < 100)
        .collect();
    dark.windows(2).filter(|pair| !pair[0] && pair[1]).count() as u32
}

pub(crate) fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub(crate) fn jpeg(image: &RgbImage, dpi: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_pixel_density(PixelDensity::dpi(dpi));
    encoder.encode_image(image).unwrap();
    bytes
}

pub(crate) fn png(image: &RgbImage) -> Vec<u8> {
    encode(&image.clone().into(), ImageFormat::Png)
}

/// A TIFF of these pages, LZW-coded, at 300 dpi.
pub(crate) fn tiff(pages: &[GrayImage]) -> Vec<u8> {
    use tiff::encoder::{Compression, Rational, TiffEncoder, colortype};
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)
        .unwrap()
        .with_compression(Compression::Lzw);
    for page in pages {
        let mut image = encoder
            .new_image::<colortype::Gray8>(page.width(), page.height())
            .unwrap();
        image.resolution(tiff::tags::ResolutionUnit::Inch, Rational { n: 300, d: 1 });
        image.write_data(page.as_raw()).unwrap();
    }
    bytes.into_inner()
}

pub(crate) fn grey_sheet(number: u32) -> GrayImage {
    let grey = DynamicImage::from(sheet(number)).into_luma8();
    GrayImage::from_fn(200, 280, |x, y| Luma([grey.get_pixel(x, y)[0]]))
}

/// One page of a drawn PDF: its content, its images, and what else its dictionary says.
pub(crate) struct PdfPage {
    pub(crate) content: String,
    pub(crate) images: Vec<Stream>,
    pub(crate) extra: Dictionary,
}

/// A4 in points, at which [`sheet`] has the resolution of 24 dpi across.
pub(crate) const A4_POINTS: (f32, f32) = (595.0, 833.0);

/// An image in a PDF, coded as JPEG.
pub(crate) fn jpeg_image(bytes: Vec<u8>, width: u32, height: u32) -> Stream {
    let dict = dictionary! {
        "Type" => "XObject", "Subtype" => "Image",
        "Width" => i64::from(width), "Height" => i64::from(height),
        "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8, "Filter" => "DCTDecode",
    };
    Stream::new(dict, bytes).with_compression(false)
}

/// A PDF of these pages.
pub(crate) fn pdf(pages: Vec<PdfPage>, box_points: (f32, f32)) -> Vec<u8> {
    let mut document = document(pages, box_points);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

pub(crate) fn document(pages: Vec<PdfPage>, box_points: (f32, f32)) -> Document {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica",
    });
    let mut kids: Vec<Object> = Vec::new();
    for page in pages {
        let mut images = Dictionary::new();
        for (index, image) in page.images.into_iter().enumerate() {
            let id = document.add_object(image);
            images.set(format!("Im{index}"), id);
        }
        let content = document.add_object(Stream::new(dictionary! {}, page.content.into_bytes()));
        let mut dict = dictionary! {
            "Type" => "Page", "Parent" => tree, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), box_points.0.into(), box_points.1.into()],
            "Resources" => dictionary! {
                "XObject" => images, "Font" => dictionary! { "F0" => font },
            },
        };
        dict.extend(&page.extra);
        kids.push(document.add_object(dict).into());
    }
    let count = kids.len() as i64;
    document.set_object(
        tree,
        dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count },
    );
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", root);
    document
}

/// A page of text.
pub(crate) fn text_page(words: &str) -> PdfPage {
    PdfPage {
        content: format!("BT /F0 40 Tf 50 700 Td ({words}) Tj ET"),
        images: Vec::new(),
        extra: Dictionary::new(),
    }
}

/// A page that is one scan, placed over the whole A4 page.
pub(crate) fn scan_page(image: Stream) -> PdfPage {
    let (width, height) = A4_POINTS;
    PdfPage {
        content: format!("q {width} 0 0 {height} 0 0 cm /Im0 Do Q"),
        images: vec![image],
        extra: Dictionary::new(),
    }
}

/// All pages of a file, or the error.
pub(crate) fn pages_of(bytes: &[u8]) -> Result<Vec<RawPage>, Error> {
    pages_within(bytes, &Limits::default())
}

pub(crate) fn pages_within(bytes: &[u8], limits: &Limits) -> Result<Vec<RawPage>, Error> {
    let mut pages = Vec::new();
    let count = scan::pages_of_file(bytes, limits, &mut |page| {
        pages.push(page);
        ControlFlow::Continue(())
    })?;
    assert_eq!(count, pages.len(), "the count is what was handed over");
    Ok(pages)
}

pub(crate) fn pixels(page: &RawPage) -> DynamicImage {
    let image = scan::decode(&page.bytes, page.format, &Limits::default()).unwrap();
    assert_eq!(
        (image.width(), image.height()),
        (page.size.width_px, page.size.height_px),
        "the stated size is that of the stored pixels"
    );
    image
}

/// The name of the error with which the file is refused.
pub(crate) fn refusal(bytes: &[u8]) -> &'static str {
    pages_of(bytes)
        .map(|pages| pages.len())
        .expect_err("the file should be refused")
        .name()
}
