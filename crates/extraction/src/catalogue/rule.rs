//! How a form says where a field stands. Every kind of rule is general; what it
//! looks for is data.

use domain::dossier::Owner;
use domain::field::FieldName;
use serde::Deserialize;

use crate::label::Label;
use crate::pattern::Pattern;

/// One way to find a field's value.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Rule {
    /// What follows a label.
    Label(LabelRule),
    /// The heading of the paper.
    Title {
        /// Take the first centred line in capitals when no known heading is there.
        #[serde(default)]
        any_heading: bool,
    },
    /// The lines under a landmark.
    BlockBelow {
        landmark: String,
        #[serde(default)]
        until: Vec<Label>,
        max_lines: usize,
        #[serde(default)]
        zone: Zone,
    },
    /// The lines in capitals over a landmark.
    BlockAbove {
        landmark: String,
        /// Nothing above this landmark belongs to the block.
        #[serde(default)]
        level_with: Option<String>,
        max_lines: usize,
        #[serde(default)]
        zone: Zone,
    },
    /// The name under the words in whose capacity somebody signs.
    Signature {
        labels: Vec<Label>,
        #[serde(default)]
        zone: Zone,
    },
    /// What looks like this, wherever in the zone it stands: a number that is printed
    /// without a label.
    Pattern {
        pattern: Pattern,
        #[serde(default)]
        zone: Zone,
    },
    /// A day that a term of months or years from another field's day comes to: "trong
    /// thời hạn 06 tháng kể từ ngày cấp".
    Term {
        /// What stands before the number of months or years.
        labels: Vec<Label>,
        from: FieldName,
        #[serde(default)]
        zone: Zone,
    },
    /// Always the same.
    Constant { value: String },
    /// A value that follows from a label being there.
    Implied {
        labels: Vec<Label>,
        #[serde(default)]
        at: At,
        value: String,
        #[serde(default)]
        zone: Zone,
    },
    /// Put together from other fields.
    Compose { template: String },
    /// From the QR code of an identity card.
    IdentityQr { part: IdentityPart },
    /// From a machine-readable zone.
    Mrz { part: MrzPart },
    /// From the dossier.
    Dossier {
        part: OwnerPart,
        /// Only when this field reads the same name as the dossier's owner.
        #[serde(default)]
        only_if_named: Option<FieldName>,
    },
}

/// What follows a label, on its line and if allowed on the lines below.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in a form file"
)]
pub(crate) struct LabelRule {
    pub(crate) labels: Vec<Label>,
    #[serde(default)]
    pub(crate) at: At,
    /// The label begins with a capital as written.
    #[serde(default)]
    pub(crate) capital: bool,
    /// A colon must follow the label.
    #[serde(default)]
    pub(crate) colon: bool,
    /// The label is part of the value.
    #[serde(default)]
    pub(crate) keep_label: bool,
    /// The label counts only when none of these follows it.
    #[serde(default)]
    pub(crate) unless_next: Vec<Label>,
    /// Labels of the next field.
    #[serde(default)]
    pub(crate) until: Vec<Label>,
    /// What the folded line must match.
    #[serde(default)]
    pub(crate) line_pattern: Option<Pattern>,
    /// Lines that a value may run over.
    #[serde(default = "one")]
    pub(crate) lines: usize,
    /// Several different values contradict each other.
    #[serde(default)]
    pub(crate) unique: bool,
    /// The value begins under the label, not behind it.
    #[serde(default)]
    pub(crate) below: bool,
    #[serde(default)]
    pub(crate) zone: Zone,
}

fn one() -> usize {
    1
}

/// Where on its line a label may stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum At {
    LineStart,
    #[default]
    Anywhere,
}

/// Which pages a rule looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PageChoice {
    First,
    /// From the last page backwards, until something is found.
    Last,
    #[default]
    Any,
}

/// Where on the page the centre of a label or line lies: fractions of the page,
/// and sides of landmarks. A landmark that is not on the page limits nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Zone {
    pub(crate) page: PageChoice,
    pub(crate) left: f32,
    pub(crate) top: f32,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
    pub(crate) above: Option<String>,
    pub(crate) below: Option<String>,
    pub(crate) left_of: Option<String>,
    pub(crate) right_of: Option<String>,
    /// Not above it, but it may stand on the same level.
    pub(crate) beside: Option<String>,
}

impl Default for Zone {
    fn default() -> Self {
        Self {
            page: PageChoice::Any,
            left: 0.0,
            top: 0.0,
            right: 1.0,
            bottom: 1.0,
            above: None,
            below: None,
            left_of: None,
            right_of: None,
            beside: None,
        }
    }
}

impl Zone {
    pub(crate) fn landmarks(&self) -> impl Iterator<Item = &str> {
        [
            &self.above,
            &self.below,
            &self.left_of,
            &self.right_of,
            &self.beside,
        ]
        .into_iter()
        .flatten()
        .map(String::as_str)
    }
}

/// A part of what an identity card's QR code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IdentityPart {
    Number,
    OldNumber,
    Name,
    BirthDate,
    Sex,
    Address,
    IssuedOn,
}

/// A part of what a machine-readable zone says. The name is left out: the zone
/// writes it without its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MrzPart {
    PersonalId,
    DocumentNumber,
    BirthDate,
    ExpiresOn,
    Sex,
    /// All its lines.
    Zone,
}

/// A part of what the dossier says about its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OwnerPart {
    OwnerId,
    OwnerName,
}

impl OwnerPart {
    pub(crate) fn of(self, owner: &Owner) -> Option<&str> {
        match self {
            Self::OwnerId => owner.id.as_ref().map(domain::code::OwnerId::as_str),
            Self::OwnerName => owner.name.as_deref().filter(|name| !name.trim().is_empty()),
        }
    }
}

/// A rule about several fields of one paper.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Check {
    /// The abbreviation within the number is that of the heading: QĐ, QUYẾT ĐỊNH.
    SymbolMatchesTitle { number: FieldName, title: FieldName },
    /// The personal number holds sex and year of birth.
    PersonalId {
        id: FieldName,
        birth_date: FieldName,
        sex: FieldName,
        male: String,
        female: String,
    },
    /// One day is not before another.
    NotBefore {
        later: FieldName,
        earlier: FieldName,
    },
}

impl Check {
    pub(crate) fn fields(&self) -> Vec<&FieldName> {
        match self {
            Self::SymbolMatchesTitle { number, title } => vec![number, title],
            Self::PersonalId {
                id,
                birth_date,
                sex,
                ..
            } => vec![id, birth_date, sex],
            Self::NotBefore { later, earlier } => vec![later, earlier],
        }
    }
}
