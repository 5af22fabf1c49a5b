//! One worker process as the desk holds it.

use std::io;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::frame;
use super::message::{Answer, Request};
use crate::Resources;

/// A running worker. Dropping it ends the process.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    requests: ChildStdin,
    answers: Receiver<io::Result<(Answer, Vec<u8>)>>,
    /// Keys of the pages it read last, newest last. It may have forgotten some.
    has_read: Vec<String>,
}

/// The worker is gone or silent; it must not be used again.
#[derive(Debug)]
pub(super) struct Lost;

impl Process {
    pub(super) fn start(program: &Path, resources: &Resources) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(super::ARGUMENT)
            .env("SOHOA_RESOURCES", resources.folder())
            // Tesseract's own threads make it slower on two cores; pages are the unit of parallel work.
            .env("OMP_THREAD_LIMIT", "1")
            .env("RTEN_NUM_THREADS", "1")
            // The C library gives every thread a heap of its own, which keeps what a page needed:
            // with two heaps a worker that reads lines side by side is a sixth smaller.
            .env("MALLOC_ARENA_MAX", "2")
            // By itself it takes ever larger pieces from there too. Those of a page's size go
            // back to the system at once, so that hundreds of pages leave no holes.
            .env("MALLOC_MMAP_THRESHOLD_", "2097152")
            .env("MALLOC_TRIM_THRESHOLD_", "16777216")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let requests = child.stdin.take().expect("standard input was asked for");
        let mut pipe = child.stdout.take().expect("standard output was asked for");
        let (sender, answers) = channel();
        // A thread of its own, because a pipe cannot be read with a time limit on every system.
        std::thread::spawn(move || {
            loop {
                let answer = frame::read(&mut pipe);
                let ended = answer.is_err();
                if sender.send(answer).is_err() || ended {
                    break;
                }
            }
        });
        Ok(Self {
            child,
            requests,
            answers,
            has_read: Vec::new(),
        })
    }

    pub(super) fn tell(&mut self, request: &Request, payload: &[u8]) -> Result<(), Lost> {
        frame::write(&mut self.requests, request, payload).map_err(|_| Lost)
    }

    /// The next answer; `Ok(None)` when none came within `limit`.
    pub(super) fn hear(&mut self, limit: Duration) -> Result<Option<(Answer, Vec<u8>)>, Lost> {
        match self.answers.recv_timeout(limit) {
            Ok(Ok(answer)) => Ok(Some(answer)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(Lost),
        }
    }

    pub(super) fn has_read(&mut self, key: &str) {
        self.has_read.push(key.to_owned());
        if self.has_read.len() > super::server::PAGES_KEPT {
            self.has_read.remove(0);
        }
    }

    pub(super) fn keeps(&self, key: &str) -> bool {
        self.has_read.iter().any(|read| read == key)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already; either way nothing of it may stay behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
