//! Signing electronic copies with an officer's token, and judging signatures.
//!
//! A copy is signed as it was made, in batches under one PIN that nobody keeps. Each
//! signed copy is stored before the next is begun, so a token that is pulled out costs
//! nothing that was signed. What is not signed waits in a list, and so does what has no
//! timestamp yet; a deposited record gets a new version with the signed copy.

mod token;

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Utc};
use domain::audit::Act;
use domain::copy::{Awaited, ElectronicCopy};
use domain::digest::Digest;
use domain::document::{Document, DocumentState};
use domain::geometry::Rectangle;
use domain::ids::{DocumentId, ElectronicCopyId};
use domain::local_code::LocalCode;
use domain::page::Page;
use domain::rights::Right;
use domain::signature::{CopySignature, Judgement};
use serde::Deserialize;
use uuid::Uuid;
use vault::Writer;
use zeroize::Zeroizing;

pub use self::token::{Token, TokenCertificate};
use crate::copy::ASSUMED_DPI;
use crate::error::Refusal;
use crate::worker::{Crew, SignRequest, SignerProcess};
use crate::{CancelToken, Desk, Error, Settings, deposit, scan};

/// What the program brings.
const BUILTIN: &str = include_str!("../../../forms/signing.json");
/// Name of the rules in the office's own folder.
const FILE: &str = "signing.json";
/// The folder of the authorities that the office trusts, beside them.
const AUTHORITIES: &str = "authorities";
/// A driver for tokens that is not in the list; for test benches and for makers nobody
/// listed.
const MODULE: &str = "SOHOA_TOKEN_MODULE";
/// More than a desk digitises in a week.
pub const MOST_WAITING: usize = 2_000;
/// Vietnam has one time zone and no summer time.
const UTC_OFFSET_S: i32 = 7 * 3_600;
const POINTS_PER_INCH: f32 = 72.0;

/// How an office signs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    version: u32,
    #[expect(dead_code, reason = "says to people where the rules come from")]
    basis: String,
    /// What is seen on the first page.
    lines: Vec<String>,
    /// The same when somebody else signs than digitised.
    lines_of_another: Vec<String>,
    timestamp_authority: Option<String>,
    modules: Vec<PathBuf>,
}

/// A paper whose electronic copy waits for a signature or a timestamp.
#[derive(Clone, Debug)]
pub struct WaitingCopy {
    /// The paper.
    pub document: Document,
    /// Its copy.
    pub copy: ElectronicCopy,
    /// Who digitised it.
    pub digitised_by: String,
}

/// What to sign with.
#[derive(Debug)]
pub struct Key {
    /// The module that the token is reached by.
    pub module: PathBuf,
    /// The token's serial number.
    pub serial: String,
    /// Which of its certificates.
    pub certificate: Digest,
    /// The PIN. It is dropped with this.
    pub pin: Zeroizing<String>,
    /// The one try that is left may be used up.
    pub use_last_try: bool,
}

/// What became of a batch.
#[derive(Debug)]
pub struct SignedBatch {
    /// The papers whose copies are signed and stored.
    pub signed: Vec<DocumentId>,
    /// Why it ended before its end.
    pub stopped_by: Option<Error>,
}

/// What is found out about one signature in a PDF.
#[derive(Clone, Debug)]
pub struct FoundSignature {
    /// Whose it is, as its certificate says.
    pub name: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// SHA-256 of the certificate.
    pub certificate: Option<Digest>,
    /// When it says it was made.
    pub says_time: Option<DateTime<Utc>>,
    /// When an authority saw it.
    pub timestamped_at: Option<DateTime<Utc>>,
    /// It is nobody's, but a timestamp over the whole file.
    pub is_timestamp: bool,
    /// The digest it is made with.
    pub digest_algorithm: String,
    /// What holds.
    pub judgement: Judgement,
}

/// The copies that wait for this, the oldest paper first.
pub fn waiting(desk: &Desk, awaited: Awaited) -> Result<Vec<WaitingCopy>, Error> {
    desk.may(Right::Sign)?;
    desk.vault.read(|read| {
        let copies = read.copies_awaiting(awaited, MOST_WAITING)?;
        let waiting = copies.into_iter().map(|copy| {
            Ok(WaitingCopy {
                document: read.document(copy.document_id)?,
                digitised_by: read.officer(copy.digitised_by)?.name,
                copy,
            })
        });
        waiting.collect()
    })
}

/// How many copies wait for this. An office without an authority has as many without a
/// timestamp as it has ever signed.
pub fn count_waiting(desk: &Desk, awaited: Awaited) -> Result<usize, Error> {
    desk.may(Right::Sign)?;
    Ok(desk
        .vault
        .read(|read| read.count_copies_awaiting(awaited))?)
}

/// Every copy that was made of a paper, signed or not, in the order of making.
pub fn history(desk: &Desk, code: &LocalCode) -> Result<Vec<ElectronicCopy>, Error> {
    desk.may(Right::Sign)?;
    desk.vault.read(|read| {
        let paper = read.document_by_local_code(code)?;
        let paper = paper.ok_or(Refusal::UnknownCode)?;
        Ok(read.copies_of(paper.id)?)
    })
}

