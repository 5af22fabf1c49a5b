//! Pages. The raw bytes of a page never change; where it stands and how it is
//! turned may.

use domain::barcode::{Barcode, BarcodeFormat};
use domain::digest::Digest;
use domain::geometry::{Flat, QuarterTurn, Size, Transform};
use domain::ids::{DocumentId, FeedId, OfficerId, PageId};
use domain::page::{
    Appraisal, Joined, KeepReason, KeptBad, Page, PageMark, RawFormat, RawImage, VoidReason, Voided,
};
use domain::quality::{Quality, QualityReason, Verdict};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::access::{Reader, Writer};
use crate::check;
use crate::column::{Columns, instant, json, key};
use crate::error::Error;
use crate::json::{RectangleJson, all_named, finite};

const TABLE: &str = "page";

pub(crate) const V1: &str = "
CREATE TABLE page (
    id            BLOB PRIMARY KEY CHECK (length(id) = 16),
    document_id   BLOB NOT NULL REFERENCES document (id),
    position      INTEGER NOT NULL CHECK (position >= 0),
    raw_digest    BLOB NOT NULL CHECK (length(raw_digest) = 32),
    sealed_digest BLOB NOT NULL CHECK (length(sealed_digest) = 32),
    size_bytes    INTEGER NOT NULL,
    format        TEXT NOT NULL,
    width_px      INTEGER NOT NULL,
    height_px     INTEGER NOT NULL,
    dpi           INTEGER,
    transforms    TEXT NOT NULL,
    appraisal     TEXT,
    scanned_at    TEXT NOT NULL,
    scanned_by    BLOB NOT NULL REFERENCES officer (id),
    voided_at     TEXT,
    voided_by     BLOB REFERENCES officer (id),
    void_reason   TEXT,
    CHECK ((voided_at IS NULL) = (voided_by IS NULL)),
    CHECK ((voided_at IS NULL) = (void_reason IS NULL))
) STRICT;
CREATE INDEX page_of_document ON page (document_id, position);
CREATE TRIGGER page_stays BEFORE DELETE ON page
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER page_keeps_its_raw_bytes
BEFORE UPDATE OF id, document_id, raw_digest, sealed_digest, size_bytes, format,
                 width_px, height_px, dpi ON page
BEGIN SELECT RAISE(ABORT, 'the raw scan is never overwritten'); END;";

pub(crate) const V2: &str = "
ALTER TABLE page ADD COLUMN feed_id BLOB REFERENCES feed (id);
ALTER TABLE page ADD COLUMN masked_from BLOB REFERENCES page (id);
ALTER TABLE page ADD COLUMN by_hand TEXT NOT NULL DEFAULT '[]';
CREATE INDEX page_masked_from ON page (masked_from) WHERE masked_from IS NOT NULL;
CREATE TRIGGER page_keeps_its_origin BEFORE UPDATE OF feed_id, masked_from ON page
BEGIN SELECT RAISE(ABORT, 'a page stays what it was made from'); END;";

pub(crate) const V3: &str = "
ALTER TABLE page ADD COLUMN kept_at TEXT;
ALTER TABLE page ADD COLUMN kept_by BLOB REFERENCES officer (id);
ALTER TABLE page ADD COLUMN keep_reason TEXT;
ALTER TABLE page ADD COLUMN mark_number INTEGER;
ALTER TABLE page ADD COLUMN mark_of INTEGER;";

/// From here on a list of transforms may hold a sheet that is laid flat, which older
/// programs do not know.
pub(crate) const V4: &str = "
ALTER TABLE page ADD COLUMN joined_at TEXT;
ALTER TABLE page ADD COLUMN joined_by BLOB REFERENCES officer (id);";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TransformJson {
    Crop(RectangleJson),
    TurnDeg(u16),
    DeskewDeg(f32),
    Level,
    Mask([(f32, f32); 4]),
    Flatten {
        corners: [(f32, f32); 4],
        width_px: u32,
        height_px: u32,
    },
}

#[derive(Serialize, Deserialize)]
struct AppraisalJson {
    blank: bool,
    verdict: String,
    reasons: Vec<String>,
    barcodes: Vec<BarcodeJson>,
}

