//! Whether the picture is good enough to stand for the paper.

use domain::geometry::Size;
use domain::quality::{Quality, QualityReason, Verdict};

use crate::background::Background;
use crate::corner::is_folded;
use crate::ink::Blob;
use crate::pixels::View;
use crate::tones::Tones;
use crate::work::{Resolution, Work};

/// Circular 02/2019/TT-BNV asks for 200 dpi; sheets are never cut to the pixel,
/// so that a shape-based estimate may fall a little short.
const LEAST_DPI: f32 = 195.0;

/// Below this not even large print is safe.
const HOPELESS_DPI: f32 = 90.0;

/// Everything the verdict is drawn from.
pub(crate) struct Evidence<'a> {
    pub(crate) view: View<'a>,
    /// The flattened work image, turned.
    pub(crate) flat: &'a Work,
    pub(crate) resolution: Resolution,
    pub(crate) background: &'a Background,
    pub(crate) tones: Option<Tones>,
    pub(crate) noise_deviation: f32,
    pub(crate) blobs: &'a [Blob],
    pub(crate) skew_deg: f32,
    pub(crate) blank: bool,
    /// Of the paper, without dark borders.
    pub(crate) size: Size,
}

/// The verdict with its reasons, in the order of their names.
pub(crate) fn judge(evidence: &Evidence<'_>) -> Quality {
    let verdicts = [
        (QualityReason::LowResolution, resolution(evidence)),
        (QualityReason::Blurred, blur(evidence)),
        (QualityReason::Faint, faintness(evidence)),
        (QualityReason::Dark, darkness(evidence)),
        (QualityReason::Noisy, noise(evidence)),
        (QualityReason::Skewed, skew(evidence)),
        (QualityReason::CutOff, cut(evidence)),
        (QualityReason::FoldedCorner, corner(evidence)),
        (QualityReason::DoubleFeed, length(evidence)),
    ];
    let mut quality = Quality {
        verdict: Verdict::Good,
        reasons: Vec::new(),
    };
    for (reason, verdict) in verdicts {
        if verdict != Verdict::Good {
            quality.reasons.push(reason);
            quality.verdict = quality.verdict.max(verdict);
        }
    }
    quality
}

/// Doubtful from one bound on, bad from the other.
fn graded(value: f32, doubtful: f32, bad: f32) -> Verdict {
    if value >= bad {
        Verdict::Bad
    } else if value >= doubtful {
        Verdict::Doubtful
    } else {
        Verdict::Good
    }
}

fn resolution(evidence: &Evidence<'_>) -> Verdict {
    let Resolution { dpi, trusted } = evidence.resolution;
    // A picture of unknown shape may be an identity card, which is small; only
    // what is too small for any paper is reported.
    let least = if trusted { LEAST_DPI } else { HOPELESS_DPI };
    if dpi < HOPELESS_DPI {
        Verdict::Bad
    } else if dpi < least {
        Verdict::Doubtful
    } else {
        Verdict::Good
    }
}

fn blur(evidence: &Evidence<'_>) -> Verdict {
    if evidence.blank {
        return Verdict::Good;
    }
    let Some(width_px) = edge_width(evidence.view) else {
        return Verdict::Good;
    };
    // Soft are edges as wide as the strokes of ordinary print (0.4 mm). Coarse
    // scans have wide edges for want of pixels, which is another reason.
    let width_mm = width_px / evidence.resolution.dpi * 25.4;
    if width_px < 2.6 {
        return Verdict::Good;
    }
    graded(width_mm, 0.40, 0.75)
}

fn faintness(evidence: &Evidence<'_>) -> Verdict {
    match evidence.tones {
        Some(tones) if !evidence.blank => graded(tones.ink / tones.paper, 0.66, 0.82),
        _ => Verdict::Good,
    }
}

fn darkness(evidence: &Evidence<'_>) -> Verdict {
    let half = evidence.background.share(0.5);
    graded(255.0 - half, 255.0 - 120.0, 255.0 - 50.0)
}

fn noise(evidence: &Evidence<'_>) -> Verdict {
    graded(evidence.noise_deviation, 16.0, 45.0)
}

fn skew(evidence: &Evidence<'_>) -> Verdict {
    // Beyond this the corners of the sheet leave the frame.
    graded(evidence.skew_deg.abs(), 12.0, f32::MAX)
}

fn corner(evidence: &Evidence<'_>) -> Verdict {
    if is_folded(evidence.flat, evidence.blobs) {
        Verdict::Doubtful
    } else {
        Verdict::Good
    }
}

