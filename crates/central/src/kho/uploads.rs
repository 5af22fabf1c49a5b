//! Uploads: signed files that a holder adds to the own repository.
// Circular 01/2023/TT-VPCP, art. 24(g): digitally signed files of the organisation or individual.

use chrono::{DateTime, Utc};
use domain::digest::Digest;
use serde::Serialize;
use tokio::sync::Semaphore;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::copies::Stored;
use super::look::{Act, Look};
use super::person::{Person, Role};
use super::refusal::Refusal;
use super::settings::Settings;
use super::verdict::{Verdict, ask};
use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;
use crate::reach::Sight;

/// A paper of a hundred scanned pages; more is a mistake.
pub(crate) const FILE_LIMIT_BYTES: usize = 20 << 20;
/// What one holder may add: a repository is no disk.
const HOLDER_LIMIT_BYTES: i64 = 1 << 30;
/// So many are taken at once, because each is held in memory and judged by a process.
static PLACES: Semaphore = Semaphore::const_new(4);
/// No title is longer.
const TITLE_LIMIT_LETTERS: usize = 200;
/// Before this many bytes a PDF says that it is one.
const HEAD_BYTES: usize = 1024;

/// A file that the holder added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Upload {
    /// Its key.
    id: Uuid,
    /// What the holder calls it.
    title: String,
    /// How long it is.
    size_bytes: i64,
    /// When it came.
    uploaded_at: DateTime<Utc>,
    /// What was found of its signatures then.
    verdict: Verdict,
}

impl Upload {
    fn from_row(row: &Row) -> Self {
        let Json(verdict) = row.get("verdict");
        Self {
            id: row.get("id"),
            title: row.get("title"),
            size_bytes: row.get("size_bytes"),
            uploaded_at: row.get("uploaded_at"),
            verdict,
        }
    }
}

const COLUMNS: &str = "id, title, size_bytes, uploaded_at, verdict";

impl Centre {
    /// Takes a file in: judged, sealed, stored under a digest that no other file has, and then
    /// recorded.
    pub(crate) async fn upload(
        &self,
        settings: &Settings,
        person: &Person,
        title: &str,
        pdf: Vec<u8>,
    ) -> Result<Upload, Refusal> {
        if person.role != Role::Holder {
            return Err(Refusal::NotAllowed);
        }
        let title = title.trim();
        if title.chars().count() > TITLE_LIMIT_LETTERS || title.contains(char::is_control) {
            return Err(Refusal::Malformed);
        }
        let head = &pdf[..pdf.len().min(HEAD_BYTES)];
        if !head.windows(5).any(|word| word == b"%PDF-") {
            return Err(Refusal::NotAPdf);
        }
        let _place = PLACES
            .acquire()
            .await
            .map_err(|_| Error::Damaged("places"))?;
        let authorities = settings.authorities.clone();
        let (plain, size_bytes) = (Digest::of(&pdf), pdf.len() as i64);
        let sealed = self.keys.seal(&pdf)?;
        let verdict = tokio::task::spawn_blocking(move || ask(&pdf, authorities.as_deref()))
            .await
            .map_err(|_| Error::Damaged("verdict"))??;
        let digest = Digest::of(&sealed);
        // Bytes first: a row that named a missing file would be a lie.
        self.objects.put_file(&digest, sealed.into()).await?;
        let look = self.look(person, Sight::Own).await?;
        let used: i64 = look
            .within()
            .one(
                "SELECT coalesce(sum(size_bytes), 0)::bigint FROM upload WHERE holder_id = $1",
                &[&person.holder_id],
            )
            .await?
            .get(0);
        if used + size_bytes > HOLDER_LIMIT_BYTES {
            return Err(Refusal::TooLarge);
        }
        let row = look
            .within()
            .one(
                &format!(
                    "INSERT INTO upload (holder_id, title, plain, sealed, size_bytes, verdict)
                     VALUES ($1, $2, $3, $4, $5, $6) RETURNING {COLUMNS}"
                ),
                &[
                    &person.holder_id,
                    &title,
                    &plain.as_bytes().as_slice(),
                    &digest.as_bytes().as_slice(),
                    &size_bytes,
                    &Json(&verdict),
                ],
            )
            .await?;
        let upload = Upload::from_row(&row);
        let id = upload.id;
        look.shown(Act::Uploaded, &[id], upload).await
    }
}

/// The files of a holder, the newest first.
pub(crate) async fn list(look: Look<'_>) -> Result<Vec<Upload>, Refusal> {
    let rows = look
        .within()
        .rows(
            &format!(
                "SELECT {COLUMNS} FROM upload WHERE holder_id = $1
                 ORDER BY uploaded_at DESC LIMIT 500"
            ),
            &[&look.whose()?.id],
        )
        .await?;
    let uploads: Vec<Upload> = rows.iter().map(Upload::from_row).collect();
    let things: Vec<Uuid> = uploads.iter().map(|upload| upload.id).collect();
    look.shown(Act::ListedUploads, &things, uploads).await
}

/// One of them, to be handed out.
pub(crate) async fn file(look: Look<'_>, upload: Uuid) -> Result<Stored, Refusal> {
    let row = look
        .within()
        .maybe(
            "SELECT sealed, plain, size_bytes FROM upload WHERE id = $1 AND holder_id = $2",
            &[&upload, &look.whose()?.id],
        )
        .await?;
    let stored = Stored::from_row(upload, &row.ok_or(Refusal::NotFound)?)?;
    look.shown(Act::Copied, &[upload], stored).await
}
