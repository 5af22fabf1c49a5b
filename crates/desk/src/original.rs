//! Papers that are signed files: taken in untouched, shown with what their signatures are
//! worth, and never edited.

use domain::digest::Digest;
use domain::ids::{DocumentId, FeedId, PageId};
use domain::original::{ElectronicOriginal, original_of};
use domain::page::Page;
use domain::rights::Right;

use crate::error::Refusal;
use crate::signatures::{FoundSignature, authorities};
use crate::{Desk, Error};

/// Every signature in a PDF names the bytes that it covers by this word, and never inside
/// a compressed object: a file without it has no signature.
const SIGNATURES_SAY: &[u8] = b"/ByteRange";

/// A paper that is a signed file.
#[derive(Clone, Debug)]
pub struct Original {
    /// The file.
    pub file: ElectronicOriginal,
    /// Its signatures, judged now.
    pub signatures: Vec<FoundSignature>,
}

/// The signed file that a paper is, with a judgement of its signatures; `None` for a
/// paper that was scanned.
pub fn of_document(desk: &Desk, document_id: DocumentId) -> Result<Option<Original>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let pages = desk.vault.read(|read| read.pages_of(document_id))?;
    let Some(file) = of_pages(desk, document_id, &pages)? else {
        return Ok(None);
    };
    let bytes = desk.vault.unseal(&file.sealed_digest)?;
    let folder = authorities(desk.forms.as_deref());
    let signatures = desk.crew.judge(&bytes, folder.as_deref())?;
    Ok(Some(Original { file, signatures }))
}

/// The signed file that these pages are pictures of, if they are.
pub(crate) fn of_pages(
    desk: &Desk,
    document_id: DocumentId,
    pages: &[Page],
) -> Result<Option<ElectronicOriginal>, Error> {
    let originals = desk.vault.read(|read| read.originals_of(document_id))?;
    Ok(original_of(pages, &originals).cloned())
}

/// Refuses to add to, take from or change a paper that is a signed file: what is signed
/// is all of it, as it is.
pub(crate) fn refuse_change(desk: &Desk, document_id: DocumentId) -> Result<(), Error> {
    let pages = desk.vault.read(|read| read.pages_of(document_id))?;
    match of_pages(desk, document_id, &pages)? {
        Some(_) => Err(Refusal::ElectronicOriginal.into()),
        None => Ok(()),
    }
}

/// Refuses to put a page back where it would stand beside pages of a signed file to which
/// it does not belong, or beside others if it is itself one of such a file: the paper would
/// pass for a scanned one.
pub(crate) fn refuse_mixing(desk: &Desk, page_id: PageId) -> Result<(), Error> {
    let (page, kept, originals) = desk.vault.read(|read| {
        let page = read.page(page_id)?;
        let kept = read.pages_of(page.document_id)?;
        let originals = read.originals_of(page.document_id)?;
        Ok::<_, Error>((page, kept, originals))
    })?;
    let is_of_a_file = |page: &Page| {
        let mut files = originals.iter();
        files.any(|file| Some(file.feed_id) == page.feed_id)
    };
    let mixes = |other: &Page| {
        other.feed_id != page.feed_id && (is_of_a_file(other) || is_of_a_file(&page))
    };
    if kept.iter().any(mixes) {
        return Err(Refusal::ElectronicOriginal.into());
    }
    Ok(())
}

/// Whether a file bears signatures. A PDF that cannot be read bears none here; taking in
/// its pages says what is wrong with it.
pub(crate) fn is_signed(desk: &Desk, file: &[u8]) -> Result<bool, Error> {
    let says_so = file
        .windows(SIGNATURES_SAY.len())
        .any(|place| place == SIGNATURES_SAY);
    if !says_so {
        return Ok(false);
    }
    match desk.crew.judge(file, None) {
        Ok(found) => Ok(!found.is_empty()),
        Err(Error::Signing(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Seals a signed file as it came, before its pages are taken in by that feed. A paper
/// that has pages already does not become a signed file by adding one.
pub(crate) fn keep_if_signed(
    desk: &Desk,
    document_id: DocumentId,
    feed_id: FeedId,
    file: &[u8],
) -> Result<(), Error> {
    if !is_signed(desk, file)? {
        return Ok(());
    }
    if !desk
        .vault
        .read(|read| read.pages_of(document_id))?
        .is_empty()
    {
        return Err(Refusal::ElectronicOriginal.into());
    }
    let sealed = desk.vault.seal(file)?;
    debug_assert_eq!(sealed.digest, Digest::of(file), "sealed as it came");
    let original = ElectronicOriginal {
        feed_id,
        document_id,
        digest: sealed.digest,
        sealed_digest: sealed.sealed_digest,
        size_bytes: sealed.size_bytes,
        received_at: desk.clock.now(),
        received_by: desk.officer.id,
    };
    Ok(desk.vault.write(|write| write.insert_original(&original))?)
}
