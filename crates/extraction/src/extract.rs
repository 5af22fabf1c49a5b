//! From recognised text to proposed field values.

mod codes;
mod completion;
mod left_open;

pub use left_open::{WordRef, words_left_open};

use domain::document::RecognisedType;
use domain::dossier::Owner;
use domain::engine::Engine;
use domain::field::{Doubt, Evidence, FieldCandidate, FieldReading, Grade, Source};
use domain::fold::same_spelling;

use crate::catalogue::form::{FieldDefinition, Form, ValueType};
use crate::catalogue::rule::Rule;
use crate::checks;
use crate::choose::choose;
use crate::find::{self, Found};
use crate::grade::{doubts_of_paper, doubts_of_readings, doubts_of_words, settle};
use crate::heading;
use crate::label::Label;
use crate::layout::{Layout, PageText};
use crate::passage::{WordAt, outline_of, plain, text_by};
use crate::read::{Read, Value, read};

/// What is known about a paper from elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The owner of its dossier.
    pub owner: Option<&'a Owner>,
}

/// Proposes a value for every field of the form, in the order of the form.
///
/// A value that breaks the rule of its type is proposed as seen, with
/// [`Doubt::RuleFails`]; [`crate::normal_form`] will not let a person confirm it
/// unchanged. A place left blank is `empty` and carries the place as evidence.
pub fn extract(
    form: &Form,
    kind: &RecognisedType,
    pages: &[PageText<'_>],
    context: &Context<'_>,
) -> Vec<FieldCandidate> {
    let paper = Paper {
        form,
        kind,
        layout: Layout::new(form, pages),
        owner: context.owner,
    };
    let mut candidates: Vec<FieldCandidate> = form
        .fields
        .iter()
        .map(|field| paper.propose(field))
        .collect();
    checks::run(form, &mut candidates);
    // These look at other fields, so they come last.
    for (index, field) in form.fields.iter().enumerate() {
        let candidate = paper.complete(field, &candidates, &candidates[index]);
        candidates[index] = candidate;
    }
    checks::run(form, &mut candidates);
    candidates
}

struct Paper<'p, 'a> {
    form: &'p Form,
    kind: &'p RecognisedType,
    layout: Layout<'a>,
    owner: Option<&'p Owner>,
}

/// A place and what was read there.
struct Reading<'a> {
    place: Found<'a>,
    read: Read,
}

