//! From pages to proposed values: what the machine sees, without a vault.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use domain::document::{DocumentType, RecognisedType};
use domain::dossier::Owner;
use domain::field::{FieldCandidate, Grade};
use domain::geometry::{PageGeometry, Size};
use domain::quality::Verdict;
use domain::recognised_text::RecognisedText;
use extraction::{Catalogue, Context, Form, LineRef, PageText};
use vault::EngineUsed;

use crate::error::Refusal;
use crate::worker::{Crew, PageHead, PageToRead, ReadPage, ReceivedPage, side_by_side};
use crate::{Error, Settings};

/// Below this confidence of its least sure word a line is read by both engines.
/// Measured on twenty papers: two lines in five, and nearly all that reading every
/// line twice would mend (rendered papers: 2.7 % of characters wrong by the neural
/// engine alone, 1.8 % so, 1.6 % with every line read twice).
pub(crate) const UNSURE: f32 = 0.7;

/// The pages of one paper, recognised, and its type.
#[derive(Debug)]
pub struct Recognised {
    /// The pages in order.
    pub pages: Vec<ReadPage>,
    /// Raw sizes of the pages.
    pub sizes: Vec<Size>,
    /// The type and how sure that is.
    pub document_type: RecognisedType,
    /// Milliseconds per stage so far.
    pub times: Times,
}

/// Milliseconds per stage.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// Decoding, turning, straightening, levelling, codes; summed over pages.
    pub clean_ms: u64,
    /// The engines; summed over pages.
    pub recognise_ms: u64,
    /// Type and fields.
    pub extract_ms: u64,
    /// Wall time of it all.
    pub total_ms: u64,
    /// Wall time until the head of the first page showed a field; `None` when it
    /// showed none.
    pub first_field_ms: Option<u64>,
}

/// What the head of the first page shows while the rest is still being read: by one
/// engine, so nothing of it is certain, and nothing of it is stored.
#[derive(Clone, Debug)]
pub struct FirstFields {
    /// The type the head speaks for.
    pub document_type: DocumentType,
    /// The fields that have a value, in the order of the form; all to be checked.
    pub fields: Vec<FieldCandidate>,
}

/// What the machine sees on some files and proposes.
#[derive(Debug)]
pub struct Reading {
    /// The pages as received: size, resolution.
    pub received: Vec<ReceivedPage>,
    /// For each page, the file it came from, by place in the list of files.
    pub file_of_page: Vec<usize>,
    /// What was recognised.
    pub recognised: Recognised,
    /// The proposed values, in the order of the form.
    pub fields: Vec<FieldCandidate>,
}

/// Reads files, without a vault.
#[derive(Debug)]
pub struct Reader {
    crew: Crew,
    catalogue: Catalogue,
    papers: AtomicU64,
}

impl Reader {
    /// Workers and forms of these settings.
    pub fn new(settings: &Settings) -> Self {
        Self {
            crew: Crew::new(settings.worker_program.clone(), settings.resources.clone()),
            catalogue: Catalogue::builtin(),
            papers: AtomicU64::default(),
        }
    }

    /// Reads the files as the pages of one paper; `show` gets what the head of the
    /// first page shows as soon as it is read.
    pub fn read(
        &self,
        files: &[Vec<u8>],
        chosen: Option<&DocumentType>,
        show: &(dyn Fn(FirstFields) + Sync),
    ) -> Result<Reading, Error> {
        let begun = Instant::now();
        // A worker keeps pages by key: one that it knew from another paper would be
        // read again in place of this one.
        let paper = self.papers.fetch_add(1, Ordering::Relaxed);
        let (mut received, mut file_of_page) = (Vec::new(), Vec::new());
        for (index, file) in files.iter().enumerate() {
            self.crew.pages_of_file(file, &mut |page| {
                received.push(page);
                file_of_page.push(index);
                Ok(())
            })?;
        }
        let pages: Vec<PageToRead<'_>> = received
            .iter()
            .enumerate()
            .map(|(index, page)| PageToRead::received(format!("{paper}/{index}"), page))
            .collect();
        let sizes: Vec<Size> = received.iter().map(|page| page.size).collect();
        let nobody_taught = |_: &RecognisedText| Ok(None);
        let kinds = Kinds {
            chosen,
            taught: &nobody_taught,
        };
        let mut recognised = recognise(&self.crew, &self.catalogue, &pages, &sizes, kinds, show)?;
        let fields = extract(&self.catalogue, &mut recognised, None)?;
        recognised.times.total_ms = millis(begun);
        Ok(Reading {
            received,
            file_of_page,
            recognised,
            fields,
        })
    }
}

