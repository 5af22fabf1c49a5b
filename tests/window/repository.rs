//! The page of the repository in Chromium: signed in by a real provider, found, opened, added
//! to, and looked at by an officer.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use desk::digitise::{Accept, Outcome, Paper, digitise};
use desk::{CancelToken, Desk, sync};
use domain::dossier::Owner;
use support::test_centre::{TestCentre, free_port};
use support::test_desk::{TestDesk, sample};
use support::test_people::{COMMUNE, HOLDER_A};
use support::test_provider::TestProvider;
use thirtyfour::prelude::*;

const PATIENCE: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(60);

/// A browser without a window, of the size of a small screen.
struct Browser {
    driver: WebDriver,
    process: Child,
    base: String,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    async fn open(centre: &TestCentre) -> Self {
        let port = free_port();
        let profile = tempfile::tempdir().unwrap();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .env("HOME", profile.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromium-driver is installed by `make setup`");
        let mut wanted = DesiredCapabilities::chrome();
        // The centre's authority is its own; that TLS refuses others is tried elsewhere.
        for word in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--ignore-certificate-errors",
            "--window-size=1280,800",
        ] {
            wanted.add_arg(word).unwrap();
        }
        let server = format!("http://127.0.0.1:{port}");
        let began = Instant::now();
        let driver = loop {
            match WebDriver::new(&server, wanted.clone()).await {
                Ok(driver) => break driver,
                Err(error) => {
                    assert!(
                        began.elapsed() < PATIENCE,
                        "Chromium does not open: {error}"
                    );
                    tokio::time::sleep(STEP).await;
                }
            }
        };
        let base = format!("https://127.0.0.1:{}", centre.people_port());
        Self {
            driver,
            process,
            base,
            _profile: profile,
        }
    }

    async fn says(&self, script: &str) -> String {
        let answer = self
            .driver
            .execute(format!("return String({script})"), Vec::new())
            .await
            .unwrap();
        answer.json().as_str().unwrap_or_default().to_owned()
    }

    async fn until(&self, script: &str) {
        let began = Instant::now();
        loop {
            let is = self
                .driver
                .execute(format!("return !!({script})"), Vec::new())
                .await;
            if is.is_ok_and(|is| is.json() == &serde_json::Value::Bool(true)) {
                return;
            }
            if began.elapsed() > PATIENCE {
                let shown = self.says("document.body.innerText").await;
                panic!("never true: {script}\n{shown}");
            }
            tokio::time::sleep(STEP).await;
        }
    }

    async fn shows(&self, words: &str) {
        let words = serde_json::to_string(words).unwrap();
        self.until(&format!("document.body.innerText.includes({words})"))
            .await;
    }

    async fn type_in(&self, text: &str) {
        let keys = self.driver.action_chain().send_keys(text);
        keys.perform().await.unwrap();
    }

    async fn press(&self, key: Key) {
        let key = char::from(key);
        let pressed = self.driver.action_chain().key_down(key).key_up(key);
        pressed.perform().await.unwrap();
    }

    async fn click(&self, css: &str) {
        self.until(&format!("document.querySelector({css:?})"))
            .await;
        let element = self.driver.find(By::Css(css)).await.unwrap();
        element.click().await.unwrap();
    }

    /// Where somebody wants to look at it: a picture of what is shown.
    async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("SOHOA_PICTURES") {
            let file = std::path::Path::new(&folder).join(format!("{name}.png"));
            self.driver.screenshot(&file).await.unwrap();
        }
    }

    /// Signs in at the provider, as its own pages ask for it.
    async fn sign_in(&self, name: &str) {
        self.driver
            .goto(format!("{}/kho/", self.base))
            .await
            .unwrap();
        self.shows("Đăng nhập").await;
        // The link has the focus.
        self.press(Key::Enter).await;
        self.until("document.querySelector('input[name=login]')")
            .await;
        self.click("input[name=login]").await;
        self.type_in(name).await;
        self.click("input[name=password]").await;
        self.type_in("of this test alone").await;
        self.press(Key::Enter).await;
        self.until("location.pathname === '/kho/'").await;
    }

    async fn sign_out(&self) {
        self.click("#top > button.link").await;
        self.shows("Đăng nhập").await;
        // The provider would remember who it was.
        self.driver.delete_all_cookies().await.unwrap();
        self.driver.goto("about:blank").await.unwrap();
    }
}

