//! Opening a desk: making a vault, signing in.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use domain::audit::{Act, AuditEvent};
use domain::code::AgencyCode;
use domain::engine::Engine;
use domain::field::FieldName;
use domain::ids::{AuditEventId, DocumentId, OfficerId};
use domain::local_code::Station;
use domain::office::{Office, Officer};
use domain::rights::{Right, Roles};
use extraction::Catalogue;
use uuid::Uuid;
use vault::{
    NewVault, OfficerAtDoor, OutboxTotal, Passphrase, RecoveryKey, Subset, UnfinishedVault, Vault,
    Writer,
};

use crate::error::Refusal;
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
    /// The office's own folder of forms and rules, laid out like `forms/`; those that
    /// came with the program when there is none.
    pub forms: Option<PathBuf>,
}

/// Names the office's own folder of forms.
const FORMS: &str = "SOHOA_FORMS";

/// The folder that is named, else the one that an administrator made where officers
/// cannot write.
fn forms_folder() -> Option<PathBuf> {
    let system = if cfg!(windows) {
        let data = std::env::var_os("ProgramData").map(PathBuf::from);
        data.unwrap_or_else(|| r"C:\ProgramData".into())
    } else {
        "/etc".into()
    };
    let system = system.join("so-hoa-mot-cua").join("forms");
    let named = std::env::var_os(FORMS).map(PathBuf::from);
    named.or_else(|| system.is_dir().then_some(system))
}

impl Settings {
    /// The settings of the running program for a vault in `vault`.
    pub fn for_this_program(vault: PathBuf) -> Result<Self, Error> {
        Ok(Self {
            vault,
            resources: Resources::find()?,
            worker_program: std::env::current_exe().map_err(Error::File)?,
            clock: Clock::System,
            forms: forms_folder(),
        })
    }

    fn catalogue(&self) -> Result<Catalogue, Error> {
        match &self.forms {
            Some(folder) => Ok(Catalogue::load(folder)?),
            None => Ok(Catalogue::builtin()),
        }
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
    /// The office's own forms and rules, where it has any.
    pub(crate) forms: Option<PathBuf>,
    pub(crate) seen: Mutex<Seen>,
    /// One pass to the centre at a time: two would prepare the same record.
    pub(crate) sending: Mutex<()>,
    /// When it was last looked what the centre has had for long enough.
    pub(crate) purged_at: Mutex<Option<DateTime<Utc>>>,
}

/// What the officer was shown since he sat down.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Papers whose pictures were shown.
    papers: BTreeSet<DocumentId>,
    /// What was masked and he asked for.
    revealed: BTreeSet<(DocumentId, Revealed)>,
}

/// Something masked that an officer asks to see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Revealed {
    /// The value of a field.
    Value(FieldName),
    /// The pictures of the pages.
    Pictures,
}

impl Revealed {
    /// What the trail says of it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Value(name) => name.as_str(),
            Self::Pictures => "pictures",
        }
    }
}

/// A desk whose vault waits for somebody to have its recovery key. Until then there is no
/// vault, however the program ends, and the next attempt begins anew.
#[derive(Debug)]
pub struct NewDesk {
    settings: Settings,
    catalogue: Catalogue,
    vault: UnfinishedVault,
    officer: Officer,
}

impl NewDesk {
    /// The recovery key is where it belongs: from here on there is a vault.
    pub fn finish(self) -> Result<Desk, Error> {
        let vault = self.vault.finish()?;
        let desk = open(&self.settings, self.catalogue, vault, self.officer)?;
        desk.vault
            .write(|write| desk.audit(write, Act::VaultMade))?;
        Ok(desk)
    }
}

/// Makes a vault and signs its first officer in, at once: for who has seen the recovery key
/// when this returns. It is returned once and kept nowhere.
pub fn create(
    settings: &Settings,
    office: AgencyCode,
    officer_name: &str,
    passphrase: &Passphrase,
) -> Result<(Desk, RecoveryKey), Error> {
    let (new, recovery_key) = begin(settings, office, officer_name, passphrase)?;
    Ok((new.finish()?, recovery_key))
}

