//! What is put on paper by hand: the pen, the seal; and the ornaments of civil papers.

use ab_glyph::{Font, GlyphId, point};

use super::chance::Chance;
use super::sheet::{Face, Sheet, scale, units_per_em};

const SEAL_RED: [u8; 3] = [206, 38, 48];
/// Letters of a seal stand a little apart.
const SPACED: f32 = 1.12;
const PEN_BLUE: [u8; 3] = [38, 52, 150];

/// The words of a round seal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SealText<'t> {
    /// Along the upper arc.
    pub(crate) above: &'t str,
    /// Along the lower arc.
    pub(crate) below: &'t str,
}

impl Sheet<'_> {
    /// A round red seal with its centre at `x`, `y`, a little turned and unevenly
    /// inked, as seals are.
    pub(crate) fn seal(&mut self, chance: &mut Chance, text: SealText<'_>, x: f32, y: f32) {
        let (cx, cy) = (self.px(x), self.px(y));
        let turn = chance.within(-0.22, 0.22);
        let patches: Vec<[f32; 4]> = (0..7)
            .map(|_| {
                [
                    cx + self.px(chance.within(-17.0, 17.0)),
                    cy + self.px(chance.within(-17.0, 17.0)),
                    self.px(chance.within(3.0, 8.0)),
                    chance.within(0.15, 0.55),
                ]
            })
            .collect();
        let pressure = |px: f32, py: f32| {
            patches
                .iter()
                .fold(0.86, |left: f32, [x, y, radius, loss]| {
                    let distance = (px - x).hypot(py - y) / radius;
                    left * (1.0 - loss * (-distance * distance).exp())
                })
        };
        for (radius, width) in [(17.6, 0.75), (16.5, 0.28), (9.4, 0.28)] {
            self.ring(cx, cy, radius, width, &pressure);
        }
        self.star(cx, cy, 4.4, turn, &pressure);
        self.arc_text(text.above, (cx, cy), 11.0, 3.5, turn, &pressure);
        self.arc_text_below(text.below, (cx, cy), 14.9, 3.1, turn, &pressure);
    }

    fn ring(
        &mut self,
        cx: f32,
        cy: f32,
        radius: f32,
        width: f32,
        pressure: &dyn Fn(f32, f32) -> f32,
    ) {
        let (radius, half) = (self.px(radius), self.px(width) / 2.0);
        let reach = (radius + half + 2.0) as i32;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let off = ((dx as f32).hypot(dy as f32) - radius).abs();
                let cover = (half + 0.5 - off).clamp(0.0, 1.0);
                if cover > 0.0 {
                    let (px, py) = (cx + dx as f32, cy + dy as f32);
                    self.ink(px as i32, py as i32, cover * pressure(px, py), SEAL_RED);
                }
            }
        }
    }

    fn star(
        &mut self,
        cx: f32,
        cy: f32,
        radius: f32,
        turn: f32,
        pressure: &dyn Fn(f32, f32) -> f32,
    ) {
        let radius = self.px(radius);
        let reach = radius as i32 + 1;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let cover = star_cover(dx as f32, dy as f32, radius, turn);
                if cover > 0.0 {
                    let (px, py) = (cx + dx as f32, cy + dy as f32);
                    self.ink(px as i32, py as i32, cover * pressure(px, py), SEAL_RED);
                }
            }
        }
    }

    /// Letters standing on a circle, read clockwise over the top.
    fn arc_text(
        &mut self,
        text: &str,
        centre: (f32, f32),
        radius: f32,
        size: f32,
        turn: f32,
        pressure: &dyn Fn(f32, f32) -> f32,
    ) {
        let radius = self.px(radius);
        let (size, spread) = self.fitted(text, self.px(size), radius, 4.2);
        let mut angle = turn - spread / 2.0;
        for letter in text.chars() {
            let wide = self.letter_advance(letter, size) * SPACED / radius;
            let at = angle + wide / 2.0;
            let base = (centre.0 + radius * at.sin(), centre.1 - radius * at.cos());
            self.turned_letter(letter, base, size, at, pressure);
            angle += wide;
        }
    }

    /// Letters hanging in a circle, read from left to right along the bottom.
    fn arc_text_below(
        &mut self,
        text: &str,
        centre: (f32, f32),
        radius: f32,
        size: f32,
        turn: f32,
        pressure: &dyn Fn(f32, f32) -> f32,
    ) {
        let radius = self.px(radius);
        let (size, spread) = self.fitted(text, self.px(size), radius, 1.5);
        let mut angle = -spread / 2.0 - turn;
        for letter in text.chars() {
            let wide = self.letter_advance(letter, size) * SPACED / radius;
            let at = angle + wide / 2.0;
            let base = (centre.0 + radius * at.sin(), centre.1 + radius * at.cos());
            self.turned_letter(letter, base, size, -at, pressure);
            angle += wide;
        }
    }

    /// The size at which `text` takes at most `room` radians, and what it takes.
    fn fitted(&self, text: &str, size: f32, radius: f32, room: f32) -> (f32, f32) {
        let spread = self.faces.advance_em(text, Face::Bold) * size * SPACED / radius;
        let shrink = (room / spread).min(1.0);
        (size * shrink, spread * shrink)
    }

    fn letter_advance(&self, letter: char, size: f32) -> f32 {
        let font = self.faces.font(Face::Bold);
        font.h_advance_unscaled(font.glyph_id(letter)) / units_per_em(font) * size
    }

    /// One letter whose baseline's middle stands at `base`, turned clockwise.
    fn turned_letter(
        &mut self,
        letter: char,
        base: (f32, f32),
        size: f32,
        turn: f32,
        pressure: &dyn Fn(f32, f32) -> f32,
    ) {
        const FINER: f32 = 3.0;
        let faces = self.faces;
        let font = faces.font(Face::Bold);
        let glyph: GlyphId = font.glyph_id(letter);
        let placed = glyph.with_scale_and_position(scale(font, size * FINER), point(0.0, 0.0));
        let Some(outline) = font.outline_glyph(placed) else {
            return;
        };
        let bounds = outline.px_bounds();
        let half = self.letter_advance(letter, size) / 2.0;
        let (sin, cos) = turn.sin_cos();
        outline.draw(|dx, dy, cover| {
            let x = (bounds.min.x + dx as f32 + 0.5) / FINER - half;
            let y = (bounds.min.y + dy as f32 + 0.5) / FINER;
            let (px, py) = (base.0 + x * cos - y * sin, base.1 + x * sin + y * cos);
            self.ink(
                px as i32,
                py as i32,
                cover * pressure(px, py) / FINER,
                SEAL_RED,
            );
        });
    }

    /// A signature between `left` and `left + width` around the height `y`: loops
    /// that run out, a long stroke back and a dot or two.
    pub(crate) fn signature(&mut self, chance: &mut Chance, left: f32, y: f32, width: f32) {
        let loops = chance.within(2.2, 4.8);
        let (tall, lean) = (chance.within(11.0, 17.0), chance.within(0.2, 0.6));
        let (phase, beat) = (chance.within(0.0, 3.0), chance.within(0.31, 0.53));
        let (curl, settle) = (chance.within(2.0, 4.2), chance.within(0.55, 0.85));
        let steps = 2_400;
        for step in 0..steps {
            let along = step as f32 / steps as f32;
            let angle = phase + along * loops * std::f32::consts::TAU;
            let height = tall * (1.0 - settle * along) * (0.62 + 0.38 * (angle * beat).cos());
            let dy = -height * angle.sin() * 0.5 - 1.6 * along;
            let dx = along * width * 0.74 + curl * (1.0 - 0.6 * along) * angle.cos() - lean * dy;
            let thickness = 0.28 + 0.24 * (0.5 - 0.5 * angle.cos()) * (1.0 - 0.5 * along);
            self.nib(left + dx, y + dy, thickness);
        }
        // The stroke that comes back under the name and runs out to the right.
        let (dip, rise) = (chance.within(2.0, 5.5), chance.within(2.0, 9.0));
        let (from, back) = (chance.within(0.70, 0.85), chance.within(0.35, 0.60));
        for step in 0..steps {
            let along = step as f32 / steps as f32;
            let dx =
                width * (from - back * (along * 3.6).sin() * (1.0 - 0.4 * along) + 0.35 * along);
            let dy = dip * (along * 2.9).sin() - rise * along * along;
            self.nib(left + dx, y + 1.5 + dy, 0.42 - 0.24 * along);
        }
    }

    /// One touch of the pen. Touches lie close, so each leaves little ink.
    pub(crate) fn nib(&mut self, x: f32, y: f32, thickness: f32) {
        let (cx, cy, radius) = (self.px(x), self.px(y), self.px(thickness) / 2.0);
        let reach = radius as i32 + 2;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let (px, py) = (cx as i32 + dx, cy as i32 + dy);
                let off = (px as f32 + 0.5 - cx).hypot(py as f32 + 0.5 - cy);
                let cover = (radius + 0.5 - off).clamp(0.0, 1.0) * 0.25;
                self.ink(px, py, cover, PEN_BLUE);
            }
        }
    }

    /// The tinted ground and the woven border of a civil certificate.
    pub(crate) fn certificate_ground(&mut self) {
        let (width, height) = self.page.dimensions();
        let (margin, band) = (self.px(11.0), self.px(5.0));
        let pitch = self.px(5.0);
        for y in 0..height {
            for x in 0..width {
                let (fx, fy) = (x as f32, y as f32);
                let edge = fx.min(fy).min(width as f32 - fx).min(height as f32 - fy);
                if edge < margin {
                    continue;
                }
                let wave = |shift: f32| {
                    let curve = (fx / pitch * 0.9 + shift).sin() * pitch * 0.55;
                    let off = ((fy + curve) / pitch).fract() * pitch;
                    (1.0 - (off - pitch / 2.0).abs()).clamp(0.0, 1.0)
                };
                let ground = wave(0.0).max(wave(2.1)) * 0.16;
                self.ink(x as i32, y as i32, 0.5, [255, 250, 234]);
                self.ink(x as i32, y as i32, ground, [226, 150, 130]);
                if edge < margin + band {
                    let along = (fx + fy) / pitch * 2.2;
                    let across = (edge - margin) / band;
                    let weave = (along.sin() * 0.5 + 0.5 - across)
                        .abs()
                        .min((along.cos() * 0.5 + 0.5 - across).abs());
                    let inside = (0.06..=0.94).contains(&across);
                    let rim = if inside { 0.0 } else { 0.9 };
                    let cover = (0.16 - weave).max(0.0) * 5.0;
                    self.ink(x as i32, y as i32, cover.max(rim), [176, 44, 40]);
                }
            }
        }
    }

    /// The emblem in its plainest form: a golden star on a red disc in a golden ring.
    pub(crate) fn emblem(&mut self, x: f32, y: f32, radius: f32) {
        let (cx, cy, radius) = (self.px(x), self.px(y), self.px(radius));
        let (gold, red) = ([222, 178, 40], [205, 30, 36]);
        let reach = radius as i32 + 1;
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let (px, py) = ((cx as i32) + dx, (cy as i32) + dy);
                let off = (dx as f32).hypot(dy as f32);
                self.paint(px, py, radius + 0.5 - off, gold);
                self.paint(px, py, radius * 0.84 + 0.5 - off, red);
                self.paint(
                    px,
                    py,
                    star_cover(dx as f32, dy as f32 - radius * 0.05, radius * 0.6, 0.0),
                    gold,
                );
            }
        }
    }
}

/// How much of a pixel a five-pointed star of this radius covers.
fn star_cover(dx: f32, dy: f32, radius: f32, turn: f32) -> f32 {
    let sector = std::f32::consts::TAU / 5.0;
    let angle = dx.atan2(-dy) - turn;
    // Every sector looks the same, and its left half like its right half.
    let folded = ((angle + sector / 2.0).rem_euclid(sector) - sector / 2.0).abs();
    let distance = dx.hypot(dy);
    let (along, across) = (distance * folded.cos(), distance * folded.sin());
    let inner = radius * 0.382;
    let (ix, iy) = (inner * (sector / 2.0).cos(), inner * (sector / 2.0).sin());
    // Signed distance to the line from the tip to the inner corner.
    let (ex, ey) = (ix - radius, iy);
    let side = (ex * across - ey * (along - radius)) / ex.hypot(ey);
    (side + 0.5).clamp(0.0, 1.0)
}