#[derive(Serialize, Deserialize)]
struct BarcodeJson {
    format: String,
    text: String,
    outline: RectangleJson,
}

// Pictures of a camera in which no sheet was found when they were taken.
pub(crate) const V5: &str = "
CREATE TABLE unbounded_page (
    page_id BLOB PRIMARY KEY REFERENCES page (id)
) STRICT;
CREATE TRIGGER unbounded_page_stays BEFORE DELETE ON unbounded_page
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;";

impl Reader<'_> {
    /// The page, kept or voided.
    pub fn page(&self, id: PageId) -> Result<Page, Error> {
        self.one(
            TABLE,
            "SELECT * FROM page WHERE id = ?1",
            params![key!(id)],
            page,
        )?
        .ok_or_else(|| Error::not_found("page", &id))
    }

    /// The kept pages of a document, in order.
    pub fn pages_of(&self, id: DocumentId) -> Result<Vec<Page>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM page WHERE document_id = ?1 AND voided_at IS NULL
             ORDER BY position, id",
            params![key!(id)],
            page,
        )
    }

    /// Whether the page is a picture of a camera in which no sheet was found.
    pub fn is_unbounded(&self, id: PageId) -> Result<bool, Error> {
        let found = self.one(
            "unbounded_page",
            "SELECT 1 AS found FROM unbounded_page WHERE page_id = ?1",
            params![key!(id)],
            |columns| columns.get::<i64>("found"),
        )?;
        Ok(found.is_some())
    }

    /// The pages that were taken out of a document, in the order of taking out.
    pub fn voided_pages_of(&self, id: DocumentId) -> Result<Vec<Page>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM page WHERE document_id = ?1 AND voided_at IS NOT NULL
             ORDER BY voided_at, id",
            params![key!(id)],
            page,
        )
    }

    /// Every sealed file that a page, a copy or a signed file names, but for those that were
    /// erased, or purged as the trail says.
    pub(crate) fn sealed_digests(&self) -> Result<Vec<Digest>, Error> {
        let digests = self.many(
            TABLE,
            "SELECT sealed_digest FROM (
             SELECT sealed_digest FROM page
             WHERE NOT EXISTS (SELECT 1 FROM tombstone WHERE page_id = page.id)
             UNION SELECT sealed_digest FROM electronic_copy
             WHERE NOT EXISTS (SELECT 1 FROM erased_file WHERE copy_id = electronic_copy.id)
             UNION SELECT sealed_digest FROM electronic_original
             WHERE NOT EXISTS (SELECT 1 FROM erased_file
                               WHERE original_id = electronic_original.feed_id)
             UNION SELECT sealed_digest FROM outgoing_file WHERE dropped = 0
             UNION SELECT sealed_digest FROM central_paper WHERE sealed_digest IS NOT NULL
             ) AS named WHERE NOT EXISTS (SELECT 1 FROM purged_file p
                JOIN audit_event a ON a.document_id = p.document_id AND a.act = 'purged'
                WHERE p.sealed_digest = named.sealed_digest)",
            [],
            |columns| columns.digest("sealed_digest"),
        )?;
        Ok(check::distinct(digests))
    }

    fn kept_page_ids(&self, id: DocumentId) -> Result<Vec<PageId>, Error> {
        self.many(
            TABLE,
            "SELECT id FROM page WHERE document_id = ?1 AND voided_at IS NULL
             ORDER BY position, id",
            params![key!(id)],
            |columns| columns.id("id", PageId::from_uuid),
        )
    }
}

