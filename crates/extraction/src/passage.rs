//! Words in a row, as one text.

use domain::engine::Engine;
use domain::fold::normalise;
use domain::geometry::Rectangle;
use domain::recognised_text::Word;

use crate::label::{LabelMatch, Token, tokens};

/// A word and where it came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WordAt<'a> {
    pub(crate) page: usize,
    pub(crate) line: usize,
    pub(crate) word: &'a Word,
}

/// Some words in a row, as one text.
#[derive(Clone, Debug)]
pub(crate) struct Passage<'a> {
    pub(crate) words: Vec<WordAt<'a>>,
    pub(crate) text: String,
    /// Byte range of each word in the text.
    pub(crate) spans: Vec<(usize, usize)>,
    pub(crate) tokens: Vec<Token>,
}

impl<'a> Passage<'a> {
    pub(crate) fn new(words: Vec<WordAt<'a>>) -> Self {
        let texts: Vec<String> = words.iter().map(|place| plain(&place.word.text)).collect();
        let (text, spans) = join(&texts);
        Self {
            tokens: tokens(&text),
            words,
            text,
            spans,
        }
    }

    /// The words that a byte range of the text touches.
    pub(crate) fn words_in(&self, start: usize, end: usize) -> &[WordAt<'a>] {
        let touched = |span: &&(usize, usize)| span.0 < end && span.1 > start;
        let first = self.spans.iter().position(|span| touched(&span));
        let last = self.spans.iter().rposition(|span| touched(&span));
        match (first, last) {
            (Some(first), Some(last)) => &self.words[first..=last],
            _ => &[],
        }
    }

    /// Where the word begins that holds this byte of the text.
    pub(crate) fn start_of_word(&self, at: usize) -> usize {
        self.spans
            .iter()
            .find(|span| span.1 > at)
            .map_or(at, |span| span.0)
    }

    /// The words of a label.
    pub(crate) fn words_of(&self, found: LabelMatch) -> &[WordAt<'a>] {
        self.words_in(
            self.tokens[found.first].start,
            self.tokens[found.end - 1].end,
        )
    }
}

/// Normal form with one kind of dash: which one a typist or an engine chose says
/// nothing.
pub(crate) fn plain(text: &str) -> String {
    normalise(text)
        .chars()
        .map(|letter| match letter {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FF0D}' => '-',
            other => other,
        })
        .collect()
}

/// One engine's text of some words; `None` when it read none of them. The third engine
/// is asked only for what the other two leave open: what they agree on stands for it.
pub(crate) fn text_by(words: &[WordAt<'_>], engine: Engine) -> Option<String> {
    words.iter().find_map(|at| at.word.reading(engine))?;
    let texts: Vec<String> = words
        .iter()
        .filter_map(|at| match at.word.reading(engine) {
            Some(reading) => Some(&reading.text),
            None => (engine == Engine::Aster && at.word.agreed).then_some(&at.word.text),
        })
        .map(|text| plain(text))
        .collect();
    Some(join(&texts).0)
}

fn join(texts: &[String]) -> (String, Vec<(usize, usize)>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    for part in texts {
        if !text.is_empty() && !part.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(part);
        spans.push((start, text.len()));
    }
    (text, spans)
}

/// The box of some words, as far as they stand on the page of the first.
pub(crate) fn outline_of(words: &[WordAt<'_>]) -> Option<(usize, Rectangle)> {
    let page = words.first()?.page;
    let on_page = words.iter().filter(|place| place.page == page);
    Rectangle::union_all(on_page.map(|place| &place.word.outline)).map(|outline| (page, outline))
}
