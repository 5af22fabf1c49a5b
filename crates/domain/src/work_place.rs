//! Where an officer was at work, to go on there after a pause or a power cut.

use chrono::{DateTime, Utc};

use crate::field::FieldName;

/// The place in the work on one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkPlace {
    /// The step.
    pub step: Step,
    /// The field in hand, while reviewing.
    pub field: Option<FieldName>,
    /// When the officer came there.
    pub at: DateTime<Utc>,
}

/// A step of the work on one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Bringing pages in and putting them in order.
    Scan,
    /// Looking at what was proposed.
    Review,
    /// Assigning the code and storing.
    Deposit,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 3] = [Self::Scan, Self::Review, Self::Deposit];

    /// The stable name in stores and over the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Review => "review",
            Self::Deposit => "deposit",
        }
    }

    /// The step of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }
}
