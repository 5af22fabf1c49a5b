//! The HTTP interface: one line for each request, and what a request costs at most.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use domain::digest::Digest;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::SemaphorePermit;
use wire::enrolment::Enrolled;
use wire::{
    AskCopy, AskHoldings, Enrolment, Holdings, LogGrowth, LogHead, PartStored, ProblemCode,
    Progress,
};

use crate::Centre;
use crate::connection::Shown;
use crate::error::Error;
use crate::metrics;

pub(crate) fn router(centre: Centre) -> Router {
    Router::new()
        .route("/v1/enrolments", post(enrol))
        .route("/v1/state", get(state))
        .route("/v1/records", post(announce))
        .route("/v1/records/{envelope}", get(progress))
        .route("/v1/files/{sealed}", put(part))
        .route("/v1/holdings", post(holdings))
        .route("/v1/holdings/copy", post(copy))
        // Whoever watches over the log is no station; nobody's data is in it.
        .route("/v1/log/head", get(log_head))
        .route("/v1/log/growth", get(log_growth))
        .merge(metrics::health())
        .route_layer(from_fn_with_state(centre.clone(), metrics::observe))
        .with_state(centre)
}

/// An enrolment comes from whoever can reach the centre; it is short, or none.
const ENROLMENT_LIMIT_BYTES: usize = 64 << 10;
/// A question names a person and a dossier, and no more.
const QUESTION_LIMIT_BYTES: usize = 16 << 10;
/// Who needs longer for a body holds a place that others wait for: even 64 kbit/s carry a
/// part of the length that a desk then sends.
const BODY_PATIENCE: Duration = Duration::from_mins(2);
/// A peak passes while one waits so long for a place, with nothing of the body read yet;
/// whoever came in vain is told to come later.
const PLACE_PATIENCE: Duration = Duration::from_secs(5);

fn busy() -> Error {
    Error::Refused(wire::Problem {
        retry_after_s: Some(2),
        ..ProblemCode::Busy.into()
    })
}

/// A body, and its place among those that are held in memory. Taken before it is read: who
/// comes when all places are taken holds none of it.
async fn taken(
    centre: &Centre,
    body: Body,
    limit: usize,
) -> Result<(Bytes, SemaphorePermit<'_>), Error> {
    let place = {
        let _waiting = centre.metrics.waiting();
        let place = tokio::time::timeout(PLACE_PATIENCE, centre.bodies.acquire()).await;
        place.map_err(|_| busy())?.map_err(|_| busy())?
    };
    let body = tokio::time::timeout(BODY_PATIENCE, axum::body::to_bytes(body, limit))
        .await
        .map_err(|_| busy())?
        .map_err(|_| Error::from(ProblemCode::TooLarge))?;
    centre.metrics.taken_bytes.inc_by(body.len() as u64);
    Ok((body, place))
}

/// The station that the connection proved.
fn station(shown: Shown) -> Result<u32, Error> {
    shown.0.ok_or_else(|| ProblemCode::NotAStation.into())
}

async fn enrol(State(centre): State<Centre>, body: Body) -> Result<Json<Enrolled>, Error> {
    let (body, _place) = taken(&centre, body, ENROLMENT_LIMIT_BYTES).await?;
    let enrolment: Enrolment =
        serde_json::from_slice(&body).map_err(|_| Error::from(ProblemCode::Malformed))?;
    centre.enrol(&enrolment).await.map(Json)
}

async fn state(
    State(centre): State<Centre>,
    Extension(shown): Extension<Shown>,
) -> Result<Json<wire::State>, Error> {
    centre.state_of(station(shown)?).await.map(Json)
}

async fn announce(
    State(centre): State<Centre>,
    Extension(shown): Extension<Shown>,
    body: Body,
) -> Result<Json<Progress>, Error> {
    let station = station(shown)?;
    let (body, _place) = taken(&centre, body, wire::ENVELOPE_LIMIT_BYTES).await?;
    centre.announce(station, &body).await.map(Json)
}

async fn progress(
    State(centre): State<Centre>,
    Extension(shown): Extension<Shown>,
    Path(envelope): Path<Digest>,
) -> Result<Json<Progress>, Error> {
    centre.progress(station(shown)?, &envelope).await.map(Json)
}

async fn log_head(State(centre): State<Centre>) -> Result<Json<LogHead>, Error> {
    centre.log_head().await.map(Json)
}

#[derive(Deserialize)]
struct Leaves {
    from: u64,
    to: u64,
}

async fn log_growth(
    State(centre): State<Centre>,
    Query(Leaves { from, to }): Query<Leaves>,
) -> Result<Json<LogGrowth>, Error> {
    centre.growth(from, to).await.map(Json)
}

#[derive(Deserialize)]
struct Offset {
    offset: u64,
}

async fn holdings(
    State(centre): State<Centre>,
    Extension(shown): Extension<Shown>,
    body: Body,
) -> Result<Json<Holdings>, Error> {
    let station = station(shown)?;
    let ask: AskHoldings = question(&centre, body).await?;
    centre.holdings(station, &ask).await.map(Json)
}

async fn copy(
    State(centre): State<Centre>,
    Extension(shown): Extension<Shown>,
    body: Body,
) -> Result<impl IntoResponse, Error> {
    let station = station(shown)?;
    let ask: AskCopy = question(&centre, body).await?;
    let bytes = centre.copy(station, &ask).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes))
}

async fn question<T: DeserializeOwned>(centre: &Centre, body: Body) -> Result<T, Error> {
    let (body, _place) = taken(centre, body, QUESTION_LIMIT_BYTES).await?;
    serde_json::from_slice(&body).map_err(|_| ProblemCode::Malformed.into())
}

async fn part(
    State(centre): State<Centre>,
    Extension(shown): Extension<Shown>,
    Path(sealed): Path<Digest>,
    Query(Offset { offset }): Query<Offset>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PartStored>, Error> {
    let station = station(shown)?;
    let (body, _place) = taken(&centre, body, wire::PART_LIMIT_BYTES).await?;
    let told = headers
        .get("content-digest")
        .and_then(|told| told.to_str().ok());
    if told != Some(wire::enrolment::content_digest(&body).as_str()) {
        return Err(ProblemCode::DigestWrong.into());
    }
    centre
        .store_part(station, &sealed, offset, body)
        .await
        .map(Json)
}
