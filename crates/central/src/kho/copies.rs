//! Copies: a sealed file, unsealed on its way out and nowhere else.

use std::io::{self, Read};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::digest::Digest;
use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::look::{Act, Look};
use super::refusal::Refusal;
use crate::Centre;
use crate::database::Prepared as _;
use crate::error::Error;

/// So many pieces wait between two who work on one file: a reader who is slow holds no more
/// of it in memory.
const PIECES: usize = 4;
const PIECE_BYTES: usize = 64 << 10;

/// A file that may be handed out.
pub(crate) struct Stored {
    pub(crate) id: Uuid,
    pub(crate) sealed: Digest,
    pub(crate) plain: Digest,
    pub(crate) size_bytes: u64,
}

/// The electronic copy of the latest version of a paper.
// Circular 01/2023/TT-VPCP, art. 24(đ): electronic copies.
pub(crate) async fn of_paper(look: Look<'_>, document: Uuid) -> Result<Stored, Refusal> {
    let holder = &look.whose()?.id;
    let row = look
        .within()
        .maybe(
            "SELECT f.sealed, f.plain, f.size_bytes FROM record r
             JOIN record_file f ON f.record_id = r.id AND f.role = 'copy'
             WHERE r.document_id = $1 AND r.state = 'received'
                AND (r.owner_id = $2 OR r.dossier_owner_id = $2)
             ORDER BY r.version DESC, f.position LIMIT 1",
            &[&document, holder],
        )
        .await?;
    let stored = Stored::from_row(document, &row.ok_or(Refusal::NotFound)?)?;
    look.shown(Act::Copied, &[document], stored).await
}

impl Stored {
    pub(crate) fn from_row(id: Uuid, row: &tokio_postgres::Row) -> Result<Self, Error> {
        let digest = |column: &str| {
            let bytes = row.get::<_, &[u8]>(column).try_into();
            Ok::<_, Error>(Digest::from_bytes(
                bytes.map_err(|_| Error::Damaged("file"))?,
            ))
        };
        Ok(Self {
            id,
            sealed: digest("sealed")?,
            plain: digest("plain")?,
            size_bytes: row.get::<_, i64>("size_bytes") as u64,
        })
    }
}

impl Centre {
    /// Hands a file out as PDF. One that is not what was received breaks off before its end.
    pub(crate) async fn hand_out(&self, file: Stored) -> Result<Response, Refusal> {
        let mut sealed = self.objects.read_file(&file.sealed).await?;
        let (feed, fed) = mpsc::channel::<Bytes>(PIECES);
        tokio::spawn(async move {
            while let Some(Ok(piece)) = sealed.next().await {
                if feed.send(piece).await.is_err() {
                    break;
                }
            }
        });
        let (out, plain) = mpsc::channel::<io::Result<Bytes>>(PIECES);
        let keys = std::sync::Arc::clone(&self.keys);
        tokio::task::spawn_blocking(move || {
            let pieces = Pieces {
                from: fed,
                rest: Bytes::new(),
            };
            if let Err(error) = unseal(keys.identity(), pieces, &file.plain, &out) {
                tracing::error!(file = %file.id, "a stored file is damaged");
                let _ = out.blocking_send(Err(error));
            }
        });
        let plain = futures_util::stream::unfold(plain, |mut plain| async move {
            plain.recv().await.map(|piece| (piece, plain))
        });
        let mut response = Response::new(Body::from_stream(plain));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/pdf"),
        );
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size_bytes));
        let name = format!("inline; filename=\"{}.pdf\"", file.id);
        headers.insert(
            header::CONTENT_DISPOSITION,
            HeaderValue::try_from(name).expect("a key is plain"),
        );
        Ok(response)
    }
}

fn unseal(
    identity: &age::x25519::Identity,
    sealed: Pieces,
    plain: &Digest,
    out: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let decryptor = age::Decryptor::new(sealed).map_err(io::Error::other)?;
    let mut reader = decryptor
        .decrypt(std::iter::once(identity as &dyn age::Identity))
        .map_err(io::Error::other)?;
    let mut hasher = sha2::Sha256::default();
    let mut piece = vec![0; PIECE_BYTES];
    // The last piece waits until the whole has proved to be what was received.
    let mut held = Bytes::new();
    loop {
        let length = reader.read(&mut piece)?;
        if length == 0 {
            break;
        }
        sha2::Digest::update(&mut hasher, &piece[..length]);
        let next = Bytes::copy_from_slice(&piece[..length]);
        let ready = std::mem::replace(&mut held, next);
        if !ready.is_empty() && out.blocking_send(Ok(ready)).is_err() {
            return Ok(());
        }
    }
    if Digest::from_bytes(sha2::Digest::finalize(hasher).into()) != *plain {
        return Err(io::Error::other("it has another digest"));
    }
    let _ = out.blocking_send(Ok(held));
    Ok(())
}

/// Pieces that come over a channel, read one after the other.
struct Pieces {
    from: mpsc::Receiver<Bytes>,
    rest: Bytes,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() {
            match self.from.blocking_recv() {
                Some(piece) => self.rest = piece,
                None => return Ok(0),
            }
        }
        let length = into.len().min(self.rest.len());
        into[..length].copy_from_slice(&self.rest.split_to(length));
        Ok(length)
    }
}
