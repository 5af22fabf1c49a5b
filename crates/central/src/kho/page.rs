//! The page on which people look: files that are part of the program.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use axum::routing::get;

use super::http::Kho;

/// Path, type and text of each file. The colours are those of the desk.
const FILES: &[(&str, &str, &str)] = &[
    (
        "/kho/",
        "text/html; charset=utf-8",
        include_str!("../../page/index.html"),
    ),
    (
        "/kho/page.css",
        "text/css; charset=utf-8",
        include_str!("../../page/page.css"),
    ),
    (
        "/kho/tokens.css",
        "text/css; charset=utf-8",
        include_str!("../../../../ui/src/style/tokens.css"),
    ),
    (
        "/kho/page.js",
        "text/javascript; charset=utf-8",
        include_str!("../../page/page.js"),
    ),
    (
        "/kho/draw.js",
        "text/javascript; charset=utf-8",
        include_str!("../../page/draw.js"),
    ),
    (
        "/kho/names.json",
        "application/json",
        include_str!(concat!(env!("OUT_DIR"), "/names.json")),
    ),
    (
        "/kho/words.js",
        "text/javascript; charset=utf-8",
        include_str!("../../page/words.js"),
    ),
];

/// Only the page's own files run and are asked; nobody frames it.
pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

pub(crate) fn router() -> Router<Kho> {
    FILES
        .iter()
        .fold(Router::new(), |router, (path, kind, text)| {
            let answer = move || async move {
                let kind = HeaderValue::from_static(kind);
                ([(header::CONTENT_TYPE, kind)], *text).into_response()
            };
            router.route(path, get(answer))
        })
}
