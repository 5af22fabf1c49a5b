//! The HTTP interface of the repository, which describes itself.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, middleware};
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::cases::{self, Case, OpenCase};
use super::copies;
use super::counts::{self, Count, Days};
use super::page;
use super::papers::{self, Paper, PaperLine, Search};
use super::person::{Person, Role};
use super::refusal::{Refusal, Refused};
use super::sessions::{COOKIE, Session, cookie};
use super::settings::Settings;
use super::uploads::{self, FILE_LIMIT_BYTES, Upload};
use super::viewings::{self, Before, Viewing};
use crate::Centre;
use crate::reach::Sight;

/// What a request needs.
#[derive(Clone)]
pub(crate) struct Kho {
    pub(crate) centre: Centre,
    pub(crate) settings: Arc<Settings>,
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Kho quản lý dữ liệu điện tử",
    description = "The repository of an organisation or individual (Circular 01/2023/TT-VPCP, art. 24)."
))]
struct Description;

/// The description and the routes, from one list.
fn described() -> (Router<Kho>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(me))
        .routes(routes!(sign_out))
        .routes(routes!(find))
        .routes(routes!(paper))
        .routes(routes!(copy))
        .routes(routes!(list_uploads, upload))
        .routes(routes!(uploaded))
        .routes(routes!(list_cases, open_case))
        .routes(routes!(close_case))
        .routes(routes!(count))
        .routes(routes!(list_viewings))
        .split_for_parts()
}

pub(crate) fn router(centre: Centre, settings: Settings) -> Router {
    let (routes, description) = described();
    let description = Arc::new(description);
    let kho = Kho {
        centre,
        settings: Arc::new(settings),
    };
    routes
        .route(
            "/kho/openapi.json",
            axum::routing::get(move || async move { Json((*description).clone()) }),
        )
        .route("/kho/sign-in", axum::routing::get(sign_in))
        .route("/kho/signed-in", axum::routing::get(signed_in))
        .merge(page::router())
        .layer(middleware::map_response(guarded))
        .with_state(kho)
}

/// Nothing that was shown stays in a cache, and no other site embeds it.
async fn guarded(mut response: Response) -> Response {
    const SAID: [(HeaderName, &str); 5] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, page::POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
    ];
    for (name, value) in SAID {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

/// No question is longer, but for a file.
const QUESTION_LIMIT_BYTES: usize = 64 << 10;
/// Who needs longer for a file begins anew.
const BODY_PATIENCE: Duration = Duration::from_mins(10);

async fn taken(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    tokio::time::timeout(BODY_PATIENCE, to_bytes(body, limit))
        .await
        .map_err(|_| Refusal::Malformed)?
        .map(Into::into)
        .map_err(|_| Refusal::TooLarge)
}

async fn question<T: DeserializeOwned>(body: Body) -> Result<T, Refusal> {
    let body = taken(body, QUESTION_LIMIT_BYTES).await?;
    serde_json::from_slice(&body).map_err(|_| Refusal::Malformed)
}

/// Within which case an officer looks.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Within {
    /// An officer's case in hand.
    case: Option<Uuid>,
}

fn sight(person: &Person, case: Option<Uuid>) -> Result<Sight<'static>, Refusal> {
    match (person.role, case) {
        (Role::Holder, None) => Ok(Sight::Own),
        (Role::Officer, Some(case)) => Ok(Sight::Case(case)),
        _ => Err(Refusal::NotAllowed),
    }
}

fn only(person: &Person, roles: &[Role]) -> Result<Sight<'static>, Refusal> {
    if roles.contains(&person.role) {
        Ok(Sight::Own)
    } else {
        Err(Refusal::NotAllowed)
    }
}

/// Who has signed in.
#[derive(Serialize, ToSchema)]
struct Me {
    /// `holder`, `officer`, `supervisor` or `auditor`.
    role: &'static str,
    /// The agency code of the office.
    office: String,
    /// When the session ends, if it is not used.
    expires_at: DateTime<Utc>,
}

/// Who has signed in.
#[utoipa::path(get, path = "/kho/v1/me", responses((status = 200, body = Me), (status = 401, body = Refused)))]
async fn me(session: Session) -> Json<Me> {
    Json(Me {
        role: session.person.role.name(),
        office: session.person.office,
        expires_at: session.expires_at,
    })
}

/// Ends the session.
#[utoipa::path(post, path = "/kho/v1/sign-out", responses((status = 204), (status = 401, body = Refused)))]
async fn sign_out(State(kho): State<Kho>, session: Session) -> Result<Response, Refusal> {
    kho.centre.end_session(&session).await?;
    let over = set_cookie(COOKIE, "", "Strict", 0);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, over)]).into_response())
}

/// Papers of a holder: the own ones, or those of the holder of a case in hand.
#[utoipa::path(post, path = "/kho/v1/papers/search", request_body = Search,
    responses((status = 200, body = Vec<PaperLine>), (status = 401, body = Refused), (status = 403, body = Refused), (status = 404, body = Refused)))]
