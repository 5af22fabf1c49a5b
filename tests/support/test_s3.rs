//! A server that speaks S3, on this machine only and ended with the test. Each object is a
//! file in its folder, so that a test sees and harms what lies there.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const BUCKET: &str = "bucket";
const PREFIX: &str = "centre";

/// The server, with one bucket.
#[derive(Debug)]
pub struct TestS3 {
    folder: TempDir,
    port: u16,
    server: Option<Child>,
}

impl TestS3 {
    /// Starts it with an empty bucket.
    ///
    /// # Panics
    /// When it is not installed.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a folder");
        let mut s3 = Self {
            folder,
            port: 0,
            server: None,
        };
        s3.restart();
        s3
    }

    /// Ends it at once, if it runs, and starts it again at the same address.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&mut self) {
        self.kill();
        let mut server = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "s3s-fs", "--host", "127.0.0.1"])
            .args(["--access-key", "key", "--secret-key", "secret", "--port"])
            .arg(self.port.to_string())
            .arg(self.folder.path())
            .env("RUST_LOG", "s3s_fs=info")
            .stdout(Stdio::piped())
            .spawn()
            .expect("s3s-fs is installed: `make setup-test` does it");
        let lines = BufReader::new(server.stdout.take().expect("a pipe")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, address) = line.split_once("running at ")?;
            address.trim().rsplit(':').next()?.parse().ok()
        });
        self.port = port.expect("it says where it listens");
        self.server = Some(server);
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Where the objects of a centre lie.
    pub fn objects(&self) -> PathBuf {
        self.folder.path().join(BUCKET).join(PREFIX)
    }

    /// What tells a centre of it.
    pub fn variables(&self) -> [(&'static str, String); 6] {
        [
            ("SOHOA_CENTRE_OBJECTS", format!("s3://{BUCKET}/{PREFIX}")),
            (
                "AWS_ENDPOINT_URL",
                format!("http://127.0.0.1:{}", self.port),
            ),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "key".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
        ]
    }
}

impl Drop for TestS3 {
    fn drop(&mut self) {
        self.kill();
    }
}
