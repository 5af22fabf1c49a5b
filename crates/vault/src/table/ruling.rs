//! What people ruled about papers that disagree. A ruling that was taken back is
//! voided and stays.

use chrono::{DateTime, Utc};
use domain::disagreement::{Place, Replaced, Ruling, Saying, Settlement};
use domain::field::FieldName;
use domain::ids::{DocumentId, DossierId, OfficerId, RulingId};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, json, key};
use crate::error::Error;

const TABLE: &str = "ruling";

pub(crate) const V1: &str = "
CREATE TABLE ruling (
    id         BLOB PRIMARY KEY CHECK (length(id) = 16),
    dossier_id BLOB NOT NULL REFERENCES dossier (id),
    content    TEXT NOT NULL,
    ruled_by   BLOB NOT NULL REFERENCES officer (id),
    ruled_at   TEXT NOT NULL,
    voided_at  TEXT
) STRICT;
CREATE INDEX ruling_of_dossier ON ruling (dossier_id, ruled_at);
CREATE TRIGGER ruling_stays BEFORE DELETE ON ruling
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER ruling_never_changes BEFORE UPDATE OF id, dossier_id, content, ruled_by, ruled_at ON ruling
BEGIN SELECT RAISE(ABORT, 'a ruling never changes'); END;";

#[derive(Serialize, Deserialize)]
struct RulingJson {
    first: SayingJson,
    other: SayingJson,
    settlement: String,
    replaced: Vec<ReplacedJson>,
}

#[derive(Serialize, Deserialize)]
struct SayingJson {
    value: String,
    places: Vec<PlaceJson>,
}

#[derive(Serialize, Deserialize)]
struct PlaceJson {
    document_id: Option<DocumentId>,
    field: FieldName,
}

#[derive(Serialize, Deserialize)]
struct ReplacedJson {
    place: PlaceJson,
    before: Option<String>,
}

impl Reader<'_> {
    /// The rulings of a dossier that stand, oldest first.
    pub fn rulings_of(&self, id: DossierId) -> Result<Vec<Ruling>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM ruling WHERE dossier_id = ?1 AND voided_at IS NULL ORDER BY ruled_at, id",
            params![key!(id)],
            ruling,
        )
    }

    /// A ruling that stands.
    pub fn ruling(&self, id: RulingId) -> Result<Ruling, Error> {
        self.one(
            TABLE,
            "SELECT * FROM ruling WHERE id = ?1 AND voided_at IS NULL",
            params![key!(id)],
            ruling,
        )?
        .ok_or_else(|| Error::not_found(TABLE, &id))
    }
}

impl Writer<'_> {
    /// Stores a ruling.
    pub fn insert_ruling(&self, ruling: &Ruling) -> Result<(), Error> {
        let content = RulingJson {
            first: saying_json(&ruling.first),
            other: saying_json(&ruling.other),
            settlement: ruling.settlement.name().to_owned(),
            replaced: ruling
                .replaced
                .iter()
                .map(|replaced| ReplacedJson {
                    place: place_json(&replaced.place),
                    before: replaced.before.clone(),
                })
                .collect(),
        };
        self.insert(
            TABLE,
            "INSERT INTO ruling VALUES (?1, ?2, ?3, ?4, ?5, NULL)",
            params![
                key!(ruling.id),
                key!(ruling.dossier_id),
                json(&content),
                key!(ruling.ruled_by),
                instant(ruling.ruled_at),
            ],
        )
    }

    /// Takes a ruling back.
    pub fn void_ruling(&self, id: RulingId, at: DateTime<Utc>) -> Result<(), Error> {
        self.change(
            TABLE,
            &id,
            "UPDATE ruling SET voided_at = ?2 WHERE id = ?1 AND voided_at IS NULL",
            params![key!(id), instant(at)],
        )
    }
}

fn saying_json(saying: &Saying) -> SayingJson {
    SayingJson {
        value: saying.value.clone(),
        places: saying.places.iter().map(place_json).collect(),
    }
}

fn place_json(place: &Place) -> PlaceJson {
    PlaceJson {
        document_id: place.document_id,
        field: place.field.clone(),
    }
}

fn ruling(columns: &Columns<'_>) -> Result<Ruling, Error> {
    let content: RulingJson = columns.json("content")?;
    let place = |place: PlaceJson| Place {
        document_id: place.document_id,
        field: place.field,
    };
    let saying = |saying: SayingJson| Saying {
        value: saying.value,
        places: saying.places.into_iter().map(place).collect(),
    };
    Ok(Ruling {
        id: columns.id("id", RulingId::from_uuid)?,
        dossier_id: columns.id("dossier_id", DossierId::from_uuid)?,
        first: saying(content.first),
        other: saying(content.other),
        settlement: Settlement::from_name(&content.settlement)
            .ok_or_else(|| columns.damaged("content"))?,
        replaced: content
            .replaced
            .into_iter()
            .map(|replaced| Replaced {
                place: place(replaced.place),
                before: replaced.before,
            })
            .collect(),
        ruled_by: columns.id("ruled_by", OfficerId::from_uuid)?,
        ruled_at: columns.instant("ruled_at")?,
    })
}
