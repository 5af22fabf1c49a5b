//! What can go wrong at the centre.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use wire::{Problem, ProblemCode};

/// What can go wrong. Texts name tables and steps, never a person.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or was not there.
    #[error("the database failed: {0}")]
    Database(String),
    /// A message holds what the database can never hold, however often it is tried.
    #[error("the database cannot hold this: {0}")]
    Unstorable(String),
    /// The role of the database sees every row, whatever its policies say.
    #[error(
        "the role of the database owns its tables or passes by their policies; serve as sohoa_application"
    )]
    Unbound,
    /// The settings for people cannot be used.
    #[error("settings: {0}")]
    Settings(String),
    /// The provider of sign-ins did not do its part.
    #[error("the provider of sign-ins: {0}")]
    Provider(&'static str),
    /// The object store failed.
    #[error("the object store failed: {0}")]
    Objects(#[from] object_store::Error),
    /// A key or certificate could not be made or read.
    #[error("keys: {0}")]
    Keys(String),
    /// A file of the centre could not be read or written.
    #[error("file: {0}")]
    File(#[from] std::io::Error),
    /// The names of fields at another system make no sense.
    #[error("names of fields: {0}")]
    Names(String),
    /// Nothing can be shared with what was named.
    #[error("outlet: {0}")]
    Outlet(String),
    /// An audit found so much that is not as it was signed.
    #[error("{0} complaints: what was received was altered")]
    Altered(u64),
    /// What lies in the database is not what was written.
    #[error("a row is damaged: {0}")]
    Damaged(&'static str),
    /// The request cannot be granted.
    #[error("refused: {}", .0.code.name())]
    Refused(Problem),
}

impl From<ProblemCode> for Error {
    fn from(code: ProblemCode) -> Self {
        Self::Refused(code.into())
    }
}

// An error of the database may repeat the values of a row.
impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let said = match error.as_db_error() {
            Some(told) => format!(
                "{} {}",
                told.code().code(),
                told.constraint().or(told.table()).unwrap_or_default()
            ),
            None if error.is_closed() => "the connection is closed".to_owned(),
            None => "no connection".to_owned(),
        };
        // Class 22: a value that is none, such as a letter that no text may have; class 54:
        // longer than an index takes; class 23: a rule of the table.
        let never = error
            .code()
            .is_some_and(|code| ["22", "23", "54"].contains(&&code.code()[..2]));
        if never {
            Self::Unstorable(said)
        } else {
            Self::Database(said)
        }
    }
}

impl From<deadpool_postgres::PoolError> for Error {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        match error {
            deadpool_postgres::PoolError::Backend(error) => error.into(),
            _ => Self::Database("no connection is free".to_owned()),
        }
    }
}

impl From<openssl::error::ErrorStack> for Error {
    fn from(error: openssl::error::ErrorStack) -> Self {
        let first = error.errors().first().and_then(|error| error.reason());
        Self::Keys(first.unwrap_or("OpenSSL failed").to_owned())
    }
}

/// How long somebody waits who came when the centre had a fault or was full.
const RETRY_AFTER_S: u32 = 5;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let problem = match self {
            Self::Refused(problem) => problem,
            fault => {
                tracing::error!(%fault, "a request failed");
                // What it leans on is away, and comes back: that is no fault of the request.
                let code = match fault {
                    Self::Database(_) | Self::Objects(_) => ProblemCode::Busy,
                    _ => ProblemCode::Internal,
                };
                Problem {
                    retry_after_s: Some(RETRY_AFTER_S),
                    ..code.into()
                }
            }
        };
        let status = match problem.code {
            ProblemCode::Malformed | ProblemCode::VersionUnknown | ProblemCode::DigestWrong => {
                StatusCode::BAD_REQUEST
            }
            ProblemCode::SignatureWrong
            | ProblemCode::NotAStation
            | ProblemCode::InvitationInvalid => StatusCode::UNAUTHORIZED,
            ProblemCode::Revoked => StatusCode::FORBIDDEN,
            ProblemCode::Unknown => StatusCode::NOT_FOUND,
            ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ProblemCode::Forked
            | ProblemCode::Superseded
            | ProblemCode::OutOfOrder
            | ProblemCode::Conflict
            | ProblemCode::OffsetWrong => StatusCode::CONFLICT,
            ProblemCode::OverQuota => StatusCode::INSUFFICIENT_STORAGE,
            ProblemCode::Busy => StatusCode::SERVICE_UNAVAILABLE,
            ProblemCode::Internal | ProblemCode::Other => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let retry_after = problem.retry_after_s;
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
