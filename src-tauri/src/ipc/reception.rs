//! Receiving a dossier, and finding back those received before.

use desk::UnprovenPart;
use desk::reception::{self, NewComponent, NewDossier, receive, recent};
use domain::code::OwnerId;
use domain::dossier::Owner;
use serde::{Deserialize, Serialize};
use tauri::State;

use super::error::{Answer, ErrorCode, IpcError};
use super::reuse::DigitisedView;
use super::views::{dossier_now, dossier_view, id};
use crate::seat::{Seat, at_desk};

/// A day of a busy desk; older dossiers are found by searching.
const DOSSIERS_LISTED: usize = 100;

/// A procedure to choose from.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ProcedureView {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) components: Vec<ProcedureComponentView>,
}

/// One line of a procedure's list of components.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ProcedureComponentView {
    pub(crate) name: String,
    pub(crate) code: Option<String>,
    pub(crate) document_type: Option<String>,
    pub(crate) result_type: Option<String>,
}

/// In what form a component was handed in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubmittedAs {
    Original,
    CertifiedCopy,
    PlainCopy,
    Electronic,
}

/// One component as it was handed in.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ReceivedComponent {
    pub(crate) name: String,
    pub(crate) code: Option<String>,
    pub(crate) result_type: Option<String>,
    pub(crate) submitted_as: SubmittedAs,
}

/// Asks to take a dossier in.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ReceiveDossier {
    pub(crate) owner_id: Option<String>,
    pub(crate) owner_name: Option<String>,
    /// What the owner's card says beside, when it was read: `YYYY-MM-DD`.
    pub(crate) owner_birth_on: Option<String>,
    pub(crate) owner_sex: Option<String>,
    pub(crate) owner_address: Option<String>,
    pub(crate) procedure: Option<String>,
    pub(crate) components: Vec<ReceivedComponent>,
}

/// Asks for one dossier.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct OpenDossier {
    pub(crate) dossier_id: String,
}

/// Asks what a reader typed like a keyboard.
#[derive(Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ReadCard {
    pub(crate) typed: String,
}

/// What the code of an identity card says.
#[derive(Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct CardView {
    pub(crate) id: String,
    pub(crate) name: String,
    /// `YYYY-MM-DD`.
    pub(crate) birth_on: String,
    pub(crate) sex: String,
    pub(crate) address: String,
    /// A person has to compare the name with the card.
    pub(crate) name_doubtful: bool,
    /// A person has to compare the address with the card.
    pub(crate) address_doubtful: bool,
}

/// A dossier and how far each of its components has come.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DossierView {
    pub(crate) id: String,
    /// `03-0142`, for people to say aloud.
    pub(crate) provisional_number: String,
    pub(crate) code: Option<String>,
    pub(crate) procedure: Option<String>,
    pub(crate) procedure_name: Option<String>,
    pub(crate) owner_id: Option<String>,
    pub(crate) owner_name: Option<String>,
    /// `YYYY-MM-DD`.
    pub(crate) owner_birth_on: Option<String>,
    pub(crate) owner_sex: Option<String>,
    pub(crate) owner_address: Option<String>,
    /// RFC 3339, UTC.
    pub(crate) received_at: String,
    pub(crate) components: Vec<ComponentView>,
}

/// One component of a dossier.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct ComponentView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) code: Option<String>,
    pub(crate) submitted_as: SubmittedAs,
    /// False for paper copies, which Circular 01/2023, art. 4 leaves out.
    pub(crate) to_digitise: bool,
    pub(crate) document: Option<DocumentSummaryView>,
    /// The paper that was digitised before and answers it instead.
    pub(crate) reused: Option<DigitisedView>,
}

/// How far a document has come.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub(crate) enum DocumentState {
    Scanning,
    Extracted,
    Deposited,
}

/// What the list of components says about a document.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub(crate) struct DocumentSummaryView {
    pub(crate) id: String,
    pub(crate) local_code: String,
    pub(crate) state: DocumentState,
    pub(crate) pages: u32,
    pub(crate) blank_pages: u32,
    /// Pages taken out.
    pub(crate) voided_pages: u32,
    /// Fields that a person must still look at.
    pub(crate) open_fields: u32,
}

