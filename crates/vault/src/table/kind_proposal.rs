//! What kind of paper the machine proposed, before a person had a say. What became of
//! it stands in the record; both together tell how far its kinds may be trusted.

use domain::document::{DocumentType, RecognisedType};
use domain::ids::DocumentId;
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::key;
use crate::error::Error;

const TABLE: &str = "kind_proposal";

pub(crate) const V1: &str = "
CREATE TABLE kind_proposal (
    document_id   BLOB PRIMARY KEY REFERENCES document (id),
    document_type TEXT NOT NULL,
    grade         TEXT NOT NULL
) STRICT;";

/// How often the kind of papers was proposed rightly, by the kind that a person let
/// stand or chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindTotal {
    /// What the papers are.
    pub document_type: DocumentType,
    /// How many were deposited.
    pub papers: u32,
    /// How many were proposed as what they are.
    pub right: u32,
    /// How many were proposed with certainty.
    pub certain: u32,
    /// How many of those were proposed as something else.
    pub certain_wrong: u32,
}

impl Reader<'_> {
    /// What became of the proposals. Papers that a machine confirmed at one stroke say
    /// nothing: nobody looked at what kind they are.
    pub fn kind_totals(&self) -> Result<Vec<KindTotal>, Error> {
        self.many(
            TABLE,
            "SELECT record.document_type AS document_type,
                    count(*) AS papers,
                    sum(proposal.document_type = record.document_type) AS agreed,
                    sum(proposal.grade = 'certain') AS certain,
                    sum(proposal.grade = 'certain'
                        AND proposal.document_type <> record.document_type) AS certain_wrong
             FROM record JOIN kind_proposal AS proposal USING (document_id)
             WHERE record.version = 1 AND NOT EXISTS (
                 SELECT 1 FROM audit_event
                 WHERE audit_event.document_id = record.document_id
                   AND audit_event.act = 'all_confirmed')
             GROUP BY record.document_type ORDER BY record.document_type",
            [],
            |columns| {
                Ok(KindTotal {
                    document_type: columns.parsed("document_type")?,
                    papers: columns.get("papers")?,
                    right: columns.get("agreed")?,
                    certain: columns.get("certain")?,
                    certain_wrong: columns.get("certain_wrong")?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Keeps what the machine proposed, in the place of what it proposed before.
    pub fn put_kind_proposal(
        &self,
        id: DocumentId,
        proposed: &RecognisedType,
    ) -> Result<(), Error> {
        self.insert(
            "kind proposal",
            "INSERT INTO kind_proposal VALUES (?1, ?2, ?3)
             ON CONFLICT (document_id) DO UPDATE
             SET document_type = excluded.document_type, grade = excluded.grade",
            params![
                key!(id),
                proposed.document_type.as_str(),
                proposed.grade.name()
            ],
        )
    }
}
