//! Bundles: what a station without a network wrote into a file, taken as if it had come
//! over the network.

use std::io::{Read, Write};
use std::path::Path;

use axum::body::Bytes;
use domain::digest::Digest;
use tokio::runtime::Handle;
use wire::{Answer, Answered, BundleHead, Piece, Problem, ProblemCode, read_bundle};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;

/// What became of a bundle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BundleTaken {
    /// Records that have their receipt.
    pub received: usize,
    /// Records of which something is missing still, or at which a person must look.
    pub open: usize,
}

/// What is told while a bundle is read.
#[derive(Default)]
struct Said {
    enrolled: Option<wire::enrolment::Enrolled>,
    problem: Option<Problem>,
    envelopes: Vec<Digest>,
}

impl Centre {
    /// Takes a bundle and writes the answer to it. Taken twice, it has the same effect once.
    /// Blocks its thread while it reads.
    pub async fn take_bundle(&self, from: &Path, to: &Path) -> Result<BundleTaken, Error> {
        let file = std::io::BufReader::new(std::fs::File::open(from)?);
        let mut said = Said::default();
        let head = tokio::task::block_in_place(|| {
            read_bundle(self.keys.identity(), file, |head, piece| {
                Handle::current().block_on(self.take_piece(&mut said, head, piece))
            })
        })?;
        let mut envelopes = said.envelopes;
        envelopes.extend(&head.waiting);
        envelopes.sort_unstable();
        envelopes.dedup();
        let mut taken = BundleTaken::default();
        let mut records = Vec::new();
        for envelope in envelopes {
            match self.progress(head.station, &envelope).await {
                Ok(progress) => {
                    if matches!(progress, wire::Progress::Received { .. }) {
                        taken.received += 1;
                    } else {
                        taken.open += 1;
                    }
                    records.push(Answered { envelope, progress });
                }
                Err(Error::Refused(problem)) => {
                    taken.open += 1;
                    said.problem.get_or_insert(problem);
                }
                Err(error) => return Err(error),
            }
        }
        let now = {
            let connection = self.database.connection().await?;
            connection.one("SELECT now()", &[]).await?.get(0)
        };
        let answer = Answer {
            wire_version: wire::VERSION,
            station: head.station,
            epoch: head.epoch,
            now,
            enrolled: said.enrolled,
            problem: said.problem,
            records,
        };
        let mut out = std::fs::File::create(to)?;
        answer.seal(
            &head.answer_to,
            |message| self.keys.sign_receipt(message),
            &mut out,
        )?;
        out.flush()?;
        out.sync_all()?;
        Ok(taken)
    }

    async fn take_piece(
        &self,
        said: &mut Said,
        head: &BundleHead,
        piece: Option<Piece<'_>>,
    ) -> Result<(), Error> {
        let done = match piece {
            None => match &head.enrolment {
                Some(enrolment) => {
                    let enrolled = self.enrol(enrolment).await;
                    enrolled.map(|enrolled| said.enrolled = Some(enrolled))
                }
                None => Ok(()),
            },
            // After one that was not taken, none can be.
            Some(Piece::Envelope(_)) if said.problem.is_some() => Ok(()),
            Some(Piece::Envelope(bytes)) => {
                said.envelopes.push(Digest::of(&bytes));
                self.announce(head.station, &bytes).await.map(|_| ())
            }
            Some(Piece::File(sealed, bytes)) => self.take_file(head.station, &sealed, bytes).await,
        };
        match done {
            Err(Error::Refused(problem)) => {
                said.problem.get_or_insert(problem);
                Ok(())
            }
            done => done,
        }
    }

    /// The bytes of a file, in parts as they would have come.
    async fn take_file(
        &self,
        station: u32,
        sealed: &Digest,
        bytes: &mut dyn Read,
    ) -> Result<(), Error> {
        let mut offset = 0;
        loop {
            let mut part = Vec::new();
            bytes
                .take(wire::PART_LIMIT_BYTES as u64)
                .read_to_end(&mut part)?;
            if part.is_empty() {
                return Ok(());
            }
            let length = part.len() as u64;
            let stored = self
                .store_part(station, sealed, offset, Bytes::from(part.clone()))
                .await;
            match stored {
                Ok(_) => {}
                // Some of it came before, and ended within this part.
                Err(Error::Refused(Problem {
                    code: ProblemCode::OffsetWrong,
                    have_bytes: Some(have),
                    ..
                })) => {
                    let here = usize::try_from(have.saturating_sub(offset)).unwrap_or(usize::MAX);
                    let rest = Bytes::from(part).slice(here.min(length as usize)..);
                    if !rest.is_empty() {
                        self.store_part(station, sealed, have, rest).await?;
                    }
                }
                Err(error) => return Err(error),
            }
            offset += length;
        }
    }
}
