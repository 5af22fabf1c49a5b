//! Making a slip: what stands on it, its number, its code, the station's signature.

use std::collections::BTreeMap;

use domain::audit::Act;
use domain::dossier::Dossier;
use domain::ids::DossierId;
use domain::local_code::LocalCode;
use domain::rights::Right;
use domain::slip::{MOST_LETTERS, PrintedDigest, SlipMessage};
use extraction::{LineStyle, SlipPaper, SlipPart, SlipSubject, SlipTemplate};
use packaging::{Cell, LineManner, Sheet, SheetFonts, SheetPaper, SheetPart, Signer};
use vault::{SealOf, Writer};

use super::values::{self, Row, Values};
use crate::error::Refusal;
use crate::{Desk, Error};

/// What an officer answers to what a kind of slip asks, by name.
pub type Answers = BTreeMap<String, String>;

/// A slip that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedSlip {
    /// Its number.
    pub number: LocalCode,
    /// What its code says.
    pub code: String,
    /// The slip, to be printed at its own size.
    pub pdf: Vec<u8>,
}

// A slip names a person.
impl std::fmt::Debug for IssuedSlip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedSlip")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// Makes a slip about a dossier.
pub fn issue(
    desk: &Desk,
    kind: &str,
    dossier_id: DossierId,
    answers: &Answers,
) -> Result<IssuedSlip, Error> {
    desk.may(Right::Receive)?;
    let template = template(desk, kind, SlipSubject::Dossier)?;
    desk.vault.write(|write| {
        let dossier = write.dossier(dossier_id)?;
        let number = write.next_local_code()?;
        let kept = check(template, answers, Some(&dossier))?;
        let mut values = values::of_desk(desk, template, number);
        let rows = values::of_dossier(desk, write, &dossier, &kept, &mut values)?;
        add_answers(template, answers, &mut values);
        let act = Act::SlipIssued(dossier_id, format!("{} {number}", template.name));
        desk.audit(write, act)?;
        made(desk, write, template, number, &values, &rows)
    })
}

/// Makes the sheet of this day: what was received, and how far the trail has come.
pub fn day_sheet(desk: &Desk, kind: &str, answers: &Answers) -> Result<IssuedSlip, Error> {
    desk.may(Right::SeeOpenPapers)?;
    let template = template(desk, kind, SlipSubject::Day)?;
    desk.vault.write(|write| {
        let number = write.next_local_code()?;
        check(template, answers, None)?;
        // First the event, so that the mark on the sheet has it in it.
        let act = Act::DaySheetIssued(format!("{} {number}", template.name));
        desk.audit(write, act)?;
        let mut values = values::of_desk(desk, template, number);
        let rows = values::of_day(desk, write, &mut values)?;
        add_answers(template, answers, &mut values);
        made(desk, write, template, number, &values, &rows)
    })
}

fn template<'a>(
    desk: &'a Desk,
    kind: &str,
    about: SlipSubject,
) -> Result<&'a SlipTemplate, Refusal> {
    let template = desk.catalogue.slip(kind);
    template
        .filter(|template| template.about == about)
        .ok_or(Refusal::UnknownSlip)
}

/// Whether everything that is asked is answered, and nothing else; gives the components
/// that an answer names, by their places.
fn check(
    template: &SlipTemplate,
    answers: &Answers,
    dossier: Option<&Dossier>,
) -> Result<Vec<usize>, Refusal> {
    let is_asked = |name: &&String| template.asks.iter().any(|ask| ask.name == **name);
    if let Some(name) = answers.keys().find(|name| !is_asked(name)) {
        return Err(Refusal::AnswerUnusable(name.clone()));
    }
    let mut named = Vec::new();
    for ask in &template.asks {
        let answer = answers.get(&ask.name).map_or("", |answer| answer.trim());
        if answer.is_empty() {
            if ask.required {
                return Err(Refusal::AnswerMissing(ask.name.clone()));
            }
            continue;
        }
        let unusable = || Refusal::AnswerUnusable(ask.name.clone());
        match ask.shape {
            extraction::AskShape::Text => {}
            extraction::AskShape::Day => {
                values::day(answer).ok_or_else(unusable)?;
            }
            extraction::AskShape::Components => {
                let most = dossier.map_or(0, |dossier| dossier.components.len());
                for part in answer.split(',') {
                    let place: usize = part.trim().parse().map_err(|_| unusable())?;
                    if place == 0 || place > most {
                        return Err(unusable());
                    }
                    named.push(place - 1);
                }
            }
        }
    }
    Ok(named)
}

