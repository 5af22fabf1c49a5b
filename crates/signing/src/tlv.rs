//! Tags, lengths and values: what certificates, signatures and timestamps are written in.
//!
//! Signatures of other programs are read byte by byte as they stand: what was signed must
//! not be put in order first, and not all programs order their sets as they should.

/// One element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    pub(crate) tag: u8,
    /// With tag and length.
    pub(crate) whole: &'a [u8],
    pub(crate) value: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_ID: u8 = 0x06;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;
/// The tag of a constructed element that is numbered by its place.
pub(crate) const fn numbered(number: u8) -> u8 {
    0xa0 | number
}
/// The tag of a plain element that is numbered by its place.
pub(crate) const fn numbered_plain(number: u8) -> u8 {
    0x80 | number
}

/// Elements one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    pub(crate) const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next element if it has this tag; another one stays.
    pub(crate) fn tagged(&mut self, tag: u8) -> Option<Tlv<'a>> {
        let mut ahead = self.clone();
        let found = ahead.next().filter(|found| found.tag == tag)?;
        *self = ahead;
        Some(found)
    }

    /// The elements inside the next one, which has this tag.
    pub(crate) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.tagged(tag).map(|found| Self(found.value))
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Tlv<'a>;

    fn next(&mut self) -> Option<Tlv<'a>> {
        let (&tag, &first) = (self.0.first()?, self.0.get(1)?);
        // Tags of more than one byte occur nowhere here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (length, head) = if first < 0x80 {
            (usize::from(first), 2)
        } else {
            let digits = usize::from(first & 0x7f);
            // Zero digits is a length that the end tells, which OpenSSL rewrites beforehand.
            if digits == 0 || digits > 4 {
                return None;
            }
            let length = self.0.get(2..2 + digits)?;
            let length = length
                .iter()
                .fold(0, |sum, digit| sum << 8 | usize::from(*digit));
            (length, 2 + digits)
        };
        let whole = self.0.get(..head.checked_add(length)?)?;
        self.0 = &self.0[whole.len()..];
        Some(Tlv {
            tag,
            whole,
            value: &whole[head..],
        })
    }
}

/// Writes an element around these parts.
pub(crate) fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length + 6);
    out.push(tag);
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let digits = length.to_be_bytes();
        let zeros = digits.iter().take_while(|digit| **digit == 0).count();
        out.push(0x80 | (digits.len() - zeros) as u8);
        out.extend_from_slice(&digits[zeros..]);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// Writes a set, whose elements stand in the order of their bytes.
pub(crate) fn wrap_set(tag: u8, mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    let parts: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
    wrap(tag, &parts)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_wrapped_is_read_again(value in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            let wrapped = wrap(OCTET_STRING, &[&value]);
            let mut elements = Elements::of(&wrapped);
            let found = elements.tagged(OCTET_STRING).unwrap();
            prop_assert_eq!(found.value, value.as_slice());
            prop_assert_eq!(found.whole, wrapped.as_slice());
            prop_assert!(elements.next().is_none());
        }

        #[test]
        fn no_bytes_are_read_beyond_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let total: usize = Elements::of(&bytes).map(|found| found.whole.len()).sum();
            prop_assert!(total <= bytes.len());
        }
    }
}
