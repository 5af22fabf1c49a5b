//! Lifts the one image off a page of which the survey said that it is nothing else.

use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::util::TransformExt;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps,
    InterpreterCache, InterpreterSettings, LumaData, SoftMask, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{BezPath, Rect};
use image::{DynamicImage, GrayImage, RgbImage};

/// The image's pixels in its own frame; `None` when they are not simply what the
/// page shows (a stencil, a mask, a size that its dictionary misstates).
pub(super) fn only_image(page: &Page<'_>, settings: InterpreterSettings) -> Option<DynamicImage> {
    let (width, height) = page.render_dimensions();
    let cache = InterpreterCache::new();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, width.into(), height.into()),
        &cache,
        page.xref(),
        settings,
    );
    let mut lift = Lift(None);
    interpret_page(page, &mut context, &mut lift);
    lift.0
}

struct Lift(Option<DynamicImage>);

impl<'a> Device<'a> for Lift {
    fn draw_image(&mut self, image: Image<'a, '_>, _: ImageDrawProps<'a>) {
        if let Image::Raster(raster) = image {
            raster.with_rgba(
                |pixels, alpha| self.0 = opaque(pixels, alpha.as_ref()),
                None,
            );
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

fn opaque(pixels: ImageData, alpha: Option<&LumaData>) -> Option<DynamicImage> {
    let (across, down) = pixels.scale_factors();
    let as_stated = (across - 1.0).abs() < f32::EPSILON && (down - 1.0).abs() < f32::EPSILON;
    if alpha.is_some() || !as_stated {
        return None;
    }
    let (width, height) = (pixels.width(), pixels.height());
    match pixels {
        ImageData::Luma(grey) => GrayImage::from_raw(width, height, grey.data).map(Into::into),
        ImageData::Rgb(rgb) => RgbImage::from_raw(width, height, rgb.data).map(Into::into),
    }
}
