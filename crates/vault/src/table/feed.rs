//! Feeds: runs of a source into a document. One without an end was broken off by the
//! end of the program.

use domain::feed::{Feed, FeedEnd};
use domain::ids::{DocumentId, FeedId, OfficerId};
use rusqlite::params;

use crate::access::{Reader, Writer};
use crate::column::{Columns, instant, key};
use crate::error::Error;

const TABLE: &str = "feed";

pub(crate) const V1: &str = "
CREATE TABLE feed (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    document_id BLOB NOT NULL REFERENCES document (id),
    begun_at    TEXT NOT NULL,
    begun_by    BLOB NOT NULL REFERENCES officer (id),
    ended_at    TEXT,
    is_complete INTEGER,
    delivered   INTEGER,
    CHECK ((ended_at IS NULL) = (is_complete IS NULL)),
    CHECK ((ended_at IS NULL) = (delivered IS NULL))
) STRICT;
CREATE INDEX feed_of_document ON feed (document_id, begun_at);
CREATE TRIGGER feed_stays BEFORE DELETE ON feed
BEGIN SELECT RAISE(ABORT, 'nothing is deleted'); END;
CREATE TRIGGER feed_ends_once BEFORE UPDATE ON feed WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a feed ends once'); END;";

impl Reader<'_> {
    /// The feeds of a document, in the order of their beginning.
    pub fn feeds_of(&self, id: DocumentId) -> Result<Vec<Feed>, Error> {
        self.many(
            TABLE,
            "SELECT * FROM feed WHERE document_id = ?1 ORDER BY begun_at, id",
            params![key!(id)],
            feed,
        )
    }
}

impl Writer<'_> {
    /// Notes that a source began to hand over pages.
    pub fn begin_feed(&self, feed: &Feed) -> Result<(), Error> {
        self.insert(
            TABLE,
            "INSERT INTO feed VALUES (?1, ?2, ?3, ?4, NULL, NULL, NULL)",
            params![
                key!(feed.id),
                key!(feed.document_id),
                instant(feed.begun_at),
                key!(feed.begun_by)
            ],
        )
    }

    /// Notes how it ended.
    pub fn end_feed(&self, id: FeedId, end: &FeedEnd) -> Result<(), Error> {
        self.change(
            TABLE,
            &id,
            "UPDATE feed SET ended_at = ?2, is_complete = ?3, delivered = ?4 WHERE id = ?1",
            params![
                key!(id),
                instant(end.ended_at),
                end.is_complete,
                end.delivered
            ],
        )
    }
}

fn feed(columns: &Columns<'_>) -> Result<Feed, Error> {
    let end = match columns.maybe_instant("ended_at")? {
        None => None,
        Some(ended_at) => Some(FeedEnd {
            ended_at,
            is_complete: columns.get("is_complete")?,
            delivered: columns.get("delivered")?,
        }),
    };
    Ok(Feed {
        id: columns.id("id", FeedId::from_uuid)?,
        document_id: columns.id("document_id", DocumentId::from_uuid)?,
        begun_at: columns.instant("begun_at")?,
        begun_by: columns.id("begun_by", OfficerId::from_uuid)?,
        end,
    })
}
