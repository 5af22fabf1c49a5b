//! The program under the driver, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use support::table::record;
use support::test_desk::sample;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::prelude::*;

/// Reading a page with all engines in a debug build on a busy machine.
pub(crate) const LONG: Duration = Duration::from_mins(2);
const SHORT: Duration = Duration::from_secs(20);
/// How long the driver may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(3);
const STEP: Duration = Duration::from_millis(60);

/// The program's window, and everything that goes when the test does.
pub(crate) struct Window {
    pub(crate) driver: WebDriver,
    _process: Driver,
    folder: tempfile::TempDir,
}

/// Which desk the window opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The demonstration desk with a fresh vault.
    Demonstration,
    /// A desk on its first day: no vault, and a scanner that SANE simulates.
    FirstDay,
    /// The demonstration desk of a program that lacks Tesseract's language file.
    EngineAbsent,
    /// The demonstration desk with a document camera, played from recorded frames.
    Camera,
}

/// The driver's process. Asked to end, it takes the browser's driver down with it;
/// killed, it would leave that behind.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let ended = |driver: &mut Child| matches!(driver.try_wait(), Ok(Some(_)));
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let began = Instant::now();
        while !ended(&mut self.0) && began.elapsed() < PATIENCE {
            std::thread::sleep(STEP);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Whether there is a display to open a window on.
pub(crate) fn has_display() -> bool {
    let has = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if !has {
        assert!(
            std::env::var("SOHOA_WINDOW_TESTS").as_deref() != Ok("required"),
            "the window tests are required, and there is no display"
        );
        println!("skipped: there is no display; run under xvfb-run");
    }
    has
}

fn binary() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let folder = here.parent().and_then(|deps| deps.parent()).unwrap();
    let binary = folder.join("so-hoa-mot-cua");
    assert!(
        binary.is_file(),
        "the program is not built: cargo build -p window"
    );
    binary
}

