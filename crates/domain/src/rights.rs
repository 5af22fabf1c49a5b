//! Roles (vai trò) of officers, and what each of them may do.
//!
//! Rights are asked for by the verbs of the desk, never by a window. What the law
//! says of who digitises stands in Circular 01/2023/TT-VPCP, art. 5; that nobody has
//! more rights than the work needs, in QCVN 12:2026/BCA.

use std::fmt;
use std::str::FromStr;

/// What an officer is at this desk. One officer may be several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Receives, processes and hands back dossiers, and digitises what came with them.
    // Circular 01/2023/TT-VPCP, art. 5: officers who receive, process or return dossiers.
    Reception,
    /// Digitises, also results still in force, and puts deposited records right.
    // Circular 01/2023/TT-VPCP, art. 5: officers assigned to digitise.
    Digitiser,
    /// Staff of the public postal enterprise: prepares, does not finalise.
    // Circular 01/2023/TT-VPCP, art. 5: staff of the public postal enterprise.
    Postal,
    /// Looks after the work of others, and after how right the machine is.
    Supervisor,
    /// Reads the audit trail, not the papers.
    Auditor,
    /// Manages officers and vault, and reads no papers.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Reception,
        Self::Digitiser,
        Self::Postal,
        Self::Supervisor,
        Self::Auditor,
        Self::Administrator,
    ];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reception => "reception",
            Self::Digitiser => "digitiser",
            Self::Postal => "postal",
            Self::Supervisor => "supervisor",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// One thing that may be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Receive dossiers.
    Receive,
    /// See the dossiers and papers that are being worked on.
    SeeOpenPapers,
    /// Bring pages in, turn them, take them out.
    Scan,
    /// Let the machine read a paper and make its electronic copy.
    Extract,
    /// Answer for values and kinds, rule about papers that disagree.
    Decide,
    /// Sign electronic copies with one's own token.
    // Circular 01/2023/TT-VPCP, art. 8(1): the digitiser's personal signature.
    Sign,
    /// Assign the code and store for good.
    Deposit,
    /// Put a deposited record right, as a new version.
    Correct,
    /// Find deposited records.
    Find,
    /// See a value or picture that is masked.
    Reveal,
    /// Take a copy out of the vault.
    Export,
    /// See figures about the work, without anybody's values.
    SeeFigures,
    /// Let the desk learn kinds of paper anew, or forget them.
    Teach,
    /// Read the audit trail and hand it out.
    ReadAudit,
    /// Read every stored byte again and hear what is damaged.
    CheckVault,
    /// Add officers, give roles, reset passphrases.
    ManageOfficers,
    /// Write a copy of the whole vault, encrypted as it is.
    BackUp,
    /// Make the desk a station of a centre.
    Enrol,
    /// Send to the centre what was deposited, and see how it stands.
    Send,
    /// Erase pages whose days in the trash are over.
    Erase,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Receive,
        Self::SeeOpenPapers,
        Self::Scan,
        Self::Extract,
        Self::Decide,
        Self::Sign,
        Self::Deposit,
        Self::Correct,
        Self::Find,
        Self::Reveal,
        Self::Export,
        Self::SeeFigures,
        Self::Teach,
        Self::ReadAudit,
        Self::CheckVault,
        Self::ManageOfficers,
        Self::BackUp,
        Self::Enrol,
        Self::Send,
        Self::Erase,
    ];

    /// Its stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::SeeOpenPapers => "see_open_papers",
            Self::Scan => "scan",
            Self::Extract => "extract",
            Self::Decide => "decide",
            Self::Sign => "sign",
            Self::Deposit => "deposit",
            Self::Correct => "correct",
            Self::Find => "find",
            Self::Reveal => "reveal",
            Self::Export => "export",
            Self::SeeFigures => "see_figures",
            Self::Teach => "teach",
            Self::ReadAudit => "read_audit",
            Self::CheckVault => "check_vault",
            Self::ManageOfficers => "manage_officers",
            Self::BackUp => "back_up",
            Self::Enrol => "enrol",
            Self::Send => "send",
            Self::Erase => "erase",
        }
    }

    /// The right of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.name() == name)
    }

    /// The roles that have it. A right without a line here does not compile.
    pub const fn roles(self) -> &'static [Role] {
        use Role::{Administrator, Auditor, Digitiser, Postal, Reception, Supervisor};
        match self {
            Self::Receive | Self::Scan | Self::Extract => &[Reception, Digitiser, Postal],
            Self::SeeOpenPapers => &[Reception, Digitiser, Postal, Supervisor],
            Self::Decide | Self::Find | Self::Reveal => &[Reception, Digitiser, Supervisor],
            Self::Sign | Self::Deposit => &[Reception, Digitiser],
            Self::Correct | Self::Export => &[Digitiser, Supervisor],
            Self::SeeFigures | Self::Teach | Self::Erase => &[Supervisor, Administrator],
            Self::ReadAudit => &[Auditor],
            Self::CheckVault => &[Supervisor, Auditor, Administrator],
            Self::ManageOfficers | Self::BackUp | Self::Enrol => &[Administrator],
            // Whoever sits there: what was deposited waits for nobody.
            Self::Send => &Role::ALL,
        }
    }
}

