//! Sessions: whoever shows the word in the cookie is who signed in with it.

use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, Method, header, request::Parts};
use chrono::{DateTime, Utc};
use domain::digest::Digest;

use super::http::Kho;
use super::person::{Person, Role};
use super::refusal::Refusal;
use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::Reach;

/// The cookie of a session. The prefix keeps it to this host and to TLS.
pub(crate) const COOKIE: &str = "__Host-kho";
/// What a request must carry that changes something: a form of another site cannot add it.
const OWN_HEADER: &str = "x-kho";
// QCVN 12:2026/BCA: a session that nobody uses ends after 15 minutes.
const IDLE_MINUTES: i32 = 15;
const LONGEST_HOURS: i32 = 8;

/// Who has signed in, and until when.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) person: Person,
    pub(crate) digest: Digest,
    pub(crate) expires_at: DateTime<Utc>,
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

impl FromRequestParts<Kho> for Session {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, kho: &Kho) -> Result<Self, Refusal> {
        let word = cookie(&parts.headers, COOKIE).ok_or(Refusal::NotSignedIn)?;
        // The cookie does not travel from other sites; this holds where a browser lets it.
        if parts.method != Method::GET && !parts.headers.contains_key(OWN_HEADER) {
            return Err(Refusal::NotAllowed);
        }
        kho.centre
            .session(&Digest::of(word.as_bytes()))
            .await?
            .ok_or(Refusal::NotSignedIn)
    }
}

impl Centre {
    /// The session with this word, which lives on by being used.
    async fn session(&self, digest: &Digest) -> Result<Option<Session>, Error> {
        let within = self.database.within(Reach::Session(digest)).await?;
        let row = within
            .maybe(
                &format!(
                    "UPDATE session SET expires_at = least(
                        signed_in_at + make_interval(hours => {LONGEST_HOURS}),
                        now() + make_interval(mins => {IDLE_MINUTES}))
                     WHERE digest = $1 AND expires_at > now()
                     RETURNING person, role, office, holder_id, expires_at"
                ),
                &[&digest.as_bytes().as_slice()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        within.commit().await?;
        let damaged = || Error::Damaged("session");
        let person = row.get::<_, &[u8]>("person").try_into();
        let role = Role::from_name(row.get("role")).ok_or_else(damaged)?;
        let holder_id: String = row.get("holder_id");
        let person = Person {
            role,
            digest: Digest::from_bytes(person.map_err(|_| damaged())?),
            office: row.get("office"),
            holder_digest: (role == Role::Holder)
                .then(|| self.keys.digest_of("holder", &holder_id)),
            holder_id,
        };
        Ok(Some(Session {
            person,
            digest: *digest,
            expires_at: row.get("expires_at"),
        }))
    }

    /// Begins a session; the answer is its word.
    pub(crate) async fn begin_session(&self, person: &Person) -> Result<String, Error> {
        self.end_sessions().await?;
        let word = random_word()?;
        let digest = Digest::of(word.as_bytes());
        let within = self.database.within(Reach::Session(&digest)).await?;
        within
            .done(
                &format!(
                    "INSERT INTO session (digest, person, role, office, holder_id, expires_at)
                     VALUES ($1, $2, $3, $4, $5, now() + make_interval(mins => {IDLE_MINUTES}))"
                ),
                &[
                    &digest.as_bytes().as_slice(),
                    &person.digest.as_bytes().as_slice(),
                    &person.role.name(),
                    &person.office,
                    &person.holder_id,
                ],
            )
            .await?;
        within.commit().await?;
        Ok(word)
    }

    /// Ends a session.
    pub(crate) async fn end_session(&self, session: &Session) -> Result<(), Error> {
        let within = self
            .database
            .within(Reach::Session(&session.digest))
            .await?;
        within
            .done(
                "DELETE FROM session WHERE digest = $1",
                &[&session.digest.as_bytes().as_slice()],
            )
            .await?;
        within.commit().await
    }

    /// Lets go what is over.
    async fn end_sessions(&self) -> Result<(), Error> {
        let within = self.database.within(Reach::Sweeping).await?;
        for table in ["session", "sign_in"] {
            within
                .done(
                    &format!("DELETE FROM {table} WHERE expires_at < now()"),
                    &[],
                )
                .await?;
        }
        within.commit().await
    }
}

/// A word that nobody guesses.
pub(crate) fn random_word() -> Result<String, Error> {
    let mut word = [0; 32];
    getrandom::fill(&mut word).map_err(|_| Error::Keys("no randomness".to_owned()))?;
    Ok(Digest::from_bytes(word).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; __Host-khoo=2".parse().unwrap());
        assert_eq!(cookie(&headers, COOKIE), None);
        headers.append(header::COOKIE, "b=3; __Host-kho=4".parse().unwrap());
        assert_eq!(cookie(&headers, COOKIE), Some("4"));
    }
}
