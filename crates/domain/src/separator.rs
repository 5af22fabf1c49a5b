//! Sheets that split a stack of paper into papers.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::barcode::{Barcode, BarcodeFormat};
use crate::code::ComponentCode;
use crate::ids::{DossierComponentId, DossierId};

/// What a separator sheet says of the paper behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Separator {
    /// Only that another paper begins: a patch T.
    Plain,
    /// Which kind of component it answers, by its national code.
    Component(ComponentCode),
    /// Which component of which dossier it answers: a cover slip that a desk printed.
    Slip(SlipMark),
}

/// What patch T sheets carry as a barcode too.
const PATCH_T: &str = "PATCHT";

impl Separator {
    /// What the codes on a page make of it; `None` for a page of a paper. Of several
    /// codes the one counts that says most.
    pub fn of(barcodes: &[Barcode]) -> Option<Self> {
        let mut found: Vec<Self> = barcodes.iter().filter_map(Self::of_one).collect();
        found.sort_by_key(|separator| match separator {
            Self::Slip(_) => 0,
            Self::Component(_) => 1,
            Self::Plain => 2,
        });
        found.into_iter().next()
    }

    fn of_one(barcode: &Barcode) -> Option<Self> {
        let text = barcode.text.trim();
        if let Ok(slip) = text.parse() {
            return Some(Self::Slip(slip));
        }
        if let Ok(code) = text.parse() {
            return Some(Self::Component(code));
        }
        let says_patch_t = match barcode.format {
            BarcodeFormat::Patch => text == "T",
            _ => text.eq_ignore_ascii_case(PATCH_T),
        };
        says_patch_t.then_some(Self::Plain)
    }
}

/// What the QR code of a cover slip says: ids, and nothing of a person.
///
/// Its text is `SHMC1:` and the two ids in 32 hexadecimal digits each. All of it is in
/// the letters that a QR code packs densely, so that its modules come out large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SlipMark {
    /// The dossier.
    pub dossier_id: DossierId,
    /// Its component.
    pub component_id: DossierComponentId,
}

/// Tells slips from all other codes, and this form of them from later ones.
const SLIP: &str = "SHMC1";

impl fmt::Display for SlipMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{SLIP}:{:X}:{:X}",
            self.dossier_id.as_uuid().simple(),
            self.component_id.as_uuid().simple()
        )
    }
}

/// The text is not that of a cover slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cover slip says {SLIP} and two ids")]
pub struct SlipMarkError;

impl FromStr for SlipMark {
    type Err = SlipMarkError;
    fn from_str(text: &str) -> Result<Self, SlipMarkError> {
        let mut parts = text.split(':');
        let is_slip = parts.next() == Some(SLIP);
        let mut id = || {
            let part = parts.next().filter(|part| part.len() == 32)?;
            Uuid::try_parse(part).ok()
        };
        match (is_slip, id(), id(), parts.next()) {
            (true, Some(dossier), Some(component), None) => Ok(Self {
                dossier_id: DossierId::from_uuid(dossier),
                component_id: DossierComponentId::from_uuid(component),
            }),
            _ => Err(SlipMarkError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rectangle;
    use proptest::prelude::*;

    fn code(format: BarcodeFormat, text: &str) -> Barcode {
        Barcode {
            format,
            text: text.to_owned(),
            outline: Rectangle::new(0, 0, 10, 10),
        }
    }

    fn slip() -> SlipMark {
        SlipMark {
            dossier_id: DossierId::from_uuid(Uuid::from_u128(7)),
            component_id: DossierComponentId::from_uuid(Uuid::from_u128(11)),
        }
    }

    #[test]
    fn patch_t_component_codes_and_slips_separate_and_nothing_else_does() {
        let check = |format, text: &str, expected| {
            assert_eq!(Separator::of(&[code(format, text)]), expected, "{text}");
        };
        check(BarcodeFormat::Patch, "T", Some(Separator::Plain));
        check(BarcodeFormat::Code39, "PATCHT", Some(Separator::Plain));
        check(BarcodeFormat::Qr, "PatchT", Some(Separator::Plain));
        check(
            BarcodeFormat::Code128,
            "TP-H05.000026",
            "TP-H05.000026".parse().ok().map(Separator::Component),
        );
        check(
            BarcodeFormat::Qr,
            &slip().to_string(),
            Some(Separator::Slip(slip())),
        );
        check(BarcodeFormat::Code39, "T", None);
        check(BarcodeFormat::Qr, "H38.12-260412-0007", None);
        check(BarcodeFormat::Qr, "SHMC2:0:0", None);
        assert_eq!(Separator::of(&[]), None);
    }

    #[test]
    fn of_several_codes_the_one_that_says_most_counts() {
        let sheet = [
            code(BarcodeFormat::Patch, "T"),
            code(BarcodeFormat::Qr, &slip().to_string()),
        ];
        assert_eq!(Separator::of(&sheet), Some(Separator::Slip(slip())));
    }

    proptest! {
        #[test]
        fn a_slip_says_what_it_was_made_of(dossier: u128, component: u128) {
            let slip = SlipMark {
                dossier_id: DossierId::from_uuid(Uuid::from_u128(dossier)),
                component_id: DossierComponentId::from_uuid(Uuid::from_u128(component)),
            };
            let text = slip.to_string();
            prop_assert!(text.bytes().all(|letter| b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ:".contains(&letter)));
            prop_assert_eq!(text.parse(), Ok(slip));
        }

        #[test]
        fn other_texts_are_no_slips(text in ".{0,90}") {
            prop_assume!(!text.starts_with(SLIP));
            prop_assert_eq!(text.parse::<SlipMark>(), Err(SlipMarkError));
        }
    }
}
