//! What was digitised before.

use std::str::FromStr;

use clap::Subcommand;
use domain::reuse::Digitising;

use super::VaultFolder;

#[derive(Debug, Subcommand)]
pub(crate) enum ReuseCommand {
    /// Show what answers each component of a dossier, and what of its owner is digitised
    /// already.
    List {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// Ask the centre first.
        #[arg(long)]
        ask_centre: bool,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Answer a component with a paper that is digitised already.
    Link {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// The number of the component, as `reuse list` shows it.
        #[arg(long, value_name = "N")]
        component: usize,
        /// The local or digitisation code of the paper.
        code: String,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Take that back: the component waits for a paper again.
    Undo {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// The number of the component, as `reuse list` shows it.
        #[arg(long, value_name = "N")]
        component: usize,
        #[command(flatten)]
        vault: VaultFolder,
    },
    /// Decide whether a component is digitised, or why it is not.
    Decide {
        /// The dossier, by its id or the code of the case system.
        #[arg(long, value_name = "ID")]
        dossier: String,
        /// The number of the component, as `reuse list` shows it.
        #[arg(long, value_name = "N")]
        component: usize,
        /// `digitise`, `shared_already`, `copy_on_paper`, `only_presented`, `state_secret`
        /// or `not_named`.
        decision: DecisionName,
        #[command(flatten)]
        vault: VaultFolder,
    },
}

/// A decision by its name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecisionName(pub(crate) Digitising);

impl FromStr for DecisionName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let decision = Digitising::from_name(text).map(Self);
        decision.ok_or("there is no decision of that name")
    }
}
