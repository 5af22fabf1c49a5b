//! Records: deposited versions of documents. They never change and never go.

use domain::code_template::{CodeKind, CodeParts, DigitisationCode};
use domain::field::FieldValue;
use domain::ids::{DocumentId, ElectronicCopyId, OfficerId};
use domain::local_code::LocalCode;
use domain::record::Record;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, json, key};
use crate::error::Error;
use crate::table::field_value::{ValueJson, value_json, value_of};

const TABLE: &str = "record";

// Whether a code is still provisional is part of the record as deposited; a
// centre's receipt will stand beside it, not change it.
pub(crate) const V1: &str = "
CREATE TABLE record (
    sequence      INTEGER PRIMARY KEY,
    document_id   BLOB NOT NULL REFERENCES document (id),
    version       INTEGER NOT NULL CHECK (version >= 1),
    local_code    TEXT NOT NULL REFERENCES document (local_code),
    document_type TEXT NOT NULL,
    field_values  TEXT NOT NULL,
    code_kind     TEXT NOT NULL,
    code_parts    TEXT NOT NULL,
    code_text     TEXT NOT NULL,
    provisional   INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    copy_id       BLOB NOT NULL REFERENCES electronic_copy (id),
    deposited_at  TEXT NOT NULL,
    deposited_by  BLOB NOT NULL REFERENCES officer (id),
    UNIQUE (document_id, version)
) STRICT;
CREATE INDEX record_code ON record (code_text);
CREATE TRIGGER record_stays BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER record_never_changes BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;";

#[derive(Serialize, Deserialize)]
pub(crate) struct PartsJson {
    owner_id: String,
    result_type: String,
    number: String,
    procedure: String,
    component: String,
}

/// A record and its place in the order of deposits, by which the search knows it.
pub(crate) struct Deposited {
    pub(crate) sequence: i64,
    pub(crate) record: Record,
}

impl Reader<'_> {
    /// The newest version of a document's record, once it is deposited.
    pub fn latest_record(&self, id: DocumentId) -> Result<Option<Record>, Error> {
        let latest = self.latest_deposited(id)?;
        Ok(latest.map(|deposited| deposited.record))
    }

    /// The newest version of the record that has, or ever had, this digitisation
    /// code or local code. Of several papers with one code, the one deposited last.
    pub fn record_by_code(&self, code: &str) -> Result<Option<Record>, Error> {
        if let Ok(local_code) = code.parse::<LocalCode>() {
            return match self.document_by_local_code(&local_code)? {
                Some(document) => self.latest_record(document.id),
                None => Ok(None),
            };
        }
        let document_id = self.one(
            TABLE,
            "SELECT document_id FROM record WHERE code_text IN (?1, ?2)
             ORDER BY sequence DESC LIMIT 1",
            params![code, domain::fold::normalise(code)],
            |columns| columns.id("document_id", DocumentId::from_uuid),
        )?;
        // One that the centre gave is of one paper only.
        let confirmed = self.one(
            "receipt",
            "SELECT o.document_id FROM receipt r JOIN outbox o ON o.id = r.outbox_id
             WHERE r.code IN (?1, ?2) ORDER BY o.sequence DESC LIMIT 1",
            params![code, domain::fold::normalise(code)],
            |columns| columns.id("document_id", DocumentId::from_uuid),
        )?;
        let document_id = confirmed.or(document_id);
        match document_id {
            Some(document_id) => self.latest_record(document_id),
            None => Ok(None),
        }
    }

    /// All versions of a document's record, oldest first.
    pub fn records_of(&self, id: DocumentId) -> Result<Vec<Record>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM record WHERE document_id = ?1 ORDER BY version",
            params![key!(id)],
            record,
        )
    }

    pub(crate) fn record_at(&self, sequence: i64) -> Result<Option<Record>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM record WHERE sequence = ?1",
            params![sequence],
            record,
        )
    }

    fn latest_deposited(&self, id: DocumentId) -> Result<Option<Deposited>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM record WHERE document_id = ?1 ORDER BY version DESC LIMIT 1",
            params![key!(id)],
            |columns| {
                Ok(Deposited {
                    sequence: columns.get("sequence")?,
                    record: record(columns)?,
                })
            },
        )
    }
}

