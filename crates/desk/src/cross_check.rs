//! Whether the papers of a dossier, and its owner as received, say the same of the
//! same people; and what a person rules where they do not.
//!
//! Nothing is stored of what was found: it follows from the values as they stand,
//! so a corrected value settles its disagreement by itself. Only rulings are kept,
//! and one holds as long as both sides say what they said.

use std::collections::BTreeSet;

use domain::audit::Act;
use domain::disagreement::{Place, Replaced, Ruling, Saying, Settlement};
use domain::document::{DocumentState, ReviewedField};
use domain::dossier::{Dossier, Owner};
use domain::field::{Evidence, FieldName, Grade};
use domain::fold::{normalise, spelling};
use domain::ids::{DocumentId, DossierId, RulingId};
use domain::rights::Right;
use domain::second_person::NotThisOfficer;
use extraction::{FieldSays, Mention, PaperSays, PersonPart};
use uuid::Uuid;
use vault::Reader;

use crate::error::Refusal;
use crate::{Desk, Error, deposit, review};

/// Two sayings of one person that differ, and that nobody has ruled about.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// What they differ in.
    pub part: PersonPart,
    /// The first saying.
    pub first: Side,
    /// The second saying.
    pub other: Side,
}

/// One side of a disagreement.
#[derive(Clone, Debug)]
pub struct Side {
    /// What is said, and where.
    pub saying: Saying,
    /// Where it can be seen: a paper and the place on it.
    pub seen: Option<(DocumentId, Evidence)>,
    /// Whether a person has answered for it somewhere, or it was certain: what is
    /// still doubtful on another paper is looked at when that paper is.
    pub settled: bool,
}

/// What the papers of a dossier say now.
struct Said {
    papers: Vec<PaperSays>,
    rulings: Vec<Ruling>,
    /// Places whose value a person has still to look at.
    unsettled: Vec<Place>,
}

/// The disagreements of a dossier that nobody has ruled about.
pub fn of_dossier(desk: &Desk, dossier_id: DossierId) -> Result<Vec<Disagreement>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    found_in(desk, dossier_id)
}

/// The same for the verbs, whose own act the trail keeps.
fn found_in(desk: &Desk, dossier_id: DossierId) -> Result<Vec<Disagreement>, Error> {
    let said = desk
        .vault
        .read(|read| Ok::<_, Error>(said(read, &read.dossier(dossier_id)?)?))?;
    Ok(disagreements(&said))
}

/// Those that wait for a person at this paper: it says one of the two things, and
/// the other is not merely an open field of another paper.
pub fn of_document(desk: &Desk, document_id: DocumentId) -> Result<Vec<Disagreement>, Error> {
    desk.may(Right::SeeOpenPapers)?;
    desk.saw(document_id)?;
    waiting_at(desk, document_id)
}

/// The same for the verbs, whose own act the trail keeps.
pub(crate) fn waiting_at(desk: &Desk, document_id: DocumentId) -> Result<Vec<Disagreement>, Error> {
    let document = desk.vault.read(|read| read.document(document_id))?;
    if document.state != DocumentState::Extracted {
        return Ok(Vec::new());
    }
    let mut found = found_in(desk, document.dossier_id)?;
    found.retain(|disagreement| disagreement.waits_at(document_id));
    Ok(found)
}

impl Disagreement {
    /// Whether it waits for a person at this paper.
    pub fn waits_at(&self, document_id: DocumentId) -> bool {
        let says = |side: &Side| {
            let places = &side.saying.places;
            places
                .iter()
                .any(|place| place.document_id == Some(document_id))
        };
        (says(&self.first) && self.other.settled) || (says(&self.other) && self.first.settled)
    }
}

fn said(read: &Reader<'_>, dossier: &Dossier) -> Result<Said, vault::Error> {
    let mut said = Said {
        papers: vec![owner_says(&dossier.owner)],
        rulings: read.rulings_of(dossier.id)?,
        unsettled: Vec::new(),
    };
    for document in read.documents_of(dossier.id)? {
        let fields: Vec<FieldSays> = match document.state {
            // Its pages changed: what was read of them holds no more.
            DocumentState::Scanning => continue,
            DocumentState::Extracted => {
                let fields = read.reviewed_fields(document.id)?;
                for field in fields.iter().filter(|field| field.is_open(false)) {
                    said.unsettled.push(Place {
                        document_id: Some(document.id),
                        field: field.candidate.name.clone(),
                    });
                }
                fields.iter().map(reviewed_says).collect()
            }
            DocumentState::Deposited => {
                let record = read.latest_record(document.id)?;
                let values = record.map(|record| record.values).unwrap_or_default();
                values
                    .into_iter()
                    .map(|value| FieldSays {
                        name: value.name,
                        value: value.value,
                        evidence: value.evidence,
                    })
                    .collect()
            }
        };
        said.papers.push(PaperSays {
            document_id: Some(document.id),
            fields,
        });
    }
    Ok(said)
}

