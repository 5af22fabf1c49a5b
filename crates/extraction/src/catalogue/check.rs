//! Checks a form file that somebody wrote: against the schema and against what the
//! catalogue asks for beyond it.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::Value;

use crate::catalogue::Catalogue;
use crate::catalogue::form::Form;
use crate::catalogue::lists::Lists;
use crate::catalogue::rule::Rule;
use crate::error::Error;

const SCHEMA: &str = include_str!("../../../../forms/schema/form.schema.json");

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let schema = serde_json::from_str(SCHEMA).expect("a test validates with this schema");
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("a test validates with this schema")
});

/// The fields that every digitised paper has, beside the type code, which is the
/// form's own.
// Circular 01/2023/TT-VPCP, art. 9.
const BASIC_FIELDS: [&str; 10] = [
    "owner_id",
    "title",
    "number",
    "issued_on",
    "issuer",
    "summary",
    "valid_until",
    "scope",
    "owner_name",
    "owner_birth_date",
];

/// What is wrong with a form file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, {place}: {what}")]
pub struct FormFault {
    /// The file.
    pub file: String,
    /// `line 12, column 7`, or the way from the top: `/fields/3/find/0`.
    pub place: String,
    /// What is wrong there, in one sentence.
    pub what: String,
}

/// Reads a form file and says what is wrong with it, if anything is.
pub fn check_form(file: &str, text: &str) -> Result<Form, FormFault> {
    let fault = |place: String, what: String| FormFault {
        file: file.to_owned(),
        place: if place.is_empty() {
            "/".to_owned()
        } else {
            place
        },
        what: what.trim_end_matches('.').to_owned(),
    };
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        fault(place, "this is not JSON".to_owned())
    })?;
    if let Some(error) = VALIDATOR.iter_errors(&value).next() {
        let place = error.instance_path().to_string();
        let rule = value.pointer(&place).filter(|_| is_rule(&place));
        // A rule breaks every alternative of the schema; its own kind says which part.
        let what = rule
            .and_then(|rule| serde_json::from_value::<Rule>(rule.clone()).err())
            .map_or_else(|| error.masked().to_string(), |error| error.to_string());
        return Err(fault(place, what));
    }
    let form = Form::parse(file, text, &Lists::default()).map_err(|error| match &error {
        Error::UnknownName { name, .. } => fault(
            place_of(&value, name).unwrap_or_default(),
            format!("{name:?} is named here and defined nowhere in the form"),
        ),
        Error::Twice { name, .. } => fault(
            "/fields".to_owned(),
            format!("{name:?} is defined a second time"),
        ),
        Error::Malformed { source, .. } => fault(
            format!("line {}, column {}", source.line(), source.column()),
            source.to_string(),
        ),
        other => fault(String::new(), other.to_string()),
    })?;
    let lacking = BASIC_FIELDS.iter().find(|name| {
        !form
            .fields
            .iter()
            .any(|field| field.name.as_str() == **name)
    });
    if let Some(name) = lacking {
        let what = format!("the basic field {name:?} is missing");
        return Err(fault("/fields".to_owned(), what));
    }
    let builtin = Catalogue::builtin();
    let serves_all = builtin.fallback().document_type == form.document_type;
    if form.fallback != serves_all {
        let what = format!(
            "the one fallback form is {:?}",
            builtin.fallback().document_type.as_str()
        );
        return Err(fault("/fallback".to_owned(), what));
    }
    Ok(form)
}

/// `/fields/3/find/0` and `/fields/3/same_as/0`.
fn is_rule(place: &str) -> bool {
    let parts: Vec<&str> = place.split('/').collect();
    matches!(parts.as_slice(), ["", "fields", _, "find" | "same_as", _])
}

/// The way to a text within the rules and landmarks of a form, but for where a
/// field or landmark says its own name.
fn place_of(value: &Value, text: &str) -> Option<String> {
    match value {
        Value::Object(entries) => entries.iter().find_map(|(key, inner)| {
            let named = match inner {
                Value::String(found) => key != "name" && (found == text || is_part(found, text)),
                _ => false,
            };
            if named {
                return Some(format!("/{key}"));
            }
            place_of(inner, text).map(|rest| format!("/{key}{rest}"))
        }),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, inner)| place_of(inner, text).map(|rest| format!("/{index}{rest}"))),
        _ => None,
    }
}

/// A template names a field in braces.
fn is_part(template: &str, name: &str) -> bool {
    template.contains(&format!("{{{name}}}"))
}