/// The resources without one file.
fn without(whole: &Path, file: &str, folder: &Path) -> PathBuf {
    for part in std::fs::read_dir(whole).unwrap() {
        let part = part.unwrap().path();
        if !part.is_dir() {
            continue;
        }
        let copy = folder.join(part.file_name().unwrap());
        std::fs::create_dir_all(&copy).unwrap();
        for entry in std::fs::read_dir(&part).unwrap() {
            let entry = entry.unwrap();
            if entry.file_name() != file {
                std::os::unix::fs::symlink(entry.path(), copy.join(entry.file_name())).unwrap();
            }
        }
    }
    folder.to_owned()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// Asks the driver, and once more when its line was cut: it keeps connections to
/// the browser's driver that the other side may have closed just then, and such
/// a request has not arrived.
async fn again<T>(ask: impl AsyncFn() -> WebDriverResult<T>) -> T {
    match ask().await {
        Err(error) if matches!(error.as_inner(), WebDriverErrorInner::HttpError(_)) => {
            ask().await.unwrap()
        }
        answer => answer.unwrap(),
    }
}

impl Window {
    pub(crate) async fn open(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scanners = folder.path().join("sane");
        std::fs::create_dir(&scanners).unwrap();
        std::fs::write(scanners.join("dll.conf"), "test\n").unwrap();
        std::fs::write(scanners.join("test.conf"), "number_of_devices 1\n").unwrap();
        let demonstration = if kind == Kind::FirstDay { "0" } else { "1" };
        let resources = desk::Resources::find().unwrap().folder().to_owned();
        let resources = if kind == Kind::EngineAbsent {
            without(
                &resources,
                "vie.traineddata",
                &folder.path().join("resources"),
            )
        } else {
            resources
        };
        let frames = folder.path().join("frames");
        if kind == Kind::Camera {
            let paper = image::open(sample("1-official-document.jpg")).unwrap();
            record(&frames, &[paper.into_rgb8()]).unwrap();
        }
        let (port, native_port) = (free_port(), free_port());
        let process = Command::new("tauri-driver")
            .args([
                "--port",
                &port.to_string(),
                "--native-port",
                &native_port.to_string(),
            ])
            .env("SOHOA_DEMO", demonstration)
            .env("SOHOA_RESOURCES", resources)
            .env("SANE_CONFIG_DIR", &scanners)
            .env("SOHOA_DISCOVERY", "off")
            .env("SOHOA_CAMERA", &frames)
            .env("SOHOA_VAULT", folder.path().join("desk"))
            .stdout(Stdio::null())
            .spawn()
            .expect("tauri-driver is installed by `make setup`");
        let process = Driver(process);
        let mut wanted = Capabilities::new();
        wanted
            .set(
                "tauri:options",
                serde_json::json!({ "application": binary() }),
            )
            .unwrap();
        let server = format!("http://127.0.0.1:{port}");
        let began = Instant::now();
        let driver = loop {
            match WebDriver::new(&server, wanted.clone()).await {
                Ok(driver) => break driver,
                Err(error) => {
                    assert!(began.elapsed() < SHORT, "the window does not open: {error}");
                    tokio::time::sleep(STEP).await;
                }
            }
        };
        let size = std::env::var("SOHOA_WINDOW_SIZE").unwrap_or_default();
        if let Some((width, height)) = size.split_once('x') {
            let (width, height) = (width.parse().unwrap(), height.parse().unwrap());
            driver.set_window_rect(0, 0, width, height).await.unwrap();
        }
        Self {
            driver,
            _process: process,
            folder,
        }
    }

    /// Waits until there is an element that fits.
    pub(crate) async fn wait(&self, css: &str) {
        self.wait_for(css, SHORT).await;
    }

    pub(crate) async fn wait_for(&self, css: &str, limit: Duration) {
        let css = serde_json::to_string(css).unwrap();
        self.until(&format!("document.querySelector({css})"), limit)
            .await;
    }

    /// Waits until a script answers something true.
    pub(crate) async fn until(&self, script: &str, limit: Duration) {
        let began = Instant::now();
        while !self.is(script).await {
            let shown = self.says("document.body.innerText").await;
            assert!(began.elapsed() < limit, "never true: {script}\n{shown}");
            tokio::time::sleep(STEP).await;
        }
    }

    pub(crate) async fn is(&self, script: &str) -> bool {
        let answer = self.ask(&format!("return !!({script})")).await;
        answer.as_bool().unwrap_or(false)
    }

    /// What the script says, as text.
    pub(crate) async fn says(&self, script: &str) -> String {
        let answer = self.ask(&format!("return String({script})")).await;
        answer.as_str().unwrap_or_default().to_owned()
    }

    async fn ask(&self, script: &str) -> serde_json::Value {
        let answer = again(async || self.driver.execute(script, Vec::new()).await).await;
        answer.json().clone()
    }

    /// Presses one key, with others held.
    pub(crate) async fn press(&self, held: &[Key], key: impl Into<char>) {
        let key = key.into();
        let chain = || {
            let down = held.iter().fold(self.driver.action_chain(), |chain, held| {
                chain.key_down(char::from(held.clone()))
            });
            let pressed = down.key_down(key).key_up(key);
            held.iter().rev().fold(pressed, |chain, held| {
                chain.key_up(char::from(held.clone()))
            })
        };
        again(async || chain().perform().await).await;
    }

    /// Types into whatever has the focus.
    pub(crate) async fn type_in(&self, text: &str) {
        again(async || self.driver.action_chain().send_keys(text).perform().await).await;
    }

    /// Puts sheets into the feeder of the demonstration.
    pub(crate) fn load(&self, sheets: &[(&str, &[u8])]) {
        let tray = self.folder.path().join("desk/tray");
        for (name, sheet) in sheets {
            std::fs::write(tray.join(name), sheet).unwrap();
        }
    }

    /// Draws with the pointer held down, from one place to another, told from the middle
    /// of an element in pixels of the screen.
    pub(crate) async fn drag(&self, css: &str, from: (i64, i64), to: (i64, i64)) {
        let middle = self.driver.find(By::Css(css)).await.unwrap();
        again(async || {
            self.driver
                .action_chain()
                .move_to_element_with_offset(&middle, from.0, from.1)
                .click_and_hold()
                .move_to_element_with_offset(&middle, to.0, to.1)
                .release()
                .perform()
                .await
        })
        .await;
    }

    /// A place in the folder that goes with the window.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Keeps a picture where `SOHOA_SCREENSHOTS` says, for people to look at.
    pub(crate) async fn keep_picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("SOHOA_SCREENSHOTS") {
            let folder = PathBuf::from(folder);
            std::fs::create_dir_all(&folder).unwrap();
            self.driver
                .screenshot(&folder.join(format!("{name}.png")))
                .await
                .unwrap();
        }
    }

    /// Runs `sohoa` on the vault of this window's desk, as soon as the window has let it go.
    pub(crate) async fn run_program(&self, arguments: &[&str], environment: &[(&str, &str)]) {
        let began = Instant::now();
        loop {
            let done = Command::new(binary().with_file_name("sohoa"))
                .args(arguments)
                .arg("--vault")
                .arg(self.folder.path().join("desk"))
                .envs(environment.iter().copied())
                .output()
                .unwrap();
            if done.status.success() {
                return;
            }
            assert!(began.elapsed() < SHORT, "{done:?}");
            tokio::time::sleep(STEP).await;
        }
    }

    /// Closes the window and asks the command line what the work at it cost.
    pub(crate) async fn close_and_report(self) -> serde_json::Value {
        let vault = self.folder.path().join("desk").join("vault");
        self.driver.clone().quit().await.unwrap();
        let began = Instant::now();
        loop {
            let report = Command::new(binary().with_file_name("sohoa"))
                .args(["report", "effort", "--json", "--vault"])
                .arg(&vault)
                .env("SOHOA_PASSPHRASE", desk::demo::PASSPHRASE)
                .output()
                .unwrap();
            if report.status.success() {
                return serde_json::from_slice(&report.stdout).unwrap();
            }
            // The program lets its vault go a moment after its window is gone.
            assert!(began.elapsed() < SHORT, "{report:?}");
            tokio::time::sleep(STEP).await;
        }
    }

    pub(crate) async fn close(self) {
        self.driver.quit().await.unwrap();
    }
}
