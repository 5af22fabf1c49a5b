//! Becoming a station of a centre.

use ::sync::{ConnectionKey, Enrolled, Enrolment, EnrolmentMessage, Ticket, enrol as ask_in};
use domain::audit::Act;
use domain::digest::Digest;
use domain::local_code::Station;
use domain::rights::Right;
use vault::{AskedCentre, KnownCentre};

use crate::error::Refusal;
use crate::{Desk, Error};

/// Makes this desk a station of the centre that a ticket names. Asked again with the same
/// ticket, because the answer was lost, it goes on where it was. Until the centre has
/// answered, the desk stays with the one that it had.
pub fn enrol(desk: &Desk, ticket: &str) -> Result<Station, Error> {
    desk.may(Right::Enrol)?;
    let ticket: Ticket = ticket.parse().map_err(|_| Refusal::NotATicket)?;
    let (known, office) = desk
        .vault
        .read(|read| Ok::<_, Error>((read.known_centre()?, read.office()?)))?;
    if known.is_some_and(|known| known.centre.invitation == ticket.invitation) {
        return Ok(office.station);
    }
    let centre = ask(desk, ticket)?;
    let message = message(desk, &centre)?;
    let enrolled = ask_in(&centre.url, &centre.authority, &message).map_err(Error::Centre)?;
    join(desk, centre, enrolled)
}

/// Keeps what a ticket says, with a new key for the connections, before anything is sent:
/// whoever asks again must ask with the same key.
fn ask(desk: &Desk, ticket: Ticket) -> Result<AskedCentre, Error> {
    let asked = desk.vault.read(|read| read.asked_centre())?;
    if let Some(asked) = asked
        && asked.invitation == ticket.invitation
    {
        return Ok(asked);
    }
    let key = ConnectionKey::generate().ok_or(Error::NoConnectionKey)?;
    let centre = AskedCentre {
        url: ticket.url,
        authority: ticket.authority,
        receipt_key: ticket.receipt_key,
        recipient: ticket.recipient,
        invitation: ticket.invitation,
        connection_key: key.key,
        certificate_request: key.request,
    };
    desk.vault.write(|write| write.ask_centre(&centre))?;
    Ok(centre)
}

/// What the station says to be let in.
pub(super) fn message(desk: &Desk, centre: &AskedCentre) -> Result<EnrolmentMessage, Error> {
    desk.vault.read(|read| {
        let office = read.office()?;
        let asked = Enrolment {
            invitation: &centre.invitation,
            office: office.code.as_str(),
            station: office.station,
            key: Digest::from_bytes(read.station_key()?),
            certificate_request: &centre.certificate_request,
        };
        let mut signed = Ok(());
        let message = asked.message(|message| {
            read.sign_as_station(message).unwrap_or_else(|error| {
                signed = Err(error);
                [0; 64]
            })
        });
        signed?;
        Ok(message)
    })
}

/// The centre has let this desk in.
pub(super) fn join(desk: &Desk, centre: AskedCentre, enrolled: Enrolled) -> Result<Station, Error> {
    let known = KnownCentre {
        centre,
        certificate: enrolled.certificate,
    };
    desk.vault.write(|write| {
        write.join_centre(&known, enrolled.station)?;
        desk.audit(write, Act::StationEnrolled)?;
        Ok(write.office()?.station)
    })
}
