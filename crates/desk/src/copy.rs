//! Making the electronic copy of a paper.

use chrono::{DateTime, Utc};
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::geometry::PageGeometry;
use domain::ids::{DocumentId, ElectronicCopyId};
use domain::local_code::LocalCode;
use domain::page::Page;
use packaging::{CopyPage, CopyRequest, Standard};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::worker::ReadPage;
use crate::{Desk, Error, original};

/// Resolution assumed for a page whose source states none: what offices scan with.
// Circular 02/2019/TT-BNV, as applied: at least 200 dpi, scale 100 %.
pub(crate) const ASSUMED_DPI: u32 = 200;

/// Makes and seals the copy of these pages; `None` when the paper's latest copy is signed
/// and its pages give the very same: then it stays, and its signature with it. A paper that
/// is a signed file is its own copy.
pub(crate) fn make(
    desk: &Desk,
    local_code: &LocalCode,
    document_id: DocumentId,
    pages: &[Page],
    raws: &[Zeroizing<Vec<u8>>],
    read: &[ReadPage],
) -> Result<Option<ElectronicCopy>, Error> {
    let copy_pages: Vec<CopyPage<'_>> = pages
        .iter()
        .zip(raws)
        .zip(read)
        .map(|((page, raw), read)| CopyPage {
            jpeg: read.jpeg.as_deref().unwrap_or(raw),
            size: PageGeometry::new(page.raw.size, &read.transforms).upright_size(),
            dpi: page.raw.dpi.unwrap_or(ASSUMED_DPI),
            text: &read.text,
            raw_digest: page.raw.digest,
        })
        .collect();
    let write_out = |digitised_by: &str, digitised_at: DateTime<Utc>| {
        packaging::make_copy(&CopyRequest {
            pages: &copy_pages,
            local_code: *local_code,
            digitised_by,
            digitised_at,
            font: &desk.text_font,
            standard: Standard::PdfA2b,
        })
    };
    if let Some(original) = original::of_pages(desk, document_id, pages)? {
        let latest = desk.vault.read(|read| read.latest_copy(document_id))?;
        if latest.is_some_and(|latest| latest.digest == original.digest) {
            return Ok(None);
        }
        return Ok(Some(ElectronicCopy {
            id: ElectronicCopyId::from_uuid(Uuid::now_v7()),
            document_id,
            digest: original.digest,
            sealed_digest: original.sealed_digest,
            size_bytes: original.size_bytes,
            pages: pages.iter().map(|page| page.raw.digest).collect(),
            made_at: original.received_at,
            digitised_by: original.received_by,
            signature: None,
            born_electronic: true,
        }));
    }
    if let Some(signed) = signed_from(desk, document_id)? {
        // The same input gives the same bytes, so the copy as it was before it was signed
        // tells whether anything has changed since.
        let officer = desk.vault.read(|read| read.officer(signed.digitised_by))?;
        let again = write_out(&officer.name, signed.made_at)?;
        if Digest::of(&again) == signed.digest {
            return Ok(None);
        }
    }
    let made_at = desk.clock.now();
    let pdf = write_out(&desk.officer.name, made_at)?;
    let sealed = desk.vault.seal(&pdf)?;
    Ok(Some(ElectronicCopy {
        id: ElectronicCopyId::from_uuid(Uuid::now_v7()),
        document_id,
        digest: sealed.digest,
        sealed_digest: sealed.sealed_digest,
        size_bytes: sealed.size_bytes,
        pages: pages.iter().map(|page| page.raw.digest).collect(),
        made_at,
        digitised_by: desk.officer.id,
        signature: None,
        born_electronic: false,
    }))
}

/// The copy that the paper's latest one was signed from, when that is signed.
fn signed_from(desk: &Desk, document_id: DocumentId) -> Result<Option<ElectronicCopy>, Error> {
    desk.vault.read(|read| {
        let latest = read.latest_copy(document_id)?;
        let signature = latest.and_then(|latest| latest.signature);
        match signature {
            Some(signature) => Ok(Some(read.copy(signature.signed_from)?)),
            None => Ok(None),
        }
    })
}