async fn find(
    State(kho): State<Kho>,
    session: Session,
    body: Body,
) -> Result<Json<Vec<PaperLine>>, Refusal> {
    let search: Search = question(body).await?;
    let sight = sight(&session.person, search.case)?;
    let look = kho.centre.look(&session.person, sight).await?;
    papers::list(look, &search).await.map(Json)
}

/// One paper with its descriptive data, progress and history.
#[utoipa::path(get, path = "/kho/v1/papers/{document}", params(("document" = Uuid, Path), Within),
    responses((status = 200, body = Paper), (status = 401, body = Refused), (status = 403, body = Refused), (status = 404, body = Refused)))]
async fn paper(
    State(kho): State<Kho>,
    session: Session,
    Path(document): Path<Uuid>,
    Query(within): Query<Within>,
) -> Result<Json<Paper>, Refusal> {
    let sight = sight(&session.person, within.case)?;
    let look = kho.centre.look(&session.person, sight).await?;
    papers::open(look, document).await.map(Json)
}

/// The electronic copy of a paper.
#[utoipa::path(get, path = "/kho/v1/papers/{document}/copy", params(("document" = Uuid, Path), Within),
    responses((status = 200, content_type = "application/pdf"), (status = 401, body = Refused), (status = 403, body = Refused), (status = 404, body = Refused)))]
async fn copy(
    State(kho): State<Kho>,
    session: Session,
    Path(document): Path<Uuid>,
    Query(within): Query<Within>,
) -> Result<Response, Refusal> {
    let sight = sight(&session.person, within.case)?;
    let look = kho.centre.look(&session.person, sight).await?;
    let file = copies::of_paper(look, document).await?;
    kho.centre.hand_out(file).await
}

/// Signed files that the holder added.
#[utoipa::path(get, path = "/kho/v1/uploads", params(Within),
    responses((status = 200, body = Vec<Upload>), (status = 401, body = Refused), (status = 403, body = Refused), (status = 404, body = Refused)))]
async fn list_uploads(
    State(kho): State<Kho>,
    session: Session,
    Query(within): Query<Within>,
) -> Result<Json<Vec<Upload>>, Refusal> {
    let sight = sight(&session.person, within.case)?;
    let look = kho.centre.look(&session.person, sight).await?;
    uploads::list(look).await.map(Json)
}

/// What a file is called, as JSON text in ASCII: a header holds no other letters.
const TITLE_HEADER: &str = "x-kho-title";

/// Adds a signed file.
#[utoipa::path(post, path = "/kho/v1/uploads", request_body(content_type = "application/pdf"),
    params(("x-kho-title" = Option<String>, Header, description = "What it is called, as a JSON string in ASCII")),
    responses((status = 201, body = Upload), (status = 401, body = Refused), (status = 403, body = Refused), (status = 413, body = Refused), (status = 415, body = Refused)))]
async fn upload(
    State(kho): State<Kho>,
    session: Session,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Upload>), Refusal> {
    only(&session.person, &[Role::Holder])?;
    let title: String = match headers.get(TITLE_HEADER) {
        Some(title) => serde_json::from_slice(title.as_bytes()).map_err(|_| Refusal::Malformed)?,
        None => String::new(),
    };
    let pdf = taken(body, FILE_LIMIT_BYTES).await?;
    let upload = kho
        .centre
        .upload(&kho.settings, &session.person, &title, pdf)
        .await?;
    Ok((StatusCode::CREATED, Json(upload)))
}

/// One of them.
#[utoipa::path(get, path = "/kho/v1/uploads/{upload}/file", params(("upload" = Uuid, Path), Within),
    responses((status = 200, content_type = "application/pdf"), (status = 401, body = Refused), (status = 403, body = Refused), (status = 404, body = Refused)))]
async fn uploaded(
    State(kho): State<Kho>,
    session: Session,
    Path(upload): Path<Uuid>,
    Query(within): Query<Within>,
) -> Result<Response, Refusal> {
    let sight = sight(&session.person, within.case)?;
    let look = kho.centre.look(&session.person, sight).await?;
    let file = uploads::file(look, upload).await?;
    kho.centre.hand_out(file).await
}

/// The officer's cases in hand.
#[utoipa::path(get, path = "/kho/v1/cases",
    responses((status = 200, body = Vec<Case>), (status = 401, body = Refused), (status = 403, body = Refused)))]
async fn list_cases(State(kho): State<Kho>, session: Session) -> Result<Json<Vec<Case>>, Refusal> {
    let sight = only(&session.person, &[Role::Officer])?;
    let look = kho.centre.look(&session.person, sight).await?;
    cases::list(look).await.map(Json)
}

/// Takes a case in hand: a dossier of the own office, and the holder that it names.
#[utoipa::path(post, path = "/kho/v1/cases", request_body = OpenCase,
    responses((status = 201, body = Case), (status = 401, body = Refused), (status = 403, body = Refused), (status = 404, body = Refused)))]
