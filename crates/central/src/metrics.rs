//! Figures for whoever runs a centre, and whether it lives and is ready. They are counts and
//! times, never a person's data, and are served on a loopback address of their own.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::Centre;
use crate::connection::Shown;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::Reach;

/// Who does not answer in this time is not there.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is counted while a centre runs.
#[derive(Debug)]
pub(crate) struct Metrics {
    requests: Family<Answered, Counter>,
    request_seconds: Histogram,
    bodies_waiting: Gauge,
    pub(crate) taken_bytes: Counter,
    pub(crate) receipts: Counter,
    pub(crate) commit_seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        // From a millisecond to half a minute.
        let seconds = || Histogram::new(exponential_buckets(0.001, 2., 16));
        Self {
            requests: Family::default(),
            request_seconds: seconds(),
            bodies_waiting: Gauge::default(),
            taken_bytes: Counter::default(),
            receipts: Counter::default(),
            commit_seconds: seconds(),
        }
    }
}

/// A body that waits for its place, until this is dropped: also when its station went.
pub(crate) struct Waiting(Gauge);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// A body begins to wait.
    pub(crate) fn waiting(&self) -> Waiting {
        self.bodies_waiting.inc();
        Waiting(self.bodies_waiting.clone())
    }
}

/// The route is the one of the program, without the digests of a path.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u32,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Standing {
    standing: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Unshared {
    outlet: String,
    state: String,
}

/// Counts a request, and says how it went.
pub(crate) async fn observe(
    State(centre): State<Centre>,
    request: Request,
    next: Next,
) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(String::new, |route| route.as_str().to_owned());
    let station = request
        .extensions()
        .get::<Shown>()
        .and_then(|shown| shown.0);
    let began = Instant::now();
    let response = next.run(request).await;
    let took = began.elapsed();
    let status = u32::from(response.status().as_u16());
    let took_ms = took.as_millis() as u64;
    tracing::debug!(station, route, status, took_ms, "answered");
    let metrics = &centre.metrics;
    metrics.request_seconds.observe(took.as_secs_f64());
    metrics
        .requests
        .get_or_create(&Answered { route, status })
        .inc();
    response
}

/// Whether it lives, also for the public address: that costs nothing, whoever asks how often.
pub(crate) fn health() -> Router<Centre> {
    Router::new().route("/healthz", get(|| async { "alive\n" }))
}

/// Serves figures and health to this machine.
pub(crate) async fn serve(centre: Centre, listener: TcpListener) -> Result<(), Error> {
    let router = health()
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .with_state(centre);
    Ok(axum::serve(listener, router).await?)
}

async fn ready(State(centre): State<Centre>) -> (StatusCode, String) {
    let database = async {
        centre
            .database
            .connection()
            .await?
            .one("SELECT 1", &[])
            .await
    };
    let (database, objects) = tokio::join!(
        tokio::time::timeout(PATIENCE, database),
        tokio::time::timeout(PATIENCE, centre.objects.answers()),
    );
    let (database, objects) = (matches!(database, Ok(Ok(_))), matches!(objects, Ok(Ok(()))));
    let status = if database && objects {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let word = |answers| {
        if answers {
            "answers"
        } else {
            "does not answer"
        }
    };
    let said = format!("database {}\nobjects {}\n", word(database), word(objects));
    (status, said)
}

async fn figures(State(centre): State<Centre>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let mut text = String::new();
    match text::encode(&mut text, &registry(&centre).await) {
        Ok(()) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn registry(centre: &Centre) -> Registry {
    let mut registry = Registry::with_prefix("sohoa_central");
    let metrics = &centre.metrics;
    let requests = metrics.requests.clone();
    registry.register("requests", "Requests by route and status", requests);
    let seconds = metrics.request_seconds.clone();
    registry.register("request_seconds", "How long requests took", seconds);
    let bytes = metrics.taken_bytes.clone();
    registry.register("taken_bytes", "Bytes of bodies that came whole", bytes);
    let receipts = metrics.receipts.clone();
    registry.register("receipts", "Receipts that were made", receipts);
    let commits = metrics.commit_seconds.clone();
    registry.register(
        "commit_seconds",
        "How long a commit of receipts took",
        commits,
    );
    let waiting = metrics.bodies_waiting.clone();
    registry.register("bodies_waiting", "Bodies that wait for a place", waiting);
    let mut gauge = |name, help, value: usize| {
        let gauge: Gauge = Gauge::default();
        gauge.set(value as i64);
        registry.register(name, help, gauge);
    };
    let held = crate::BODIES - centre.bodies.available_permits();
    gauge("bodies", "Bodies that are held in memory", held);
    gauge("bodies_limit", "So many bodies may be held", crate::BODIES);
    let pool = centre.database.status();
    gauge("pool_connections", "Open connections", pool.size);
    gauge("pool_idle", "Connections that nobody uses", pool.available);
    gauge("pool_waiting", "Requests that wait for one", pool.waiting);
    gauge("pool_limit", "So many may be open", pool.max_size);
    let rows = tokio::time::timeout(PATIENCE, rows(centre)).await;
    let rows = rows.ok().and_then(Result::ok);
    let up = usize::from(rows.is_some());
    gauge("database_answers", "Whether the database answers", up);
    let failures: Counter = Counter::default();
    failures.inc_by(centre.objects.failures());
    registry.register("objects_failures", "Failures of the object store", failures);
    if let Some((stations, unshared)) = rows {
        registry.register("stations", "Stations by standing", stations);
        let help = "Records that an outlet has not taken, by state";
        registry.register("unshared", help, unshared);
    }
    registry
}

type Rows = (Family<Standing, Gauge>, Family<Unshared, Gauge>);

/// What only the database knows.
async fn rows(centre: &Centre) -> Result<Rows, Error> {
    let within = centre.database.within(Reach::Figures).await?;
    let rows = within
        .rows(
            "SELECT standing, count(*) FROM station GROUP BY standing",
            &[],
        )
        .await?;
    let stations = Family::<Standing, Gauge>::default();
    for row in rows {
        let standing = row.get(0);
        stations
            .get_or_create(&Standing { standing })
            .set(row.get(1));
    }
    let rows = within
        .rows(
            "SELECT connector, state, count(*) FROM sharing WHERE state <> 'shared'
             GROUP BY connector, state",
            &[],
        )
        .await?;
    let unshared = Family::<Unshared, Gauge>::default();
    for row in rows {
        let (outlet, state) = (row.get(0), row.get(1));
        unshared
            .get_or_create(&Unshared { outlet, state })
            .set(row.get(2));
    }
    Ok((stations, unshared))
}