impl Writer<'_> {
    /// Deposits the next version of a document and makes it, instead of the one
    /// before it, what search finds. `full_text` is the whole recognised text.
    pub fn insert_record(&self, record: &Record, full_text: &str) -> Result<(), Error> {
        let before = self.latest_deposited(record.document_id)?;
        let latest = before.as_ref().map_or(0, |before| before.record.version);
        if record.version != latest + 1 {
            return Err(Error::VersionOutOfOrder {
                document_id: record.document_id,
                latest,
                found: record.version,
            });
        }
        // A record under another paper's code or with another paper's copy would
        // be a wrong deposit that nothing could take back.
        let document = self.document(record.document_id)?;
        let copy = self.copy(record.copy_id)?;
        if document.local_code != record.local_code || copy.document_id != document.id {
            return Err(Error::Refused { noun: "record" });
        }
        let sequence = self.next_sequence()?;
        let values: Vec<ValueJson> = record.values.iter().map(value_json).collect();
        self.insert(
            "record",
            "INSERT INTO record VALUES
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                sequence,
                key!(record.document_id),
                record.version,
                record.local_code.to_string(),
                record.document_type.as_str(),
                json(&values),
                record.code.kind.name(),
                json(&parts_json(&record.code.parts)),
                record.code.text,
                record.code.provisional,
                key!(record.copy_id),
                instant(record.deposited_at),
                key!(record.deposited_by),
            ],
        )?;
        if let Some(before) = before {
            self.forget_words(before.sequence)?;
            self.forget_codes(before.sequence)?;
        }
        let dossier = self.dossier(document.dossier_id)?;
        self.index_words(sequence, record, &dossier, full_text)?;
        self.index_codes(sequence, record, &dossier)
    }

    fn next_sequence(&self) -> Result<i64, Error> {
        let last = self.one(
            TABLE,
            "SELECT coalesce(max(sequence), 0) AS last FROM record",
            [],
            |columns| columns.get::<i64>("last"),
        )?;
        Ok(last.unwrap_or(0) + 1)
    }
}

fn record(columns: &Columns<'_>) -> Result<Record, Error> {
    Ok(Record {
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        version: columns.get("version")?,
        local_code: columns.parsed("local_code")?,
        document_type: columns.parsed("document_type")?,
        values: columns.mirrored("field_values", values_of)?,
        code: DigitisationCode {
            kind: columns.named("code_kind", CodeKind::from_name)?,
            parts: columns.mirrored("code_parts", |parts| Some(parts_of(parts)))?,
            text: columns.get("code_text")?,
            provisional: columns.get("provisional")?,
        },
        copy_id: columns.id("copy_id", ElectronicCopyId::from_uuid)?,
        deposited_at: columns.instant("deposited_at")?,
        deposited_by: columns.id("deposited_by", OfficerId::from_uuid)?,
    })
}

fn values_of(stored: Vec<ValueJson>) -> Option<Vec<FieldValue>> {
    stored.into_iter().map(value_of).collect()
}

pub(crate) fn parts_json(parts: &CodeParts) -> PartsJson {
    PartsJson {
        owner_id: parts.owner_id.clone(),
        result_type: parts.result_type.clone(),
        number: parts.number.clone(),
        procedure: parts.procedure.clone(),
        component: parts.component.clone(),
    }
}

pub(crate) fn parts_of(stored: PartsJson) -> CodeParts {
    CodeParts {
        owner_id: stored.owner_id,
        result_type: stored.result_type,
        number: stored.number,
        procedure: stored.procedure,
        component: stored.component,
    }
}
