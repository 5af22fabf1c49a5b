//! Tests that need a SANE of their own. It reads its configuration from the
//! environment when it is first used, so a test runs itself again in a child process
//! whose environment points to a configuration of its own.

use std::env;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use scan::{Device, Error};
use tempfile::TempDir;

const CHILD: &str = "SOHOA_SANE_CHILD";

/// A child that takes longer hangs: the tests take a few seconds on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// Runs `body` in a child process of this test where SANE has this configuration. It
/// says whether the devices it needs are there; where they are not, the child says
/// that it did not run.
pub(crate) fn with_sane(
    test: &str,
    configuration: &[(&str, &str)],
    environment: &[(&str, &str)],
    body: impl FnOnce(&[Device]) -> bool,
) {
    if env::var_os(CHILD).is_some() {
        let devices = match scan::sane::list() {
            Ok(devices) => devices,
            Err(Error::SaneAbsent) => Vec::new(),
            Err(error) => panic!("SANE is there and does not answer: {error}"),
        };
        if body(&devices) {
            eprintln!("ran on the simulated device");
        } else {
            eprintln!("skipped: SANE or the back end of this test is not installed");
        }
        return;
    }
    let folder = TempDir::new().unwrap();
    for (name, text) in configuration {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let child = Command::new(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env("SANE_CONFIG_DIR", folder.path())
        .env(CHILD, "1")
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let id = child.id();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    let Ok(output) = receiver.recv_timeout(PATIENCE) else {
        Command::new("kill")
            .args(["-9", &id.to_string()])
            .status()
            .unwrap();
        panic!("the driver hangs");
    };
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    eprintln!("{said}");
    assert!(
        output.status.success(),
        "the child failed: {}",
        output.status
    );
    assert!(
        said.contains("ran on") || said.contains("skipped:"),
        "the child must have run this very test"
    );
}
