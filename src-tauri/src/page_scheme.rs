//! `page://localhost/<page id>?w=900`: the upright page as JPEG, for our own
//! window and only while an officer is signed in; with `crop=x,y,width,height` only
//! that piece of it. `page://localhost/live` is the picture of a camera at this moment.
//! Pixels never travel as JSON.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use domain::geometry::Rectangle;
use domain::ids::PageId;
use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

use crate::ipc::{Answer, ErrorCode, IpcError};
use crate::seat::Seat;

/// The name of the scheme.
pub(crate) const NAME: &str = "page";

/// In the place of a page's id: what a camera sees now.
const LIVE: &str = "live";

/// No screen shows more; a hostile request must not ask for a poster.
const WIDEST_PX: u32 = 3200;
/// The page in hand at two sizes, its neighbours, and a wall of pieces.
const KEPT_BYTES: usize = 24 << 20;
/// A wall asks for all its pieces at once, and each that is drawn holds a worker.
const DRAWN_AT_ONCE: usize = 2;

/// What was asked for.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    page_id: PageId,
    width_px: Option<u32>,
    /// Only this piece of the page.
    area: Option<Rectangle>,
    /// Changes with the transforms of the page.
    look: String,
}

/// The last pictures, in memory only.
#[derive(Default)]
pub(crate) struct Pictures {
    kept: Mutex<VecDeque<(Key, Arc<Vec<u8>>)>>,
    /// How many are being drawn.
    drawn: Mutex<usize>,
    done: Condvar,
}

impl Pictures {
    fn find(&self, key: &Key) -> Option<Arc<Vec<u8>>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(other, _)| other == key)
            .map(|(_, jpeg)| Arc::clone(jpeg))
    }

    fn keep(&self, key: Key, jpeg: &Arc<Vec<u8>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((key, Arc::clone(jpeg)));
        let mut bytes = 0;
        let fit = kept.iter().take_while(|(_, jpeg)| {
            bytes += jpeg.len();
            bytes <= KEPT_BYTES
        });
        let fit = fit.count();
        kept.truncate(fit);
    }

    /// Draws when it is its turn.
    fn draw<T>(&self, draw: impl FnOnce() -> T) -> T {
        let drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut drawn = self
            .done
            .wait_while(drawn, |drawn| *drawn >= DRAWN_AT_ONCE)
            .unwrap_or_else(PoisonError::into_inner);
        *drawn += 1;
        drop(drawn);
        let _turn = Turn(self);
        draw()
    }

    /// Forgets them all.
    pub(crate) fn forget(&self) {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// The last picture of a camera that is watched, in memory only.
#[derive(Default)]
pub(crate) struct Live(Mutex<(u32, Option<Arc<Vec<u8>>>)>);

impl Live {
    /// Shows this picture from now on, and says its number.
    pub(crate) fn show(&self, jpeg: Vec<u8>) -> u32 {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.0 = last.0.wrapping_add(1);
        last.1 = Some(Arc::new(jpeg));
        last.0
    }

    fn last(&self) -> Option<Arc<Vec<u8>>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.1.clone()
    }

    /// Nobody watches any more.
    pub(crate) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1 = None;
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").finish_non_exhaustive()
    }
}

/// Gives the turn to the next one, also when the drawing panicked.
struct Turn<'a>(&'a Pictures);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.drawn.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.done.notify_one();
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
    if uri.path().trim_start_matches('/') == LIVE {
        // A camera that runs by itself is no hand on the desk.
        seat.desk_untouched()?;
        let last = seat.live.last();
        return last.ok_or_else(|| IpcError::of(ErrorCode::NotFound));
    }
    let desk = seat.desk()?;
    let key = asked(uri).ok_or_else(|| IpcError::of(ErrorCode::NotFound))?;
    if let Some(jpeg) = seat.pictures.find(&key) {
        return Ok(jpeg);
    }
    let drawn = seat.pictures.draw(|| match (key.area, key.width_px) {
        (Some(area), Some(width_px)) => desk::picture::close_up(&desk, key.page_id, area, width_px),
        _ => desk::picture::page_picture(&desk, key.page_id, key.width_px),
    });
    let jpeg = Arc::new(drawn?);
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
    let area = match parameter("crop") {
        // Of a piece it must be said how large it is shown.
        Some(area) => {
            width?;
            Some(rectangle(area)?)
        }
        None => None,
    };
    Some(Key {
        page_id: id,
        width_px: width,
        area,
        look: parameter("look").unwrap_or_default().to_owned(),
    })
}

/// `x,y,width,height` in pixels of the upright page. Whether it lies on the page is
/// the desk's question.
fn rectangle(text: &str) -> Option<Rectangle> {
    let numbers: Vec<u32> = text
        .split(',')
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    let &[x, y, width, height] = numbers.as_slice() else {
        return None;
    };
    Some(Rectangle {
        x,
        y,
        width,
        height,
    })
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
            Some(asked_for(id, Some(900), None, "a1"))
        );
        assert_eq!(
            key(&format!("http://page.localhost/{ID}")),
            Some(asked_for(id, None, None, "")),
            "Windows asks in this way"
        );
    }

    fn asked_for(id: PageId, width_px: Option<u32>, area: Option<Rectangle>, look: &str) -> Key {
        Key {
            page_id: id,
            width_px,
            area,
            look: look.to_owned(),
        }
    }

    #[test]
    fn a_piece_of_a_page_is_asked_for_by_its_place() {
        let area = Rectangle {
            x: 10,
            y: 20,
            width: 300,
            height: 40,
        };
        assert_eq!(
            key(&format!("page://localhost/{ID}?w=300&crop=10,20,300,40")),
            Some(asked_for(ID.parse().unwrap(), Some(300), Some(area), ""))
        );
    }

    #[test]
    fn a_wall_of_pieces_is_drawn_few_at_a_time() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let (pictures, now, most) = (
            Pictures::default(),
            AtomicUsize::new(0),
            AtomicUsize::new(0),
        );
        std::thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| {
                    pictures.draw(|| {
                        let drawn = now.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(drawn, Ordering::SeqCst);
                        std::thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    });
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= DRAWN_AT_ONCE);
        assert_eq!(
            *pictures.drawn.lock().unwrap(),
            0,
            "every turn came to its end"
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
            format!("page://localhost/{ID}?crop=1,2,3,4"),
            format!("page://localhost/{ID}?w=9&crop=1,2,3"),
            format!("page://localhost/{ID}?w=9&crop=1,2,3,4,5"),
            format!("page://localhost/{ID}?w=9&crop=-1,2,3,4"),
            format!("page://localhost/{ID}?w=9&crop=1,2,3,99999999999"),
        ] {
            assert_eq!(key(&text), None, "{text}");
        }
    }
}