fn reviewed_says(field: &ReviewedField) -> FieldSays {
    let candidate = &field.candidate;
    let (value, evidence) = match &field.value {
        Some(value) => (value.value.clone(), value.evidence),
        None if candidate.grade == Grade::Empty => (String::new(), None),
        None => (candidate.value.clone(), candidate.evidence),
    };
    FieldSays {
        name: candidate.name.clone(),
        value,
        evidence,
    }
}

fn owner_field(part: &str) -> FieldName {
    part.parse()
        .expect("the name is a constant of the right shape")
}

/// What was entered at reception, as if a paper said it.
fn owner_says(owner: &Owner) -> PaperSays {
    let id = owner.id.as_ref().map(ToString::to_string);
    let born = owner.birth_on.map(|day| day.to_string());
    let said = [
        ("owner_id", id),
        ("owner_name", owner.name.clone()),
        ("owner_birth_date", born),
    ];
    PaperSays {
        document_id: None,
        fields: said
            .into_iter()
            .map(|(name, value)| FieldSays {
                name: owner_field(name),
                value: value.unwrap_or_default(),
                evidence: None,
            })
            .collect(),
    }
}

fn disagreements(said: &Said) -> Vec<Disagreement> {
    let mut found: Vec<Disagreement> = Vec::new();
    for person in extraction::cross_check(&said.papers) {
        let begins = found.len();
        for (part, first, other) in person.differing() {
            if said
                .rulings
                .iter()
                .any(|ruling| settles(ruling, part, first, other))
            {
                continue;
            }
            // Papers that say the same stand on one side: one question, not many.
            let (Some(first), Some(other)) = (side(said, first, part), side(said, other, part))
            else {
                continue;
            };
            let alike = |side: &Side, other: &Side| {
                same_writing(part, &side.saying.value, &other.saying.value)
            };
            let known = found[begins..].iter_mut().find(|known| {
                known.part == part
                    && (alike(&known.first, &first) && alike(&known.other, &other)
                        || alike(&known.first, &other) && alike(&known.other, &first))
            });
            match known {
                None => found.push(Disagreement { part, first, other }),
                Some(known) if alike(&known.first, &first) => {
                    known.first.take_in(first);
                    known.other.take_in(other);
                }
                Some(known) => {
                    known.first.take_in(other);
                    known.other.take_in(first);
                }
            }
        }
    }
    found
}

/// Equal as written, but for capitals and the place of a tone mark. Stricter than
/// agreeing: a year agrees with two different days of it.
fn same_writing(part: PersonPart, one: &str, other: &str) -> bool {
    match part {
        PersonPart::Name => spelling(&one.to_uppercase()) == spelling(&other.to_uppercase()),
        PersonPart::Id | PersonPart::BirthDate => one == other,
    }
}

fn side(said: &Said, mention: &Mention, part: PersonPart) -> Option<Side> {
    let says = mention.says(part)?;
    let place = Place {
        document_id: mention.document_id,
        field: says.name.clone(),
    };
    Some(Side {
        seen: mention.document_id.zip(says.evidence),
        settled: !said.unsettled.contains(&place),
        saying: Saying {
            value: says.value.clone(),
            places: vec![place],
        },
    })
}

impl Side {
    fn take_in(&mut self, side: Self) {
        for place in side.saying.places {
            if !self.saying.places.contains(&place) {
                self.saying.places.push(place);
            }
        }
        self.seen = self.seen.or(side.seen);
        self.settled |= side.settled;
    }
}