impl Writer<'_> {
    /// Stores a page at its position; the pages from there on move back by one.
    /// A position beyond the last page means the end.
    pub fn insert_page(&self, page: &Page) -> Result<(), Error> {
        let voided = page.voided.as_ref();
        let kept = page.kept_bad.as_ref();
        let raw = &page.raw;
        let mut order = self.kept_page_ids(page.document_id)?;
        self.insert(
            "page",
            "INSERT INTO page VALUES
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
              ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)",
            params![
                key!(page.id),
                key!(page.document_id),
                page.position,
                raw.digest.as_bytes(),
                raw.sealed_digest.as_bytes(),
                raw.size_bytes as i64,
                raw.format.name(),
                raw.size.width_px,
                raw.size.height_px,
                raw.dpi,
                json(&transforms_json(&page.transforms)),
                page.appraisal
                    .as_ref()
                    .map(|found| json(&appraisal_json(found))),
                instant(page.scanned_at),
                key!(page.scanned_by),
                voided.map(|voided| instant(voided.voided_at)),
                voided.map(|voided| key!(voided.voided_by)),
                voided.map(|voided| voided.reason.name()),
                page.feed_id.map(|id| key!(id)),
                page.masked_from.map(|id| key!(id)),
                json(&transforms_json(&page.by_hand)),
                kept.map(|kept| instant(kept.at)),
                kept.map(|kept| key!(kept.by)),
                kept.map(|kept| kept.reason.name()),
                page.mark.map(|mark| mark.number),
                page.mark.and_then(|mark| mark.of),
                page.joined.as_ref().map(|joined| instant(joined.at)),
                page.joined.as_ref().map(|joined| key!(joined.by)),
            ],
        )?;
        if voided.is_none() {
            place(&mut order, page.id, page.position);
            self.number_pages(&order)?;
        }
        Ok(())
    }

    /// Says what a person did to the picture, and how the raw image becomes the upright
    /// page with it. What was found about the picture before holds no longer.
    pub fn set_by_hand(
        &self,
        id: PageId,
        by_hand: &[Transform],
        transforms: &[Transform],
    ) -> Result<(), Error> {
        self.change(
            "page",
            &id,
            "UPDATE page SET by_hand = ?2, transforms = ?3, appraisal = NULL WHERE id = ?1",
            params![
                key!(id),
                json(&transforms_json(by_hand)),
                json(&transforms_json(transforms))
            ],
        )
    }

    /// Puts the kept pages of a document in this order, which must name each of them once.
    pub fn order_pages(&self, id: DocumentId, order: &[PageId]) -> Result<(), Error> {
        let sorted = |mut ids: Vec<PageId>| {
            ids.sort_unstable();
            ids
        };
        if sorted(order.to_vec()) != sorted(self.kept_page_ids(id)?) {
            return Err(Error::not_found("page order", &id));
        }
        self.number_pages(order)
    }

    /// Says how the raw image becomes the upright page.
    pub fn set_transforms(&self, id: PageId, transforms: &[Transform]) -> Result<(), Error> {
        self.change(
            "page",
            &id,
            "UPDATE page SET transforms = ?2 WHERE id = ?1",
            params![key!(id), json(&transforms_json(transforms))],
        )
    }

    /// Keeps what the page says of its own place.
    pub fn set_page_mark(&self, id: PageId, mark: Option<PageMark>) -> Result<(), Error> {
        self.change(
            "page",
            &id,
            "UPDATE page SET mark_number = ?2, mark_of = ?3 WHERE id = ?1",
            params![
                key!(id),
                mark.map(|mark| mark.number),
                mark.and_then(|mark| mark.of)
            ],
        )
    }

    /// Notes that a person keeps a bad image; `None` takes it back.
    pub fn set_kept_bad(&self, id: PageId, kept: Option<&KeptBad>) -> Result<(), Error> {
        self.change(
            "page",
            &id,
            "UPDATE page SET kept_at = ?2, kept_by = ?3, keep_reason = ?4 WHERE id = ?1",
            params![
                key!(id),
                kept.map(|kept| instant(kept.at)),
                kept.map(|kept| key!(kept.by)),
                kept.map(|kept| kept.reason.name()),
            ],
        )
    }

    /// Notes that no other paper begins at this page.
    pub fn set_joined(&self, id: PageId, joined: &Joined) -> Result<(), Error> {
        self.change(
            "page",
            &id,
            "UPDATE page SET joined_at = ?2, joined_by = ?3 WHERE id = ?1",
            params![key!(id), instant(joined.at), key!(joined.by)],
        )
    }

    /// Forgets what cleaning found: codes on a page say who somebody is.
    pub(crate) fn forget_appraisal(&self, id: PageId) -> Result<(), Error> {
        self.change(
            "page",
            &id,
            "UPDATE page SET appraisal = NULL WHERE id = ?1",
            params![key!(id)],
        )
    }

    /// Notes that the page is a picture of a camera in which no sheet was found.
    pub fn set_unbounded(&self, id: PageId) -> Result<(), Error> {
        self.insert(
            "unbounded page",
            "INSERT INTO unbounded_page VALUES (?1)",
            params![key!(id)],
        )
    }

    /// Keeps what cleaning found.
    pub fn set_appraisal(&self, id: PageId, appraisal: &Appraisal) -> Result<(), Error> {
        self.change(
            "page",
            &id,
            "UPDATE page SET appraisal = ?2 WHERE id = ?1",
            params![key!(id), json(&appraisal_json(appraisal))],
        )
    }

    /// Moves a kept page to another place in its document.
    pub fn move_page(&self, id: PageId, position: u32) -> Result<(), Error> {
        let page = self.kept_page(id)?;
        let mut order = self.kept_page_ids(page.document_id)?;
        order.retain(|other| *other != id);
        place(&mut order, id, position);
        self.number_pages(&order)
    }

    /// Takes a kept page out of its document, with the reason.
    pub fn void_page(&self, id: PageId, voided: &Voided) -> Result<(), Error> {
        let page = self.kept_page(id)?;
        self.change(
            "page",
            &id,
            "UPDATE page SET voided_at = ?2, voided_by = ?3, void_reason = ?4 WHERE id = ?1",
            params![
                key!(id),
                instant(voided.voided_at),
                key!(voided.voided_by),
                voided.reason.name()
            ],
        )?;
        self.number_pages(&self.kept_page_ids(page.document_id)?)
    }

    /// Puts a voided page back where it was, or at the end of a document that has
    /// become shorter.
    pub fn restore_page(&self, id: PageId) -> Result<(), Error> {
        let page = self.page(id)?;
        if page.voided.is_none() {
            return Err(Error::not_found("voided page", &id));
        }
        let mut order = self.kept_page_ids(page.document_id)?;
        self.change(
            "page",
            &id,
            "UPDATE page SET voided_at = NULL, voided_by = NULL, void_reason = NULL WHERE id = ?1",
            params![key!(id)],
        )?;
        place(&mut order, id, page.position);
        self.number_pages(&order)
    }

    fn kept_page(&self, id: PageId) -> Result<Page, Error> {
        let page = self.page(id)?;
        if page.voided.is_some() {
            return Err(Error::not_found("kept page", &id));
        }
        Ok(page)
    }

    fn number_pages(&self, order: &[PageId]) -> Result<(), Error> {
        for (position, id) in order.iter().enumerate() {
            self.execute(
                "UPDATE page SET position = ?2 WHERE id = ?1 AND position <> ?2",
                params![key!(id), position as i64],
            )?;
        }
        Ok(())
    }
}

