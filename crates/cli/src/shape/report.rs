//! What `report reading --json` prints.

use desk::KindTotal;
use desk::known::KnownReport;
use desk::trust::FieldRecord;
use domain::trust::Proportion;
use serde::Serialize;

/// What `report reading --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct ReadingReport {
    kinds: Vec<KindShape>,
    fields: Vec<FieldShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<KnownShape>,
}

/// How often papers of a kind were proposed as what they are.
#[derive(Debug, Serialize)]
struct KindShape {
    kind: String,
    papers: u32,
    right: u32,
    certain: u32,
    certain_wrong: u32,
}

#[derive(Debug, Serialize)]
struct FieldShape {
    kind: String,
    field: String,
    /// Values that passed as certain, or would have.
    certain: Found,
    /// Values that a person had to check.
    checked: Found,
    by_doubt: Vec<DoubtShape>,
    poor_record: bool,
    unsure_passes: bool,
}

#[derive(Debug, Serialize)]
struct DoubtShape {
    doubt: &'static str,
    found: Found,
}

#[derive(Debug, Serialize)]
struct Found {
    looked_at: u32,
    wrong: u32,
    /// One-sided bounds of the share of wrong values, 95 % each.
    at_least: f64,
    at_most: f64,
}

/// What known-answer pages showed.
#[derive(Debug, Serialize)]
pub(crate) struct KnownShape {
    papers: u32,
    kinds_right: u32,
    kinds_certain_wrong: u32,
    kinds: Vec<KindShape>,
    fields: Vec<KnownFieldShape>,
    characters: usize,
    character_errors: usize,
}

#[derive(Debug, Serialize)]
struct KnownFieldShape {
    kind: String,
    field: String,
    asked: u32,
    right: u32,
    certain: u32,
    certain_wrong: u32,
}

impl ReadingReport {
    pub(crate) fn new(
        kinds: &[KindTotal],
        records: &[FieldRecord],
        known: Option<&KnownReport>,
    ) -> Self {
        Self {
            kinds: kinds.iter().map(KindShape::new).collect(),
            fields: records.iter().map(FieldShape::new).collect(),
            known: known.map(KnownShape::new),
        }
    }
}

impl KindShape {
    fn new(kind: &KindTotal) -> Self {
        Self {
            kind: kind.document_type.to_string(),
            papers: kind.papers,
            right: kind.right,
            certain: kind.certain,
            certain_wrong: kind.certain_wrong,
        }
    }
}

impl FieldShape {
    fn new(record: &FieldRecord) -> Self {
        let by_doubt = record.by_doubt.iter().map(|(doubt, found)| DoubtShape {
            doubt: doubt.name(),
            found: Found::new(*found),
        });
        Self {
            kind: record.document_type.to_string(),
            field: record.field.to_string(),
            certain: Found::new(record.certain),
            checked: Found::new(record.checked),
            by_doubt: by_doubt.collect(),
            poor_record: record.calibration.poor_record,
            unsure_passes: record.calibration.unsure_passes,
        }
    }
}

impl Found {
    fn new(found: Proportion) -> Self {
        Self {
            looked_at: found.looks,
            wrong: found.wrong,
            at_least: found.lower_bound(),
            at_most: found.upper_bound(),
        }
    }
}

impl KnownShape {
    pub(crate) fn new(known: &KnownReport) -> Self {
        let fields = known
            .fields
            .iter()
            .map(|((kind, field), counted)| KnownFieldShape {
                kind: kind.to_string(),
                field: field.to_string(),
                asked: counted.asked,
                right: counted.right,
                certain: counted.certain,
                certain_wrong: counted.certain_wrong,
            });
        Self {
            papers: known.papers,
            kinds_right: known.kinds_right(),
            kinds_certain_wrong: known.kinds_certain_wrong(),
            kinds: known.kinds.iter().map(KindShape::new).collect(),
            fields: fields.collect(),
            characters: known.characters,
            character_errors: known.character_errors,
        }
    }

    /// Errors per character; `None` where no text is known.
    pub(crate) fn character_error_rate(&self) -> Option<f64> {
        (self.characters > 0).then(|| self.character_errors as f64 / self.characters as f64)
    }
}
