//! Whether the papers of a dossier say the same of the same person.
//!
//! A paper names people by fields that belong together: `owner_name`, `owner_id`,
//! `owner_birth_date` are one mention, `mother_name` is another. Mentions of
//! different papers are put together when they must be one person, and what they
//! say is compared pair by pair, with the place on both papers.

use std::fmt;

use domain::field::{Evidence, FieldName};
use domain::fold::{fold, same_spelling, spelling};
use domain::ids::DocumentId;

/// A paper of a dossier, with what it says.
#[derive(Clone, Debug)]
pub struct PaperSays {
    /// The paper; `None` for the owner as entered at reception.
    pub document_id: Option<DocumentId>,
    /// Its fields; empty values say nothing.
    pub fields: Vec<FieldSays>,
}

/// A field, its value and its place.
#[derive(Clone, PartialEq)]
pub struct FieldSays {
    /// The field.
    pub name: FieldName,
    /// Its value in normal form.
    pub value: String,
    /// Where it stands on the paper, when it does.
    pub evidence: Option<Evidence>,
}

/// What can be compared of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonPart {
    /// The name, in any capitals and either place of the tone mark.
    Name,
    /// The personal or identity number.
    Id,
    /// The birth date; a year agrees with a day of that year.
    BirthDate,
}

impl PersonPart {
    /// All parts.
    pub const ALL: [Self; 3] = [Self::Name, Self::Id, Self::BirthDate];

    /// The part that a field says, and whose it is: `owner_name` is the name of
    /// `owner`. None for a field that says nothing of a person.
    pub fn of_field(name: &FieldName) -> Option<(&str, Self)> {
        Self::ALL.into_iter().find_map(|part| {
            let role = name.as_str().strip_suffix(part.ending())?;
            Some((role, part))
        })
    }

    /// Whether two values of this part say the same.
    pub fn same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Name => same_name(one, other),
            Self::Id => one == other,
            // The normal form of a partial date is the beginning of the full one.
            Self::BirthDate => one.starts_with(other) || other.starts_with(one),
        }
    }

    /// The stable name over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::BirthDate => "birth_date",
        }
    }

    /// How the names of its fields end, behind whose it is: `owner_birth_date`.
    const fn ending(self) -> &'static str {
        match self {
            Self::Name => "_name",
            Self::Id => "_id",
            Self::BirthDate => "_birth_date",
        }
    }
}

/// A person of a dossier and what its papers say of them.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonCheck {
    /// Where the person is named, in the order of the papers.
    pub mentions: Vec<Mention>,
    /// Every pair of mentions that both say something, part by part.
    pub(crate) cells: Vec<Cell>,
}

/// A person as one paper names them.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The paper; `None` for the owner as entered at reception.
    pub document_id: Option<DocumentId>,
    /// Whose fields these are: `owner`, `mother`.
    pub role: String,
    /// What it says, at most one field of a part.
    pub says: Vec<(PersonPart, FieldSays)>,
}

/// One cell of the matrix.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// What is compared.
    pub part: PersonPart,
    /// The two mentions, by their place in [`PersonCheck::mentions`]; the first is
    /// the smaller.
    pub mentions: (usize, usize),
    /// Whether they say the same.
    pub agrees: bool,
}

impl PaperSays {
    fn mentions(&self) -> Vec<Mention> {
        let mut mentions: Vec<Mention> = Vec::new();
        for field in self.fields.iter().filter(|field| !field.value.is_empty()) {
            let Some((role, part)) = PersonPart::of_field(&field.name) else {
                continue;
            };
            let at = mentions.iter().position(|mention| mention.role == role);
            let at = at.unwrap_or_else(|| {
                mentions.push(Mention {
                    document_id: self.document_id,
                    role: role.to_owned(),
                    says: Vec::new(),
                });
                mentions.len() - 1
            });
            mentions[at].says.push((part, field.clone()));
        }
        mentions
    }
}

impl Mention {
    /// What it says of a part.
    pub fn says(&self, part: PersonPart) -> Option<&FieldSays> {
        self.says
            .iter()
            .find(|(other, _)| *other == part)
            .map(|(_, field)| field)
    }

    /// Whether both say the part and say the same; none when one is silent.
    fn agrees(&self, other: &Self, part: PersonPart) -> Option<bool> {
        Some(part.same(&self.says(part)?.value, &other.says(part)?.value))
    }

    /// Whether both mentions must be one person, though something may differ.
    ///
    /// The same number is enough. The same name is enough unless the rest speaks
    /// against it, because people share names; in the same role it always is, for
    /// a namesake's paper in a dossier is just what must be seen. Otherwise a full
    /// birth date must agree, and name and number be only a slip apart.
    fn is_same_person(&self, other: &Self) -> bool {
        let name = self.agrees(other, PersonPart::Name);
        let id = self.agrees(other, PersonPart::Id);
        let birth = self.agrees(other, PersonPart::BirthDate);
        if id == Some(true) {
            return true;
        }
        let same_role = self.role == other.role;
        if name == Some(true) {
            return same_role
                || match (id, birth) {
                    (Some(false), Some(false)) => false,
                    (Some(false), birth) => birth.is_some() || self.nearly(other, PersonPart::Id),
                    (_, Some(false)) => self.nearly(other, PersonPart::BirthDate),
                    _ => true,
                };
        }
        let slip = |part, agrees: Option<bool>| agrees.is_none() || self.nearly(other, part);
        if birth == Some(true) && self.full_birth_date(other) {
            // At least one of the two must be there to be a slip apart.
            return (name.is_some() || id.is_some())
                && slip(PersonPart::Name, name)
                && slip(PersonPart::Id, id);
        }
        // Only the marks of the name differ, and nothing else is said.
        same_role
            && name == Some(false)
            && id.is_none()
            && birth.is_none()
            && self.marks_differ(other)
    }

