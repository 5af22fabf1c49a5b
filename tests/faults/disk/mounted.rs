//! The disk as a mounted file system (FUSE) for another process: it can refuse a step,
//! and it can be full.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use fuser::{
    BackgroundSession, Config, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags,
    Generation, INodeNo, LockOwner, MountOption, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate,
    ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request,
    TimeOrNow, WriteFlags,
};
use tempfile::TempDir;

use super::{BLOCK, Entry, Node, Step, Tree};

/// Nobody but the kernel changes anything, so that it may remember for long.
const TTL: Duration = Duration::from_hours(1);

/// Which steps a disk refuses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusing {
    /// The first of them, counted from 1.
    pub(crate) from: usize,
    /// All from there on, and not only that one.
    pub(crate) lasting: bool,
}

/// What a mounted disk holds and does.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    pub(crate) tree: Tree,
    pub(crate) steps: Vec<Step>,
    /// Steps that a program heard of, refused ones too.
    pub(crate) asked: usize,
    pub(crate) refusing: Option<Refusing>,
    pub(crate) refused: usize,
    pub(crate) capacity_bytes: Option<usize>,
    last_node: Node,
}

impl Disk {
    /// Does a step, unless it is one to be refused or there is no room for it.
    fn take(&mut self, step: Step) -> Result<(), Errno> {
        self.asked += 1;
        let asked = self.asked;
        let refuses = self.refusing.is_some_and(|refusing| {
            asked == refusing.from || refusing.lasting && asked > refusing.from
        });
        if refuses {
            self.refused += 1;
            return Err(Errno::EIO);
        }
        if let Some(capacity) = self.capacity_bytes {
            let grows_by = self.growth(&step);
            if grows_by > 0 && self.tree.used_bytes() + grows_by > capacity {
                self.refused += 1;
                return Err(Errno::ENOSPC);
            }
        }
        self.keep(step);
        Ok(())
    }

    fn keep(&mut self, step: Step) {
        self.tree.apply(&step);
        self.steps.push(step);
    }

    fn growth(&self, step: &Step) -> usize {
        let length = |node: &Node| match self.tree.entries.get(node) {
            Some(Entry::File(bytes)) => bytes.len(),
            _ => 0,
        };
        match step {
            Step::Write {
                node,
                offset,
                bytes,
            } => {
                let blocks = |length: usize| length.next_multiple_of(BLOCK);
                blocks(offset + bytes.len()).saturating_sub(blocks(length(node)))
            }
            Step::Make { .. } => BLOCK,
            _ => 0,
        }
    }

    fn attributes(&self, node: Node) -> Option<FileAttr> {
        let (kind, size, perm) = match self.tree.entries.get(&node)? {
            Entry::File(bytes) => (FileType::RegularFile, bytes.len() as u64, 0o644),
            Entry::Folder(_) => (FileType::Directory, 0, 0o755),
        };
        Some(FileAttr {
            ino: INodeNo(node),
            size,
            blocks: size.div_ceil(512),
            atime: UNIX_EPOCH,
            mtime: UNIX_EPOCH,
            ctime: UNIX_EPOCH,
            crtime: UNIX_EPOCH,
            kind,
            perm,
            nlink: 1,
            uid: rustix::process::getuid().as_raw(),
            gid: rustix::process::getgid().as_raw(),
            rdev: 0,
            blksize: BLOCK as u32,
            flags: 0,
        })
    }

    fn make(&mut self, folder: INodeNo, name: &OsStr, is_folder: bool) -> Result<FileAttr, Errno> {
        if self.tree.child(folder.0, name).is_some() {
            return Err(Errno::EEXIST);
        }
        let node = self.last_node + 1;
        self.take(Step::Make {
            folder: folder.0,
            name: name.to_owned(),
            node,
            is_folder,
        })?;
        self.last_node = node;
        self.attributes(node).ok_or(Errno::EIO)
    }

    fn remove(&mut self, folder: INodeNo, name: &OsStr) -> Result<(), Errno> {
        let node = self.tree.child(folder.0, name).ok_or(Errno::ENOENT)?;
        if let Some(Entry::Folder(names)) = self.tree.entries.get(&node)
            && !names.is_empty()
        {
            return Err(Errno::ENOTEMPTY);
        }
        self.take(Step::Remove {
            folder: folder.0,
            name: name.to_owned(),
        })
    }
}

/// A disk that is mounted for as long as this lives.
pub(crate) struct Mounted {
    disk: Arc<Mutex<Disk>>,
    // Unmounted before its folder goes.
    _session: BackgroundSession,
    folder: TempDir,
}

impl Mounted {
    /// Mounts a disk with this on it; `None`, and a word about it, where the machine lets
    /// us mount none and none is insisted on.
    pub(crate) fn new(tree: Tree) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let last_node = tree.entries.keys().next_back().copied().unwrap_or_default();
        let disk = Arc::new(Mutex::new(Disk {
            tree,
            last_node,
            ..Disk::default()
        }));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("faults".to_owned())];
        match fuser::spawn_mount(Served(Arc::clone(&disk)), folder.path(), &config) {
            Ok(session) => Some(Self {
                disk,
                _session: session,
                folder,
            }),
            Err(error) => {
                assert!(
                    std::env::var_os("SOHOA_FUSE").is_none(),
                    "no disk could be mounted: {error}"
                );
                println!("skipped: this machine lets us mount no disk of our own");
                None
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        hold(&self.disk)
    }
}