async fn open_case(
    State(kho): State<Kho>,
    session: Session,
    body: Body,
) -> Result<(StatusCode, Json<Case>), Refusal> {
    only(&session.person, &[Role::Officer])?;
    let asked: OpenCase = question(body).await?;
    let sight = Sight::Opening(&asked.holder);
    let look = kho.centre.look(&session.person, sight).await?;
    let case = cases::open(look, &session.person, &asked).await?;
    Ok((StatusCode::CREATED, Json(case)))
}

/// Closes a case.
#[utoipa::path(post, path = "/kho/v1/cases/{case}/close", params(("case" = Uuid, Path)),
    responses((status = 204), (status = 401, body = Refused), (status = 403, body = Refused), (status = 404, body = Refused)))]
async fn close_case(
    State(kho): State<Kho>,
    session: Session,
    Path(case): Path<Uuid>,
) -> Result<StatusCode, Refusal> {
    let sight = sight(&session.person, Some(case))?;
    let look = kho.centre.look(&session.person, sight).await?;
    cases::close(look, case).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Papers per office, day and kind.
#[utoipa::path(get, path = "/kho/v1/counts", params(Days),
    responses((status = 200, body = Vec<Count>), (status = 401, body = Refused), (status = 403, body = Refused)))]
async fn count(
    State(kho): State<Kho>,
    session: Session,
    Query(days): Query<Days>,
) -> Result<Json<Vec<Count>>, Refusal> {
    let sight = only(&session.person, &[Role::Supervisor])?;
    let look = kho.centre.look(&session.person, sight).await?;
    counts::list(look, &days).await.map(Json)
}

/// Who looked: at the own repository, or for an auditor at any.
#[utoipa::path(get, path = "/kho/v1/viewings", params(Before),
    responses((status = 200, body = Vec<Viewing>), (status = 401, body = Refused), (status = 403, body = Refused)))]
async fn list_viewings(
    State(kho): State<Kho>,
    session: Session,
    Query(before): Query<Before>,
) -> Result<Json<Vec<Viewing>>, Refusal> {
    let sight = only(&session.person, &[Role::Holder, Role::Auditor])?;
    let look = kho.centre.look(&session.person, sight).await?;
    viewings::list(look, &before).await.map(Json)
}

/// The cookie of a sign-in that has not come back. It comes along when the provider sends the
/// browser back, which that of a session does not.
const SIGN_IN_COOKIE: &str = "__Host-kho-sign-in";
const SIGN_IN_SECONDS: u32 = 600;
/// A session ends at the centre; this is only how long a browser keeps its word.
const SESSION_SECONDS: u32 = 8 * 3600;

fn set_cookie(name: &str, value: &str, same_site: &str, seconds: u32) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite={same_site}; Max-Age={seconds}")
}

fn to(url: &str, cookies: &[String]) -> Result<Response, Refusal> {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let value = |text: &str| HeaderValue::try_from(text).map_err(|_| Refusal::Malformed);
    response.headers_mut().insert(header::LOCATION, value(url)?);
    for cookie in cookies {
        response
            .headers_mut()
            .append(header::SET_COOKIE, value(cookie)?);
    }
    Ok(response)
}

async fn sign_in(State(kho): State<Kho>) -> Result<Response, Refusal> {
    let beginning = kho.centre.begin_sign_in(&kho.settings).await?;
    let known = set_cookie(SIGN_IN_COOKIE, &beginning.state, "Lax", SIGN_IN_SECONDS);
    to(&beginning.url, &[known])
}

/// What the provider sends along.
#[derive(Deserialize)]
struct Back {
    state: Option<String>,
    code: Option<String>,
}

async fn signed_in(
    State(kho): State<Kho>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, Refusal> {
    let over = set_cookie(SIGN_IN_COOKIE, "", "Lax", 0);
    let nobody = |why: &str| to(&format!("/kho/#{why}"), std::slice::from_ref(&over));
    let (Some(state), Some(code)) = (back.state, back.code) else {
        return nobody("sign_in_failed");
    };
    // A sign-in that another browser began is not this one's.
    if cookie(&headers, SIGN_IN_COOKIE) != Some(state.as_str()) {
        return nobody("sign_in_failed");
    }
    let person = kho.centre.end_sign_in(&kho.settings, &state, &code).await;
    match person {
        Ok(Some(person)) => {
            let word = kho.centre.begin_session(&person).await?;
            let session = set_cookie(COOKIE, &word, "Strict", SESSION_SECONDS);
            to("/kho/", &[session, over.clone()])
        }
        Ok(None) => nobody("no_account"),
        Err(crate::Error::Provider(why)) => {
            tracing::warn!(why, "a sign-in failed");
            nobody("sign_in_failed")
        }
        Err(error) => Err(error.into()),
    }
}
