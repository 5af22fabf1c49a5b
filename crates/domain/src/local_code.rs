//! The local code: what identifies a document from its first moment, given by
//! the desk without asking anybody.
//!
//! `station.epoch.counter` in base 32 and a check symbol, written
//! `80001-01-000007-K`. Two desks never give the same one, because no two share
//! station and epoch; one desk never gives one twice, because the counter moves
//! inside the transaction that stores what it names.

use std::fmt;
use std::str::FromStr;

/// Thirty-two symbols without I, L, O, U, which people confuse (Crockford).
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const STATION_SYMBOLS: usize = 5;
const EPOCH_SYMBOLS: usize = 2;
const COUNTER_SYMBOLS: usize = 6;
const SYMBOLS: usize = STATION_SYMBOLS + EPOCH_SYMBOLS + COUNTER_SYMBOLS;

/// The station (24 bit, given by the centre at enrolment, never used again).
///
/// Until it is enrolled a station draws a random number from the upper half, so
/// that two desks that never met are unlikely to share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Station {
    /// 24-bit station number.
    pub number: u32,
    /// Grows with every enrolment, restore and repair of a clone; 10 bits.
    pub epoch: u16,
}

/// A local code.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct LocalCode {
    station: u32,
    epoch: u16,
    counter: u32,
}

/// Why a text is not a local code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalCodeError {
    /// Wrong length or a symbol outside the alphabet.
    #[error("a local code has thirteen symbols and a check symbol")]
    Shape,
    /// The check symbol does not fit: a typing error.
    #[error("the check symbol of the local code does not fit")]
    Check,
    /// A part is out of its range; the counter of this epoch is used up.
    #[error("a part of the local code is out of range")]
    Range,
}

impl LocalCode {
    /// The code number `counter` of a station.
    pub fn new(station: Station, counter: u32) -> Result<Self, LocalCodeError> {
        let fits = station.number < 1 << 24 && station.epoch < 1 << 10 && counter < 1 << 30;
        if !fits {
            return Err(LocalCodeError::Range);
        }
        Ok(Self {
            station: station.number,
            epoch: station.epoch,
            counter,
        })
    }

    /// The station that gave it.
    pub const fn station(&self) -> Station {
        Station {
            number: self.station,
            epoch: self.epoch,
        }
    }

    /// Its number at that station.
    pub const fn counter(&self) -> u32 {
        self.counter
    }

    fn symbols(&self) -> [u8; SYMBOLS] {
        let mut symbols = [0; SYMBOLS];
        write_base32(&mut symbols[..STATION_SYMBOLS], self.station);
        write_base32(
            &mut symbols[STATION_SYMBOLS..STATION_SYMBOLS + EPOCH_SYMBOLS],
            u32::from(self.epoch),
        );
        write_base32(
            &mut symbols[STATION_SYMBOLS + EPOCH_SYMBOLS..],
            self.counter,
        );
        symbols
    }
}

fn write_base32(symbols: &mut [u8], mut value: u32) {
    for symbol in symbols.iter_mut().rev() {
        *symbol = (value & 31) as u8;
        value >>= 5;
    }
}

fn read_base32(symbols: &[u8]) -> u32 {
    symbols
        .iter()
        .fold(0, |value, symbol| value << 5 | u32::from(*symbol))
}

/// Multiplies by the generator x of GF(32) with the polynomial x⁵ + x² + 1.
const fn times_x(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        (shifted ^ 0b10_0101) & 31
    }
}

/// The symbol that makes Σ xⁱ·sᵢ vanish over GF(32).
///
/// x has order 31, so over fewer than 31 positions all weights differ: any one
/// wrong symbol and any two swapped neighbours change the sum.
fn check_symbol(symbols: &[u8]) -> u8 {
    // Horner: the check symbol has weight 1, the symbol before it weight x, ….
    symbols.iter().fold(0, |sum, symbol| times_x(sum ^ symbol))
}

