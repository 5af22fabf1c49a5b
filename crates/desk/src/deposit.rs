//! Assigning the digitisation code and depositing: after this a document is
//! immutable, and a correction is a new version.

use domain::audit::Act;
use domain::code_template::{CodeKind, CodeParts, DigitisationCode};
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::document::{DocumentState, DocumentType};
use domain::dossier::{Dossier, DossierComponent};
use domain::field::{FieldName, FieldValue, Grade, Source};
use domain::ids::{DocumentId, OutboxItemId};
use domain::record::Record;
use domain::rights::Right;
use domain::second_person::NotThisOfficer;
use extraction::Form;
use uuid::Uuid;
use vault::{OutboxItem, Writer};

use crate::error::Refusal;
use crate::reading::form_of;
use crate::review::{Review, standing};
use crate::session::Revealed;
use crate::{Desk, Error, accounting, cross_check, kinds};

/// Deposits a reviewed document: record, fields, code, copy, audit event and
/// outbox row in one transaction.
// Circular 01/2023/TT-VPCP, art. 7: code, then store; art. 10: the code's structure.
pub fn deposit(desk: &Desk, document_id: DocumentId) -> Result<Record, Error> {
    desk.may(Right::Deposit)?;
    let review = standing(desk, document_id)?;
    match review.document.state {
        DocumentState::Scanning => return Err(Refusal::NotExtracted.into()),
        DocumentState::Deposited => return Err(Refusal::AlreadyDeposited.into()),
        DocumentState::Extracted => {}
    }
    if !review.open.is_empty() {
        return Err(Refusal::FieldsOpen(review.open).into());
    }
    if !review.for_another.is_empty() {
        return Err(Refusal::AnotherOfficer(review.for_another).into());
    }
    let bad = review.pages.iter().filter(|page| page.waits_for_rescan());
    let bad = bad.count();
    if bad > 0 {
        return Err(Refusal::PagesBad(bad).into());
    }
    if !desk
        .vault
        .read(|read| accounting::count(read, document_id))?
        .closes()
    {
        return Err(Refusal::PagesUnaccounted.into());
    }
    let disagreeing = cross_check::waiting_at(desk, document_id)?;
    if !disagreeing.is_empty() {
        return Err(Refusal::PapersDisagree(disagreeing.len()).into());
    }
    let document_type = review
        .document
        .document_type
        .as_ref()
        .ok_or(Refusal::NotExtracted)?
        .document_type
        .clone();
    let copy = desk
        .vault
        .read(|read| read.latest_copy(document_id))?
        .ok_or(Refusal::NotExtracted)?;
    let values = values_of(&review);
    let record = desk.vault.write(|write| {
        // Checked again inside the transaction: another thread may have been faster.
        if write.document(document_id)?.state != DocumentState::Extracted {
            return Err(Refusal::AlreadyDeposited.into());
        }
        let record = store(desk, write, &review, document_type, values, &copy, 1)?;
        let first_page = match review.pages.first() {
            Some(page) => write.recognised_text(page.id)?,
            None => None,
        };
        kinds::teach(
            write,
            document_id,
            &record.document_type,
            first_page.as_ref(),
        )?;
        write.set_document_state(document_id, DocumentState::Deposited)?;
        Ok::<_, Error>(record)
    })?;
    // Who has just worked on it need not ask to see it once more.
    desk.note_revealed(document_id, &Revealed::Pictures);
    Ok(record)
}

/// Corrects a deposited record: a new version with one value changed. The
/// versions before it stay as they were. A field that takes two officers is not
/// corrected by one.
pub fn correct(
    desk: &Desk,
    document_id: DocumentId,
    name: &FieldName,
    typed: &str,
) -> Result<Record, Error> {
    desk.may(Right::Correct)?;
    let review = standing(desk, document_id)?;
    let latest = desk
        .vault
        .read(|read| read.latest_record(document_id))?
        .ok_or(Refusal::NotExtracted)?;
    let form = form_of(&desk.catalogue, &latest.document_type)?;
    let unknown = || Refusal::UnknownField(name.clone());
    let definition = form
        .fields
        .iter()
        .find(|field| field.name == *name)
        .ok_or_else(unknown)?;
    if desk.catalogue.takes_two(definition) {
        let why = NotThisOfficer::SecondMustBeAnother;
        return Err(Refusal::TakesTwo(name.clone(), why).into());
    }
    let typed = domain::fold::normalise(typed);
    let corrected = if typed.is_empty() {
        typed
    } else {
        extraction::normal_form(definition, &typed)
            .map_err(|_| Refusal::ValueBreaksRule(name.clone()))?
    };
    let copy = desk
        .vault
        .read(|read| read.latest_copy(document_id))?
        .ok_or(Refusal::NotExtracted)?;
    let mut values = latest.values;
    values.retain(|value| value.name != *name);
    values.push(FieldValue {
        name: name.clone(),
        value: corrected,
        source: Source::Officer,
        evidence: None,
        proposed: None,
        confirmed_by: Some(desk.officer.id),
        confirmed_at: Some(desk.clock.now()),
        seconded_by: None,
    });
    desk.vault.write(|write| {
        desk.audit(write, Act::FieldCorrected(document_id, name.to_string()))?;
        store(
            desk,
            write,
            &review,
            latest.document_type,
            values,
            &copy,
            latest.version + 1,
        )
    })
}

