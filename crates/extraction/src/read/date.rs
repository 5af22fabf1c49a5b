//! Vietnamese dates: in digits, with the words day, month and year, and spelt out.

use chrono::NaiveDate;

use crate::label::{Token, tokens};
use crate::read::date::words::{small, year_of};
use crate::read::{Read, Value};

mod words;

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
    match read_at(text, &tokens, 0) {
        Some(Read::Value(mut value)) => {
            value.sound &= !words_differ(text, &value);
            return Read::Value(value);
        }
        // "tháng 3 năm 1961" has no day on purpose, where that may be.
        Some(read) if !(partial && tokens[0].folded == MONTH) => return read,
        _ => {}
    }
    if partial && let Some(value) = read_partial(text, &tokens) {
        return Read::Value(value);
    }
    read_at(text, &tokens, 0).unwrap_or(Read::Unreadable)
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

/// Month and year, or a year alone, at the very beginning. Never sound: the
/// machine cannot know whether the rest was left out or lost.
fn read_partial(text: &str, tokens: &[Token]) -> Option<Value> {
    let value = |month: Option<u32>, year: i32, last: usize| {
        let known = YEARS.contains(&year) && month.is_none_or(|month| (1..=12).contains(&month));
        known.then(|| Value {
            text: match month {
                Some(month) => format!("{year:04}-{month:02}"),
                None => format!("{year:04}"),
            },
            start: tokens[0].start,
            end: tokens[last].end,
            sound: false,
        })
    };
    // "tháng 3 năm 1961", "tháng ba năm một nghìn chín trăm sáu mươi mốt".
    if tokens[0].folded == MONTH {
        let mut year_words = (2..tokens.len().min(5)).filter(|at| tokens[*at].folded == YEAR);
        return year_words.find_map(|year_word| {
            let month = small(&tokens[1..year_word])?;
            let (year, used) = year_of(&tokens[year_word + 1..]);
            value(Some(month), year?, year_word + used)
        });
    }
    let skipped = usize::from(tokens[0].folded == YEAR);
    let head = tokens.get(skipped)?;
    if !head.is_number() {
        // Only behind its word: "hai nghìn" alone may be a price.
        let (year, used) = year_of(&tokens[skipped..]);
        return (skipped > 0)
            .then(|| value(None, year?, skipped + used - 1))
            .flatten();
    }
    if head.folded.len() == 4 {
        return value(None, head.folded.parse().ok()?, skipped);
    }
    let next = tokens.get(skipped + 1)?;
    separator(text, head, next)?;
    let whole = next.is_number() && next.folded.len() == 4 && head.folded.len() <= 2;
    whole
        .then(|| {
            value(
                head.folded.parse().ok(),
                next.folded.parse().ok()?,
                skipped + 1,
            )
        })
        .flatten()
}

/// Whether a date in words follows one in digits and says another day: "05/01/2026
/// (bằng chữ: ngày năm tháng hai năm …)".
fn words_differ(text: &str, value: &Value) -> bool {
    let rest = &text[value.end..];
    let tokens = tokens(rest);
    let named = IN_WORDS
        .iter()
        .filter(|words| {
            words
                .iter()
                .enumerate()
                .all(|(at, word)| tokens.get(at).is_some_and(|token| token.folded == *word))
        })
        .map(|words| words.len())
        .max();
    let first = named.unwrap_or(0);
    let opens = rest.trim_start().starts_with('(');
    if (named.is_none() && !opens) || first >= tokens.len() {
        return false;
    }
    read_at(rest, &tokens, first)
        .as_ref()
        .and_then(Read::value)
        .is_some_and(|second| second.text != value.text)
}

/// What forms print between a date in digits and the same in words.
const IN_WORDS: [&[&str]; 4] = [
    &["ghi", "bang", "chu"],
    &["bang", "chu"],
    &["viet", "bang", "chu"],
    &["chu"],
];

/// The day that a normal form says.
pub(crate) fn day_of(text: &str) -> Option<NaiveDate> {
    (text.len() == 10)
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
}

#[cfg(test)]
mod tests;
