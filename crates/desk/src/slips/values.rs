//! What a slip can say: names, and what stands for them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::document::DocumentState;
use domain::dossier::{Dossier, SubmittedAs};
use domain::ids::DocumentId;
use domain::local_code::LocalCode;
use extraction::SlipTemplate;
use vault::Writer;

use crate::clock::{local, shown};
use crate::{Desk, Error};

/// Values by their names.
pub(super) type Values = BTreeMap<String, String>;

/// Dossiers that one station receives in a day at most: one every half minute.
const DOSSIERS_A_DAY: usize = 1_000;

/// A row of a table.
#[derive(Default)]
pub(super) struct Row(Values);

impl Row {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and texts are set where they arise"
    )]
    fn set(&mut self, name: &str, value: impl ToString) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    /// A text with the values of this row; a missing one is empty there.
    pub(super) fn filled(&self, text: &str) -> String {
        let value = |name: &str| Some(self.0.get(name).filter(|value| !value.is_empty()));
        let known = |name: &str| value(name).flatten().cloned();
        // A space keeps a text with one missing value from being left out as a whole.
        let filled = SlipTemplate::filled(text, |name| {
            Some(known(name).unwrap_or_else(|| " ".to_owned()))
        });
        filled.unwrap_or_default().trim().to_owned()
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "numbers and texts are set where they arise"
)]
fn set(values: &mut Values, name: &str, value: impl ToString) {
    values.insert(name.to_owned(), value.to_string());
}

fn day_of(at: DateTime<Utc>) -> String {
    local(at).format("%d/%m/%Y").to_string()
}

fn time_of(at: DateTime<Utc>) -> String {
    local(at).format("%H:%M").to_string()
}

/// A day as people or programs write it, as it is printed.
pub(super) fn day(text: &str) -> Option<String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(text, "%d/%m/%Y"));
    day.ok().map(|day| day.format("%d/%m/%Y").to_string())
}

/// What any slip of this desk can say.
pub(super) fn of_desk(desk: &Desk, template: &SlipTemplate, number: LocalCode) -> Values {
    let head = desk.catalogue.letterhead();
    let now = desk.clock.now();
    let mut values = Values::new();
    set(&mut values, "title", &template.title);
    set(&mut values, "agency", &head.agency);
    set(&mut values, "office", &head.office);
    set(&mut values, "office_code", &desk.office.code);
    set(&mut values, "place", &head.place);
    set(&mut values, "address", &head.address);
    set(&mut values, "phone", &head.phone);
    set(&mut values, "system", &head.system);
    set(&mut values, "officer", &desk.officer.name);
    set(&mut values, "slip_number", number);
    set(&mut values, "issued_at", shown(now));
    set(&mut values, "issued_on", day_of(now));
    set(&mut values, "issued_time", time_of(now));
    set(&mut values, "issued_day", local(now).format("%d"));
    set(&mut values, "issued_month", local(now).format("%m"));
    set(&mut values, "issued_year", local(now).format("%Y"));
    values
}

/// The official code of a dossier, else the number that the desk gave it.
fn number_of(dossier: &Dossier) -> String {
    match &dossier.code {
        Some(code) => code.to_string(),
        None => dossier.provisional_number.clone(),
    }
}

