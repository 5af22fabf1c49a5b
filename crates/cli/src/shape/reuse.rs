//! What the commands of reuse print.

use serde::Serialize;

/// What `reuse list --json` prints, one line a component.
#[derive(Debug, Serialize)]
pub(crate) struct AnsweredComponent {
    /// Its number in the dossier, from 1.
    pub(crate) component: usize,
    pub(crate) name: String,
    /// `digitise`, or the reason why it is not digitised.
    pub(crate) digitising: &'static str,
    /// An officer decided that.
    pub(crate) decided: bool,
    pub(crate) has_own_paper: bool,
    pub(crate) reused: bool,
    pub(crate) offers: Vec<OfferedPaper>,
}

/// A paper that is digitised already.
#[derive(Debug, Serialize)]
pub(crate) struct OfferedPaper {
    pub(crate) local_code: String,
    pub(crate) document_type: String,
    /// It lies at the centre and not here.
    pub(crate) at_centre: bool,
    pub(crate) issued_on: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) valid_until: Option<String>,
    pub(crate) in_force: bool,
}

/// What `reuse link --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Reused {
    pub(crate) component: usize,
    pub(crate) local_code: String,
}

/// What `reuse decide --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Decided {
    pub(crate) component: usize,
    pub(crate) digitising: &'static str,
}

/// What `report reuse --json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct ReuseReport {
    pub(crate) components: u32,
    /// Answered by a paper of their own that is deposited.
    pub(crate) digitised: u32,
    /// Answered by a paper digitised before.
    pub(crate) reused: u32,
    /// Left out, with a reason.
    pub(crate) left_out: u32,
    pub(crate) dossiers_with_reuse: u32,
}
