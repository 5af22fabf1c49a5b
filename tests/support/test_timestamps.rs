//! An authority for timestamps on loopback: each question is answered by `openssl ts`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::test_token::{Key, Purpose, TestAuthority};

/// No question is longer.
const MOST_BYTES: usize = 1 << 16;

/// The authority. It answers for as long as the test runs.
#[derive(Debug)]
pub struct TestTimestamps {
    address: String,
}

impl TestTimestamps {
    /// Starts it with a certificate of this authority.
    ///
    /// # Panics
    /// When it cannot be started: then nothing can be tested.
    pub fn start(authority: &TestAuthority) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (certificate, key) = authority.issue(
            "Dấu thời gian thử nghiệm",
            Key::Rsa(2_048),
            Purpose::Timestamps,
        );
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).expect("a file");
        };
        write(
            "certificate.pem",
            &certificate.to_pem().expect("a certificate"),
        );
        write("key.pem", &key.private_key_to_pem_pkcs8().expect("a key"));
        write("serial", b"01");
        let settings = "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_digest = sha256\n\
            default_policy = 1.2.3.4.1\ndigests = sha256\naccuracy = secs:1\nordering = no\n\
            tsa_name = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";
        write("tsa.cnf", settings.as_bytes());
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let address = format!("http://{}/", listener.local_addr().expect("a port"));
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                // A caller that hangs up is none of ours.
                let _ = serve(caller, &folder);
            }
        });
        Self { address }
    }

    /// Where it is asked.
    pub fn address(&self) -> &str {
        &self.address
    }
}

fn serve(caller: TcpStream, folder: &TempDir) -> std::io::Result<()> {
    caller.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(caller.try_clone()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse::<usize>().unwrap_or(0).min(MOST_BYTES);
        }
    }
    let mut question = vec![0; length];
    reader.read_exact(&mut question)?;
    let answer = reply(&question, folder.path())?;
    let mut caller = caller;
    write!(
        caller,
        "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    )?;
    caller.write_all(&answer)
}

fn reply(question: &[u8], folder: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::write(folder.join("question"), question)?;
    let answered = Command::new("openssl")
        .current_dir(folder)
        .args([
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            "question",
        ])
        .args([
            "-signer",
            "certificate.pem",
            "-inkey",
            "key.pem",
            "-out",
            "answer",
        ])
        .output()?;
    if !answered.status.success() {
        return Err(std::io::Error::other("openssl refused"));
    }
    std::fs::read(folder.join("answer"))
}