impl<'a> Paper<'_, 'a> {
    fn propose(&self, field: &FieldDefinition) -> FieldCandidate {
        let mut best: Option<Reading<'a>> = None;
        let mut contradicted = false;
        let mut from_code: Option<FieldCandidate> = None;
        let mut codes_differ = false;
        for rule in &field.find {
            match rule {
                Rule::Constant { value } => return self.constant(field, value),
                Rule::IdentityQr { .. } | Rule::Mrz { .. } => {
                    let next = match rule {
                        Rule::Mrz { part } => self.in_zone(field, *part),
                        Rule::IdentityQr { part } => self.on_identity_card(field, *part),
                        _ => None,
                    };
                    // The code printed as a square and the zone must say the same.
                    if let (Some(code), Some(next)) = (&from_code, &next) {
                        codes_differ |= !same_value(&code.value, &next.value);
                    }
                    from_code = from_code.or(next);
                }
                Rule::Compose { .. } | Rule::Dossier { .. } | Rule::Term { .. } => {}
                _ => {
                    let readings = self.readings(field, rule);
                    contradicted |= is_unique(rule) && differ(&readings);
                    let next = first_best(readings);
                    best = match (best, next) {
                        (Some(best), Some(next)) if rank(&next) > rank(&best) => Some(next),
                        (None, next) => next,
                        (best, _) => best,
                    };
                    if best.as_ref().is_some_and(|best| rank(best) >= RANK_BLANK) {
                        break;
                    }
                }
            }
        }
        let mut candidate = best.map_or_else(
            || FieldCandidate::empty(field.name.clone()),
            |best| self.candidate(field, &best),
        );
        if let Some(mut code) = from_code {
            // The card's code and the print beside it must say the same.
            contradicted |=
                candidate.grade != Grade::Empty && !same_value(&candidate.value, &code.value);
            code.readings = candidate.readings;
            candidate = code;
        }
        if contradicted || codes_differ || self.second_place_differs(field, &candidate) {
            add_doubt(&mut candidate, Doubt::Contradicts);
        }
        candidate
    }

    fn readings(&self, field: &FieldDefinition, rule: &Rule) -> Vec<Reading<'a>> {
        find::places(self.form, field, rule, &self.layout)
            .into_iter()
            .map(|place| Reading {
                read: read_place(field, &place),
                place,
            })
            .collect()
    }

    fn candidate(&self, field: &FieldDefinition, best: &Reading<'a>) -> FieldCandidate {
        let Reading { place, read } = best;
        let mut candidate = FieldCandidate::empty(field.name.clone());
        let Read::Value(value) = read else {
            // The label and a few words after it: enough to look at the place.
            let shown = place.passage.words.len().min(place.label.len() + 3);
            let words = &place.passage.words[..shown];
            candidate.evidence = evidence(words);
            candidate.handwritten = words.iter().any(|at| at.word.handwritten);
            if *read == Read::Unreadable {
                candidate.doubts.push(Doubt::RuleFails);
            }
            return candidate;
        };
        let words = place.passage.words_in(value.start, value.end);
        candidate.value.clone_from(&value.text);
        let mut sound = value.sound;
        if place.fixed.is_none()
            && !sound
            && let Some(chosen) = chosen_by_list(field, words)
        {
            candidate.value = chosen;
            sound = true;
        }
        candidate.evidence = evidence(words);
        candidate.handwritten = words.iter().any(|at| at.word.handwritten);
        candidate.source = place
            .fixed
            .as_ref()
            .map_or(Source::Ocr, |fixed| fixed.source);
        if candidate.source == Source::Ocr {
            candidate.readings = engine_readings(field, place, words);
        }
        let settled = self.engines_choose_alike(field, place, words, &candidate);
        let doubts = &mut candidate.doubts;
        if !settled {
            doubts_of_words(field, words, &place.label, doubts);
        } else if candidate.handwritten {
            doubts.push(Doubt::Handwritten);
        }
        if place.fixed.is_none() {
            doubts_of_readings(field, &value.text, &candidate.readings, doubts);
        }
        if !sound {
            doubts.push(Doubt::RuleFails);
        }
        if !place.anchored || place.stamped {
            doubts.push(Doubt::PlaceUncertain);
        }
        let page = words.first().map(|at| at.page);
        doubts_of_paper(self.kind, self.layout.pages, page, doubts);
        candidate.grade = settle(doubts);
        candidate
    }

    /// Whether two engines, each alone, come to the same item of a closed list: a heading
    /// that the form knows, or one of the field's own values. A mark that one of them
    /// lost does not make another item of it.
    fn engines_choose_alike(
        &self,
        field: &FieldDefinition,
        place: &Found<'_>,
        words: &[WordAt<'_>],
        candidate: &FieldCandidate,
    ) -> bool {
        if let Some(fixed) = &place.fixed {
            return fixed.source == Source::Ocr && says_alike(self.form, words, &fixed.value);
        }
        let same = |reading: &&FieldReading| reading.value == candidate.value;
        field.value_type == ValueType::Choice && candidate.readings.iter().filter(same).count() >= 2
    }

    fn constant(&self, field: &FieldDefinition, value: &str) -> FieldCandidate {
        let mut candidate = FieldCandidate::empty(field.name.clone());
        value.clone_into(&mut candidate.value);
        candidate.source = Source::Rule;
        doubts_of_paper(self.kind, self.layout.pages, None, &mut candidate.doubts);
        candidate.grade = settle(&mut candidate.doubts);
        candidate
    }

    fn second_place_differs(&self, field: &FieldDefinition, candidate: &FieldCandidate) -> bool {
        candidate.grade != Grade::Empty
            && field
                .same_as
                .iter()
                .flat_map(|rule| self.readings(field, rule))
                .filter_map(|second| second.read.value().cloned())
                .any(|second| !same_value(&second.text, &candidate.value))
    }
}

