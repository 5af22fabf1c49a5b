//! A recording of a network scanner becomes that scanner again: what was answered is
//! answered, in the same order, so that a fault in a far office is a test here.
//! Recordings lie in `tests/traces`; each says in its lines how the scan ended.

use std::collections::VecDeque;
use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use scan::Trace;
use scan::escl::EsclScanner;

use crate::contract::scan_all;
use crate::escl_server::{EsclServer, Line, Sheet, read_request};
use crate::papers::{A4_POINTS, jpeg, jpeg_image, pdf, scan_page, sheet};

/// A request and what was answered.
#[derive(Clone, Debug, Default)]
struct Exchange {
    request: String,
    status: u16,
    kind: String,
    location: Option<String>,
    xml: String,
}

/// The exchanges of a recording. Those that got no answer have the status 0.
fn exchanges(recording: &str) -> VecDeque<Exchange> {
    let mut all: VecDeque<Exchange> = VecDeque::new();
    for line in recording.lines() {
        let Some((_at_ms, said)) = line.split_once(" escl ") else {
            continue;
        };
        let Some((mark, rest)) = said.split_once(' ') else {
            continue;
        };
        match (mark, all.back_mut()) {
            (">", _) => all.push_back(Exchange {
                request: rest.to_owned(),
                ..Exchange::default()
            }),
            ("<", Some(last)) => {
                let words: Vec<&str> = rest.split(' ').collect();
                last.status = words[0].parse().unwrap();
                words[1].clone_into(&mut last.kind);
                let at = words.iter().position(|word| *word == "at");
                last.location = at.map(|at| words[at + 1].to_owned());
            }
            ("<|", Some(last)) => {
                last.xml.push_str(rest);
                last.xml.push('\n');
            }
            _ => {}
        }
    }
    all
}

/// How the recorded scan ended: the pages that came, and the error's name.
fn recorded_outcome(recording: &str) -> (usize, Option<String>) {
    let pages = exchanges(recording)
        .iter()
        .filter(|exchange| exchange.request.ends_with("/NextDocument") && exchange.status == 200)
        .count();
    let ended = recording
        .lines()
        .find_map(|line| line.split_once(" escl = "));
    (pages, ended.map(|(_, name)| name.to_owned()))
}

/// Scans from the recording; the pages that came, the error's name, and the requests
/// that were others than then.
fn replayed(recording: &str) -> (usize, Option<String>, Vec<String>) {
    let left = Arc::new(Mutex::new(exchanges(recording)));
    let strange = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (queue, complaints) = (Arc::clone(&left), Arc::clone(&strange));
    std::thread::spawn(move || {
        for line in listener.incoming() {
            answer(line.unwrap(), &queue, &complaints);
        }
    });
    let id = format!("escl:http://127.0.0.1:{port}/eSCL");
    let mut scanner = EsclScanner::open(&id, Trace::off()).unwrap();
    let (pages, outcome) = scan_all(&mut scanner);
    let mut strange = strange.lock().unwrap().clone();
    strange.extend(
        left.lock()
            .unwrap()
            .iter()
            .map(|one| format!("never asked: {}", one.request)),
    );
    (
        pages.len(),
        outcome.err().map(|error| error.name().to_owned()),
        strange,
    )
}

fn answer(line: TcpStream, left: &Mutex<VecDeque<Exchange>>, strange: &Mutex<Vec<String>>) {
    let mut line: Box<dyn Line> = Box::new(line);
    let Ok((head, _)) = read_request(&mut line) else {
        return;
    };
    let asked: Vec<&str> = head.split_whitespace().take(2).collect();
    let asked = asked.join(" ");
    let expected = left.lock().unwrap().pop_front().unwrap_or_default();
    if asked != expected.request {
        strange
            .lock()
            .unwrap()
            .push(format!("{asked} instead of {}", expected.request));
    }
    let body = match expected.kind.as_str() {
        "jpeg" => jpeg(&sheet(1), 150),
        "pdf" => pdf(
            vec![scan_page(jpeg_image(jpeg(&sheet(1), 150), 200, 280))],
            A4_POINTS,
        ),
        _ => expected.xml.into_bytes(),
    };
    if expected.status == 0 {
        return;
    }
    let location = expected
        .location
        .map_or(String::new(), |path| format!("Location: {path}\r\n"));
    let head = format!(
        "HTTP/1.1 {} X\r\nConnection: close\r\n{location}Content-Length: {}\r\n\r\n",
        expected.status,
        body.len()
    );
    let _hung_up = line
        .write_all(head.as_bytes())
        .and_then(|()| line.write_all(&body));
}

fn recording_of(sheets: Vec<Sheet>) -> (String, usize, Option<String>) {
    let server = EsclServer::start();
    server.load(sheets);
    let (sender, lines) = channel();
    let trace = Trace::to(move |line| sender.send(line).unwrap());
    let mut scanner = EsclScanner::open(&server.id(), trace).unwrap();
    let (pages, outcome) = scan_all(&mut scanner);
    let text = lines.try_iter().collect::<Vec<_>>().join("\n");
    (
        text,
        pages.len(),
        outcome.err().map(|error| error.name().to_owned()),
    )
}

#[test]
fn a_recording_replayed_is_the_same_scan() {
    let page = || Sheet::Page(jpeg(&sheet(1), 150));
    for sheets in [
        vec![page(), page()],
        vec![page(), page(), Sheet::Stuck("ScannerAdfJam"), page()],
        vec![page(), Sheet::GivesUp],
        Vec::new(),
        vec![page(), Sheet::Vanishes(jpeg(&sheet(2), 150))],
    ] {
        let (recording, pages, error) = recording_of(sheets);
        assert_eq!(
            recorded_outcome(&recording),
            (pages, error.clone()),
            "{recording}"
        );
        assert_eq!(
            replayed(&recording),
            (pages, error, Vec::new()),
            "{recording}"
        );
    }
}

#[test]
fn a_recording_names_no_device_and_holds_no_image() {
    let (recording, ..) = recording_of(vec![Sheet::Page(jpeg(&sheet(1), 150))]);
    for secret in [
        "SERIAL-0815",
        "invented.local",
        "127.0.0.1",
        "0000-0",
        "JFIF",
    ] {
        assert!(!recording.contains(secret), "{secret}: {recording}");
    }
    assert!(
        recording.contains("<pwg:MakeAndModel>"),
        "what kind of device it is is told"
    );
    assert!(recording.contains("200 jpeg"));
}

#[test]
fn recordings_from_offices_end_as_they_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let recording = fs::read_to_string(&path).unwrap();
        let (pages, error) = recorded_outcome(&recording);
        assert_eq!(
            replayed(&recording),
            (pages, error, Vec::new()),
            "{}",
            path.display()
        );
        count += 1;
    }
    assert!(count > 0, "there is at least one");
}