fn hold(disk: &Mutex<Disk>) -> MutexGuard<'_, Disk> {
    disk.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Served(Arc<Mutex<Disk>>);

impl Served {
    fn disk(&self) -> MutexGuard<'_, Disk> {
        hold(&self.0)
    }
}

fn answer(reply: ReplyEmpty, done: Result<(), Errno>) {
    match done {
        Ok(()) => reply.ok(),
        Err(errno) => reply.error(errno),
    }
}

impl Filesystem for Served {
    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let disk = self.disk();
        let node = disk.tree.child(parent.0, name);
        match node.and_then(|node| disk.attributes(node)) {
            Some(found) => reply.entry(&TTL, &found, Generation(0)),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, node: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        match self.disk().attributes(node.0) {
            Some(found) => reply.attr(&TTL, &found),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn setattr(
        &self,
        _: &Request,
        node: INodeNo,
        _: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<std::time::SystemTime>,
        _: Option<FileHandle>,
        _: Option<std::time::SystemTime>,
        _: Option<std::time::SystemTime>,
        _: Option<std::time::SystemTime>,
        _: Option<fuser::BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut disk = self.disk();
        let done = size.map_or(Ok(()), |size| {
            disk.take(Step::Resize {
                node: node.0,
                length: size as usize,
            })
        });
        match done.and_then(|()| disk.attributes(node.0).ok_or(Errno::ENOENT)) {
            Ok(found) => reply.attr(&TTL, &found),
            Err(errno) => reply.error(errno),
        }
    }

    fn mkdir(&self, _: &Request, parent: INodeNo, name: &OsStr, _: u32, _: u32, reply: ReplyEntry) {
        match self.disk().make(parent, name, true) {
            Ok(made) => reply.entry(&TTL, &made, Generation(0)),
            Err(errno) => reply.error(errno),
        }
    }

    fn create(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        _: u32,
        _: u32,
        _: i32,
        reply: ReplyCreate,
    ) {
        match self.disk().make(parent, name, false) {
            Ok(made) => reply.created(
                &TTL,
                &made,
                Generation(0),
                FileHandle(0),
                FopenFlags::empty(),
            ),
            Err(errno) => reply.error(errno),
        }
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer(reply, self.disk().remove(parent, name));
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer(reply, self.disk().remove(parent, name));
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let mut disk = self.disk();
        let done = if !flags.is_empty() {
            Err(Errno::EINVAL)
        } else if disk.tree.child(parent.0, name).is_none() {
            Err(Errno::ENOENT)
        } else {
            disk.take(Step::Rename {
                from: (parent.0, name.to_owned()),
                to: (new_parent.0, new_name.to_owned()),
            })
        };
        answer(reply, done);
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::empty());
    }

    fn read(
        &self,
        _: &Request,
        node: INodeNo,
        _: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.disk().tree.entries.get(&node.0) {
            Some(Entry::File(bytes)) => {
                let from = bytes.len().min(offset as usize);
                let to = bytes.len().min(from + size as usize);
                reply.data(&bytes[from..to]);
            }
            _ => reply.error(Errno::EIO),
        }
    }

    fn write(
        &self,
        _: &Request,
        node: INodeNo,
        _: FileHandle,
        offset: u64,
        bytes: &[u8],
        flags: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let step = Step::Write {
            node: node.0,
            offset: offset as usize,
            bytes: bytes.to_vec(),
        };
        let mut disk = self.disk();
        // What the kernel writes of a mapped file no program hears of: it is not counted.
        let done = if flags.contains(WriteFlags::FUSE_WRITE_CACHE) {
            disk.keep(step);
            Ok(())
        } else {
            disk.take(step)
        };
        match done {
            Ok(()) => reply.written(bytes.len() as u32),
            Err(errno) => reply.error(errno),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, node: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer(reply, self.disk().take(Step::ForceFile(node.0)));
    }

    fn fsyncdir(&self, _: &Request, node: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        answer(reply, self.disk().take(Step::ForceFolder(node.0)));
    }

    fn readdir(
        &self,
        _: &Request,
        node: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        let disk = self.disk();
        let Some(Entry::Folder(names)) = disk.tree.entries.get(&node.0) else {
            return reply.error(Errno::ENOTDIR);
        };
        let dots = [".", ".."].map(|name| (OsStr::new(name), node.0));
        let names = names.iter().map(|(name, node)| (name.as_os_str(), *node));
        for (index, (name, node)) in dots.into_iter().chain(names).enumerate() {
            let index = index as u64 + 1;
            let kind = match disk.tree.entries.get(&node) {
                Some(Entry::File(_)) => FileType::RegularFile,
                _ => FileType::Directory,
            };
            if index > offset && reply.add(INodeNo(node), index, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        let disk = self.disk();
        let capacity = disk.capacity_bytes.unwrap_or(1 << 32) as u64;
        let free = capacity.saturating_sub(disk.tree.used_bytes() as u64) / BLOCK as u64;
        let block = BLOCK as u32;
        reply.statfs(capacity / BLOCK as u64, free, free, 0, 0, block, 255, block);
    }
}
