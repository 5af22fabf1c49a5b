//! What the QR code of an identity card says.

use domain::barcode::{Barcode, BarcodeFormat};
use domain::code::PersonalId;

use crate::catalogue::rule::IdentityPart;
use crate::read::date;

/// The content of an identity card's QR code:
/// `number|old number|full name|ddMMyyyy|sex|address|ddMMyyyy`.
/// Newer cards append fields; what is not needed is not kept.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct IdentityCard {
    number: PersonalId,
    name: String,
    birth_on: String,
    sex: String,
}

impl IdentityCard {
    pub(crate) fn parse(barcode: &Barcode) -> Option<Self> {
        if barcode.format != BarcodeFormat::Qr {
            return None;
        }
        let parts: Vec<&str> = barcode.text.split('|').map(str::trim).collect();
        let [number, _old_number, name, birth_on, sex, _address, ..] = parts.as_slice() else {
            return None;
        };
        let name = domain::fold::normalise(name);
        if name.is_empty() {
            return None;
        }
        Some(Self {
            number: number.parse().ok()?,
            name,
            birth_on: packed_day(birth_on)?,
            sex: domain::fold::normalise(sex),
        })
    }

    pub(crate) fn part(&self, part: IdentityPart) -> &str {
        match part {
            IdentityPart::Number => self.number.as_str(),
            IdentityPart::Name => &self.name,
            IdentityPart::BirthDate => &self.birth_on,
            IdentityPart::Sex => &self.sex,
        }
    }
}

/// `ddMMyyyy` as a day in normal form.
pub(crate) fn packed_day(text: &str) -> Option<String> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = format!("{}-{}-{}", &text[4..8], &text[2..4], &text[..2]);
    date::is_normal_day(&day).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::geometry::Rectangle;
    use proptest::prelude::*;

    fn parse(text: &str) -> Option<IdentityCard> {
        IdentityCard::parse(&Barcode {
            format: BarcodeFormat::Qr,
            text: text.to_owned(),
            outline: Rectangle::default(),
        })
    }

    #[test]
    fn the_card_of_2021_and_that_of_2024_are_read() {
        for text in [
            "001093047064||Trần Văn Bình|01051993|Nam|Số 1, Xã A, Tỉnh B|10012022",
            "001093047064|012345678|Trần Văn Bình|01051993|Nam|Số 1, Xã A|10012022||Mẹ|Cha",
        ] {
            let card = parse(text).expect("an identity card");
            assert_eq!(card.part(IdentityPart::Number), "001093047064");
            assert_eq!(card.part(IdentityPart::Name), "Trần Văn Bình");
            assert_eq!(card.part(IdentityPart::BirthDate), "1993-05-01");
            assert_eq!(card.part(IdentityPart::Sex), "Nam");
        }
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
            assert!(parse(text).is_none(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_code_is_parsed_without_a_panic(text in "[0-9a-zđ|]{0,80}") {
            let _ = parse(&text);
        }
    }
}