/// Whether a ruling settles that these two mentions differ in this part.
fn settles(ruling: &Ruling, part: PersonPart, first: &Mention, other: &Mention) -> bool {
    let Some((_, ruled_part)) = ruling
        .first
        .places
        .first()
        .and_then(|place| PersonPart::of_field(&place.field))
    else {
        return false;
    };
    // A mention still says there what it said when it was ruled about.
    let stands = |saying: &Saying, mention: &Mention| {
        mention.says(ruled_part).is_some_and(|says| {
            let place = Place {
                document_id: mention.document_id,
                field: says.name.clone(),
            };
            saying.is_said_at(&place) && same_writing(ruled_part, &saying.value, &says.value)
        })
    };
    let values = |saying: &Saying, mention: &Mention| {
        mention
            .says(part)
            .is_some_and(|says| same_writing(part, &saying.value, &says.value))
    };
    let either = |holds: &dyn Fn(&Saying, &Mention) -> bool| {
        holds(&ruling.first, first) && holds(&ruling.other, other)
            || holds(&ruling.first, other) && holds(&ruling.other, first)
    };
    match ruling.settlement {
        // Two people differ in everything they may differ in.
        Settlement::TwoPeople => either(&stands),
        Settlement::BothAsWritten => part == ruled_part && either(&values),
        // Then the values are equal; if they differ again, it is asked again.
        Settlement::FirstRight | Settlement::OtherRight => false,
    }
}

/// A person rules about the disagreement between these two places.
///
/// Where one side is right, the other takes its value: a field of an open paper is
/// corrected, a deposited record gets a new version, the owner of the dossier is
/// put right.
pub fn rule(
    desk: &Desk,
    dossier_id: DossierId,
    first: &Place,
    other: &Place,
    settlement: Settlement,
) -> Result<Ruling, Error> {
    desk.may(Right::Decide)?;
    let open = found_in(desk, dossier_id)?;
    let disagreement = open
        .into_iter()
        .find(|open| open.first.saying.is_said_at(first) && open.other.saying.is_said_at(other))
        .ok_or(Refusal::NoDisagreement)?;
    let (first, other) = (disagreement.first.saying, disagreement.other.saying);
    let change = match settlement {
        Settlement::FirstRight => Some((&other, &first.value)),
        Settlement::OtherRight => Some((&first, &other.value)),
        Settlement::TwoPeople | Settlement::BothAsWritten => None,
    };
    let mut replaced = Vec::new();
    if let Some((wrong, value)) = change
        && let Err(error) = put_right(desk, dossier_id, wrong, value, &mut replaced)
    {
        // All of it or none.
        for done in replaced.iter().rev() {
            put_back(desk, dossier_id, done)?;
        }
        return Err(error);
    }
    let ruling = Ruling {
        id: RulingId::from_uuid(Uuid::now_v7()),
        dossier_id,
        first,
        other,
        settlement,
        replaced,
        ruled_by: desk.officer.id,
        ruled_at: desk.clock.now(),
    };
    keep(desk, &ruling)?;
    Ok(ruling)
}

fn keep(desk: &Desk, ruling: &Ruling) -> Result<(), Error> {
    let field = field_of(ruling);
    desk.vault.write(|write| {
        write.insert_ruling(ruling)?;
        Ok(desk.audit(write, Act::DisagreementRuled(ruling.dossier_id, field))?)
    })
}

fn field_of(ruling: &Ruling) -> String {
    let place = ruling.first.places.first();
    place.map_or_else(String::new, |place| place.field.to_string())
}

/// Takes a ruling back: what it replaced stands again.
pub fn take_back(desk: &Desk, ruling_id: RulingId) -> Result<(), Error> {
    desk.may(Right::Decide)?;
    let ruling = desk.vault.read(|read| read.ruling(ruling_id))?;
    for replaced in ruling.replaced.iter().rev() {
        put_back(desk, ruling.dossier_id, replaced)?;
    }
    desk.vault.write(|write| {
        write.void_ruling(ruling_id, desk.clock.now())?;
        let act = Act::RulingTakenBack(ruling.dossier_id, field_of(&ruling));
        Ok(desk.audit(write, act)?)
    })
}

/// Lets everything that waits at a paper stand as written.
pub(crate) fn accept_as_written(desk: &Desk, document_id: DocumentId) -> Result<(), Error> {
    let dossier_id = desk
        .vault
        .read(|read| read.document(document_id))?
        .dossier_id;
    for waiting in waiting_at(desk, document_id)? {
        keep(
            desk,
            &Ruling {
                id: RulingId::from_uuid(Uuid::now_v7()),
                dossier_id,
                first: waiting.first.saying,
                other: waiting.other.saying,
                settlement: Settlement::BothAsWritten,
                replaced: Vec::new(),
                ruled_by: desk.officer.id,
                ruled_at: desk.clock.now(),
            },
        )?;
    }
    Ok(())
}

