//! Slips for people: which there are, and making one.

use std::collections::HashMap;
use std::fs;

use desk::slips::{self, Answers};
use desk::{AskShape, SlipSubject};
use domain::ids::DossierId;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::Answer;
use super::separate::SlipsView;
use super::views::id;
use crate::seat::{Seat, at_desk};

/// Asks for a slip about a dossier, to be printed.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct MakeSlip {
    pub(crate) dossier_id: String,
    pub(crate) kind: String,
    /// What the slip asks for, by name.
    pub(crate) answers: HashMap<String, String>,
}

/// A kind of slip about a dossier.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SlipKindView {
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) asks: Vec<SlipAskView>,
}

/// Something that a slip asks for.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct SlipAskView {
    pub(crate) name: String,
    pub(crate) label: String,
    /// The answer is a day.
    pub(crate) is_day: bool,
    pub(crate) required: bool,
}

#[tauri::command]
pub(crate) async fn list_slips(seat: State<'_, Seat>) -> Answer<Vec<SlipKindView>> {
    at_desk(&seat, move |desk| {
        let kinds = desk.catalogue().slips().iter();
        let kinds = kinds.filter(|kind| kind.about == SlipSubject::Dossier);
        Ok(kinds
            .map(|kind| SlipKindView {
                kind: kind.name.clone(),
                title: kind.title.clone(),
                asks: kind
                    .asks
                    .iter()
                    .map(|ask| SlipAskView {
                        name: ask.name.clone(),
                        label: ask.label.clone(),
                        is_day: ask.shape == AskShape::Day,
                        required: ask.required,
                    })
                    .collect(),
            })
            .collect())
    })
    .await
}

#[tauri::command]
pub(crate) async fn make_slip(seat: State<'_, Seat>, request: MakeSlip) -> Answer<SlipsView> {
    let folder = seat.places().exports.clone();
    at_desk(&seat, move |desk| {
        let dossier_id: DossierId = id(&request.dossier_id)?;
        let answers: Answers = request.answers.into_iter().collect();
        let slip = slips::issue(desk, &request.kind, dossier_id, &answers)?;
        let path = folder.join(format!("phieu-{}.pdf", slip.number));
        let unwritable = |source| desk::Error::FileUnwritable {
            path: path.clone(),
            source,
        };
        fs::create_dir_all(&folder).map_err(unwritable)?;
        fs::write(&path, slip.pdf).map_err(unwritable)?;
        Ok(SlipsView {
            file: path.display().to_string(),
        })
    })
    .await
}