fn place(order: &mut Vec<PageId>, id: PageId, position: u32) {
    order.insert((position as usize).min(order.len()), id);
}

fn page(columns: &Columns<'_>) -> Result<Page, Error> {
    let voided_at = columns.maybe_instant("voided_at")?;
    let appraisal: Option<String> = columns.get("appraisal")?;
    Ok(Page {
        id: columns.id("id", PageId::from_uuid)?,
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        feed_id: columns.maybe_id("feed_id", FeedId::from_uuid)?,
        masked_from: columns.maybe_id("masked_from", PageId::from_uuid)?,
        position: columns.get("position")?,
        raw: RawImage {
            digest: columns.digest("raw_digest")?,
            sealed_digest: columns.digest("sealed_digest")?,
            size_bytes: columns.get::<i64>("size_bytes")? as u64,
            format: columns.named("format", RawFormat::from_name)?,
            size: Size {
                width_px: columns.get("width_px")?,
                height_px: columns.get("height_px")?,
            },
            dpi: columns.get("dpi")?,
        },
        by_hand: columns.mirrored("by_hand", transforms)?,
        transforms: columns.mirrored("transforms", transforms)?,
        appraisal: match appraisal {
            None => None,
            Some(_) => Some(columns.mirrored("appraisal", appraisal_of)?),
        },
        scanned_at: columns.instant("scanned_at")?,
        scanned_by: columns.id("scanned_by", OfficerId::from_uuid)?,
        mark: match columns.get::<Option<u32>>("mark_number")? {
            None => None,
            Some(number) => Some(PageMark {
                number,
                of: columns.get("mark_of")?,
            }),
        },
        kept_bad: match columns.maybe_instant("kept_at")? {
            None => None,
            Some(at) => Some(KeptBad {
                at,
                by: columns.id("kept_by", OfficerId::from_uuid)?,
                reason: columns.named("keep_reason", KeepReason::from_name)?,
            }),
        },
        joined: match columns.maybe_instant("joined_at")? {
            None => None,
            Some(at) => Some(Joined {
                at,
                by: columns.id("joined_by", OfficerId::from_uuid)?,
            }),
        },
        voided: match voided_at {
            None => None,
            Some(voided_at) => Some(Voided {
                voided_at,
                voided_by: columns.id("voided_by", OfficerId::from_uuid)?,
                reason: columns.named("void_reason", VoidReason::from_name)?,
            }),
        },
    })
}

