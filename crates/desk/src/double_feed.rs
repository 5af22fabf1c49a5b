//! Two sheets that went through the feeder as one, told by the company they keep.

use domain::geometry::Transform;
use domain::page::{Appraisal, Page};
use domain::quality::QualityReason;

/// Feeders measure the length of a sheet to a few millimetres.
const PLAY_MM: f32 = 9.0;

/// Sheets of one paper are cut to one width; a card among them is not.
const SAME_WIDTH_MM: f32 = 6.0;

/// With fewer neighbours nobody can say what is usual.
const FEWEST_NEIGHBOURS: usize = 2;

/// What cleaning found on the pages of a document, and a doubt on those that are longer
/// than all others of their width: sheets that overlap come out as one longer sheet.
pub(crate) fn doubted(pages: &[Page], found: Vec<Appraisal>) -> Vec<Appraisal> {
    let sheets: Vec<Option<(f32, f32)>> = pages.iter().map(sheet_mm).collect();
    let mut found = found;
    for place in longer_than_neighbours(&sheets) {
        let appraisal = &mut found[place];
        appraisal.quality = appraisal.quality.clone().doubted(QualityReason::DoubleFeed);
    }
    found
}

/// Width and length of the sheet; `None` where the source says no resolution, or feeds no
/// sheets: under a camera each is laid by hand.
fn sheet_mm(page: &Page) -> Option<(f32, f32)> {
    if page
        .by_hand
        .iter()
        .any(|step| matches!(step, Transform::Flatten(_)))
    {
        return None;
    }
    let dpi = page.raw.dpi.filter(|dpi| *dpi > 0)? as f32;
    let mm = |pixels: u32| pixels as f32 / dpi * 25.4;
    let (width, height) = (mm(page.raw.size.width_px), mm(page.raw.size.height_px));
    Some((width.min(height), width.max(height)))
}

/// The places of sheets that are longer than every other of their width, where those
/// are all of one length.
fn longer_than_neighbours(sheets: &[Option<(f32, f32)>]) -> Vec<usize> {
    let is_longer = |place: usize| {
        let Some((width, length)) = sheets[place] else {
            return false;
        };
        let others = sheets
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place);
        let others: Vec<f32> = others
            .filter_map(|(_, sheet)| *sheet)
            .filter(|(other, _)| (other - width).abs() <= SAME_WIDTH_MM)
            .map(|(_, length)| length)
            .collect();
        let longest = others.iter().copied().fold(f32::MIN, f32::max);
        let shortest = others.iter().copied().fold(f32::MAX, f32::min);
        others.len() >= FEWEST_NEIGHBOURS
            && longest - shortest <= PLAY_MM
            && length - longest > PLAY_MM
    };
    (0..sheets.len())
        .filter(|place| is_longer(*place))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lengths_mm: &[f32], expected: &[usize]) {
        let sheets: Vec<_> = lengths_mm.iter().map(|mm| Some((210.0, *mm))).collect();
        assert_eq!(longer_than_neighbours(&sheets), expected, "{lengths_mm:?}");
    }

    #[test]
    fn a_sheet_longer_than_all_its_neighbours_is_suspected() {
        check(&[297.0, 297.0, 312.0, 297.0], &[2]);
        check(&[296.0, 300.0, 380.0], &[2]);
    }

    #[test]
    fn sheets_of_one_length_or_of_many_are_not() {
        check(&[297.0, 299.0, 301.0, 297.0], &[]);
        check(&[297.0, 355.0], &[]);
        check(&[297.0, 355.0, 355.0], &[]);
        check(&[200.0, 240.0, 297.0], &[]);
        assert_eq!(
            longer_than_neighbours(&[
                Some((210.0, 297.0)),
                None,
                Some((148.0, 310.0)),
                Some((210.0, 297.0)),
            ]),
            Vec::<usize>::new(),
            "another width is another kind of sheet"
        );
    }
}
