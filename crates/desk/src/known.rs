//! Known-answer pages: papers whose truth is written beside them, to measure what
//! the machine makes of them. Without a vault: nothing is stored, nothing sampled.
//!
//! The truth is JSON in the shape of the sample dossier's `samples.json`: a paper
//! has `document_type`, `fields` in their normal forms, and may have `files` (names
//! beside the JSON) and `page_texts`. A JSON holds one paper, or several under
//! `papers`. A paper without `files` is the image or PDF of the JSON's own name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::document::DocumentType;
use domain::field::{FieldName, Grade};
use domain::fold::{normalise, same_spelling};
use serde::Deserialize;
use vault::KindTotal;

use crate::reading::{Reader, Reading};
use crate::{Error, scan};

/// What pages may end in when their JSON does not name them.
const ENDINGS: [&str; 8] = ["png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp", "pdf"];

/// A paper and the truth about it.
#[derive(Debug)]
pub struct KnownPaper {
    /// Its pages as files, in order.
    pub files: Vec<PathBuf>,
    document_type: DocumentType,
    fields: BTreeMap<FieldName, String>,
    page_texts: Vec<String>,
}

#[derive(Deserialize)]
struct PaperJson {
    #[serde(default)]
    files: Vec<String>,
    document_type: DocumentType,
    fields: BTreeMap<FieldName, String>,
    #[serde(default)]
    page_texts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TruthJson {
    Several { papers: Vec<PaperJson> },
    One(PaperJson),
}

/// How one field of one kind of paper was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownField {
    /// How many papers have it.
    pub asked: u32,
    /// How many values were right.
    pub right: u32,
    /// How many were certain.
    pub certain: u32,
    /// How many were certain and wrong.
    pub certain_wrong: u32,
}

/// What known-answer pages showed. It holds no value of any paper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownReport {
    /// How many papers were read.
    pub papers: u32,
    /// By kind, how often it was seen to be that.
    pub kinds: Vec<KindTotal>,
    /// By kind and field.
    pub fields: BTreeMap<(DocumentType, FieldName), KnownField>,
    /// Characters in the texts that are known.
    pub characters: usize,
    /// Insertions, deletions and replacements that would mend what was read.
    pub character_errors: usize,
}

impl KnownReport {
    /// How many papers were seen to be what they are.
    pub fn kinds_right(&self) -> u32 {
        self.kinds.iter().map(|kind| kind.right).sum()
    }

    /// How many were taken with certainty for something else.
    pub fn kinds_certain_wrong(&self) -> u32 {
        self.kinds.iter().map(|kind| kind.certain_wrong).sum()
    }

    fn kind(&mut self, document_type: &DocumentType) -> &mut KindTotal {
        let known = |kind: &KindTotal| kind.document_type == *document_type;
        let place = self.kinds.iter().position(known).unwrap_or_else(|| {
            self.kinds.push(KindTotal {
                document_type: document_type.clone(),
                papers: 0,
                right: 0,
                certain: 0,
                certain_wrong: 0,
            });
            self.kinds.len() - 1
        });
        &mut self.kinds[place]
    }
}

/// The known papers of a folder, in the order of their JSON files.
pub fn papers(folder: &Path) -> Result<Vec<KnownPaper>, Error> {
    let mut truths: Vec<PathBuf> = std::fs::read_dir(folder)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .map_err(|source| unreadable(folder, source))?;
    truths.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    truths.sort();
    let mut papers = Vec::new();
    for truth in truths {
        let text = std::fs::read(&truth).map_err(|source| unreadable(&truth, source))?;
        let parsed: TruthJson = serde_json::from_slice(&text)
            .map_err(|source| unreadable(&truth, std::io::Error::other(source)))?;
        let written = match parsed {
            TruthJson::Several { papers } => papers,
            TruthJson::One(paper) => vec![paper],
        };
        papers.extend(written.into_iter().map(|paper| KnownPaper {
            files: files_of(&truth, &paper.files),
            document_type: paper.document_type,
            fields: paper.fields,
            page_texts: paper.page_texts,
        }));
    }
    Ok(papers)
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    Error::FileUnreadable {
        path: path.to_owned(),
        source,
    }
}

fn files_of(truth: &Path, named: &[String]) -> Vec<PathBuf> {
    if named.is_empty() {
        let beside = ENDINGS.iter().map(|ending| truth.with_extension(ending));
        return beside.filter(|path| path.is_file()).take(1).collect();
    }
    named
        .iter()
        .map(|name| truth.with_file_name(name))
        .collect()
}

/// Reads the papers and compares. `each` is told before a paper is read.
pub fn measure(
    reader: &Reader,
    papers: &[KnownPaper],
    each: &dyn Fn(usize),
) -> Result<KnownReport, Error> {
    let mut report = KnownReport::default();
    for (index, paper) in papers.iter().enumerate() {
        each(index);
        let files = paper
            .files
            .iter()
            .map(|file| scan::read_file(file))
            .collect::<Result<Vec<_>, _>>()?;
        count(&mut report, paper, &reader.read(&files, None, &|_| {})?);
    }
    Ok(report)
}

fn count(report: &mut KnownReport, paper: &KnownPaper, reading: &Reading) {
    report.papers += 1;
    let kind = &reading.recognised.document_type;
    let kind_right = kind.document_type == paper.document_type;
    let kind_certain = kind.grade == Grade::Certain;
    let counted = report.kind(&paper.document_type);
    counted.papers += 1;
    counted.right += u32::from(kind_right);
    counted.certain += u32::from(kind_certain);
    counted.certain_wrong += u32::from(kind_certain && !kind_right);
    for (name, truth) in &paper.fields {
        let key = (paper.document_type.clone(), name.clone());
        let counted = report.fields.entry(key).or_default();
        let found = reading.fields.iter().find(|field| field.name == *name);
        let right = found.is_some_and(|found| is_same(&found.value, truth));
        let certain = found.is_some_and(|found| found.grade_as_read() == Grade::Certain);
        counted.asked += 1;
        counted.right += u32::from(right);
        counted.certain += u32::from(certain);
        counted.certain_wrong += u32::from(certain && !right);
    }
    // What is certain where the paper has nothing is as wrong as anything can be.
    for found in reading
        .fields
        .iter()
        .filter(|found| was_read_and_is_certain(found) && !paper.fields.contains_key(&found.name))
    {
        let key = (paper.document_type.clone(), found.name.clone());
        let counted = report.fields.entry(key).or_default();
        counted.certain += 1;
        counted.certain_wrong += 1;
    }
    for (text, page) in paper.page_texts.iter().zip(&reading.recognised.pages) {
        let (text, read) = (normalise(text), normalise(&page.text.text()));
        report.characters += text.chars().count();
        report.character_errors += strsim::levenshtein(&text, &read);
    }
}

/// A truth names what stands on the paper; what a rule adds is beside the question.
fn was_read_and_is_certain(found: &domain::field::FieldCandidate) -> bool {
    found.grade_as_read() == Grade::Certain && found.source == domain::field::Source::Ocr
}

/// Capitals aside: a form may be filled in either way.
fn is_same(one: &str, other: &str) -> bool {
    same_spelling(&one.to_uppercase(), &other.to_uppercase())
}
