//! Whether the witnesses of an identity card say the same: its QR code, its
//! machine-readable zone, its printed face.

use std::fmt;

use domain::field::Source;
use domain::fold::{fold, same_spelling};

use crate::catalogue::lists::Listed;
use crate::identity::mrz::Mrz;
use crate::identity::qr::IdentityQr;

/// A part of what an identity card says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityClaim {
    /// Personal number.
    Number,
    /// Number of the card before.
    OldNumber,
    /// Full name.
    Name,
    /// Birth date, `YYYY-MM-DD`; `YY-MM-DD` where the century is not said.
    BirthDate,
    /// `male` or `female`.
    Sex,
    /// Country, alpha-3.
    Nationality,
    /// Address as written.
    Address,
    /// Day of issue.
    IssuedOn,
    /// Day of expiry.
    ExpiresOn,
}

impl IdentityClaim {
    /// All claims, in the order of a card.
    pub const ALL: [Self; 9] = [
        Self::Number,
        Self::OldNumber,
        Self::Name,
        Self::BirthDate,
        Self::Sex,
        Self::Nationality,
        Self::Address,
        Self::IssuedOn,
        Self::ExpiresOn,
    ];
}

/// What one witness says.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityWitness {
    /// Where it stands: [`Source::Qr`], [`Source::Mrz`] or [`Source::Ocr`] for the
    /// printed face.
    pub source: Source,
    /// What it says, each claim at most once.
    pub claims: Vec<(IdentityClaim, String)>,
}

/// What all witnesses say to one claim.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimAgreement {
    /// The claim.
    pub claim: IdentityClaim,
    /// Who says what, in the order of the witnesses.
    pub says: Vec<(Source, String)>,
    /// Whether they say the same.
    pub verdict: Verdict,
}

/// Whether two or more say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Two at least say it, and nobody says otherwise.
    Agree,
    /// They say different things.
    Differ,
    /// Only one says anything.
    Alone,
}

/// Compares the witnesses, claim by claim; a claim nobody makes is left out.
///
/// A zone writes names without marks and may cut them off, and knows two digits
/// of a year: it agrees when nothing it does say differs.
pub fn agreement(witnesses: &[IdentityWitness]) -> Vec<ClaimAgreement> {
    IdentityClaim::ALL
        .into_iter()
        .filter_map(|claim| {
            let says: Vec<(Source, String)> = witnesses
                .iter()
                .filter_map(|witness| Some((witness.source, witness.says(claim)?.to_owned())))
                .collect();
            let verdict = match says.as_slice() {
                [] => return None,
                [_] => Verdict::Alone,
                all => {
                    let mut pairs = all.iter().enumerate().flat_map(|(index, one)| {
                        all[index + 1..].iter().map(move |two| (one, two))
                    });
                    if pairs.all(|(one, two)| same(claim, one, two)) {
                        Verdict::Agree
                    } else {
                        Verdict::Differ
                    }
                }
            };
            Some(ClaimAgreement {
                claim,
                says,
                verdict,
            })
        })
        .collect()
}

fn same(claim: IdentityClaim, one: &(Source, String), two: &(Source, String)) -> bool {
    let (a, b) = (one.1.as_str(), two.1.as_str());
    let zone = one.0 == Source::Mrz || two.0 == Source::Mrz;
    match claim {
        IdentityClaim::Name if zone => {
            let letters = |text: &str| -> String {
                fold(text)
                    .chars()
                    .filter(|letter| letter.is_alphanumeric())
                    .collect()
            };
            let (a, b) = (letters(a), letters(b));
            let cut = |source: Source, short: &str, long: &str| {
                source == Source::Mrz && short.len() >= CUT_NAME_LETTERS && long.starts_with(short)
            };
            a == b || cut(one.0, &a, &b) || cut(two.0, &b, &a)
        }
        IdentityClaim::Name | IdentityClaim::Address => {
            same_spelling(&a.to_uppercase(), &b.to_uppercase())
        }
        IdentityClaim::BirthDate => a == b || a.ends_with(b) || b.ends_with(a),
        _ => a == b,
    }
}

/// A zone cuts a name off only where its line is full: 30 signs with the fillers
/// between, so hardly fewer letters than this.
const CUT_NAME_LETTERS: usize = 22;

