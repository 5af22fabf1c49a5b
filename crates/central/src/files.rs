//! Files: they come in parts, each from where the bytes that lie here end.

use axum::body::Bytes;
use domain::digest::Digest;
use wire::{PartStored, Problem, ProblemCode};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::{Reach, Within};
use crate::stations::Station;

impl Centre {
    /// Stores the bytes of a file from `offset` on. A part that came before costs nothing.
    pub(crate) async fn store_part(
        &self,
        number: u32,
        sealed: &Digest,
        offset: u64,
        body: Bytes,
    ) -> Result<PartStored, Error> {
        let station = number as i32;
        let digest = sealed.as_bytes().as_slice();
        let length = body.len() as u64;
        let (size, have) = {
            let within = self.database.within(Reach::Station(station)).await?;
            Station::of(&within, number, false).await?;
            let row = within
                .maybe(
                    "SELECT size_bytes, have_bytes FROM file WHERE station = $1 AND sealed = $2",
                    &[&station, &digest],
                )
                .await?;
            let row = row.ok_or(Error::from(ProblemCode::Unknown))?;
            (
                row.get::<_, i64>("size_bytes") as u64,
                row.get::<_, i64>("have_bytes") as u64,
            )
        };
        let end = offset
            .checked_add(length)
            .filter(|end| *end <= size && length > 0)
            .ok_or(Error::from(ProblemCode::Malformed))?;
        if end <= have {
            return Ok(PartStored { have_bytes: have });
        }
        if offset != have {
            return Err(Error::Refused(Problem {
                have_bytes: Some(have),
                ..ProblemCode::OffsetWrong.into()
            }));
        }
        if length == size {
            // The whole file at once: no part lies about.
            if Digest::of(&body) != *sealed {
                return Err(ProblemCode::DigestWrong.into());
            }
            self.objects.put_file(sealed, body).await?;
            let within = self.database.within(Reach::Station(station)).await?;
            self.mark_stored(&within, station, sealed, size).await?;
            within.commit().await?;
            return Ok(PartStored { have_bytes: size });
        }
        let object = self.objects.put_part(number, sealed, offset, body).await?;
        let within = self.database.within(Reach::Station(station)).await?;
        let row = within
            .maybe(
                "UPDATE file SET have_bytes = $4
                 WHERE station = $1 AND sealed = $2 AND have_bytes = $3
                 RETURNING have_bytes",
                &[&station, &digest, &(offset as i64), &(end as i64)],
            )
            .await?;
        if row.is_none() {
            // The same part came twice at once, and the other was faster.
            let row = within
                .one(
                    "SELECT have_bytes FROM file WHERE station = $1 AND sealed = $2",
                    &[&station, &digest],
                )
                .await?;
            let have_bytes = row.get::<_, i64>(0) as u64;
            drop(within);
            self.objects.drop_parts(&[object]).await;
            return Ok(PartStored { have_bytes });
        }
        within
            .done(
                "INSERT INTO part VALUES ($1, $2, $3, $4, $5)",
                &[
                    &station,
                    &digest,
                    &(offset as i64),
                    &(length as i64),
                    &object,
                ],
            )
            .await?;
        within.commit().await?;
        if end == size {
            let whole = self.join_parts(station, sealed, size).await?;
            if !whole {
                return Err(ProblemCode::DigestWrong.into());
            }
        }
        Ok(PartStored { have_bytes: end })
    }

    /// Makes a file of its parts once the last has come. Where the whole has not the digest,
    /// the answer is `false`: the parts are forgotten, and the file comes anew.
    pub(crate) async fn join_parts(
        &self,
        station: i32,
        sealed: &Digest,
        size: u64,
    ) -> Result<bool, Error> {
        let digest = sealed.as_bytes().as_slice();
        let within = self.database.within(Reach::Station(station)).await?;
        // Two who find the last part at once would each take the parts away from the other.
        let file = within
            .one(
                "SELECT stored_at IS NOT NULL FROM file
                 WHERE station = $1 AND sealed = $2 FOR UPDATE",
                &[&station, &digest],
            )
            .await?;
        if file.get(0) {
            return Ok(true);
        }
        let rows = within
            .rows(
                "DELETE FROM part WHERE station = $1 AND sealed = $2 RETURNING from_byte, object",
                &[&station, &digest],
            )
            .await?;
        let mut parts: Vec<(i64, String)> =
            rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        parts.sort_unstable();
        let parts: Vec<String> = parts.into_iter().map(|(_, object)| object).collect();
        let whole = self.objects.join(sealed, &parts, size).await?;
        if whole {
            self.mark_stored(&within, station, sealed, size).await?;
        } else {
            within
                .done(
                    "UPDATE file SET have_bytes = 0 WHERE station = $1 AND sealed = $2",
                    &[&station, &digest],
                )
                .await?;
        }
        within.commit().await?;
        self.objects.drop_parts(&parts).await;
        Ok(whole)
    }

    async fn mark_stored(
        &self,
        within: &Within,
        station: i32,
        sealed: &Digest,
        size: u64,
    ) -> Result<(), Error> {
        // Asked of the store itself: a row that names bytes which are not there would make a
        // receipt that lies.
        if self.objects.size_of(sealed).await? != Some(size) {
            return Err(Error::Damaged("file"));
        }
        within
            .done(
                "UPDATE file SET have_bytes = size_bytes, stored_at = coalesce(stored_at, now())
                 WHERE station = $1 AND sealed = $2",
                &[&station, &sealed.as_bytes().as_slice()],
            )
            .await?;
        Ok(())
    }
}