/// A sheet as wide as A4 and longer than any that is used is two that overlap.
fn length(evidence: &Evidence<'_>) -> Verdict {
    /// A4 and Letter, cut and scanned with some play.
    const WIDTHS_MM: std::ops::RangeInclusive<f32> = 200.0..=226.0;
    /// Longer than A4, with the play that feeders need.
    const LONG_MM: f32 = 308.0;
    /// Folio, Foolscap and Legal are as long as they are.
    const FORMATS_MM: [f32; 3] = [330.2, 342.9, 355.6];
    const PLAY_MM: f32 = 4.0;
    if !evidence.resolution.trusted {
        return Verdict::Good;
    }
    let mm = |pixels: u32| pixels as f32 / evidence.resolution.dpi * 25.4;
    let (one, other) = (mm(evidence.size.width_px), mm(evidence.size.height_px));
    let (width, height) = (one.min(other), one.max(other));
    let known = FORMATS_MM
        .iter()
        .any(|known| (height - known).abs() <= PLAY_MM);
    if WIDTHS_MM.contains(&width) && height > LONG_MM && !known {
        Verdict::Doubtful
    } else {
        Verdict::Good
    }
}

/// Print that runs into the edge: several letters in a row of which the edge
/// leaves a part. Streaks and shadows along the edge are longer, dust is smaller.
fn cut(evidence: &Evidence<'_>) -> Verdict {
    const FEWEST_LETTERS: usize = 6;
    let flat = evidence.flat;
    let (width, height) = flat.grey.dimensions();
    let letters = |touches: &dyn Fn(&Blob) -> bool, upright: bool| {
        let blobs = evidence.blobs.iter();
        blobs
            .filter(|blob| touches(blob))
            .filter(|blob| {
                let (along, inwards) = if upright {
                    (blob.height(), blob.width())
                } else {
                    (blob.width(), blob.height())
                };
                blob.darkest < 110
                    && (flat.px(1.2)..=flat.px(6.0)).contains(&(along as f32))
                    && (flat.px(0.7)..=flat.px(8.0)).contains(&(inwards as f32))
            })
            .count()
    };
    let most = [
        letters(&|blob| blob.left == 0, true),
        letters(&|blob| blob.right == width, true),
        letters(&|blob| blob.top == 0, false),
        letters(&|blob| blob.bottom == height, false),
    ]
    .into_iter()
    .max()
    .unwrap_or(0);
    if most >= FEWEST_LETTERS {
        Verdict::Doubtful
    } else {
        Verdict::Good
    }
}

/// How many pixels the sharper edges of the print take from dark to light.
fn edge_width(view: View<'_>) -> Option<f32> {
    const ENOUGH: usize = 20_000;
    const FEWEST: usize = 150;
    let every = (view.height() / 500).max(1);
    let mut line = vec![0_u8; view.width() as usize];
    let mut widths = Vec::new();
    for y in (every / 2..view.height()).step_by(every as usize) {
        view.row(y, &mut line);
        collect_edges(&line, &mut widths);
        if widths.len() > ENOUGH {
            break;
        }
    }
    if widths.len() < FEWEST {
        return None;
    }
    widths.sort_by(f32::total_cmp);
    // Strokes that the row meets at a slant look wider than they are.
    Some(widths[widths.len() * 3 / 10])
}

/// The widths of all clear falls and rises of brightness along a line.
fn collect_edges(line: &[u8], widths: &mut Vec<f32>) {
    const LEAST_CONTRAST: i32 = 60;
    let mut start = 0;
    while start + 1 < line.len() {
        let rising = line[start + 1] > line[start];
        let mut end = start + 1;
        while end + 1 < line.len()
            && line[end + 1] != line[end]
            && (line[end + 1] > line[end]) == rising
        {
            end += 1;
        }
        let (from, to) = (i32::from(line[start]), i32::from(line[end]));
        if (to - from).abs() >= LEAST_CONTRAST {
            let place = |share: f32| {
                let level = from as f32 + (to - from) as f32 * share;
                let before = (start..end)
                    .find(|at| (f32::from(line[at + 1]) >= level) == rising)
                    .unwrap_or(start);
                let (low, high) = (f32::from(line[before]), f32::from(line[before + 1]));
                before as f32 + (level - low) / (high - low)
            };
            widths.push(place(0.85) - place(0.15));
        }
        start = end;
    }
}
