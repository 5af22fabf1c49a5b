//! `page://localhost/<page id>?w=900`: the upright page as JPEG, for our own
//! window and only while an officer is signed in. Pixels never travel as JSON.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::PageId;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::ipc::{Answer, ErrorCode, IpcError};
use crate::seat::Seat;

/// The name of the scheme.
pub(crate) const NAME: &str = "page";

/// No screen shows more; a hostile request must not ask for a poster.
const WIDEST_PX: u32 = 3200;
/// The page in hand at two sizes and its neighbours; some ten megabytes.
const PICTURES_KEPT: usize = 24;

/// What was asked for: page, width, and the look that changes with its transforms.
type Key = (PageId, Option<u32>, String);

/// The last pictures, in memory only.
#[derive(Default)]
pub(crate) struct Pictures(Mutex<VecDeque<(Key, Arc<Vec<u8>>)>>);

impl Pictures {
    fn find(&self, key: &Key) -> Option<Arc<Vec<u8>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(other, _)| other == key)
            .map(|(_, jpeg)| Arc::clone(jpeg))
    }

    fn keep(&self, key: Key, jpeg: &Arc<Vec<u8>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((key, Arc::clone(jpeg)));
        kept.truncate(PICTURES_KEPT);
    }

    /// Forgets them all.
    pub(crate) fn forget(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl fmt::Debug for Pictures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pictures").finish_non_exhaustive()
    }
}

/// Answers one request of the web view.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape of the handler is Tauri's"
)]
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn_blocking(move || {
        let seat = app.state::<Seat>();
        responder.respond(match picture(&seat, request.uri()) {
            Ok(jpeg) => respond(StatusCode::OK, "image/jpeg", jpeg.to_vec()),
            Err(error) if error.code == ErrorCode::NotSignedIn => {
                respond(StatusCode::FORBIDDEN, "text/plain", Vec::new())
            }
            Err(_) => respond(StatusCode::NOT_FOUND, "text/plain", Vec::new()),
        });
    });
}

fn respond(status: StatusCode, content: &str, body: Vec<u8>) -> Response<Vec<u8>> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content)
        // The web view keeps nothing on disk of what the vault keeps encrypted.
        .header(header::CACHE_CONTROL, "no-store")
        .body(body)
        .expect("status and headers are constants")
}

fn picture(seat: &Seat, uri: &tauri::http::Uri) -> Answer<Arc<Vec<u8>>> {
    let desk = seat.desk()?;
    let key = asked(uri).ok_or_else(|| IpcError::of(ErrorCode::NotFound))?;
    if let Some(jpeg) = seat.pictures.find(&key) {
        return Ok(jpeg);
    }
    let jpeg = Arc::new(desk::picture::page_picture(&desk, key.0, key.1)?);
    // The officer may have left meanwhile; then nothing is kept.
    if seat.desk().is_ok() {
        seat.pictures.keep(key, &jpeg);
    }
    Ok(jpeg)
}

fn asked(uri: &tauri::http::Uri) -> Option<Key> {
    let id: PageId = uri.path().trim_start_matches('/').parse().ok()?;
    let parameter = |name: &str| {
        let pairs = uri.query().unwrap_or_default().split('&');
        pairs
            .filter_map(|pair| pair.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    };
    let width = match parameter("w") {
        Some(width) => Some(
            width
                .parse::<u32>()
                .ok()
                .filter(|width| (1..=WIDEST_PX).contains(width))?,
        ),
        None => None,
    };
    Some((id, width, parameter("look").unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01938d5e-8a40-7000-8000-000000000001";

    fn key(text: &str) -> Option<Key> {
        asked(&text.parse().unwrap())
    }

    #[test]
    fn a_page_is_asked_for_by_id_and_width() {
        let id: PageId = ID.parse().unwrap();
        assert_eq!(
            key(&format!("page://localhost/{ID}?w=900&look=a1")),
            Some((id, Some(900), "a1".to_owned()))
        );
        assert_eq!(
            key(&format!("http://page.localhost/{ID}")),
            Some((id, None, String::new())),
            "Windows asks in this way"
        );
    }

    #[test]
    fn what_is_no_page_or_too_wide_is_refused() {
        for text in [
            "page://localhost/".to_owned(),
            "page://localhost/../../etc/passwd".to_owned(),
            format!("page://localhost/{ID}?w=0"),
            format!("page://localhost/{ID}?w=99999"),
            format!("page://localhost/{ID}?w=x"),
        ] {
            assert_eq!(key(&text), None, "{text}");
        }
    }
}