/// The roles of one officer; none means that the officer may not sign in.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u8);

impl Roles {
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// What the officer of a desk with one officer is: the work would stop without
    /// any of them. They are given away as soon as there is somebody to take them.
    pub const ALONE: Self = Self(
        Self::bit(Role::Reception)
            | Self::bit(Role::Digitiser)
            | Self::bit(Role::Supervisor)
            | Self::bit(Role::Auditor)
            | Self::bit(Role::Administrator),
    );

    const fn bit(role: Role) -> u8 {
        1 << role as u8
    }

    /// These.
    pub fn of(roles: &[Role]) -> Self {
        Self(roles.iter().fold(0, |bits, role| bits | Self::bit(*role)))
    }

    /// Whether this one is among them.
    pub const fn has(self, role: Role) -> bool {
        self.0 & Self::bit(role) != 0
    }

    /// Whether any of them has this right.
    pub fn may(self, right: Right) -> bool {
        right.roles().iter().any(|role| self.has(*role))
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of these are among the others.
    pub const fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Each of them.
    pub fn each(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roles({self})")
    }
}

impl fmt::Display for Roles {
    /// Their names with commas between them, which is also how they are stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, role) in self.each().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(role.name())?;
        }
        Ok(())
    }
}

/// The text names a role that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("roles are reception, digitiser, postal, supervisor, auditor and administrator")]
pub struct NotARole;

impl FromStr for Roles {
    type Err = NotARole;

    fn from_str(text: &str) -> Result<Self, NotARole> {
        if text.trim().is_empty() {
            return Ok(Self::NONE);
        }
        let named: Option<Vec<Role>> = text
            .split(',')
            .map(|name| Role::from_name(name.trim()))
            .collect();
        named.map(|named| Self::of(&named)).ok_or(NotARole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table once more, as a person would draw it: R reception, D digitiser,
    /// P postal, S supervisor, A auditor, M administrator.
    const TABLE: [(Right, &str); 20] = [
        (Right::Receive, "RDP"),
        (Right::SeeOpenPapers, "RDPS"),
        (Right::Scan, "RDP"),
        (Right::Extract, "RDP"),
        (Right::Decide, "RDS"),
        (Right::Sign, "RD"),
        (Right::Deposit, "RD"),
        (Right::Correct, "DS"),
        (Right::Find, "RDS"),
        (Right::Reveal, "RDS"),
        (Right::Export, "DS"),
        (Right::SeeFigures, "SM"),
        (Right::Teach, "SM"),
        (Right::ReadAudit, "A"),
        (Right::CheckVault, "SAM"),
        (Right::ManageOfficers, "M"),
        (Right::BackUp, "M"),
        (Right::Enrol, "M"),
        (Right::Send, "RDPSAM"),
        (Right::Erase, "SM"),
    ];

    const fn letter(role: Role) -> char {
        match role {
            Role::Reception => 'R',
            Role::Digitiser => 'D',
            Role::Postal => 'P',
            Role::Supervisor => 'S',
            Role::Auditor => 'A',
            Role::Administrator => 'M',
        }
    }

    #[test]
    fn every_role_may_what_the_table_says_and_nothing_else() {
        for right in Right::ALL {
            let line = TABLE.iter().find(|(other, _)| *other == right);
            let letters = line.map_or("", |(_, letters)| letters);
            for role in Role::ALL {
                let may = Roles::of(&[role]).may(right);
                assert_eq!(may, letters.contains(letter(role)), "{role:?} {right:?}");
                assert!(!Roles::NONE.may(right));
            }
        }
    }

    #[test]
    fn an_auditor_and_an_administrator_see_no_paper() {
        let papers = [
            Right::SeeOpenPapers,
            Right::Find,
            Right::Reveal,
            Right::Export,
        ];
        let watchers = Roles::of(&[Role::Auditor, Role::Administrator]);
        assert!(papers.iter().all(|right| !watchers.may(*right)));
    }

    #[test]
    fn one_officer_alone_can_do_all_the_work() {
        assert!(Right::ALL.iter().all(|right| Roles::ALONE.may(*right)));
    }

    #[test]
    fn every_set_of_roles_and_every_right_survives_its_text_form() {
        for bits in 0..1_u8 << Role::ALL.len() {
            let roles = Roles(bits);
            assert_eq!(roles.to_string().parse(), Ok(roles));
        }
        for right in Right::ALL {
            assert_eq!(Right::from_name(right.name()), Some(right));
        }
        assert_eq!("reception,king".parse::<Roles>(), Err(NotARole));
    }
}
