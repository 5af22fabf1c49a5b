//! The driver of network scanners, against a device that follows a script.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::ssl::{SslAcceptor, SslMethod};
use openssl::x509::{X509, X509NameBuilder};
use scan::escl::EsclScanner;
use scan::{
    CancelToken, ColourMode, Error, RawPage, ScanSettings, ScanSource, Scanner, Sides, Trace,
};

use crate::contract::{self, SETTINGS, Tray, scan_all};
use crate::escl_server::{EsclServer, Script, Sheet, capabilities};
use crate::papers::{A4_POINTS, jpeg, jpeg_image, number_of, pdf, pixels, scan_page, sheet};

fn page(number: u32) -> Vec<u8> {
    jpeg(&sheet(number), 72)
}

fn pages(count: u32) -> Vec<Sheet> {
    (1..=count)
        .map(|number| Sheet::Page(page(number)))
        .collect()
}

fn opened(server: &EsclServer) -> EsclScanner {
    EsclScanner::open(&server.id(), Trace::off()).unwrap()
}

fn numbers(pages: &[RawPage]) -> Vec<u32> {
    pages.iter().map(|page| number_of(&pixels(page))).collect()
}

/// The numbers of the pages that came of these sheets, and how it ended.
fn scanned(server: &EsclServer, sheets: Vec<Sheet>) -> (Vec<u32>, Result<(), Error>) {
    server.load(sheets);
    let (pages, outcome) = scan_all(&mut opened(server));
    assert_eq!(server.is_hurt(), None);
    (numbers(&pages), outcome)
}

struct EsclTray {
    server: Arc<EsclServer>,
    scanner: EsclScanner,
    broken: Option<u32>,
}

impl EsclTray {
    fn new() -> Self {
        let server = Arc::new(EsclServer::start());
        let scanner = opened(&server);
        Self {
            server,
            scanner,
            broken: None,
        }
    }

    fn with(&self, place: u32, sheet: Sheet) {
        let mut sheets = pages(4);
        sheets[place as usize - 1] = sheet;
        self.server.load(sheets);
    }
}

impl Tray for EsclTray {
    fn scanner(&mut self) -> &mut dyn Scanner {
        &mut self.scanner
    }

    fn number_of(&self, page: &RawPage) -> Option<u32> {
        Some(number_of(&pixels(page)))
    }

    fn load(&mut self) -> usize {
        self.server.load(pages(4));
        self.server.lay(page(1));
        4
    }

    fn empty(&mut self) {
        self.server.load(Vec::new());
    }

    fn break_sheet(&mut self, place: u32) -> &'static str {
        self.broken = Some(place);
        self.with(place, Sheet::Stuck("ScannerAdfJam"));
        "jammed"
    }

    fn stall_sheet(&mut self, place: u32) -> bool {
        self.with(place, Sheet::Silence);
        true
    }

    fn unplug_after_two(&mut self) -> Box<dyn FnOnce()> {
        let server = Arc::clone(&self.server);
        Box::new(move || server.switch_off())
    }

    fn repair(&mut self) {
        self.server.load(pages(2));
    }
}

#[test]
fn the_escl_driver_keeps_the_contract() {
    let mut tray = EsclTray::new();
    contract::holds(&mut tray);
    assert_eq!(tray.server.is_hurt(), None);
}

#[test]
fn a_device_is_told_by_its_capabilities() {
    let server = EsclServer::start();
    let device = opened(&server).describe().unwrap();
    assert_eq!(device.name, "Invented Scan & Feed 7");
    assert_eq!(device.sources, ScanSource::ALL);
    assert!(device.both_sides);
    assert_eq!(
        device.resolutions_dpi,
        [150, 200, 300],
        "what all sources offer"
    );
    let simple = EsclServer::scripted(Script {
        capabilities: capabilities(false),
        ..Script::default()
    });
    assert!(!opened(&simple).describe().unwrap().both_sides);
}