impl IdentityWitness {
    pub(crate) fn new(source: Source) -> Self {
        Self {
            source,
            claims: Vec::new(),
        }
    }

    /// What it says to a claim.
    pub fn says(&self, claim: IdentityClaim) -> Option<&str> {
        self.claims
            .iter()
            .find(|(other, _)| *other == claim)
            .map(|(_, text)| text.as_str())
    }

    pub(crate) fn claim(&mut self, claim: IdentityClaim, text: Option<String>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.claims.push((claim, text));
        }
    }

    /// What a QR code says; `sex` names the sexes as papers write them.
    pub(crate) fn of_qr(qr: &IdentityQr, sex: impl Fn(&str) -> Option<String>) -> Self {
        let mut witness = Self::new(Source::Qr);
        witness.claim(IdentityClaim::Number, Some(qr.number.as_str().to_owned()));
        let old = qr.old_number.as_ref().map(|old| old.as_str().to_owned());
        witness.claim(IdentityClaim::OldNumber, old);
        witness.claim(IdentityClaim::Name, Some(qr.name.clone()));
        witness.claim(IdentityClaim::BirthDate, Some(qr.birth_on.clone()));
        witness.claim(IdentityClaim::Sex, sex(&qr.sex));
        witness.claim(IdentityClaim::Address, Some(qr.address.clone()));
        witness.claim(IdentityClaim::IssuedOn, qr.issued_on.clone());
        witness
    }

    /// What a zone says, as far as its check digits hold.
    pub(crate) fn of_mrz(mrz: &Mrz, sex: impl Fn(&str) -> Option<String>) -> Self {
        let mut witness = Self::new(Source::Mrz);
        let day =
            |day: Option<chrono::NaiveDate>| day.map(|day| day.format("%Y-%m-%d").to_string());
        let number = mrz.personal_id().map(|id| id.as_str().to_owned());
        witness.claim(IdentityClaim::Number, number.filter(|_| mrz.is_sound()));
        witness.claim(IdentityClaim::Name, Some(mrz.name()));
        let birth = day(mrz.birth_on()).or_else(|| {
            let (year, rest) = mrz.birth.split_at_checked(2)?;
            let (month, day) = rest.split_at_checked(2)?;
            Some(format!("{year}-{month}-{day}"))
        });
        witness.claim(IdentityClaim::BirthDate, birth.filter(|_| mrz.is_sound()));
        witness.claim(IdentityClaim::Sex, sex(&mrz.sex.to_string()));
        witness.claim(IdentityClaim::Nationality, Some(mrz.nationality.clone()));
        let expiry = day(mrz.expires_on()).filter(|_| mrz.is_sound());
        witness.claim(IdentityClaim::ExpiresOn, expiry);
        witness
    }

    pub(crate) fn country(&mut self, listed: Option<Listed>) {
        self.claim(IdentityClaim::Nationality, listed.map(|listed| listed.code));
    }
}

