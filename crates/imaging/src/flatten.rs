//! Laying a sheet flat that a camera saw at a slant.

use domain::geometry::Flat;

use crate::upright::Samples;

/// What the picture does not show.
const WHITE: u8 = 255;

/// The sheet as seen from straight above; between four pixels their blend is taken.
pub(crate) fn flattened<const N: usize>(
    picture: &Samples<'_, N>,
    flat: &Flat,
) -> Samples<'static, N> {
    let (width, height) = (flat.size.width_px, flat.size.height_px);
    let mut values = vec![WHITE; width as usize * height as usize * N];
    let map = flat.map();
    let row_bytes = (width as usize * N).max(1);
    for (y, row) in values.chunks_exact_mut(row_bytes).enumerate() {
        let (pixels, _) = row.as_chunks_mut::<N>();
        for (x, pixel) in pixels.iter_mut().enumerate() {
            let (u, v) = map.at(x as f64 + 0.5, y as f64 + 0.5);
            if let Some(blend) = sample(picture, u - 0.5, v - 0.5) {
                *pixel = blend;
            }
        }
    }
    Samples::owned(width, height, values)
}

/// The blend of the four pixels round a place; `None` outside the picture.
fn sample<const N: usize>(picture: &Samples<'_, N>, x: f64, y: f64) -> Option<[u8; N]> {
    /// Steps between two pixels.
    const STEPS: f64 = 128.0;
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (last_x, last_y) = (width.checked_sub(1)?, height.checked_sub(1)?);
    let on_picture =
        (-0.5..=last_x as f64 + 0.5).contains(&x) && (-0.5..=last_y as f64 + 0.5).contains(&y);
    if !on_picture {
        return None;
    }
    let (x, y) = (x.clamp(0.0, last_x as f64), y.clamp(0.0, last_y as f64));
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(last_x), (top + 1).min(last_y));
    let across = ((x - left as f64) * STEPS) as u32;
    let down = ((y - top as f64) * STEPS) as u32;
    let (source, _) = picture.values.as_chunks::<N>();
    let (upper, lower) = (top * width, bottom * width);
    let [a, b, c, d] =
        [upper + left, upper + right, lower + left, lower + right].map(|place| source[place]);
    let steps = STEPS as u32;
    Some(std::array::from_fn(|channel| {
        let [a, b, c, d] = [a, b, c, d].map(|pixel| u32::from(pixel[channel]));
        let upper = a * (steps - across) + b * across;
        let lower = c * (steps - across) + d * across;
        let blend = upper * (steps - down) + lower * down;
        ((blend + steps * steps / 2) / (steps * steps)) as u8
    }))
}
