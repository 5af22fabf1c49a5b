//! What this desk's own record says of its grades.
//!
//! Before proposals are stored, [`weigh`] lets the record of each field and chance
//! have their say; [`report`] shows that record. What people found is drawn from
//! deposited records by the vault, and how it changes a grade is a pure rule of
//! `extraction`.

use domain::document::DocumentType;
use domain::field::{Doubt, FieldCandidate, FieldName};
use domain::ids::DocumentId;
use domain::rights::Right;
use domain::trust::Proportion;
use extraction::{Calibration, FieldTrust, Form};
use vault::{Reader, Writer};

use crate::{Desk, Error};

/// Records gone through at a time: a desk that has just learned to look at its past
/// catches up over some papers, and none of them waits for all of it.
const RECORDS_AT_A_TIME: u32 = 100;

/// One field of one kind of paper, as people found it.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldRecord {
    /// The type of the papers.
    pub document_type: DocumentType,
    /// The field.
    pub field: FieldName,
    /// Values that passed as certain, or would have: looks and silent errors.
    pub certain: Proportion,
    /// Values that a person had to check, whatever the doubt: looks and errors. The
    /// rest were needless checks.
    pub checked: Proportion,
    /// The same for each doubt; a value with two doubts counts under both.
    pub by_doubt: Vec<(Doubt, Proportion)>,
    /// What the record has in force.
    pub calibration: Calibration,
}

/// Lets the desk's record and chance have their say on these proposals. The same
/// document gets the same sample however often it is read.
pub(crate) fn weigh(
    desk: &Desk,
    write: &Writer<'_>,
    document_id: DocumentId,
    form: &Form,
    candidates: &mut [FieldCandidate],
) -> Result<(), vault::Error> {
    write.note_looks(RECORDS_AT_A_TIME)?;
    let key = write.sampling_key()?;
    let one_in = desk.catalogue.trust().sample_one_in;
    for candidate in candidates {
        let calibration = calibration(desk, write, form, &candidate.name)?;
        let sampled = key.picks(document_id, &candidate.name, one_in);
        calibration.apply(candidate, sampled);
    }
    Ok(())
}

/// What people found at each field of each kind of paper, since the vault was made.
/// It holds no value of any paper.
pub fn report(desk: &Desk) -> Result<Vec<FieldRecord>, Error> {
    desk.may(Right::SeeFigures)?;
    while desk
        .vault
        .write(|write| write.note_looks(RECORDS_AT_A_TIME))?
        > 0
    {}
    desk.vault.read(|read| {
        let mut records: Vec<FieldRecord> = Vec::new();
        for total in read.look_totals()? {
            let same = |record: &FieldRecord| {
                record.document_type == total.document_type && record.field == total.field
            };
            if !records.last().is_some_and(same) {
                let form = desk.catalogue.form(&total.document_type);
                records.push(FieldRecord {
                    calibration: match form {
                        Some(form) => calibration(desk, read, form, &total.field)?,
                        None => Calibration::default(),
                    },
                    document_type: total.document_type.clone(),
                    field: total.field.clone(),
                    certain: Proportion::default(),
                    checked: Proportion::default(),
                    by_doubt: Vec::new(),
                });
            }
            if let Some(record) = records.last_mut() {
                add(record, &total);
            }
        }
        Ok(records)
    })
}

fn add(record: &mut FieldRecord, total: &vault::LookTotal) {
    if total.passed || total.doubts.is_empty() {
        record.certain = record.certain.and(total.found);
        return;
    }
    record.checked = record.checked.and(total.found);
    for doubt in &total.doubts {
        match record.by_doubt.iter_mut().find(|(known, _)| known == doubt) {
            Some((_, found)) => *found = found.and(total.found),
            None => record.by_doubt.push((*doubt, total.found)),
        }
    }
}

/// What the record of a field has in force; nothing for a field that its form does
/// not have any more.
fn calibration(
    desk: &Desk,
    read: &Reader<'_>,
    form: &Form,
    name: &FieldName,
) -> Result<Calibration, vault::Error> {
    let rules = desk.catalogue.trust();
    let Some(field) = form.field(name) else {
        return Ok(Calibration::default());
    };
    let last = |doubts: &[Doubt], most| read.last_looks(&form.document_type, name, doubts, most);
    let trust = FieldTrust {
        certain: last(&[], rules.recent_looks)?,
        unsure: last(&[Doubt::Unsure], rules.lasting_looks)?,
    };
    Ok(Calibration::of(rules, field, &trust))
}