/// Recognises the pages of one paper: every line by the neural reader, the type,
/// then by Tesseract too the lines that feed a field of that type's form.
pub(crate) fn recognise(
    crew: &Crew,
    catalogue: &Catalogue,
    pages: &[PageToRead<'_>],
    sizes: &[Size],
    kinds: Kinds<'_>,
    show: &(dyn Fn(FirstFields) + Sync),
) -> Result<Recognised, Error> {
    let begun = Instant::now();
    let first_field_ms = OnceLock::new();
    let read = crew.read_pages(pages, &|head| {
        let first = first_fields(catalogue, kinds.chosen, &head, sizes[0]);
        if let Some(first) = first.filter(|first| !first.fields.is_empty()) {
            first_field_ms.get_or_init(|| millis(begun));
            show(first);
        }
    })?;
    let notice = read.iter().find_map(|page| page.notice.as_deref());
    if let Some(notice) = notice {
        tracing::error!("{notice}");
    }
    let mut recognised = Recognised {
        document_type: RecognisedType {
            document_type: other(),
            grade: Grade::Check,
        },
        times: Times {
            clean_ms: read.iter().map(|page| page.times.clean_ms).sum(),
            recognise_ms: read.iter().map(|page| page.times.recognise_ms).sum(),
            first_field_ms: first_field_ms.get().copied(),
            ..Times::default()
        },
        pages: read,
        sizes: sizes.to_vec(),
    };
    let extracting = Instant::now();
    recognised.document_type = kinds.of(catalogue, &recognised)?;
    recognised.times.extract_ms += millis(extracting);
    let second = Instant::now();
    read_form_lines_again(crew, catalogue, pages, &mut recognised)?;
    recognised.times.recognise_ms += millis(second);
    recognised.times.total_ms = millis(begun);
    Ok(recognised)
}

/// Who says what kind of paper it is.
#[derive(Clone, Copy)]
pub(crate) struct Kinds<'a> {
    /// The type that a person chose.
    pub(crate) chosen: Option<&'a DocumentType>,
    /// What this desk was taught of a first page; asked only where the rules are unsure.
    pub(crate) taught: &'a Taught<'a>,
}

type Taught<'a> = dyn Fn(&RecognisedText) -> Result<Option<DocumentType>, Error> + 'a;

impl Kinds<'_> {
    /// What a person chose, else what the rules say, else what was taught. What was
    /// taught is never certain.
    fn of(self, catalogue: &Catalogue, recognised: &Recognised) -> Result<RecognisedType, Error> {
        if let Some(chosen) = self.chosen {
            return Ok(RecognisedType {
                document_type: chosen.clone(),
                grade: Grade::Certain,
            });
        }
        let mut by_rules =
            recognised.with_texts(|texts| extraction::recognise_type(catalogue, texts));
        if by_rules.grade != Grade::Certain
            && let Some(first) = recognised.pages.first()
            && let Some(taught) = (self.taught)(&first.text)?
        {
            by_rules = RecognisedType {
                document_type: taught,
                grade: Grade::Check,
            };
        }
        Ok(by_rules)
    }
}

/// What the head of a page shows, should it say what kind of paper this is.
fn first_fields(
    catalogue: &Catalogue,
    chosen: Option<&DocumentType>,
    head: &PageHead,
    size: Size,
) -> Option<FirstFields> {
    let texts = [PageText {
        text: &head.text,
        size: PageGeometry::new(size, &head.transforms).upright_size(),
        barcodes: &[],
        verdict: Verdict::Good,
    }];
    let seen = match chosen {
        Some(chosen) => RecognisedType {
            document_type: chosen.clone(),
            grade: Grade::Certain,
        },
        None => extraction::recognise_type(catalogue, &texts),
    };
    let form = catalogue.form(&seen.document_type)?;
    let mut fields = extraction::extract(form, &seen, &texts, &Context::default());
    fields.retain(|field| field.grade != Grade::Empty && field.evidence.is_some());
    for field in &mut fields {
        field.grade = Grade::Check;
    }
    Some(FirstFields {
        document_type: seen.document_type,
        fields,
    })
}

