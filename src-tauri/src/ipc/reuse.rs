//! Reuse before a scan: what is digitised already for the owner of a dossier.

use desk::{Desk, reuse};
use domain::ids::DossierId;
use domain::reuse::DigitisedPaper;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::Answer;
use super::reception::DossierView;
use super::views::{dossier_now, id};
use crate::seat::{Seat, at_desk};

/// A paper that is digitised already.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DigitisedView {
    pub(crate) document_id: String,
    pub(crate) local_code: String,
    pub(crate) code: String,
    /// It was digitised at another desk.
    pub(crate) at_centre: bool,
    pub(crate) title: String,
    pub(crate) number: Option<String>,
    pub(crate) issued_on: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) valid_until: Option<String>,
    pub(crate) deposited_at: String,
}

/// A paper that could answer a component.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct OfferView {
    pub(crate) component_id: String,
    pub(crate) paper: DigitisedView,
    pub(crate) in_force: bool,
}

/// Asks what is digitised already for the owner of a dossier.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ListOffers {
    pub(crate) dossier_id: String,
}

/// Asks to answer a component with such a paper.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[expect(clippy::struct_field_names, reason = "every one of them is an id")]
pub(crate) struct LinkPaper {
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
    pub(crate) document_id: String,
}

/// Takes that back.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct UnlinkPaper {
    pub(crate) dossier_id: String,
    pub(crate) component_id: String,
}

pub(super) fn digitised_view(desk: &Desk, paper: &DigitisedPaper) -> DigitisedView {
    let form = desk.catalogue().form(&paper.document_type);
    let value = |name: &str| paper.value(name).map(str::to_owned);
    DigitisedView {
        document_id: paper.document_id.to_string(),
        local_code: paper.local_code.to_string(),
        code: paper.code.text.clone(),
        at_centre: paper.at_centre.is_some(),
        title: form.map_or_else(
            || paper.document_type.to_string(),
            |form| form.title.clone(),
        ),
        number: value("number"),
        issued_on: value("issued_on"),
        issuer: value("issuer"),
        valid_until: value("valid_until"),
        deposited_at: paper.stored_at.to_rfc3339(),
    }
}

#[tauri::command]
pub(crate) async fn list_offers(
    seat: State<'_, Seat>,
    request: ListOffers,
) -> Answer<Vec<OfferView>> {
    at_desk(&seat, move |desk| offers(desk, id(&request.dossier_id)?)).await
}

/// The same with what the centre has, when it has anything.
#[tauri::command]
pub(crate) async fn ask_centre(
    seat: State<'_, Seat>,
    request: ListOffers,
) -> Answer<Vec<OfferView>> {
    at_desk(&seat, move |desk| {
        let dossier_id = id(&request.dossier_id)?;
        if reuse::ask_centre(desk, dossier_id)? == 0 {
            return Ok(Vec::new());
        }
        offers(desk, dossier_id)
    })
    .await
}

fn offers(desk: &Desk, dossier_id: DossierId) -> Answer<Vec<OfferView>> {
    let answered = reuse::of_dossier(desk, dossier_id)?;
    let open = answered
        .into_iter()
        .filter(|one| one.reused.is_none() && one.component.document_id.is_none());
    let offers = open.flat_map(|one| {
        let component_id = one.component.id.to_string();
        one.offers
            .into_iter()
            .map(move |offer| (component_id.clone(), offer))
    });
    let views = offers.map(|(component_id, offer)| OfferView {
        component_id,
        paper: digitised_view(desk, &offer.paper),
        in_force: offer.in_force,
    });
    Ok(views.collect())
}

#[tauri::command]
pub(crate) async fn link_paper(seat: State<'_, Seat>, request: LinkPaper) -> Answer<DossierView> {
    at_desk(&seat, move |desk| {
        let dossier_id = id(&request.dossier_id)?;
        let (component, document) = (id(&request.component_id)?, id(&request.document_id)?);
        reuse::link(desk, dossier_id, component, document)?;
        dossier_now(desk, dossier_id)
    })
    .await
}

#[tauri::command]
pub(crate) async fn unlink_paper(
    seat: State<'_, Seat>,
    request: UnlinkPaper,
) -> Answer<DossierView> {
    at_desk(&seat, move |desk| {
        let dossier_id = id(&request.dossier_id)?;
        reuse::take_back(desk, dossier_id, id(&request.component_id)?)?;
        dossier_now(desk, dossier_id)
    })
    .await
}
