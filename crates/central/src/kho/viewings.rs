//! Viewings: who looked. A holder sees those of the own repository, an auditor all of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::look::{Act, Look};
use super::refusal::Refusal;
use crate::database::Prepared as _;

/// So many are shown at once.
const SHOWN: i64 = 1000;

/// Which viewings.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Before {
    /// Only those with a smaller number; the newest, where it is missing.
    before: Option<i64>,
}

/// Somebody looked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Viewing {
    /// Its number; they grow with time.
    id: i64,
    /// When.
    seen_at: DateTime<Utc>,
    /// As what: `holder`, `officer`, `supervisor`, `auditor`.
    role: String,
    /// Of which office.
    office: String,
    /// What was done.
    act: String,
    /// Within which case.
    case: Option<Uuid>,
    /// Why.
    reason: Option<String>,
    /// The keys of what was shown.
    things: Vec<Uuid>,
    /// Who, as a keyed digest; for auditors.
    person: Option<String>,
    /// Whose data, as a keyed digest; for auditors.
    holder: Option<String>,
}

/// The newest viewings that the account may see.
pub(crate) async fn list(look: Look<'_>, before: &Before) -> Result<Vec<Viewing>, Refusal> {
    // A holder learns which office looked, and not which of its officers.
    let own = look.holder.as_ref().map(|holder| holder.digest);
    let rows = look
        .within()
        .rows(
            &format!(
                "SELECT id, seen_at, role, office, act, case_id, reason, things,
                    encode(person, 'hex') AS person, encode(holder, 'hex') AS holder
                 FROM viewing WHERE id < $1 AND ($2::bytea IS NULL OR holder = $2)
                 ORDER BY id DESC LIMIT {SHOWN}"
            ),
            &[
                &before.before.unwrap_or(i64::MAX),
                &own.as_ref().map(|own| own.as_bytes().as_slice()),
            ],
        )
        .await?;
    let viewings = rows
        .iter()
        .map(|row| Viewing {
            id: row.get("id"),
            seen_at: row.get("seen_at"),
            role: row.get("role"),
            office: row.get("office"),
            act: row.get("act"),
            case: row.get("case_id"),
            reason: row.get("reason"),
            things: row.get("things"),
            person: own.is_none().then(|| row.get("person")),
            holder: own.is_none().then(|| row.get("holder")).flatten(),
        })
        .collect();
    look.shown(Act::Audited, &[], viewings).await
}
