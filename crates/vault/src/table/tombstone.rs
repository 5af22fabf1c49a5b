//! Tombstones: which pages were erased, and which files with them. The rows stay; the sealed
//! files, what was read on a page and what was found in it do not.

use domain::audit::{Act, AuditEvent};
use domain::digest::Digest;
use domain::ids::{DocumentId, ElectronicCopyId, FeedId, OfficerId, PageId};
use domain::page::Page;
use domain::recognised_text::RecognisedText;
use domain::retention::{EraseReason, ErasedFile, ErasedKind, Held, Tombstone};
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

// A file goes with the page whose picture stood in it, and never one on which something
// stands: whatever the program thinks, the table refuses that.
pub(crate) const V2: &str = "
CREATE TABLE erased_file (
    sequence      INTEGER PRIMARY KEY,
    page_id       BLOB NOT NULL REFERENCES tombstone (page_id),
    copy_id       BLOB UNIQUE REFERENCES electronic_copy (id),
    original_id   BLOB UNIQUE REFERENCES electronic_original (feed_id),
    sealed_digest BLOB NOT NULL CHECK (length(sealed_digest) = 32),
    CHECK ((copy_id IS NULL) <> (original_id IS NULL))
) STRICT;
CREATE INDEX erased_file_of_page ON erased_file (page_id, sequence);
CREATE INDEX copy_of_file ON electronic_copy (sealed_digest);
CREATE INDEX original_of_file ON electronic_original (sealed_digest);
CREATE INDEX record_of_copy ON record (copy_id);
CREATE TRIGGER erased_file_stays BEFORE DELETE ON erased_file
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER erased_file_never_changes BEFORE UPDATE ON erased_file
BEGIN SELECT RAISE(ABORT, 'what was erased stays so'); END;
CREATE TRIGGER what_is_deposited_or_signed_stays BEFORE INSERT ON erased_file
WHEN EXISTS (SELECT 1 FROM record WHERE copy_id = new.copy_id)
  OR EXISTS (SELECT 1 FROM electronic_copy WHERE id = new.copy_id AND signed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'a copy on which something stands is not erased'); END;
CREATE TRIGGER no_record_of_an_erased_copy BEFORE INSERT ON record
WHEN EXISTS (SELECT 1 FROM erased_file WHERE copy_id = new.copy_id)
BEGIN SELECT RAISE(ABORT, 'an erased copy is not deposited'); END;";

/// What has to go with the image of a page, and what forbids it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Pages that have to be erased together, the one that was asked for among them: those
    /// of the same image, and those of the same signed file.
    pub pages: Vec<PageId>,
    /// The files in which the picture of this page stands.
    pub files: Vec<ErasedFile>,
    /// Why it cannot be erased.
    pub held: Option<Held>,
}

