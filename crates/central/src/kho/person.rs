//! Who has signed in.

use domain::digest::Digest;

/// What somebody is here. One account has one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// An organisation or individual: sees what is theirs.
    Holder,
    /// An officer: sees a holder within a case in hand.
    Officer,
    /// A supervisor: sees counts.
    Supervisor,
    /// An auditor: sees who looked.
    Auditor,
}

impl Role {
    /// Its stable name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Holder => "holder",
            Self::Officer => "officer",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Holder, Self::Officer, Self::Supervisor, Self::Auditor]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// Somebody who has signed in.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) role: Role,
    /// Who it is, as a keyed digest.
    pub(crate) digest: Digest,
    /// The agency code of the office; empty for a holder.
    pub(crate) office: String,
    /// The personal or organisation's number; empty for others than holders.
    pub(crate) holder_id: String,
    /// The same as a keyed digest.
    pub(crate) holder_digest: Option<Digest>,
}

// It holds a personal number.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Person {
    /// The province or ministry whose offices a supervisor counts: the own office, where that
    /// is one.
    pub(crate) fn province(&self) -> &str {
        if self.office.contains('.') {
            ""
        } else {
            &self.office
        }
    }
}
