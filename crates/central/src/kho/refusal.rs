//! Why somebody is shown nothing.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Error;

/// Why somebody is shown nothing.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nobody has signed in, or the session is over.
    NotSignedIn,
    /// The role does not do this.
    NotAllowed,
    /// There is no such thing, or not for this account: the answer is the same.
    NotFound,
    /// The request is none.
    Malformed,
    /// The file is longer than one may be.
    TooLarge,
    /// The file is no PDF.
    NotAPdf,
    /// The centre failed.
    Fault(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Fault(error)
    }
}

/// What a refusal says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Refused {
    /// One word: `not_signed_in`, `not_allowed`, `not_found`, `malformed`, `too_large`,
    /// `not_a_pdf`, `internal`.
    code: &'static str,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::NotSignedIn => (StatusCode::UNAUTHORIZED, "not_signed_in"),
            Self::NotAllowed => (StatusCode::FORBIDDEN, "not_allowed"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::NotAPdf => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_a_pdf"),
            Self::Fault(fault) => {
                tracing::error!(%fault, "a question of the repository failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "internal")
            }
        };
        let mut response = (status, Json(Refused { code })).into_response();
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        response
    }
}
