//! What the other fields of a paper and its dossier add to what stands on it.

use domain::dossier::Owner;
use domain::field::{Doubt, FieldCandidate, Grade, Source};

use crate::catalogue::form::{FieldDefinition, template_fields};
use crate::catalogue::rule::{OwnerPart, Rule};
use crate::extract::{Paper, add_doubt, evidence, same_value};
use crate::find;
use crate::grade::{doubts_of_paper, doubts_of_words, settle};
use crate::label::Label;
use crate::normal::from_elsewhere;
use crate::read::date;
use crate::read::term::Term;

impl Paper<'_, '_> {
    /// What the other fields and the dossier can add.
    pub(super) fn complete(
        &self,
        field: &FieldDefinition,
        all: &[FieldCandidate],
        candidate: &FieldCandidate,
    ) -> FieldCandidate {
        let mut candidate = candidate.clone();
        for rule in &field.find {
            let proposed = match rule {
                Rule::Compose { template } if candidate.grade == Grade::Empty => {
                    self.composed(field, template, all)
                }
                Rule::Term { from, .. } if candidate.grade == Grade::Empty => {
                    let from = all.iter().find(|other| other.name == *from);
                    from.and_then(|from| self.by_term(field, rule, from))
                }
                Rule::Dossier {
                    part,
                    only_if_named,
                } => {
                    let named = only_if_named.as_ref().map(|name| {
                        let read = all.iter().find(|other| other.name == *name);
                        let owner = self.owner.and_then(|owner| owner.name.as_deref());
                        matches!((read, owner), (Some(read), Some(owner)) if same_value(&read.value, owner))
                    });
                    if named == Some(false) {
                        None
                    } else if candidate.grade == Grade::Empty {
                        self.by_dossier(field, *part)
                    } else {
                        if self.dossier_contradicts(field, *part, &candidate) {
                            add_doubt(&mut candidate, Doubt::Contradicts);
                        }
                        None
                    }
                }
                _ => None,
            };
            candidate = proposed.unwrap_or(candidate);
        }
        candidate
    }

    fn composed(
        &self,
        field: &FieldDefinition,
        template: &str,
        all: &[FieldCandidate],
    ) -> Option<FieldCandidate> {
        let mut candidate = FieldCandidate::empty(field.name.clone());
        candidate.source = Source::Rule;
        template.clone_into(&mut candidate.value);
        for name in template_fields(template) {
            let part = all.iter().find(|other| other.name.as_str() == name)?;
            if part.value.is_empty() {
                return None;
            }
            candidate.value = candidate.value.replace(&format!("{{{name}}}"), &part.value);
            candidate.evidence = candidate.evidence.or(part.evidence);
            candidate.handwritten |= part.handwritten;
            candidate.doubts.extend(&part.doubts);
        }
        doubts_of_paper(self.kind, self.layout.pages, None, &mut candidate.doubts);
        candidate.grade = settle(&mut candidate.doubts);
        Some(candidate)
    }

    /// A day some months or years after another field's.
    fn by_term(
        &self,
        field: &FieldDefinition,
        rule: &Rule,
        from: &FieldCandidate,
    ) -> Option<FieldCandidate> {
        let day = date::day_of(&from.value)?;
        find::places(self.form, field, rule, &self.layout)
            .into_iter()
            .filter(|place| !place.stamped)
            .find_map(|place| {
                let text = &place.passage.text[place.start..place.end];
                let term = Term::read(text)?;
                let words = place.passage.words_in(place.start, place.start + term.end);
                let mut candidate = FieldCandidate::empty(field.name.clone());
                candidate.value = term.after(day)?.format("%Y-%m-%d").to_string();
                candidate.source = Source::Rule;
                candidate.evidence = evidence(words);
                candidate.handwritten = from.handwritten;
                candidate.doubts.extend(&from.doubts);
                let doubts = &mut candidate.doubts;
                doubts_of_words(field, words, &place.label, doubts);
                let page = words.first().map(|at| at.page);
                doubts_of_paper(self.kind, self.layout.pages, page, doubts);
                candidate.grade = settle(doubts);
                Some(candidate)
            })
    }

    fn by_dossier(&self, field: &FieldDefinition, part: OwnerPart) -> Option<FieldCandidate> {
        let owner = self.owner?;
        let mut candidate = FieldCandidate::empty(field.name.clone());
        candidate.value = from_elsewhere(field, part.of(owner)?)?;
        candidate.source = Source::Dossier;
        // That a paper lies in a person's dossier does not make it that person's
        // paper: it has to name them.
        if !self.names(owner) {
            candidate.doubts.push(Doubt::PlaceUncertain);
        }
        doubts_of_paper(self.kind, self.layout.pages, None, &mut candidate.doubts);
        candidate.grade = settle(&mut candidate.doubts);
        Some(candidate)
    }

    fn dossier_contradicts(
        &self,
        field: &FieldDefinition,
        part: OwnerPart,
        candidate: &FieldCandidate,
    ) -> bool {
        let said = self.owner.and_then(|owner| part.of(owner));
        said.and_then(|said| from_elsewhere(field, said))
            .is_some_and(|said| !same_value(&said, &candidate.value))
    }

    /// Whether the paper names the owner in words on which two engines agree.
    fn names(&self, owner: &Owner) -> bool {
        [OwnerPart::OwnerId, OwnerPart::OwnerName]
            .into_iter()
            .filter_map(|part| part.of(owner))
            .any(|said| {
                let label = Label::new(said);
                self.layout.segments.iter().any(|segment| {
                    let passage = &segment.passage;
                    (0..passage.tokens.len())
                        .filter_map(|first| label.match_at(&passage.tokens, first))
                        .any(|found| {
                            let range = passage.tokens[found.first].start
                                ..passage.tokens[found.end - 1].end;
                            same_value(&passage.text[range], said)
                                && passage
                                    .words_of(found)
                                    .iter()
                                    .all(|at| at.word.agreed && !at.word.handwritten)
                        })
                })
            })
    }
}
