//! What delivery costs over a thin and lossy link, beside a plain upload of the same bytes:
//! two network namespaces joined by a wire of 64 kbit/s. Needs root, iproute2 and nftables.
#![allow(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on has failed"
)]
#![allow(clippy::print_stdout, reason = "the figures are the result")]

use std::io::Read as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::dossier::Owner;
use support::test_centre::TestCentre;
use support::test_desk::program;
use support::vault_maker::{Maker, create, office, open, passphrase};

const RATE_KBIT: u64 = 64;
/// A dossier of 12 pages, 1 MiB together.
const PAGES: usize = 12;
const PAGE_BYTES: usize = (1 << 20) / PAGES;
const CENTRE: &str = "10.77.0.2";
/// A run that takes longer has failed.
const PATIENCE: Duration = Duration::from_mins(20);

/// Two ends and a wire, gone with this.
struct Wire {
    desk: String,
    centre: String,
}

fn run(words: &[&str]) {
    let done = Command::new(words[0]).args(&words[1..]).output().unwrap();
    let error = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{words:?}: {error}");
}

impl Wire {
    fn lay(loss_percent: u32) -> Self {
        let wire = Self {
            desk: format!("sohoa-desk-{}", std::process::id()),
            centre: format!("sohoa-centre-{}", std::process::id()),
        };
        for name in [&wire.desk, &wire.centre] {
            run(&["ip", "netns", "add", name]);
        }
        run(&[
            "ip",
            "link",
            "add",
            "wire0",
            "netns",
            &wire.desk,
            "type",
            "veth",
            "peer",
            "name",
            "wire1",
            "netns",
            &wire.centre,
        ]);
        let rate = format!("{RATE_KBIT}kbit");
        for (name, end, address) in [
            (&wire.desk, "wire0", "10.77.0.1/24"),
            (&wire.centre, "wire1", "10.77.0.2/24"),
        ] {
            let inside = |words: &[&str]| run(&[&["ip", "netns", "exec", name], words].concat());
            inside(&["ip", "link", "set", "lo", "up"]);
            inside(&["ip", "link", "set", end, "up"]);
            inside(&["ip", "addr", "add", address, "dev", end]);
            inside(&[
                "tc", "qdisc", "add", "dev", end, "root", "tbf", "rate", &rate, "burst", "3200",
                "latency", "3000ms",
            ]);
            if loss_percent > 0 {
                inside(&["nft", "add", "table", "ip", "wire"]);
                let chain = "add chain ip wire in { type filter hook input priority 0; }";
                inside(&["nft", chain]);
                let rule = format!(
                    "add rule ip wire in ip protocol tcp numgen random mod 100 < {loss_percent} drop"
                );
                inside(&["nft", &rule]);
            }
        }
        wire
    }

    /// Bytes that left the desk's end so far.
    fn sent(&self) -> u64 {
        let words = at(&self.desk);
        let said = Command::new(words[0])
            .args(&words[1..])
            .args(["cat", "/sys/class/net/wire0/statistics/tx_bytes"])
            .output()
            .unwrap();
        String::from_utf8_lossy(&said.stdout)
            .trim()
            .parse()
            .unwrap()
    }
}

/// What is typed before a program that runs at one end.
fn at(end: &str) -> [&str; 4] {
    ["ip", "netns", "exec", end]
}

impl Drop for Wire {
    fn drop(&mut self) {
        for name in [&self.desk, &self.centre] {
            let _ = Command::new("ip").args(["netns", "del", name]).status();
        }
    }
}

fn main() {
    if std::env::args().nth(1).as_deref() == Some("sink") {
        return sink();
    }
    let only = std::env::var("SOHOA_LINK_LOSS").ok();
    let only = only.and_then(|only| only.parse::<u32>().ok());
    // Loss in per cent; how often the bytes may cross the wire, how often the ideal time.
    for (loss, bytes_bar, time_bar) in [(0, 1.10, 1.20), (10, 1.30, 1.60), (30, 2.20, 6.0)] {
        if only.is_none_or(|only| only == loss) {
            measure(loss, bytes_bar, time_bar);
        }
    }
}

