//! Tokens and signatures in a worker: the module of a token's maker is native code of
//! others, and so is what a foreign PDF makes a reader do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::signature::{Answer as Judged, Coverage, Judgement};
use serde::{Deserialize, Serialize};
use signing::{Area, Certificate, Module, Request as SigningRequest, TrustStore, Unlocked};
use zeroize::Zeroizing;

use super::crew::{self, Crew, READ_LIMIT, Trouble, unexpected};
use super::message::{Answer, Failure, Request};
use super::process::{Lost, Process};
use crate::signatures::{FoundSignature, Token, TokenCertificate};
use crate::{Error, Resources};

/// A token answers a question in a second or two; one that was just plugged in in ten.
const TOKEN_LIMIT: Duration = Duration::from_secs(30);
/// An authority that has not answered by then is not there.
const AUTHORITY_LIMIT: Duration = Duration::from_secs(10);
/// A token of an authority with its chain has a few kilobytes.
const MOST_ANSWER_BYTES: u64 = 1 << 20;

// ---------------------------------------------------------------- the worker's side

/// The modules that are loaded, and the token that is open.
#[derive(Default)]
pub(super) struct TokenAtWork {
    modules: BTreeMap<PathBuf, Module>,
    open: Option<Open>,
    font: Option<Vec<u8>>,
}

struct Open {
    unlocked: Unlocked,
    certificates: Vec<Certificate>,
    chain: Vec<Certificate>,
}

type Answered = Result<(Answer, Vec<u8>), Failure>;

impl TokenAtWork {
    /// A module can be loaded only once, so it stays.
    fn module(&mut self, path: &Path) -> Result<&Module, Failure> {
        if !self.modules.contains_key(path) {
            let module = Module::load(path).map_err(failed)?;
            self.modules.insert(path.to_owned(), module);
        }
        self.modules.get(path).ok_or(Failure::Protocol)
    }

    pub(super) fn tokens(&mut self, module: &Path) -> Answered {
        let tokens = self.module(module)?.tokens().map_err(failed)?;
        let tokens = tokens
            .iter()
            .map(|token| described(token, module))
            .collect();
        Ok((Answer::Tokens(tokens), Vec::new()))
    }

    pub(super) fn unlock(
        &mut self,
        module: &Path,
        serial: &str,
        pin: &[u8],
        use_last_try: bool,
    ) -> Answered {
        self.open = None;
        let pin = Zeroizing::new(String::from_utf8_lossy(pin).into_owned());
        let module = self.module(module)?;
        let tokens = module.tokens().map_err(failed)?;
        let token = tokens.into_iter().find(|token| token.serial == serial);
        let token = token.ok_or_else(|| failed(signing::Error::TokenGone))?;
        let unlocked = module.unlock(serial, &pin, use_last_try).map_err(failed)?;
        self.open = Some(Open {
            chain: unlocked.chain().map_err(failed)?,
            certificates: token.certificates,
            unlocked,
        });
        Ok((Answer::Done, Vec::new()))
    }

    pub(super) fn sign(
        &mut self,
        pdf: &[u8],
        certificate: Digest,
        signer: &str,
        signed_at: DateTime<Utc>,
        lines: &[String],
        taken: &[[f32; 4]],
    ) -> Answered {
        if self.font.is_none() {
            let resources = Resources::find().map_err(|_| failed(signing::Error::FontUnusable))?;
            let font = std::fs::read(resources.text_font());
            self.font = Some(font.map_err(|_| failed(signing::Error::FontUnusable))?);
        }
        let open = self.open.as_ref();
        let open = open.ok_or_else(|| failed(signing::Error::TokenGone))?;
        let certificate = open
            .certificates
            .iter()
            .find(|one| one.digest() == certificate)
            .ok_or_else(|| failed(signing::Error::NothingToSignWith))?;
        let taken: Vec<Area> = taken
            .iter()
            .map(|&[x, y, width, height]| Area {
                x,
                y,
                width,
                height,
            })
            .collect();
        let request = SigningRequest {
            signer,
            signed_at,
            lines,
            taken: &taken,
            font: self.font.as_deref().unwrap_or_default(),
        };
        let signed = signing::sign(pdf, &request, certificate, &open.chain, &mut |bytes| {
            open.unlocked.sign(certificate, bytes).map(Zeroizing::new)
        });
        Ok((Answer::Pdf, signed.map_err(failed)?))
    }
}

