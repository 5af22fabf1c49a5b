//! Sealed files on their way to the centre.

use domain::delivery::OutgoingFile;
use domain::digest::Digest;

use crate::error::Error;
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
