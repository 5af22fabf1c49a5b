//! Slips (phiếu): papers that a desk prints, and the code by which any other desk knows
//! them again.
//!
//! The code says what the law asks for, one line for each thing, so that whoever holds a
//! phone over it can read it. A last line is for desks: a version, the number of the
//! slip, a digest of what is printed on it, and the station's signature over all that
//! stands before. That line is in the letters that a QR code packs densely.
// Circular 01/2023/TT-VPCP, art. 26.

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;
use crate::local_code::{ALPHABET, LocalCode};

/// Opens the last line: `P` for phiếu, and the version of its shape.
const MARK: &str = "SHMCP1";

/// Symbols of the number: a local code without its hyphens.
const NUMBER: usize = 14;

/// Bytes of the digest that are kept. Nobody finds another text of the same digest by
/// trying 2^80 of them, and a shorter code is read from worse paper.
const DIGEST_BYTES: usize = 10;

/// Bytes of an Ed25519 signature.
const SIGNATURE_BYTES: usize = 64;

/// Letters that a code can hold and a cheap printer still prints readably.
pub const MOST_LETTERS: usize = 700;

/// What a slip says in its code before it is signed.
#[derive(Clone, PartialEq, Eq)]
pub struct SlipMessage {
    /// Label and value of each line. Empty values are left out.
    pub lines: Vec<(String, String)>,
    /// The number of the slip, from the same series as documents.
    pub number: LocalCode,
    /// What is printed on it.
    pub printed: PrintedDigest,
}

/// A digest of all that is printed on a slip beside its code, spaces apart: a reader of
/// PDF files need not agree with the printer about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrintedDigest([u8; DIGEST_BYTES]);

impl PrintedDigest {
    /// The digest of these words.
    pub fn of(text: &str) -> Self {
        let letters: String = text.split_whitespace().collect();
        let mut kept = [0; DIGEST_BYTES];
        kept.copy_from_slice(&Digest::of(letters.as_bytes()).as_bytes()[..DIGEST_BYTES]);
        Self(kept)
    }
}

impl SlipMessage {
    /// What the station signs.
    pub fn to_sign(&self) -> String {
        let mut text = String::new();
        for (label, value) in self.lines.iter().filter(|(_, value)| !value.is_empty()) {
            // A line break inside a value would begin a line of its own.
            let words: Vec<&str> = value.split_whitespace().collect();
            text.push_str(label);
            text.push_str(": ");
            text.push_str(&words.join(" "));
            text.push('\n');
        }
        text.push_str(MARK);
        text.extend(self.number.to_string().chars().filter(|sign| *sign != '-'));
        push_base32(&mut text, &self.printed.0);
        text
    }

    /// The whole text of the code, with the signature over [`Self::to_sign`].
    pub fn sealed(&self, signature: &[u8; SIGNATURE_BYTES]) -> String {
        let mut text = self.to_sign();
        push_base32(&mut text, signature);
        text
    }
}

// The lines name a person.
impl fmt::Debug for SlipMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SlipMessage")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// The text of a slip's code, taken to pieces; nothing is known yet of its signature.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSlip {
    /// What people read in it.
    pub lines: Vec<String>,
    /// The number of the slip; its station is the one that should have signed.
    pub number: LocalCode,
    /// What should be printed on it.
    pub printed: PrintedDigest,
    /// What the station should have signed.
    pub to_sign: String,
    /// The signature.
    pub signature: [u8; SIGNATURE_BYTES],
}

impl fmt::Debug for SealedSlip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedSlip")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// Why a text is not that of a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealedSlipError {
    /// It is no slip's, or one of a newer program.
    #[error("this is not the code of a slip")]
    NotASlip,
    /// It was one, but something is missing or is not what any desk writes.
    #[error("the code of the slip was altered")]
    Altered,
}

impl FromStr for SealedSlip {
    type Err = SealedSlipError;

    fn from_str(text: &str) -> Result<Self, SealedSlipError> {
        let (said, last) = text.rsplit_once('\n').unwrap_or(("", text));
        let rest = last.strip_prefix(MARK).ok_or(SealedSlipError::NotASlip)?;
        let altered = || SealedSlipError::Altered;
        let (number_end, digest_end) = (NUMBER, NUMBER + base32_symbols(DIGEST_BYTES));
        let number = rest.get(..number_end).ok_or_else(altered)?;
        // Typing errors are forgiven elsewhere; here there is one way to write a number.
        if !number.bytes().all(|symbol| ALPHABET.contains(&symbol)) {
            return Err(altered());
        }
        let digest = rest.get(number_end..digest_end).ok_or_else(altered)?;
        let signature = rest.get(digest_end..).ok_or_else(altered)?;
        let signed = text.len() - signature.len();
        Ok(Self {
            lines: said.lines().map(str::to_owned).collect(),
            number: number.parse().map_err(|_| altered())?,
            printed: PrintedDigest(read_base32(digest).ok_or_else(altered)?),
            to_sign: text[..signed].to_owned(),
            signature: read_base32(signature).ok_or_else(altered)?,
        })
    }
}