pub(super) fn timestamp(pdf: &[u8], authority: &str, nonce: [u8; 8]) -> Answered {
    let mut ask = |question: &[u8]| {
        signing::ask_authority(authority, question, AUTHORITY_LIMIT, MOST_ANSWER_BYTES)
    };
    let (stamped, at) = signing::add_timestamp(pdf, nonce, &mut ask).map_err(failed)?;
    Ok((Answer::Stamped { at }, stamped))
}

pub(super) fn judge(pdf: &[u8], authorities: Option<&Path>) -> Answered {
    let trust = authorities.map(TrustStore::open).unwrap_or_default();
    let found = signing::judge(pdf, &trust).map_err(failed)?;
    let found = found.iter().map(SignatureMirror::from).collect();
    Ok((Answer::Judged(found), Vec::new()))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "used as a function in map_err"
)]
fn failed(error: signing::Error) -> Failure {
    let code = match &error {
        signing::Error::TokenFailed(code) => code.clone(),
        _ => String::new(),
    };
    Failure::Signing {
        name: error.name().to_owned(),
        code,
    }
}

// ---------------------------------------------------------------- the desk's side

/// A worker of its own for one token: it ends when this is dropped, and with it the
/// token's session.
#[derive(Debug)]
pub(crate) struct SignerProcess(Process);

/// What is to be signed.
#[derive(Debug)]
pub(crate) struct SignRequest<'a> {
    pub(crate) certificate: Digest,
    pub(crate) signer: &'a str,
    pub(crate) signed_at: DateTime<Utc>,
    pub(crate) lines: Vec<String>,
    pub(crate) taken: Vec<[f32; 4]>,
}

impl SignerProcess {
    fn ask(&mut self, request: &Request, payload: &[u8]) -> Result<(Answer, Vec<u8>), Error> {
        let task = "use a token";
        let lost = |_: Lost| Error::WorkerLost { task };
        self.0.tell(request, payload).map_err(lost)?;
        match self.0.hear(TOKEN_LIMIT).map_err(lost)? {
            Some((Answer::Failed(failure), _)) => {
                Err(crew::failed(failure).unwrap_or(Error::WorkerLost { task }))
            }
            Some(answer) => Ok(answer),
            // Whatever it is doing, nobody waits for it any more.
            None => Err(signing::Error::TokenGone.into()),
        }
    }

    /// The tokens that are plugged in, as this module sees them.
    pub(crate) fn tokens(&mut self, module: &Path) -> Result<Vec<Token>, Error> {
        let request = Request::Tokens {
            module: module.to_owned(),
        };
        match self.ask(&request, &[])? {
            (Answer::Tokens(tokens), _) => Ok(tokens),
            _ => Err(Error::WorkerLost {
                task: "use a token",
            }),
        }
    }

    /// Opens a token for as long as this lives.
    pub(crate) fn unlock(
        &mut self,
        module: &Path,
        serial: &str,
        pin: &Zeroizing<String>,
        use_last_try: bool,
    ) -> Result<(), Error> {
        let request = Request::Unlock {
            module: module.to_owned(),
            serial: serial.to_owned(),
            use_last_try,
        };
        self.ask(&request, pin.as_bytes()).map(|_| ())
    }

    /// Signs a copy with the token that is open.
    pub(crate) fn sign(&mut self, pdf: &[u8], request: SignRequest<'_>) -> Result<Vec<u8>, Error> {
        let request = Request::Sign {
            certificate: request.certificate,
            signer: request.signer.to_owned(),
            signed_at: request.signed_at,
            lines: request.lines,
            taken: request.taken,
        };
        match self.ask(&request, pdf)? {
            (Answer::Pdf, signed) => Ok(signed),
            _ => Err(Error::WorkerLost {
                task: "use a token",
            }),
        }
    }
}

