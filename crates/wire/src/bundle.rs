//! The bundle: what a station would have sent over a network, in one file that somebody
//! carries; and the centre's answer to it.
//!
//! A bundle is a tar archive inside an age file for the centre: [`BundleHead`] first, then
//! the envelopes in the order of the log, then sealed files. The answer is an age file for the
//! station around one envelope that the centre signed. So a medium that is lost tells nobody
//! anything, and any part of either is proved as it would be over the network.

use std::fmt;
use std::io::{self, Read, Write};

use age::x25519::{Identity, Recipient};
use chrono::{DateTime, Utc};
use domain::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::answer::{Problem, Progress};
use crate::enrolment::{Enrolled, Enrolment};
use crate::envelope::{EnvelopeError, open_answer, seal_answer};

const HEAD: &str = "bundle.json";
const ENVELOPES: &str = "envelopes/";
const FILES: &str = "files/";
/// A head names a digest for each record that waits; that many nobody has.
const HEAD_LIMIT_BYTES: u64 = 16 << 20;
/// An answer is one receipt for each record: none is longer.
pub const ANSWER_LIMIT_BYTES: u64 = 256 << 20;

/// What a bundle begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleHead {
    /// The version of this shape.
    pub wire_version: u32,
    /// Whose it is.
    pub station: u32,
    /// In which epoch.
    pub epoch: u16,
    /// When it was made, by the desk's clock; orders nothing.
    pub made_at: DateTime<Utc>,
    /// For whom the answer is sealed (an age recipient).
    pub answer_to: String,
    /// The station asks to be let in; then there is nothing else in the bundle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<Enrolment>,
    /// Envelopes of which the station wants to know how they stand, also such as it sent
    /// before.
    pub waiting: Vec<Digest>,
}

/// What a centre answers to a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The version of this shape.
    pub wire_version: u32,
    /// To whom.
    pub station: u32,
    /// In which epoch.
    pub epoch: u16,
    /// The centre's clock.
    pub now: DateTime<Utc>,
    /// The station was let in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolled: Option<Enrolled>,
    /// Why not all of the bundle was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// How the records stand that the station asked for.
    pub records: Vec<Answered>,
}

/// How a record stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The digest of its envelope.
    pub envelope: Digest,
    /// How it stands.
    pub progress: Progress,
}

/// What lies in a bundle, one after the other.
pub enum Piece<'a> {
    /// An envelope.
    Envelope(Vec<u8>),
    /// A sealed file under the digest that it should have.
    File(Digest, &'a mut dyn Read),
}

impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Envelope(_) => "Envelope",
            Self::File(..) => "File",
        })
    }
}

/// A bundle that is being written.
pub struct BundleWriter<W: Write> {
    tar: tar::Builder<age::stream::StreamWriter<W>>,
    envelopes: u64,
}

impl<W: Write> fmt::Debug for BundleWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BundleWriter").finish_non_exhaustive()
    }
}

fn malformed(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn recipient(text: &str) -> io::Result<Recipient> {
    text.parse().map_err(|_| malformed("not a recipient"))
}

fn sealing<W: Write>(to: &str, out: W) -> io::Result<age::stream::StreamWriter<W>> {
    let to = recipient(to)?;
    let to = std::iter::once(&to as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(to);
    let encryptor = encryptor.map_err(|_| malformed("not a recipient"))?;
    encryptor.wrap_output(out)
}

fn opening<R: Read>(identity: &Identity, from: R) -> io::Result<age::stream::StreamReader<R>> {
    let decryptor = age::Decryptor::new(from).map_err(|_| malformed("not a sealed file"))?;
    decryptor
        .decrypt(std::iter::once(identity as &dyn age::Identity))
        .map_err(|_| malformed("sealed for somebody else"))
}

impl<W: Write> BundleWriter<W> {
    /// Begins a bundle for the centre of that recipient.
    pub fn begin(centre: &str, head: &BundleHead, out: W) -> io::Result<Self> {
        let mut writer = Self {
            tar: tar::Builder::new(sealing(centre, out)?),
            envelopes: 0,
        };
        writer.put(HEAD, &serde_json::to_vec(head)?)?;
        Ok(writer)
    }

    /// Adds the next envelope of the log.
    pub fn envelope(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.envelopes += 1;
        self.put(&format!("{ENVELOPES}{:010}", self.envelopes), bytes)
    }

    /// Adds a sealed file.
    pub fn file(&mut self, sealed: &Digest, bytes: &[u8]) -> io::Result<()> {
        self.put(&format!("{FILES}{sealed}"), bytes)
    }

    /// Ends it, and gives back where it was written.
    pub fn finish(self) -> io::Result<W> {
        self.tar.into_inner()?.finish()
    }

    fn put(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        self.tar.append_data(&mut header, name, bytes)
    }
}

/// Reads a bundle from end to end: its head, then each piece. What it holds beside that is
/// of a later program and is passed over.
pub fn read_bundle<E: From<io::Error>>(
    identity: &Identity,
    from: impl Read,
    mut take: impl FnMut(&BundleHead, Option<Piece<'_>>) -> Result<(), E>,
) -> Result<BundleHead, E> {
    let mut archive = tar::Archive::new(opening(identity, from)?);
    let mut entries = archive.entries()?;
    let head = match entries.next() {
        Some(entry) => read_head(entry?)?,
        None => return Err(malformed("an empty bundle").into()),
    };
    take(&head, None)?;
    for entry in entries {
        let mut entry = entry?;
        let name = entry.path()?.to_string_lossy().into_owned();
        if name.starts_with(ENVELOPES) {
            let bytes = read_all(&mut entry, crate::ENVELOPE_LIMIT_BYTES as u64)?;
            take(&head, Some(Piece::Envelope(bytes)))?;
        } else if let Some(digest) = name.strip_prefix(FILES) {
            let digest = digest.parse().map_err(|_| malformed("not a digest"))?;
            take(&head, Some(Piece::File(digest, &mut entry)))?;
        }
    }
    // What comes after the archive is nothing; but until its end is seen, something may be
    // missing.
    io::copy(&mut archive.into_inner(), &mut io::sink())?;
    Ok(head)
}

fn read_head(mut entry: impl Read) -> io::Result<BundleHead> {
    let head = read_all(&mut entry, HEAD_LIMIT_BYTES)?;
    let head: BundleHead =
        serde_json::from_slice(&head).map_err(|_| malformed("not the head of a bundle"))?;
    if head.wire_version > crate::VERSION {
        return Err(malformed("a bundle of a newer program"));
    }
    Ok(head)
}

fn read_all(from: &mut impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(malformed("longer than any"));
    }
    Ok(bytes)
}

impl Answer {
    /// Seals the answer for the station of that recipient. `sign` makes the centre's Ed25519
    /// signature.
    pub fn seal(
        &self,
        to: &str,
        sign: impl FnOnce(&[u8]) -> [u8; 64],
        out: impl Write,
    ) -> io::Result<()> {
        let mut out = sealing(to, out)?;
        out.write_all(&seal_answer(serde_json::to_vec(self)?, sign))?;
        out.finish()?.flush()
    }

    /// Believes an answer that `key` signed, once it is unsealed.
    pub fn open(bytes: &[u8], key: &[u8; 32]) -> Result<Self, EnvelopeError> {
        let body = open_answer(bytes, key)?;
        let answer: Self = serde_json::from_slice(&body).map_err(|_| EnvelopeError::Shape)?;
        if answer.wire_version > crate::VERSION {
            return Err(EnvelopeError::Shape);
        }
        Ok(answer)
    }
}
