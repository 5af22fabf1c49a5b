//! Close-ups: pieces of upright pages for our own window. A wall of them costs one
//! decoding of each page, because the worker keeps the pages that it took them from.

use std::collections::VecDeque;

use domain::geometry::{Rectangle, Transform};
use domain::page::RawFormat;
use image::DynamicImage;
use zeroize::Zeroizing;

use super::crew::{Crew, READ_LIMIT, Trouble, unexpected};
use super::message::{Answer, Failure, Request};
use super::mirror;
use super::process::Lost;
use super::server::{COPY_QUALITY, decode};
use crate::Error;

/// What upright pages a worker keeps may weigh together: eight A4 pages at 200 dpi in
/// colour. The last one is kept whatever it weighs.
const KEPT_BYTES: usize = 96 << 20;

/// A page that a close-up is taken of.
pub(crate) struct PageToShow<'a> {
    /// Names the page in this position within the crew.
    pub(crate) key: String,
    /// Its raw bytes, asked for only when no worker keeps the page.
    pub(crate) raw: &'a dyn Fn() -> Result<Zeroizing<Vec<u8>>, Error>,
    /// Their format.
    pub(crate) format: RawFormat,
    /// From raw to upright.
    pub(crate) transforms: &'a [Transform],
}

impl Crew {
    /// This area of the upright page as JPEG, at most `width_px` wide.
    pub(crate) fn close_up(
        &self,
        page: &PageToShow<'_>,
        area: Rectangle,
        width_px: u32,
    ) -> Result<Vec<u8>, Error> {
        let request = || Request::CloseUp {
            key: page.key.clone(),
            area: [area.x, area.y, area.width, area.height],
            width_px,
        };
        self.with_worker("draw a piece of a page", Some(&page.key), |worker| {
            worker.tell(&request(), &[])?;
            let mut heard = worker.hear(READ_LIMIT)?.ok_or(Lost)?;
            if matches!(heard.0, Answer::Forgotten) {
                let keep = Request::KeepUpright {
                    key: page.key.clone(),
                    format: page.format.name().to_owned(),
                    transforms: page.transforms.iter().map(Into::into).collect(),
                };
                worker.tell(&keep, &(page.raw)()?)?;
                match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                    (Answer::Done, _) => worker.has_read(&page.key),
                    (answer, _) => return Err(unexpected(answer)),
                }
                worker.tell(&request(), &[])?;
                heard = worker.hear(READ_LIMIT)?.ok_or(Lost)?;
            }
            match heard {
                (Answer::Picture, jpeg) => Ok(jpeg),
                (answer, _) => Err::<_, Trouble>(unexpected(answer)),
            }
        })
    }
}

/// The worker's side: the upright pages that it keeps, the last one in front.
#[derive(Default)]
pub(super) struct Uprights(VecDeque<(String, DynamicImage)>);

impl Uprights {
    pub(super) fn keep(
        &mut self,
        key: String,
        format: &str,
        transforms: Vec<mirror::Transform>,
        raw: &[u8],
    ) -> Result<(Answer, Vec<u8>), Failure> {
        let transforms: Vec<_> = transforms.into_iter().map(Into::into).collect();
        let upright = imaging::upright(&decode(format, raw)?, &transforms);
        self.0.retain(|(kept, _)| *kept != key);
        self.0.push_front((key, upright));
        let mut bytes = 0;
        let weighs = |page: &DynamicImage| page.as_bytes().len();
        let fit = self.0.iter().take_while(|(_, page)| {
            bytes += weighs(page);
            bytes <= KEPT_BYTES
        });
        let fit = fit.count().max(1);
        self.0.truncate(fit);
        Ok((Answer::Done, Vec::new()))
    }

    pub(super) fn close_up(
        &mut self,
        key: &str,
        [x, y, width, height]: [u32; 4],
        width_px: u32,
    ) -> (Answer, Vec<u8>) {
        let Some(place) = self.0.iter().position(|(kept, _)| kept == key) else {
            return (Answer::Forgotten, Vec::new());
        };
        let Some((key, page)) = self.0.remove(place) else {
            return (Answer::Forgotten, Vec::new());
        };
        let mut piece = page.crop_imm(x, y, width, height);
        if width_px < piece.width() {
            piece = DynamicImage::ImageRgb8(imaging::thumbnail(&piece, width_px));
        }
        self.0.push_front((key, page));
        (Answer::Picture, imaging::encode_jpeg(&piece, COPY_QUALITY))
    }
}
