//! What people found when they looked at proposed values, and the key by which
//! values are sampled. The migration makes all tables of evidence and learning.
//!
//! A look is drawn from what a deposit leaves behind: the proposal, the decided
//! value, and the trail, which alone says whether a person had this very field
//! before them. Values that a machine confirmed at one stroke are no looks.

use std::collections::BTreeMap;

use domain::document::DocumentType;
use domain::field::{Doubt, FieldCandidate, FieldName, FieldValue, Grade};
use domain::fold::same_spelling;
use domain::ids::DocumentId;
use domain::trust::{Proportion, SamplingKey};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, key};
use crate::error::{DamagedPart, Error};

const TABLE: &str = "look";
/// The counter that remembers up to which record looks are noted.
const NOTED: &str = "look";

// `doubts` are those of the paper itself, in their fixed order: values of one kind
// have one text there, so that an index finds them.
pub(crate) const V1: &str = "
CREATE TABLE sampling (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    key      BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;
INSERT INTO sampling VALUES (1, randomblob(32));
CREATE TABLE look (
    record_sequence INTEGER NOT NULL,
    document_id     BLOB NOT NULL REFERENCES document (id),
    document_type   TEXT NOT NULL,
    field           TEXT NOT NULL,
    doubts          TEXT NOT NULL,
    passed          INTEGER NOT NULL CHECK (passed IN (0, 1)),
    wrong           INTEGER NOT NULL CHECK (wrong IN (0, 1)),
    PRIMARY KEY (document_id, field)
) STRICT;
CREATE INDEX look_of_field
    ON look (document_type, field, doubts, record_sequence, wrong);
CREATE TABLE kind_lesson (
    sequence      INTEGER PRIMARY KEY,
    document_id   BLOB NOT NULL UNIQUE REFERENCES document (id),
    document_type TEXT NOT NULL,
    version       INTEGER NOT NULL,
    features      BLOB NOT NULL
) STRICT;
CREATE INDEX kind_lesson_of_type ON kind_lesson (version, document_type, sequence);
CREATE TABLE engine_used (
    document_id BLOB NOT NULL REFERENCES document (id),
    engine      TEXT NOT NULL,
    version     TEXT NOT NULL,
    model       BLOB NOT NULL CHECK (length(model) = 32),
    PRIMARY KEY (document_id, engine)
) STRICT;";

/// Looks at values of one field that had the same doubts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookTotal {
    /// The type of their papers.
    pub document_type: DocumentType,
    /// The field.
    pub field: FieldName,
    /// The doubts that their papers gave; none for values that were read as certain.
    pub doubts: Vec<Doubt>,
    /// Whether they passed as certain, so that nobody had been asked but by chance.
    pub passed: bool,
    /// What the looks found.
    pub found: Proportion,
}

impl Reader<'_> {
    /// The secret by which this vault samples.
    pub fn sampling_key(&self) -> Result<SamplingKey, Error> {
        self.one("sampling", "SELECT key FROM sampling", [], |columns| {
            columns.get("key").map(SamplingKey::from_bytes)
        })?
        .ok_or(Error::Damaged(DamagedPart::Database))
    }

    /// What the last looks found at values of a field with exactly these doubts.
    pub fn last_looks(
        &self,
        document_type: &DocumentType,
        field: &FieldName,
        doubts: &[Doubt],
        most: u32,
    ) -> Result<Proportion, Error> {
        let found = self.one(
            TABLE,
            "SELECT count(*) AS looks, coalesce(sum(wrong), 0) AS wrong FROM (
                 SELECT wrong FROM look
                 WHERE document_type = ?1 AND field = ?2 AND doubts = ?3
                 ORDER BY record_sequence DESC LIMIT ?4)",
            params![document_type.as_str(), field.as_str(), names(doubts), most],
            proportion,
        )?;
        Ok(found.unwrap_or_default())
    }

    /// All looks, by type, field and doubts.
    pub fn look_totals(&self) -> Result<Vec<LookTotal>, Error> {
        self.many(
            TABLE,
            "SELECT document_type, field, doubts, passed,
                    count(*) AS looks, sum(wrong) AS wrong
             FROM look GROUP BY document_type, field, doubts, passed
             ORDER BY document_type, field, doubts, passed",
            [],
            |columns| {
                Ok(LookTotal {
                    document_type: columns.parsed("document_type")?,
                    field: columns.parsed("field")?,
                    doubts: columns.named("doubts", doubts_of)?,
                    passed: columns.get("passed")?,
                    found: proportion(columns)?,
                })
            },
        )
    }

    /// Place in the trail of a person's last act on each field, where no machine
    /// confirmed the whole document after it.
    fn fields_looked_at(&self, id: DocumentId) -> Result<Vec<FieldName>, Error> {
        let acts = self.many(
            "audit_event",
            "SELECT act, field FROM audit_event WHERE document_id = ?1
             AND act IN ('field_confirmed', 'field_corrected', 'all_confirmed')
             ORDER BY position",
            params![key!(id)],
            |columns| {
                Ok((
                    columns.get::<String>("act")?,
                    columns.maybe_parsed::<FieldName>("field")?,
                ))
            },
        )?;
        let machine = acts.iter().rposition(|(act, _)| act == "all_confirmed");
        let by_people = acts.into_iter().skip(machine.map_or(0, |at| at + 1));
        Ok(by_people.filter_map(|(_, field)| field).collect())
    }
}

