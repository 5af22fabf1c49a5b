//! Pieces of raw pages as evidence, cut in a worker like everything that decodes
//! bytes from outside.

use std::io::Cursor;

use domain::digest::Digest;
use domain::page::RawFormat;
use image::{DynamicImage, ImageFormat};

use super::crew::{Crew, READ_LIMIT, Trouble, unexpected};
use super::message::{Answer, Failure, Request};
use super::process::Lost;
use super::server::decode;
use crate::Error;

/// Four corners in raw pixels.
pub(crate) type Corners = [[u32; 2]; 4];

/// A piece of a raw page.
pub(crate) struct Piece {
    /// The digest of its pixels and its place.
    pub(crate) digest: Digest,
    /// The piece as PNG.
    pub(crate) png: Vec<u8>,
}

/// What a worker cut out: the digest and the length of each piece, and the pieces.
struct Cut {
    pieces: Vec<(Digest, usize)>,
    pngs: Vec<u8>,
}

impl Crew {
    /// The pieces of a raw page inside these corners.
    pub(crate) fn pieces(
        &self,
        raw: &[u8],
        format: RawFormat,
        places: &[Corners],
    ) -> Result<Vec<Piece>, Error> {
        let cut = self.digests(raw, format, places, false)?;
        let mut rest = cut.pngs.as_slice();
        let mut pieces = Vec::new();
        for (digest, size) in cut.pieces {
            let (png, after) = rest.split_at(size.min(rest.len()));
            pieces.push(Piece {
                digest,
                png: png.to_vec(),
            });
            rest = after;
        }
        Ok(pieces)
    }

    /// The digest that a picture has as the piece of this place.
    pub(crate) fn digest_of_piece(
        &self,
        png: &[u8],
        place: Corners,
    ) -> Result<Option<Digest>, Error> {
        let cut = self.digests(png, RawFormat::Png, &[place], true)?;
        Ok(cut.pieces.first().map(|(digest, _)| *digest))
    }

    fn digests(
        &self,
        picture: &[u8],
        format: RawFormat,
        places: &[Corners],
        whole: bool,
    ) -> Result<Cut, Error> {
        self.with_worker("cut out evidence", None, |worker| {
            let request = Request::Pieces {
                format: format.name().to_owned(),
                places: places.to_vec(),
                whole,
            };
            worker.tell(&request, picture)?;
            match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                (Answer::Pieces(pieces), pngs) => Ok(Cut { pieces, pngs }),
                (answer, _) => Err::<_, Trouble>(unexpected(answer)),
            }
        })
    }
}

/// The worker's side. With `whole` the picture is itself the piece of each place.
pub(super) fn cut(
    format: &str,
    places: &[Corners],
    whole: bool,
    picture: &[u8],
) -> Result<(Answer, Vec<u8>), Failure> {
    let image = decode(format, picture)?;
    let (mut pieces, mut pngs) = (Vec::new(), Vec::new());
    for place in places {
        if whole {
            pieces.push((imaging::crop_digest(&image.to_rgb8(), place), 0));
            continue;
        }
        let piece = imaging::crop(&image, place);
        let digest = imaging::crop_digest(&piece, place);
        // A place beyond the page has nothing to show, and fits no digest.
        if piece.is_empty() {
            pieces.push((digest, 0));
            continue;
        }
        let before = pngs.len();
        let mut end = Cursor::new(&mut pngs);
        end.set_position(before as u64);
        DynamicImage::ImageRgb8(piece)
            .write_to(&mut end, ImageFormat::Png)
            .map_err(|_| Failure::Protocol)?;
        pieces.push((digest, pngs.len() - before));
    }
    Ok((Answer::Pieces(pieces), pngs))
}