fn measure(loss: u32, bytes_bar: f64, time_bar: f64) {
    let wire = Wire::lay(loss);
    let centre = TestCentre::start_at(CENTRE, &at(&wire.centre));
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    deposit(&vault);
    let sohoa = |arguments: &[&str]| {
        let words = at(&wire.desk);
        Command::new(words[0])
            .args(&words[1..])
            .arg(program("sohoa"))
            .args(arguments)
            .arg("--vault")
            .arg(&vault)
            .env("SOHOA_PASSPHRASE", "Thu-nghiem-0000")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
            .success()
    };
    let began = Instant::now();
    let ticket = centre.ticket("H55.242");
    while !sohoa(&["enrol", &ticket]) {
        assert!(began.elapsed() < PATIENCE, "no station in {PATIENCE:?}");
    }
    let before = wire.sent();
    let began = Instant::now();
    let mut passes = 1;
    while !sohoa(&["sync", "--once"]) {
        assert!(began.elapsed() < PATIENCE, "not delivered in {PATIENCE:?}");
        passes += 1;
    }
    let took = began.elapsed().as_secs_f64();
    let crossed = wire.sent() - before;
    let payload: u64 = centre
        .postgres
        .ask("SELECT sum(size_bytes) FROM file")
        .parse()
        .unwrap();
    let ideal = payload as f64 * 8.0 / (RATE_KBIT as f64 * 1000.0);
    let (bytes, time) = (crossed as f64 / payload as f64, took / ideal);
    println!("{loss} % loss: delivered after {took:.0} s");
    let (plain_bytes, plain_time) = plain_upload(&wire, payload, ideal);
    println!(
        "{loss} % loss: {payload} bytes in {took:.0} s and {passes} passes; wire ×{bytes:.2} (bar {bytes_bar}), \
         time ×{time:.2} (bar {time_bar}); plain upload: wire ×{plain_bytes}, time ×{plain_time}"
    );
}

fn deposit(vault: &std::path::Path) {
    drop(create(vault, &office()).unwrap());
    let (vault, officer) = open(vault, &passphrase(0)).unwrap();
    let mut maker = Maker::new(2, officer.id);
    let document = maker.begin(&vault, &Owner::default()).unwrap();
    let pages: Vec<_> = (0..PAGES)
        .map(|page| {
            let image = vec![page as u8; PAGE_BYTES];
            maker.page(&vault, &document, &image).unwrap()
        })
        .collect();
    maker.deposit(&vault, &document, &pages, "giấy").unwrap();
}

/// The same bytes by `curl`, once: how often they crossed the wire, and the ideal time.
fn plain_upload(wire: &Wire, payload: u64, ideal: f64) -> (String, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), vec![7; payload as usize]).unwrap();
    let words = at(&wire.centre);
    let mut sink = Command::new(words[0])
        .args(&words[1..])
        .arg(std::env::current_exe().unwrap())
        .arg("sink")
        .spawn()
        .unwrap();
    let before = wire.sent();
    let began = Instant::now();
    let words = at(&wire.desk);
    let limit = PATIENCE.as_secs().to_string();
    let done = Command::new(words[0])
        .args(&words[1..])
        .args([
            "curl",
            "--silent",
            "--max-time",
            &limit,
            "--retry",
            "3",
            "--retry-connrefused",
        ])
        .args(["--header", "Expect:", "--upload-file"])
        .arg(file.path())
        .arg(format!("http://{CENTRE}:8080/"))
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let took = began.elapsed().as_secs_f64();
    let crossed = wire.sent() - before;
    let _ = sink.kill();
    let _ = sink.wait();
    if done.success() {
        let bytes = format!("{:.2}", crossed as f64 / payload as f64);
        (bytes, format!("{:.2}", took / ideal))
    } else {
        ("?".to_owned(), format!("(gave up after {took:.0} s)"))
    }
}

/// Takes one upload after another and says thanks when all of it has come.
fn sink() {
    let listener = TcpListener::bind((CENTRE, 8080)).unwrap();
    for caller in listener.incoming() {
        let mut caller = caller.unwrap();
        let mut seen = Vec::new();
        let mut buffer = [0; 16 << 10];
        while let Ok(count) = caller.read(&mut buffer) {
            seen.extend_from_slice(&buffer[..count]);
            let text = String::from_utf8_lossy(&seen[..seen.len().min(2_000)]).into_owned();
            let length = text.lines().find_map(|line| {
                let value = line.to_ascii_lowercase();
                value
                    .strip_prefix("content-length:")?
                    .trim()
                    .parse::<usize>()
                    .ok()
            });
            let head = text.find("\r\n\r\n").map(|end| end + 4);
            if count == 0
                || length
                    .zip(head)
                    .is_some_and(|(length, head)| seen.len() >= head + length)
            {
                break;
            }
        }
        let _ =
            std::io::Write::write_all(&mut caller, b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
}