const fn base32_symbols(bytes: usize) -> usize {
    (bytes * 8).div_ceil(5)
}

fn push_base32(text: &mut String, bytes: &[u8]) {
    let (mut kept, mut bits) = (0_u32, 0);
    for byte in bytes {
        kept = kept << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(kept >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(kept << (5 - bits) & 31) as usize]));
    }
}

/// Only what [`push_base32`] writes: each symbol counts, and so do the bits that are over.
fn read_base32<const BYTES: usize>(text: &str) -> Option<[u8; BYTES]> {
    if text.len() != base32_symbols(BYTES) {
        return None;
    }
    let mut bytes = [0; BYTES];
    let (mut kept, mut bits, mut at) = (0_u32, 0, 0);
    for symbol in text.bytes() {
        let value = ALPHABET.iter().position(|one| *one == symbol)?;
        kept = (kept << 5 | value as u32) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes[at] = (kept >> bits) as u8;
            at += 1;
        }
    }
    (kept & ((1 << bits) - 1) == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local_code::Station;
    use proptest::prelude::*;

    fn message(lines: &[(&str, &str)]) -> SlipMessage {
        let station = Station {
            number: 0x80_0001,
            epoch: 1,
        };
        let own = |(label, value): &(&str, &str)| ((*label).to_owned(), (*value).to_owned());
        SlipMessage {
            lines: lines.iter().map(own).collect(),
            number: LocalCode::new(station, 7).expect("in range"),
            printed: PrintedDigest::of("GIẤY TIẾP NHẬN"),
        }
    }

    /// What is printed today must be read by every later program.
    #[test]
    fn the_code_of_today_stays_readable_for_ever() {
        let signature: [u8; 64] = std::array::from_fn(|at| at as u8);
        let text = message(&[("Hồ sơ", "H55.242-261120-0001"), ("Hẹn trả", "")]).sealed(&signature);
        assert_eq!(text, GOLDEN);
        let read: SealedSlip = text.parse().expect("a slip");
        assert_eq!(read.lines, ["Hồ sơ: H55.242-261120-0001"]);
        assert_eq!(read.signature, signature);
        assert_eq!(read.number.counter(), 7);
    }

    const GOLDEN: &str = "Hồ sơ: H55.242-261120-0001\n\
        SHMCP18000101000007V6HYQCR6VZ99GGGQV000G40R40M30E209185GR38E\
        1W8124GK2GAHC5RR34D1P70X3RFJ08924CJ2A9H750MJMASC5MQ2YC1H68SK8D9P6WW3JEHV7GYKWFR";

    #[test]
    fn a_line_break_in_a_value_begins_no_line() {
        let text = message(&[("Giấy", "một\nHồ sơ: hai")]).sealed(&[1; 64]);
        let read: SealedSlip = text.parse().expect("a slip");
        assert_eq!(read.lines, ["Giấy: một Hồ sơ: hai"]);
    }

    #[test]
    fn what_is_no_slip_is_told_from_one_that_was_altered() {
        let whole = message(&[("Giấy", "x")]).sealed(&[1; 64]);
        for (text, why) in [
            ("", SealedSlipError::NotASlip),
            ("SHMC1:00:00", SealedSlipError::NotASlip),
            ("Giấy: x\nSHMCP2000", SealedSlipError::NotASlip),
            ("SHMCP1", SealedSlipError::Altered),
            (&whole[..whole.len() - 1], SealedSlipError::Altered),
            (&format!("{whole}0"), SealedSlipError::Altered),
            (
                &whole.replace("SHMCP1", "SHMCP1Đ"),
                SealedSlipError::Altered,
            ),
        ] {
            assert_eq!(text.parse::<SealedSlip>(), Err(why), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back_as_it_was_signed(
            value in "\\PC{0,40}", signature in prop::array::uniform32(any::<u8>())
        ) {
            let mut whole = [0; 64];
            whole[..32].copy_from_slice(&signature);
            whole[32..].copy_from_slice(&signature);
            let message = message(&[("Giấy", &value)]);
            let read: SealedSlip = message.sealed(&whole).parse().expect("a slip");
            prop_assert_eq!(read.to_sign, message.to_sign());
            prop_assert_eq!(read.signature, whole);
            prop_assert_eq!(read.printed, message.printed);
        }

        #[test]
        fn no_two_texts_stand_for_the_same_bytes(
            bytes in prop::array::uniform10(any::<u8>()), at in 0usize..16, symbol in 0usize..32
        ) {
            let mut text = String::new();
            push_base32(&mut text, &bytes);
            let mut other = text.clone().into_bytes();
            other[at] = ALPHABET[symbol];
            let other = String::from_utf8(other).expect("plain letters");
            prop_assert_eq!(read_base32::<10>(&other) == Some(bytes), other == text);
        }
    }
}
