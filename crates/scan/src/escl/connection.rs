//! Requests to one device, each with an end: an answer, a time limit, or a cancel.
//!
//! A request runs in a thread of its own, because a blocking read cannot be broken
//! off. Whoever waits may leave; the thread ends with its own time limit. Nothing is
//! ever sent to another host: proxies and redirects are not followed, the address is
//! resolved once, and the answers' own addresses count by their paths only.

use std::net::IpAddr;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::tls::{TlsConfig, TlsProvider};

use super::address::Address;
use super::redact::redacted;
use crate::error::Error;
use crate::scanner::CancelToken;
use crate::trace::Trace;

/// A device of the local network that says nothing for so long is gone.
const CONNECTING: Duration = Duration::from_secs(5);

/// How soon a cancel is felt.
const TICK: Duration = Duration::from_millis(50);

/// Bytes of an answer that is no page; the longest seen has 20,000.
const MAX_XML_BYTES: u64 = 1024 * 1024;

/// Bytes of XML on a line of a recording.
const PIECE_BYTES: usize = 1000;

/// A way to one device.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    agent: Agent,
    /// Scheme, address in numbers, port.
    base: String,
    /// The host as the id names it, for devices that look at it.
    host: String,
    root: String,
    trace: Trace,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) method: Method,
    /// The whole path.
    pub(super) path: String,
    pub(super) patience: Duration,
    /// Bytes of the answer's body.
    pub(super) max_bytes: u64,
}

#[derive(Clone, Debug)]
pub(super) enum Method {
    Get,
    Post(String),
    Delete,
}

/// What a device answered.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Ask {
    /// For something that the device knows by heart.
    pub(super) fn get(path: String) -> Self {
        Self {
            method: Method::Get,
            path,
            patience: CONNECTING,
            max_bytes: MAX_XML_BYTES,
        }
    }
}

impl Connection {
    pub(super) fn new(address: &Address, to: IpAddr, trace: Trace) -> Self {
        let scheme = if address.secure { "https" } else { "http" };
        let numbers = match to {
            IpAddr::V4(four) => four.to_string(),
            IpAddr::V6(six) => format!("[{six}]"),
        };
        // Devices make their certificates themselves, so nobody can vouch for them.
        // That they stand in the local network was checked before.
        let tls = TlsConfig::builder()
            .provider(TlsProvider::NativeTls)
            .disable_verification(true)
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            // Old devices count open connections and forget to close them.
            .max_idle_connections(0)
            .timeout_connect(Some(CONNECTING))
            .build()
            .new_agent();
        Self {
            agent,
            base: format!("{scheme}://{numbers}:{}", address.port),
            host: format!("{}:{}", address.host, address.port),
            root: address.root.clone(),
            trace,
        }
    }

    pub(super) fn root(&self) -> &str {
        &self.root
    }

    pub(super) const fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Asks and waits. [`Error::DeviceGone`] when no whole answer came in time.
    pub(super) fn ask(&self, ask: &Ask, cancel: &CancelToken) -> Result<Answer, Error> {
        let (sender, receiver) = channel();
        let (connection, request) = (self.clone(), ask.clone());
        self.note_request(ask);
        std::thread::spawn(move || sender.send(connection.perform(&request)));
        let deadline = Instant::now() + ask.patience;
        loop {
            cancel.check()?;
            match receiver.recv_timeout(TICK) {
                Ok(Ok(answer)) => {
                    self.note_answer(&answer);
                    return Ok(answer);
                }
                Ok(Err(trouble)) => {
                    self.trace.note(|| format!("escl ! {trouble}"));
                    return Err(match trouble {
                        ureq::Error::BodyExceedsLimit(_) => Error::FileTooLarge,
                        _ => Error::DeviceGone,
                    });
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() < deadline => {}
                Err(_) => {
                    self.trace.note(|| "escl ! no answer in time");
                    return Err(Error::DeviceGone);
                }
            }
        }
    }

    fn perform(&self, ask: &Ask) -> Result<Answer, ureq::Error> {
        let url = format!("{}{}", self.base, ask.path);
        let patience = Some(ask.patience);
        let host = &self.host;
        let response = match &ask.method {
            Method::Get => (self.agent.get(&url).header("Host", host))
                .config()
                .timeout_global(patience)
                .build()
                .call(),
            Method::Delete => (self.agent.delete(&url).header("Host", host))
                .config()
                .timeout_global(patience)
                .build()
                .call(),
            Method::Post(xml) => (self.agent.post(&url).header("Host", host))
                .content_type("text/xml")
                .config()
                .timeout_global(patience)
                .build()
                .send(xml),
        };
        let mut response = response?;
        let header = |name: &str| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        let location = header("location");
        let retry_after = header("retry-after")
            .and_then(|seconds| seconds.trim().parse().ok())
            .map(Duration::from_secs);
        let status = response.status().as_u16();
        let body = response
            .body_mut()
            .with_config()
            .limit(ask.max_bytes)
            .read_to_vec()?;
        Ok(Answer {
            status,
            location,
            retry_after,
            body,
        })
    }

    fn note_request(&self, ask: &Ask) {
        let method = match ask.method {
            Method::Get => "GET",
            Method::Post(_) => "POST",
            Method::Delete => "DELETE",
        };
        self.trace.note(|| format!("escl > {method} {}", ask.path));
        if let Method::Post(xml) = &ask.method {
            self.note_body("escl >|", xml.as_bytes());
        }
    }

    fn note_answer(&self, answer: &Answer) {
        self.trace.note(|| {
            let length = answer.body.len();
            let kind = kind_of(&answer.body);
            let mut line = format!("escl < {} {kind} {length}", answer.status);
            if let Some(path) = (answer.location.as_deref())
                .and_then(|location| super::address::path_of(location, &self.root))
            {
                line.push_str(" at ");
                line.push_str(&path);
            }
            if let Some(seconds) = answer.retry_after {
                line.push_str(" retry ");
                line.push_str(&seconds.as_secs().to_string());
            }
            line
        });
        if kind_of(&answer.body) == "xml" {
            self.note_body("escl <|", &answer.body);
        }
    }

    fn note_body(&self, mark: &str, body: &[u8]) {
        let text = redacted(&String::from_utf8_lossy(body));
        for line in pieces(&text) {
            self.trace.note(|| format!("{mark} {line}"));
        }
    }
}

/// The text in lines that a recording keeps whole, cut where an element begins.
fn pieces(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in text.split_inclusive('>') {
        let line = lines.last_mut().expect("there is always one");
        let piece = piece.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.len() + piece.len() > PIECE_BYTES {
            lines.push(piece);
        } else {
            line.push_str(&piece);
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// What a body is, so far as a recording says it. Only XML is ever written down.
fn kind_of(body: &[u8]) -> &'static str {
    match body {
        [] => "nothing",
        [0xFF, 0xD8, ..] => "jpeg",
        [b'%', b'P', b'D', b'F', ..] => "pdf",
        [b'<', ..] => "xml",
        _ => "bytes",
    }
}
