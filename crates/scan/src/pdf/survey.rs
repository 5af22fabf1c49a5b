//! What a page consists of, found by letting it be drawn on a device that only
//! takes notes. The interpreter so decides about forms, layers, hidden text and
//! annotations, and no second reading of the page can disagree with the drawing.

use domain::geometry::QuarterTurn;
use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_syntax::Filter;
use hayro::hayro_interpret::hayro_syntax::object::{Array, Name, Object, Stream};
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Rect, Shape};

use super::complete::is_cut_short;

/// How far, in shares of the page, an image may miss the page's edge and still
/// count as the whole page: scanners round to whole points and millimetres.
const EDGE_SHARE: f64 = 0.015;

/// The notes about one page.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Pixels of the largest image on it.
    pub(super) largest_image_pixels: u64,
    /// Whether an image on it is cut short: it would be drawn with an empty half.
    pub(super) cut_short: bool,
    images: Vec<Scan>,
    anything_else: bool,
    page: Rect,
}

/// An image and where it stands.
#[derive(Debug)]
pub(super) struct Scan {
    pub(super) width_px: u32,
    pub(super) height_px: u32,
    /// Along its own rows and columns.
    pub(super) dpi_across: f64,
    pub(super) dpi_down: f64,
    /// The quarter turn that brings it upright on the page.
    pub(super) turn: QuarterTurn,
    /// Its bytes, where they are a JPEG that shows the same without the PDF.
    pub(super) jpeg: Option<Vec<u8>>,
    level: bool,
    place: Rect,
}

/// Takes notes of everything the page draws.
pub(super) fn survey(page: &Page<'_>) -> Survey {
    let (width, height) = page.render_dimensions();
    let mut survey = Survey {
        page: Rect::new(0.0, 0.0, width.into(), height.into()),
        ..Survey::default()
    };
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        survey.page,
        &cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    interpret_page(page, &mut context, &mut survey);
    survey
}

impl Survey {
    /// The one image that is the whole page, when the page shows nothing else.
    pub(super) fn only_scan(&self) -> Option<&Scan> {
        match self.images.as_slice() {
            [scan] if !self.anything_else && scan.level && self.is_full_page(scan) => Some(scan),
            _ => None,
        }
    }

    /// The finest resolution of the images that cover at least half of the page.
    pub(super) fn scan_dpi(&self) -> Option<f64> {
        self.images
            .iter()
            .filter(|scan| scan.place.intersect(self.page).area() >= self.page.area() / 2.0)
            .map(|scan| scan.dpi_across.max(scan.dpi_down))
            .reduce(f64::max)
    }

    fn is_full_page(&self, scan: &Scan) -> bool {
        let near = |a: f64, b: f64, side: f64| (a - b).abs() <= side * EDGE_SHARE;
        let (width, height) = (self.page.width(), self.page.height());
        near(scan.place.x0, self.page.x0, width)
            && near(scan.place.x1, self.page.x1, width)
            && near(scan.place.y0, self.page.y0, height)
            && near(scan.place.y1, self.page.y1, height)
    }

    fn note_clip(&mut self, shape: &impl Shape) {
        // A clip matters only when it is no rectangle around the whole page.
        let bounds = shape.bounding_box();
        let is_rectangle = (shape.area().abs() - bounds.area()).abs() <= bounds.area() * 0.001;
        let slack = self.page.width().max(self.page.height()) * EDGE_SHARE;
        if !is_rectangle || !bounds.inflate(slack, slack).contains_rect(self.page) {
            self.anything_else = true;
        }
    }
}

