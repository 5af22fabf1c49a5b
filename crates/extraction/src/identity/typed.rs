//! A QR code that a USB reader typed like a keyboard.
//!
//! What such a reader types passes through the keyboard layout and the input
//! method of the desk, and either may mangle it. The shape of the code tells: its
//! number and its days are digits, its sex is one of two words, its name is made of
//! Vietnamese syllables. What can be undone is undone; what cannot is named.
//!
//! One mangling cannot be seen: an input method that makes another true syllable of
//! a word ("Khu7" becomes "Khư"). The digits prove themselves, the name and the
//! address do not, so a person always looks at an address that was typed.

use std::fmt;

use domain::typing::{InputMethod, is_syllable, undo_leftovers};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::identity::qr::IdentityQr;

/// A part of a code that proves itself by nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnprovenPart {
    /// Full name.
    Name,
    /// Sex.
    Sex,
    /// Address.
    Address,
}

/// The code of an identity card as a keyboard gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedQr {
    /// What it says, with the mangling undone.
    pub qr: IdentityQr,
    /// What had to be undone.
    pub undone: Option<Mangling>,
    /// What may still be mangled; a person has to compare it with the card.
    pub doubtful: Vec<UnprovenPart>,
}

/// What a keyboard did to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mangling {
    /// The reader typed the keys of an input method, and the method was off.
    MethodOff(InputMethod),
    /// The layout "Vietnamese" has letters and tones where others have digits.
    DigitKeys,
    /// UTF-8 was typed byte by byte, as Windows-1252.
    Bytes,
}

/// Reads what was typed; none when it is no identity card's code, or is mangled so
/// that its digits cannot be had back.
pub fn undo_typing(typed: &str) -> Option<TypedQr> {
    let typed = typed.trim();
    if let Some(qr) = IdentityQr::parse(typed) {
        return Some(plain_or_method_off(qr));
    }
    let digits = from_digit_keys(typed).and_then(|text| IdentityQr::parse(&text));
    if let Some(qr) = digits {
        return Some(examined(qr, Some(Mangling::DigitKeys)));
    }
    None
}

fn plain_or_method_off(qr: IdentityQr) -> TypedQr {
    if let Some(name) = from_bytes(&qr.name) {
        let address = from_bytes(&qr.address);
        let lost = address.is_none() && !qr.address.is_ascii();
        let mut whole = examined(
            IdentityQr {
                name,
                sex: from_bytes(&qr.sex).unwrap_or_else(|| qr.sex.clone()),
                address: address.unwrap_or_else(|| qr.address.clone()),
                ..qr
            },
            Some(Mangling::Bytes),
        );
        if lost && !whole.doubtful.contains(&UnprovenPart::Address) {
            whole.doubtful.push(UnprovenPart::Address);
        }
        return whole;
    }
    // Only the name tells whether a method was off: an address has words like "A1".
    let Some((method, name)) = undo_leftovers(&qr.name) else {
        return examined(qr, None);
    };
    let address = method.compose(&qr.address);
    let mut whole = examined(
        IdentityQr {
            name,
            sex: method.compose(&qr.sex),
            address: address.clone(),
            ..qr.clone()
        },
        Some(Mangling::MethodOff(method)),
    );
    // "A1" may be the house A1 or the letter Á.
    let is_code = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .is_some_and(|first| first.is_ascii_alphabetic())
            && !letters.as_str().is_empty()
            && letters.all(|next| next.is_ascii_digit())
            && method.compose(word) != word
    };
    let codes = qr
        .address
        .split(|letter: char| !letter.is_alphanumeric())
        .any(is_code);
    if codes && !whole.doubtful.contains(&UnprovenPart::Address) {
        whole.doubtful.push(UnprovenPart::Address);
    }
    whole
}

