//! Sealed files on their way to the centre.

use domain::delivery::OutgoingFile;
use domain::digest::Digest;
use zeroize::Zeroizing;

use crate::error::{DamagedPart, Error};
use crate::vault::Vault;

impl Vault {
    /// Seals bytes for a centre too, whose recipient is named, so that they can go there as
    /// they lie here.
    pub fn seal_for_centre(
        &self,
        page: Option<u32>,
        plain: &[u8],
        recipient: &str,
    ) -> Result<OutgoingFile, Error> {
        let recipient = recipient.parse().map_err(|_| Error::Refused {
            noun: "recipient of a centre",
        })?;
        let (sealed_digest, sealed_size_bytes) = self.sealed.seal_for_centre(plain, &recipient)?;
        Ok(OutgoingFile {
            page,
            digest: Digest::of(plain),
            size_bytes: plain.len() as u64,
            sealed_digest,
            sealed_size_bytes,
        })
    }

    /// Sealed bytes as they lie on the disk; `None` when the file is gone.
    pub fn read_sealed_part(
        &self,
        sealed_digest: &Digest,
        offset: u64,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, Error> {
        let part = self.sealed.read_part(sealed_digest, offset, limit);
        part.map_err(Error::file("read a sealed file"))
    }

    /// What somebody sealed for this station; `None` when it is for another, or damaged.
    pub fn unseal_letter(&self, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.sealed.unseal_letter(sealed)
    }

    /// The word for a sealed file that lies here no longer: purged, or lost.
    pub(crate) fn said_of_missing(&self, error: Error) -> Error {
        let Error::Damaged(DamagedPart::SealedFileMissing(digest)) = &error else {
            return error;
        };
        match self.read(|reader| reader.was_purged(digest)) {
            Ok(true) => Error::Purged,
            Ok(false) => error,
            Err(error) => error,
        }
    }

    /// Removes the files that are purged. Where a kill came in between, the next call does
    /// the rest.
    pub fn remove_purged(&self) -> Result<(), Error> {
        for digest in self.read(|reader| reader.files_to_purge())? {
            let destroyed = self.sealed.destroy(&digest);
            destroyed.map_err(Error::file("destroy a sealed file"))?;
            self.write(|writer| writer.mark_gone(&digest))?;
        }
        Ok(())
    }

    /// Lets the files go that were sealed for the centre and that it has.
    pub fn drop_delivered(&self) -> Result<(), Error> {
        let dropped = self.read(|reader| reader.dropped_files())?;
        if dropped.is_empty() {
            return Ok(());
        }
        for digest in &dropped {
            self.sealed
                .remove(digest)
                .map_err(Error::file("remove a delivered file"))?;
        }
        self.write(|writer| {
            dropped
                .iter()
                .try_for_each(|digest| writer.mark_dropped(digest))
        })
    }
}