/// What was typed, unless it is nothing.
pub(crate) fn non_empty(typed: &str) -> Option<String> {
    Some(typed.trim().to_owned()).filter(|typed| !typed.is_empty())
}

impl TryFrom<ReceivedComponent> for NewComponent {
    type Error = IpcError;
    fn try_from(component: ReceivedComponent) -> Answer<Self> {
        Ok(Self {
            name: component.name,
            code: component.code.map(|code| id(&code)).transpose()?,
            result_type: component.result_type.map(|code| id(&code)).transpose()?,
            submitted_as: component.submitted_as.into(),
        })
    }
}

impl TryFrom<ReceiveDossier> for NewDossier {
    type Error = IpcError;
    fn try_from(request: ReceiveDossier) -> Answer<Self> {
        if request.components.is_empty() {
            return Err(IpcError::of(ErrorCode::NoComponents));
        }
        let owner_id = request.owner_id.as_deref().and_then(non_empty);
        let owner_id = owner_id.map(|typed| typed.parse::<OwnerId>()).transpose();
        Ok(Self {
            owner: Owner {
                id: owner_id.map_err(|_| IpcError::of(ErrorCode::OwnerIdInvalid))?,
                name: request.owner_name.as_deref().and_then(non_empty),
                birth_on: request.owner_birth_on.map(|day| id(&day)).transpose()?,
                sex: request.owner_sex.as_deref().and_then(non_empty),
                address: request.owner_address.as_deref().and_then(non_empty),
            },
            procedure: request.procedure.map(|code| id(&code)).transpose()?,
            components: request
                .components
                .into_iter()
                .map(TryInto::try_into)
                .collect::<Answer<_>>()?,
        })
    }
}

#[tauri::command]
pub(crate) async fn list_procedures(seat: State<'_, Seat>) -> Answer<Vec<ProcedureView>> {
    at_desk(&seat, |desk| {
        Ok(desk
            .catalogue()
            .procedures()
            .iter()
            .map(Into::into)
            .collect())
    })
    .await
}

impl From<&desk::Procedure> for ProcedureView {
    fn from(procedure: &desk::Procedure) -> Self {
        Self {
            code: procedure.code.to_string(),
            name: procedure.name.clone(),
            components: procedure.components.iter().map(Into::into).collect(),
        }
    }
}

impl From<&desk::ProcedureComponent> for ProcedureComponentView {
    fn from(component: &desk::ProcedureComponent) -> Self {
        Self {
            name: component.name.clone(),
            code: component.code.as_ref().map(ToString::to_string),
            document_type: component.document_type.as_ref().map(ToString::to_string),
            result_type: component.result_type.as_ref().map(ToString::to_string),
        }
    }
}

#[tauri::command]
pub(crate) async fn read_card(seat: State<'_, Seat>, request: ReadCard) -> Answer<CardView> {
    // Nothing of a person is read while nobody is signed in.
    let _ = seat.desk()?;
    let card = reception::read_card(&request.typed).map_err(desk::Error::from)?;
    let doubtful = |claim| card.doubtful.contains(&claim);
    Ok(CardView {
        id: card.qr.number.to_string(),
        name: card.qr.name.clone(),
        birth_on: card.qr.birth_on.clone(),
        sex: card.qr.sex.clone(),
        address: card.qr.address.clone(),
        name_doubtful: doubtful(UnprovenPart::Name),
        address_doubtful: doubtful(UnprovenPart::Address),
    })
}

#[tauri::command]
pub(crate) async fn receive_dossier(
    seat: State<'_, Seat>,
    request: ReceiveDossier,
) -> Answer<DossierView> {
    let new = NewDossier::try_from(request)?;
    at_desk(&seat, move |desk| dossier_view(desk, &receive(desk, new)?)).await
}

#[tauri::command]
pub(crate) async fn list_dossiers(seat: State<'_, Seat>) -> Answer<Vec<DossierView>> {
    at_desk(&seat, |desk| {
        recent(desk, DOSSIERS_LISTED)?
            .iter()
            .map(|dossier| dossier_view(desk, dossier))
            .collect()
    })
    .await
}

#[tauri::command]
pub(crate) async fn open_dossier(
    seat: State<'_, Seat>,
    request: OpenDossier,
) -> Answer<DossierView> {
    at_desk(&seat, move |desk| {
        dossier_now(desk, id(&request.dossier_id)?)
    })
    .await
}
