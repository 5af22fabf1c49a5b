//! That a log begins with an earlier one: proofs over the leaves as they lie in the database,
//! with the roots of every 256 of them kept in memory (4 MB for 30 million leaves).

use std::collections::HashMap;
use std::sync::Arc;

use deadpool_postgres::GenericClient;
use domain::digest::Digest;
use tokio::sync::Mutex;
use wire::{LogGrowth, ProblemCode};

use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::log::{leaf_hash, node};
use crate::reach::Reach;

/// Leaves under one kept root.
const TILE: u64 = 256;
/// So many tiles are read at a time.
const AT_ONCE: u64 = 64;

/// Roots of complete tiles, as far as somebody asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tiles(Arc<Mutex<Vec<Digest>>>);

impl Centre {
    /// Proves that the first `to` leaves begin with the first `from`.
    pub(crate) async fn growth(&self, from: u64, to: u64) -> Result<LogGrowth, Error> {
        // One at a time, and before a connection is held: whoever asks often waits alone.
        let mut tiles = self.tiles.0.lock().await;
        let within = self.database.within(Reach::Log).await?;
        let leaves: i64 = within.one("SELECT leaves FROM log", &[]).await?.get(0);
        if from > to || to > leaves as u64 {
            return Err(ProblemCode::Malformed.into());
        }
        if from == 0 {
            return Ok(LogGrowth { path: Vec::new() });
        }
        while (tiles.len() as u64) < to / TILE {
            let begin = tiles.len() as u64;
            let end = (begin + AT_ONCE).min(to / TILE);
            let hashes = hashes(&*within, begin * TILE, end * TILE).await?;
            tiles.extend(hashes.chunks(TILE as usize).map(root));
        }
        // Only where the old tree ended, and where the new one ends, single leaves matter.
        let mut single = HashMap::new();
        for leaf in [from, to] {
            let begin = leaf / TILE * TILE;
            let end = (begin + TILE).min(to);
            let hashes = hashes(&*within, begin, end).await?;
            single.extend((begin..).zip(hashes));
        }
        within.commit().await?;
        let known = |begin: u64, end: u64| {
            if begin.is_multiple_of(TILE) && end - begin == TILE {
                tiles.get((begin / TILE) as usize).copied()
            } else if end - begin == 1 {
                single.get(&begin).copied()
            } else {
                None
            }
        };
        let mut path = Vec::new();
        prove(from, 0, to, true, &known, &mut path);
        Ok(LogGrowth { path })
    }
}

/// Hashes of leaves, from one to before another.
async fn hashes(client: &impl GenericClient, begin: u64, end: u64) -> Result<Vec<Digest>, Error> {
    let rows = client
        .rows(
            "SELECT envelope FROM record WHERE log_index >= $1 AND log_index < $2 ORDER BY log_index",
            &[&(begin as i64), &(end as i64)],
        )
        .await?;
    if rows.len() as u64 != end - begin {
        return Err(Error::Damaged("log"));
    }
    rows.iter()
        .map(|row| {
            let leaf: &[u8] = row.get(0);
            let leaf = leaf.try_into().map_err(|_| Error::Damaged("record"))?;
            Ok(leaf_hash(&Digest::from_bytes(leaf)))
        })
        .collect()
}

/// The root over hashes of leaves, of which there is one at least.
fn root(hashes: &[Digest]) -> Digest {
    match hashes {
        [one] => *one,
        many => {
            let (left, right) = many.split_at(largest_power_below(many.len() as u64) as usize);
            node(&root(left), &root(right))
        }
    }
}

/// The largest power of two below a number that is two or more.
const fn largest_power_below(number: u64) -> u64 {
    1 << (u64::BITS - 1 - (number - 1).leading_zeros())
}

/// The root over the leaves from `begin` to before `end`. What is asked for is known, as a
/// tile or as a leaf, wherever a proof leads.
fn range_root(begin: u64, end: u64, known: &impl Fn(u64, u64) -> Option<Digest>) -> Digest {
    if let Some(found) = known(begin, end) {
        return found;
    }
    assert!(end - begin > 1, "a proof leads to known leaves only");
    let middle = begin + largest_power_below(end - begin);
    node(
        &range_root(begin, middle, known),
        &range_root(middle, end, known),
    )
}

/// RFC 6962, 2.1.2: SUBPROOF(m, D[begin:end], whole), `old` counted from `begin`.
fn prove(
    old: u64,
    begin: u64,
    end: u64,
    whole: bool,
    known: &impl Fn(u64, u64) -> Option<Digest>,
    path: &mut Vec<Digest>,
) {
    let length = end - begin;
    if old == length {
        if !whole {
            path.push(range_root(begin, end, known));
        }
        return;
    }
    let left = largest_power_below(length);
    let middle = begin + left;
    if old <= left {
        prove(old, begin, middle, whole, known, path);
        path.push(range_root(middle, end, known));
    } else {
        prove(old - left, middle, end, false, known, path);
        path.push(range_root(begin, middle, known));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hashes(count: u64) -> Vec<Digest> {
        let leaf = |number: u64| leaf_hash(&Digest::of(&number.to_be_bytes()));
        (0..count).map(leaf).collect()
    }

    proptest! {
        /// With tiles or without, a proof is the one that another implementation believes, and
        /// no other log is believed with it.
        #[test]
        fn a_log_that_grew_is_proved_and_another_is_not(to in 1u64..1_400, share in 0.0..1.0f64) {
            let from = 1 + ((to - 1) as f64 * share) as u64;
            let all = hashes(to);
            let known = |begin: u64, end: u64| {
                let piece = &all[begin as usize..end as usize];
                let is_tile = begin.is_multiple_of(TILE) && end - begin == TILE;
                let near = [from, to].iter().any(|at| begin / TILE == at / TILE);
                (is_tile || end - begin == 1 && near).then(|| root(piece))
            };
            let mut path = Vec::new();
            prove(from, 0, to, true, &known, &mut path);
            let head = |leaves: u64, hashes: &[Digest]| {
                wire::LogHead::seal(leaves, root(hashes), chrono::DateTime::UNIX_EPOCH, |_| [0; 64])
            };
            let earlier = head(from, &all[..from as usize]);
            let growth = LogGrowth { path };
            prop_assert!(head(to, &all).grew_from(&earlier, &growth));
            let mut other = all.clone();
            other[from as usize / 2] = Digest::of(b"another");
            prop_assert!(!head(to, &other).grew_from(&earlier, &growth));
        }
    }
}
