//! Decided values of documents under review. Those of a deposited document
//! stand in its record.

use chrono::{DateTime, Utc};
use domain::field::{FieldName, FieldValue, Grade, Proposed, Source};
use domain::ids::{DocumentId, OfficerId};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::column::{json, key};
use crate::error::Error;
use crate::json::EvidenceJson;

const TABLE: &str = "field_value";

pub(crate) const V1: &str = "
CREATE TABLE field_value (
    document_id BLOB NOT NULL REFERENCES document (id),
    name        TEXT NOT NULL,
    content     TEXT NOT NULL,
    PRIMARY KEY (document_id, name)
) STRICT;";

#[derive(Serialize, Deserialize)]
pub(crate) struct ValueJson {
    name: FieldName,
    value: String,
    source: String,
    evidence: Option<EvidenceJson>,
    proposed: Option<ProposedJson>,
    confirmed_by: Option<OfficerId>,
    confirmed_at: Option<DateTime<Utc>>,
    /// Absent in rows from before fields could take two officers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconded_by: Option<OfficerId>,
}

#[derive(Serialize, Deserialize)]
struct ProposedJson {
    value: String,
    grade: String,
}

impl Reader<'_> {
    pub(crate) fn field_values(&self, id: DocumentId) -> Result<Vec<FieldValue>, Error> {
        self.many(
            TABLE,
            "SELECT content FROM field_value WHERE document_id = ?1 ORDER BY name",
            params![key!(id)],
            |columns| columns.mirrored("content", value_of),
        )
    }
}

impl Writer<'_> {
    /// Keeps what was decided for a field, in the place of an earlier decision.
    pub fn set_value(&self, id: DocumentId, value: &FieldValue) -> Result<(), Error> {
        self.insert(
            "field value",
            "INSERT INTO field_value VALUES (?1, ?2, ?3)
             ON CONFLICT (document_id, name) DO UPDATE SET content = excluded.content",
            params![key!(id), value.name.as_str(), json(&value_json(value))],
        )
    }

    /// Takes a decision back, so that the field is open again.
    pub fn clear_value(&self, id: DocumentId, name: &FieldName) -> Result<(), Error> {
        self.execute(
            "DELETE FROM field_value WHERE document_id = ?1 AND name = ?2",
            params![key!(id), name.as_str()],
        )
        .map(|_| ())
    }
}

pub(crate) fn value_json(value: &FieldValue) -> ValueJson {
    ValueJson {
        name: value.name.clone(),
        value: value.value.clone(),
        source: value.source.name().to_owned(),
        evidence: value.evidence.map(EvidenceJson::from),
        proposed: value.proposed.as_ref().map(|proposed| ProposedJson {
            value: proposed.value.clone(),
            grade: proposed.grade.name().to_owned(),
        }),
        confirmed_by: value.confirmed_by,
        confirmed_at: value.confirmed_at,
        seconded_by: value.seconded_by,
    }
}

pub(crate) fn value_of(stored: ValueJson) -> Option<FieldValue> {
    let proposed = match stored.proposed {
        None => None,
        Some(proposed) => Some(Proposed {
            value: proposed.value,
            grade: Grade::from_name(&proposed.grade)?,
        }),
    };
    Some(FieldValue {
        name: stored.name,
        value: stored.value,
        source: Source::from_name(&stored.source)?,
        evidence: stored.evidence.map(Into::into),
        proposed,
        confirmed_by: stored.confirmed_by,
        confirmed_at: stored.confirmed_at,
        seconded_by: stored.seconded_by,
    })
}