#[test]
fn only_what_is_offered_is_asked_for() {
    let server = EsclServer::start();
    for (dpi, taken) in [(72, 150), (200, 200), (240, 200), (1200, 300)] {
        for colour in [ColourMode::Colour, ColourMode::Greyscale] {
            server.load(pages(1));
            let settings = ScanSettings {
                dpi,
                colour,
                ..SETTINGS
            };
            let mut came = Vec::new();
            let outcome = opened(&server).scan(&settings, &CancelToken::new(), &mut |page| {
                came.push(page);
                Ok(())
            });
            outcome.unwrap();
            assert_eq!(came[0].dpi, Some(taken), "{dpi}");
        }
    }
    assert_eq!(server.is_hurt(), None);
    let body = server.bodies().remove(0);
    assert!(body.contains("<scan:ColorMode>RGB24<"), "{body}");
    assert!(server.bodies()[1].contains("<scan:ColorMode>Grayscale8<"));
}

#[test]
fn a_device_without_intents_duplex_or_ext_formats_hears_nothing_of_them() {
    let poor = capabilities(false)
        .replace("<scan:Intent>Document</scan:Intent>", "")
        .replace(
            "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>",
            "",
        )
        .replace(
            "<scan:DocumentFormatExt>application/pdf</scan:DocumentFormatExt>",
            "",
        );
    let server = EsclServer::scripted(Script {
        capabilities: poor,
        ..Script::default()
    });
    assert_eq!(scanned(&server, pages(2)).0, [1, 2]);
    let body = server.bodies().remove(0);
    for word in ["Intent", "Duplex", "DocumentFormatExt"] {
        assert!(!body.contains(word), "{word}: {body}");
    }
}

