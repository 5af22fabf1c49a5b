//! Vietnamese dates: in digits, with the words day, month and year, and spelt out.

use chrono::NaiveDate;

use crate::label::{Token, tokens};
use crate::read::{Read, Value};

/// Years that a paper handed in at a desk can carry.
const YEARS: std::ops::RangeInclusive<i32> = 1850..=2150;

const DAY: &str = "ngay";
const MONTH: &str = "thang";
const YEAR: &str = "nam";

/// Reads the date at the beginning of a text; what stands further on belongs to
/// another label. With `partial`, month and year or a year alone are values too.
pub(crate) fn read(text: &str, partial: bool) -> Read {
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Read::Blank;
    }
    if let Some(read) = read_at(text, &tokens, 0) {
        return read;
    }
    if partial && let Some(value) = read_partial(text, &tokens) {
        return Read::Value(value);
    }
    Read::Unreadable
}

fn read_at(text: &str, tokens: &[Token], first: usize) -> Option<Read> {
    if tokens[first].folded == DAY {
        return read_at_digits(text, tokens, first + 1)
            .or_else(|| read_after_day(tokens, first, first + 1));
    }
    // The label may have taken the word "ngày".
    read_at_digits(text, tokens, first).or_else(|| {
        let follows = tokens
            .get(first + 1)
            .is_some_and(|next| next.folded == MONTH);
        (follows || tokens[first].folded == MONTH)
            .then(|| read_after_day(tokens, first, first))
            .flatten()
    })
}

/// `05/01/2026`, also with dots or dashes.
fn read_at_digits(text: &str, tokens: &[Token], first: usize) -> Option<Read> {
    let [day, month, year] = tokens.get(first..first + 3)? else {
        return None;
    };
    let separated = separator(text, day, month)? == separator(text, month, year)?;
    let shape = [day, month]
        .iter()
        .all(|part| part.is_number() && part.folded.len() <= 2)
        && year.is_number()
        && year.folded.len() == 4;
    // More digits behind another sign would make it something else.
    let ends = tokens
        .get(first + 3)
        .is_none_or(|next| !next.is_number() || separator(text, year, next).is_none());
    (separated && shape && ends).then(|| {
        Read::Value(full(
            day.folded.parse().ok(),
            month.folded.parse().ok(),
            year.folded.parse().ok(),
            tokens[first].start,
            year.end,
        ))
    })
}

fn separator(text: &str, one: &Token, other: &Token) -> Option<char> {
    let between = text[one.end..other.start].trim();
    let mut letters = between.chars();
    let sign = letters.next()?;
    (letters.next().is_none() && matches!(sign, '/' | '-' | '.')).then_some(sign)
}

/// From the word "ngày" at `first` (or its day): day, "tháng", month, "năm", year.
fn read_after_day(tokens: &[Token], first: usize, day_from: usize) -> Option<Read> {
    let position = |word: &str, from: usize, within: usize| {
        (from..tokens.len().min(from + within)).find(|index| tokens[*index].folded == word)
    };
    // "mùng năm tháng": at most four words of a day.
    let month_word = position(MONTH, day_from, 5)?;
    let days = &tokens[day_from..month_word];
    // A month may itself be "năm" (five), so every "năm" is tried as the year's word.
    let mut year_words = (month_word + 1..tokens.len().min(month_word + 5))
        .filter(|index| tokens[*index].folded == YEAR)
        .peekable();
    if days.is_empty() || year_words.peek().is_none() {
        return Some(Read::Blank);
    }
    let mut blank = false;
    for year_word in year_words {
        let months = &tokens[month_word + 1..year_word];
        let (year, used) = year_of(&tokens[year_word + 1..]);
        if months.is_empty() || used == 0 {
            blank = true;
            continue;
        }
        let (Some(day), Some(month), Some(year)) = (small(days), small(months), year) else {
            continue;
        };
        let end = tokens[year_word + used].end;
        return Some(Read::Value(full(
            Some(day),
            Some(month),
            Some(year),
            tokens[first].start,
            end,
        )));
    }
    Some(if blank { Read::Blank } else { Read::Unreadable })
}

fn full(
    day: Option<u32>,
    month: Option<u32>,
    year: Option<i32>,
    start: usize,
    end: usize,
) -> Value {
    let (day, month, year) = (day.unwrap_or(0), month.unwrap_or(0), year.unwrap_or(0));
    let exists = NaiveDate::from_ymd_opt(year, month, day).is_some();
    Value {
        // The shape of a day even where the calendar has no such day, so that a
        // person sees what stands there; the rule then keeps it from being taken.
        text: format!("{year:04}-{month:02}-{day:02}"),
        start,
        end,
        sound: exists && YEARS.contains(&year),
    }
}

