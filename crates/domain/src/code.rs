//! Codes that the law or the State gives. Each is a validated value with one
//! door, [`FromStr`]; a code is never a key.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use regex::Regex;

/// A text that is not of the shape a code must have. It does not carry the text,
/// because some codes are personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct CodeError {
    /// The kind of code, in English.
    pub what: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $check:expr, $debug:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = CodeError;
            fn from_str(text: &str) -> Result<Self, CodeError> {
                let check: fn(&str) -> bool = $check;
                if check(text) { Ok(Self(text.to_owned())) } else { Err(CodeError { what: $what }) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = CodeError;
            fn try_from(text: String) -> Result<Self, CodeError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                $debug(f, stringify!($name), &self.0)
            }
        }
    )+};
}

fn shown(f: &mut fmt::Formatter<'_>, name: &str, text: &str) -> fmt::Result {
    write!(f, "{name}({text})")
}

/// Personal data never reaches a log through `{:?}`.
fn redacted(f: &mut fmt::Formatter<'_>, name: &str, _: &str) -> fmt::Result {
    write!(f, "{name}(redacted)")
}

macro_rules! pattern {
    ($pattern:literal) => {{
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new($pattern).expect("the pattern is a constant and is tested")
        });
        |text: &str| PATTERN.is_match(text)
    }};
}

codes! {
    /// The code of a dossier (mã số hồ sơ), given by the case system, never by a desk.
    ///
    /// `H38.12-260412-0007`, `G09.20-20260609-0092637`, or the old
    /// `000.00.04.G18-181015-0001`.
    // Circular 03/2025/TT-VPCP; the shape is checked loosely since systems differ.
    DossierCode, "dossier code",
        pattern!(r"^(\d{3}\.\d{2}\.\d{2}\.)?[A-Z]\d{2}(\.\d{1,4})*-(\d{6}|\d{8})-\d{3,8}$"), shown;

    /// The identification code of an agency (mã định danh cơ quan): `H55.242`.
    ///
    /// At most 35 of `A–Z 0–9 .`, groups left to right, level 1 a letter and two digits.
    // Decision 20/2020/QĐ-TTg.
    AgencyCode, "agency code",
        |text| text.len() <= 35 && (pattern!(r"^[A-Z]\d{2}(\.[A-Z0-9]+)*$"))(text), shown;

    /// The national code of an administrative procedure (mã thủ tục hành chính): `1.000894`.
    ProcedureCode, "procedure code",
        pattern!(r"^\d\.\d{6}(\.000\.00\.00\.[A-Z]\d{2})?(\.\d{2})?$"), shown;

    /// The type of a procedure result (mã loại kết quả): `KQ.G15.000031`.
    ResultTypeCode, "result type code", pattern!(r"^KQ\.[A-Z]\d{2}\.\d{6}$"), shown;

    /// The code of a dossier component (mã thành phần hồ sơ): `TP-H05.000026`.
    ComponentCode, "component code", pattern!(r"^TP-[A-Z]\d{2}\.\d{6}$"), shown;

    /// A personal identification number (số định danh cá nhân): 12 digits
    /// `PPP G YY RRRRRR`, no check digit.
    // Decree 137/2015/NĐ-CP, art. 13: province, century and sex, year, six random digits.
    PersonalId, "personal identification number",
        |text| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()), redacted;

    /// The number of an identity card as issued until 2016 (số chứng minh nhân
    /// dân): 9 digits without a check digit. Old papers still name their people by it.
    // Decree 05/1999/NĐ-CP.
    OldIdentityNumber, "9-digit number of an identity card",
        |text| text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit()), redacted;

    /// The code of a province (mã tỉnh), two digits: `25`.
    // Decision 19/2025/QĐ-TTg.
    ProvinceCode, "province code", pattern!(r"^\d{2}$"), shown;

    /// The code of a commune (mã xã), five digits: `07894`.
    // Decision 19/2025/QĐ-TTg.
    CommuneCode, "commune code", pattern!(r"^\d{5}$"), shown;

    /// A tax code (mã số thuế): 10 digits with a check digit, a branch with `-NNN`,
    /// or the 12-digit personal number, which individuals and households use
    /// since 01/07/2025.
    TaxCode, "tax code", is_tax_code, redacted;
}

