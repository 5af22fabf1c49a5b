//! Kinds of paper that this desk's officers taught.
//!
//! Every deposited paper whose kind a person answered for is a lesson. Where the
//! rules of `forms/` are unsure of a paper, what the lessons have in common may
//! propose its kind; a person still says so before deposit.

use std::collections::BTreeMap;

use domain::audit::Act;
use domain::document::DocumentType;
use domain::ids::DocumentId;
use domain::recognised_text::RecognisedText;
use domain::rights::Right;
use extraction::{KindModel, LESSON_VERSION, Lesson};
use vault::{KindLesson, KindTotal, Writer};

use crate::{Desk, Error};

/// Lessons of each kind that count. Forms change; the last ones know best, and more
/// would only take time.
const LESSONS_OF_EACH: u32 = 50;
/// Records gone through when lessons are drawn anew.
const RECORDS: u32 = 2_000;

/// The type that this desk's lessons propose for a paper, by its first page.
pub(crate) fn propose(
    desk: &Desk,
    first_page: &RecognisedText,
) -> Result<Option<DocumentType>, Error> {
    let model = model(desk)?;
    let proposed = model.propose(&Lesson::of(first_page));
    // A kind whose form was taken out of the catalogue cannot be proposed, and that a
    // paper is of no known kind is what the rules say already.
    let fallback = &desk.catalogue.fallback().document_type;
    let usable = |name: &&DocumentType| *name != fallback && desk.catalogue.form(name).is_some();
    Ok(proposed.filter(usable).cloned())
}

/// Lets a paper that is being deposited teach, when a person answered for its kind.
pub(crate) fn teach(
    write: &Writer<'_>,
    document_id: DocumentId,
    document_type: &DocumentType,
    first_page: Option<&RecognisedText>,
) -> Result<bool, vault::Error> {
    let by_machine = |act: &Act| matches!(act, Act::AllConfirmed(_));
    let trail = write.audit_of(document_id)?;
    let Some(first_page) = first_page else {
        return Ok(false);
    };
    if trail.iter().any(|event| by_machine(&event.act)) {
        return Ok(false);
    }
    let lesson = KindLesson {
        document_type: document_type.clone(),
        features: Lesson::of(first_page).to_bytes(),
    };
    write.put_kind_lesson(document_id, LESSON_VERSION, &lesson)?;
    Ok(true)
}

/// Draws all lessons anew from the deposited papers, and says how many there are of
/// each kind.
pub fn learn(desk: &Desk) -> Result<BTreeMap<DocumentType, usize>, Error> {
    desk.may(Right::Teach)?;
    desk.vault.write(|write| {
        write.forget_kind_lessons()?;
        let mut papers = write.last_deposited(RECORDS)?;
        // Oldest first, so that the newest are the last lessons.
        papers.reverse();
        for (document_id, document_type) in papers {
            let first_page = match write.pages_of(document_id)?.first() {
                Some(page) => write.recognised_text(page.id)?,
                None => None,
            };
            teach(write, document_id, &document_type, first_page.as_ref())?;
        }
        Ok::<_, Error>(())
    })?;
    taught(desk)
}

/// Forgets all that was taught, and says how many lessons that were. Papers that are
/// deposited afterwards teach again.
pub fn forget(desk: &Desk) -> Result<usize, Error> {
    desk.may(Right::Teach)?;
    Ok(desk.vault.write(|write| write.forget_kind_lessons())?)
}

/// How often the kind of a deposited paper had been proposed rightly, and how often
/// wrongly with certainty.
pub fn report(desk: &Desk) -> Result<Vec<KindTotal>, Error> {
    desk.may(Right::SeeFigures)?;
    Ok(desk.vault.read(|read| read.kind_totals())?)
}

/// How many lessons of each kind count now.
pub fn taught(desk: &Desk) -> Result<BTreeMap<DocumentType, usize>, Error> {
    desk.may(Right::SeeFigures)?;
    let model = model(desk)?;
    let papers = model.papers().map(|(name, papers)| (name.clone(), papers));
    Ok(papers.collect())
}

fn model(desk: &Desk) -> Result<KindModel, Error> {
    let lessons = desk
        .vault
        .read(|read| read.kind_lessons(LESSON_VERSION, LESSONS_OF_EACH))?;
    let lessons: Vec<(DocumentType, Lesson)> = lessons
        .into_iter()
        .map(|lesson| (lesson.document_type, Lesson::from_bytes(&lesson.features)))
        .collect();
    Ok(KindModel::learn(
        lessons.iter().map(|(name, lesson)| (name, lesson)),
    ))
}
