//! Whether a side is empty.

use crate::ink::Blob;
use crate::work::Work;

/// Lighter than this in a flattened picture is paper texture or what shines
/// through from the other side.
const SHINES_THROUGH: u8 = 200;

/// A single mark of this size is print: the dot of an i is smaller, a page number is not.
const PRINT_MM: f32 = 1.8;

/// Several marks of this size are print as well; dust is smaller.
const SMALL_PRINT_MM: f32 = 1.0;

/// Marks of small print that cannot be dust.
const FEWEST_SMALL: usize = 3;

/// Strip along the left and right edges (Decree 30/2020/ND-CP, annex I, leaves
/// 15 mm at least) where feeders and neighbouring sheets leave their traces.
const SIDE_MM: f32 = 12.0;

/// So many marks in the side strips are print nevertheless.
const MANY_SIDE_MARKS: usize = 60;

/// A mark of this size in a side strip is handwriting or a stamp.
const LARGE_SIDE_MARK_MM: f32 = 8.0;

/// Whether nothing stands on the page. In doubt it is not blank: an empty page
/// that is kept costs a glance, a written one that is lost costs the paper.
pub(crate) fn is_blank(work: &Work, blobs: &[Blob]) -> bool {
    let side = work.px(SIDE_MM);
    let width = work.grey.width() as f32;
    let (mut small, mut at_the_side) = (0, 0);
    for blob in blobs.iter().filter(|blob| is_mark(work, blob)) {
        let size_mm = blob.width().max(blob.height()) as f32 / work.px_per_mm;
        let middle = (blob.left + blob.right) as f32 / 2.0;
        if middle < side || middle > width - side {
            at_the_side += 1;
            if size_mm >= LARGE_SIDE_MARK_MM || at_the_side > MANY_SIDE_MARKS {
                return false;
            }
        } else {
            small += 1;
            if size_mm >= PRINT_MM || small >= FEWEST_SMALL {
                return false;
            }
        }
    }
    true
}

/// Ink that somebody put there: no dust, no hole, no streak, no edge.
fn is_mark(work: &Work, blob: &Blob) -> bool {
    let (width, height) = work.grey.dimensions();
    let (wide_mm, high_mm) = (
        blob.width() as f32 / work.px_per_mm,
        blob.height() as f32 / work.px_per_mm,
    );
    let rim = work.px(1.0).max(1.0) as u32;
    let touches_edge =
        blob.left < rim || blob.top < rim || blob.right + rim > width || blob.bottom + rim > height;
    let streak = blob.height() as f32 > 0.7 * height as f32 && wide_mm < 1.0;
    let dust = wide_mm.max(high_mm) < SMALL_PRINT_MM;
    blob.darkest <= SHINES_THROUGH && !touches_edge && !streak && !dust && !is_hole(work, blob)
}

/// A punch hole shows the dark lid: a solid disc near the edge of the sheet.
fn is_hole(work: &Work, blob: &Blob) -> bool {
    let (width, height) = (blob.width() as f32, blob.height() as f32);
    let size = 3.5..=9.0;
    let round = (0.8..=1.25).contains(&(width / height)) && (0.68..=0.9).contains(&blob.fill());
    let near = work.px(25.0) as u32;
    let near_edge = blob.left < near
        || blob.top < near
        || blob.right + near > work.grey.width()
        || blob.bottom + near > work.grey.height();
    round
        && near_edge
        && size.contains(&(width / work.px_per_mm))
        && size.contains(&(height / work.px_per_mm))
}