// What a card says is personal data.
impl fmt::Debug for IdentityWitness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims: Vec<IdentityClaim> = self.claims.iter().map(|(claim, _)| *claim).collect();
        f.debug_struct("IdentityWitness")
            .field("source", &self.source)
            .field("claims", &claims)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ClaimAgreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources: Vec<Source> = self.says.iter().map(|(source, _)| *source).collect();
        f.debug_struct("ClaimAgreement")
            .field("claim", &self.claim)
            .field("verdict", &self.verdict)
            .field("sources", &sources)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::lists::Lists;

    const QR: &str = "001093047064|012345678|Trần Văn Bình|05011993|Nam|Thôn 3, Xã Thanh Sơn, Tỉnh Phú Thọ|10012022";
    const ZONE: [&str; 3] = [
        "IDVNM0930470641001093047064<<2",
        "9301054M3301052VNM<<<<<<<<<<<8",
        "TRAN<<VAN<BINH<<<<<<<<<<<<<<<<",
    ];
    const FACE: [&str; 9] = [
        "CĂN CƯỚC CÔNG DÂN",
        "Số / No.: 001093047064",
        "Họ và tên / Full name:",
        "TRẦN VĂN BÌNH",
        "Ngày sinh / Date of birth: 05/01/1993",
        "Giới tính / Sex: Nam   Quốc tịch / Nationality: Việt Nam",
        "Quê quán / Place of origin: Thanh Sơn, Phú Thọ",
        "Nơi thường trú / Place of residence: Thôn 3,",
        "Xã Thanh Sơn, Tỉnh Phú Thọ",
    ];

    fn check(qr: &str, zone: &[&str], face: &[&str]) -> String {
        let lists = Lists::default();
        let face_labels = lists.face();
        let sex = |text: &str| face_labels.sex(text);
        let witnesses = [
            IdentityQr::parse(qr).map(|qr| IdentityWitness::of_qr(&qr, sex)),
            Mrz::find(zone).map(|mrz| IdentityWitness::of_mrz(&mrz, sex)),
            Some(face_labels.read(face, lists.nationalities())),
        ];
        let witnesses: Vec<IdentityWitness> = witnesses.into_iter().flatten().collect();
        let lines: Vec<String> = agreement(&witnesses)
            .iter()
            .map(|one| {
                let who: Vec<&str> = one.says.iter().map(|(source, _)| source.name()).collect();
                format!("{:?} {:?} {}", one.claim, one.verdict, who.join(" "))
            })
            .collect();
        lines.join("\n")
    }

    #[test]
    fn a_true_card_agrees_with_itself() {
        insta::assert_snapshot!(check(QR, &ZONE, &FACE), @r"
        Number Agree qr mrz ocr
        OldNumber Alone qr
        Name Agree qr mrz ocr
        BirthDate Agree qr mrz ocr
        Sex Agree qr mrz ocr
        Nationality Agree mrz ocr
        Address Agree qr ocr
        IssuedOn Alone qr
        ExpiresOn Alone mrz
        ");
    }

    #[test]
    fn what_differs_is_named_with_both_sides() {
        for (what, qr, expected) in [
            (
                "a digit of the number",
                QR.replace("001093047064", "001093047065"),
                "Number Differ qr mrz ocr",
            ),
            (
                "a mark of the name",
                QR.replace("Bình", "Bính"),
                "Name Differ qr mrz ocr",
            ),
            (
                "another name",
                QR.replace("Bình", "Minh"),
                "Name Differ qr mrz ocr",
            ),
            (
                "the year of birth",
                QR.replace("05011993", "05011983"),
                "BirthDate Differ qr mrz ocr",
            ),
            ("sex", QR.replace("Nam", "Nữ"), "Sex Differ qr mrz ocr"),
            (
                "address",
                QR.replace("Thôn 3", "Thôn 8"),
                "Address Differ qr ocr",
            ),
        ] {
            let shown = check(&qr, &ZONE, &FACE);
            assert!(
                shown.lines().any(|line| line == expected),
                "{what}: {shown}"
            );
            assert_eq!(
                shown.matches("Differ").count(),
                1,
                "{what}: nothing else differs"
            );
        }
    }

    #[test]
    fn a_name_cut_off_by_the_zone_agrees_and_a_short_one_does_not() {
        let says = |name: &str| {
            let mut witness = IdentityWitness::new(Source::Mrz);
            witness.claim(IdentityClaim::Name, Some(name.to_owned()));
            let mut qr = IdentityWitness::new(Source::Qr);
            let long = "Công Tằng Tôn Nữ Thị Hương Giang Thanh";
            qr.claim(IdentityClaim::Name, Some(long.to_owned()));
            agreement(&[witness, qr])[0].verdict
        };
        assert_eq!(says("CONG TANG TON NU THI HUONG GI"), Verdict::Agree);
        assert_eq!(says("CONG TANG TON"), Verdict::Differ);
    }

    #[test]
    fn a_zone_whose_check_digits_fail_is_no_witness_for_numbers() {
        let wrong = [ZONE[0], "9301064M3301052VNM<<<<<<<<<<<8", ZONE[2]];
        let shown = check(QR, &wrong, &FACE);
        assert!(shown.contains("Number Agree qr ocr"), "{shown}");
        assert!(shown.contains("BirthDate Agree qr ocr"), "{shown}");
    }

    #[test]
    fn nobody_says_nothing() {
        assert_eq!(check("", &[], &[]), "");
        assert_eq!(check("", &[], &["CĂN CƯỚC", "Số / No.: ......"]), "");
    }
}