/// Makes a vault up to the last step, which is [`NewDesk::finish`]: a vault whose recovery
/// key nobody saw must not be worked with.
pub fn begin(
    settings: &Settings,
    office: AgencyCode,
    officer_name: &str,
    passphrase: &Passphrase,
) -> Result<(NewDesk, RecoveryKey), Error> {
    let catalogue = settings.catalogue()?;
    let rule = catalogue.access().passphrase;
    if !passphrase.fits(rule) {
        return Err(Refusal::PassphraseTooSimple(rule).into());
    }
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
    let (vault, recovery_key) = Vault::begin(
        &settings.vault,
        &NewVault {
            office: &office,
            officer: &officer,
            passphrase,
            now,
        },
    )?;
    let new = NewDesk {
        settings: settings.clone(),
        catalogue,
        vault,
        officer,
    };
    Ok((new, recovery_key))
}

/// Who may sign in at the vault, the one who came last in front; needs no passphrase.
pub fn officers(settings: &Settings) -> Result<Vec<OfficerAtDoor>, Error> {
    Ok(Vault::officers(&settings.vault)?)
}

/// Who asks to be let in.
#[derive(Clone, Copy, Debug)]
pub struct Entering<'a> {
    /// The officer's name; a vault with one officer needs none.
    pub officer: Option<&'a str>,
    /// The officer's passphrase.
    pub passphrase: &'a Passphrase,
    /// What it shall be from now on; asked for where somebody else had set it.
    pub new_passphrase: Option<&'a Passphrase>,
}

/// The only officer of a vault signs in.
pub fn sign_in(settings: &Settings, passphrase: &Passphrase) -> Result<Desk, Error> {
    enter(
        settings,
        &Entering {
            officer: None,
            passphrase,
            new_passphrase: None,
        },
    )
}

/// An officer signs in at an existing vault.
pub fn enter(settings: &Settings, entering: &Entering<'_>) -> Result<Desk, Error> {
    let catalogue = settings.catalogue()?;
    let rules = *catalogue.access();
    let now = settings.clock.now();
    let (vault, officer) = Vault::open(
        &settings.vault,
        &vault::SignIn {
            officer: entering.officer,
            passphrase: entering.passphrase,
            rules: &rules,
            now,
        },
    )?;
    let desk = open(settings, catalogue, vault, officer)?;
    desk.tell_wrong_tries()?;
    let account = desk.vault.read(|read| read.account(desk.officer.id))?;
    if account.roles.is_empty() || account.is_asleep(rules.disabled_after_days, now) {
        desk.vault
            .write(|write| desk.audit(write, Act::SignInFailed))?;
        return Err(Refusal::OfficerDisabled.into());
    }
    match entering.new_passphrase {
        Some(new) => desk.put_own_passphrase(entering.passphrase, new)?,
        None if account.must_change => return Err(Refusal::PassphraseMustChange.into()),
        None => {}
    }
    desk.vault.write(|write| {
        write.set_active(desk.officer.id, now)?;
        desk.audit(write, Act::SignedIn)
    })?;
    Ok(desk)
}

/// Whether a passphrase may be set at this desk.
pub(crate) fn check_new_passphrase(settings: &Settings, new: &Passphrase) -> Result<(), Error> {
    let rule = settings.catalogue()?.access().passphrase;
    if new.fits(rule) {
        Ok(())
    } else {
        Err(Refusal::PassphraseTooSimple(rule).into())
    }
}

/// Signs in with the recovery key and sets a new passphrase for an officer; the only one,
/// where none is named.
pub fn recover(
    settings: &Settings,
    key: &RecoveryKey,
    officer: Option<&str>,
    new_passphrase: &Passphrase,
) -> Result<Desk, Error> {
    let catalogue = settings.catalogue()?;
    let rules = *catalogue.access();
    let now = settings.clock.now();
    if !new_passphrase.fits(rules.passphrase) {
        return Err(Refusal::PassphraseTooSimple(rules.passphrase).into());
    }
    let (vault, officer) = Vault::open_with_recovery_key(
        &settings.vault,
        key,
        &vault::SignIn {
            officer,
            passphrase: new_passphrase,
            rules: &rules,
            now,
        },
    )?;
    let desk = open(settings, catalogue, vault, officer)?;
    desk.tell_wrong_tries()?;
    desk.vault.write(|write| {
        write.set_must_change(desk.officer.id, false)?;
        write.set_active(desk.officer.id, now)?;
        desk.audit(write, Act::Recovered)?;
        desk.audit(write, Act::SignedIn)
    })?;
    Ok(desk)
}

