//! The count that a page carries: "1/3", "Trang 2/5", "2".

use domain::fold::fold;
use domain::geometry::{Rectangle, Size};
use domain::page::PageMark;
use domain::recognised_text::{RecognisedText, TextLine};

/// No paper of a one-stop shop is thicker; a larger number counts something else.
const MOST_PAGES: u32 = 999;

/// Marks stand in this part of the page at its head …
const HEAD: f32 = 0.10;

/// … or in this part at its foot.
const FOOT: f32 = 0.10;

/// Words that stand before the number of a page, without marks and in lower case.
const NAMES: [&str; 4] = ["trang", "tr", "page", "to so"];

/// The mark in the text of a page, at its head or foot.
///
/// A mark stands in a line of its own, or at the end of a running head or foot when it
/// is written out ("… Trang 2/5"). Where two lines could be one, that which says more
/// is taken; where two say different things of equal weight, none is: a wrong count is
/// worse than no count.
pub fn page_mark(text: &RecognisedText, size: Size) -> Option<PageMark> {
    let height = size.height_px as f32;
    let is_at_the_rim = |outline: &Rectangle| {
        outline.bottom() as f32 <= HEAD * height || outline.y as f32 >= (1.0 - FOOT) * height
    };
    let lines = text
        .lines
        .iter()
        .filter(|line| is_at_the_rim(&line.outline));
    let found: Vec<(Weight, PageMark)> = lines
        .filter_map(|line| read_mark(&words_of(line), is_centred_or_outer(&line.outline, size)))
        .collect();
    let heaviest = found.iter().map(|(weight, _)| *weight).max()?;
    let mut best = found.iter().filter(|(weight, _)| *weight == heaviest);
    let (_, mark) = best.next()?;
    best.all(|(_, other)| other == mark).then_some(*mark)
}

/// The mark that a line of text at head or foot is, wherever on the line it stands.
pub fn page_mark_of_line(text: &str) -> Option<PageMark> {
    read_mark(text, true).map(|(_, mark)| mark)
}

fn words_of(line: &TextLine) -> String {
    let words: Vec<&str> = line.words.iter().map(|word| word.text.as_str()).collect();
    words.join(" ")
}

/// A bare number counts pages in the middle of its line or at the outer edge.
fn is_centred_or_outer(outline: &Rectangle, size: Size) -> bool {
    let width = size.width_px as f32;
    let middle = outline.x as f32 + outline.width as f32 / 2.0;
    (0.42..=0.58).contains(&(middle / width)) || middle / width >= 0.8
}

/// How sure a way of writing is that it counts pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// "2"
    Bare,
    /// "2/5"
    Counted,
    /// "Trang 2"
    Named,
    /// "Trang 2/5"
    NamedAndCounted,
}

fn read_mark(line: &str, bare_may_count: bool) -> Option<(Weight, PageMark)> {
    let folded = fold(line);
    // Dashes and brackets around a number are ornament: "- 2 -", "[2]".
    let ornament = |letter: char| " -–—_.|[](){}~•·".contains(letter);
    let whole = folded.trim_matches(ornament);
    if let Some((before, rest)) = after_name(whole) {
        let (mark, is_counted) = counted(rest.trim_matches(ornament))?;
        let weight = if is_counted {
            Weight::NamedAndCounted
        } else {
            Weight::Named
        };
        // Before the word stands the running head, or nothing; a bare "Trang 2" in a
        // sentence points to another page.
        return (is_counted || before.trim_matches(ornament).is_empty()).then_some((weight, mark));
    }
    let (mark, is_counted) = counted(whole)?;
    match (is_counted, bare_may_count) {
        (true, _) => Some((Weight::Counted, mark)),
        (false, true) => Some((Weight::Bare, mark)),
        (false, false) => None,
    }
}

/// What stands before the last word that names a page, and what follows it.
fn after_name(line: &str) -> Option<(&str, &str)> {
    let starts = NAMES.iter().flat_map(|name| {
        line.match_indices(name)
            .map(move |(start, name)| (start, start + name.len()))
    });
    let whole_word = |(start, end): &(usize, usize)| {
        let before = line[..*start].chars().next_back();
        let after = line[*end..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphabetic)
    };
    let (start, end) = starts.filter(whole_word).max()?;
    Some((&line[..start], &line[end..]))
}

/// "2", "2/5", "2 / 5", "2 tren 5", "2 of 5"; and whether it says of how many.
fn counted(text: &str) -> Option<(PageMark, bool)> {
    let text = text.trim_start_matches([' ', ':', '.']);
    let parts = ["/", "|", " tren ", " of "]
        .iter()
        .find_map(|sign| text.split_once(sign));
    let (number, of) = match parts {
        Some((number, of)) => (number, Some(of)),
        None => (text, None),
    };
    let number = count(number)?;
    let of = match of {
        Some(of) => Some(count(of)?),
        None => None,
    };
    if of.is_some_and(|of| of < number) {
        return None;
    }
    Some((PageMark { number, of }, of.is_some()))
}

