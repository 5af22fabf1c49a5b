//! Orphans: objects that no row names, because something died between the object and its row,
//! or because an older database was brought back. They cost room, and are collected.

use chrono::{DateTime, TimeDelta, Utc};
use deadpool_postgres::GenericClient;
use domain::digest::Digest;
use futures_util::TryStreamExt as _;

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::objects::{FILES, Listed, PARTS, file_path};
use crate::reach::Reach;

/// Nothing younger is an orphan: its row may be about to come.
pub(crate) const LEAST_AGE: TimeDelta = TimeDelta::hours(1);
/// At the start of a centre no more objects are looked at; the rest is for `sweep`.
const AT_START: usize = 10_000;
/// So many objects are asked about at once.
const BATCH: usize = 500;
/// So many are removed while no station can announce or store: milliseconds in a folder.
const AT_ONCE: usize = 32;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects that were looked at.
    pub seen: u64,
    /// Objects that were removed.
    pub removed: u64,
    /// Their bytes.
    pub removed_bytes: u64,
}

impl Centre {
    /// Removes parts and files that no row names and that are at least so old; never less than
    /// an hour.
    pub async fn sweep(&self, age: TimeDelta) -> Result<Swept, Error> {
        let before = self.before(age).await?;
        let mut swept = Swept::default();
        for under in [PARTS, FILES] {
            self.sweep_under(under, before, usize::MAX, &mut swept)
                .await?;
        }
        swept.removed += self.objects.clear_staged(before).await?;
        Ok(swept)
    }

    /// The same for parts only, and not for more of them than a start can wait for.
    pub(crate) async fn sweep_at_start(&self, age: TimeDelta) -> Result<Swept, Error> {
        let before = self.before(age).await?;
        let mut swept = Swept::default();
        self.sweep_under(PARTS, before, AT_START, &mut swept)
            .await?;
        Ok(swept)
    }

    async fn before(&self, age: TimeDelta) -> Result<DateTime<Utc>, Error> {
        let connection = self.database.connection().await?;
        let now: DateTime<Utc> = connection.one("SELECT now()", &[]).await?.get(0);
        Ok(now - age.max(LEAST_AGE))
    }

    async fn sweep_under(
        &self,
        under: &str,
        before: DateTime<Utc>,
        limit: usize,
        swept: &mut Swept,
    ) -> Result<(), Error> {
        let mut listed = std::pin::pin!(self.objects.list(under));
        let mut left = limit;
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            while batch.len() < BATCH && left > 0 {
                let Some(found) = listed.try_next().await? else {
                    break;
                };
                left -= 1;
                swept.seen += 1;
                if found.changed_at < before && is_ours(&found.name) {
                    batch.push(found);
                }
            }
            let unnamed = {
                let within = self.database.within(Reach::Orphans).await?;
                unnamed(&*within, &batch).await?
            };
            for few in unnamed.chunks(AT_ONCE) {
                self.remove_unnamed(few, swept).await?;
            }
            if batch.len() < BATCH {
                return Ok(());
            }
        }
    }

    /// Removes what still nobody names. While it is asked and removed no row can come that
    /// names it: a station that announces a file whose bytes lie here already would find them
    /// gone after its receipt.
    async fn remove_unnamed(&self, few: &[Listed], swept: &mut Swept) -> Result<(), Error> {
        let within = self.database.within(Reach::Orphans).await?;
        within
            .batch_execute(
                "SET LOCAL lock_timeout = '5s';
                 LOCK TABLE file, part IN SHARE MODE",
            )
            .await?;
        for orphan in unnamed(&*within, few).await? {
            self.objects.remove(&orphan.name).await?;
            swept.removed += 1;
            swept.removed_bytes += orphan.size_bytes;
        }
        within.commit().await
    }
}

/// Whether an object bears a name that this program gives. Whatever else lies there is
/// somebody else's.
fn is_ours(name: &str) -> bool {
    name.starts_with("parts/") || sealed_of(name).is_some()
}

/// The digest in the name of a file.
fn sealed_of(name: &str) -> Option<Vec<u8>> {
    let (_, digest) = name.rsplit_once('/')?;
    let digest: Digest = digest.parse().ok()?;
    (file_path(&digest).as_ref() == name).then(|| digest.as_bytes().to_vec())
}

/// Those that no row names.
async fn unnamed(client: &impl GenericClient, listed: &[Listed]) -> Result<Vec<Listed>, Error> {
    let names: Vec<&str> = listed.iter().map(|found| found.name.as_str()).collect();
    let digests: Vec<Option<Vec<u8>>> = names.iter().map(|name| sealed_of(name)).collect();
    let rows = client
        .rows(
            "SELECT place FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY
                AS given (name, sealed, place)
             WHERE CASE WHEN given.sealed IS NULL
                THEN NOT EXISTS (SELECT 1 FROM part WHERE part.object = given.name)
                ELSE NOT EXISTS (SELECT 1 FROM file WHERE file.sealed = given.sealed)
                    AND NOT EXISTS (SELECT 1 FROM upload WHERE upload.sealed = given.sealed) END",
            &[&names, &digests],
        )
        .await?;
    let places = rows.iter().map(|row| row.get::<_, i64>(0) as usize - 1);
    Ok(places.map(|place| listed[place].clone()).collect())
}
