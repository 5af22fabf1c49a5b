//! A disk in memory that remembers every step, so that one can ask what of it would be
//! left if the power failed there.

pub(crate) mod mounted;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::chance::Chance;
use crate::work::folder_in_memory;

/// The number of a file or folder; the top is [`TOP`].
pub(crate) type Node = u64;

/// The topmost folder.
pub(crate) const TOP: Node = 1;

/// Disks write whole sectors: a write that was cut short ends at one.
const SECTOR: usize = 512;
/// A disk that holds more than this is laid out on the disk of this machine.
const IN_MEMORY_AT_MOST: usize = 17 << 20;
/// What a file takes at least.
pub(crate) const BLOCK: usize = 4096;

/// A file or a folder.
#[derive(Clone, Debug)]
pub(crate) enum Entry {
    File(Vec<u8>),
    Folder(BTreeMap<OsString, Node>),
}

/// One step that changes a disk, or forces changes to it.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Make {
        folder: Node,
        name: OsString,
        node: Node,
        is_folder: bool,
    },
    Write {
        node: Node,
        offset: usize,
        bytes: Vec<u8>,
    },
    Resize {
        node: Node,
        length: usize,
    },
    Rename {
        from: (Node, OsString),
        to: (Node, OsString),
    },
    Remove {
        folder: Node,
        name: OsString,
    },
    ForceFile(Node),
    ForceFolder(Node),
}

impl Step {
    /// The folders whose names it changes.
    fn folders(&self) -> Vec<Node> {
        match self {
            Self::Make { folder, .. } | Self::Remove { folder, .. } => vec![*folder],
            Self::Rename { from, to } => vec![from.0, to.0],
            _ => Vec::new(),
        }
    }

    pub(crate) const fn forces(&self) -> bool {
        matches!(self, Self::ForceFile(_) | Self::ForceFolder(_))
    }
}

/// What lies on a disk.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) entries: BTreeMap<Node, Entry>,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            entries: BTreeMap::from([(TOP, Entry::Folder(BTreeMap::new()))]),
        }
    }
}

impl Tree {
    pub(crate) fn child(&self, folder: Node, name: &OsStr) -> Option<Node> {
        match self.entries.get(&folder) {
            Some(Entry::Folder(names)) => names.get(name).copied(),
            _ => None,
        }
    }

    /// Bytes in files that a name leads to, in whole blocks.
    pub(crate) fn used_bytes(&self) -> usize {
        self.used_below(TOP)
    }

    fn used_below(&self, node: Node) -> usize {
        match self.entries.get(&node) {
            Some(Entry::File(bytes)) => bytes.len().next_multiple_of(BLOCK),
            Some(Entry::Folder(names)) => names.values().map(|child| self.used_below(*child)).sum(),
            None => 0,
        }
    }

    fn names(&mut self, folder: Node) -> &mut BTreeMap<OsString, Node> {
        let entry = self
            .entries
            .entry(folder)
            .or_insert_with(|| Entry::Folder(BTreeMap::new()));
        match entry {
            Entry::Folder(names) => names,
            Entry::File(_) => panic!("node {folder} is a file"),
        }
    }

    fn bytes(&mut self, node: Node) -> &mut Vec<u8> {
        let entry = self
            .entries
            .entry(node)
            .or_insert_with(|| Entry::File(Vec::new()));
        match entry {
            Entry::File(bytes) => bytes,
            Entry::Folder(_) => panic!("node {node} is a folder"),
        }
    }

    pub(crate) fn apply(&mut self, step: &Step) {
        match step {
            Step::Make {
                folder,
                name,
                node,
                is_folder,
            } => {
                if *is_folder {
                    self.names(*node);
                } else {
                    self.bytes(*node);
                }
                self.names(*folder).insert(name.clone(), *node);
            }
            Step::Write {
                node,
                offset,
                bytes,
            } => {
                let file = self.bytes(*node);
                let end = offset + bytes.len();
                if file.len() < end {
                    file.resize(end, 0);
                }
                file[*offset..end].copy_from_slice(bytes);
            }
            Step::Resize { node, length } => self.bytes(*node).resize(*length, 0),
            Step::Rename { from, to } => {
                if let Some(node) = self.names(from.0).remove(&from.1) {
                    self.names(to.0).insert(to.1.clone(), node);
                }
            }
            Step::Remove { folder, name } => {
                self.names(*folder).remove(name);
            }
            Step::ForceFile(_) | Step::ForceFolder(_) => {}
        }
    }

