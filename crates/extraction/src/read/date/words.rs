//! Days, months and years spelt out.

use crate::label::Token;

/// A day or month: digits (which may have come apart) or words.
pub(super) fn small(parts: &[Token]) -> Option<u32> {
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
pub(super) fn year_of(parts: &[Token]) -> (Option<i32>, usize) {
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
    let Some(thousand) = words
        .iter()
        .position(|word| matches!(*word, "nghin" | "ngan"))
    else {
        return digit_by_digit(words);
    };
    // "nghìn chín trăm": the word for one may be left out.
    let thousands = match &words[..thousand] {
        [] => 1,
        one => below_hundred(one)?,
    };
    let rest = &words[thousand + 1..];
    let (hundreds, rest) = match rest.iter().position(|word| *word == "tram") {
        Some(at) => (below_hundred(&rest[..at])?, &rest[at + 1..]),
        None => (0, rest),
    };
    let tens = match rest {
        [] => 0,
        ["linh" | "le" | "khong", one] => unit(one)?,
        // "hai nghìn năm" may be 2005 or 2500, and "năm" may be the word for year.
        [_] if rest != ["muoi"] => return None,
        [tens, one] if *tens != "muoi" && *one != "muoi" && *tens != "ham" && *tens != "bam" => {
            unit(tens)? * 10 + unit(one)?
        }
        rest => below_hundred(rest)?,
    };
    i32::try_from(thousands * 1000 + hundreds * 100 + tens).ok()
}

/// "hai không hai sáu".
fn digit_by_digit(words: &[&str]) -> Option<i32> {
    let [a, b, c, d] = words else { return None };
    let year = [a, b, c, d]
        .iter()
        .try_fold(0, |year, word| Some(year * 10 + unit(word)?))?;
    i32::try_from(year).ok()
}

fn unit(word: &str) -> Option<u32> {
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
}

fn below_hundred(words: &[&str]) -> Option<u32> {
    match words {
        ["muoi"] => Some(10),
        [one] => unit(one),
        ["muoi", one] => unit(one).map(|one| 10 + one),
        // "hăm mốt", "băm mốt": twenty and thirty said short.
        ["ham", one] => unit(one).map(|one| 20 + one),
        ["bam", one] => unit(one).map(|one| 30 + one),
        [tens, "muoi"] => unit(tens).map(|tens| tens * 10),
        // "hai tư", "ba mốt": the word for ten may be left out.
        [tens, "muoi", one] | [tens @ ("hai" | "ba"), one] => Some(unit(tens)? * 10 + unit(one)?),
        _ => None,
    }
}

fn is_number_word(word: &str) -> bool {
    matches!(
        word,
        "nghin" | "ngan" | "tram" | "muoi" | "linh" | "le" | "ham" | "bam"
    ) || unit(word).is_some()
}
