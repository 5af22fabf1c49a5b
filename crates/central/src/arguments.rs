//! The command line of the centre.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use tokio::net::TcpListener;

use crate::kho::verdict;
use crate::{Centre, Database, Error, Keys, Objects};

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
}

/// Where everything of a centre lies.
#[derive(Debug, Args)]
struct Place {
    /// Where the database is, for the application, which owns nothing there.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    /// The folder of sealed files.
    #[arg(long, env = "SOHOA_CENTRE_OBJECTS")]
    objects: PathBuf,
    /// The folder of the keys.
    #[arg(long, env = "SOHOA_CENTRE_KEYS")]
    keys: PathBuf,
}

impl Place {
    fn open(&self) -> Result<Centre, Error> {
        Ok(Centre::new(
            Database::at(&self.database_url)?,
            Objects::in_folder(&self.objects)?,
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
        Command::Serve {
            place,
            listen,
            name,
            people,
            people_settings,
        } => {
            let centre = place.open()?;
            let listener = TcpListener::bind(listen).await?;
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

fn say(line: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
