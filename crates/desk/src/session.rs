//! Opening a desk: making a vault, signing in.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::audit::{Act, AuditEvent};
use domain::code::AgencyCode;
use domain::engine::Engine;
use domain::ids::{AuditEventId, OfficerId};
use domain::local_code::Station;
use domain::office::{Office, Officer};
use extraction::Catalogue;
use uuid::Uuid;
use vault::{NewVault, Passphrase, RecoveryKey, Vault, Writer};

use crate::worker::Crew;
use crate::{Clock, Error, Resources};

/// What a desk needs to know before anybody signs in.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder of the vault.
    pub vault: PathBuf,
    /// Models, language data, fonts.
    pub resources: Resources,
    /// The program that serves as worker: this one, but for tests.
    pub worker_program: PathBuf,
    /// The clock.
    pub clock: Clock,
    /// The folder where an administrator puts what officers shall not change.
    pub policy: PathBuf,
}

/// Names another policy folder.
const POLICY: &str = "SOHOA_POLICY";

fn policy_folder() -> PathBuf {
    let named = std::env::var_os(POLICY).map(PathBuf::from);
    named.unwrap_or_else(|| {
        if cfg!(windows) {
            let data = std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
            PathBuf::from(data).join("so-hoa-mot-cua")
        } else {
            "/etc/so-hoa-mot-cua".into()
        }
    })
}

impl Settings {
    /// The settings of the running program for a vault in `vault`.
    pub fn for_this_program(vault: PathBuf) -> Result<Self, Error> {
        Ok(Self {
            vault,
            resources: Resources::find()?,
            worker_program: std::env::current_exe().map_err(Error::File)?,
            clock: Clock::System,
            policy: policy_folder(),
        })
    }
}

/// A desk at which an officer is signed in.
#[derive(Debug)]
pub struct Desk {
    pub(crate) vault: Vault,
    pub(crate) officer: Officer,
    pub(crate) office: Office,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) crew: Crew,
    pub(crate) text_font: Vec<u8>,
    pub(crate) clock: Clock,
    pub(crate) signed_in_at: DateTime<Utc>,
    pub(crate) policy: PathBuf,
}

/// Makes a vault and signs its first officer in. The recovery key is returned
/// once and kept nowhere.
pub fn create(
    settings: &Settings,
    office: AgencyCode,
    officer_name: &str,
    passphrase: &Passphrase,
) -> Result<(Desk, RecoveryKey), Error> {
    let now = settings.clock.now();
    let officer = Officer {
        id: OfficerId::from_uuid(Uuid::now_v7()),
        name: domain::fold::normalise(officer_name),
    };
    // Until a centre enrols it, a station draws its number from the upper half.
    let drawn = Uuid::new_v4().as_u128() as u32 & 0x7f_ffff;
    let office = Office {
        code: office,
        station: Station {
            number: 0x80_0000 | drawn,
            epoch: 0,
        },
    };
    let (vault, recovery_key) = Vault::create(
        &settings.vault,
        &NewVault {
            office: &office,
            officer: &officer,
            passphrase,
            now,
        },
    )?;
    let desk = open(settings, vault, officer)?;
    desk.vault
        .write(|write| desk.audit(write, Act::VaultMade))?;
    Ok((desk, recovery_key))
}

/// Signs in at an existing vault.
pub fn sign_in(settings: &Settings, passphrase: &Passphrase) -> Result<Desk, Error> {
    let (vault, officer) = Vault::open(&settings.vault, passphrase)?;
    let desk = open(settings, vault, officer)?;
    desk.vault.write(|write| desk.audit(write, Act::SignedIn))?;
    Ok(desk)
}

/// Signs in with the recovery key and sets a new passphrase.
pub fn recover(
    settings: &Settings,
    key: &RecoveryKey,
    new_passphrase: &Passphrase,
) -> Result<Desk, Error> {
    let (vault, officer) = Vault::open_with_recovery_key(&settings.vault, key, new_passphrase)?;
    let desk = open(settings, vault, officer)?;
    desk.vault.write(|write| desk.audit(write, Act::SignedIn))?;
    Ok(desk)
}

fn open(settings: &Settings, vault: Vault, officer: Officer) -> Result<Desk, Error> {
    let office = vault.read(|read| read.office())?;
    let text_font = std::fs::read(settings.resources.text_font()).map_err(Error::File)?;
    Ok(Desk {
        vault,
        officer,
        office,
        catalogue: Arc::new(Catalogue::builtin()),
        crew: Crew::new(settings.worker_program.clone(), settings.resources.clone()),
        text_font,
        clock: settings.clock,
        signed_in_at: settings.clock.now(),
        policy: settings.policy.clone(),
    })
}

impl Desk {
    /// Who is signed in.
    pub fn officer(&self) -> &Officer {
        &self.officer
    }

    /// The office.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Forms, procedures and code templates.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The engines that this desk has to do without until the program is repaired.
    pub fn absent_engines(&self) -> Vec<Engine> {
        self.crew.absent_engines()
    }

    /// How many deposited records wait to be sent.
    pub fn waiting_to_send(&self) -> Result<usize, Error> {
        Ok(self.vault.read(|read| read.outbox_len())?)
    }

    /// Reads every stored byte again and says what is damaged.
    pub fn check_vault(&self) -> Result<vault::CheckReport, Error> {
        Ok(self.vault.check()?)
    }

    /// Adds an act of the signed-in officer to the trail, in the caller's transaction.
    pub(crate) fn audit(&self, write: &Writer<'_>, act: Act) -> Result<(), vault::Error> {
        write.append_audit(&AuditEvent {
            id: AuditEventId::from_uuid(Uuid::now_v7()),
            happened_at: self.clock.now(),
            officer_id: self.officer.id,
            act,
        })
    }
}
