//! What the centre has goes from here, when the days of keeping are over.
//!
//! Only images and copies go. Values, codes and receipts stay, so that the paper is found.

use std::sync::PoisonError;

use ::sync::Receipt;
use chrono::{DateTime, TimeDelta, Utc};
use domain::audit::Act;
use domain::copy::Awaited;
use domain::digest::Digest;
use domain::ids::DocumentId;

use crate::signatures::has_timestamp_authority;
use crate::{Desk, Error};

/// Lets the files of papers go whose receipts are old enough. Each receipt is verified once
/// more against `key`: a row of the database alone lets nothing go. How many papers it were.
pub(super) fn purge(desk: &Desk, key: &Digest, now: DateTime<Utc>) -> Result<usize, Error> {
    // It is looked through all that was ever delivered: a day is soon enough.
    let mut last = desk
        .purged_at
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if last.is_some_and(|last| now.signed_duration_since(last).abs() < TimeDelta::days(1)) {
        return Ok(0);
    }
    *last = Some(now);
    desk.vault.remove_purged()?;
    let Some(days) = desk.catalogue.retention().delivered_days else {
        return Ok(0);
    };
    let until = now.checked_sub_signed(TimeDelta::days(i64::from(days)));
    let until = until.unwrap_or(DateTime::<Utc>::MIN_UTC);
    // What a person here has yet to sign, or a timestamp is yet to come to, is needed here.
    let awaited: &[Awaited] = if has_timestamp_authority(desk)? {
        &[Awaited::Signature, Awaited::Timestamp]
    } else {
        &[Awaited::Signature]
    };
    let documents = desk
        .vault
        .read(|read| read.documents_to_purge(until, awaited))?;
    let mut purged = 0;
    for id in documents {
        if !is_proved(desk, key, id)? {
            tracing::error!("a receipt in the vault is not believed: nothing of its paper goes");
            continue;
        }
        desk.vault.write(|write| {
            if write.purge(id, now)? > 0 {
                desk.audit(write, Act::Purged(id))?;
                purged += 1;
            }
            Ok::<_, Error>(())
        })?;
    }
    desk.vault.remove_purged()?;
    Ok(purged)
}

fn is_proved(desk: &Desk, key: &Digest, id: DocumentId) -> Result<bool, Error> {
    let receipts = desk.vault.read(|read| read.receipts_of(id))?;
    let proved = |kept: &vault::KeptReceipt| {
        Receipt::open(&kept.bytes, key.as_bytes())
            .is_ok_and(|receipt| receipt.is_for(id, kept.version, &kept.manifest).is_ok())
    };
    Ok(!receipts.is_empty() && receipts.iter().all(proved))
}
