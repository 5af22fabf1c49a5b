//! Which letters of a value the readings do not agree on.

use std::ops::Range;

/// Longer texts are compared word by word by people anyway, and the table of the
/// comparison grows with the square of the length.
const LONGEST: usize = 400;

/// The letters of `value`, counted in characters, that at least one of the other
/// texts does not have at that place. A letter that another text has and `value`
/// lacks marks its neighbours, for there is nothing else to point at.
///
/// ```
/// use domain::differing::differing;
/// assert_eq!(differing("115/NQ", &["445/NQ"]), [0..2]);
/// assert!(differing("115/NQ", &["115/NQ"]).is_empty());
/// ```
pub fn differing(value: &str, others: &[&str]) -> Vec<Range<usize>> {
    let letters: Vec<char> = value.chars().collect();
    let mut doubtful = vec![false; letters.len()];
    for other in others {
        let other: Vec<char> = other.chars().collect();
        if letters.len() > LONGEST || other.len() > LONGEST {
            doubtful.fill(letters != other);
        } else {
            mark(&letters, &other, &mut doubtful);
        }
    }
    ranges(&doubtful)
}

/// Neighbouring marks as ranges.
pub fn ranges(marked: &[bool]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in marked.iter().enumerate().filter(|(_, marked)| **marked) {
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => ranges.push(at..at + 1),
        }
    }
    ranges
}

/// Marks what stands outside a longest common subsequence of both.
fn mark(letters: &[char], other: &[char], doubtful: &mut [bool]) {
    let width = other.len() + 1;
    // Length of the longest common subsequence of both tails.
    let mut longest = vec![0_u16; (letters.len() + 1) * width];
    for at in (0..letters.len()).rev() {
        for beside in (0..other.len()).rev() {
            longest[at * width + beside] = if letters[at] == other[beside] {
                longest[(at + 1) * width + beside + 1] + 1
            } else {
                longest[(at + 1) * width + beside].max(longest[at * width + beside + 1])
            };
        }
    }
    let (mut at, mut beside) = (0, 0);
    // Whether the letter before this place was already told apart here.
    let mut replaced = false;
    while at < letters.len() || beside < other.len() {
        let both = at < letters.len() && beside < other.len();
        if both && letters[at] == other[beside] {
            (at, beside, replaced) = (at + 1, beside + 1, false);
        } else if at < letters.len()
            && (beside == other.len()
                || longest[(at + 1) * width + beside] >= longest[at * width + beside + 1])
        {
            doubtful[at] = true;
            (at, replaced) = (at + 1, true);
        } else {
            // A letter that only the other text has; one in the place of a letter
            // that is marked already says nothing new.
            if !replaced {
                for near in [at.checked_sub(1), Some(at)].into_iter().flatten() {
                    if let Some(mark) = doubtful.get_mut(near) {
                        *mark = true;
                    }
                }
            }
            beside += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(value: &str, others: &[&str], expected: &str) {
        let letters: Vec<char> = value.chars().collect();
        let mut shown = String::new();
        let ranges = differing(value, others);
        for (at, letter) in letters.iter().enumerate() {
            if ranges.iter().any(|range| range.contains(&at)) {
                shown.extend(['[', *letter, ']']);
            } else {
                shown.push(*letter);
            }
        }
        assert_eq!(shown, expected, "{value} beside {others:?}");
    }

    #[test]
    fn a_letter_read_otherwise_is_marked() {
        check("115/NQ-CP", &["115/NO-CP"], "115/N[Q]-CP");
        check("Nguyễn Văn Bính", &["Nguyễn Văn Bình"], "Nguyễn Văn B[í]nh");
        check("2026-04-29", &["2026-04-20"], "2026-04-2[9]");
    }

    #[test]
    fn every_reading_counts_however_many_there_are() {
        check("115", &["115", "175", "118"], "1[1][5]");
        check("115", &[], "115");
    }

    #[test]
    fn a_letter_that_is_missing_points_at_its_neighbours() {
        check("12", &["132"], "[1][2]");
        check("12", &["123"], "1[2]");
        check("12", &["012"], "[1]2");
    }

    #[test]
    fn a_letter_that_only_this_reading_has_is_marked_alone() {
        check("1123", &["123"], "1[1]23");
    }

    proptest! {
        #[test]
        fn equal_readings_leave_no_doubt(text in "[a-zđơ0-9/ -]{0,40}") {
            prop_assert!(differing(&text, &[&text, &text]).is_empty());
        }

        #[test]
        fn different_readings_always_leave_one(value in "[a-c0-2]{1,20}", other in "[a-c0-2]{0,20}") {
            prop_assume!(value != other);
            let ranges = differing(&value, &[&other]);
            prop_assert!(!ranges.is_empty());
            prop_assert!(ranges.iter().all(|range| range.start < range.end && range.end <= value.len()));
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}