/// A deposited record gets its copy in a newer form, signed or timestamped, as a new
/// version; its values stay as they are.
pub(crate) fn with_copy(
    desk: &Desk,
    write: &Writer<'_>,
    copy: &ElectronicCopy,
) -> Result<(), Error> {
    let latest = write.latest_record(copy.document_id)?;
    let latest = latest.ok_or(Refusal::NotExtracted)?;
    let record = Record {
        version: latest.version + 1,
        copy_id: copy.id,
        deposited_at: desk.clock.now(),
        deposited_by: desk.officer.id,
        ..latest
    };
    put(desk, write, &record, copy)
}

fn store(
    desk: &Desk,
    write: &Writer<'_>,
    review: &Review,
    document_type: DocumentType,
    values: Vec<FieldValue>,
    copy: &ElectronicCopy,
    version: u32,
) -> Result<Record, Error> {
    let document = &review.document;
    let dossier = write.dossier(document.dossier_id)?;
    let form = form_of(&desk.catalogue, &document_type)?;
    let component = dossier
        .components
        .iter()
        .find(|component| component.id == document.component_id);
    let record = Record {
        document_id: document.id,
        version,
        local_code: document.local_code,
        code: assign_code(desk, form, &dossier, component, &values),
        document_type,
        values,
        copy_id: copy.id,
        deposited_at: desk.clock.now(),
        deposited_by: desk.officer.id,
    };
    put(desk, write, &record, copy)?;
    Ok(record)
}

/// Writes a version of a record, its event and what is to be sent.
fn put(
    desk: &Desk,
    write: &Writer<'_>,
    record: &Record,
    copy: &ElectronicCopy,
) -> Result<(), Error> {
    let mut full_text = String::new();
    for page in write.pages_of(record.document_id)? {
        if let Some(text) = write.recognised_text(page.id)? {
            full_text.push_str(&text.text());
            full_text.push('\n');
        }
    }
    write.insert_record(record, &full_text)?;
    desk.audit(write, Act::Deposited(record.document_id))?;
    write.enqueue(&OutboxItem {
        id: OutboxItemId::from_uuid(Uuid::now_v7()),
        document_id: record.document_id,
        version: record.version,
        manifest_digest: Digest::of(&packaging::manifest(record, copy, &desk.officer.name)),
        enqueued_at: desk.clock.now(),
    })?;
    Ok(())
}

/// What stands from now on: what a person decided, else what was certain.
fn values_of(review: &Review) -> Vec<FieldValue> {
    let standing = review.fields.iter().filter_map(|field| match &field.value {
        Some(value) => Some(value.clone()),
        None if field.candidate.grade == Grade::Certain => Some(FieldValue {
            name: field.candidate.name.clone(),
            value: field.candidate.value.clone(),
            source: field.candidate.source,
            evidence: field.candidate.evidence,
            proposed: None,
            confirmed_by: None,
            confirmed_at: None,
            seconded_by: None,
        }),
        None => None,
    });
    standing.collect()
}

/// Composes the code from its parts; provisional until a centre confirms it.
fn assign_code(
    desk: &Desk,
    form: &Form,
    dossier: &Dossier,
    component: Option<&DossierComponent>,
    values: &[FieldValue],
) -> DigitisationCode {
    let value = |name: &str| {
        let found = values.iter().find(|value| value.name.as_str() == name);
        found
            .map(|value| value.value.clone())
            .filter(|value| !value.is_empty())
    };
    let of_component = component.and_then(|component| component.result_type.as_ref());
    let result_type = of_component.or(form.result_type.as_ref());
    let parts = CodeParts {
        // The owner on the paper comes before the owner of the dossier.
        owner_id: value("owner_id")
            .or_else(|| dossier.owner.id.as_ref().map(ToString::to_string))
            .unwrap_or_default(),
        result_type: result_type.map(ToString::to_string).unwrap_or_default(),
        number: value("number").unwrap_or_default(),
        procedure: dossier
            .procedure
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        component: component
            .and_then(|component| component.code.as_ref())
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    let kind = if result_type.is_some() {
        CodeKind::ProcedureResult
    } else {
        form.code_kind
    };
    DigitisationCode {
        kind,
        text: desk.catalogue.code_template(kind).compose(&parts),
        parts,
        provisional: true,
    }
}
