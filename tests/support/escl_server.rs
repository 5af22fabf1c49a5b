//! A network scanner that is a script: it speaks eSCL on the loopback, has paper as a
//! test loads it, and the troubles of real devices as a test scripts them.
//!
//! It uses the standard library alone, so that the tests of the driver include this
//! file as well.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The device. It is switched off when dropped.
#[derive(Debug)]
pub struct EsclServer {
    port: u16,
    secure: bool,
    state: Arc<Mutex<State>>,
    off: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

/// What can be read from and written to: a socket, or one with TLS around it.
pub trait Line: Read + Write + Send {}
impl<T: Read + Write + Send> Line for T {}

/// Puts TLS around a socket, or nothing.
type Wrap = dyn Fn(TcpStream) -> Option<Box<dyn Line>> + Send + Sync;

/// What lies in the feeder.
#[derive(Clone, Debug)]
pub enum Sheet {
    /// A sheet, as the image that comes of it.
    Page(Vec<u8>),
    /// Two images, front and back, when both sides are asked for; else the front.
    TwoSided(Vec<u8>, Vec<u8>),
    /// This sheet is never delivered; the feeder is in this state then.
    Stuck(&'static str),
    /// The device gives up without a reason in its feeder.
    GivesUp,
    /// No answer comes for this sheet, and the line stays open.
    Silence,
    /// The device is switched off while it sends this sheet.
    Vanishes(Vec<u8>),
    /// So many bytes of the image come, and the line is closed in order.
    CutShort(Vec<u8>, usize),
}

/// How the device behaves.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a script is a list of what goes wrong, and any of it may"
)]
pub struct Script {
    /// The answer to `ScannerCapabilities`.
    pub capabilities: String,
    /// What stands before each XML answer.
    pub prologue: &'static str,
    /// How the page after the last is refused.
    pub end: u16,
    /// Before the path of a job, in its `Location`.
    pub location_prefix: &'static str,
    /// The whole stack comes as one file, once it is through.
    pub whole_stack: Option<Vec<u8>>,
    /// The device gives up when the next page is asked for sooner.
    pub needs_pause: Duration,
    /// How long a page takes, or the word that there is none.
    pub takes: Duration,
    /// So many requests of each kind are answered by 503 first.
    pub busy: u32,
    /// Whether a 503 names the seconds to wait.
    pub retry_after: bool,
    /// Nothing but the capabilities' own options is taken: anything else ends the device.
    pub crashes_on_unknown: bool,
    /// Every request is sent on to this address.
    pub redirect: Option<String>,
    /// Bodies come in chunks, without a length.
    pub chunked: bool,
    /// No request is answered at all.
    pub silent: bool,
    /// A feeder that is started empty jams; else it only refuses.
    pub jams_when_empty: bool,
    /// The state of the feeder, whatever lies in it.
    pub adf_state: Option<&'static str>,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            capabilities: capabilities(true),
            prologue: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            end: 404,
            location_prefix: "",
            whole_stack: None,
            needs_pause: Duration::ZERO,
            takes: Duration::ZERO,
            busy: 0,
            retry_after: false,
            crashes_on_unknown: true,
            redirect: None,
            chunked: false,
            silent: false,
            jams_when_empty: true,
            adf_state: None,
        }
    }
}

#[derive(Debug, Default)]
struct State {
    script: Script,
    feeder: VecDeque<Sheet>,
    glass: Vec<u8>,
    requests: Vec<String>,
    bodies: Vec<String>,
    /// The fault that the feeder stands in.
    fault: Option<&'static str>,
    crashed: bool,
    fed_while_empty: bool,
    jobs: Vec<Job>,
    busy_left: [u32; 4],
    last_page_at: Option<Instant>,
}

#[derive(Debug)]
struct Job {
    from_feeder: bool,
    both_sides: bool,
    /// The back of the sheet that was just delivered.
    back: Option<Vec<u8>>,
    state: &'static str,
    delivered: u32,
}

struct Reply {
    status: u16,
    kind: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// Bytes of the body that are sent before the line breaks.
    breaks_after: Option<usize>,
}

