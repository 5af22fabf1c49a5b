//! The flat form that portals take: the copy, and its data under the names of their wire.

use std::path::{Path, PathBuf};

use domain::audit::Act;
use domain::record::Record;
use domain::rights::Right;

use crate::clock::local;
use crate::export::{Exportable, write_whole};
use crate::{Desk, Error};

/// What was written, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalFiles {
    /// The electronic copy: portals take PDF only.
    pub copy: PathBuf,
    /// Its data as JSON.
    pub json: PathBuf,
    /// The same as a table.
    pub table: PathBuf,
}

/// Writes the copy of a record and its data under the names that portals use.
pub fn export(desk: &Desk, code: &str, folder: &Path) -> Result<PortalFiles, Error> {
    desk.may(Right::Export)?;
    let found = Exportable::find(desk, code)?;
    let named = found.record.local_code.to_string();
    let file = |ending: &str| folder.join(format!("{named}.{ending}"));
    let written = PortalFiles {
        copy: file("pdf"),
        json: file("json"),
        table: file("xlsx"),
    };
    let values = values(desk, &found)?;
    let table = packaging::portal_table(&values, desk.clock.now())?;
    std::fs::create_dir_all(folder).map_err(Error::File)?;
    // The trail first, as with every other way out.
    desk.vault
        .write(|write| desk.audit(write, Act::Exported(found.record.document_id)))?;
    write_whole(&written.copy, &found.pdf)?;
    write_whole(&written.json, &packaging::portal_json(&values))?;
    write_whole(&written.table, &table)?;
    Ok(written)
}

/// The columns of the office's list with what stands in them; empty where nothing is known.
fn values(desk: &Desk, found: &Exportable) -> Result<Vec<(String, String)>, Error> {
    let record = &found.record;
    let (dossier, component) = desk.vault.read(|read| {
        let document = read.document(record.document_id)?;
        let dossier = read.dossier(document.dossier_id)?;
        let mut components = dossier.components.iter();
        let component = components.find(|one| one.id == document.component_id);
        Ok::<_, Error>((dossier.clone(), component.cloned()))
    })?;
    let names = desk.catalogue.portal_names();
    let parts = &record.code.parts;
    let owner_id = parts.owner_id.clone();
    let value = |from: &str| -> Option<String> {
        if let Some(field) = from.strip_prefix("field:") {
            return record.value(field).map(str::to_owned);
        }
        match from {
            "dossier" => dossier.code.as_ref().map(ToString::to_string),
            "procedure" => dossier.procedure.as_ref().map(ToString::to_string),
            "owner_id" => Some(owner_id.clone()),
            "owner_id_kind" => {
                kind_of(&owner_id).and_then(|kind| names.owner_id_kinds.get(kind).cloned())
            }
            "owner_name" => {
                let on_paper = record.value("owner_name").map(str::to_owned);
                on_paper.or_else(|| dossier.owner.name.clone())
            }
            "owner_birth" => dossier.owner.birth_on.map(|day| day.to_string()),
            "office" => Some(desk.office.code.to_string()),
            "paper_code" => [&parts.result_type, &parts.component]
                .into_iter()
                .find(|code| !code.is_empty())
                .cloned(),
            "paper_name" => {
                let named = record.value("title").map(str::to_owned);
                named.or_else(|| component.as_ref().map(|one| one.name.clone()))
            }
            "code" => Some(found.code.text.clone()),
            "local_code" => Some(record.local_code.to_string()),
            "digitised_on" => Some(local(found.copy.made_at).date_naive().to_string()),
            "submitted_as" => component
                .as_ref()
                .map(|one| one.submitted_as.name().to_owned()),
            "copy_sha256" => Some(found.copy.digest.to_string()),
            "copy_file" => Some(format!("{}.pdf", record.local_code)),
            "other" => Some(others(desk, record)),
            _ => None,
        }
    };
    let columns = names.columns.iter();
    Ok(columns
        .map(|column| (column.name.clone(), value(&column.from).unwrap_or_default()))
        .collect())
}

/// A personal number has twelve digits, a tax code ten or thirteen.
fn kind_of(owner_id: &str) -> Option<&'static str> {
    let digits = owner_id.chars().filter(char::is_ascii_digit).count();
    match digits {
        0 => None,
        12 => Some("personal"),
        _ => Some("tax"),
    }
}

/// What is known beside the columns: labels and values of all other fields.
fn others(desk: &Desk, record: &Record) -> String {
    let columns = &desk.catalogue.portal_names().columns;
    let has_column = |name: &str| {
        let of_field = |from: &str| from.strip_prefix("field:") == Some(name) || from == name;
        columns.iter().any(|column| of_field(&column.from))
    };
    let form = desk.catalogue.form(&record.document_type);
    let known = record.values.iter().filter(|value| !value.value.is_empty());
    let others = known.filter(|value| !has_column(value.name.as_str()));
    let said = others.map(|value| {
        let label = form.and_then(|form| form.field(&value.name));
        let label = label.map_or(value.name.as_str(), |field| &field.label);
        format!("{label}: {}", value.value)
    });
    said.collect::<Vec<_>>().join("; ")
}
