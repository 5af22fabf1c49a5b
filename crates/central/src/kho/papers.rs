//! Papers: the list of a holder's, and one with its progress, history and descriptive data.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::look::{Act, Look};
use super::refusal::Refusal;
use crate::database::Prepared as _;

/// So many papers are shown at once; more are found by words.
const SHOWN: i64 = 500;
/// No search is longer.
const WORDS_LIMIT: usize = 200;

/// What is looked for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    /// Part of a kind, number, code or dossier; everything, where it is empty.
    #[serde(default)]
    words: String,
    /// An officer's case in hand.
    #[serde(default)]
    pub(crate) case: Option<Uuid>,
}

/// One paper in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaperLine {
    /// The document, for ever.
    document: Uuid,
    /// Its type.
    kind: String,
    /// Whether it is the result of a procedure.
    // Circular 01/2023/TT-VPCP, art. 24(d): the result.
    is_result: bool,
    /// Number and symbol.
    number: String,
    /// The digitisation code; provisional until the centre has received everything.
    code: String,
    /// The office that digitised it.
    office: String,
    /// The code or number of its dossier.
    dossier: String,
    /// The procedure.
    procedure: String,
    /// When the office received the dossier.
    dossier_received_at: Option<DateTime<Utc>>,
    /// `announced` or `received`.
    state: String,
    /// When the centre had all of it.
    received_at: Option<DateTime<Utc>>,
    /// Whether there is an electronic copy to open.
    has_copy: bool,
}

/// One paper.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Paper {
    #[serde(flatten)]
    line: PaperLine,
    /// Whose paper it is, by number.
    // Circular 01/2023/TT-VPCP, art. 24(a): the identification of applicant and owner.
    owner: String,
    /// Who handed the dossier in, where that is whose repository this is.
    applicant: Option<Applicant>,
    /// The component of the dossier that it answers.
    component: Option<String>,
    /// What is known of it.
    // Circular 01/2023/TT-VPCP, art. 24(e): descriptive data.
    fields: Vec<NamedValue>,
    /// What happened to it, the oldest first.
    // Circular 01/2023/TT-VPCP, art. 24(c): progress and history.
    history: Vec<Step>,
}

/// Who handed a dossier in.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Applicant {
    /// Personal number or tax code.
    id: Option<String>,
    /// The name.
    name: Option<String>,
    /// The day of birth.
    birth_on: Option<NaiveDate>,
}

/// One value.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct NamedValue {
    /// The field.
    name: String,
    /// Its value.
    value: String,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Step {
    /// `dossier_received`, `deposited`, `announced` or `received`.
    what: &'static str,
    /// When; `deposited` by the clock of the desk.
    at: DateTime<Utc>,
    /// Of which version.
    version: i32,
}

const COLUMNS: &str = "r.document_id, r.version, r.document_type, r.code_base, r.code_ordinal,
    r.office, r.procedure, r.state, r.received_at, r.announced_at, r.owner_id, r.dossier_owner_id,
    r.body #>> '{record,code,kind}' AS code_kind, r.body #>> '{record,code,number}' AS number,
    coalesce(r.body #>> '{dossier,code}', r.body #>> '{dossier,provisional_number}') AS dossier,
    (r.body #>> '{dossier,received_at}')::timestamptz AS dossier_received_at,
    (r.body #>> '{record,deposited_at}')::timestamptz AS deposited_at,
    r.state = 'received' AND EXISTS (SELECT FROM record_file f
        WHERE f.record_id = r.id AND f.role = 'copy') AS has_copy";

impl PaperLine {
    fn from_row(row: &Row) -> Self {
        let code: String = row.get("code_base");
        let text = |column: &str| row.get::<_, Option<String>>(column).unwrap_or_default();
        Self {
            document: row.get("document_id"),
            kind: row.get("document_type"),
            is_result: row.get::<_, Option<&str>>("code_kind") == Some("procedure_result"),
            number: text("number"),
            code: match row.get::<_, Option<i32>>("code_ordinal") {
                Some(ordinal) => crate::receipts::final_code(&code, ordinal),
                None => code,
            },
            office: row.get("office"),
            dossier: text("dossier"),
            procedure: row.get("procedure"),
            dossier_received_at: row.get("dossier_received_at"),
            state: row.get("state"),
            received_at: row.get("received_at"),
            has_copy: row.get("has_copy"),
        }
    }
}

/// The latest version of each paper in which the words occur, the newest first.
pub(crate) async fn list(look: Look<'_>, search: &Search) -> Result<Vec<PaperLine>, Refusal> {
    if search.words.len() > WORDS_LIMIT {
        return Err(Refusal::Malformed);
    }
    let rows = look
        .within()
        .rows(
            &format!(
                "SELECT * FROM (SELECT DISTINCT ON (r.document_id) {COLUMNS} FROM record r
                    WHERE (r.owner_id = $1 OR r.dossier_owner_id = $1) AND r.state <> 'conflict'
                    ORDER BY r.document_id, r.version DESC) AS latest
                 WHERE strpos(lower(concat_ws(' ', document_type, number, code_base, dossier,
                    procedure, office)), lower($2)) > 0
                 ORDER BY coalesce(received_at, announced_at) DESC LIMIT {SHOWN}"
            ),
            &[&look.whose()?.id, &search.words.trim()],
        )
        .await?;
    let lines: Vec<PaperLine> = rows.iter().map(PaperLine::from_row).collect();
    let things: Vec<Uuid> = lines.iter().map(|line| line.document).collect();
    look.shown(Act::Listed, &things, lines).await
}

/// One paper.
pub(crate) async fn open(look: Look<'_>, document: Uuid) -> Result<Paper, Refusal> {
    let holder = look.whose()?.id.clone();
    let rows = look
        .within()
        .rows(
            &format!(
                "SELECT {COLUMNS}, r.body #> '{{record,fields}}' AS fields,
                    r.body #> '{{dossier,owner}}' AS applicant,
                    r.body #>> '{{dossier,component,name}}' AS component
                 FROM record r WHERE r.document_id = $1 AND r.state <> 'conflict'
                    AND (r.owner_id = $2 OR r.dossier_owner_id = $2)
                 ORDER BY r.version"
            ),
            &[&document, &holder],
        )
        .await?;
    let latest = rows.last().ok_or(Refusal::NotFound)?;
    let first = rows.first().ok_or(Refusal::NotFound)?;
    // Who handed a dossier in is nobody else's to see, though the paper may be theirs.
    let applicant = (latest.get::<_, &str>("dossier_owner_id") == holder)
        .then(|| latest.get::<_, Option<Json<Applicant>>>("applicant"))
        .flatten();
    let fields: Option<Json<Vec<NamedValue>>> = latest.get("fields");
    let step = |what: &'static str, row: &Row, column: &str| {
        row.get::<_, Option<DateTime<Utc>>>(column).map(|at| Step {
            what,
            at,
            version: row.get("version"),
        })
    };
    let mut history: Vec<Step> = step("dossier_received", first, "dossier_received_at")
        .into_iter()
        .collect();
    for row in &rows {
        history.extend(step("deposited", row, "deposited_at"));
        history.extend(step("announced", row, "announced_at"));
        history.extend(step("received", row, "received_at"));
    }
    let paper = Paper {
        line: PaperLine::from_row(latest),
        owner: latest.get("owner_id"),
        applicant: applicant.map(|Json(applicant)| applicant),
        component: latest.get("component"),
        fields: fields.map(|Json(fields)| fields).unwrap_or_default(),
        history,
    };
    look.shown(Act::Opened, &[document], paper).await
}
