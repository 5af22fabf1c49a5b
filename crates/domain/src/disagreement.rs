//! Two papers of a dossier that say different things of one person, and what a
//! person ruled about it.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::field::FieldName;
use crate::ids::{DocumentId, DossierId, OfficerId, RulingId};

/// Where something is said: a field of a paper, or of the owner as entered at
/// reception, which is no paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The paper; `None` for the owner of the dossier.
    pub document_id: Option<DocumentId>,
    /// The field.
    pub field: FieldName,
}

/// What one or more places say alike.
#[derive(Clone, PartialEq, Eq)]
pub struct Saying {
    /// The value in normal form.
    pub value: String,
    /// Who says it; never empty.
    pub places: Vec<Place>,
}

/// How a person settles a disagreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settlement {
    /// The first saying is right; the others were misread or mistyped.
    FirstRight,
    /// The second saying is right.
    OtherRight,
    /// They are two people, so nothing has to agree.
    TwoPeople,
    /// The papers do say different things, and both stand as written.
    BothAsWritten,
}

/// A settled disagreement.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruling {
    /// Its key.
    pub id: RulingId,
    /// The dossier.
    pub dossier_id: DossierId,
    /// The first saying.
    pub first: Saying,
    /// The second saying.
    pub other: Saying,
    /// What was ruled.
    pub settlement: Settlement,
    /// The values that the ruling replaced, so that it can be taken back.
    pub replaced: Vec<Replaced>,
    /// Who ruled.
    pub ruled_by: OfficerId,
    /// When.
    pub ruled_at: DateTime<Utc>,
}

/// A value that a ruling replaced.
#[derive(Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Where.
    pub place: Place,
    /// What a person had decided there before; `None` when nobody had, so that
    /// the proposal stands again.
    pub before: Option<String>,
}

impl Settlement {
    /// All settlements.
    pub const ALL: [Self; 4] = [
        Self::FirstRight,
        Self::OtherRight,
        Self::TwoPeople,
        Self::BothAsWritten,
    ];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstRight => "first_right",
            Self::OtherRight => "other_right",
            Self::TwoPeople => "two_people",
            Self::BothAsWritten => "both_as_written",
        }
    }

    /// The settlement of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|settlement| settlement.name() == name)
    }
}

impl Saying {
    /// Whether one of its places is this one.
    pub fn is_said_at(&self, place: &Place) -> bool {
        self.places.contains(place)
    }
}

// Values are personal data: `{:?}` shows where, never what.
impl fmt::Debug for Saying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Saying")
            .field("places", &self.places)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replaced")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}
