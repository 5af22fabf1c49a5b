//! A dossier (hồ sơ) and its components.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};

use crate::code::{ComponentCode, DossierCode, OwnerId, ProcedureCode, ResultTypeCode};
use crate::ids::{DocumentId, DossierComponentId, DossierId, OfficerId};

/// A dossier (hồ sơ) as received at a desk.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// Its key.
    pub id: DossierId,
    /// The desk's own number of the day, `03-0142`; provisional, for people to
    /// say aloud. A desk never invents an official number.
    pub provisional_number: String,
    /// The official code, once the case system has given it.
    pub code: Option<DossierCode>,
    /// The procedure (thủ tục hành chính), when known.
    pub procedure: Option<ProcedureCode>,
    /// Whose papers these are.
    pub owner: Owner,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// By whom.
    pub received_by: OfficerId,
    /// Its components in the order of the procedure's list.
    pub components: Vec<DossierComponent>,
}

/// The owner of the papers (chủ hồ sơ): applicant and holder in one for now.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Owner {
    /// Personal number or tax code, when there is one.
    pub id: Option<OwnerId>,
    /// Name as written.
    pub name: Option<String>,
    /// The day of birth, where an identity card or an officer said it.
    // Circular 01/2023/TT-VPCP, art. 9: an owner without a number is told by name and
    // date of birth.
    pub birth_on: Option<NaiveDate>,
    /// Sex as the card writes it.
    pub sex: Option<String>,
    /// Where the owner lives, as the card writes it.
    pub address: Option<String>,
}

// All of it is personal data.
impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner").finish_non_exhaustive()
    }
}

/// One component (thành phần hồ sơ) of a dossier.
#[derive(Clone, Debug, PartialEq)]
pub struct DossierComponent {
    /// Its key.
    pub id: DossierComponentId,
    /// Name as in the procedure's list, or as the officer wrote it.
    pub name: String,
    /// Its national code, when it has one.
    pub code: Option<ComponentCode>,
    /// The result type, when the component is a result of an earlier procedure.
    pub result_type: Option<ResultTypeCode>,
    /// In what form it was handed in.
    pub submitted_as: SubmittedAs,
    /// The document that answers it, once scanning has begun.
    pub document_id: Option<DocumentId>,
}

/// In what form a component was handed in.
// Circular 01/2023/TT-VPCP, art. 4: accepted forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum SubmittedAs {
    /// The original (bản chính).
    #[default]
    Original,
    /// A certified copy (bản sao chứng thực).
    CertifiedCopy,
    /// A plain copy (bản sao).
    PlainCopy,
    /// Born electronic (bản điện tử).
    Electronic,
}

impl SubmittedAs {
    /// All forms.
    pub const ALL: [Self; 4] = [
        Self::Original,
        Self::CertifiedCopy,
        Self::PlainCopy,
        Self::Electronic,
    ];

    /// Whether the component is to be digitised when it was handed in so.
    ///
    /// Plain and certified copies on paper are left out, unless the officer or
    /// the applicant wants it otherwise.
    // Circular 01/2023/TT-VPCP, art. 4.
    pub const fn is_digitised(self) -> bool {
        matches!(self, Self::Original | Self::Electronic)
    }

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::CertifiedCopy => "certified_copy",
            Self::PlainCopy => "plain_copy",
            Self::Electronic => "electronic",
        }
    }

    /// The form of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }
}
