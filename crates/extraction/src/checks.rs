//! Rules about several fields of one paper.

use chrono::Datelike as _;
use domain::field::{Doubt, FieldCandidate, FieldName, Grade};
use domain::fold::fold;

use crate::catalogue::form::Form;
use crate::catalogue::rule::Check;
use crate::grade::settle;
use crate::read::{date, identity};

/// Runs the form's checks; what contradicts each other must be looked at.
pub(crate) fn run(form: &Form, candidates: &mut [FieldCandidate]) {
    for check in &form.checks {
        match check {
            Check::SymbolMatchesTitle { number, title } => {
                symbol_matches_title(form, number, title, candidates);
            }
            Check::PersonalId {
                id,
                birth_date,
                sex,
                male,
                female,
            } => {
                personal_id(candidates, id, birth_date, sex, male, female);
            }
            Check::NotBefore { later, earlier } => not_before(candidates, later, earlier),
        }
    }
}

fn value_of(candidates: &[FieldCandidate], name: &FieldName) -> Option<String> {
    candidates
        .iter()
        .find(|candidate| candidate.name == *name && !candidate.value.is_empty())
        .map(|candidate| candidate.value.clone())
}

fn doubt(candidates: &mut [FieldCandidate], name: &FieldName, doubt: Doubt) {
    for candidate in candidates.iter_mut().filter(|other| other.name == *name) {
        if candidate.grade != Grade::Empty {
            candidate.doubts.push(doubt);
            candidate.grade = settle(&mut candidate.doubts);
        }
    }
}

// Decree 30/2020/NĐ-CP, annex III: each type of document has its abbreviation.
fn symbol_matches_title(
    form: &Form,
    number: &FieldName,
    title: &FieldName,
    candidates: &mut [FieldCandidate],
) {
    let (Some(read), Some(heading)) = (value_of(candidates, number), value_of(candidates, title))
    else {
        return;
    };
    let parts: Vec<&str> = read.split(['/', '-']).collect();
    let symbol_of = |text: &str| {
        form.titles
            .iter()
            .find(|title| title.text.written() == text)
            .and_then(|title| title.symbol.as_deref())
    };
    let Some(expected) = symbol_of(&heading) else {
        return;
    };
    if parts.contains(&expected) {
        return;
    }
    // "QD" where the heading says QUYẾT ĐỊNH: a mark was lost in reading.
    let lost_mark = parts.iter().find(|part| fold(part) == fold(expected));
    if let Some(part) = lost_mark {
        let mended = read.replacen(part, expected, 1);
        for candidate in candidates.iter_mut().filter(|other| other.name == *number) {
            candidate.value.clone_from(&mended);
        }
        doubt(candidates, number, Doubt::RuleFails);
        return;
    }
    let other_type = form
        .titles
        .iter()
        .filter_map(|title| title.symbol.as_deref())
        .any(|symbol| parts.contains(&symbol));
    if other_type {
        doubt(candidates, number, Doubt::Contradicts);
        doubt(candidates, title, Doubt::Contradicts);
    }
}

// Decree 137/2015/NĐ-CP, art. 13. A warning, never a refusal: sex and year may
// have been corrected since the number was given.
fn personal_id(
    candidates: &mut [FieldCandidate],
    id: &FieldName,
    birth_date: &FieldName,
    sex: &FieldName,
    male: &str,
    female: &str,
) {
    let Some(says) = value_of(candidates, id).and_then(|id| identity::number_says(&id)) else {
        return;
    };
    let year = value_of(candidates, birth_date)
        .and_then(|day| day.get(..4).and_then(|year| year.parse::<i32>().ok()));
    if year.is_some_and(|year| year != says.birth_year) {
        doubt(candidates, id, Doubt::Contradicts);
        doubt(candidates, birth_date, Doubt::Contradicts);
    }
    let expected = if says.male { male } else { female };
    if value_of(candidates, sex).is_some_and(|sex| sex != expected) {
        doubt(candidates, id, Doubt::Contradicts);
        doubt(candidates, sex, Doubt::Contradicts);
    }
}

fn not_before(candidates: &mut [FieldCandidate], later: &FieldName, earlier: &FieldName) {
    let day = |name| value_of(candidates, name).and_then(|value| date::day_of(&value));
    let (Some(after), Some(before)) = (day(later), day(earlier)) else {
        return;
    };
    if (after.year(), after.ordinal()) < (before.year(), before.ordinal()) {
        doubt(candidates, later, Doubt::Contradicts);
        doubt(candidates, earlier, Doubt::Contradicts);
    }
}