/// Whether two engines, each alone, read this title of the form.
fn says_alike(form: &Form, words: &[WordAt<'_>], title: &str) -> bool {
    let says = |engine: &&Engine| {
        text_by(words, **engine).is_some_and(|text| heading::says(form, &text, title))
    };
    Engine::ALL.iter().filter(says).count() >= 2
}

fn read_place(field: &FieldDefinition, place: &Found<'_>) -> Read {
    if let Some(fixed) = &place.fixed {
        return Read::Value(Value {
            text: fixed.value.clone(),
            start: place.start,
            end: place.end,
            sound: fixed.exact,
        });
    }
    let text = place
        .passage
        .text
        .get(place.start..place.end)
        .unwrap_or_default();
    match read(field, text) {
        Read::Value(value) => Read::Value(Value {
            start: value.start + place.start,
            end: value.end + place.start,
            ..value
        }),
        other => other,
    }
}

/// What each engine alone makes of the words of a value.
fn engine_readings(
    field: &FieldDefinition,
    place: &Found<'_>,
    words: &[WordAt<'_>],
) -> Vec<FieldReading> {
    let label: Vec<Label> = text_by_label(place).into_iter().collect();
    Engine::ALL
        .into_iter()
        .filter_map(|engine| {
            let text = text_by(words, engine)?;
            // The label may have been read as one word with the value.
            let tokens = crate::label::tokens(&text);
            let glued = label.iter().find_map(|label| label.match_at(&tokens, 0));
            let from = glued
                .filter(|glued| glued.end < tokens.len() && !place.keeps_label())
                .map_or(0, |glued| tokens[glued.end - 1].end);
            match read(field, &text[from..]) {
                Read::Value(value) => Some(FieldReading {
                    engine,
                    value: value.text,
                }),
                _ => None,
            }
        })
        .collect()
}

/// Where the engines read different words, the list of the field's type may choose
/// between them. It never adds certainty: that they differ remains a doubt.
fn chosen_by_list(field: &FieldDefinition, words: &[WordAt<'_>]) -> Option<String> {
    let weight = field.weight()?;
    let seen: Vec<Vec<String>> = words
        .iter()
        .map(|at| {
            // Letters that were voted for are nothing that an engine read.
            let mut seen = Vec::new();
            let readings = at.word.readings.iter().map(|reading| &reading.text);
            let agreed = at.word.agreed.then_some(&at.word.text);
            for text in agreed
                .into_iter()
                .chain(readings.filter(|_| !at.word.agreed))
            {
                let text = plain(text);
                if !text.is_empty() && !seen.contains(&text) {
                    seen.push(text);
                }
            }
            seen
        })
        .collect();
    let places: Vec<Vec<&str>> = seen
        .iter()
        .map(|readings| readings.iter().map(String::as_str).collect())
        .collect();
    let chosen = choose(&places, weight)?;
    let words: Vec<&str> = places
        .iter()
        .zip(chosen)
        .map(|(readings, index)| readings[index])
        .collect();
    match read(field, &words.join(" ")) {
        Read::Value(value) if value.sound => Some(value.text),
        _ => None,
    }
}

fn text_by_label(place: &Found<'_>) -> Option<Label> {
    let head = place.passage.text.get(..place.start)?;
    (!head.trim().is_empty() && place.label.len() == 1).then(|| Label::new(head))
}

impl Found<'_> {
    fn keeps_label(&self) -> bool {
        self.start == 0
    }
}

const RANK_VALUE: u8 = 6;
const RANK_BLANK: u8 = 5;

/// How good a place is: a sound value, then a place that was clearly left blank,
/// then anything. A stamp's own number or date only where nothing else is.
fn rank(reading: &Reading<'_>) -> u8 {
    let place = &reading.place;
    let text = place
        .passage
        .text
        .get(place.start..place.end)
        .unwrap_or_default();
    match &reading.read {
        Read::Value(value) if place.stamped => u8::from(value.sound),
        _ if place.stamped => 0,
        Read::Value(value) if value.sound => RANK_VALUE,
        Read::Blank if text.chars().any(char::is_alphanumeric) => RANK_BLANK,
        Read::Value(_) => 4,
        Read::Unreadable => 3,
        Read::Blank => 2,
    }
}

fn is_unique(rule: &Rule) -> bool {
    match rule {
        Rule::Label(rule) => rule.unique,
        Rule::Pattern { .. } => true,
        _ => false,
    }
}

fn differ(readings: &[Reading<'_>]) -> bool {
    let mut values = readings
        .iter()
        .filter(|reading| rank(reading) == RANK_VALUE)
        .filter_map(|reading| reading.read.value());
    values
        .next()
        .is_some_and(|first| values.any(|other| !same_value(&other.text, &first.text)))
}

/// The same name or code, whatever its capitals and the place of its tone marks.
fn same_value(one: &str, other: &str) -> bool {
    same_spelling(&one.to_uppercase(), &other.to_uppercase())
}

fn add_doubt(candidate: &mut FieldCandidate, doubt: Doubt) {
    if candidate.grade != Grade::Empty {
        candidate.doubts.push(doubt);
        candidate.grade = settle(&mut candidate.doubts);
    }
}

fn evidence(words: &[WordAt<'_>]) -> Option<Evidence> {
    outline_of(words).map(|(page, outline)| Evidence { page, outline })
}

/// The first of the best: what stands higher on the paper wins among equals.
fn first_best(readings: Vec<Reading<'_>>) -> Option<Reading<'_>> {
    readings.into_iter().reduce(|best, next| {
        if rank(&next) > rank(&best) {
            next
        } else {
            best
        }
    })
}
