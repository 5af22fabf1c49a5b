//! Bringing recognised lines to the shape of a zone. Signs are mended only where
//! the form of the zone says what must stand there.

use crate::identity::mrz::MrzKind;

/// Upper case without spaces; whatever a zone cannot hold is a filler misread.
pub(super) fn clean(line: &str) -> String {
    line.chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(|letter| match letter {
            '«' => vec!['<', '<'],
            other => other.to_uppercase().collect(),
        })
        .map(|letter| {
            if letter.is_ascii_uppercase() || letter.is_ascii_digit() {
                letter
            } else {
                '<'
            }
        })
        .collect()
}

/// Engines lose and invent fillers at the end of a long run; more than this is
/// another text.
const LENGTH_SLACK: usize = 6;

/// Brings a line to its width by its longest run of fillers.
pub(super) fn fit(line: &str, width: usize, name: bool) -> Option<String> {
    if line.len() == width {
        return Some(line.to_owned());
    }
    // A name line may have lost all the fillers behind the name.
    let lost = name && line.len() < width && line.contains("<<");
    let slack = if lost { width } else { LENGTH_SLACK };
    if line.len().abs_diff(width) > slack {
        return None;
    }
    let mut best = (0, 0);
    let mut start = 0;
    for run in line.split_inclusive(|letter| letter != '<') {
        let fillers = run.bytes().filter(|byte| *byte == b'<').count();
        if fillers > best.1 {
            best = (start, fillers);
        }
        start += run.len();
    }
    let (at, fillers) = best;
    if line.len() < width {
        // A name that ends with its last letter lost all of its fillers.
        let (at, fillers) = if lost && !line.ends_with('<') {
            (line.len(), 2)
        } else {
            (at, fillers)
        };
        let missing = "<".repeat(width - line.len());
        return (fillers >= 2).then(|| format!("{}{missing}{}", &line[..at], &line[at..]));
    }
    let surplus = line.len() - width;
    (fillers > surplus).then(|| format!("{}{}", &line[..at], &line[at + surplus..]))
}

pub(super) fn is_name_line(kind: MrzKind, index: usize) -> bool {
    match kind {
        MrzKind::Td1 => index == 2,
        MrzKind::Td2 | MrzKind::Td3 => index == 0,
    }
}

/// What may stand at a place of a zone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PlaceKind {
    Digit,
    Letter,
    Number,
    Any,
}

fn place_kind(kind: MrzKind, line: usize, column: usize) -> PlaceKind {
    match (kind, line) {
        (MrzKind::Td1, 0) => match column {
            0..=4 => PlaceKind::Letter,
            5..=13 => PlaceKind::Number,
            14 => PlaceKind::Digit,
            _ => PlaceKind::Any,
        },
        (MrzKind::Td1, 1) => match column {
            0..=6 | 8..=14 | 29 => PlaceKind::Digit,
            7 | 15..=17 => PlaceKind::Letter,
            _ => PlaceKind::Any,
        },
        (MrzKind::Td1, _) | (_, 0) => PlaceKind::Letter,
        (kind, _) => match column {
            0..=8 => PlaceKind::Number,
            9 | 13..=19 | 21..=27 => PlaceKind::Digit,
            10..=12 | 20 => PlaceKind::Letter,
            column if column == kind.width() - 1 => PlaceKind::Digit,
            _ => PlaceKind::Any,
        },
    }
}

pub(super) fn by_place(kind: MrzKind, index: usize, line: &str, digits: bool) -> String {
    // The optional field of a Vietnamese card holds digits only.
    let vietnamese = kind == MrzKind::Td1 && index == 0 && line.get(2..5) == Some("VNM");
    line.chars()
        .enumerate()
        .map(|(column, letter)| match place_kind(kind, index, column) {
            PlaceKind::Digit => as_digit(letter),
            PlaceKind::Letter => as_letter(letter),
            PlaceKind::Number if digits || vietnamese => as_digit(letter),
            PlaceKind::Any if vietnamese => as_digit(letter),
            PlaceKind::Number | PlaceKind::Any => letter,
        })
        .collect()
}

fn as_digit(letter: char) -> char {
    match letter {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'G' => '6',
        'B' => '8',
        other => other,
    }
}

fn as_letter(letter: char) -> char {
    match letter {
        '0' => 'O',
        '1' => 'I',
        '2' => 'Z',
        '5' => 'S',
        '6' => 'G',
        '8' => 'B',
        other => other,
    }
}
