//! What is called how elsewhere. The names are data, because a circular may change them.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::connectors::{Fault, Shared};
use crate::error::Error;

const BUILT_IN: &str = include_str!("../../../../forms/sharing.json");
const VERSION: u32 = 1;
/// Days begin at midnight in Vietnam, UTC+7.
const VIETNAM_S: i32 = 7 * 3600;

/// The messages that another system takes for one record, in their order.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Mapping {
    version: u32,
    pub(crate) file: FilePath,
    messages: Vec<Message>,
}

/// Where a file goes; `{sha256}` stands for its digest.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct FilePath {
    pub(crate) path: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Message {
    name: String,
    path: String,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, Deserialize)]
struct Field {
    name: String,
    #[serde(default)]
    required: bool,
    #[serde(flatten)]
    content: Content,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    /// Something known of the record, by another word where `cases` has one for it.
    From {
        from: String,
        #[serde(default)]
        cases: BTreeMap<String, Value>,
    },
    /// Always the same.
    Value { value: Value },
    /// A list of one.
    Fields { fields: Vec<Field> },
}

/// A message as it goes out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) body: Value,
}

impl Mapping {
    pub(crate) fn built_in() -> Result<Self, Error> {
        Self::read(BUILT_IN)
    }

    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        let mapping: Self =
            serde_json::from_str(text).map_err(|error| Error::Names(error.to_string()))?;
        if mapping.version != VERSION {
            return Err(Error::Names("their version is unknown".to_owned()));
        }
        let unknown = mapping
            .messages
            .iter()
            .find_map(|message| unknown(&message.fields));
        match unknown {
            Some(word) => Err(Error::Names(format!("nothing is known as {word}"))),
            None => Ok(mapping),
        }
    }

    /// What goes out for a record; or which field it lacks that must be there.
    pub(crate) fn messages(&self, record: &Shared) -> Result<Vec<Outgoing>, Fault> {
        let messages = self.messages.iter().map(|message| {
            Ok(Outgoing {
                name: message.name.clone(),
                path: message.path.clone(),
                body: object(&message.fields, record)?,
            })
        });
        messages.collect()
    }
}

fn unknown(fields: &[Field]) -> Option<String> {
    fields.iter().find_map(|field| match &field.content {
        Content::From { from, .. } => {
            let known = KNOWN.contains(&from.as_str()) || from.starts_with("field:");
            (!known).then(|| from.clone())
        }
        Content::Value { .. } => None,
        Content::Fields { fields } => unknown(fields),
    })
}

fn object(fields: &[Field], record: &Shared) -> Result<Value, Fault> {
    let mut object = Map::new();
    for field in fields {
        let value = match &field.content {
            Content::Value { value } => Some(value.clone()),
            Content::Fields { fields } => Some(vec![self::object(fields, record)?].into()),
            Content::From { from, cases } => {
                known(from, record).map(|word| match cases.get(&word) {
                    Some(other) => other.clone(),
                    None => word.into(),
                })
            }
        };
        match value {
            Some(value) => drop(object.insert(field.name.clone(), value)),
            None if field.required => {
                return Err(Fault::Never(format!("{} is missing", field.name)));
            }
            None => {}
        }
    }
    Ok(object.into())
}

/// What may be asked for besides `field:…`.
const KNOWN: &[&str] = &[
    "code",
    "component_code",
    "component_name",
    "digitised_on",
    "document_type",
    "dossier_code",
    "file_id",
    "file_name",
    "file_sha256",
    "office",
    "owner_birth_on",
    "owner_id",
    "owner_kind",
    "owner_name",
    "paper_code",
    "procedure",
    "received_on",
    "submitted_as",
];

/// What is known of a record under a word, if anything is.
fn known(word: &str, shared: &Shared) -> Option<String> {
    let submission = &shared.submission;
    let (record, dossier) = (&submission.record, &submission.dossier);
    let component = dossier.component.as_ref();
    let code = &record.code;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if let Some(name) = word.strip_prefix("field:") {
        let field = record.fields.iter().find(|field| field.name == name)?;
        return text(&field.value);
    }
    let owner_id = || dossier.owner.id.clone().or_else(|| text(&code.owner_id));
    match word {
        "code" => text(&shared.code),
        "component_code" => component.and_then(|component| component.code.clone()),
        "component_name" => component.and_then(|component| text(&component.name)),
        "digitised_on" => Some(day(record.deposited_at)),
        "document_type" => text(&record.document_type),
        "dossier_code" => dossier.code.clone(),
        "file_id" | "file_sha256" => Some(shared.pdf_sha256.to_string()),
        "file_name" => Some(format!("{}.pdf", record.local_code)),
        "office" => text(&submission.office),
        "owner_birth_on" => dossier.owner.birth_on.map(written),
        "owner_id" => owner_id(),
        // A personal number has 12 digits, a tax code 10, with its branch 13 and a dash.
        "owner_kind" => owner_id().map(|id| {
            let kind = if id.len() == 12 {
                "personal"
            } else {
                "organisation"
            };
            kind.to_owned()
        }),
        "owner_name" => dossier.owner.name.clone(),
        "paper_code" => text(&code.result_type).or_else(|| text(&code.component)),
        "procedure" => dossier.procedure.clone().or_else(|| text(&code.procedure)),
        "received_on" => Some(day(dossier.received_at)),
        "submitted_as" => component.map(|component| component.submitted_as.clone()),
        _ => None,
    }
}

fn day(at: DateTime<Utc>) -> String {
    let there = FixedOffset::east_opt(VIETNAM_S).expect("seven hours are an offset");
    written(at.with_timezone(&there).date_naive())
}

fn written(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_that_come_with_the_program_are_known() {
        let mapping = Mapping::built_in().unwrap();
        assert_eq!(mapping.messages.len(), 3);
    }

    #[test]
    fn names_that_nobody_knows_are_refused() {
        let check = |text: &str, why: &str| {
            let refused = Mapping::read(text).unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}");
        };
        check(
            r#"{"version":2,"file":{"path":"f"},"messages":[]}"#,
            "version",
        );
        check(r#"{"version":1,"messages":[]}"#, "file");
        let field = r#"{"version":1,"file":{"path":"f"},"messages":[{"name":"a","path":"b",
            "fields":[{"name":"X","fields":[{"name":"Y","from":"the_weather"}]}]}]}"#;
        check(field, "the_weather");
    }
}