fn add_answers(template: &SlipTemplate, answers: &Answers, values: &mut Values) {
    for ask in &template.asks {
        let answer = answers.get(&ask.name).map_or("", |answer| answer.trim());
        let said = match ask.shape {
            extraction::AskShape::Day => values::day(answer).unwrap_or_default(),
            _ => answer.to_owned(),
        };
        values.insert(ask.name.clone(), said);
    }
}

fn made(
    desk: &Desk,
    write: &Writer<'_>,
    template: &SlipTemplate,
    number: LocalCode,
    values: &Values,
    rows: &[Row],
) -> Result<IssuedSlip, Error> {
    let mut message = SlipMessage {
        lines: template
            .code
            .iter()
            .filter_map(|line| Some((line.label.clone(), filled(&line.value, values)?)))
            .collect(),
        number,
        printed: PrintedDigest::of(""),
    };
    // Where things stand depends on how large the code is, and that on its length alone.
    let size = modules_of(&message.sealed(&[0xff; 64]))?.len();
    let fonts = [
        desk.text_font.clone(),
        face(desk, "Bold")?,
        face(desk, "Italic")?,
    ];
    let fonts = SheetFonts {
        regular: &fonts[0],
        bold: &fonts[1],
        italic: &fonts[2],
    };
    let laid_out = packaging::lay_out(&sheet(desk, template, number, size, values, rows), &fonts)?;
    message.printed = PrintedDigest::of(&laid_out.text());
    let signature = write.seal_as_station(SealOf::Slip, message.to_sign().as_bytes())?;
    let code = message.sealed(&signature);
    let pdf = laid_out.write(&modules_of(&code)?, desk.clock.now(), &fonts)?;
    Ok(IssuedSlip { number, code, pdf })
}

fn modules_of(code: &str) -> Result<Vec<Vec<bool>>, Refusal> {
    let fits = code.chars().count() <= MOST_LETTERS;
    let modules = fits.then(|| imaging::qr_code_of_long_text(code)).flatten();
    modules.ok_or(Refusal::SlipTooLong)
}

/// Another face of the text's font; the text's own where it is not there.
fn face(desk: &Desk, name: &str) -> Result<Vec<u8>, Error> {
    let file = desk.crew.resources().text_face(name);
    if file.is_file() {
        return std::fs::read(file).map_err(Error::File);
    }
    Ok(desk.text_font.clone())
}

fn filled(text: &str, values: &Values) -> Option<String> {
    SlipTemplate::filled(text, |name| values.get(name).cloned())
}

fn sheet(
    desk: &Desk,
    template: &SlipTemplate,
    number: LocalCode,
    code_modules: usize,
    values: &Values,
    rows: &[Row],
) -> Sheet {
    let head = desk.catalogue.letterhead();
    let agency = [&head.agency, &head.office].into_iter();
    let parts = template.body.iter().filter_map(|part| match part {
        SlipPart::Line(line) => {
            let or = || line.or.as_ref().and_then(|or| filled(or, values));
            let text = filled(&line.line, values).or_else(or)?;
            Some(SheetPart::Line(text, manner(line.style)))
        }
        SlipPart::Table(table) => Some(SheetPart::Table {
            head: table
                .table
                .iter()
                .map(|column| Cell {
                    text: column.head.clone(),
                    share: column.share,
                })
                .collect(),
            rows: rows
                .iter()
                .map(|row| {
                    let columns = table.table.iter();
                    columns.map(|column| row.filled(&column.value)).collect()
                })
                .collect(),
        }),
        SlipPart::Signers(signers) => Some(SheetPart::Signers(
            signers
                .signers
                .iter()
                .map(|signer| Signer {
                    title: signer.title.clone(),
                    hint: signer.hint.clone(),
                    name: signer
                        .name
                        .as_ref()
                        .and_then(|name| filled(name, values))
                        .unwrap_or_default(),
                })
                .collect(),
        )),
    });
    Sheet {
        paper: match template.paper {
            SlipPaper::A5 => SheetPaper::A5,
            SlipPaper::A4 => SheetPaper::A4,
        },
        code_modules,
        agency: agency.filter(|line| !line.is_empty()).cloned().collect(),
        motto: head.motto.clone(),
        number: format!("{}: {number}", head.number),
        title: template.title.clone(),
        parts: parts.collect(),
        page_word: head.page.clone(),
    }
}

const fn manner(style: LineStyle) -> LineManner {
    match style {
        LineStyle::Plain => LineManner::Plain,
        LineStyle::Centre => LineManner::Centre,
        LineStyle::Bold => LineManner::Bold,
        LineStyle::Aside => LineManner::Aside,
        LineStyle::Small => LineManner::Small,
    }
}
