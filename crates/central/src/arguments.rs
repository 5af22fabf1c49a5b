//! The command line of the centre.

use std::collections::HashSet;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use clap::{Args, Parser, Subcommand};

use tokio::net::TcpListener;

use crate::kho::verdict;
use crate::{Centre, Database, Error, Keys, Objects, Outlet};

/// A row may come a day after its object: a backup of the database is brought back by then.
const SWEEP_HOURS: u32 = 24;

/// The reference centre of Số hóa Một cửa.
#[derive(Debug, Parser)]
#[command(name = "sohoa-central", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the keys of a new centre.
    Init {
        /// The folder that is to hold them.
        #[arg(long, env = "SOHOA_CENTRE_KEYS")]
        keys: PathBuf,
    },
    /// Bring the schema of the database up to this program.
    Migrate {
        /// Where the database is, for the owner of its tables; the first time, for whoever
        /// may make roles.
        #[arg(long, env = "DATABASE_OWNER_URL", hide_env_values = true)]
        owner_url: String,
    },
    /// Print a ticket with which one desk of an office may enrol.
    Invite {
        #[command(flatten)]
        place: Place,
        /// The agency code of the office.
        #[arg(long)]
        office: String,
        /// How the desk reaches the centre: https://host:port.
        #[arg(long)]
        url: String,
        /// For how many days it is good.
        #[arg(long, default_value_t = 14)]
        days: u32,
    },
    /// Shut a station out.
    Revoke {
        #[command(flatten)]
        place: Place,
        /// Its number.
        station: u32,
    },
    /// Let a station in again that was shut out or cloned.
    Release {
        #[command(flatten)]
        place: Place,
        /// Its number.
        station: u32,
    },
    /// Take a bundle that somebody carried here from a desk without a network.
    Take {
        #[command(flatten)]
        place: Place,
        /// The bundle.
        bundle: PathBuf,
        /// Where the answer goes that is carried back; beside the bundle when left out.
        #[arg(long)]
        answer: Option<PathBuf>,
    },
    /// Remove parts and files that no row names any more.
    Sweep {
        #[command(flatten)]
        place: Place,
        /// For how many hours they must have lain there.
        #[arg(long, default_value_t = SWEEP_HOURS, value_parser = clap::value_parser!(u32).range(1..))]
        hours: u32,
    },
    /// Read everything again that was received, compare it with what stations signed, and
    /// print the head of the log, for somebody else to keep.
    Audit {
        #[command(flatten)]
        place: Place,
        /// Heads that were kept elsewhere, one in each file.
        #[arg(value_name = "HEAD")]
        heads: Vec<PathBuf>,
    },
    /// Serve.
    Serve {
        #[command(flatten)]
        place: Place,
        /// The address and port to listen at.
        #[arg(long, default_value = "127.0.0.1:8443")]
        listen: SocketAddr,
        /// The name or address by which desks call the centre; stands in its certificate.
        #[arg(long, default_value = "127.0.0.1")]
        name: String,
        /// A loopback address and port for figures (/metrics) and health (/healthz, /readyz).
        #[arg(long, value_parser = loopback)]
        metrics: Option<SocketAddr>,
        #[command(flatten)]
        sharing: Sharing,
        /// The address and port at which people look at what is theirs.
        #[arg(long, requires = "people_settings")]
        people: Option<SocketAddr>,
        /// How people reach it and who says who they are: a JSON file.
        #[arg(long)]
        people_settings: Option<PathBuf>,
    },
    /// Judge the signatures of the PDF on standard input.
    #[command(name = verdict::COMMAND, hide = true)]
    Judge {
        #[arg(long)]
        authorities: Option<PathBuf>,
    },
    /// Try again to share what other systems refused.
    ShareAgain {
        #[command(flatten)]
        place: Place,
    },
}

/// With whom received records are shared.
#[derive(Debug, Args)]
struct Sharing {
    /// Another system that takes received records: https://… or a folder; may be given for one
    /// of each.
    #[arg(long, value_name = "PLACE")]
    share: Vec<String>,
    /// A file with what that system calls the fields, in place of what comes with the program.
    #[arg(long, value_name = "FILE", env = "SOHOA_SHARE_NAMES")]
    share_names: Option<PathBuf>,
    /// The word that proves to it who asks.
    #[arg(long, env = "SOHOA_SHARE_WORD", hide_env_values = true)]
    share_word: Option<String>,
    /// How many seconds it may take to answer.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=120))]
    share_patience: u64,
}

impl Sharing {
    fn outlets(&self) -> Result<Vec<Outlet>, Error> {
        let patience = Duration::from_secs(self.share_patience);
        let open = |place: &String| {
            let names = self.share_names.as_deref();
            Outlet::to(place, names, self.share_word.clone(), patience)
        };
        let outlets: Vec<Outlet> = self.share.iter().map(open).collect::<Result<_, _>>()?;
        // What was shared is remembered by kind: of two of a kind each would get a part.
        let kinds: HashSet<&str> = outlets.iter().map(Outlet::name).collect();
        if kinds.len() < outlets.len() {
            return Err(Error::Outlet("two are of one kind".to_owned()));
        }
        Ok(outlets)
    }
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| "an address and port, such as 127.0.0.1:9464".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("figures are served to this machine only".to_owned())
    }
}

