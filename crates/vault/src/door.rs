//! What is known at the door, before anything is decrypted: who came last, and how
//! many wrong passphrases each officer has behind him.
//!
//! The file holds no secret and protects against nobody who can write to the disk;
//! against him stands what a guess costs. It keeps a person at the keyboard from
//! guessing, also across restarts, kills and clocks that are turned back.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use domain::access::{AccessRules, Tries};
use domain::digest::Digest;
use domain::ids::OfficerId;
use serde::{Deserialize, Serialize};

use crate::durable;
use crate::error::Error;

/// Its name in the vault's folder.
pub(crate) const NAME: &str = "door.json";
/// Moments that are kept for the audit trail; whoever guesses more often waits for
/// hours by then.
const UNTOLD_AT_MOST: usize = 100;
/// Nothing that belongs here is longer.
const LIMIT_BYTES: u64 = 256 * 1024;

/// The file as it stands on the disk.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DoorJson {
    last: Option<OfficerId>,
    tries: Vec<TriesJson>,
    /// Of the file without it, so that bits that turned over show. It keeps out nobody who
    /// writes the file on purpose. The first files had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<Digest>,
}

impl DoorJson {
    fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("plain fields and strings always serialise")
    }

    /// With its digest. What is read must be, to the letter, what would be written.
    fn sealed(self) -> Self {
        let bare = Self {
            digest: None,
            ..self
        };
        let digest = Some(Digest::of(&bare.bytes()));
        Self { digest, ..bare }
    }
}

#[derive(Clone, Serialize, Deserialize)]
struct TriesJson {
    officer_id: OfficerId,
    wrong: u32,
    wait_s: i64,
    noted_at: DateTime<Utc>,
    /// Wrong passphrases of which the audit trail does not know yet.
    untold: Vec<UntoldJson>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct UntoldJson {
    tried_at: DateTime<Utc>,
    locks: bool,
}

/// A wrong passphrase that was given while the vault was shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongTry {
    /// Under whose name.
    pub officer_id: OfficerId,
    /// When.
    pub tried_at: DateTime<Utc>,
    /// Whether it brought a wait.
    pub locks: bool,
}

/// The door of one vault.
pub(crate) struct Door {
    dir: PathBuf,
    state: DoorJson,
    damaged: bool,
}

impl Door {
    /// A file that is not there, or that nobody of us wrote, tells of nothing.
    pub(crate) fn read(dir: &Path) -> Self {
        let path = dir.join(NAME);
        let fits = fs::metadata(&path).is_ok_and(|found| found.len() <= LIMIT_BYTES);
        let bytes = fits.then(|| fs::read(&path).ok()).flatten();
        let state = bytes.as_deref().and_then(state_of);
        Self {
            dir: dir.to_owned(),
            damaged: path.exists() && state.is_none(),
            state: state.unwrap_or_default(),
        }
    }

    /// Whether the file was there and is not as it was written.
    pub(crate) const fn is_damaged(&self) -> bool {
        self.damaged
    }

    fn write(&mut self) -> Result<(), Error> {
        self.state = std::mem::take(&mut self.state).sealed();
        let bytes = self.state.bytes();
        durable::write_file(&self.dir.join(NAME), &bytes, &Digest::of(&bytes))
    }

    /// Who signed in last.
    pub(crate) const fn last(&self) -> Option<OfficerId> {
        self.state.last
    }

    fn tries(&mut self, officer_id: OfficerId, now: DateTime<Utc>) -> &mut TriesJson {
        let known = self
            .state
            .tries
            .iter()
            .position(|tries| tries.officer_id == officer_id);
        let index = known.unwrap_or_else(|| {
            self.state.tries.push(TriesJson {
                officer_id,
                wrong: 0,
                wait_s: 0,
                noted_at: now,
                untold: Vec::new(),
            });
            self.state.tries.len() - 1
        });
        &mut self.state.tries[index]
    }

    /// Counts a try as wrong before it is made, so that pulling the plug in the middle of
    /// a guess makes it no cheaper. Refused while there is something left to wait.
    pub(crate) fn knock(
        &mut self,
        officer_id: OfficerId,
        rules: &AccessRules,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let known = self.tries(officer_id, now);
        let tries = known.tries().noted(now);
        if tries.wait > TimeDelta::zero() {
            known.put(tries);
            self.write()?;
            // A part of a second is a second to wait.
            let left_s = (tries.wait.num_milliseconds() + 999) / 1000;
            return Err(Error::MustWait {
                left_s: u32::try_from(left_s).unwrap_or(u32::MAX),
            });
        }
        let tries = tries.one_more(rules, now);
        known.put(tries);
        if known.untold.len() < UNTOLD_AT_MOST {
            known.untold.push(UntoldJson {
                tried_at: now,
                locks: tries.wait > TimeDelta::zero(),
            });
        }
        self.write()
    }

    /// The try was right after all: it counts for nothing, and neither do those before.
    pub(crate) fn let_in(
        &mut self,
        officer_id: OfficerId,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let known = self.tries(officer_id, now);
        known.put(Tries::none(now));
        known.untold.pop();
        self.state.last = Some(officer_id);
        self.write()
    }

    /// Lets an officer try anew, with a passphrase that somebody else has set.
    pub(crate) fn forgive(
        &mut self,
        officer_id: OfficerId,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.tries(officer_id, now).put(Tries::none(now));
        self.write()
    }

    /// The wrong tries of which the audit trail does not know yet, oldest first.
    pub(crate) fn untold(&self) -> Vec<WrongTry> {
        let tries = self.state.tries.iter();
        let mut untold: Vec<WrongTry> = tries
            .flat_map(|tries| {
                tries.untold.iter().map(|untold| WrongTry {
                    officer_id: tries.officer_id,
                    tried_at: untold.tried_at,
                    locks: untold.locks,
                })
            })
            .collect();
        untold.sort_by_key(|one| one.tried_at);
        untold
    }

    /// The audit trail knows of all of them.
    pub(crate) fn told(&mut self) -> Result<(), Error> {
        for tries in &mut self.state.tries {
            tries.untold.clear();
        }
        self.write()
    }
}

fn state_of(bytes: &[u8]) -> Option<DoorJson> {
    let state: DoorJson = serde_json::from_slice(bytes).ok()?;
    if state.bytes() != bytes {
        return None;
    }
    let stated = state.digest;
    let sealed = state.sealed();
    (stated.is_none() || stated == sealed.digest).then_some(sealed)
}

impl TriesJson {
    fn tries(&self) -> Tries {
        Tries {
            wrong: self.wrong,
            wait: TimeDelta::seconds(self.wait_s.clamp(0, i64::from(u32::MAX))),
            noted_at: self.noted_at,
        }
    }

    fn put(&mut self, tries: Tries) {
        self.wrong = tries.wrong;
        // Rounded up: a part of a second that is lost at each restart would add up.
        self.wait_s = (tries.wait.num_milliseconds() + 999) / 1000;
        self.noted_at = tries.noted_at;
    }
}
