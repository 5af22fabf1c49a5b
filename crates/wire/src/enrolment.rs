//! How a desk becomes a station of a centre.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::digest::Digest;
use serde::{Deserialize, Serialize};

/// Begins every ticket, so that a person sees what the text is.
const PREFIX: &str = "sohoa1.";

/// What an administrator carries from the centre to a desk: where the centre is, how to
/// know it, and a word that lets one station in, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// `https://host:port`.
    pub url: String,
    /// The certificate of the centre's authority, as PEM. No other is believed.
    pub authority: String,
    /// The Ed25519 key that signs receipts, in hexadecimal digits.
    pub receipt_key: Digest,
    /// For whom files are sealed that go there (an age recipient).
    pub recipient: String,
    /// The word.
    pub invitation: String,
}

/// The text is no ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a whole ticket of a centre")]
pub struct TicketError;

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).expect("plain fields always make JSON");
        // A letter lost in copying is told at once and not by a centre that cannot be found.
        let digest = Digest::of(&json);
        let check = &digest.as_bytes()[..4];
        write!(
            f,
            "{PREFIX}{}",
            URL_SAFE_NO_PAD.encode([check, json.as_slice()].concat())
        )
    }
}

impl FromStr for Ticket {
    type Err = TicketError;

    /// Reads a ticket as people paste it: with line breaks and spaces.
    fn from_str(text: &str) -> Result<Self, TicketError> {
        let text: String = text.split_whitespace().collect();
        let text = text.strip_prefix(PREFIX).ok_or(TicketError)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| TicketError)?;
        let (check, json) = bytes.split_at_checked(4).ok_or(TicketError)?;
        if Digest::of(json).as_bytes()[..4] != *check {
            return Err(TicketError);
        }
        serde_json::from_slice(json).map_err(|_| TicketError)
    }
}

// The word in it opens a door.
impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// `POST /v1/enrolments`: what a desk says of itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The version of this shape.
    pub wire_version: u32,
    /// The word of the ticket.
    pub invitation: String,
    /// The agency code of the office.
    pub office: String,
    /// The number that the station has drawn.
    pub station: u32,
    /// Its epoch.
    pub epoch: u16,
    /// The Ed25519 key with which it signs.
    pub key: Digest,
    /// A certificate request (PKCS#10, PEM) for its connections.
    pub certificate_request: String,
    /// By the key, over all the rest: it has the key that it names.
    #[serde(with = "crate::base64_text")]
    pub signature: Vec<u8>,
}

impl Enrolment {
    /// What is signed.
    pub fn message(&self) -> Vec<u8> {
        let parts = [
            self.invitation.as_bytes(),
            self.office.as_bytes(),
            &self.station.to_be_bytes(),
            &self.epoch.to_be_bytes(),
            self.key.as_bytes(),
            self.certificate_request.as_bytes(),
        ];
        let mut message = b"station enrolment 1\0".to_vec();
        for part in parts {
            message.extend_from_slice(&(part.len() as u64).to_be_bytes());
            message.extend_from_slice(part);
        }
        message
    }

    /// Whether the key that it names has signed it.
    pub fn is_signed(&self) -> bool {
        let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(self.key.as_bytes()) else {
            return false;
        };
        ed25519_dalek::Signature::from_slice(&self.signature)
            .is_ok_and(|signature| key.verify_strict(&self.message(), &signature).is_ok())
    }
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolment")
            .field("station", &self.station)
            .finish_non_exhaustive()
    }
}

/// The centre's answer to an enrolment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The number of the station from now on: the one it has drawn, unless another has it.
    pub station: u32,
    /// Its certificate, as PEM.
    pub certificate: String,
}

/// SHA-256 of the word of an invitation, which is all that a centre keeps of it.
pub fn invitation_digest(invitation: &str) -> Digest {
    Digest::of_parts(&[b"invitation 1\0", invitation.as_bytes()])
}

/// `Content-Digest` (RFC 9530) of a body.
pub fn content_digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Digest::of(body).as_bytes()))
}
