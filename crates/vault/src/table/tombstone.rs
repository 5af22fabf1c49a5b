//! Tombstones: which pages were erased. The row of the page stays; its sealed file, what
//! was read on it and what was found in it do not.

use domain::audit::{Act, AuditEvent};
use domain::digest::Digest;
use domain::ids::{DocumentId, OfficerId, PageId};
use domain::page::Page;
use domain::recognised_text::RecognisedText;
use domain::retention::{EraseReason, Tombstone};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::check;
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "tombstone";

pub(crate) const V1: &str = "
CREATE TABLE tombstone (
    page_id       BLOB PRIMARY KEY REFERENCES page (id),
    document_id   BLOB NOT NULL REFERENCES document (id),
    sealed_digest BLOB NOT NULL CHECK (length(sealed_digest) = 32),
    erased_at     TEXT NOT NULL,
    erased_by     BLOB NOT NULL REFERENCES officer (id),
    reason        TEXT NOT NULL
) STRICT;
CREATE INDEX tombstone_of_document ON tombstone (document_id);
CREATE INDEX page_of_file ON page (sealed_digest);
CREATE TRIGGER tombstone_stays BEFORE DELETE ON tombstone
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER tombstone_never_changes BEFORE UPDATE ON tombstone
BEGIN SELECT RAISE(ABORT, 'what was erased stays so'); END;
CREATE TRIGGER only_the_voided_are_erased BEFORE INSERT ON tombstone
WHEN (SELECT voided_at FROM page WHERE id = new.page_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'only a page that was taken out is erased'); END;
CREATE TRIGGER the_erased_stay_voided BEFORE UPDATE OF voided_at ON page
WHEN new.voided_at IS NULL AND EXISTS (SELECT 1 FROM tombstone WHERE page_id = new.id)
BEGIN SELECT RAISE(ABORT, 'an erased page does not come back'); END;";

impl Reader<'_> {
    /// The pages that were taken out and not erased, the one that was taken out first in
    /// front. A page whose image is kept elsewhere, in another paper or with a part of it
    /// masked, is not among them.
    pub fn trash(&self) -> Result<Vec<Page>, Error> {
        let ids = self.many(
            "page",
            "SELECT id FROM page WHERE voided_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM tombstone WHERE page_id = page.id)
             AND NOT EXISTS (SELECT 1 FROM page AS kept
                             WHERE kept.sealed_digest = page.sealed_digest
                             AND kept.voided_at IS NULL)
             ORDER BY voided_at, id",
            [],
            |columns| columns.id("id", PageId::from_uuid),
        )?;
        ids.into_iter().map(|id| self.page(id)).collect()
    }

    /// What stays of the erased pages of a document.
    pub fn tombstones_of(&self, id: DocumentId) -> Result<Vec<Tombstone>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM tombstone WHERE document_id = ?1",
            params![key!(id)],
            tombstone,
        )
    }

    /// All of them.
    pub fn tombstones(&self) -> Result<Vec<Tombstone>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM tombstone ORDER BY erased_at, page_id",
            [],
            tombstone,
        )
    }

    /// The sealed files that have to be gone: every page that named them was erased.
    pub(crate) fn erased_digests(&self) -> Result<Vec<Digest>, Error> {
        let digests = self.many(
            TABLE,
            "SELECT DISTINCT sealed_digest FROM tombstone
             WHERE NOT EXISTS (SELECT 1 FROM page
                               WHERE page.sealed_digest = tombstone.sealed_digest
                               AND NOT EXISTS (SELECT 1 FROM tombstone AS other
                                               WHERE other.page_id = page.id))",
            [],
            |columns| columns.digest("sealed_digest"),
        )?;
        Ok(check::distinct(digests))
    }

    /// Tombstones of which the audit trail does not tell, word by word.
    pub(crate) fn forged_tombstones(&self) -> Result<Vec<PageId>, Error> {
        let mut forged = Vec::new();
        for stone in self.tombstones()? {
            let told = self.audit_of(stone.document_id)?;
            let is_told = told.iter().any(|event| {
                event.officer_id == stone.erased_by
                    && event.happened_at == stone.erased_at
                    && event.act == act_of(&stone)
            });
            if !is_told {
                forged.push(stone.page_id);
            }
        }
        Ok(forged)
    }
}

fn act_of(stone: &Tombstone) -> Act {
    Act::PageErased(stone.document_id, stone.page_id, stone.inscription())
}

fn tombstone(columns: &Columns<'_>) -> Result<Tombstone, Error> {
    Ok(Tombstone {
        page_id: columns.id("page_id", PageId::from_uuid)?,
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        sealed_digest: columns.digest("sealed_digest")?,
        erased_at: columns.instant("erased_at")?,
        erased_by: columns.id("erased_by", OfficerId::from_uuid)?,
        reason: columns.named("reason", EraseReason::from_name)?,
    })
}

impl Writer<'_> {
    /// Erases a page that was taken out: a tombstone, signed with the trail, and no word of
    /// what was read on it. Its sealed file goes with [`crate::Vault::destroy_erased`].
    pub fn erase_page(&self, stone: &Tombstone, event: &AuditEvent) -> Result<(), Error> {
        self.insert(
            "tombstone",
            "INSERT INTO tombstone VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                key!(stone.page_id),
                key!(stone.document_id),
                stone.sealed_digest.as_bytes(),
                instant(stone.erased_at),
                key!(stone.erased_by),
                stone.reason.name(),
            ],
        )?;
        if self.recognised_text(stone.page_id)?.is_some() {
            let nothing = RecognisedText { lines: Vec::new() };
            self.put_recognised_text(stone.page_id, &nothing)?;
        }
        self.forget_appraisal(stone.page_id)?;
        self.append_audit(event)
    }
}
