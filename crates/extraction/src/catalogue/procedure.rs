//! Procedures and code templates as they stand in the catalogue.

use domain::code::{ComponentCode, ProcedureCode, ResultTypeCode};
use domain::document::DocumentType;
use serde::Deserialize;

/// An administrative procedure (thủ tục hành chính) and what its dossiers hold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Its national code.
    pub code: ProcedureCode,
    /// Its Vietnamese name.
    pub name: String,
    /// The components of its dossiers (thành phần hồ sơ), in order.
    pub components: Vec<ProcedureComponent>,
}

/// One component of a procedure's dossiers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcedureComponent {
    /// Its Vietnamese name.
    pub name: String,
    /// Its national code, where it has one.
    #[serde(default)]
    pub code: Option<ComponentCode>,
    /// The document type that usually answers it, where that is settled.
    #[serde(default)]
    pub document_type: Option<DocumentType>,
    /// The result type, where the component is a result of an earlier procedure.
    #[serde(default)]
    pub result_type: Option<ResultTypeCode>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProceduresFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    pub(super) version: u32,
    pub(super) demonstration: bool,
    #[serde(rename = "note")]
    _note: String,
    pub(super) procedures: Vec<Procedure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeTemplatesFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    pub(super) version: u32,
    #[serde(rename = "basis")]
    _basis: String,
    pub(super) templates: CodeTemplates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeTemplates {
    pub(super) procedure_result: String,
    pub(super) other_paper: String,
}