/// A desk whose one paper the centre has, and the electronic copy of that.
fn delivered(centre: &TestCentre) -> (TestDesk, Vec<u8>) {
    let test = TestDesk::new();
    let desk: &Desk = test.desk();
    let paper = Paper {
        files: vec![sample("1-official-document.jpg")],
        owner: Owner {
            id: Some(HOLDER_A.parse().unwrap()),
            ..Owner::default()
        },
        accept: Accept::All,
        ..Paper::default()
    };
    let Outcome::Deposited(record) = digitise(desk, &paper).unwrap().0 else {
        panic!("not deposited");
    };
    sync::enrol(desk, &centre.ticket(COMMUNE)).unwrap();
    let sent = sync::send(desk, &CancelToken::new()).unwrap();
    assert_eq!(sent.report.delivered, 1);
    let copy = desk::export::copy_of(desk, record.document_id).unwrap();
    (test, copy)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_finds_opens_and_adds_papers_and_sees_which_office_looked() {
    let port = free_port();
    let centre = TestCentre::start_for_people(&format!("http://127.0.0.1:{port}"), None);
    let Some(_provider) = TestProvider::start(port, centre.people_port()) else {
        println!("skipped: the provider's library is not at hand; make test has it");
        return;
    };
    let (centre, (_desk, copy)) = tokio::task::spawn_blocking(move || {
        let desk = delivered(&centre);
        (centre, desk)
    })
    .await
    .unwrap();
    let browser = Browser::open(&centre).await;
    browser
        .driver
        .goto(format!("{}/kho/", browser.base))
        .await
        .unwrap();
    browser.shows("Giấy tờ đã số hóa").await;
    browser.picture("welcome").await;

    browser.sign_in("holder-a").await;
    browser.shows("1 giấy tờ").await;
    browser.shows("Kho nhận đủ giấy tờ").await;
    browser.picture("papers").await;
    let fetched = browser
        .driver
        .execute_async(
            "const done = arguments[0];
             fetch(document.querySelector('.side a.button').href).then(async (answer) => {
                const bytes = new Uint8Array(await answer.arrayBuffer());
                done([answer.status, answer.headers.get('content-type'),
                    String.fromCharCode(...bytes.slice(0, 5)),
                    bytes.length === Number(answer.headers.get('content-length'))].join(' '));
             })",
            Vec::new(),
        )
        .await
        .unwrap();
    assert_eq!(fetched.json(), "200 application/pdf %PDF- true");
    let digest = browser
        .driver
        .execute_async(
            "const done = arguments[0];
             fetch(document.querySelector('.side a.button').href)
                .then((answer) => answer.arrayBuffer())
                .then((bytes) => crypto.subtle.digest('SHA-256', bytes))
                .then((digest) => done([...new Uint8Array(digest)]
                    .map((byte) => byte.toString(16).padStart(2, '0')).join('')))",
            Vec::new(),
        )
        .await
        .unwrap();
    assert_eq!(
        digest.json(),
        &domain::digest::Digest::of(&copy).to_string()
    );

    // By keys alone: what does not occur is not found.
    browser.type_in("zzz").await;
    browser.shows("Không có giấy tờ nào khớp").await;

    browser.click("nav button:nth-child(2)").await;
    browser.shows("Quý vị chưa tải tệp nào lên").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, &copy).unwrap();
    browser.click(".form input:not([type=file])").await;
    browser.type_in("Đơn xin xác nhận").await;
    let chooser = browser
        .driver
        .find(By::Css("input[type=file]"))
        .await
        .unwrap();
    chooser.send_keys(file.display().to_string()).await.unwrap();
    browser.click(".form button").await;
    browser.shows("Đơn xin xác nhận").await;
    browser.shows("Không có chữ ký số").await;
    browser.picture("uploads").await;
    browser.sign_out().await;

    browser
        .driver
        .goto(format!("http://127.0.0.1:{port}/"))
        .await
        .unwrap();
    browser.driver.delete_all_cookies().await.unwrap();
    browser.sign_in("officer").await;
    browser.shows("Cán bộ chỉ xem được kho").await;
    browser.click(".form label:nth-child(1) input").await;
    browser.type_in(HOLDER_A).await;
    browser.click(".form label:nth-child(2) input").await;
    browser.type_in("999").await;
    browser.press(Key::Enter).await;
    browser.shows("không có hồ sơ này").await;
    browser.picture("case").await;
    let number = centre
        .postgres
        .ask("SELECT body #>> '{dossier,provisional_number}' FROM record");
    browser.driver.refresh().await.unwrap();
    browser.shows("Cán bộ chỉ xem được kho").await;
    browser.click(".form label:nth-child(1) input").await;
    browser.type_in(HOLDER_A).await;
    browser.click(".form label:nth-child(2) input").await;
    browser.type_in(&number).await;
    browser.press(Key::Enter).await;
    browser.shows("1 giấy tờ").await;
    browser.picture("in-hand").await;
    browser.sign_out().await;

    browser
        .driver
        .goto(format!("http://127.0.0.1:{port}/"))
        .await
        .unwrap();
    browser.driver.delete_all_cookies().await.unwrap();
    browser.sign_in("holder-a").await;
    browser.click("nav button:nth-child(3)").await;
    browser.shows("Cán bộ · H55.242").await;
    browser.shows("Xin xem, bị từ chối").await;
    browser.shows("Quý vị").await;
    browser.picture("viewings").await;
    browser.sign_out().await;

    // Whom the provider knows and no agency has let in is nobody here.
    browser
        .driver
        .goto(format!("http://127.0.0.1:{port}/"))
        .await
        .unwrap();
    browser.driver.delete_all_cookies().await.unwrap();
    browser.sign_in("stranger").await;
    browser.shows("chưa được cấp quyền").await;
    browser.driver.clone().quit().await.unwrap();
}
