//! Finding deposited records again. What is sensitive in them stays masked until the
//! officer asks for it, and that he asked is kept.

use domain::audit::{Act, AuditEvent};
use domain::document::{Document, DocumentState};
use domain::field::FieldName;
use domain::record::Record;
use domain::rights::Right;
use vault::SearchHit;

use crate::error::Refusal;
use crate::session::Revealed;
use crate::{Desk, Error};

/// Signs of a masked number that stay to be seen, so that one can be told from another.
const SIGNS_LEFT: usize = 3;
/// Shorter values say too much with their last signs.
const LONG_FROM: usize = 9;

/// Records by code, owner, number or words; exact spelling first. The trail keeps that
/// somebody searched, not for what.
pub fn search(desk: &Desk, words: &str, limit: usize) -> Result<Vec<SearchHit>, Error> {
    desk.may(Right::Find)?;
    desk.vault.write(|write| {
        desk.audit(write, Act::Searched)?;
        let mut hits = write.search(words, limit)?;
        for hit in &mut hits {
            hit.record.code = write.code_of(&hit.record)?;
        }
        Ok(hits)
    })
}

/// A record with its history, as far as the officer asked to see it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The latest version. Masked values are no longer in it.
    pub record: Record,
    /// Its document.
    pub document: Document,
    /// What happened to it.
    pub history: Vec<AuditEvent>,
    /// The values that are masked.
    pub masked: Vec<FieldName>,
    /// Whether the pictures of its pages are.
    pub pictures_masked: bool,
}

/// The latest version of the record that has this local or digitisation code.
/// Looking is itself an act that the trail keeps.
pub fn show(desk: &Desk, code: &str) -> Result<Shown, Error> {
    desk.may(Right::Find)?;
    let record = by_code(desk, code)?;
    desk.vault.write(|write| {
        desk.audit(write, Act::Viewed(record.document_id))?;
        let document = write.document(record.document_id)?;
        let history = write.audit_of(record.document_id)?;
        Ok(mask(desk, record, document, history))
    })
}

/// Shows a masked value, or the masked pictures of the record, until the officer leaves.
// Law 91/2025 and Decree 356/2025: who saw sensitive data is known.
pub fn reveal(desk: &Desk, code: &str, what: &Revealed) -> Result<(), Error> {
    desk.may(Right::Reveal)?;
    let document_id = by_code(desk, code)?.document_id;
    desk.vault.write(|write| {
        Ok::<_, Error>(desk.audit(write, Act::Revealed(document_id, what.name().to_owned()))?)
    })?;
    desk.note_revealed(document_id, what);
    Ok(())
}

/// Shows everything of a record that is masked; each value is an act of its own.
pub fn reveal_all(desk: &Desk, code: &str) -> Result<Shown, Error> {
    let shown = show(desk, code)?;
    let pictures = shown.pictures_masked.then_some(Revealed::Pictures);
    let values = shown.masked.into_iter().map(Revealed::Value);
    for what in values.chain(pictures) {
        reveal(desk, code, &what)?;
    }
    let record = by_code(desk, code)?;
    Ok(mask(desk, record, shown.document, shown.history))
}

fn by_code(desk: &Desk, code: &str) -> Result<Record, Error> {
    let record = desk.vault.read(|read| read.record_by_code(code))?;
    Ok(record.ok_or(Refusal::UnknownCode)?)
}

fn mask(desk: &Desk, mut record: Record, document: Document, history: Vec<AuditEvent>) -> Shown {
    let form = desk.catalogue.form(&record.document_type);
    let mut masked = Vec::new();
    for value in &mut record.values {
        let field = form.and_then(|form| form.field(&value.name));
        let is_masked = field.is_some_and(|field| desk.catalogue.masks(field));
        let revealed = Revealed::Value(value.name.clone());
        if is_masked && !value.value.is_empty() && !desk.is_revealed(document.id, &revealed) {
            value.value = masked_text(&value.value);
            value.proposed = None;
            masked.push(value.name.clone());
        }
    }
    Shown {
        pictures_masked: are_pictures_masked(desk, &document),
        record,
        document,
        history,
        masked,
    }
}

/// Whether pictures of this paper are shown only to who asked for them. While somebody
/// works on a paper he has to see it.
pub(crate) fn are_pictures_masked(desk: &Desk, document: &Document) -> bool {
    let recognised = document.document_type.as_ref();
    document.state == DocumentState::Deposited
        && recognised.is_some_and(|known| desk.catalogue.masks_pictures_of(&known.document_type))
        && !desk.is_revealed(document.id, &Revealed::Pictures)
}

/// The value with all but its last signs covered; short ones wholly.
fn masked_text(value: &str) -> String {
    let length = value.chars().count();
    let covered = if length < LONG_FROM {
        length
    } else {
        length - SIGNS_LEFT
    };
    let left = value.chars().skip(covered);
    "•".repeat(covered).chars().chain(left).collect()
}

#[cfg(test)]
mod tests {
    use super::masked_text;

    #[test]
    fn a_masked_value_shows_at_most_its_last_signs() {
        for (value, masked) in [
            ("001093047064", "•••••••••064"),
            ("012345678", "••••••678"),
            ("Kinh", "••••"),
            ("Cơ Tu", "•••••"),
            ("", ""),
        ] {
            assert_eq!(masked_text(value), masked);
        }
    }
}