impl Reader<'_> {
    /// Where else the picture of a page that was taken out stands.
    pub fn picture_of(&self, page: &Page) -> Result<Picture, Error> {
        let mut picture = Picture {
            pages: self.pages_of_image(page)?,
            ..Picture::default()
        };
        let kept = self.pages_of(page.document_id)?;
        if !kept.iter().any(|other| other.raw.digest == page.raw.digest) {
            self.copies_with(page, &mut picture)?;
        }
        let originals = self.originals_of(page.document_id)?;
        let of_feed = originals
            .into_iter()
            .find(|original| Some(original.feed_id) == page.feed_id);
        if let Some(original) = of_feed {
            if kept.iter().any(|other| other.feed_id == page.feed_id) {
                picture.held = picture.held.max(Some(Held::ByOriginal));
            }
            for voided in self.voided_pages_of(page.document_id)? {
                if voided.feed_id == page.feed_id {
                    picture.pages.push(voided.id);
                }
            }
            picture.files.push(ErasedFile {
                what: ErasedKind::Original(original.feed_id),
                sealed_digest: original.sealed_digest,
            });
        }
        let erased = |id: &PageId| Ok::<_, Error>(self.tombstone(*id)?.is_some());
        let mut left = Vec::new();
        for id in std::mem::take(&mut picture.pages) {
            if !left.contains(&id) && !erased(&id)? {
                left.push(id);
            }
        }
        picture.pages = left;
        Ok(picture)
    }

    /// The copies of the page's paper in which it stands.
    fn copies_with(&self, page: &Page, picture: &mut Picture) -> Result<(), Error> {
        for copy in self.copies_of(page.document_id)? {
            if !copy.pages.contains(&page.raw.digest) {
                continue;
            }
            if self.is_deposited(copy.id)? {
                picture.held = picture.held.max(Some(Held::ByRecord));
            } else if copy.signature.is_some() {
                picture.held = picture.held.max(Some(Held::BySignature));
            }
            picture.files.push(ErasedFile {
                what: ErasedKind::Copy(copy.id),
                sealed_digest: copy.sealed_digest,
            });
        }
        Ok(())
    }

    fn is_deposited(&self, id: ElectronicCopyId) -> Result<bool, Error> {
        let found = self.one(
            "record",
            "SELECT 1 AS found FROM record WHERE copy_id = ?1 LIMIT 1",
            params![key!(id)],
            |columns| columns.get::<i64>("found"),
        )?;
        Ok(found.is_some())
    }

    /// All pages that show the very same sealed file, also those of other papers.
    fn pages_of_image(&self, page: &Page) -> Result<Vec<PageId>, Error> {
        self.many(
            "page",
            "SELECT id FROM page WHERE sealed_digest = ?1 ORDER BY id",
            params![page.raw.sealed_digest.as_bytes()],
            |columns| columns.id("id", PageId::from_uuid),
        )
    }

    fn tombstone(&self, id: PageId) -> Result<Option<Tombstone>, Error> {
        let stone = self.one(
            TABLE,
            "SELECT * FROM tombstone WHERE page_id = ?1",
            params![key!(id)],
            tombstone,
        )?;
        stone.map(|stone| self.with_files(stone)).transpose()
    }

    fn with_files(&self, mut stone: Tombstone) -> Result<Tombstone, Error> {
        stone.files = self.many(
            "erased file",
            "SELECT * FROM erased_file WHERE page_id = ?1 ORDER BY sequence",
            params![key!(stone.page_id)],
            erased_file,
        )?;
        Ok(stone)
    }

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
        let stones = self.many(
            TABLE,
            "SELECT * FROM tombstone WHERE document_id = ?1",
            params![key!(id)],
            tombstone,
        )?;
        let stones = stones.into_iter().map(|stone| self.with_files(stone));
        stones.collect()
    }

    /// All of them.
    pub fn tombstones(&self) -> Result<Vec<Tombstone>, Error> {
        let stones = self.many(
            TABLE,
            "SELECT * FROM tombstone ORDER BY erased_at, page_id",
            [],
            tombstone,
        )?;
        let stones = stones.into_iter().map(|stone| self.with_files(stone));
        stones.collect()
    }

    /// The sealed files that have to be gone: everything that named them was erased.
    pub(crate) fn erased_digests(&self) -> Result<Vec<Digest>, Error> {
        let digests = self.many(
            TABLE,
            "SELECT gone.sealed_digest FROM
                 (SELECT sealed_digest FROM tombstone UNION SELECT sealed_digest FROM erased_file) AS gone
             WHERE NOT EXISTS (SELECT 1 FROM page
                               WHERE page.sealed_digest = gone.sealed_digest
                               AND NOT EXISTS (SELECT 1 FROM tombstone AS other
                                               WHERE other.page_id = page.id))
             AND NOT EXISTS (SELECT 1 FROM electronic_copy AS copy
                             WHERE copy.sealed_digest = gone.sealed_digest
                             AND NOT EXISTS (SELECT 1 FROM erased_file AS other
                                             WHERE other.copy_id = copy.id))
             AND NOT EXISTS (SELECT 1 FROM electronic_original AS original
                             WHERE original.sealed_digest = gone.sealed_digest
                             AND NOT EXISTS (SELECT 1 FROM erased_file AS other
                                             WHERE other.original_id = original.feed_id))",
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
        files: Vec::new(),
    })
}

fn erased_file(columns: &Columns<'_>) -> Result<ErasedFile, Error> {
    let copy = columns.maybe_id("copy_id", ElectronicCopyId::from_uuid)?;
    Ok(ErasedFile {
        what: match copy {
            Some(copy) => ErasedKind::Copy(copy),
            None => ErasedKind::Original(columns.id("original_id", FeedId::from_uuid)?),
        },
        sealed_digest: columns.digest("sealed_digest")?,
    })
}

impl Writer<'_> {
    /// Erases a page that was taken out: a tombstone, signed with the trail, and no word of
    /// what was read on it. The sealed files go with [`crate::Vault::destroy_erased`].
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
        for file in &stone.files {
            let (copy, original) = match file.what {
                ErasedKind::Copy(id) => (Some(key!(id)), None),
                ErasedKind::Original(id) => (None, Some(key!(id))),
            };
            self.insert(
                "erased file",
                "INSERT INTO erased_file VALUES (NULL, ?1, ?2, ?3, ?4)",
                params![
                    key!(stone.page_id),
                    copy,
                    original,
                    file.sealed_digest.as_bytes()
                ],
            )?;
        }
        if !stone.files.is_empty() {
            self.await_for_latest_copy(stone.document_id)?;
        }
        if self.recognised_text(stone.page_id)?.is_some() {
            let nothing = RecognisedText { lines: Vec::new() };
            self.put_recognised_text(stone.page_id, &nothing)?;
        }
        self.forget_appraisal(stone.page_id)?;
        self.append_audit(event)
    }
}
