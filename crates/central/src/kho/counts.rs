//! Counts: what a supervisor sees.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::look::{Act, Look};
use super::refusal::Refusal;
use crate::database::Prepared as _;

/// From which day to which.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Days {
    /// The first.
    from: NaiveDate,
    /// The last.
    until: NaiveDate,
}

/// How many papers of a kind an office sent on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Count {
    office: String,
    day: NaiveDate,
    kind: String,
    papers: i64,
}

/// Papers per office, day and kind.
pub(crate) async fn list(look: Look<'_>, days: &Days) -> Result<Vec<Count>, Refusal> {
    let rows = look
        .within()
        .rows(
            "SELECT office, day, kind, papers FROM tally WHERE day BETWEEN $1 AND $2
             ORDER BY office, day, kind LIMIT 100000",
            &[&days.from, &days.until],
        )
        .await?;
    let counts = rows
        .iter()
        .map(|row| Count {
            office: row.get("office"),
            day: row.get("day"),
            kind: row.get("kind"),
            papers: row.get("papers"),
        })
        .collect();
    look.shown(Act::Counted, &[], counts).await
}
