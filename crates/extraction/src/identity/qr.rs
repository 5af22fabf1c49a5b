//! What the QR code of an identity card says.

use std::fmt;

use chrono::NaiveDate;
use domain::barcode::{Barcode, BarcodeFormat};
use domain::code::{OldIdentityNumber, PersonalId};
use domain::fold::normalise;

use crate::catalogue::rule::IdentityPart;
use crate::read::date;

/// The content of an identity card's QR code:
/// `number|old number|full name|ddMMyyyy|sex|address|ddMMyyyy`.
///
/// Six fields are enough. The card of 2024 appends fields (family members,
/// cancelled numbers); what is not needed is not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityQr {
    /// The personal number.
    pub number: PersonalId,
    /// The number of the card before, when the code carries one.
    pub old_number: Option<OldIdentityNumber>,
    /// Full name as written.
    pub name: String,
    /// Birth date, `YYYY-MM-DD`.
    pub birth_on: String,
    /// Sex as written: "Nam", "Nữ".
    pub sex: String,
    /// Address as written; empty when the code has none.
    pub address: String,
    /// Day of issue, `YYYY-MM-DD`, when the code has one.
    pub issued_on: Option<String>,
}

impl IdentityQr {
    /// Reads the content of a code; none when it is another kind of code.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('|').map(str::trim).collect();
        let [number, old_number, name, birth_on, sex, address, rest @ ..] = parts.as_slice() else {
            return None;
        };
        let name = normalise(name);
        if name.is_empty() {
            return None;
        }
        Some(Self {
            number: number.parse().ok()?,
            old_number: old_number.parse().ok(),
            name,
            birth_on: packed_day(birth_on)?,
            sex: normalise(sex),
            address: normalise(address),
            issued_on: rest.first().and_then(|day| packed_day(day)),
        })
    }

    pub(crate) fn of(barcode: &Barcode) -> Option<Self> {
        (barcode.format == BarcodeFormat::Qr)
            .then(|| Self::parse(&barcode.text))
            .flatten()
    }

    pub(crate) fn part(&self, part: IdentityPart) -> Option<&str> {
        let part = match part {
            IdentityPart::Number => self.number.as_str(),
            IdentityPart::OldNumber => self.old_number.as_ref()?.as_str(),
            IdentityPart::Name => &self.name,
            IdentityPart::BirthDate => &self.birth_on,
            IdentityPart::Sex => &self.sex,
            IdentityPart::Address => &self.address,
            IdentityPart::IssuedOn => self.issued_on.as_deref()?,
        };
        Some(part).filter(|part| !part.is_empty())
    }
}

// A person's data: `{:?}` shows nothing of it.
impl fmt::Debug for IdentityQr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityQr").finish_non_exhaustive()
    }
}

/// `ddMMyyyy` as a day in normal form.
pub(crate) fn packed_day(text: &str) -> Option<String> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = format!("{}-{}-{}", &text[4..8], &text[2..4], &text[..2]);
    let _: NaiveDate = date::day_of(&day)?;
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_card_of_2021_and_that_of_2024_are_read() {
        for text in [
            "001093047064||Trần Văn Bình|01051993|Nam|Số 1, Xã A, Tỉnh B|10012022",
            "001093047064|012345678|Trần Văn Bình|01051993|Nam|Số 1, Xã A|10012022||Mẹ|Cha",
            "001093047064||Trần Văn Bình|01051993|Nam|",
        ] {
            let card = IdentityQr::parse(text).expect("an identity card");
            assert_eq!(card.part(IdentityPart::Number), Some("001093047064"));
            assert_eq!(card.part(IdentityPart::Name), Some("Trần Văn Bình"));
            assert_eq!(card.part(IdentityPart::BirthDate), Some("1993-05-01"));
            assert_eq!(card.part(IdentityPart::Sex), Some("Nam"));
        }
    }

    #[test]
    fn empty_fields_stay_empty() {
        let card = IdentityQr::parse("001093047064||Trần Văn Bình|01051993|Nam||").unwrap();
        assert_eq!(card.old_number, None);
        assert_eq!(card.part(IdentityPart::Address), None);
        assert_eq!(card.part(IdentityPart::IssuedOn), None);
        let card = IdentityQr::parse(
            "001093047064|012345678|Trần Văn Bình|01051993|Nam|Số 1, Xã A|10012022",
        )
        .unwrap();
        assert_eq!(card.part(IdentityPart::OldNumber), Some("012345678"));
        assert_eq!(card.part(IdentityPart::Address), Some("Số 1, Xã A"));
        assert_eq!(card.part(IdentityPart::IssuedOn), Some("2022-01-10"));
    }

    #[test]
    fn other_codes_are_not_taken_for_cards() {
        for text in [
            "https://example.vn/a|b|c|d|e|f",
            "001093047064||Trần Văn Bình|01051993|Nam",
            "001093047064||Trần Văn Bình|31021993|Nam|A|10012022",
            "001093047064|||01051993|Nam|A|10012022",
            "",
        ] {
            assert!(IdentityQr::parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_code_is_parsed_without_a_panic(text in "[0-9a-zđ|]{0,80}") {
            let _ = IdentityQr::parse(&text);
        }

        #[test]
        fn further_fields_change_nothing(rest in "(\\|[a-z0-9]{0,8}){0,12}") {
            let head = "001093047064||Trần Văn Bình|01051993|Nam|Số 1, Xã A|10012022";
            prop_assert_eq!(IdentityQr::parse(&format!("{head}{rest}")), IdentityQr::parse(head));
        }
    }
}