/// The tokens that are plugged in.
pub fn tokens(desk: &Desk) -> Result<Vec<Token>, Error> {
    desk.may(Right::Sign)?;
    let rules = rules(desk.forms.as_deref())?;
    let named = std::env::var_os(MODULE).map(PathBuf::from);
    let mut found: Vec<Token> = Vec::new();
    for module in named.into_iter().chain(rules.modules) {
        if !module.is_file() {
            continue;
        }
        // Each in a worker of its own: a driver that crashes takes no other token away.
        match desk.crew.signer().and_then(|mut one| one.tokens(&module)) {
            Ok(tokens) => {
                for token in tokens {
                    // Two drivers may see the same token.
                    if !found.iter().any(|known| known.serial == token.serial) {
                        found.push(token);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "a token's driver did not answer"),
        }
    }
    Ok(found)
}

/// Signs the copies of these papers, one after the other, under one PIN. Papers that have
/// nothing to sign are passed over. `each` hears of a paper when its signed copy is stored.
// Circular 01/2023/TT-VPCP, art. 8(1): signed by who digitises, before extraction is
// believed; who has no token prepares, and an officer who has one signs from a list.
pub fn sign(
    desk: &Desk,
    key: &Key,
    papers: &[DocumentId],
    cancel: &CancelToken,
    each: &mut dyn FnMut(DocumentId),
) -> Result<SignedBatch, Error> {
    desk.may(Right::Sign)?;
    let rules = rules(desk.forms.as_deref())?;
    let mut signer = desk.crew.signer()?;
    let tokens = signer.tokens(&key.module)?;
    let token = tokens.iter().find(|token| token.serial == key.serial);
    let token = token.ok_or(signing::Error::TokenGone)?;
    let of_token = token.certificates.iter();
    let certificate = of_token
        .clone()
        .find(|one| one.digest == key.certificate)
        .ok_or(signing::Error::NothingToSignWith)?;
    if let Some(unfit) = certificate.unfit_for(desk) {
        return Err(Refusal::CertificateUnfit(unfit).into());
    }
    signer.unlock(&key.module, &key.serial, &key.pin, key.use_last_try)?;
    let mut batch = SignedBatch {
        signed: Vec::new(),
        stopped_by: None,
    };
    for &paper in papers {
        if cancel.is_cancelled() {
            break;
        }
        match sign_one(desk, &rules, &mut signer, certificate.digest, paper) {
            Ok(()) => {
                batch.signed.push(paper);
                each(paper);
            }
            Err(Error::Refused(Refusal::NothingToSign)) => {}
            Err(error) => {
                batch.stopped_by = Some(error);
                break;
            }
        }
    }
    Ok(batch)
}

fn sign_one(
    desk: &Desk,
    rules: &Rules,
    signer: &mut SignerProcess,
    certificate: Digest,
    paper: DocumentId,
) -> Result<(), Error> {
    let (copy, first_page, digitiser) = desk.vault.read(|read| {
        let copy = read.latest_copy(paper)?;
        let copy = copy.filter(|copy| copy.waits_for() == Some(Awaited::Signature));
        let copy = copy.ok_or(Refusal::NothingToSign)?;
        let first = read.pages_of(paper)?.into_iter().next();
        let text = match &first {
            Some(page) => read.recognised_text(page.id)?,
            None => None,
        };
        let digitiser = read.officer(copy.digitised_by)?.name;
        Ok::<_, Error>((copy, first.zip(text), digitiser))
    })?;
    let signed_at = desk.clock.now();
    let words = first_page.iter().flat_map(|(page, text)| {
        let words = text.lines.iter().flat_map(|line| &line.words);
        let codes = page
            .appraisal
            .iter()
            .flat_map(|appraisal| &appraisal.barcodes);
        let outlines = words
            .map(|word| word.outline)
            .chain(codes.map(|code| code.outline));
        outlines.map(|outline| in_points(page, outline))
    });
    let mine = digitiser == desk.officer.name;
    let lines = if mine {
        &rules.lines
    } else {
        &rules.lines_of_another
    };
    let write_out = |line: &String| {
        line.replace("{digitiser}", &digitiser)
            .replace("{digitised_at}", &local(copy.made_at))
            .replace("{signer}", &desk.officer.name)
            .replace("{signed_at}", &local(signed_at))
    };
    let request = SignRequest {
        certificate,
        signer: &desk.officer.name,
        signed_at,
        lines: lines.iter().map(write_out).collect(),
        taken: words.collect(),
    };
    let pdf = desk.vault.unseal(&copy.sealed_digest)?;
    let signed = signer.sign(&pdf, request)?;
    let signature = CopySignature {
        signed_from: copy.id,
        signed_by: desk.officer.id,
        certificate,
        signed_at,
        timestamped_at: None,
    };
    store(desk, &copy, &signed, signature, Act::CopySigned(paper))
}

/// Seals a copy that has grown by a signature or a timestamp and makes it the latest; what
/// was deposited gets a new version with it.
fn store(
    desk: &Desk,
    grown_from: &ElectronicCopy,
    pdf: &[u8],
    signature: CopySignature,
    act: Act,
) -> Result<(), Error> {
    let sealed = desk.vault.seal(pdf)?;
    let copy = ElectronicCopy {
        id: ElectronicCopyId::from_uuid(Uuid::now_v7()),
        document_id: grown_from.document_id,
        digest: sealed.digest,
        sealed_digest: sealed.sealed_digest,
        size_bytes: sealed.size_bytes,
        pages: grown_from.pages.clone(),
        made_at: grown_from.made_at,
        digitised_by: grown_from.digitised_by,
        signature: Some(signature),
        born_electronic: false,
    };
    let put = |write: &Writer<'_>| {
        let latest = write.latest_copy(copy.document_id)?;
        // Another thread may have read the paper anew: then this is no copy of it any more.
        if latest.map(|latest| latest.id) != Some(grown_from.id) {
            return Err(Refusal::NothingToSign.into());
        }
        write.insert_copy(&copy)?;
        desk.audit(write, act)?;
        if write.document(copy.document_id)?.state == DocumentState::Deposited {
            deposit::with_copy(desk, write, &copy)?;
        }
        Ok::<_, Error>(())
    };
    desk.vault.write(put)
}

/// Asks the office's authority for a timestamp on every signed copy that has none; gives
/// how many have one now. What was signed stays as it is.
pub fn timestamp(desk: &Desk, cancel: &CancelToken) -> Result<usize, Error> {
    desk.may(Right::Sign)?;
    let rules = rules(desk.forms.as_deref())?;
    let authority = rules.timestamp_authority;
    let authority = authority.ok_or(Refusal::NoTimestampAuthority)?;
    let waiting = desk
        .vault
        .read(|read| read.copies_awaiting(Awaited::Timestamp, MOST_WAITING))?;
    let mut stamped = 0;
    for copy in waiting {
        let Some(signature) = copy.signature.clone().filter(|_| !cancel.is_cancelled()) else {
            break;
        };
        let pdf = desk.vault.unseal(&copy.sealed_digest)?;
        let nonce = Uuid::new_v4().as_u64_pair().0.to_be_bytes();
        let (with_stamp, at) = desk.crew.timestamp(&pdf, &authority, nonce)?;
        let signature = CopySignature {
            timestamped_at: Some(at),
            ..signature
        };
        let act = Act::CopyTimestamped(copy.document_id);
        match store(desk, &copy, &with_stamp, signature, act) {
            Ok(()) => stamped += 1,
            Err(Error::Refused(Refusal::NothingToSign)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(stamped)
}

/// Judges the signatures of a PDF file, without a vault.
pub fn judge(settings: &Settings, file: &Path) -> Result<Vec<FoundSignature>, Error> {
    let pdf = scan::read_file(file)?;
    let crew = Crew::new(settings.worker_program.clone(), settings.resources.clone());
    crew.judge(&pdf, authorities(settings.forms.as_deref()).as_deref())
}

/// The folder of the authorities that the office trusts.
pub(crate) fn authorities(forms: Option<&Path>) -> Option<PathBuf> {
    forms.map(|forms| forms.join(AUTHORITIES))
}

/// The rules of the office, else those that the program brings. Rules of an office that
/// cannot be used are an error and never passed over.
/// Whether the office has an authority that signed copies wait for.
pub(crate) fn has_timestamp_authority(desk: &Desk) -> Result<bool, Error> {
    Ok(rules(desk.forms.as_deref())?.timestamp_authority.is_some())
}

fn rules(forms: Option<&Path>) -> Result<Rules, Error> {
    let own = forms.map(|folder| std::fs::read_to_string(folder.join(FILE)));
    let text = match own {
        Some(Ok(text)) => text,
        Some(Err(error)) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::File(error));
        }
        _ => BUILTIN.to_owned(),
    };
    let rules: Option<Rules> = serde_json::from_str(&text).ok();
    let rules = rules.filter(|rules| rules.version == 1);
    rules.ok_or_else(|| Refusal::SigningRulesUnusable.into())
}

fn local(at: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(UTC_OFFSET_S).expect("seven hours are less than a day");
    at.with_timezone(&zone)
        .format("%d/%m/%Y %H:%M:%S %:z")
        .to_string()
}

/// A place on the upright page, as points of the copy's page.
fn in_points(page: &Page, outline: Rectangle) -> [f32; 4] {
    let points = POINTS_PER_INCH / page.raw.dpi.unwrap_or(ASSUMED_DPI) as f32;
    [outline.x, outline.y, outline.width, outline.height].map(|px| px as f32 * points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_that_the_program_brings_can_be_used() {
        let rules = rules(None).unwrap();
        assert!(rules.lines.iter().any(|line| line.contains("{digitiser}")));
        assert!(
            rules
                .lines
                .iter()
                .any(|line| line.contains("{digitised_at}"))
        );
        assert!(
            rules
                .lines_of_another
                .iter()
                .any(|line| line.contains("{signer}"))
        );
    }
}
