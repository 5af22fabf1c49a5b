//! For whom a transaction works: said at its beginning, believed by the policies of the
//! database, and forgotten with its end.

use deadpool_postgres::Object;
use domain::digest::Digest;
use uuid::Uuid;

use crate::database::{Database, Prepared as _};
use crate::error::Error;
use crate::kho::person::{Person, Role};

/// For whom a transaction works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach<'a> {
    /// A station: its own log, records and files.
    Station(i32),
    /// The turn that makes receipts.
    Sealing,
    /// A desk that comes with an invitation.
    Enrolment(&'a Digest),
    /// Whoever runs the centre.
    Steward,
    /// Whoever shows the word of a session or of a sign-in, by its digest.
    Session(&'a Digest),
    /// What is over may go.
    Sweeping,
    /// Whoever looks for objects that no row names.
    Orphans,
    /// What gives received records to other systems.
    Sharing,
    /// Whoever asks how the log stands.
    Log,
    /// Who reads all that was received again.
    Auditing,
    /// Who counts.
    Figures,
    /// A station that has a dossier of this person in hand.
    Holdings(i32, &'a str),
    /// Somebody who has signed in.
    Person(&'a Person, Sight<'a>),
}

/// What somebody who has signed in is about to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight<'a> {
    /// What the role shows by itself.
    Own,
    /// A holder, within this case.
    Case(Uuid),
    /// Whether a dossier of the own office names this holder.
    Opening(&'a str),
}

impl Reach<'_> {
    /// What the policies ask for: names and values.
    fn settings(self) -> Vec<(&'static str, String)> {
        let said = |reach: &str| ("reach", reach.to_owned());
        match self {
            Self::Station(number) => vec![said("station"), ("station", number.to_string())],
            Self::Sealing => vec![said("sealing")],
            Self::Enrolment(digest) => vec![said("enrolment"), ("invitation", digest.to_string())],
            Self::Steward => vec![said("steward")],
            Self::Session(digest) => vec![said("session"), ("session", digest.to_string())],
            Self::Sweeping => vec![said("sweeping")],
            Self::Orphans => vec![said("orphans")],
            Self::Sharing => vec![said("sharing")],
            Self::Log => vec![said("log")],
            Self::Auditing => vec![said("auditing")],
            Self::Figures => vec![said("figures")],
            Self::Holdings(station, owner_id) => vec![
                said("holdings"),
                ("station", station.to_string()),
                ("holder", owner_id.to_owned()),
            ],
            Self::Person(person, sight) => {
                let mut settings = vec![
                    ("person", person.digest.to_string()),
                    ("office", person.office.clone()),
                    ("province", person.province().to_owned()),
                ];
                match sight {
                    Sight::Own => settings.push(said(person.role.name())),
                    Sight::Case(case) => {
                        settings.extend([said("officer"), ("holder_case", case.to_string())]);
                    }
                    Sight::Opening(holder) => {
                        settings.extend([said("opening"), ("holder", holder.to_owned())]);
                    }
                }
                if person.role == Role::Holder {
                    let digest = person.holder_digest.map(|digest| digest.to_string());
                    settings.push(("holder", person.holder_id.clone()));
                    settings.push(("holder_digest", digest.unwrap_or_default()));
                }
                settings
            }
        }
    }

    fn beginning(self) -> Result<String, Error> {
        let mut sql = match self {
            // Only with the value at hand is it seen that an index fits which leaves out
            // whoever has no number.
            Self::Person(..) => {
                "BEGIN; SET LOCAL ROLE sohoa_people; SET LOCAL plan_cache_mode = force_custom_plan"
            }
            _ => "BEGIN",
        }
        .to_owned();
        for (name, value) in self.settings() {
            // Values stand in the statement itself, because all of it goes in one message; a
            // value with any other letter is nobody's.
            let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            if !value.bytes().all(harmless) {
                return Err(Error::Unstorable("a reach".to_owned()));
            }
            sql.extend(["; SET LOCAL kho.", name, " = '", &value, "'"]);
        }
        Ok(sql)
    }
}

/// A transaction that works for somebody. What is not committed never was.
pub(crate) struct Within {
    connection: Option<Object>,
}

impl Database {
    /// Begins a transaction for somebody.
    pub(crate) async fn within(&self, reach: Reach<'_>) -> Result<Within, Error> {
        let beginning = reach.beginning()?;
        let connection = self.connection().await?;
        // Held from now on: a beginning that nobody waits for any more is rolled back too.
        let within = Within {
            connection: Some(connection),
        };
        within.batch_execute(&beginning).await?;
        Ok(within)
    }
}

impl Within {
    /// Keeps what was done.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.batch_execute("COMMIT").await?;
        self.connection = None;
        Ok(())
    }

    /// What follows can be undone alone.
    pub(crate) async fn mark(&self) -> Result<(), Error> {
        Ok(self.batch_execute("SAVEPOINT attempt").await?)
    }

    /// Undoes what came after the mark.
    pub(crate) async fn back_to_mark(&self) -> Result<(), Error> {
        Ok(self.batch_execute("ROLLBACK TO SAVEPOINT attempt").await?)
    }

    /// Lets the station see the record of one document, whoever sent it, and holds off others
    /// who speak of the same one.
    pub(crate) async fn hold_document(&self, document: Uuid) -> Result<(), Error> {
        let first_bytes = document.as_u128() as i64;
        self.done(
            "SELECT pg_advisory_xact_lock($1), set_config('kho.document', $2, true)",
            &[&first_bytes, &document.to_string()],
        )
        .await?;
        Ok(())
    }
}

impl std::ops::Deref for Within {
    type Target = Object;

    fn deref(&self) -> &Object {
        self.connection
            .as_ref()
            .expect("the connection goes with the transaction")
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        let (Some(connection), Ok(runtime)) = (
            self.connection.take(),
            tokio::runtime::Handle::try_current(),
        ) else {
            return;
        };
        // Nobody gets the connection before the transaction is over.
        runtime.spawn(async move {
            if connection.batch_execute("ROLLBACK").await.is_err() {
                drop(Object::take(connection));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_says_for_whom_it_works() {
        assert_eq!(
            Reach::Station(7).beginning().unwrap(),
            "BEGIN; SET LOCAL kho.reach = 'station'; SET LOCAL kho.station = '7'"
        );
    }
}