    /// The same in a temporary folder, in memory where there is one: it is looked at many
    /// times, and nobody pulls the plug there.
    pub(crate) fn laid_out(&self) -> TempDir {
        let folder = if self.used_bytes() < IN_MEMORY_AT_MOST {
            folder_in_memory()
        } else {
            tempfile::tempdir().unwrap()
        };
        self.put_node(TOP, folder.path());
        folder
    }

    fn put_node(&self, node: Node, path: &Path) {
        match self.entries.get(&node) {
            Some(Entry::File(bytes)) => fs::write(path, bytes).unwrap(),
            Some(Entry::Folder(names)) => {
                fs::create_dir_all(path).unwrap();
                for (name, child) in names {
                    self.put_node(*child, &path.join(name));
                }
            }
            // A name without its file: the power failed between the two.
            None => fs::write(path, []).unwrap(),
        }
    }
}

/// What a sabotaged disk forgets to do; the negative controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sabotage {
    None,
    /// Forcing this file does nothing.
    NeverForced(&'static str),
    /// Forcing a folder does nothing.
    NamesNeverForced,
}

/// What is left of the steps on `before` when the power fails after the last of them:
/// all that was forced, and of the rest what chance leaves, in any order that a disk may
/// choose.
pub(crate) fn after_power_cut(
    before: &Tree,
    steps: &[Step],
    sabotage: Sabotage,
    chance: &mut Chance,
) -> Tree {
    let mut left = before.clone();
    let mut pending: Vec<&Step> = Vec::new();
    let mut unforced: Vec<Node> = Vec::new();
    for step in steps {
        match step {
            Step::ForceFile(node) if unforced.contains(node) => {}
            Step::ForceFolder(_) if sabotage == Sabotage::NamesNeverForced => {}
            Step::ForceFile(forced) => keep(&mut left, &mut pending, |step| match step {
                Step::Write { node, .. } | Step::Resize { node, .. } => node == forced,
                _ => false,
            }),
            Step::ForceFolder(forced) => keep(&mut left, &mut pending, |step| {
                step.folders().contains(forced)
            }),
            Step::Make {
                name,
                node,
                is_folder,
                ..
            } => {
                // The thing itself may be there before its name is.
                if *is_folder {
                    left.names(*node);
                } else {
                    left.bytes(*node);
                }
                if matches!(sabotage, Sabotage::NeverForced(of) if name == of) {
                    unforced.push(*node);
                }
                pending.push(step);
            }
            _ => pending.push(step),
        }
    }
    let way = chance.below(4);
    let mut whole = way == 1;
    for step in pending {
        match way {
            // Nothing that was not forced, or everything: as after `kill -9`.
            0 => {}
            1 => left.apply(step),
            // In order up to some moment, and the step of that moment cut short.
            2 => {
                if !whole && chance.below(8) == 0 {
                    whole = true;
                    tear(&mut left, step, chance);
                }
                if !whole {
                    left.apply(step);
                }
            }
            // Names in order, bytes in any: each sector by itself.
            _ => match step {
                Step::Write { .. } => tear(&mut left, step, chance),
                Step::Resize { .. } => {
                    if chance.below(2) == 0 {
                        left.apply(step);
                    }
                }
                _ => {
                    whole = whole || chance.below(6) == 0;
                    if !whole {
                        left.apply(step);
                    }
                }
            },
        }
    }
    left
}

/// Takes the steps that are forced out of those that wait, and does them.
fn keep(left: &mut Tree, pending: &mut Vec<&Step>, is_forced: impl Fn(&Step) -> bool) {
    pending.retain(|step| {
        let forced = is_forced(step);
        if forced {
            left.apply(step);
        }
        !forced
    });
}

/// Leaves only some sectors of a write.
fn tear(left: &mut Tree, step: &Step, chance: &mut Chance) {
    let Step::Write {
        node,
        offset,
        bytes,
    } = step
    else {
        return;
    };
    let mut from = 0;
    while from < bytes.len() {
        // Sectors of the disk, not of the write.
        let to = bytes
            .len()
            .min((offset + from + 1).next_multiple_of(SECTOR) - offset);
        if chance.below(2) == 0 {
            left.apply(&Step::Write {
                node: *node,
                offset: offset + from,
                bytes: bytes[from..to].to_vec(),
            });
        }
        from = to;
    }
}
