//! Papers of owners whose dossiers are in hand that lie at the centre: what the centre said
//! of them, and the copies that were fetched.

use chrono::{DateTime, Utc};
use domain::code_template::{CodeKind, DigitisationCode};
use domain::digest::Digest;
use domain::field::FieldName;
use domain::ids::DocumentId;
use domain::reuse::{CopyAtCentre, DigitisedPaper, KnownValue};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, json, key};
use crate::error::Error;
use crate::table::record::{parts_json, parts_of};

const TABLE: &str = "central_paper";

pub(crate) const V1: &str = "
CREATE TABLE central_paper (
    document_id   BLOB NOT NULL CHECK (length(document_id) = 16),
    version       INTEGER NOT NULL CHECK (version >= 1),
    owner_id      TEXT NOT NULL,
    local_code    TEXT NOT NULL,
    document_type TEXT NOT NULL,
    field_values  TEXT NOT NULL,
    code_kind     TEXT NOT NULL,
    code_parts    TEXT NOT NULL,
    code_text     TEXT NOT NULL,
    stored_at     TEXT NOT NULL,
    copy_digest   BLOB NOT NULL CHECK (length(copy_digest) = 32),
    copy_bytes    INTEGER NOT NULL,
    -- When the centre last said so.
    seen_at       TEXT NOT NULL,
    -- None until the copy was fetched.
    sealed_digest BLOB CHECK (sealed_digest IS NULL OR length(sealed_digest) = 32),
    PRIMARY KEY (document_id, version)
) STRICT;
CREATE INDEX central_paper_of_owner ON central_paper (owner_id);";

#[derive(Serialize, Deserialize)]
struct KnownJson {
    name: FieldName,
    value: String,
}

impl Reader<'_> {
    /// What the centre said of this owner's papers, when it was last asked; the newest in front.
    pub fn papers_at_centre(&self, owner_id: &str) -> Result<Vec<DigitisedPaper>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM central_paper WHERE owner_id = ?1 ORDER BY stored_at DESC, document_id",
            params![owner_id],
            paper,
        )
    }

    /// The newest version that is known of a paper at the centre.
    pub fn paper_at_centre(&self, id: DocumentId) -> Result<Option<DigitisedPaper>, Error> {
        self.one(
            TABLE,
            "SELECT * FROM central_paper WHERE document_id = ?1 ORDER BY version DESC LIMIT 1",
            params![key!(id)],
            paper,
        )
    }
}

impl Writer<'_> {
    /// Keeps what the centre says of an owner's paper. A copy that was fetched stays.
    pub fn keep_paper_at_centre(
        &self,
        owner_id: &str,
        paper: &DigitisedPaper,
        copy: &CopyAtCentre,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let known = paper.values.iter().map(|one| KnownJson {
            name: one.name.clone(),
            value: one.value.clone(),
        });
        let known: Vec<KnownJson> = known.collect();
        self.execute(
            "INSERT INTO central_paper VALUES
                (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, NULL)
             ON CONFLICT DO UPDATE SET owner_id = excluded.owner_id, seen_at = excluded.seen_at,
                code_text = excluded.code_text",
            params![
                key!(paper.document_id),
                paper.version,
                owner_id,
                paper.local_code.to_string(),
                paper.document_type.as_str(),
                json(&known),
                paper.code.kind.name(),
                json(&parts_json(&paper.code.parts)),
                paper.code.text,
                instant(paper.stored_at),
                copy.digest.as_bytes(),
                copy.size_bytes as i64,
                instant(now),
            ],
        )
        .map(|_| ())
    }

    /// The copy of a paper at the centre lies here too, in this sealed file.
    pub fn keep_copy_of_centre(
        &self,
        id: DocumentId,
        version: u32,
        sealed: &Digest,
    ) -> Result<(), Error> {
        self.change(
            "paper at the centre",
            &id,
            "UPDATE central_paper SET sealed_digest = ?3 WHERE document_id = ?1 AND version = ?2",
            params![key!(id), version, sealed.as_bytes()],
        )
    }
}

fn paper(columns: &Columns<'_>) -> Result<DigitisedPaper, Error> {
    let sealed: Option<[u8; 32]> = columns.get("sealed_digest")?;
    let known: Vec<KnownJson> = columns.json("field_values")?;
    Ok(DigitisedPaper {
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        version: columns.get("version")?,
        local_code: columns.parsed("local_code")?,
        document_type: columns.parsed("document_type")?,
        code: DigitisationCode {
            kind: columns.named("code_kind", CodeKind::from_name)?,
            parts: columns.mirrored("code_parts", |parts| Some(parts_of(parts)))?,
            text: columns.get("code_text")?,
            provisional: false,
        },
        values: known
            .into_iter()
            .map(|one| KnownValue {
                name: one.name,
                value: one.value,
            })
            .collect(),
        stored_at: columns.instant("stored_at")?,
        at_centre: Some(CopyAtCentre {
            digest: columns.digest("copy_digest")?,
            size_bytes: columns.get::<i64>("copy_bytes")? as u64,
            sealed_digest: sealed.map(Digest::from_bytes),
        }),
    })
}
