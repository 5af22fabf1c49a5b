//! Another system of the State, as it was recorded: it hears what is said to it, compares that
//! with what was said then, and answers as it did then.

#![allow(
    clippy::unwrap_used,
    reason = "a recording that cannot be read fails whoever wants it"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::digest::Digest;
use serde_json::{Value, json};

/// The peer. It ends with the test.
#[derive(Debug)]
pub struct RecordedPeer {
    port: u16,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    /// What is still to be said: pairs of `ask` and `answer`.
    rest: Mutex<Vec<Value>>,
    heard: Mutex<Vec<Value>>,
    /// Where something else was said, and what.
    complaints: Mutex<Vec<String>>,
    ended: AtomicBool,
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RecordedPeer {
    /// Replays a recording.
    ///
    /// # Panics
    /// When it is none.
    pub fn replay(recording: &Path) -> Self {
        Self::with(serde_json::from_slice(&std::fs::read(recording).unwrap()).unwrap())
    }

    /// Replays a script.
    ///
    /// # Panics
    /// When it cannot listen.
    pub fn with(script: Vec<Value>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State {
            rest: Mutex::new(script),
            heard: Mutex::default(),
            complaints: Mutex::default(),
            ended: AtomicBool::new(false),
        });
        let peer = Self {
            port,
            state: Arc::clone(&state),
        };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if state.ended.load(Ordering::SeqCst) {
                    return;
                }
                // Whoever waits for an answer that never comes does not keep the next one out.
                let state = Arc::clone(&state);
                std::thread::spawn(move || answer(&state, stream));
            }
        });
        peer
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/chia-se", self.port)
    }

    /// How much is still to be said.
    pub fn left(&self) -> usize {
        lock(&self.state.rest).len()
    }

    /// Everything that was said.
    pub fn heard(&self) -> Vec<Value> {
        lock(&self.state.heard).clone()
    }

    /// What was said otherwise than it was recorded.
    pub fn complaints(&self) -> Vec<String> {
        lock(&self.state.complaints).clone()
    }
}

impl Drop for RecordedPeer {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

fn answer(state: &State, mut stream: TcpStream) {
    let Some(asked) = read(&stream) else {
        return;
    };
    let answer = {
        let mut rest = lock(&state.rest);
        lock(&state.heard).push(asked.clone());
        let expected = if rest.is_empty() {
            json!({"ask": "nothing more", "answer": 500})
        } else {
            rest.remove(0)
        };
        if expected["ask"] != asked {
            let complaint = format!(
                "{asked:#}\nwas said, and then it was\n{:#}",
                expected["ask"]
            );
            lock(&state.complaints).push(complaint);
        }
        expected["answer"].clone()
    };
    match answer.as_u64() {
        Some(status) => {
            let head = format!(
                "HTTP/1.1 {status} Recorded\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes());
        }
        // Silence: until the other end goes.
        None => drop(stream.read(&mut [0])),
    }
}

/// What is asked, as it is recorded: of a file the digest, of a message the whole.
fn read(stream: &TcpStream) -> Option<Value> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let (mut length, mut key, mut kind, mut word) = (0, None, None, None);
    loop {
        let mut head = String::new();
        reader.read_line(&mut head).ok()?;
        let Some((name, value)) = head.trim().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().ok()?,
            "content-type" => kind = Some(value.to_owned()),
            "idempotency-key" => key = Some(value.to_owned()),
            "authorization" => word = Some(value.to_owned()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(_) => json!({ "sha256": Digest::of(&body).to_string(), "bytes": length }),
    };
    Some(json!({
        "method": method, "path": path, "kind": kind, "key": key, "word": word, "body": body,
    }))
}