#[test]
fn both_sides_come_front_and_back() {
    let server = EsclServer::start();
    let sheets = || {
        vec![
            Sheet::TwoSided(page(1), page(2)),
            Sheet::TwoSided(page(3), page(4)),
        ]
    };
    assert_eq!(
        scanned(&server, sheets()).0,
        [1, 3],
        "one side was asked for"
    );
    server.load(sheets());
    let settings = ScanSettings {
        sides: Sides::Both,
        ..SETTINGS
    };
    let mut came = Vec::new();
    let outcome = opened(&server).scan(&settings, &CancelToken::new(), &mut |page| {
        came.push(page);
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(numbers(&came), [1, 2, 3, 4]);
}

#[test]
fn the_end_of_the_feeder_is_known_however_it_is_said() {
    for (end, location_prefix, chunked) in [
        (404, "", false),
        (409, "http://device.invalid.", true),
        (410, "https://elsewhere.invalid:8443", false),
        (404, "https://elsewhere.invalid:8443", true),
    ] {
        let server = EsclServer::scripted(Script {
            end,
            location_prefix,
            chunked,
            ..Script::default()
        });
        let (came, outcome) = scanned(&server, pages(2));
        outcome.unwrap_or_else(|error| panic!("{end} {location_prefix}: {error}"));
        assert_eq!(came, [1, 2]);
    }
}

#[test]
fn the_status_is_asked_before_a_feeder_is_started() {
    let server = EsclServer::start();
    let (came, outcome) = scanned(&server, Vec::new());
    assert_eq!(
        (came, outcome.unwrap_err().name()),
        (Vec::new(), "feeder_empty")
    );
    assert!(
        server.bodies().is_empty(),
        "no job was started: {:?}",
        server.requests()
    );
}

#[test]
fn every_fault_of_a_feeder_has_its_name_and_keeps_the_pages_before_it() {
    for (state, name) in [
        ("ScannerAdfJam", "jammed"),
        ("ScannerAdfMispick", "jammed"),
        ("ScannerAdfHatchOpen", "cover_open"),
        ("ScannerAdfDuplexPageTooShort", "device_refused"),
    ] {
        let server = EsclServer::start();
        let mut sheets = pages(2);
        sheets.push(Sheet::Stuck(state));
        sheets.extend(pages(1));
        let (came, outcome) = scanned(&server, sheets);
        assert_eq!(outcome.unwrap_err().name(), name);
        assert_eq!(came, [1, 2], "{state}");
        assert_eq!(server.sheets_left(), 1);
        // Before a scan the same states are the same faults.
        let standing = EsclServer::scripted(Script {
            adf_state: Some(state),
            ..Script::default()
        });
        let (came, outcome) = scanned(&standing, pages(2));
        assert_eq!((came.len(), outcome.unwrap_err().name()), (0, name));
    }
}

#[test]
fn a_device_that_gives_up_is_not_taken_for_an_empty_feeder() {
    let server = EsclServer::start();
    let mut sheets = pages(2);
    sheets.push(Sheet::GivesUp);
    sheets.extend(pages(1));
    let (came, outcome) = scanned(&server, sheets);
    assert_eq!(outcome.unwrap_err().name(), "device_refused");
    assert_eq!(came, [1, 2]);
}

#[test]
fn a_device_that_needs_a_pause_gets_one() {
    let server = EsclServer::scripted(Script {
        needs_pause: Duration::from_millis(150),
        ..Script::default()
    });
    let (came, outcome) = scanned(&server, pages(5));
    outcome.unwrap();
    assert_eq!(came, [1, 2, 3, 4, 5]);
}

#[test]
fn a_busy_device_is_asked_again_and_not_for_ever() {
    let server = EsclServer::scripted(Script {
        busy: 2,
        retry_after: true,
        ..Script::default()
    });
    let (came, outcome) = scanned(&server, pages(1));
    outcome.unwrap();
    assert_eq!(came, [1]);
    server.rescript(|script| {
        script.busy = 1000;
        script.retry_after = false;
    });
    let begun = Instant::now();
    let (came, outcome) = scanned(&server, pages(1));
    assert_eq!(
        (came.len(), outcome.unwrap_err().name()),
        (0, "device_busy")
    );
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_stack_that_comes_as_one_pdf_is_its_pages() {
    let stack = [1, 2, 3].map(|number| scan_page(jpeg_image(page(number), 200, 280)));
    let server = EsclServer::scripted(Script {
        whole_stack: Some(pdf(stack.into(), A4_POINTS)),
        ..Script::default()
    });
    let (came, outcome) = scanned(&server, pages(3));
    outcome.unwrap();
    assert_eq!(came, [1, 2, 3]);
}

#[test]
fn invalid_answers_are_survived() {
    for prologue in [
        "",
        "\u{feff}<?xml version='1.0'?>",
        "<?xml version=\"1.0\"?><!DOCTYPE scan [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<!-- & -->",
    ] {
        let server = EsclServer::scripted(Script {
            prologue,
            ..Script::default()
        });
        let (came, outcome) = scanned(&server, pages(1));
        outcome.unwrap_or_else(|error| panic!("{prologue:?}: {error}"));
        assert_eq!(came, [1], "{prologue:?}");
    }
    for (answer, name) in [
        ("<html>Sign in first</html>", "no_such_device"),
        ("", "no_such_device"),
        ("<scan:ScannerCapabilities", "no_such_device"),
    ] {
        let server = EsclServer::scripted(Script {
            capabilities: answer.to_owned(),
            ..Script::default()
        });
        assert_eq!(
            opened(&server).describe().unwrap_err().name(),
            name,
            "{answer}"
        );
    }
}

#[test]
fn an_answer_that_never_comes_is_an_error_soon() {
    let server = EsclServer::scripted(Script {
        silent: true,
        ..Script::default()
    });
    let begun = Instant::now();
    assert_eq!(
        opened(&server).describe().unwrap_err().name(),
        "device_gone"
    );
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(5500), "{took:?}");
}

#[test]
fn an_answer_without_end_is_cut_off() {
    let server = EsclServer::scripted(Script {
        capabilities: "<x>".repeat(1_000_000),
        ..Script::default()
    });
    assert_eq!(
        opened(&server).describe().unwrap_err().name(),
        "file_too_large"
    );
}

#[test]
fn nobody_is_sent_to_another_host() {
    let elsewhere = EsclServer::start();
    let server = EsclServer::scripted(Script {
        redirect: Some(format!("{}/ScannerCapabilities", elsewhere.url())),
        ..Script::default()
    });
    assert_eq!(
        opened(&server).describe().unwrap_err().name(),
        "device_refused"
    );
    assert!(elsewhere.requests().is_empty());
}

#[test]
fn a_page_that_is_cut_short_is_refused_and_named_by_its_place() {
    let whole = page(3);
    let half = whole.len() / 2;
    for sheet in [
        Sheet::CutShort(whole.clone(), half),
        Sheet::CutShort(b"no image at all".to_vec(), 15),
    ] {
        let server = EsclServer::start();
        let mut sheets = pages(2);
        sheets.push(sheet);
        let (came, outcome) = scanned(&server, sheets);
        let error = outcome.unwrap_err();
        assert_eq!(error.sheet(), Some(3), "{error}");
        assert_eq!(came, [1, 2]);
    }
    let server = EsclServer::start();
    let mut sheets = pages(2);
    sheets.push(Sheet::Vanishes(whole));
    let (came, outcome) = scanned(&server, sheets);
    assert_eq!(outcome.unwrap_err().name(), "device_gone");
    assert_eq!(came, [1, 2]);
}

#[test]
fn a_job_that_nobody_wants_any_more_is_ended() {
    let ended = |server: &EsclServer| {
        let requests = server.requests();
        requests
            .iter()
            .filter(|one| one.starts_with("DELETE"))
            .count()
    };
    let server = EsclServer::start();
    server.load(pages(4));
    let outcome = opened(&server).scan(&SETTINGS, &CancelToken::new(), &mut |_page| {
        Err(Error::Sink("the disk is full".into()))
    });
    assert_eq!(outcome.unwrap_err().name(), "sink");
    assert_eq!(ended(&server), 1, "the device learns that it may stop");
    assert_eq!(server.sheets_left(), 3, "no further sheet is drawn in");
    server.load(pages(1));
    scan_all(&mut opened(&server)).1.unwrap();
    assert_eq!(
        ended(&server),
        1,
        "a job that ended by itself is not ended again"
    );
}

#[test]
fn a_device_with_a_certificate_of_its_own_is_read_over_tls() {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "invented-scanner").unwrap();
    let name = name.build();
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_subject_name(&name).unwrap();
    certificate.set_issuer_name(&name).unwrap();
    certificate.set_pubkey(&key).unwrap();
    let (from, to) = (
        Asn1Time::days_from_now(0).unwrap(),
        Asn1Time::days_from_now(1).unwrap(),
    );
    certificate.set_not_before(&from).unwrap();
    certificate.set_not_after(&to).unwrap();
    certificate.sign(&key, MessageDigest::sha256()).unwrap();
    let mut acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls_server()).unwrap();
    acceptor.set_private_key(&key).unwrap();
    acceptor.set_certificate(&certificate.build()).unwrap();
    let acceptor = acceptor.build();
    let server = EsclServer::secure(
        Script::default(),
        Arc::new(move |line| Some(Box::new(acceptor.accept(line).ok()?))),
    );
    assert!(server.id().starts_with("escl:https://"));
    assert_eq!(scanned(&server, pages(2)).0, [1, 2]);
}