fn put_right(
    desk: &Desk,
    dossier_id: DossierId,
    wrong: &Saying,
    value: &str,
    replaced: &mut Vec<Replaced>,
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for place in &wrong.places {
        if !seen.insert((place.document_id, place.field.clone())) {
            continue;
        }
        let before = decided_at(desk, dossier_id, place)?;
        set(desk, dossier_id, place, Some(value))?;
        replaced.push(Replaced {
            place: place.clone(),
            before,
        });
    }
    Ok(())
}

fn put_back(desk: &Desk, dossier_id: DossierId, replaced: &Replaced) -> Result<(), Error> {
    set(
        desk,
        dossier_id,
        &replaced.place,
        replaced.before.as_deref(),
    )
}

/// What a person had decided at a place, if anybody had.
fn decided_at(desk: &Desk, dossier_id: DossierId, place: &Place) -> Result<Option<String>, Error> {
    desk.vault.read(|read| {
        let Some(document_id) = place.document_id else {
            let owner = owner_says(&read.dossier(dossier_id)?.owner);
            let field = owner
                .fields
                .into_iter()
                .find(|says| says.name == place.field);
            return Ok(field.map(|says| says.value));
        };
        if read.document(document_id)?.state == DocumentState::Deposited {
            let values = read.latest_record(document_id)?.map(|record| record.values);
            let value = values
                .unwrap_or_default()
                .into_iter()
                .find(|value| value.name == place.field);
            return Ok(value.map(|value| value.value));
        }
        let fields = read.reviewed_fields(document_id)?;
        let field = fields
            .into_iter()
            .find(|field| field.candidate.name == place.field);
        Ok(field.and_then(|field| field.value).map(|value| value.value))
    })
}

/// Puts a value at a place; without one, the proposal stands again.
fn set(
    desk: &Desk,
    dossier_id: DossierId,
    place: &Place,
    value: Option<&str>,
) -> Result<(), Error> {
    let Some(document_id) = place.document_id else {
        return set_owner(desk, dossier_id, &place.field, value.unwrap_or_default());
    };
    let state = desk.vault.read(|read| read.document(document_id))?.state;
    match (state, value) {
        (DocumentState::Deposited, value) => {
            deposit::correct(desk, document_id, &place.field, value.unwrap_or_default())?;
        }
        // Its two officers come to it by themselves; then the papers are compared anew.
        (_, Some(_)) if takes_two(desk, document_id, &place.field)? => {
            let why = NotThisOfficer::SecondMustBeAnother;
            return Err(Refusal::TakesTwo(place.field.clone(), why).into());
        }
        (_, Some(value)) => {
            review::confirm_field(desk, document_id, &place.field, value)?;
        }
        (_, None) => {
            review::undo_field(desk, document_id, &place.field)?;
        }
    }
    Ok(())
}

fn takes_two(desk: &Desk, document_id: DocumentId, field: &FieldName) -> Result<bool, Error> {
    Ok(review::standing(desk, document_id)?
        .takes_two
        .contains_key(field))
}

fn set_owner(
    desk: &Desk,
    dossier_id: DossierId,
    field: &FieldName,
    value: &str,
) -> Result<(), Error> {
    let value = Some(normalise(value)).filter(|value| !value.is_empty());
    let mut owner = desk.vault.read(|read| read.dossier(dossier_id))?.owner;
    let breaks = || Refusal::ValueBreaksRule(field.clone());
    match PersonPart::of_field(field).map(|(_, part)| part) {
        Some(PersonPart::Id) => {
            let id = value.map(|value| value.parse()).transpose();
            owner.id = id.map_err(|_| breaks())?;
        }
        // A year alone, as some papers have it, is no day to be put in its place.
        Some(PersonPart::BirthDate) => {
            let day = value.map(|value| value.parse()).transpose();
            owner.birth_on = day.map_err(|_| breaks())?;
        }
        Some(PersonPart::Name) | None => owner.name = value,
    }
    desk.vault.write(|write| {
        write.set_owner(dossier_id, &owner)?;
        Ok(desk.audit(write, Act::OwnerCorrected(dossier_id, field.to_string()))?)
    })
}