fn is_tax_code(text: &str) -> bool {
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if digits(text, 12) {
        return true;
    }
    let (main, branch) = match text.split_once('-') {
        Some((main, branch)) => (main, Some(branch)),
        None => (text, None),
    };
    if !digits(main, 10) || branch.is_some_and(|branch| !digits(branch, 3)) {
        return false;
    }
    let digit = |index: usize| u32::from(main.as_bytes()[index] - b'0');
    let weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let sum: u32 = weights
        .iter()
        .enumerate()
        .map(|(index, weight)| weight * digit(index))
        .sum();
    // A check value of 10 is never issued.
    let check = 10 - sum % 11;
    check != 10 && check == digit(9)
}

/// The identification code of a holder (mã định danh): a person's number or an
/// organisation's tax code.
// Circular 01/2023/TT-VPCP, art. 9: an owner without one is named and dated instead.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OwnerId(String);

impl OwnerId {
    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it belongs to a person (12 digits).
    pub fn is_personal(&self) -> bool {
        self.0.parse::<PersonalId>().is_ok()
    }
}

impl FromStr for OwnerId {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        if text.parse::<PersonalId>().is_ok() || text.parse::<TaxCode>().is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(CodeError {
                what: "personal number or tax code",
            })
        }
    }
}

impl TryFrom<String> for OwnerId {
    type Error = CodeError;
    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl From<OwnerId> for String {
    fn from(code: OwnerId) -> Self {
        code.0
    }
}

impl fmt::Display for OwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OwnerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        redacted(f, "OwnerId", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: FromStr>(valid: &[&str], invalid: &[&str]) {
        for text in valid {
            assert!(text.parse::<T>().is_ok(), "{text} should be accepted");
        }
        for text in invalid {
            assert!(text.parse::<T>().is_err(), "{text} should be refused");
        }
    }

    #[test]
    fn codes_of_every_known_shape_pass_and_others_do_not() {
        check::<DossierCode>(
            &[
                "000.00.04.G18-181015-0001",
                "H38.12-260412-0007",
                "G09.20-20260609-0092637",
            ],
            &["", "H38.12", "h38.12-260412-0007", "H38.12-2604-0007"],
        );
        check::<AgencyCode>(
            &["H26", "H55.242", "G15"],
            &[
                "55.H",
                "H5",
                "H55.",
                "H55.242.000000000000000000000000000000",
            ],
        );
        check::<ProcedureCode>(
            &["1.000894", "1.011442.000.00.00.H38", "1.000894.01"],
            &["1.894", "KQ.G15.000031"],
        );
        check::<ResultTypeCode>(&["KQ.G15.000031"], &["KQ.15.31", "TP-H05.000026"]);
        check::<ComponentCode>(&["TP-H05.000026"], &["TP.H05.000026"]);
        check::<OldIdentityNumber>(&["012345678"], &["01234567", "0123456789", "01234567a"]);
        check::<ProvinceCode>(&["01", "96"], &["1", "001", "a1", "01\n"]);
        check::<CommuneCode>(&["00004"], &["4", "000004", ""]);
    }

    #[test]
    fn a_tax_code_carries_its_check_digit() {
        check::<TaxCode>(
            &[
                "0100109106",
                "0300588569",
                "0100112437",
                "0101243150",
                "0104128565",
                "0100109106-001",
                "001093047064",
            ],
            &["0100109107", "010010910", "0100109106-01", "010010910a"],
        );
    }

    #[test]
    fn personal_numbers_do_not_reach_a_log() {
        let id: PersonalId = "001093047064".parse().expect("12 digits");
        assert_eq!(format!("{id:?}"), "PersonalId(redacted)");
    }
}