impl fmt::Display for LocalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symbols = self.symbols();
        for (index, symbol) in symbols.iter().enumerate() {
            if index == STATION_SYMBOLS || index == STATION_SYMBOLS + EPOCH_SYMBOLS {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(ALPHABET[usize::from(*symbol)]))?;
        }
        write!(
            f,
            "-{}",
            char::from(ALPHABET[usize::from(check_symbol(&symbols))])
        )
    }
}

impl fmt::Debug for LocalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalCode({self})")
    }
}

impl FromStr for LocalCode {
    type Err = LocalCodeError;

    /// Reads a code as people type it: lower case, without hyphens, with O for 0
    /// and I or L for 1.
    fn from_str(text: &str) -> Result<Self, LocalCodeError> {
        let mut symbols = Vec::with_capacity(SYMBOLS + 1);
        for typed in text
            .trim()
            .chars()
            .filter(|typed| !matches!(typed, '-' | '.' | ' '))
        {
            let plain = match typed.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let index = ALPHABET
                .iter()
                .position(|symbol| char::from(*symbol) == plain);
            symbols.push(index.ok_or(LocalCodeError::Shape)? as u8);
        }
        let Some((check, symbols)) = symbols.split_last() else {
            return Err(LocalCodeError::Shape);
        };
        if symbols.len() != SYMBOLS {
            return Err(LocalCodeError::Shape);
        }
        if check_symbol(symbols) != *check {
            return Err(LocalCodeError::Check);
        }
        let epoch = read_base32(&symbols[STATION_SYMBOLS..STATION_SYMBOLS + EPOCH_SYMBOLS]);
        Self::new(
            Station {
                number: read_base32(&symbols[..STATION_SYMBOLS]),
                epoch: epoch as u16,
            },
            read_base32(&symbols[STATION_SYMBOLS + EPOCH_SYMBOLS..]),
        )
    }
}

impl TryFrom<String> for LocalCode {
    type Error = LocalCodeError;
    fn try_from(text: String) -> Result<Self, LocalCodeError> {
        text.parse()
    }
}

impl From<LocalCode> for String {
    fn from(code: LocalCode) -> Self {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(number: u32, epoch: u16, counter: u32) -> LocalCode {
        LocalCode::new(Station { number, epoch }, counter).expect("in range")
    }

    #[test]
    fn a_code_is_read_back_as_people_type_it() {
        let code = code(0x80_0001, 1, 7);
        let text = code.to_string();
        assert_eq!(text.len(), 17);
        for typed in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('0', "O"),
        ] {
            assert_eq!(typed.parse(), Ok(code), "{typed}");
        }
        assert_eq!("".parse::<LocalCode>(), Err(LocalCodeError::Shape));
        assert_eq!(
            LocalCode::new(
                Station {
                    number: 1 << 24,
                    epoch: 0
                },
                0
            ),
            Err(LocalCodeError::Range)
        );
    }

    proptest! {
        #[test]
        fn every_single_substitution_and_adjacent_swap_is_caught(
            number in 0u32..1 << 24, epoch in 0u16..1 << 10, counter in 0u32..1 << 30
        ) {
            let plain: Vec<u8> = code(number, epoch, counter).to_string().bytes().filter(|b| *b != b'-').collect();
            for index in 0..plain.len() {
                for symbol in ALPHABET {
                    if plain[index] != *symbol {
                        let mut wrong = plain.clone();
                        wrong[index] = *symbol;
                        prop_assert!(String::from_utf8_lossy(&wrong).parse::<LocalCode>().is_err());
                    }
                }
                if index > 0 && plain[index] != plain[index - 1] {
                    let mut wrong = plain.clone();
                    wrong.swap(index, index - 1);
                    prop_assert!(String::from_utf8_lossy(&wrong).parse::<LocalCode>().is_err());
                }
            }
        }
    }
}
