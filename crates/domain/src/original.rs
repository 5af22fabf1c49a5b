//! Papers that are born electronic: a signed file that somebody handed in.

use chrono::{DateTime, Utc};

use crate::digest::Digest;
use crate::ids::{DocumentId, FeedId, OfficerId};
use crate::page::Page;

/// A file with digital signatures, kept as it came. Its pages are pictures of it, to be
/// looked at and read; it itself is the electronic copy.
// Circular 01/2023/TT-VPCP, art. 8(3): papers that exist electronically are not copied again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElectronicOriginal {
    /// The run that brought its pages.
    pub feed_id: FeedId,
    /// The paper.
    pub document_id: DocumentId,
    /// SHA-256 of the file.
    pub digest: Digest,
    /// SHA-256 of the sealed file, which is also its name in the vault.
    pub sealed_digest: Digest,
    /// Length of the file.
    pub size_bytes: u64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Who took it in.
    pub received_by: OfficerId,
}

/// The original that a paper with these pages is, if it is one: all that is kept came
/// from it.
pub fn original_of<'a>(
    pages: &[Page],
    originals: &'a [ElectronicOriginal],
) -> Option<&'a ElectronicOriginal> {
    let feed = pages.first()?.feed_id?;
    if pages.iter().any(|page| page.feed_id != Some(feed)) {
        return None;
    }
    originals.iter().find(|original| original.feed_id == feed)
}