fn open(
    settings: &Settings,
    catalogue: Catalogue,
    vault: Vault,
    officer: Officer,
) -> Result<Desk, Error> {
    let office = vault.read(|read| read.office())?;
    let text_font = std::fs::read(settings.resources.text_font()).map_err(Error::File)?;
    Ok(Desk {
        vault,
        officer,
        office,
        catalogue: Arc::new(catalogue),
        crew: Crew::new(settings.worker_program.clone(), settings.resources.clone()),
        text_font,
        clock: settings.clock,
        signed_in_at: settings.clock.now(),
        forms: settings.forms.clone(),
        seen: Mutex::default(),
        sending: Mutex::default(),
        purged_at: Mutex::default(),
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

    /// What the signed-in officer is at this desk.
    pub fn roles(&self) -> Result<Roles, Error> {
        let id = self.officer.id;
        Ok(self.vault.read(|read| read.account(id))?.roles)
    }

    /// Refuses what none of the officer's roles may do; the trail keeps that it was asked
    /// for. Asked at the door of each verb, before anything is read, and of the vault each
    /// time: roles that were taken away hold no longer.
    pub(crate) fn may(&self, right: Right) -> Result<(), Error> {
        if self.roles()?.may(right) {
            return Ok(());
        }
        self.vault
            .write(|write| self.audit(write, Act::RightRefused(right)))?;
        Err(Refusal::NotYourRight(right).into())
    }

    /// Keeps that the officer looked at a paper; pieces and sizes of its pictures are one
    /// look, for as long as he sits here.
    pub(crate) fn saw(&self, document_id: DocumentId) -> Result<(), Error> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = seen.papers.insert(document_id);
        drop(seen);
        if is_new {
            self.vault
                .write(|write| self.audit(write, Act::Viewed(document_id)))?;
        }
        Ok(())
    }

    pub(crate) fn note_revealed(&self, document_id: DocumentId, what: &Revealed) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.revealed.insert((document_id, what.clone()));
    }

    pub(crate) fn is_revealed(&self, document_id: DocumentId, what: &Revealed) -> bool {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.revealed.contains(&(document_id, what.clone()))
    }

    pub(crate) fn check_passphrase(&self, new: &Passphrase) -> Result<(), Error> {
        let rule = self.catalogue.access().passphrase;
        if new.fits(rule) {
            return Ok(());
        }
        Err(Refusal::PassphraseTooSimple(rule).into())
    }

    /// The key file first: killed in between, the change is asked for once more, and no
    /// passphrase that somebody else has set ever lasts.
    pub(crate) fn put_own_passphrase(
        &self,
        old: &Passphrase,
        new: &Passphrase,
    ) -> Result<(), Error> {
        self.check_passphrase(new)?;
        if new.is(old) {
            return Err(Refusal::PassphraseUnchanged.into());
        }
        self.vault
            .put_passphrase(&self.officer, new, self.clock.now())?;
        self.vault.write(|write| {
            write.set_must_change(self.officer.id, false)?;
            Ok(self.audit(write, Act::PassphraseChanged)?)
        })
    }

    /// Wrong passphrases were given while nobody could write into the trail.
    fn tell_wrong_tries(&self) -> Result<(), Error> {
        self.vault.tell_wrong_tries(|tries| {
            self.vault.write(|write| {
                for one in tries {
                    let acts = [
                        Some(Act::SignInFailed),
                        one.locks.then_some(Act::SignInLocked),
                    ];
                    for act in acts.into_iter().flatten() {
                        write.append_audit(&AuditEvent {
                            id: AuditEventId::from_uuid(Uuid::now_v7()),
                            happened_at: one.tried_at,
                            officer_id: one.officer_id,
                            act,
                        })?;
                    }
                }
                Ok(())
            })
        })
    }

    /// How many deposited records wait to be sent, how many a person must look at, and how
    /// many the centre has.
    pub fn outbox_total(&self) -> Result<OutboxTotal, Error> {
        Ok(self.vault.read(|read| read.outbox_total())?)
    }

    /// How many acknowledged writes were ever found missing when the vault was opened.
    pub fn lost_writes(&self) -> Result<u64, Error> {
        Ok(self.vault.read(|read| read.lost_writes())?)
    }

    /// Reads every stored byte again and says what is damaged.
    pub fn check_vault(&self) -> Result<vault::CheckReport, Error> {
        self.check_subset(Subset::ALL)
    }

    /// The same, but of the sealed files only a part: a week of nights reads all of them.
    pub fn check_subset(&self, subset: Subset) -> Result<vault::CheckReport, Error> {
        self.may(Right::CheckVault)?;
        Ok(self.vault.check_subset(subset)?)
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