#[test]
fn what_is_no_device_says_so() {
    let closed = EsclServer::start();
    let id = closed.id();
    drop(closed);
    let gone = EsclScanner::open(&id, Trace::off()).unwrap().describe();
    assert_eq!(gone.unwrap_err().name(), "device_gone");
    for (id, name) in [
        ("escl:nonsense", "no_such_device"),
        ("escl:http://no-such-host.invalid/eSCL", "no_such_device"),
        ("escl:http://203.0.113.5/eSCL", "access_denied"),
    ] {
        let error = EsclScanner::open(id, Trace::off()).unwrap_err();
        assert_eq!(error.name(), name, "{id}");
    }
}

#[test]
fn a_device_that_announces_itself_is_found_and_can_be_opened() {
    let server = EsclServer::start();
    let announcer = ServiceDaemon::new().unwrap();
    announcer.disable_interface(IfKind::All).unwrap();
    announcer.enable_interface(IfKind::LoopbackV4).unwrap();
    let texts = [
        ("rs", "eSCL"),
        ("ty", "Invented 7"),
        ("UUID", "0-8-15"),
        ("is", "adf,platen"),
    ];
    let service = ServiceInfo::new(
        "_uscan._tcp.local.",
        "Invented 7",
        "invented-scanner.local.",
        "127.0.0.1",
        server.port(),
        &texts[..],
    )
    .unwrap();
    announcer.register(service).unwrap();
    // An announcement takes its time; listening for one takes a second and a half.
    let found = (0..4).find_map(|_| {
        let devices = scan::escl::list_on_loopback();
        devices.into_iter().find(|device| device.id == server.id())
    });
    let _ended = announcer.shutdown();
    let Some(device) = found else {
        eprintln!("skipped: the loopback of this machine carries no multicast");
        return;
    };
    assert_eq!(device.name, "Invented 7");
    let opened = EsclScanner::open(&device.id, Trace::off()).unwrap();
    assert_eq!(opened.describe().unwrap().sources, device.sources);
}
