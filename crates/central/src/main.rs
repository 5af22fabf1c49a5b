//! `sohoa-central`: the reference centre.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

#[tokio::main]
async fn main() -> ExitCode {
    begin_log();
    match central::arguments::run(central::arguments::Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "sohoa-central ends");
            ExitCode::FAILURE
        }
    }
}

/// `RUST_LOG` says how much is told, `SOHOA_LOG=json` makes each line an object.
fn begin_log() {
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let layer = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let layer = if std::env::var("SOHOA_LOG").is_ok_and(|form| form == "json") {
        layer.json().flatten_event(true).boxed()
    } else {
        layer.boxed()
    };
    tracing_subscriber::registry()
        .with(layer.with_filter(filter_fn(names_nobody)))
        .with(wanted)
        .init();
}

/// Whether a line may be told. Libraries tell the values of statements and the heads of
/// requests to whoever wants to know much, and those are people's data: of them only warnings
/// are heard, whatever is wanted.
fn names_nobody(metadata: &Metadata<'_>) -> bool {
    let is_ours = ["central", "sohoa_central"]
        .iter()
        .any(|ours| metadata.target().split("::").next() == Some(ours));
    is_ours || *metadata.level() <= Level::WARN
}