/// Lets Tesseract read the lines that were read once and that the form needs, or of
/// which the neural engine is not sure: they are found again by their words. What both
/// leave open in the values of fields is settled by the third engine.
pub(crate) fn read_form_lines_again(
    crew: &Crew,
    catalogue: &Catalogue,
    pages: &[PageToRead<'_>],
    recognised: &mut Recognised,
) -> Result<(), Error> {
    let form = form_of(catalogue, &recognised.document_type.document_type)?;
    let wanted = recognised.with_texts(|texts| extraction::lines_to_read_again(form, texts));
    let lines = |page: usize, read: &ReadPage| -> Vec<usize> {
        let lines = read.text.lines.iter().enumerate();
        lines
            .filter(|(_, line)| !line.read_twice)
            .filter(|(index, line)| {
                let place = LineRef { page, line: *index };
                line.confidence() < UNSURE || wanted.contains(&place)
            })
            .map(|(index, _)| index)
            .collect()
    };
    more_of_pages(crew, recognised, lines, |page, text, lines| {
        crew.read_again(&pages[page], text, lines)
    })?;
    let kind = &recognised.document_type;
    let open = recognised.with_texts(|texts| extraction::words_left_open(form, kind, texts));
    let words = |page: usize, _: &ReadPage| -> Vec<(usize, usize)> {
        let words = open.iter().filter(|place| place.page == page);
        words.map(|place| (place.line, place.word)).collect()
    };
    more_of_pages(crew, recognised, words, |page, text, words| {
        crew.settle(&pages[page], text, words)
    })
}

/// Lets workers read more of those pages of which more is wanted, side by side.
fn more_of_pages<T: Sync>(
    crew: &Crew,
    recognised: &mut Recognised,
    wanted: impl Fn(usize, &ReadPage) -> Vec<T>,
    read: impl Fn(usize, &RecognisedText, &[T]) -> Result<RecognisedText, Error> + Sync,
) -> Result<(), Error> {
    let all = recognised.pages.iter().enumerate();
    let again: Vec<(usize, Vec<T>)> = all
        .map(|(page, read)| (page, wanted(page, read)))
        .filter(|(_, wanted)| !wanted.is_empty())
        .collect();
    let texts = side_by_side(crew.size(), &again, |(page, wanted)| {
        read(*page, &recognised.pages[*page].text, wanted)
    })?;
    for ((page, _), text) in again.into_iter().zip(texts) {
        recognised.pages[page].text = text;
    }
    Ok(())
}

/// Proposes a value for every field of the form.
pub(crate) fn extract(
    catalogue: &Catalogue,
    recognised: &mut Recognised,
    owner: Option<&Owner>,
) -> Result<Vec<FieldCandidate>, Error> {
    let begun = Instant::now();
    let form = form_of(catalogue, &recognised.document_type.document_type)?;
    let fields = recognised.with_texts(|texts| {
        extraction::extract(form, &recognised.document_type, texts, &Context { owner })
    });
    recognised.times.extract_ms += millis(begun);
    Ok(fields)
}

impl Recognised {
    /// The engines that read the pages.
    pub(crate) fn engines(&self) -> Vec<EngineUsed> {
        let mut engines: Vec<EngineUsed> = Vec::new();
        for used in self.pages.iter().flat_map(|page| &page.engines) {
            if !engines.iter().any(|known| known.engine == used.engine) {
                engines.push(used.clone());
            }
        }
        engines
    }

    /// Why an engine was not at work, in one sentence.
    pub fn notice(&self) -> Option<&str> {
        self.pages.iter().find_map(|page| page.notice.as_deref())
    }

    fn with_texts<T>(&self, run: impl FnOnce(&[PageText<'_>]) -> T) -> T {
        let nothing = RecognisedText::default();
        let texts: Vec<PageText<'_>> = self
            .pages
            .iter()
            .zip(&self.sizes)
            .map(|(page, size)| PageText {
                text: if page.is_second_image {
                    &nothing
                } else {
                    &page.text
                },
                size: PageGeometry::new(*size, &page.transforms).upright_size(),
                barcodes: &page.appraisal.barcodes,
                verdict: page.appraisal.quality.verdict,
            })
            .collect();
        run(&texts)
    }
}

/// The form for any paper; the catalogue always has it.
fn other() -> DocumentType {
    "other"
        .parse()
        .expect("the name is a constant of the right shape")
}

pub(crate) fn form_of<'a>(
    catalogue: &'a Catalogue,
    document_type: &DocumentType,
) -> Result<&'a Form, Refusal> {
    catalogue
        .form(document_type)
        .ok_or(Refusal::UnknownDocumentType)
}

fn millis(since: Instant) -> u64 {
    since.elapsed().as_millis() as u64
}