/// Where everything of a centre lies.
#[derive(Debug, Args)]
struct Place {
    /// Where the database is, for the application, which owns nothing there.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// Where sealed files lie: a folder, or `s3://bucket/prefix` with keys and endpoint from
    /// the usual `AWS_*` variables.
    #[arg(long, env = "SOHOA_CENTRE_OBJECTS")]
    objects: String,
    /// The folder of the keys.
    #[arg(long, env = "SOHOA_CENTRE_KEYS")]
    keys: PathBuf,
}

impl Place {
    fn open(&self) -> Result<Centre, Error> {
        Ok(Centre::new(
            Database::at(&self.database_url)?,
            Objects::at(&self.objects)?,
            Keys::read(&self.keys)?,
        ))
    }
}

/// Does what the command line says.
pub async fn run(arguments: Arguments) -> Result<(), Error> {
    match arguments.command {
        Command::Init { keys } => Keys::make(&keys),
        Command::Migrate { owner_url } => Database::at(&owner_url)?.migrate().await,
        Command::Invite {
            place,
            office,
            url,
            days,
        } => {
            let ticket = place.open()?.invite(&office, days, &url).await?;
            say(&ticket.to_string())
        }
        Command::Revoke { place, station } => {
            let known = place.open()?.revoke(station).await?;
            say(if known { "revoked" } else { "no such station" })
        }
        Command::Release { place, station } => {
            let known = place.open()?.release(station).await?;
            say(if known { "released" } else { "no such station" })
        }
        Command::Take {
            place,
            bundle,
            answer,
        } => {
            let answer = answer.unwrap_or_else(|| bundle.with_extension("answer"));
            let taken = place.open()?.take_bundle(&bundle, &answer).await?;
            say(&format!("{} received, {} open", taken.received, taken.open))
        }
        Command::Sweep { place, hours } => {
            let swept = place.open()?.sweep(hours_of(hours)).await?;
            say(&format!(
                "seen {}, removed {}, {} bytes",
                swept.seen, swept.removed, swept.removed_bytes
            ))
        }
        Command::Audit { place, heads } => audit(&place.open()?, &heads).await,
        Command::ShareAgain { place } => {
            let parked = place.open()?.share_parked_again().await?;
            say(&format!("{parked} are tried again"))
        }
        Command::Serve {
            place,
            listen,
            name,
            metrics,
            sharing,
            people,
            people_settings,
        } => {
            let centre = place.open()?;
            for outlet in sharing.outlets()? {
                tokio::spawn(centre.clone().keep_sharing(outlet));
            }
            if let Some(at) = metrics {
                let figures = TcpListener::bind(at).await?;
                say(&format!("metrics {}", figures.local_addr()?))?;
                tokio::spawn(centre.clone().serve_figures(figures));
            }
            let listener = TcpListener::bind(listen).await?;
            sweep_beside(centre.clone());
            // Whoever started it on port 0 learns the ports here.
            say(&format!("listening {}", listener.local_addr()?))?;
            let (Some(people), Some(settings)) = (people, people_settings) else {
                return centre.serve(listener, &name).await;
            };
            let for_people = TcpListener::bind(people).await?;
            say(&format!("people {}", for_people.local_addr()?))?;
            let serving = centre.clone().serve_people(for_people, &name, &settings);
            tokio::try_join!(centre.serve(listener, &name), serving).map(|_| ())
        }
        Command::Judge { authorities } => verdict::run(authorities.as_deref()),
    }
}

/// Complaints go to standard error, the head to standard output.
async fn audit(centre: &Centre, heads: &[PathBuf]) -> Result<(), Error> {
    let mut kept = Vec::new();
    for file in heads {
        let head = serde_json::from_slice(&std::fs::read(file)?);
        kept.push(head.map_err(|_| Error::Damaged("head"))?);
    }
    let head = centre.log_head().await?;
    let audited = centre.audit(&kept).await?;
    for complaint in &audited.complaints {
        tracing::error!("{complaint}");
    }
    tracing::info!(audited.leaves, audited.envelopes, "audited");
    if audited.complaint_count > 0 {
        return Err(Error::Altered(audited.complaint_count));
    }
    say(&serde_json::to_string(&head).map_err(|_| Error::Damaged("head"))?)
}

fn hours_of(hours: u32) -> TimeDelta {
    TimeDelta::hours(i64::from(hours))
}

/// What a crash left is collected while the centre serves; it serves all the same where that
/// fails.
fn sweep_beside(centre: Centre) {
    tokio::spawn(async move {
        match centre.sweep_at_start(hours_of(SWEEP_HOURS)).await {
            Ok(swept) => tracing::info!(swept.seen, swept.removed, "orphaned parts were collected"),
            Err(error) => tracing::warn!(%error, "orphaned parts were not collected"),
        }
    });
}

fn say(line: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
