//! Proposed values of documents under review.

use domain::document::ReviewedField;
use domain::field::{Doubt, FieldCandidate, FieldName, FieldReading, Grade, Source};
use domain::ids::DocumentId;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::column::{json, key};
use crate::error::Error;
use crate::json::{EvidenceJson, ReadingJson, all_named};

const TABLE: &str = "field_candidate";

pub(crate) const V1: &str = "
CREATE TABLE field_candidate (
    document_id BLOB NOT NULL REFERENCES document (id),
    position    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    content     TEXT NOT NULL,
    PRIMARY KEY (document_id, name)
) STRICT;";

#[derive(Serialize, Deserialize)]
struct CandidateJson {
    name: FieldName,
    value: String,
    grade: String,
    source: String,
    evidence: Option<EvidenceJson>,
    handwritten: bool,
    readings: Vec<ReadingJson>,
    doubts: Vec<String>,
}

impl Reader<'_> {
    /// The fields of a document in the order of its form: what is proposed and
    /// what has been decided. A value without a proposal stands at the end.
    pub fn reviewed_fields(&self, id: DocumentId) -> Result<Vec<ReviewedField>, Error> {
        let mut values = self.field_values(id)?;
        let candidates = self.many(
            TABLE,
            "SELECT content FROM field_candidate WHERE document_id = ?1 ORDER BY position",
            params![key!(id)],
            |columns| columns.mirrored("content", candidate_of),
        )?;
        let mut fields: Vec<ReviewedField> = candidates
            .into_iter()
            .map(|candidate| ReviewedField {
                value: values
                    .iter()
                    .position(|value| value.name == candidate.name)
                    .map(|index| values.remove(index)),
                candidate,
            })
            .collect();
        fields.extend(values.into_iter().map(|value| ReviewedField {
            candidate: FieldCandidate::empty(value.name.clone()),
            value: Some(value),
        }));
        Ok(fields)
    }
}

impl Writer<'_> {
    /// Puts these proposals, in form order, in the place of earlier ones. Decided
    /// values stay.
    pub fn replace_candidates(
        &self,
        id: DocumentId,
        candidates: &[FieldCandidate],
    ) -> Result<(), Error> {
        self.execute(
            "DELETE FROM field_candidate WHERE document_id = ?1",
            params![key!(id)],
        )?;
        for (position, candidate) in candidates.iter().enumerate() {
            self.insert(
                "field candidate",
                "INSERT INTO field_candidate VALUES (?1, ?2, ?3, ?4)",
                params![
                    key!(id),
                    position as i64,
                    candidate.name.as_str(),
                    json(&candidate_json(candidate))
                ],
            )?;
        }
        Ok(())
    }
}

fn candidate_json(candidate: &FieldCandidate) -> CandidateJson {
    CandidateJson {
        name: candidate.name.clone(),
        value: candidate.value.clone(),
        grade: candidate.grade.name().to_owned(),
        source: candidate.source.name().to_owned(),
        evidence: candidate.evidence.map(EvidenceJson::from),
        handwritten: candidate.handwritten,
        readings: candidate
            .readings
            .iter()
            .map(|reading| ReadingJson::new(reading.engine, &reading.value, 0.0))
            .collect(),
        doubts: candidate
            .doubts
            .iter()
            .map(|doubt| doubt.name().to_owned())
            .collect(),
    }
}

fn candidate_of(stored: CandidateJson) -> Option<FieldCandidate> {
    let readings = stored.readings.into_iter().map(|reading| {
        Some(FieldReading {
            engine: reading.engine()?,
            value: reading.text,
        })
    });
    Some(FieldCandidate {
        name: stored.name,
        value: stored.value,
        grade: Grade::from_name(&stored.grade)?,
        source: Source::from_name(&stored.source)?,
        evidence: stored.evidence.map(Into::into),
        handwritten: stored.handwritten,
        readings: readings.collect::<Option<_>>()?,
        doubts: all_named(&stored.doubts, Doubt::from_name)?,
    })
}