impl Writer<'_> {
    /// Notes the looks of up to `most` records that were deposited since the last
    /// time, oldest first, and says how many it went through. A later version of a
    /// record puts its looks in the place of the earlier ones: a correction shows
    /// that a value was wrong, however late.
    pub fn note_looks(&self, most: u32) -> Result<usize, Error> {
        let noted = self.last_of(NOTED)?;
        let waiting = self.many(
            "record",
            "SELECT sequence FROM record WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
            params![noted, most],
            |columns| columns.get::<i64>("sequence"),
        )?;
        for sequence in &waiting {
            self.note_looks_of(*sequence)?;
        }
        if let Some(last) = waiting.last() {
            self.set_last(NOTED, *last as u32)?;
        }
        Ok(waiting.len())
    }

    fn note_looks_of(&self, sequence: i64) -> Result<(), Error> {
        let Some(record) = self.record_at(sequence)? else {
            return Ok(());
        };
        let looked_at = self.fields_looked_at(record.document_id)?;
        let candidates: BTreeMap<FieldName, FieldCandidate> = self
            .reviewed_fields(record.document_id)?
            .into_iter()
            .map(|field| (field.candidate.name.clone(), field.candidate))
            .collect();
        for value in record
            .values
            .iter()
            .filter(|value| looked_at.contains(&value.name))
        {
            if let Some(candidate) = candidates.get(&value.name) {
                self.note_look(
                    sequence,
                    &record.document_type,
                    record.document_id,
                    candidate,
                    value,
                )?;
            }
        }
        Ok(())
    }

    fn note_look(
        &self,
        sequence: i64,
        document_type: &DocumentType,
        document_id: DocumentId,
        candidate: &FieldCandidate,
        value: &FieldValue,
    ) -> Result<(), Error> {
        // Where nothing was proposed there was nothing to be right or wrong.
        if candidate.grade == Grade::Empty || value.confirmed_by.is_none() {
            return Ok(());
        }
        self.insert(
            "look",
            "INSERT INTO look VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (document_id, field) DO UPDATE SET
                 record_sequence = excluded.record_sequence,
                 document_type = excluded.document_type,
                 doubts = excluded.doubts,
                 passed = excluded.passed,
                 wrong = excluded.wrong",
            params![
                sequence,
                key!(document_id),
                document_type.as_str(),
                value.name.as_str(),
                names(&candidate.doubts_as_read()),
                candidate.passes_as_certain(),
                !same_spelling(&candidate.value, &value.value),
            ],
        )
    }
}

fn proportion(columns: &Columns<'_>) -> Result<Proportion, Error> {
    Ok(Proportion::new(
        columns.get("wrong")?,
        columns.get("looks")?,
    ))
}

fn names(doubts: &[Doubt]) -> String {
    let names: Vec<&str> = doubts.iter().map(|doubt| doubt.name()).collect();
    names.join(" ")
}

fn doubts_of(names: &str) -> Option<Vec<Doubt>> {
    names.split_whitespace().map(Doubt::from_name).collect()
}