impl Crew {
    /// A worker for a token, which no other task shares.
    pub(crate) fn signer(&self) -> Result<SignerProcess, Error> {
        self.start().map(SignerProcess)
    }

    /// Puts an authority's timestamp on a signed copy.
    pub(crate) fn timestamp(
        &self,
        pdf: &[u8],
        authority: &str,
        nonce: [u8; 8],
    ) -> Result<(Vec<u8>, DateTime<Utc>), Error> {
        self.with_worker("ask for a timestamp", None, |worker| {
            let request = Request::Timestamp {
                authority: authority.to_owned(),
                nonce,
            };
            worker.tell(&request, pdf)?;
            match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                (Answer::Stamped { at }, stamped) => Ok((stamped, at)),
                (answer, _) => Err(unexpected(answer)),
            }
        })
    }

    /// Judges the signatures of a PDF by the authorities in a folder.
    pub(crate) fn judge(
        &self,
        pdf: &[u8],
        authorities: Option<&Path>,
    ) -> Result<Vec<FoundSignature>, Error> {
        self.with_worker("look at signatures", None, |worker| {
            let request = Request::Judge {
                authorities: authorities.map(Path::to_owned),
            };
            worker.tell(&request, pdf)?;
            match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                (Answer::Judged(found), _) => found
                    .into_iter()
                    .map(|one| one.into_found().ok_or(Trouble::Lost))
                    .collect(),
                (answer, _) => Err(unexpected(answer)),
            }
        })
    }
}

// ---------------------------------------------------------------- as it crosses the pipe

fn described(token: &signing::TokenFacts, module: &Path) -> Token {
    let certificates = token.certificates.iter().map(|one| {
        let (valid_from, valid_until) = one.validity();
        TokenCertificate {
            digest: one.digest(),
            name: one.name(),
            issuer: one.issuer(),
            valid_from,
            valid_until,
            is_for_signing: one.is_for_signing(),
            is_strong: one.is_strong(),
        }
    });
    Token {
        module: module.to_owned(),
        serial: token.serial.clone(),
        label: token.label.clone(),
        maker: token.maker.clone(),
        few_tries: token.few_tries,
        last_try: token.last_try,
        locked: token.locked,
        certificates: certificates.collect(),
    }
}

/// What is found out about a signature, with the names of the answers in it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SignatureMirror {
    name: String,
    issuer: String,
    certificate: Option<Digest>,
    says_time: Option<DateTime<Utc>>,
    timestamped_at: Option<DateTime<Utc>>,
    is_timestamp: bool,
    digest_algorithm: String,
    coverage: String,
    answers: [String; 4],
}

impl From<&signing::SignatureFacts> for SignatureMirror {
    fn from(facts: &signing::SignatureFacts) -> Self {
        let of = facts.judgement;
        let signer = facts.signer.as_ref();
        let answers = [of.intact, of.algorithm, of.certificate, of.chain];
        Self {
            name: signer
                .map(Certificate::name)
                .or_else(|| facts.says_name.clone())
                .unwrap_or_default(),
            issuer: signer.map(Certificate::issuer).unwrap_or_default(),
            certificate: signer.map(Certificate::digest),
            says_time: facts.says_time,
            timestamped_at: facts.timestamped_at,
            is_timestamp: facts.is_timestamp,
            digest_algorithm: facts.digest_algorithm.to_owned(),
            coverage: of.coverage.name().to_owned(),
            answers: answers.map(|answer| answer.name().to_owned()),
        }
    }
}

impl SignatureMirror {
    fn into_found(self) -> Option<FoundSignature> {
        let [intact, algorithm, certificate, chain] =
            self.answers.map(|name| Judged::from_name(&name));
        Some(FoundSignature {
            name: self.name,
            issuer: self.issuer,
            certificate: self.certificate,
            says_time: self.says_time,
            timestamped_at: self.timestamped_at,
            is_timestamp: self.is_timestamp,
            digest_algorithm: self.digest_algorithm,
            judgement: Judgement {
                intact: intact?,
                coverage: Coverage::from_name(&self.coverage)?,
                algorithm: algorithm?,
                certificate: certificate?,
                chain: chain?,
            },
        })
    }
}
