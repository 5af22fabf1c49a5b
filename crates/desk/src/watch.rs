//! A watched folder: whatever a copier, a colleague or a share puts there becomes
//! pages in the vault.
//!
//! The folder is looked at again and again, because systems that tell of changes do
//! not tell of those on a share. A file is taken when two looks found it unchanged;
//! then its pages are stored and recorded, and only then does it move to `done`. A
//! file that cannot be taken moves to `refused` with its reason beside it, and the
//! next file is looked at. After a crash a file is gone on with where it was left: it
//! is known by its bytes.
//!
//! A cover slip says where the pages behind it belong, and is set aside. Without one a name
//! may say it: `H38.12-260412-0007_TP-H05.000026_scan.pdf` goes to that dossier and that
//! component. Everything else waits in one dossier a day.

mod file;
mod marker;
mod papers;
mod place;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::digest::Digest;
use domain::document::Document;
use domain::rights::Right;

use crate::{Desk, Error, original, room, scan};
use file::{Look, Unfit};
use marker::Marker;
pub use papers::TakenPaper;
use place::{Place, Whither};

/// Between two looks. What has not changed for so long is taken for finished: copiers
/// write their files in one go.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);

/// An empty file is one that is about to be written, for so long.
const EMPTY_FOR: Duration = Duration::from_secs(30);

/// Files of one look. What lies beyond them is looked at when these are through.
const MAX_FILES: usize = 10_000;

/// Where files go that were taken.
const DONE: &str = "done";
/// Where files go that were not.
const REFUSED: &str = "refused";

/// A folder that is watched.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    seen: BTreeMap<PathBuf, Seen>,
}

/// A file as it was found.
#[derive(Debug)]
struct Seen {
    look: Look,
    /// When it was first found so.
    since: Instant,
    /// It was dealt with and could not be moved away: nothing more is done about it.
    stays: bool,
}

/// What became of a file.
#[derive(Debug)]
pub struct Outcome {
    /// The file as it lay in the folder.
    pub file: PathBuf,
    /// What became of it.
    pub what: What,
}

/// What became of a file.
#[derive(Debug)]
pub enum What {
    /// Its pages are stored: one paper, or as many as cover slips part.
    Taken {
        /// In the order of the file.
        papers: Vec<TakenPaper>,
    },
    /// The same bytes were taken before, for the same dossier.
    TakenBefore {
        /// Where they are.
        document: Document,
    },
    /// It is no paper, or a damaged one, and lies in `refused`.
    Refused(Error),
    /// It is dealt with, but could not be moved away. It stays and is left alone.
    NotMoved(Error),
    /// It is sound and could not be stored now; it is tried again.
    Postponed(Error),
}

