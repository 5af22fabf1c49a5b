//! Reuse (tái sử dụng): a component answered by a paper that is already digitised, and
//! why a component is not digitised at all.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use crate::code_template::DigitisationCode;
use crate::digest::Digest;
use crate::document::DocumentType;
use crate::field::FieldName;
use crate::ids::{DocumentId, DossierComponentId, OfficerId};
use crate::local_code::LocalCode;
use crate::record::Record;

/// A component that is answered by a record of an earlier dossier.
// Circular 01/2023/TT-VPCP, art. 6: the electronic data of a paper is kept for reuse in
// other procedures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reuse {
    /// The component.
    pub component_id: DossierComponentId,
    /// The paper that answers it.
    pub document_id: DocumentId,
    /// The version of its record that was looked at.
    pub version: u32,
    /// When.
    pub reused_at: DateTime<Utc>,
    /// By whom.
    pub reused_by: OfficerId,
}

/// A paper that is digitised already, at this desk or at another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitisedPaper {
    /// The document.
    pub document_id: DocumentId,
    /// The version of its record.
    pub version: u32,
    /// What the desk that digitised it called it.
    pub local_code: LocalCode,
    /// Its type.
    pub document_type: DocumentType,
    /// Its code.
    pub code: DigitisationCode,
    /// Its values, as far as they are known here.
    pub values: Vec<KnownValue>,
    /// When it was deposited, or reached the centre.
    pub stored_at: DateTime<Utc>,
    /// Its copy, where that lies at the centre; nothing where all of it lies here.
    pub at_centre: Option<CopyAtCentre>,
}

/// A value of a paper that was digitised elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownValue {
    /// The field.
    pub name: FieldName,
    /// The value in normal form.
    pub value: String,
}

impl fmt::Debug for KnownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KnownValue({})", self.name)
    }
}

/// The electronic copy of a paper that lies at the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyAtCentre {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Their length.
    pub size_bytes: u64,
    /// The sealed file that holds it here too, once it was fetched.
    pub sealed_digest: Option<Digest>,
}

impl DigitisedPaper {
    /// A value that is not empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.values.iter().find(|one| one.name.as_str() == name);
        found
            .map(|one| one.value.as_str())
            .filter(|value| !value.is_empty())
    }
}

impl From<Record> for DigitisedPaper {
    fn from(record: Record) -> Self {
        let values = record.values.into_iter().map(|value| KnownValue {
            name: value.name,
            value: value.value,
        });
        Self {
            document_id: record.document_id,
            version: record.version,
            local_code: record.local_code,
            document_type: record.document_type,
            code: record.code,
            values: values.collect(),
            stored_at: record.deposited_at,
            at_centre: None,
        }
    }
}

/// What is to become of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digitising {
    /// It is digitised.
    Digitise,
    /// It is not, and why.
    LeaveOut(WhyNot),
}

/// The reasons for which a component is not digitised.
// Circular 01/2023/TT-VPCP, art. 4: what is not digitised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhyNot {
    /// A database, the Portal or a case system shares it with legal value.
    SharedAlready,
    /// It was handed in as a plain or certified copy on paper.
    CopyOnPaper,
    /// It was only shown.
    OnlyPresented,
    /// It is a State secret.
    StateSecret,
    /// Neither law nor the agency's decision names it, and nobody asked for it.
    NotNamed,
}

impl WhyNot {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::SharedAlready,
        Self::CopyOnPaper,
        Self::OnlyPresented,
        Self::StateSecret,
        Self::NotNamed,
    ];
}

impl Digitising {
    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Digitise => "digitise",
            Self::LeaveOut(WhyNot::SharedAlready) => "shared_already",
            Self::LeaveOut(WhyNot::CopyOnPaper) => "copy_on_paper",
            Self::LeaveOut(WhyNot::OnlyPresented) => "only_presented",
            Self::LeaveOut(WhyNot::StateSecret) => "state_secret",
            Self::LeaveOut(WhyNot::NotNamed) => "not_named",
        }
    }

    /// The decision of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let left_out = WhyNot::ALL.into_iter().map(Self::LeaveOut);
        std::iter::once(Self::Digitise)
            .chain(left_out)
            .find(|decision| decision.name() == name)
    }
}

/// Whether a paper is in force on a day, by what stands on it; a validity that is no day is
/// one without an end.
// Decree 45/2020/ND-CP, art. 25: results that are still in force.
pub fn is_in_force(valid_until: Option<&str>, today: NaiveDate) -> bool {
    let last = valid_until.and_then(|text| text.parse::<NaiveDate>().ok());
    last.is_none_or(|last| today <= last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_is_in_force_to_the_end_of_its_last_day() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
        for (valid_until, in_force) in [
            (None, true),
            (Some("unlimited"), true),
            (Some("2026-11-21"), true),
            (Some("2026-11-20"), true),
            (Some("2026-11-19"), false),
        ] {
            assert_eq!(is_in_force(valid_until, today), in_force, "{valid_until:?}");
        }
    }

    #[test]
    fn every_decision_survives_its_name() {
        let left_out = WhyNot::ALL.map(Digitising::LeaveOut);
        for decision in left_out.into_iter().chain([Digitising::Digitise]) {
            assert_eq!(Digitising::from_name(decision.name()), Some(decision));
        }
        assert_eq!(Digitising::from_name("no"), None);
    }
}
