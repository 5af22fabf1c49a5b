//! What the engines read on each page.

use domain::ids::PageId;
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::column::{json, key};
use crate::error::Error;
use crate::json::{ReadingJson, RectangleJson};

const TABLE: &str = "recognised_text";

pub(crate) const V1: &str = "
CREATE TABLE recognised_text (
    page_id BLOB PRIMARY KEY REFERENCES page (id),
    lines   TEXT NOT NULL
) STRICT;";

#[derive(Serialize, Deserialize)]
struct LineJson {
    outline: RectangleJson,
    read_twice: bool,
    words: Vec<WordJson>,
}

#[derive(Serialize, Deserialize)]
struct WordJson {
    text: String,
    outline: RectangleJson,
    readings: Vec<ReadingJson>,
    agreed: bool,
    handwritten: bool,
}

impl Reader<'_> {
    /// What was read on a page, once it has been.
    pub fn recognised_text(&self, id: PageId) -> Result<Option<RecognisedText>, Error> {
        self.one(
            TABLE,
            "SELECT lines FROM recognised_text WHERE page_id = ?1",
            params![key!(id)],
            |columns| columns.mirrored("lines", text_of),
        )
    }
}

impl Writer<'_> {
    /// Keeps what was read on a page, in the place of an earlier reading.
    pub fn put_recognised_text(&self, id: PageId, text: &RecognisedText) -> Result<(), Error> {
        self.insert(
            "recognised text",
            "INSERT INTO recognised_text VALUES (?1, ?2)
             ON CONFLICT (page_id) DO UPDATE SET lines = excluded.lines",
            params![key!(id), json(&lines_json(text))],
        )
    }
}

fn lines_json(text: &RecognisedText) -> Vec<LineJson> {
    let word = |word: &Word| WordJson {
        text: word.text.clone(),
        outline: word.outline.into(),
        readings: word
            .readings
            .iter()
            .map(|reading| ReadingJson::new(reading.engine, &reading.text, reading.confidence))
            .collect(),
        agreed: word.agreed,
        handwritten: word.handwritten,
    };
    text.lines
        .iter()
        .map(|line| LineJson {
            outline: line.outline.into(),
            read_twice: line.read_twice,
            words: line.words.iter().map(word).collect(),
        })
        .collect()
}

fn text_of(stored: Vec<LineJson>) -> Option<RecognisedText> {
    let lines = stored.into_iter().map(|line| {
        Some(TextLine {
            outline: line.outline.into(),
            words: line.words.into_iter().map(word_of).collect::<Option<_>>()?,
            read_twice: line.read_twice,
        })
    });
    Some(RecognisedText {
        lines: lines.collect::<Option<_>>()?,
    })
}

fn word_of(stored: WordJson) -> Option<Word> {
    let readings = stored.readings.into_iter().map(|reading| {
        Some(Reading {
            engine: reading.engine()?,
            text: reading.text,
            confidence: reading.confidence,
        })
    });
    Some(Word {
        text: stored.text,
        outline: stored.outline.into(),
        readings: readings.collect::<Option<_>>()?,
        agreed: stored.agreed,
        handwritten: stored.handwritten,
    })
}
