//! Telling a slip that a desk printed from one that somebody altered, without a vault or
//! a network.

use std::path::Path;

use domain::code::AgencyCode;
use domain::local_code::LocalCode;
use domain::slip::{PrintedDigest, SealedSlip, SealedSlipError};
use vault::{SealOf, is_sealed_by_station};

use crate::stations::StationKey;
use crate::worker::{Crew, PageToRead, ReceivedPage};
use crate::{Error, Settings, scan};

/// A slip has one page, seldom more; its code stands on the first.
const PAGES_LOOKED_AT: usize = 3;

/// What can be said of a slip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlipAnswer {
    /// A station that is known here made it, and it is as it was made.
    Genuine,
    /// It is not as any station made it.
    Altered,
    /// It may be as it was made, but the station is not known here.
    UnknownStation,
    /// There is no code of a slip.
    NotASlip,
}

impl SlipAnswer {
    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::Altered => "altered",
            Self::UnknownStation => "unknown_station",
            Self::NotASlip => "not_a_slip",
        }
    }
}

/// A slip, looked at.
#[derive(Clone, PartialEq, Eq)]
pub struct JudgedSlip {
    /// What can be said of it.
    pub answer: SlipAnswer,
    /// Its number, where it has one.
    pub number: Option<LocalCode>,
    /// The office whose station made it, where that is known.
    pub office: Option<AgencyCode>,
    /// What its code says, to be compared with what is printed.
    pub lines: Vec<String>,
    /// Whether what is printed is what was signed; `None` for a picture, whose words
    /// are not compared.
    pub printed: Option<bool>,
}

// The lines name a person.
impl std::fmt::Debug for JudgedSlip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JudgedSlip")
            .field("answer", &self.answer)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl JudgedSlip {
    const fn nothing(answer: SlipAnswer) -> Self {
        Self {
            answer,
            number: None,
            office: None,
            lines: Vec::new(),
            printed: None,
        }
    }
}

/// Looks at the text of a code, as any reader gives it.
pub fn verify_text(text: &str, known: &[StationKey]) -> JudgedSlip {
    let slip: SealedSlip = match text.parse() {
        Ok(slip) => slip,
        Err(SealedSlipError::NotASlip) => return JudgedSlip::nothing(SlipAnswer::NotASlip),
        Err(SealedSlipError::Altered) => return JudgedSlip::nothing(SlipAnswer::Altered),
    };
    let station = slip.number.station().number;
    // Numbers of stations are drawn by chance until a centre gives them: two may be alike.
    let mut keys = known.iter().filter(|key| key.station == station).peekable();
    let is_known = keys.peek().is_some();
    let signer = keys.find(|key| {
        let signed = slip.to_sign.as_bytes();
        is_sealed_by_station(&key.public_key, SealOf::Slip, signed, &slip.signature)
    });
    JudgedSlip {
        answer: match (signer, is_known) {
            (Some(_), _) => SlipAnswer::Genuine,
            (None, true) => SlipAnswer::Altered,
            (None, false) => SlipAnswer::UnknownStation,
        },
        number: Some(slip.number),
        office: signer.map(|key| key.office.clone()),
        lines: slip.lines,
        printed: None,
    }
}

/// Looks at a picture or a PDF of a slip; needs no vault.
pub fn verify_file(
    settings: &Settings,
    file: &Path,
    known: &[StationKey],
) -> Result<JudgedSlip, Error> {
    let bytes = scan::read_file(file)?;
    let crew = Crew::new(settings.worker_program.clone(), settings.resources.clone());
    let Some(text) = code_of(&crew, &bytes)? else {
        return Ok(JudgedSlip::nothing(SlipAnswer::NotASlip));
    };
    let mut judged = verify_text(&text, known);
    let signed: Option<PrintedDigest> = text.parse::<SealedSlip>().ok().map(|slip| slip.printed);
    if let (Some(signed), true) = (signed, bytes.starts_with(b"%PDF")) {
        // A scanned slip in a PDF has no text, or one that engines read.
        let printed = crew.printed_text(&bytes).unwrap_or_default();
        judged.printed =
            (!printed.trim().is_empty()).then(|| PrintedDigest::of(&printed) == signed);
        if judged.printed == Some(false) {
            judged.answer = SlipAnswer::Altered;
        }
    }
    Ok(judged)
}

/// The text of the first code of a slip on the first pages of a file.
fn code_of(crew: &Crew, file: &[u8]) -> Result<Option<String>, Error> {
    let (mut found, mut looked_at) = (None, 0);
    let mut each = |page: ReceivedPage| {
        let page = PageToRead::received(String::new(), &page);
        let (_, appraisal) = crew.appraise(&page, true)?;
        let mut codes = appraisal.barcodes.into_iter().map(|code| code.text);
        found = codes.find(|text| text.parse::<SealedSlip>() != Err(SealedSlipError::NotASlip));
        looked_at += 1;
        if found.is_some() || looked_at == PAGES_LOOKED_AT {
            // Nobody needs the rest of the file.
            return Err(::scan::Error::Cancelled.into());
        }
        Ok(())
    };
    match crew.pages_of_file(file, &mut each) {
        Ok(()) | Err(Error::Scan(::scan::Error::Cancelled)) => Ok(found),
        Err(error) => Err(error),
    }
}
