//! PDFs that say to be ours, read in a worker like everything that comes from outside.

use domain::digest::Digest;
use domain::local_code::LocalCode;

use super::crew::{Crew, READ_LIMIT, unexpected};
use super::message::{Answer, Failure, Request};
use super::process::Lost;
use crate::Error;

/// What an electronic copy says of itself, as far as a package needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CopySays {
    pub(crate) pages: usize,
    pub(crate) local_code: LocalCode,
    pub(crate) raw_digests: Vec<Digest>,
}

impl Crew {
    /// What stands on a PDF, as far as it is text.
    pub(crate) fn printed_text(&self, pdf: &[u8]) -> Result<String, Error> {
        self.with_worker("read the text of a file", None, |worker| {
            worker.tell(&Request::PrintedText, pdf)?;
            match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                (Answer::Printed(text), _) => Ok(text),
                (answer, _) => Err(unexpected(answer)),
            }
        })
    }

    /// What an electronic copy says of itself.
    pub(crate) fn read_copy(&self, pdf: &[u8]) -> Result<CopySays, Error> {
        self.with_worker("read an electronic copy", None, |worker| {
            worker.tell(&Request::ReadCopy, pdf)?;
            match worker.hear(READ_LIMIT)?.ok_or(Lost)? {
                (
                    Answer::CopySays {
                        pages,
                        local_code,
                        raw_digests,
                    },
                    _,
                ) => Ok(CopySays {
                    pages,
                    local_code,
                    raw_digests,
                }),
                (answer, _) => Err(unexpected(answer)),
            }
        })
    }
}

// ---------------------------------------------------------------- the worker's side

pub(super) fn printed_text(pdf: &[u8]) -> Result<(Answer, Vec<u8>), Failure> {
    let text = packaging::printed_text(pdf).map_err(|_| Failure::NotOurPdf)?;
    Ok((Answer::Printed(text), Vec::new()))
}

pub(super) fn read_copy(pdf: &[u8]) -> Result<(Answer, Vec<u8>), Failure> {
    let facts = packaging::read_copy(pdf).map_err(|_| Failure::NotOurPdf)?;
    let says = Answer::CopySays {
        pages: facts.pages,
        local_code: facts.local_code,
        raw_digests: facts.raw_digests,
    };
    Ok((says, Vec::new()))
}
