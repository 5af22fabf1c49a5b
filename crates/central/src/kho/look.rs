//! Looking: what is read and the viewing that says so stand or fall together.

use domain::digest::Digest;
use uuid::Uuid;

use super::person::{Person, Role};
use super::refusal::Refusal;
use crate::Centre;
use crate::database::Prepared as _;
use crate::reach::{Reach, Sight, Within};

/// What was done, as it stands in a viewing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// A list of papers was shown.
    Listed,
    /// One paper was shown.
    Opened,
    /// A copy, or an uploaded file, was handed out.
    Copied,
    /// A list of uploaded files was shown.
    ListedUploads,
    /// A file was uploaded.
    Uploaded,
    /// A case was opened, or refused: the number that was asked for stands as its digest.
    OpenedCase,
    /// It was asked for, and there is no such dossier.
    RefusedCase,
    /// The own cases were shown.
    ListedCases,
    /// A case was closed.
    ClosedCase,
    /// Counts were shown.
    Counted,
    /// Viewings were shown.
    Audited,
}

impl Act {
    const fn name(self) -> &'static str {
        match self {
            Self::Listed => "listed",
            Self::Opened => "opened",
            Self::Copied => "copied",
            Self::ListedUploads => "listed_uploads",
            Self::Uploaded => "uploaded",
            Self::OpenedCase => "opened_case",
            Self::RefusedCase => "refused_case",
            Self::ListedCases => "listed_cases",
            Self::ClosedCase => "closed_case",
            Self::Counted => "counted",
            Self::Audited => "audited",
        }
    }
}

/// A transaction in which somebody looks.
pub(crate) struct Look<'a> {
    person: &'a Person,
    within: Within,
    /// Whose repository it is, for holders and within a case.
    pub(crate) holder: Option<Holder>,
    case: Option<Uuid>,
    reason: Option<String>,
}

/// Whose repository is looked at.
#[derive(Clone)]
pub(crate) struct Holder {
    pub(crate) id: String,
    pub(crate) digest: Digest,
}

impl Centre {
    /// Begins to look. An officer's case is looked up first: one that is over, closed or
    /// somebody else's is not found.
    pub(crate) async fn look<'a>(
        &self,
        person: &'a Person,
        sight: Sight<'_>,
    ) -> Result<Look<'a>, Refusal> {
        if sight != Sight::Own && person.role != Role::Officer {
            return Err(Refusal::NotAllowed);
        }
        let within = self
            .database
            .within(Reach::Person(person, sight))
            .await
            .map_err(|error| match error {
                // A number with a letter that no number has belongs to nobody.
                crate::Error::Unstorable(_) => Refusal::Malformed,
                error => error.into(),
            })?;
        let mut look = Look {
            person,
            within,
            holder: None,
            case: None,
            reason: None,
        };
        match sight {
            Sight::Own => {
                look.holder = person.holder_digest.map(|digest| Holder {
                    id: person.holder_id.clone(),
                    digest,
                });
            }
            Sight::Opening(id) => look.holder = Some(self.holder(id)),
            Sight::Case(case) => {
                let row = look
                    .within
                    .maybe(
                        "SELECT holder_id, reason FROM holder_case
                         WHERE id = $1 AND closed_at IS NULL AND expires_at > now()",
                        &[&case],
                    )
                    .await?;
                let row = row.ok_or(Refusal::NotFound)?;
                look.holder = Some(self.holder(row.get(0)));
                look.reason = Some(row.get(1));
                look.case = Some(case);
            }
        }
        Ok(look)
    }

    fn holder(&self, id: &str) -> Holder {
        Holder {
            id: id.to_owned(),
            digest: self.keys.digest_of("holder", id),
        }
    }
}

impl Look<'_> {
    /// The transaction.
    pub(crate) fn within(&self) -> &Within {
        &self.within
    }

    /// Whose repository it is.
    pub(crate) fn whose(&self) -> Result<&Holder, Refusal> {
        self.holder.as_ref().ok_or(Refusal::NotAllowed)
    }

    /// Names the case that was just opened.
    pub(crate) fn within_case(&mut self, case: Uuid, reason: &str) {
        self.case = Some(case);
        self.reason = Some(reason.to_owned());
    }

    /// Gives out what was read, once the viewing is written and both are kept.
    pub(crate) async fn shown<T>(self, act: Act, things: &[Uuid], value: T) -> Result<T, Refusal> {
        let holder = self.holder.as_ref().map(|holder| holder.digest);
        self.within
            .done(
                "INSERT INTO viewing (person, role, office, act, holder, case_id, reason, things)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                &[
                    &self.person.digest.as_bytes().as_slice(),
                    &self.person.role.name(),
                    &self.person.office,
                    &act.name(),
                    &holder.as_ref().map(|holder| holder.as_bytes().as_slice()),
                    &self.case,
                    &self.reason,
                    &things,
                ],
            )
            .await?;
        self.within.commit().await?;
        Ok(value)
    }
}
