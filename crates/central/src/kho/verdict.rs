//! Verdicts on the signatures of an uploaded file, found by a process of its own: what a
//! stranger sent may bring that one down, and nothing else.

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use signing::{TrustStore, judge};
use utoipa::ToSchema;

use crate::error::Error;

/// The hidden command of the process that judges.
pub(crate) const COMMAND: &str = "judge";
/// What it may take: a file of the largest size a dozen times over, and long enough for the
/// slowest machine. It does nothing but count, so a limit on its own time bounds it.
const MEMORY_BYTES: u64 = 1 << 30;
const SECONDS: u64 = 20;

/// What was found of the signatures of a file when it came.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Verdict {
    /// `good`, `bad`, `cannot_tell`, `unsigned`, or `unreadable`.
    pub(crate) answer: String,
    /// One for each signature.
    signatures: Vec<SignatureVerdict>,
}

/// What was found of one signature: `good`, `bad` or `cannot_tell`, part by part.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
struct SignatureVerdict {
    answer: String,
    intact: String,
    coverage: String,
    algorithm: String,
    certificate: String,
    chain: String,
    /// Whose it says it is.
    signer: Option<String>,
    /// When it says it was made.
    signed_at: Option<DateTime<Utc>>,
    /// When an authority saw it.
    timestamped_at: Option<DateTime<Utc>>,
}

impl Verdict {
    fn without(answer: &str) -> Self {
        Self {
            answer: answer.to_owned(),
            signatures: Vec::new(),
        }
    }

    fn of(pdf: &[u8], trust: &TrustStore) -> Self {
        let Ok(found) = judge(pdf, trust) else {
            return Self::without("unreadable");
        };
        let signatures: Vec<SignatureVerdict> = found
            .iter()
            .filter(|one| !one.is_timestamp)
            .map(|one| SignatureVerdict {
                answer: one.judgement.answer().name().to_owned(),
                intact: one.judgement.intact.name().to_owned(),
                coverage: one.judgement.coverage.name().to_owned(),
                algorithm: one.judgement.algorithm.name().to_owned(),
                certificate: one.judgement.certificate.name().to_owned(),
                chain: one.judgement.chain.name().to_owned(),
                signer: one.signer.as_ref().map(signing::Certificate::name),
                signed_at: one.says_time,
                timestamped_at: one.timestamped_at,
            })
            .collect();
        // The worst of all: where something was added after a signature, nobody can tell by
        // that one alone what it covers.
        let answer = ["bad", "cannot_tell", "good"]
            .into_iter()
            .find(|answer| signatures.iter().any(|one| one.answer == *answer))
            .unwrap_or("unsigned");
        Self {
            answer: answer.to_owned(),
            signatures,
        }
    }
}

/// Judges in another process. One that ends without an answer found the file unreadable.
pub(crate) fn ask(pdf: &[u8], authorities: Option<&Path>) -> Result<Verdict, Error> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(COMMAND);
    if let Some(authorities) = authorities {
        command.arg("--authorities").arg(authorities);
    }
    let mut worker = command
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut input = worker.stdin.take().expect("it was piped");
    // It reads all before it writes, and may end before it has read all.
    let _ = input.write_all(pdf);
    drop(input);
    let mut said = Vec::new();
    let mut output = worker.stdout.take().expect("it was piped");
    output.read_to_end(&mut said)?;
    let ended = worker.wait()?;
    let verdict = ended
        .success()
        .then(|| serde_json::from_slice(&said).ok())
        .flatten();
    Ok(verdict.unwrap_or_else(|| Verdict::without("unreadable")))
}

/// What that process does: a PDF from standard input, the verdict to standard output.
pub(crate) fn run(authorities: Option<&Path>) -> Result<(), Error> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, most) in [
        (Resource::As, MEMORY_BYTES),
        (Resource::Cpu, SECONDS),
        // No core dump: it would hold a paper in plain on the disk.
        (Resource::Core, 0),
    ] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit).map_err(std::io::Error::from)?;
    }
    let mut pdf = Vec::new();
    std::io::stdin().lock().read_to_end(&mut pdf)?;
    let trust = authorities.map(TrustStore::open).unwrap_or_default();
    let verdict = Verdict::of(&pdf, &trust);
    let said = serde_json::to_vec(&verdict).expect("plain words make JSON");
    Ok(std::io::stdout().lock().write_all(&said)?)
}
