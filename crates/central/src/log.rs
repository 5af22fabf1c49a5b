//! The centre's log: a Merkle tree (RFC 6962) of which only the roots of the complete
//! subtrees are kept, because a leaf is proved when it is added.

mod growth;

use domain::digest::Digest;
use wire::LogProof;

use crate::error::Error;

pub(crate) use growth::Tiles;

/// The tree, as far as it must be known to add to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Log {
    leaves: u64,
    /// Roots of complete subtrees, the largest, which is the oldest, first.
    peaks: Vec<Digest>,
}

impl Log {
    pub(crate) fn from_row(leaves: i64, peaks: &[u8]) -> Result<Self, Error> {
        let leaves = u64::try_from(leaves).map_err(|_| Error::Damaged("log"))?;
        let peaks: Vec<Digest> = peaks
            .chunks_exact(32)
            .map(|peak| Digest::from_bytes(peak.try_into().expect("chunks of 32 bytes")))
            .collect();
        if peaks.len() != leaves.count_ones() as usize {
            return Err(Error::Damaged("log"));
        }
        Ok(Self { leaves, peaks })
    }

    pub(crate) fn to_row(&self) -> (i64, Vec<u8>) {
        let peaks = self.peaks.iter().flat_map(|peak| *peak.as_bytes());
        (self.leaves as i64, peaks.collect())
    }

    /// How many leaves it has.
    pub(crate) const fn leaves(&self) -> u64 {
        self.leaves
    }

    /// The root over all leaves.
    pub(crate) fn root(&self) -> Digest {
        let smallest_first = self.peaks.iter().rev().copied();
        let root = smallest_first.reduce(|right, left| node(&left, &right));
        root.unwrap_or_else(|| Digest::of(b""))
    }

    /// Adds a leaf and proves it in the tree that ends with it.
    pub(crate) fn add(&mut self, leaf: &Digest) -> LogProof {
        // The way of the last leaf to the root leads past the subtrees on its left, the
        // smallest first.
        let path: Vec<Digest> = self.peaks.iter().rev().copied().collect();
        let hash = leaf_hash(leaf);
        let root = path.iter().fold(hash, |right, left| node(left, &right));
        let index = self.leaves;
        let mut peak = hash;
        for _ in 0..index.trailing_ones() {
            let left = self.peaks.pop().expect("a peak for each bit of the count");
            peak = node(&left, &peak);
        }
        self.peaks.push(peak);
        self.leaves += 1;
        LogProof {
            index,
            size: self.leaves,
            root,
            path,
        }
    }
}

fn leaf_hash(leaf: &Digest) -> Digest {
    Digest::of_parts(&[&[0], leaf.as_bytes()])
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts(&[&[1], left.as_bytes(), right.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another implementation of the same tree gives the same roots.
    #[test]
    fn roots_are_those_of_rfc_6962_and_rows_come_back() {
        let mut log = Log::default();
        let mut peer = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        for number in 0u32..200 {
            let leaf = Digest::of(&number.to_be_bytes());
            peer.push(leaf.as_bytes().to_vec());
            let proof = log.add(&leaf);
            assert_eq!(proof.index, u64::from(number));
            assert_eq!(log.root(), proof.root);
            assert_eq!(proof.root.as_bytes(), peer.root().as_bytes().as_slice());
            let (leaves, peaks) = log.to_row();
            assert_eq!(Log::from_row(leaves, &peaks).unwrap(), log);
        }
        assert!(Log::from_row(3, &[0; 32]).is_err());
    }
}