impl EsclServer {
    /// A device that behaves well.
    pub fn start() -> Self {
        Self::scripted(Script::default())
    }

    /// A device that follows a script.
    pub fn scripted(script: Script) -> Self {
        Self::listen(script, false, Arc::new(|line| Some(Box::new(line) as _)))
    }

    /// A device behind what `wrap` puts around its sockets.
    pub fn secure(script: Script, wrap: Arc<Wrap>) -> Self {
        Self::listen(script, true, wrap)
    }

    fn listen(script: Script, secure: bool, wrap: Arc<Wrap>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the loopback has a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let busy_left = [script.busy; 4];
        let state = Arc::new(Mutex::new(State {
            script,
            busy_left,
            ..State::default()
        }));
        let off = Arc::new(AtomicBool::new(false));
        let (shared, is_off) = (Arc::clone(&state), Arc::clone(&off));
        let listener = std::thread::spawn(move || {
            for line in listener.incoming() {
                if is_off.load(Ordering::Acquire) {
                    break;
                }
                let Ok(line) = line else { continue };
                let (shared, is_off, wrap) =
                    (Arc::clone(&shared), Arc::clone(&is_off), Arc::clone(&wrap));
                std::thread::spawn(move || {
                    if let Some(line) = wrap(line) {
                        // A client that hangs up is no trouble of a device.
                        let _ = serve(line, &shared, &is_off);
                    }
                });
            }
        });
        Self {
            port,
            secure,
            state,
            off,
            listener: Some(listener),
        }
    }

    /// By which the driver opens it.
    pub fn id(&self) -> String {
        format!("escl:{}", self.url())
    }