impl Watch {
    /// Watches this folder. `done` and `refused` are made in it.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::FileUnreadable {
            path: folder.to_owned(),
            source,
        };
        let folder = folder.canonicalize().map_err(unreadable)?;
        for place in [DONE, REFUSED] {
            file::make_folder(&folder.join(place)).map_err(Error::File)?;
        }
        Ok(Self {
            folder,
            seen: BTreeMap::new(),
        })
    }

    /// Looks once, takes what is finished, and tells `each` of every file it dealt
    /// with. Returns how many files still wait to be finished.
    pub fn look(
        &mut self,
        desk: &Desk,
        now: Instant,
        each: &mut dyn FnMut(Outcome),
    ) -> Result<usize, Error> {
        desk.may(Right::Receive)?;
        desk.may(Right::Scan)?;
        let mut found = file::list(&self.folder, MAX_FILES).map_err(Error::File)?;
        // Where files go is never a file, even where something else stands in its place.
        for ours in [DONE, REFUSED] {
            found.remove(&self.folder.join(ours));
        }
        self.seen.retain(|path, _| found.contains_key(path));
        let mut waiting = 0;
        while let Some((path, look)) = found.pop_first() {
            let known = self.seen.get(&path);
            if known.is_some_and(|seen| seen.stays && seen.look == look) {
                continue;
            }
            let since = known
                .filter(|seen| seen.look == look)
                .map_or(now, |seen| seen.since);
            let unchanged_for = now.saturating_duration_since(since);
            let patience = if look.is_empty() {
                EMPTY_FOR
            } else {
                LOOK_EVERY
            };
            let mut seen = Seen {
                look,
                since,
                stays: false,
            };
            if unchanged_for < patience && seen.look.is_ordinary() {
                waiting += 1;
            } else {
                match self.deal_with(desk, &path, &seen.look) {
                    Some(What::Postponed(error)) => {
                        waiting += 1;
                        each(Outcome {
                            file: path.clone(),
                            what: What::Postponed(error),
                        });
                    }
                    Some(what) => {
                        seen.stays = true;
                        each(Outcome {
                            file: path.clone(),
                            what,
                        });
                    }
                    // It changed under the hand, so it is no more finished than before.
                    None => {
                        waiting += 1;
                        seen.since = now;
                    }
                }
            }
            self.seen.insert(path, seen);
        }
        Ok(waiting)
    }

    /// `None` when the file changed while it was read.
    fn deal_with(&self, desk: &Desk, path: &Path, look: &Look) -> Option<What> {
        // The file lies safe where it is until there is room for its pages.
        if let Err(error) = room::enough(desk) {
            return Some(What::Postponed(error));
        }
        let what = match file::read(path, look) {
            Ok(bytes) => match take(desk, path, &bytes) {
                Ok(what) => what,
                Err(error) if is_of_the_file(&error) => What::Refused(error),
                Err(error) => return Some(What::Postponed(error)),
            },
            Err(Unfit::Changed) => return None,
            Err(Unfit::Never(error)) => What::Refused(error.into()),
            Err(Unfit::NotNow(error)) => return Some(What::Postponed(Error::File(error))),
        };
        let place = match &what {
            What::Refused(_) => REFUSED,
            _ => DONE,
        };
        let reason = match &what {
            What::Refused(error) => Some(format!("{error}\n")),
            _ => None,
        };
        match file::move_to(&self.folder.join(place), path, reason.as_deref()) {
            Ok(()) => Some(what),
            Err(error) => Some(What::NotMoved(Error::File(error))),
        }
    }
}

/// Whether the file is at fault, and not the desk or its disk.
fn is_of_the_file(error: &Error) -> bool {
    match error {
        Error::Scan(error) => !matches!(error, ::scan::Error::Io(_) | ::scan::Error::Sink(_)),
        // It was tried twice, each time with a fresh worker.
        Error::WorkerLost { .. } | Error::Refused(_) => true,
        _ => false,
    }
}

/// Stores the pages of a file where its name says, each once.
fn take(desk: &Desk, path: &Path, bytes: &[u8]) -> Result<What, Error> {
    // All of them first: a file of which only some pages can be read is refused whole,
    // and nothing of it is left half taken.
    let mut count = 0;
    desk.crew.pages_of_file(bytes, &mut |_page| {
        count += 1;
        Ok(())
    })?;
    let marker = Marker::of(path);
    if original::is_signed(desk, bytes)? {
        return take_signed(desk, &marker, bytes, count);
    }
    let taken = papers::take(desk, &marker, bytes)?;
    let first = taken.papers.first().map(|paper| paper.document.clone());
    Ok(match first {
        Some(document) if taken.before => What::TakenBefore { document },
        _ => What::Taken {
            papers: taken.papers,
        },
    })
}

/// A signed file is one paper, whole as it is.
fn take_signed(desk: &Desk, marker: &Marker, bytes: &[u8], pages: usize) -> Result<What, Error> {
    let place = place::begin(desk, Whither::Name(marker), Digest::of(bytes))?;
    let Place {
        taken,
        document,
        is_new,
    } = place;
    if taken.finished {
        return Ok(What::TakenBefore { document });
    }
    scan::add_signed(desk, document.id, bytes, is_new)?;
    place::finish(desk, &taken)?;
    let paper = TakenPaper {
        document,
        pages,
        set_aside: 0,
    };
    Ok(What::Taken {
        papers: vec![paper],
    })
}
