//! The vault as the place where what waits is kept.

use ::sync::{LogPlace, Outgoing, Parked, Receipt, Store};
use domain::audit::Act;
use domain::delivery::{OutgoingFile, StationLogEnd, WaitingRecord};
use domain::digest::Digest;
use domain::record::Record;
use vault::{OutboxItem, StationLogEntry};

use crate::{Desk, Error};

pub(super) struct OutboxStore<'a> {
    pub(super) desk: &'a Desk,
    /// For whom files are sealed.
    pub(super) recipient: &'a str,
    /// Nothing more is made ready while so many bytes wait.
    pub(super) ready_bytes: u64,
}

impl Store for OutboxStore<'_> {
    type Error = Error;

    fn prepare(&self) -> Result<StationLogEnd, Error> {
        let vault = &self.desk.vault;
        vault.drop_delivered()?;
        let waiting = vault.read(|read| read.waiting_records())?;
        let mut ready: u64 = waiting.iter().map(|record| record.size_bytes).sum();
        while ready < self.ready_bytes
            && let Some(item) = vault.read(|read| read.next_to_prepare())?
        {
            match self.put_in_log(&item) {
                Ok(Some(size_bytes)) => ready += size_bytes,
                // It will be no shorter tomorrow.
                Ok(None) => self.park_item(&item, "too_large")?,
                Err(Error::Vault(vault::Error::Damaged(_))) => {
                    self.park_item(&item, Parked::DamagedHere.name())?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(vault.read(|read| read.station_log_end())?)
    }

    fn envelope_at(&self, sequence: u64) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.desk.vault.read(|read| read.envelope_at(sequence))?)
    }

    fn waiting(&self) -> Result<Vec<WaitingRecord>, Error> {
        Ok(self.desk.vault.read(|read| read.waiting_records())?)
    }

    fn confirmed(&self) -> Result<u64, Error> {
        Ok(self.desk.vault.read(|read| read.last_confirmed())?)
    }

    fn files_of(&self, entry: &WaitingRecord) -> Result<Vec<(Digest, u64)>, Error> {
        let item = entry.item;
        Ok(self.desk.vault.read(|read| read.outgoing_files(item))?)
    }

    fn read_part(
        &self,
        sealed: &Digest,
        offset: u64,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.desk.vault.read_sealed_part(sealed, offset, limit)?)
    }

    fn keep_receipt(
        &self,
        entry: &WaitingRecord,
        receipt: &Receipt,
        bytes: &[u8],
    ) -> Result<(), Error> {
        let now = self.desk.clock.now();
        self.desk.vault.write(|write| {
            let code = &receipt.code.text;
            write.keep_receipt(entry.item, bytes, code, receipt.received_at, now)?;
            self.desk.audit(write, Act::Delivered(entry.document_id))?;
            Ok(())
        })
    }

    fn park(&self, entry: &WaitingRecord, why: Parked) -> Result<(), Error> {
        let now = self.desk.clock.now();
        let park = |write: &vault::Writer<'_>| write.park(entry.item, why.name(), now);
        Ok(self.desk.vault.write(park)?)
    }
}

impl OutboxStore<'_> {
    fn park_item(&self, item: &OutboxItem, reason: &str) -> Result<(), Error> {
        tracing::warn!(reason, "a record cannot be made ready and is parked");
        let now = self.desk.clock.now();
        let park = |write: &vault::Writer<'_>| write.park(item.id, reason, now);
        Ok(self.desk.vault.write(park)?)
    }

    /// Seals what goes with a record for the centre, and puts its envelope into the log.
    /// How many bytes those are; `None` when the envelope is longer than any centre takes.
    fn put_in_log(&self, item: &OutboxItem) -> Result<Option<u64>, Error> {
        let vault = &self.desk.vault;
        let record = vault.read(|read| read.records_of(item.document_id))?;
        let record = record
            .into_iter()
            .find(|record| record.version == item.version)
            .ok_or(vault::Error::Damaged(vault::DamagedPart::Database))?;
        let files = self.sealed_files(&record)?;
        let now = self.desk.clock.now();
        vault.write(|write| {
            let office = write.office()?;
            let end = write.station_log_end()?;
            let dossier = write.document(item.document_id)?.dossier_id;
            let dossier = write.dossier(dossier)?;
            let component = dossier
                .components
                .iter()
                .find(|component| component.document_id == Some(item.document_id));
            let parent =
                write.manifest_digest_of(item.document_id, item.version.wrapping_sub(1))?;
            let audit = write.audit_end_at(item.id)?;
            let place = LogPlace {
                station: office.station,
                sequence: end.sequence + 1,
                previous: end.head,
            };
            let outgoing = Outgoing {
                record: &record,
                manifest: item.manifest_digest,
                parent_manifest: parent,
                audit: audit.unwrap_or((0, LogPlace::BEGINNING)),
                office: &office,
                officer: &write.officer(record.deposited_by)?,
                dossier: &dossier,
                component,
                files: &files,
                now,
            };
            let mut signed = Ok(());
            let envelope = ::sync::prepare(&outgoing, &place, |message| {
                write.sign_as_station(message).unwrap_or_else(|error| {
                    signed = Err(error);
                    [0; 64]
                })
            });
            signed?;
            let Some(envelope) = envelope else {
                return Ok(None);
            };
            let entry = StationLogEntry {
                item: item.id,
                sequence: place.sequence,
                envelope: &envelope,
                prepared_at: now,
            };
            write.append_to_station_log(&entry, &files, self.recipient)?;
            Ok(Some(files.iter().map(|file| file.sealed_size_bytes).sum()))
        })
    }

    /// The electronic copy and the raw pages, sealed for the centre. What went with an
    /// earlier version of the record is not sealed again, and not sent again.
    fn sealed_files(&self, record: &Record) -> Result<Vec<OutgoingFile>, Error> {
        let vault = &self.desk.vault;
        let (copy, pages) = vault.read(|read| {
            Ok::<_, Error>((
                read.copy(record.copy_id)?,
                read.pages_of(record.document_id)?,
            ))
        })?;
        let mut wanted = vec![(None, copy.digest, copy.sealed_digest)];
        wanted.extend(
            pages
                .iter()
                .map(|page| (Some(page.position), page.raw.digest, page.raw.sealed_digest)),
        );
        let mut files = Vec::with_capacity(wanted.len());
        for (page, digest, sealed_digest) in wanted {
            let known = vault
                .read(|read| read.outgoing_file_of(record.document_id, &digest, self.recipient))?;
            files.push(if let Some(known) = known {
                OutgoingFile { page, ..known }
            } else {
                let plain = vault.unseal(&sealed_digest)?;
                vault.seal_for_centre(page, &plain, self.recipient)?
            });
        }
        Ok(files)
    }
}