    fn marks_differ(&self, other: &Self) -> bool {
        let folded = |mention: &Self| {
            mention
                .says(PersonPart::Name)
                .map(|field| fold(&field.value))
        };
        folded(self) == folded(other)
    }

    fn full_birth_date(&self, other: &Self) -> bool {
        let full = |mention: &Self| {
            mention
                .says(PersonPart::BirthDate)
                .is_some_and(|field| field.value.len() == FULL_DATE)
        };
        full(self) && full(other)
    }

    fn nearly(&self, other: &Self, part: PersonPart) -> bool {
        let (Some(one), Some(two)) = (self.says(part), other.says(part)) else {
            return false;
        };
        strsim::levenshtein(&fold(&one.value), &fold(&two.value)) <= NEAR
    }
}

/// Whether two names are one, in any capitals, either place of the tone mark and
/// either order: forms for abroad put the family name last.
fn same_name(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_uppercase(), other.to_uppercase());
    if same_spelling(&one, &other) {
        return true;
    }
    let words = |name: &str| -> Vec<String> {
        name.split(|letter: char| letter.is_whitespace() || letter == ',')
            .filter(|word| !word.is_empty())
            .map(spelling)
            .collect()
    };
    let (one, mut other) = (words(&one), words(&other));
    if one.len() != other.len() || one.len() < 2 {
        return false;
    }
    // Only the family name or the given name moves from one end to the other: with
    // the middle of a name changed it is another name.
    other.rotate_left(1);
    if one == other {
        return true;
    }
    other.rotate_right(2);
    one == other
}

/// `YYYY-MM-DD`.
const FULL_DATE: usize = 10;

/// So many wrong letters or digits still are a slip.
const NEAR: usize = 2;

/// Puts the mentions of all papers together by person, and compares them.
///
/// A person whom one paper alone names is left out: there is nothing to compare.
/// Within one paper nothing is put together, because its roles are different
/// people or one person on purpose.
pub fn cross_check(papers: &[PaperSays]) -> Vec<PersonCheck> {
    let mut people: Vec<Vec<Mention>> = Vec::new();
    for paper in papers {
        // The surest match first, so that a father is not taken for his son.
        for mention in paper.mentions() {
            let fits = |person: &Vec<Mention>| {
                person
                    .iter()
                    .all(|other| other.document_id != mention.document_id)
                    && person.iter().any(|other| other.is_same_person(&mention))
            };
            let agreeing = |person: &Vec<Mention>| {
                let pairs = person.iter().flat_map(|other| {
                    PersonPart::ALL
                        .into_iter()
                        .map(|part| other.agrees(&mention, part))
                });
                pairs.filter(|agrees| *agrees == Some(true)).count()
            };
            let best = people
                .iter()
                .enumerate()
                .filter(|(_, person)| fits(person))
                .max_by_key(|(at, person)| (agreeing(person), usize::MAX - at))
                .map(|(at, _)| at);
            match best {
                Some(at) => people[at].push(mention),
                None => people.push(vec![mention]),
            }
        }
    }
    people
        .into_iter()
        .filter(|mentions| mentions.len() > 1)
        .map(|mentions| PersonCheck {
            cells: cells(&mentions),
            mentions,
        })
        .collect()
}

fn cells(mentions: &[Mention]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for part in PersonPart::ALL {
        for (first, one) in mentions.iter().enumerate() {
            for (offset, two) in mentions[first + 1..].iter().enumerate() {
                if let Some(agrees) = one.agrees(two, part) {
                    cells.push(Cell {
                        part,
                        mentions: (first, first + 1 + offset),
                        agrees,
                    });
                }
            }
        }
    }
    cells
}

impl PersonCheck {
    /// The pairs of mentions that say different things.
    pub fn differing(&self) -> impl Iterator<Item = (PersonPart, &Mention, &Mention)> {
        self.cells
            .iter()
            .filter(|cell| !cell.agrees)
            .filter_map(|cell| {
                let (one, two) = cell.mentions;
                Some((cell.part, self.mentions.get(one)?, self.mentions.get(two)?))
            })
    }
}

// What papers say of people is personal data: `{:?}` shows where, never what.
impl fmt::Debug for FieldSays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldSays")
            .field("name", &self.name.as_str())
            .field("evidence", &self.evidence)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} {:?}", self.part, self.mentions, self.agrees)
    }
}

#[cfg(test)]
mod tests;