/// A day or month: digits (which may have come apart) or words.
fn small(parts: &[Token]) -> Option<u32> {
    if parts.iter().all(Token::is_number) {
        let digits: String = parts.iter().map(|part| part.folded.as_str()).collect();
        return (digits.len() <= 2).then(|| digits.parse().ok()).flatten();
    }
    let mut words: Vec<&str> = parts.iter().map(|part| part.folded.as_str()).collect();
    if let ["mung" | "mong", rest @ ..] = words.as_slice() {
        words = rest.to_vec();
    }
    match words.as_slice() {
        ["gieng"] => Some(1),
        ["chap"] => Some(12),
        words => below_hundred(words),
    }
}

/// The year at the head of these tokens, and how many of them it takes.
fn year_of(parts: &[Token]) -> (Option<i32>, usize) {
    if parts.first().is_some_and(Token::is_number) {
        // "20 26" came apart; anything but four digits is no year.
        let mut digits = String::new();
        let mut used = 0;
        for part in parts.iter().take_while(|part| part.is_number()) {
            if digits.len() + part.folded.len() > 4 {
                break;
            }
            digits.push_str(&part.folded);
            used += 1;
        }
        let year = (digits.len() == 4).then(|| digits.parse().ok()).flatten();
        return (year, used.max(1));
    }
    let words: Vec<&str> = parts
        .iter()
        .map(|part| part.folded.as_str())
        .take_while(|word| is_number_word(word))
        .collect();
    (spelt_year(&words), words.len())
}

fn spelt_year(words: &[&str]) -> Option<i32> {
    let thousand = words
        .iter()
        .position(|word| matches!(*word, "nghin" | "ngan"))?;
    let thousands = below_hundred(&words[..thousand])?;
    let rest = &words[thousand + 1..];
    let (hundreds, rest) = match rest.iter().position(|word| *word == "tram") {
        Some(at) => (below_hundred(&rest[..at])?, &rest[at + 1..]),
        None => (0, rest),
    };
    let rest = rest
        .strip_prefix(&["linh"])
        .or_else(|| rest.strip_prefix(&["le"]))
        .unwrap_or(rest);
    let tens = if rest.is_empty() {
        0
    } else {
        below_hundred(rest)?
    };
    i32::try_from(thousands * 1000 + hundreds * 100 + tens).ok()
}

fn below_hundred(words: &[&str]) -> Option<u32> {
    let unit = |word: &str| {
        Some(match word {
            "khong" => 0,
            "mot" => 1,
            "hai" => 2,
            "ba" => 3,
            "bon" | "tu" => 4,
            "nam" | "lam" | "nham" => 5,
            "sau" => 6,
            "bay" => 7,
            "tam" => 8,
            "chin" => 9,
            _ => return None,
        })
    };
    match words {
        ["muoi"] => Some(10),
        [one] => unit(one),
        ["muoi", one] => unit(one).map(|one| 10 + one),
        [tens, "muoi"] => unit(tens).map(|tens| tens * 10),
        // "hai tư", "ba mốt": the word for ten may be left out.
        [tens, "muoi", one] | [tens @ ("hai" | "ba"), one] => Some(unit(tens)? * 10 + unit(one)?),
        _ => None,
    }
}

fn is_number_word(word: &str) -> bool {
    matches!(word, "nghin" | "ngan" | "tram" | "muoi" | "linh" | "le")
        || below_hundred(&[word]).is_some()
}

/// Month and year, or a year alone, at the very beginning. Never sound: the
/// machine cannot know whether the rest was left out or lost.
fn read_partial(text: &str, tokens: &[Token]) -> Option<Value> {
    let year = |token: &Token| {
        (token.is_number() && token.folded.len() == 4)
            .then(|| token.folded.parse::<i32>().ok())
            .flatten()
            .filter(|year| YEARS.contains(year))
    };
    let part = |text: String, first: &Token, last: &Token| {
        Some(Value {
            text,
            start: first.start,
            end: last.end,
            sound: false,
        })
    };
    let head = tokens.get(usize::from(tokens[0].folded == YEAR))?;
    if let Some(alone) = year(head) {
        return part(format!("{alone:04}"), head, head);
    }
    let next = tokens.get(1)?;
    separator(text, head, next)?;
    let month: u32 = head.folded.parse().ok()?;
    let year = year(next)?;
    (1..=12)
        .contains(&month)
        .then(|| part(format!("{year:04}-{month:02}"), head, next))
        .flatten()
}

/// Whether a text is a day in normal form that the calendar has.
pub(crate) fn is_normal_day(text: &str) -> bool {
    day_of(text).is_some()
}