impl<'a> Device<'a> for Survey {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.anything_else = true;
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.note_clip(&clip.path);
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend: BlendMode,
    ) {
        if opacity < 1.0 || mask.is_some() || blend != BlendMode::Normal {
            self.anything_else = true;
        }
    }

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, mode: &DrawMode) {
        // The text layer of a searchable scan is not drawn.
        if !matches!(mode, DrawMode::Invisible) {
            self.anything_else = true;
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width_px, height_px) = (image.width(), image.height());
        let pixels = u64::from(width_px) * u64::from(height_px);
        self.largest_image_pixels = self.largest_image_pixels.max(pixels);
        if props.soft_mask.is_some() || props.blend_mode != BlendMode::Normal {
            self.anything_else = true;
        }
        let stream = match &image {
            Image::Stencil(stencil) => stencil.stream(),
            Image::Raster(raster) => raster.stream(),
        };
        if is_cut_short(stream, width_px, height_px) {
            self.cut_short = true;
        }
        let own = Rect::new(0.0, 0.0, width_px.into(), height_px.into());
        let [a, b, c, d, _, _] = props.transform.as_coeffs();
        let turn = quarter_turn(props.transform);
        let is_first = self.images.is_empty();
        let jpeg = match &image {
            Image::Raster(raster) if is_first && turn.is_some() => plain_jpeg(raster.stream()),
            _ => None,
        };
        self.images.push(Scan {
            width_px,
            height_px,
            dpi_across: super::POINTS / a.hypot(b),
            dpi_down: super::POINTS / c.hypot(d),
            turn: turn.unwrap_or_default(),
            jpeg,
            level: turn.is_some(),
            place: props.transform.transform_rect_bbox(own),
        });
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// The quarter turn of a transform (y downwards) that does nothing but turn and
/// scale; `None` when it mirrors, slants or turns by something else.
fn quarter_turn(transform: Affine) -> Option<QuarterTurn> {
    let [a, b, c, d, _, _] = transform.as_coeffs();
    let small = (a.hypot(b) + c.hypot(d)) * 0.001;
    let nothing = |value: f64| value.abs() <= small;
    match (nothing(a), nothing(b), nothing(c), nothing(d)) {
        (false, true, true, false) if a > 0.0 && d > 0.0 => Some(QuarterTurn::None),
        (false, true, true, false) if a < 0.0 && d < 0.0 => Some(QuarterTurn::Half),
        (true, false, false, true) if b > 0.0 && c < 0.0 => Some(QuarterTurn::Right),
        (true, false, false, true) if b < 0.0 && c > 0.0 => Some(QuarterTurn::Left),
        _ => None,
    }
}

/// The bytes of a stream that is a JPEG and nothing more: no second filter, no
/// mask, no remapping, and colours that mean outside of the PDF what they mean in it.
fn plain_jpeg(stream: &Stream<'_>) -> Option<Vec<u8>> {
    let dict = stream.dict();
    let reinterpreted = [
        "SMask",
        "Mask",
        "Decode",
        "ImageMask",
        "SMaskInData",
        "DecodeParms",
    ];
    if stream.filters().as_slice() != [Filter::DctDecode]
        || reinterpreted.iter().any(|key| dict.contains_key(key))
    {
        return None;
    }
    let known = match dict.get::<Object<'_>>("ColorSpace")? {
        Object::Name(name) => is_plain_colour(&name),
        Object::Array(array) => first_name(&array).is_some_and(|name| is_plain_colour(&name)),
        _ => false,
    };
    known.then(|| stream.raw_data().into_owned())
}

fn first_name<'a>(array: &Array<'a>) -> Option<Name<'a>> {
    array.iter::<Name<'a>>().next()
}

fn is_plain_colour(name: &Name<'_>) -> bool {
    matches!(
        name.as_str(),
        "DeviceGray" | "DeviceRGB" | "CalGray" | "CalRGB" | "ICCBased"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_are_told_from_mirrors_and_slants() {
        let of = |coefficients| quarter_turn(Affine::new(coefficients));
        assert_eq!(
            of([0.24, 0.0, 0.0, 0.24, 0.0, 0.0]),
            Some(QuarterTurn::None)
        );
        // The image's first row runs down the page's right edge.
        assert_eq!(
            of([0.0, 0.24, -0.24, 0.0, 595.0, 0.0]),
            Some(QuarterTurn::Right)
        );
        assert_eq!(
            of([-0.24, 0.0, 0.0, -0.24, 9.0, 9.0]),
            Some(QuarterTurn::Half)
        );
        assert_eq!(
            of([0.0, -0.24, 0.24, 0.0, 0.0, 9.0]),
            Some(QuarterTurn::Left)
        );
        assert_eq!(of([-0.24, 0.0, 0.0, 0.24, 9.0, 0.0]), None, "a mirror");
        assert_eq!(of([0.24, 0.01, -0.01, 0.24, 0.0, 0.0]), None, "a slant");
    }
}