    /// The root of its interface.
    pub fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}/eSCL", self.port)
    }

    /// Its port on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Puts these sheets into the feeder, in the place of what lies there.
    pub fn load(&self, sheets: Vec<Sheet>) {
        let mut state = self.state();
        state.feeder = sheets.into();
        state.fault = None;
    }

    /// Puts a paper on the glass.
    pub fn lay(&self, image: Vec<u8>) {
        self.state().glass = image;
    }

    /// Changes the script from now on.
    pub fn rescript(&self, change: impl FnOnce(&mut Script)) {
        let mut state = self.state();
        change(&mut state.script);
        state.busy_left = [state.script.busy; 4];
    }

    /// Sheets that still lie in the feeder.
    pub fn sheets_left(&self) -> usize {
        self.state().feeder.len()
    }

    /// What was asked, method and path, in order.
    pub fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// The requests for jobs, as they came.
    pub fn bodies(&self) -> Vec<String> {
        self.state().bodies.clone()
    }

    /// Whether something was done to it that real devices do not survive.
    pub fn is_hurt(&self) -> Option<&'static str> {
        let state = self.state();
        match (state.crashed, state.fed_while_empty) {
            (true, _) => Some("an option was set that is not in its capabilities"),
            (_, true) => Some("an empty feeder was started"),
            _ => None,
        }
    }

    /// Switches it off, in the middle of whatever it does.
    pub fn switch_off(&self) {
        self.off.store(true, Ordering::Release);
        // The listener wakes up and sees it.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for EsclServer {
    fn drop(&mut self) {
        self.switch_off();
        if let Some(listener) = self.listener.take() {
            let _ended = listener.join();
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut line: Box<dyn Line>, state: &Mutex<State>, off: &AtomicBool) -> std::io::Result<()> {
    let (head, body) = read_request(&mut line)?;
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    // The silence ends with the device, so that no thread outlives the test.
    let keep_silent = || {
        while !off.load(Ordering::Acquire) {
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let answer = {
        let mut state = lock(state);
        state.requests.push(format!("{method} {path}"));
        if state.script.silent || state.crashed {
            None
        } else {
            answer(&mut state, method, path, &body)
        }
    };
    let Some(reply) = answer else {
        keep_silent();
        return Ok(());
    };
    let (chunked, takes) = {
        let script = &lock(state).script;
        (script.chunked, script.takes)
    };
    if path.ends_with("/NextDocument") {
        std::thread::sleep(takes);
    }
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", reply.status);
    for (name, value) in &reply.headers {
        head = format!("{head}{name}: {value}\r\n");
    }
    if !reply.kind.is_empty() {
        head = format!("{head}Content-Type: {}\r\n", reply.kind);
    }
    let cut = reply.breaks_after.unwrap_or(reply.body.len());
    if chunked {
        head.push_str("Transfer-Encoding: chunked\r\n\r\n");
        line.write_all(head.as_bytes())?;
        for chunk in reply.body[..cut].chunks(1000) {
            line.write_all(format!("{:x}\r\n", chunk.len()).as_bytes())?;
            line.write_all(chunk)?;
            line.write_all(b"\r\n")?;
        }
        if reply.breaks_after.is_none() {
            line.write_all(b"0\r\n\r\n")?;
        }
    } else {
        head = format!("{head}Content-Length: {}\r\n\r\n", reply.body.len());
        line.write_all(head.as_bytes())?;
        line.write_all(&reply.body[..cut])?;
    }
    line.flush()?;
    if reply.breaks_after.is_some() {
        off.store(true, Ordering::Release);
    }
    let mut state = lock(state);
    state.last_page_at = path.ends_with("/NextDocument").then(Instant::now);
    Ok(())
}

/// The head and the body of a request.
pub fn read_request(line: &mut Box<dyn Line>) -> std::io::Result<(String, String)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let mut head_end = None;
    loop {
        let length = line.read(&mut buffer)?;
        bytes.extend_from_slice(&buffer[..length]);
        if head_end.is_none() {
            head_end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        }
        if let Some(end) = head_end {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let expected = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0);
            if bytes.len() >= end + 4 + expected {
                let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
                let body = String::from_utf8_lossy(&bytes[end + 4..]).into_owned();
                return Ok((head, body));
            }
        }
        if length == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// `None` when the device says nothing.
fn answer(state: &mut State, method: &str, path: &str, body: &str) -> Option<Reply> {
    if let Some(elsewhere) = &state.script.redirect {
        return Some(plain(302).with("Location", elsewhere.clone()));
    }
    let kind = match (method, path) {
        ("GET", "/eSCL/ScannerCapabilities") => 0,
        ("GET", "/eSCL/ScannerStatus") => 1,
        ("POST", "/eSCL/ScanJobs") => 2,
        ("GET", path) if path.ends_with("/NextDocument") => 3,
        ("DELETE", path) => return Some(delete(state, path)),
        _ => return Some(plain(404)),
    };
    if state.busy_left[kind] > 0 {
        state.busy_left[kind] -= 1;
        let reply = plain(503);
        return Some(if state.script.retry_after {
            reply.with("Retry-After", "1".to_owned())
        } else {
            reply
        });
    }
    match kind {
        0 => Some(xml(&state.script, &state.script.capabilities)),
        1 => Some(xml(&state.script, &status(state))),
        2 => post_job(state, body),
        _ => next_document(state, path),
    }
}

fn plain(status: u16) -> Reply {
    Reply {
        status,
        kind: "",
        headers: Vec::new(),
        body: Vec::new(),
        breaks_after: None,
    }
}

impl Reply {
    fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

fn xml(script: &Script, text: &str) -> Reply {
    Reply {
        kind: "text/xml",
        body: format!("{}{text}", script.prologue).into_bytes(),
        ..plain(200)
    }
}

fn status(state: &State) -> String {
    let feeder = match (state.script.adf_state, state.fault) {
        (Some(stated), _) => stated,
        (_, Some(fault)) => fault,
        _ if state.feeder.is_empty() => "ScannerAdfEmpty",
        _ => "ScannerAdfLoaded",
    };
    let jobs = (state.jobs.iter().enumerate())
        .map(|(number, job)| {
            format!(
                "<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{number}</pwg:JobUri>\
                 <pwg:JobUuid>0000-{number}</pwg:JobUuid>\
                 <pwg:ImagesCompleted>{}</pwg:ImagesCompleted>\
                 <pwg:JobState>{}</pwg:JobState></scan:JobInfo>",
                job.delivered, job.state
            )
        })
        .collect::<Vec<_>>()
        .concat();
    format!(
        "<scan:ScannerStatus xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
         xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\"><pwg:Version>2.62</pwg:Version>\
         <pwg:State>Idle</pwg:State><scan:AdfState>{feeder}</scan:AdfState>\
         <scan:Jobs>{jobs}</scan:Jobs></scan:ScannerStatus>"
    )
}

fn post_job(state: &mut State, body: &str) -> Option<Reply> {
    state.bodies.push(body.to_owned());
    if state.script.crashes_on_unknown && !is_offered(&state.script.capabilities, body) {
        state.crashed = true;
        return None;
    }
    let from_feeder = body.contains(">Feeder<");
    if from_feeder && state.feeder.is_empty() {
        if state.script.jams_when_empty {
            state.fed_while_empty = true;
            state.fault = Some("ScannerAdfJam");
        }
        return Some(plain(409));
    }
    state.jobs.push(Job {
        from_feeder,
        both_sides: body.contains("Duplex>true<"),
        back: None,
        state: "Processing",
        delivered: 0,
    });
    let path = format!(
        "{}/eSCL/ScanJobs/{}",
        state.script.location_prefix,
        state.jobs.len() - 1
    );
    Some(plain(201).with("Location", path))
}

/// Whether every element of a request is known, and every word in it offered.
fn is_offered(capabilities: &str, body: &str) -> bool {
    let texts = |name: &str| {
        let mark = format!(":{name}>");
        let parts = body.split(&mark).skip(1).step_by(2);
        parts
            .map(|part| part[..part.find('<').unwrap_or(part.len())].to_owned())
            .collect::<Vec<_>>()
    };
    let words = [
        "ColorMode",
        "DocumentFormat",
        "DocumentFormatExt",
        "XResolution",
        "Intent",
    ];
    let offered = |name: &str| {
        texts(name)
            .iter()
            .all(|word| capabilities.contains(&format!(":{name}>{word}<")))
    };
    let known = [
        "ScanSettings",
        "Version",
        "Intent",
        "ScanRegions",
        "ScanRegion",
        "ContentRegionUnits",
        "Height",
        "Width",
        "XOffset",
        "YOffset",
        "InputSource",
        "DocumentFormat",
        "DocumentFormatExt",
        "ColorMode",
        "XResolution",
        "YResolution",
        "Duplex",
    ];
    let names = body.split('<').skip(1).filter_map(|tag| {
        let name = tag.trim_start_matches('/').split([' ', '>']).next()?;
        (!name.starts_with('?')).then(|| name.rsplit(':').next().unwrap_or(name))
    });
    let source = if body.contains(">Feeder<") {
        "AdfSimplexInputCaps"
    } else {
        "PlatenInputCaps"
    };
    let duplex = !body.contains("Duplex>") || capabilities.contains("AdfDuplexInputCaps");
    names.into_iter().all(|name| known.contains(&name))
        && words.iter().all(|name| offered(name))
        && capabilities.contains(source)
        && duplex
}

fn job_of(path: &str) -> Option<usize> {
    path.strip_prefix("/eSCL/ScanJobs/")?
        .split('/')
        .next()?
        .parse()
        .ok()
}

fn delete(state: &mut State, path: &str) -> Reply {
    match job_of(path).and_then(|number| state.jobs.get_mut(number)) {
        Some(job) => {
            job.state = "Canceled";
            plain(200)
        }
        None => plain(404),
    }
}

fn next_document(state: &mut State, path: &str) -> Option<Reply> {
    let number = job_of(path)?;
    let end = state.script.end;
    let too_soon = state
        .last_page_at
        .is_some_and(|at| at.elapsed() < state.script.needs_pause);
    let job = state.jobs.get_mut(number)?;
    if job.state != "Processing" {
        return Some(plain(404));
    }
    if too_soon {
        job.state = "Aborted";
        return Some(plain(404));
    }
    if let Some(back) = job.back.take() {
        job.delivered += 1;
        return Some(image(back));
    }
    if !job.from_feeder {
        job.state = "Completed";
        let glass = std::mem::take(&mut state.glass);
        return Some(if glass.is_empty() {
            plain(404)
        } else {
            image(glass)
        });
    }
    if let Some(stack) = state.script.whole_stack.take() {
        state.feeder.clear();
        return Some(image(stack));
    }
    let Some(sheet) = state.feeder.pop_front() else {
        job.state = "Completed";
        return Some(plain(end));
    };
    match sheet {
        Sheet::Page(bytes) => {
            job.delivered += 1;
            Some(image(bytes))
        }
        Sheet::TwoSided(front, back) => {
            job.delivered += 1;
            job.back = job.both_sides.then_some(back);
            Some(image(front))
        }
        Sheet::Stuck(fault) => {
            job.state = "Aborted";
            state.fault = Some(fault);
            Some(plain(409))
        }
        Sheet::GivesUp => {
            job.state = "Aborted";
            Some(plain(404))
        }
        Sheet::Silence => None,
        Sheet::Vanishes(bytes) => {
            let half = bytes.len() / 2;
            Some(Reply {
                breaks_after: Some(half),
                ..image(bytes)
            })
        }
        Sheet::CutShort(mut bytes, length) => {
            bytes.truncate(length);
            Some(image(bytes))
        }
    }
}

fn image(body: Vec<u8>) -> Reply {
    let kind = if body.starts_with(b"%PDF") {
        "application/pdf"
    } else {
        "image/jpeg"
    };
    Reply {
        kind,
        body,
        ..plain(200)
    }
}

/// What a device with a flatbed and a feeder says of itself.
pub fn capabilities(both_sides: bool) -> String {
    let duplex = if both_sides {
        input("AdfDuplexInputCaps", &[150, 200, 300])
    } else {
        String::new()
    };
    format!(
        "<scan:ScannerCapabilities xmlns:scan=\"http://schemas.hp.com/imaging/escl/2011/05/03\" \
         xmlns:pwg=\"http://www.pwg.org/schemas/2010/12/sm\"><pwg:Version>2.62</pwg:Version>\
         <pwg:MakeAndModel>Invented Scan &amp; Feed 7</pwg:MakeAndModel>\
         <pwg:SerialNumber>SERIAL-0815</pwg:SerialNumber>\
         <scan:AdminURI>http://invented.local./index.htm</scan:AdminURI>\
         <scan:Platen>{}</scan:Platen><scan:Adf>{}{duplex}\
         <scan:FeederCapacity>50</scan:FeederCapacity><scan:AdfOptions>\
         <scan:AdfOption>DetectPaperLoaded</scan:AdfOption></scan:AdfOptions></scan:Adf>\
         </scan:ScannerCapabilities>",
        input("PlatenInputCaps", &[75, 150, 200, 300, 600]),
        input("AdfSimplexInputCaps", &[150, 200, 300]),
    )
}

fn input(name: &str, resolutions: &[u32]) -> String {
    let discrete = resolutions
        .iter()
        .map(|dpi| {
            format!(
                "<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>\
                 <scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
            )
        })
        .collect::<Vec<_>>()
        .concat();
    format!(
        "<scan:{name}><scan:MinWidth>32</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>\
         <scan:MinHeight>32</scan:MinHeight><scan:MaxHeight>4200</scan:MaxHeight>\
         <scan:MaxScanRegions>1</scan:MaxScanRegions><scan:SettingProfiles><scan:SettingProfile>\
         <scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>\
         <scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes><scan:DocumentFormats>\
         <pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>\
         <pwg:DocumentFormat>application/pdf</pwg:DocumentFormat>\
         <scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>\
         <scan:DocumentFormatExt>application/pdf</scan:DocumentFormatExt></scan:DocumentFormats>\
         <scan:SupportedResolutions><scan:DiscreteResolutions>{discrete}\
         </scan:DiscreteResolutions></scan:SupportedResolutions>\
         </scan:SettingProfile></scan:SettingProfiles><scan:SupportedIntents>\
         <scan:Intent>Document</scan:Intent></scan:SupportedIntents>\
         <scan:MaxOpticalXResolution>600</scan:MaxOpticalXResolution></scan:{name}>"
    )
}
