//! A provider of sign-ins (`OpenID Connect`): a certified implementation, run by Node, with
//! accounts of nobody.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The provider, which ends with the test.
#[derive(Debug)]
pub struct TestProvider(Child);

/// Where the library lies: `make test` says it.
pub const LIBRARY: &str = "SOHOA_PEER_PROVIDER";

impl TestProvider {
    /// Starts it for one centre. `None` where the library is not at hand.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(port: u16, people_port: u16) -> Option<Self> {
        let Some(folder) = std::env::var_os(LIBRARY) else {
            assert!(
                std::env::var("SOHOA_WINDOW_TESTS").as_deref() != Ok("required"),
                "the tests of the page are required, and {LIBRARY} is not set"
            );
            return None;
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/people_provider.mjs");
        let mut provider = Command::new("node")
            .arg(script)
            .arg(folder)
            .arg(port.to_string())
            .arg(format!("https://127.0.0.1:{people_port}/kho/signed-in"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node is there");
        let mut out = BufReader::new(provider.stdout.take().expect("a pipe")).lines();
        let began = out
            .by_ref()
            .any(|line| line.is_ok_and(|line| line == "listening"));
        assert!(began, "the provider did not start");
        // Whatever else it says must go somewhere.
        std::thread::spawn(move || out.for_each(drop));
        Some(Self(provider))
    }
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