/// The day that a normal form says.
pub(crate) fn day_of(text: &str) -> Option<NaiveDate> {
    (text.len() == 10)
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike as _;
    use proptest::prelude::*;

    fn check(text: &str) -> String {
        match read(text, true) {
            Read::Value(value) if value.sound => value.text,
            Read::Value(value) => format!("{} (breaks its rule)", value.text),
            Read::Unreadable => "unreadable".to_owned(),
            Read::Blank => "blank".to_owned(),
        }
    }

    #[test]
    fn dates_are_read_as_papers_write_them() {
        for (text, expected) in [
            ("05/01/2026", "2026-01-05"),
            (": 5-1-2026, tại", "2026-01-05"),
            ("05.01.2026", "2026-01-05"),
            ("ngày 05 tháng 01 năm 2026", "2026-01-05"),
            ("ngày23 tháng 4 năm 2026", "2026-04-23"),
            ("ngày 2 3 tháng 4 năm 2026", "2026-04-23"),
            ("05 tháng 01 năm 2026", "2026-01-05"),
            ("ngày 22/06/2026.", "2026-06-22"),
            (
                "Ngày mùng năm tháng một năm hai nghìn không trăm hai mươi sáu",
                "2026-01-05",
            ),
            (
                "ngày ba mươi mốt tháng mười hai năm một nghìn chín trăm chín mươi chín",
                "1999-12-31",
            ),
            (
                "ngày mười lăm tháng năm năm hai nghìn không trăm linh năm",
                "2005-05-15",
            ),
            (
                "ngày hai mươi tư tháng tư năm hai ngàn lẻ bốn",
                "2004-04-24",
            ),
            ("ngày tháng năm", "blank"),
            ("ngày      tháng 4 năm 2026", "blank"),
            ("ngày 5 tháng     năm 2026", "blank"),
            ("ngày 5 tháng 4 năm", "blank"),
            ("ngày … tháng … năm 20…", "blank"),
            (": ......", "blank"),
            ("ngày M tháng 4 năm 2026", "unreadable"),
            ("31/02/2026", "2026-02-31 (breaks its rule)"),
            ("ngày 31 tháng 4 năm 2026", "2026-04-31 (breaks its rule)"),
            ("ngày 23 tháng 4 năm 3026", "3026-04-23 (breaks its rule)"),
            ("01/2026", "2026-01 (breaks its rule)"),
            ("tháng 3 năm 1961", "blank"),
            ("1961", "1961 (breaks its rule)"),
            (": ..... Ngày cấp: 01/02/2020", "unreadable"),
            ("05/01/20261", "unreadable"),
            ("123/4/2026", "unreadable"),
        ] {
            assert_eq!(check(text), expected, "{text}");
        }
    }

    #[test]
    fn a_part_of_a_date_is_no_day() {
        for text in ["01/2026", "1961", "tháng 3 năm 1961"] {
            assert_eq!(read(text, false).value(), None, "{text}");
        }
    }

    #[test]
    fn a_day_left_blank_stays_blank_however_it_is_filled() {
        assert_eq!(check("ngày ...... tháng 4 năm 2026"), "blank");
        assert_eq!(check("ngày tháng 4 năm 2026"), "blank");
    }

    const UNITS: [&str; 10] = [
        "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
    ];

    fn spelt(number: u32) -> String {
        match (number / 10, number % 10) {
            (0, one) => UNITS[one as usize].to_owned(),
            (1, 0) => "mười".to_owned(),
            (1, 5) => "mười lăm".to_owned(),
            (1, one) => format!("mười {}", UNITS[one as usize]),
            (tens, 0) => format!("{} mươi", UNITS[tens as usize]),
            (tens, 1) => format!("{} mươi mốt", UNITS[tens as usize]),
            (tens, 5) => format!("{} mươi lăm", UNITS[tens as usize]),
            (tens, one) => format!("{} mươi {}", UNITS[tens as usize], UNITS[one as usize]),
        }
    }

    fn spelt_year(year: u32) -> String {
        let (thousands, hundreds, rest) = (year / 1000, year / 100 % 10, year % 100);
        let head = format!(
            "{} nghìn {} trăm",
            UNITS[thousands as usize], UNITS[hundreds as usize]
        );
        match rest {
            0 => head,
            1..=9 => format!("{head} linh {}", UNITS[rest as usize]),
            _ => format!("{head} {}", spelt(rest)),
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back_however_it_is_written(offset in 0i64..73_000) {
            let day = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day") + chrono::Days::new(offset as u64);
            let expected = day.format("%Y-%m-%d").to_string();
            let spelt_day = match day.day() {
                one @ 1..=10 => format!("mùng {}", spelt(one)),
                other => spelt(other),
            };
            for text in [
                day.format("%d/%m/%Y").to_string(),
                day.format("%-d/%-m/%Y").to_string(),
                day.format("ngày %d tháng %m năm %Y").to_string(),
                format!("ngày {spelt_day} tháng {} năm {}", spelt(day.month()), spelt_year(day.year() as u32)),
            ] {
                prop_assert_eq!(check(&text), expected.clone(), "{}", text);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic_and_ranges_stay_inside(text in ".{0,60}") {
            if let Read::Value(value) = read(&text, true) {
                prop_assert!(text.get(value.start..value.end).is_some());
            }
        }

        #[test]
        fn a_sound_day_is_one_the_calendar_has(day in 0u32..40, month in 0u32..15, year in 0i32..3000) {
            let text = format!("{day:02}/{month:02}/{year:04}");
            if let Read::Value(value) = read(&text, false) && value.sound {
                prop_assert!(NaiveDate::from_ymd_opt(year, month, day).is_some());
                prop_assert!(is_normal_day(&value.text));
            }
        }
    }
}