/// A count of pages: digits alone, no leading zero beyond one ("02").
fn count(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = digits.then(|| text.parse().ok())??;
    (1..=MOST_PAGES).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::engine::Engine;
    use domain::recognised_text::{Reading, Word};
    use proptest::prelude::*;

    const A4: Size = Size {
        width_px: 1654,
        height_px: 2339,
    };

    fn line(text: &str, x: u32, y: u32) -> TextLine {
        let width = 14 * text.chars().count() as u32;
        let outline = Rectangle::new(x.saturating_sub(width / 2), y, width.max(1), 28);
        let words = text.split_whitespace().map(|word| Word {
            text: word.to_owned(),
            outline,
            readings: vec![Reading {
                engine: Engine::Neural,
                text: word.to_owned(),
                confidence: 0.9,
            }],
            agreed: false,
            handwritten: false,
        });
        TextLine {
            outline,
            words: words.collect(),
            read_twice: false,
        }
    }

    fn mark(number: u32, of: Option<u32>) -> PageMark {
        PageMark { number, of }
    }

    fn check(text: &str, expected: Option<PageMark>) {
        assert_eq!(page_mark_of_line(text), expected, "{text:?}");
    }

    #[test]
    fn the_ways_in_which_pages_are_counted_are_read() {
        check("1/3", Some(mark(1, Some(3))));
        check("Trang 2/5", Some(mark(2, Some(5))));
        check("TRANG 2 / 5", Some(mark(2, Some(5))));
        check("Trang: 02/05", Some(mark(2, Some(5))));
        check("Trang 2 trên 5", Some(mark(2, Some(5))));
        check("Page 2 of 5", Some(mark(2, Some(5))));
        check("2", Some(mark(2, None)));
        check("- 2 -", Some(mark(2, None)));
        check("Trang 7", Some(mark(7, None)));
        check("Tr. 3/4", Some(mark(3, Some(4))));
        check("UBND xã Bình An  Trang 2/5", Some(mark(2, Some(5))));
    }

    #[test]
    fn what_counts_something_else_is_no_mark() {
        for text in [
            "",
            "5/3",
            "0/3",
            "1/0",
            "15/QĐ-UBND",
            "12/04/2026",
            "2026",
            "ngày 12/04",
            "xem trang 2",
            "trangtrí 2/5",
            "Số: 15/2026",
            "1/2/3",
            "Điều 2",
            "Trang",
            "1.000",
        ] {
            check(text, None);
        }
    }

    fn of_page(lines: &[TextLine]) -> Option<PageMark> {
        page_mark(
            &RecognisedText {
                lines: lines.to_vec(),
            },
            A4,
        )
    }

    #[test]
    fn a_mark_stands_at_head_or_foot() {
        assert_eq!(of_page(&[line("2", 827, 100)]), Some(mark(2, None)));
        assert_eq!(of_page(&[line("1/3", 827, 2240)]), Some(mark(1, Some(3))));
        assert_eq!(of_page(&[line("1/3", 827, 1200)]), None, "in the text");
        assert_eq!(of_page(&[line("2", 200, 100)]), None, "at the inner edge");
        assert_eq!(of_page(&[line("1/3", 200, 2240)]), Some(mark(1, Some(3))));
    }

    #[test]
    fn the_mark_that_says_more_is_taken_and_of_two_equal_ones_neither() {
        let both = [line("4", 827, 100), line("Trang 2/5", 1400, 2260)];
        assert_eq!(of_page(&both), Some(mark(2, Some(5))));
        let twice = [line("2/5", 827, 100), line("3/5", 827, 2260)];
        assert_eq!(of_page(&twice), None);
        let same = [line("2/5", 827, 100), line("2/5", 827, 2260)];
        assert_eq!(of_page(&same), Some(mark(2, Some(5))));
    }

    proptest! {
        #[test]
        fn any_count_in_any_dress_is_read(
            number in 1_u32..=999,
            more in 0_u32..=999,
            name in prop::sample::select(vec!["", "Trang ", "trang: ", "TRANG ", "Page "]),
            sign in prop::sample::select(vec!["/", " / ", " /"]),
            dress in prop::sample::select(vec![("", ""), ("- ", " -"), ("[", "]"), ("(", ")")]),
        ) {
            let of = (number + more).min(999);
            let text = format!("{}{name}{number}{sign}{of}{}", dress.0, dress.1);
            prop_assert_eq!(page_mark_of_line(&text), Some(mark(number, Some(of))));
        }

        #[test]
        fn what_is_read_is_always_a_possible_count(text in ".{0,40}") {
            if let Some(found) = page_mark_of_line(&text) {
                prop_assert!((1..=999).contains(&found.number));
                prop_assert!(found.of.is_none_or(|of| (found.number..=999).contains(&of)));
            }
        }

        #[test]
        fn a_line_of_letters_only_is_never_a_mark(text in "[A-Za-zÀ-ỹĐđ ]{0,60}") {
            prop_assert_eq!(page_mark_of_line(&text), None);
        }

        #[test]
        fn a_mark_away_from_head_and_foot_never_counts(y in 260_u32..2060) {
            prop_assert_eq!(of_page(&[line("Trang 1/3", 827, y)]), None);
        }
    }
}