/// Says what of a code cannot be Vietnamese as it stands.
fn examined(qr: IdentityQr, undone: Option<Mangling>) -> TypedQr {
    let mut doubtful = Vec::new();
    let words = |text: &str| -> Vec<String> {
        text.split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    // Without any mark at all the reader probably dropped them.
    let markless = [&qr.name, &qr.address, &qr.sex]
        .into_iter()
        .all(|text| text.is_ascii());
    let odd_sign = |text: &str| {
        text.contains(['?', '\u{FFFD}', '\u{25A1}']) || text.chars().any(char::is_control)
    };
    let name = words(&qr.name);
    if markless || odd_sign(&qr.name) || !name.iter().all(|word| is_syllable(word)) {
        doubtful.push(UnprovenPart::Name);
    }
    if qr.sex != "Nam" && qr.sex != "Nữ" {
        doubtful.push(UnprovenPart::Sex);
    }
    let odd_word = |word: &String| {
        let letters = word.chars().any(char::is_alphabetic);
        let marked = !word.is_ascii();
        // A single marked vowel is what an input method makes of "A1".
        let single = marked && word.chars().count() == 1;
        letters && (single || (marked && !is_syllable(word)))
    };
    if markless || odd_sign(&qr.address) || words(&qr.address).iter().any(odd_word) {
        doubtful.push(UnprovenPart::Address);
    }
    TypedQr {
        qr,
        undone,
        doubtful,
    }
}

/// The layout "Vietnamese" of Windows: ă â ê ô and five tones on the keys 1 to 9,
/// đ on 0. None when there is nothing of it, or the order of tones is lost.
fn from_digit_keys(text: &str) -> Option<String> {
    let number = text.split('|').next()?;
    if number.chars().any(|letter| letter.is_ascii_digit()) || number.is_empty() {
        return None;
    }
    // Normalising puts the dot below before other tones, so that 59 and 95 look
    // the same. A text in no normal form has its own order still.
    let composed: String = text.nfc().collect();
    let decomposed: String = text.nfd().collect();
    let ordered = composed != text && decomposed != text;
    let parts: Option<Vec<String>> = text
        .split('|')
        .enumerate()
        .map(|(at, part)| {
            // Number, old number, birth date and day of issue are digits only. Name
            // and address have the same letters of their own, and stay.
            if matches!(at, 0 | 1 | 3 | 6) {
                digits_of_keys(part, ordered)
            } else {
                Some(part.to_owned())
            }
        })
        .collect();
    Some(parts?.join("|"))
}

fn digits_of_keys(part: &str, ordered: bool) -> Option<String> {
    let mut digits = String::new();
    let mut tones = 0;
    let mut dot = false;
    for letter in part.chars() {
        let pieces: Vec<char> = letter.nfd().collect();
        let base = match pieces.as_slice() {
            ['a', rest @ ..] if rest.contains(&'\u{0306}') => Some('1'),
            ['a', rest @ ..] if rest.contains(&'\u{0302}') => Some('2'),
            ['e', rest @ ..] if rest.contains(&'\u{0302}') => Some('3'),
            ['o', rest @ ..] if rest.contains(&'\u{0302}') => Some('4'),
            ['đ'] => Some('0'),
            _ => None,
        };
        if let Some(base) = base {
            digits.push(base);
            (tones, dot) = (0, false);
        }
        for mark in &pieces {
            let tone = match mark {
                '\u{0300}' => '5',
                '\u{0309}' => '6',
                '\u{0303}' => '7',
                '\u{0301}' => '8',
                '\u{0323}' => '9',
                'a' | 'e' | 'o' | 'đ' | '\u{0302}' | '\u{0306}' if base.is_some() => continue,
                _ => return None,
            };
            tones += 1;
            dot |= tone == '9';
            if dot && tones > 1 && !ordered {
                return None;
            }
            digits.push(tone);
        }
    }
    Some(digits)
}

/// UTF-8 that was typed byte by byte, read again as UTF-8.
fn from_bytes(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(windows_1252).collect();
    String::from_utf8(bytes?).ok()
}

/// The byte of a character in Windows-1252; the five bytes it leaves free are
/// typed as control characters.
fn windows_1252(letter: char) -> Option<u8> {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž',
        '\u{8F}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}',
        'ž', 'Ÿ',
    ];
    if let Some(at) = HIGH.iter().position(|other| *other == letter) {
        return u8::try_from(0x80 + at).ok();
    }
    u8::try_from(u32::from(letter)).ok()
}

// A card's code is personal data.
impl fmt::Debug for TypedQr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedQr")
            .field("undone", &self.undone)
            .field("doubtful", &self.doubtful)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