/// What a slip can say of a dossier, and a row for each of its components.
pub(super) fn of_dossier(
    desk: &Desk,
    write: &Writer<'_>,
    dossier: &Dossier,
    kept: &[usize],
    values: &mut Values,
) -> Result<Vec<Row>, Error> {
    let procedure = dossier.procedure.as_ref();
    let mut listed = desk.catalogue.procedures().iter();
    let listed = listed.find(|one| Some(&one.code) == procedure);
    set(values, "dossier", number_of(dossier));
    set(values, "procedure", text(procedure));
    set(
        values,
        "procedure_name",
        listed.map_or("", |one| one.name.as_str()),
    );
    set(values, "owner_id", text(dossier.owner.id.as_ref()));
    set(values, "owner_name", text(dossier.owner.name.as_ref()));
    set(
        values,
        "owner_address",
        text(dossier.owner.address.as_ref()),
    );
    set(values, "received_at", shown(dossier.received_at));
    set(values, "received_time", time_of(dossier.received_at));
    set(values, "received_on", day_of(dossier.received_at));
    let head = desk.catalogue.letterhead();
    let (mut rows, mut documents, mut all_pages) = (Vec::new(), 0, 0);
    for (place, component) in dossier.components.iter().enumerate() {
        let mut row = Row::default();
        row.set("n", place + 1);
        row.set("name", &component.name);
        row.set("component", text(component.code.as_ref()));
        let form = head.submitted_as.get(component.submitted_as.name());
        row.set("submitted_as", text(form));
        // What was never paper is not handed back.
        if component.submitted_as != SubmittedAs::Electronic {
            let answer = if kept.contains(&place) {
                "kept"
            } else {
                "returned"
            };
            row.set("answer", text(head.answers.get(answer)));
        }
        if let Some(id) = component.document_id {
            let pages = paper(write, id, &mut row)?;
            documents += 1;
            all_pages += pages;
        }
        rows.push(row);
    }
    set(values, "papers", rows.len());
    set(values, "documents", documents);
    set(values, "pages", all_pages);
    Ok(rows)
}

/// What a row says of the document that answers its component; gives its pages.
fn paper(write: &Writer<'_>, id: DocumentId, row: &mut Row) -> Result<usize, Error> {
    let pages = write.pages_of(id)?.len();
    row.set("local_code", write.document(id)?.local_code);
    if pages > 0 {
        row.set("pages", pages);
    }
    if let Some(record) = write.latest_record(id)? {
        row.set("code", &write.code_of(&record)?.text);
    }
    if let Some(copy) = write.latest_copy(id)? {
        // In groups that people can compare.
        let digits: Vec<char> = copy.digest.to_string().chars().collect();
        let groups: Vec<String> = digits
            .chunks(8)
            .map(|group| group.iter().collect())
            .collect();
        row.set("digest", groups.join(" "));
    }
    Ok(pages)
}

/// What the sheet of a day can say, and a row for each dossier that was received on it.
pub(super) fn of_day(
    desk: &Desk,
    write: &Writer<'_>,
    values: &mut Values,
) -> Result<Vec<Row>, Error> {
    let today = desk.clock.today();
    let mut rows = Vec::new();
    let (mut all_documents, mut all_pages, mut all_deposited) = (0, 0, 0);
    let mut dossiers = write.recent_dossiers(DOSSIERS_A_DAY)?;
    dossiers.retain(|dossier| local(dossier.received_at).date_naive() == today);
    dossiers.reverse();
    for dossier in &dossiers {
        let documents = write.documents_of(dossier.id)?;
        let mut pages = 0;
        for document in &documents {
            pages += write.pages_of(document.id)?.len();
        }
        let deposited = documents
            .iter()
            .filter(|document| document.state == DocumentState::Deposited)
            .count();
        let mut row = Row::default();
        row.set("n", rows.len() + 1);
        row.set("dossier", number_of(dossier));
        row.set("procedure", text(dossier.procedure.as_ref()));
        row.set("received_time", time_of(dossier.received_at));
        row.set("documents", documents.len());
        row.set("pages", pages);
        row.set("deposited", deposited);
        rows.push(row);
        all_documents += documents.len();
        all_pages += pages;
        all_deposited += deposited;
    }
    let mark = write.audit_mark()?;
    set(values, "dossiers", rows.len());
    set(values, "documents", all_documents);
    set(values, "pages", all_pages);
    set(values, "deposited", all_deposited);
    set(values, "audit_events", mark.position);
    set(values, "audit_mark", mark);
    let key = domain::digest::Digest::from_bytes(write.station_key()?);
    set(values, "station_key", key);
    Ok(rows)
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
