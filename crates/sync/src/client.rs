//! The centre as it answers over HTTPS.

use std::time::Duration;

use domain::digest::Digest;
use serde::de::DeserializeOwned;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body};
use wire::enrolment::content_digest;
use wire::{AskCopy, AskHoldings, Holdings, PartStored, Problem, Progress, State};
use zeroize::Zeroizing;

/// A link on which no byte moves for so long is dead.
const STALLED: Duration = Duration::from_secs(25);
/// A part that was handed over may still lie in buffers on this side of a thin link.
const ANSWER: Duration = Duration::from_secs(90);
const CONNECT: Duration = Duration::from_secs(20);
/// No answer of a centre is longer.
const ANSWER_LIMIT_BYTES: u64 = 4 << 20;

/// Who answers.
pub trait Centre {
    /// How far the centre has followed this station's log.
    fn state(&self) -> Result<State, Fault>;
    /// Hands over an envelope.
    fn announce(&self, envelope: &[u8]) -> Result<Progress, Fault>;
    /// How the record of an envelope stands.
    fn progress(&self, envelope: &Digest) -> Result<Progress, Fault>;
    /// Hands over bytes of a sealed file.
    fn put_part(&self, sealed: &Digest, offset: u64, bytes: &[u8]) -> Result<PartStored, Fault>;
}

/// Why no answer came, or not the one that was hoped for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No way to it: no network, no such name, nobody listens.
    #[error("the centre cannot be reached")]
    Unreachable,
    /// The link died in the middle.
    #[error("the link broke off")]
    Stalled,
    /// Whoever answers is not the centre that this desk knows, or does not know this desk.
    #[error("the other end is not the centre that is known here")]
    Untrusted,
    /// The answer is none of a centre.
    #[error("the answer cannot be read")]
    Garbled,
    /// The centre says why not.
    #[error("the centre refused: {}", .0.code.name())]
    Refused(Problem),
}

/// How this desk reaches its centre and proves who it is.
#[derive(Clone)]
pub struct Access {
    /// `https://host:port`.
    pub url: String,
    /// The certificate of the centre's authority, as PEM.
    pub authority: String,
    /// The station's certificate and private key, as PEM; none before it is enrolled.
    pub identity: Option<(String, Zeroizing<String>)>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

/// A centre behind a URL.
#[derive(Clone, Debug)]
pub struct HttpCentre {
    agent: Agent,
    url: String,
}

impl HttpCentre {
    /// Opens no connection yet. `None` when the certificates cannot be read.
    pub fn new(access: &Access) -> Option<Self> {
        let authority = certificates(&access.authority)?;
        let client = match &access.identity {
            Some((certificate, key)) => Some(ClientCert::new_with_certs(
                &certificates(certificate)?,
                PrivateKey::from_pem(key.as_bytes()).ok()?,
            )),
            None => None,
        };
        let tls = TlsConfig::builder()
            .provider(TlsProvider::NativeTls)
            .root_certs(RootCerts::new_with_certs(&authority))
            .client_cert(client)
            .build();
        let config = Agent::config_builder()
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(tls)
            .timeout_connect(Some(CONNECT))
            .timeout_per_read(Some(STALLED))
            .timeout_per_write(Some(STALLED))
            .timeout_recv_response(Some(ANSWER))
            .timeout_recv_body(Some(ANSWER))
            .build();
        Some(Self {
            agent: config.into(),
            url: access.url.trim_end_matches('/').to_owned(),
        })
    }

    pub(crate) fn post(
        &self,
        path: &str,
        kind: &str,
        body: &[u8],
    ) -> Result<ureq::http::Response<Body>, ureq::Error> {
        self.agent
            .post(format!("{}{path}", self.url))
            .content_type(kind)
            .send(body)
    }

    fn get(&self, path: &str) -> Result<ureq::http::Response<Body>, ureq::Error> {
        self.agent.get(format!("{}{path}", self.url)).call()
    }
}

impl HttpCentre {
    /// Which papers of a person lie there.
    pub fn holdings(&self, ask: &AskHoldings) -> Result<Holdings, Fault> {
        let body = serde_json::to_vec(ask).expect("plain fields always make JSON");
        answer(self.post("/v1/holdings", "application/json", &body))
    }

    /// The electronic copy of one of them, if it is the one that was listed.
    pub fn copy(&self, ask: &AskCopy, listed: &Digest, size_bytes: u64) -> Result<Vec<u8>, Fault> {
        let body = serde_json::to_vec(ask).expect("plain fields always make JSON");
        let sent = self.post("/v1/holdings/copy", "application/json", &body);
        let copy = whole(sent, size_bytes.saturating_add(1))?;
        if Digest::of(&copy) != *listed {
            return Err(Fault::Garbled);
        }
        Ok(copy)
    }
}

impl Centre for HttpCentre {
    fn state(&self) -> Result<State, Fault> {
        answer(self.get("/v1/state"))
    }

    fn announce(&self, envelope: &[u8]) -> Result<Progress, Fault> {
        answer(self.post("/v1/records", "application/cose", envelope))
    }

    fn progress(&self, envelope: &Digest) -> Result<Progress, Fault> {
        answer(self.get(&format!("/v1/records/{envelope}")))
    }

    fn put_part(&self, sealed: &Digest, offset: u64, bytes: &[u8]) -> Result<PartStored, Fault> {
        let url = format!("{}/v1/files/{sealed}?offset={offset}", self.url);
        let sent = self
            .agent
            .put(url)
            .content_type("application/octet-stream")
            .header("Content-Digest", content_digest(bytes))
            .send(bytes);
        answer(sent)
    }
}

/// What the centre answers in JSON.
pub(crate) fn answer<T: DeserializeOwned>(
    sent: Result<ureq::http::Response<Body>, ureq::Error>,
) -> Result<T, Fault> {
    let body = whole(sent, ANSWER_LIMIT_BYTES)?;
    serde_json::from_slice(&body).map_err(|_| Fault::Garbled)
}

/// The body of an answer that is no refusal.
fn whole(
    sent: Result<ureq::http::Response<Body>, ureq::Error>,
    limit_bytes: u64,
) -> Result<Vec<u8>, Fault> {
    let mut response = sent.map_err(|error| fault(&error))?;
    let status = response.status();
    let body = response
        .body_mut()
        .with_config()
        .limit(limit_bytes.max(ANSWER_LIMIT_BYTES))
        .read_to_vec()
        .map_err(|error| fault(&error))?;
    if status.is_success() {
        return Ok(body);
    }
    // Over this connection only the centre itself can say anything; what is no problem of
    // its own kind comes from what stands before it and tells nothing of the record.
    match serde_json::from_slice(&body) {
        Ok(problem) => Err(Fault::Refused(problem)),
        Err(_) => Err(Fault::Garbled),
    }
}

fn certificates(pem: &str) -> Option<Vec<Certificate<'static>>> {
    let items = ureq::tls::parse_pem(pem.as_bytes());
    let certificates: Option<Vec<_>> = items
        .map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    certificates.filter(|certificates| !certificates.is_empty())
}

fn fault(error: &ureq::Error) -> Fault {
    match error {
        ureq::Error::Tls(_)
        | ureq::Error::NativeTls(_)
        | ureq::Error::Pem(_)
        | ureq::Error::Der(_) => Fault::Untrusted,
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
            Fault::Unreachable
        }
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Fault::Unreachable
        }
        ureq::Error::Timeout(_) | ureq::Error::Io(_) => Fault::Stalled,
        _ => Fault::Garbled,
    }
}