fn transforms_json(transforms: &[Transform]) -> Vec<TransformJson> {
    transforms
        .iter()
        .map(|transform| match *transform {
            Transform::Crop(area) => TransformJson::Crop(area.into()),
            Transform::Turn(turn) => TransformJson::TurnDeg(turn.degrees()),
            Transform::Deskew { angle_deg } => TransformJson::DeskewDeg(finite(angle_deg)),
            Transform::Level => TransformJson::Level,
            Transform::Mask(corners) => TransformJson::Mask(corners),
            Transform::Flatten(Flat { corners, size }) => TransformJson::Flatten {
                corners,
                width_px: size.width_px,
                height_px: size.height_px,
            },
        })
        .collect()
}

fn transforms(stored: Vec<TransformJson>) -> Option<Vec<Transform>> {
    stored
        .into_iter()
        .map(|transform| {
            Some(match transform {
                TransformJson::Crop(area) => Transform::Crop(area.into()),
                TransformJson::TurnDeg(degrees) => {
                    Transform::Turn(QuarterTurn::from_degrees(degrees)?)
                }
                TransformJson::DeskewDeg(angle_deg) => Transform::Deskew { angle_deg },
                TransformJson::Level => Transform::Level,
                TransformJson::Mask(corners) => Transform::Mask(corners),
                TransformJson::Flatten {
                    corners,
                    width_px,
                    height_px,
                } => Transform::Flatten(Flat {
                    corners,
                    size: Size {
                        width_px,
                        height_px,
                    },
                }),
            })
        })
        .collect()
}

fn appraisal_json(found: &Appraisal) -> AppraisalJson {
    AppraisalJson {
        blank: found.blank,
        verdict: found.quality.verdict.name().to_owned(),
        reasons: found
            .quality
            .reasons
            .iter()
            .map(|reason| reason.name().to_owned())
            .collect(),
        barcodes: found
            .barcodes
            .iter()
            .map(|barcode| BarcodeJson {
                format: barcode.format.name().to_owned(),
                text: barcode.text.clone(),
                outline: barcode.outline.into(),
            })
            .collect(),
    }
}

fn appraisal_of(stored: AppraisalJson) -> Option<Appraisal> {
    let barcodes = stored.barcodes.into_iter().map(|barcode| {
        Some(Barcode {
            format: BarcodeFormat::from_name(&barcode.format)?,
            text: barcode.text,
            outline: barcode.outline.into(),
        })
    });
    Some(Appraisal {
        blank: stored.blank,
        quality: Quality {
            verdict: Verdict::from_name(&stored.verdict)?,
            reasons: all_named(&stored.reasons, QualityReason::from_name)?,
        },
        barcodes: barcodes.collect::<Option<_>>()?,
    })
}
