//! A centre in a temporary folder: the real program on a real `PostgreSQL`, both on this
//! machine only, and both ended with the test.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use openssl::asn1::Asn1Time;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::ssl::{SslConnector, SslMethod};
use openssl::x509::{X509, X509NameBuilder};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use zeroize::Zeroizing;

use crate::test_desk::program;
use crate::test_s3::TestS3;

/// How long a server may take to start or to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// The role as which a centre serves.
pub const APPLICATION: &str = "sohoa_application";

/// A `PostgreSQL` of its own, on a socket in a temporary folder.
#[derive(Debug)]
pub struct TestPostgres {
    folder: TempDir,
    server: Option<Child>,
}

impl TestPostgres {
    /// Makes a database cluster and starts it.
    ///
    /// # Panics
    /// When `PostgreSQL` is not there: then nothing of a centre can be tested.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).expect("a folder of our own");
        let mut postgres = Self {
            folder,
            server: None,
        };
        let data = postgres.data();
        std::fs::create_dir(&data).expect("a folder");
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&data));
        }
        run(as_postgres("initdb")
            .args([
                "-A",
                "trust",
                "-U",
                "postgres",
                "--locale=C.UTF-8",
                "-E",
                "UTF8",
                "-D",
            ])
            .arg(&data));
        postgres.restart();
        postgres
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// How a program connects to it that may do everything.
    pub fn address(&self) -> String {
        self.address_of("postgres")
    }

    /// How a role of it connects.
    pub fn address_of(&self, role: &str) -> String {
        format!("host={} user={role} dbname=postgres", self.data().display())
    }

    /// The folder of its socket.
    pub fn socket(&self) -> String {
        self.data().display().to_string()
    }

    /// Ends it at once, as a crash does, if it runs, and starts it again.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&mut self) {
        self.kill();
        let server = as_postgres("postgres")
            .args(["-c", "listen_addresses=", "-c", "max_connections=200", "-k"])
            .arg(self.data())
            .arg("-D")
            .arg(self.data())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("PostgreSQL starts");
        self.server = Some(server);
        let until = Instant::now() + PATIENCE;
        while !self.answers() {
            assert!(Instant::now() < until, "PostgreSQL did not start in time");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it at once, with everything that it has not written down: the next start has to
    /// recover.
    ///
    /// # Panics
    /// When it does not end.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // Its "immediate" way. `SIGKILL` would leave children that keep the next out.
            let pid = Pid::from_child(&server);
            let _ = kill_process(pid, Signal::QUIT);
            server.wait().expect("PostgreSQL ends");
        }
    }

    fn answers(&self) -> bool {
        let said = self.psql("postgres", "SELECT 1").output();
        said.is_ok_and(|said| said.status.success())
    }

    fn psql(&self, role: &str, sql: &str) -> Command {
        let mut psql = Command::new(postgres_tool("psql"));
        psql.args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
            .arg(self.address_of(role))
            .stdin(Stdio::null());
        psql
    }

    /// What a query says, as text: one line for each row, `|` between columns.
    ///
    /// # Panics
    /// When it fails.
    pub fn ask(&self, sql: &str) -> String {
        self.ask_as("postgres", sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// What a query says to a role, or why it was refused.
    ///
    /// # Errors
    /// What `PostgreSQL` says against it.
    ///
    /// # Panics
    /// When there is no `psql`.
    pub fn ask_as(&self, role: &str, sql: &str) -> Result<String, String> {
        let said = self.psql(role, sql).output().expect("psql");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
        if said.status.success() {
            Ok(text(&said.stdout))
        } else {
            Err(text(&said.stderr))
        }
    }
}

impl Drop for TestPostgres {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program of `PostgreSQL`: the newest that Debian has installed, else the one in the path.
pub fn postgres_tool(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let found = versions
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .filter(|program| program.is_file())
        .max();
    found.unwrap_or_else(|| name.into())
}

/// `PostgreSQL` refuses to run as root; and it ends when the test does.
fn as_postgres(name: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    }
    command.arg(postgres_tool(name));
    command
}

fn run(command: &mut Command) {
    let done = command.output().expect("the program is installed");
    let error = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{command:?}: {error}");
}

/// Asks once over a stream.
fn get(mut stream: impl Read + Write, path: &str) -> (u16, String) {
    let words = format!("GET {path} HTTP/1.1\r\nHost: centre\r\nConnection: close\r\n\r\n");
    stream.write_all(words.as_bytes()).expect("it reads");
    let mut answer = Vec::new();
    // The other end closes without a farewell of TLS.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).expect("text");
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok());
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    (status.expect("a status"), body.to_owned())
}

/// A port that nobody listens at now.
///
/// # Panics
/// When there is none.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// A centre with all that it needs.
#[derive(Debug)]
pub struct TestCentre {
    /// Its database.
    pub postgres: TestPostgres,
    folder: TempDir,
    /// Where it listens.
    host: String,
    port: u16,
    /// What is typed before its own name: to run it in a network of its own.
    prefix: Vec<String>,
    /// Where its sealed files lie, when not in a folder.
    pub s3: Option<TestS3>,
    /// What else it is started with.
    words: Vec<String>,
    /// Where it serves its figures.
    figures: u16,
    /// Where its log goes, when not where the test's goes.
    log: Option<PathBuf>,
    server: Option<Child>,
    /// Where people look, if they may.
    people: Option<u16>,
}

impl TestCentre {
    /// A fresh centre that listens on loopback.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start() -> Self {
        Self::start_at("127.0.0.1", &[])
    }

    /// The same with its sealed files in a bucket.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_on_s3() -> Self {
        Self::start_with("127.0.0.1", &[], Some(TestS3::start()))
    }

    /// A fresh centre that listens at another address, run by another program.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_at(host: &str, prefix: &[&str]) -> Self {
        Self::start_with(host, prefix, None)
    }

    fn start_with(host: &str, prefix: &[&str], s3: Option<TestS3>) -> Self {
        let mut centre = Self::prepared(host, prefix, s3);
        centre.restart();
        centre
    }

    /// A fresh centre at which people look who were signed in by a provider, and what they
    /// upload is judged by the authorities in a folder. All that it logs goes to a file.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start_for_people(issuer: &str, authorities: Option<&Path>) -> Self {
        let mut centre = Self::prepared("127.0.0.1", &[], None);
        let port = free_port();
        let settings = serde_json::json!({
            "public_url": format!("https://127.0.0.1:{port}"),
            "issuer": issuer,
            "client_id": "kho",
            "client_secret": "of this test alone",
            "authorities": authorities,
        });
        std::fs::write(centre.settings(), settings.to_string()).expect("a file");
        centre.people = Some(port);
        centre.restart();
        centre
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("people.json")
    }

    /// What it logged, where people look.
    ///
    /// # Panics
    /// When it logs nowhere.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).expect("a file")
    }

    /// Where people look.
    ///
    /// # Panics
    /// When nobody may.
    pub fn people_port(&self) -> u16 {
        self.people.expect("a centre for people")
    }

    /// The certificate of its authority, as PEM.
    ///
    /// # Panics
    /// When it has none.
    pub fn authority(&self) -> Vec<u8> {
        std::fs::read(self.folder.path().join("keys/authority.pem")).expect("a file")
    }

    fn prepared(host: &str, prefix: &[&str], s3: Option<TestS3>) -> Self {
        let centre = Self {
            postgres: TestPostgres::start(),
            folder: tempfile::tempdir().expect("a temporary folder"),
            host: host.to_owned(),
            port: 0,
            prefix: prefix.iter().map(|word| (*word).to_owned()).collect(),
            s3,
            words: Vec::new(),
            figures: 0,
            log: None,
            server: None,
            people: None,
        };
        run(centre.command().arg("init"));
        run(centre.command().arg("migrate"));
        centre
    }

    fn command(&self) -> Command {
        let words = self.prefix.iter().map(OsString::from);
        let mut words = words.chain([program("sohoa-central").into_os_string()]);
        let mut command = Command::new(words.next().expect("the program at least"));
        command
            .args(words)
            .env("DATABASE_OWNER_URL", self.postgres.address())
            .env("DATABASE_URL", self.postgres.address_of(APPLICATION))
            .env("SOHOA_CENTRE_OBJECTS", self.folder.path().join("objects"))
            .env("SOHOA_CENTRE_KEYS", self.folder.path().join("keys"))
            .env("RUST_LOG", "warn");
        if let Some(s3) = &self.s3 {
            command.envs(s3.variables());
        }
        command
    }

    /// Where its sealed files lie: a bucket is a folder of the server that has it.
    pub fn objects(&self) -> PathBuf {
        match &self.s3 {
            Some(s3) => s3.objects(),
            None => self.folder.path().join("objects"),
        }
    }

    /// What the program says to some words.
    ///
    /// # Panics
    /// When it ends with an error.
    pub fn say(&self, words: &[&str]) -> String {
        let said = self.command().args(words).output().expect("it starts");
        assert!(said.status.success(), "{said:?}");
        String::from_utf8_lossy(&said.stdout).trim().to_owned()
    }

    /// Ends it at once, if it runs, and starts it again at the same address.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&mut self) {
        self.kill();
        let mut server = self.command();
        server
            .args(["serve", "--name", &self.host, "--listen"])
            .arg(format!("{}:{}", self.host, self.port))
            .args(&self.words)
            .stdout(Stdio::piped());
        if self.prefix.is_empty() {
            let at = format!("127.0.0.1:{}", self.figures);
            server.args(["--metrics", &at]);
        }
        if let Some(log) = &self.log {
            let log = std::fs::File::create(log).expect("a log");
            server
                .stderr(log)
                .env("SOHOA_LOG", "json")
                .env("RUST_LOG", "debug");
        }
        if let Some(people) = self.people {
            let log = std::fs::File::create(self.folder.path().join("log")).expect("a file");
            server
                .args(["--people", &format!("{}:{people}", self.host)])
                .arg("--people-settings")
                .arg(self.settings())
                .env("RUST_LOG", "debug")
                .stderr(log);
        }
        let mut server = server.spawn().expect("the centre starts");
        let mut lines = BufReader::new(server.stdout.take().expect("a pipe")).lines();
        let mut port_after = |word: &str| {
            let line = lines.next().and_then(Result::ok).unwrap_or_default();
            assert!(line.starts_with(word), "{word}, not {line:?}");
            let port = line.rsplit(':').next().and_then(|port| port.parse().ok());
            port.unwrap_or_else(|| panic!("the centre says where it listens, not {line:?}"))
        };
        if self.prefix.is_empty() {
            self.figures = port_after("metrics");
        }
        self.port = port_after("listening");
        if self.people.is_some() {
            port_after("people");
        }
        self.server = Some(server);
    }

    /// Starts it again with more words.
    pub fn serve_with(&mut self, words: &[&str]) {
        self.words = words.iter().map(|word| (*word).to_owned()).collect();
        self.restart();
    }

    /// Starts it again with its whole log in a file, as JSON.
    pub fn log_to(&mut self, log: &Path) {
        self.log = Some(log.to_owned());
        self.restart();
    }

    /// What it says of itself, on this machine only: the status and the text.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn figures(&self, path: &str) -> (u16, String) {
        let stream = TcpStream::connect(("127.0.0.1", self.figures));
        get(stream.expect("it listens"), path)
    }

    /// What it says to whoever shows no certificate: the status and the text.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut trust = SslConnector::builder(SslMethod::tls_client()).expect("TLS");
        let authority = self.folder.path().join("keys/authority.pem");
        trust.set_ca_file(authority).expect("its authority");
        let stream = TcpStream::connect((self.host.as_str(), self.port)).expect("it listens");
        let stream = trust.build().connect(&self.host, stream).expect("TLS");
        get(stream, path)
    }

    /// What it says when it is to serve as another role of the database, and does not.
    ///
    /// # Panics
    /// When it serves.
    pub fn serve_as(&self, role: &str) -> String {
        let said = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("DATABASE_URL", self.postgres.address_of(role))
            .env("RUST_LOG", "error")
            .output()
            .expect("the centre answers");
        assert!(!said.status.success(), "it must not serve as {role}");
        String::from_utf8_lossy(&said.stderr).into_owned()
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            end(&mut server);
        }
    }

    /// Its process.
    ///
    /// # Panics
    /// While it does not run.
    pub fn process(&self) -> u32 {
        self.server.as_ref().expect("it runs").id()
    }

    /// A ticket for one desk of an office.
    ///
    /// # Panics
    /// When the centre gives none.
    pub fn ticket(&self, office: &str) -> String {
        self.ticket_by(office, self.port)
    }

    /// What the program says when it will not do what it is told.
    ///
    /// # Panics
    /// When it does it.
    pub fn refuses(&self, words: &[&str]) -> String {
        let said = self.command().args(words).output().expect("it starts");
        assert!(!said.status.success(), "{said:?}");
        String::from_utf8_lossy(&said.stderr).into_owned()
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A ticket for a desk that reaches it by another port.
    ///
    /// # Panics
    /// When the centre gives none.
    pub fn ticket_by(&self, office: &str, port: u16) -> String {
        let url = format!("https://{}:{port}", self.host);
        let said = self
            .command()
            .args(["invite", "--office", office, "--url", &url])
            .output()
            .expect("the centre answers");
        assert!(said.status.success(), "{said:?}");
        String::from_utf8(said.stdout)
            .expect("a ticket is text")
            .trim()
            .to_owned()
    }

    /// A certificate of its authority for a station that ended yesterday, and its key, as PEM.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn expired_certificate(&self, station: u32) -> (String, Zeroizing<String>) {
        let read = |name: &str| std::fs::read(self.folder.path().join("keys").join(name));
        let authority = X509::from_pem(&read("authority.pem").expect("a file")).expect("PEM");
        let authority_key = read("authority.key").expect("a file");
        let authority_key = PKey::private_key_from_pem(&authority_key).expect("a key");
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("a curve");
        let key = EcKey::generate(&group)
            .and_then(PKey::from_ec_key)
            .expect("a key");
        let mut name = X509NameBuilder::new().expect("a name");
        name.append_entry_by_nid(Nid::COMMONNAME, &station.to_string())
            .expect("a name");
        let mut builder = X509::builder().expect("a certificate");
        let ended = Asn1Time::from_unix(1_600_000_000).expect("a time");
        let began = Asn1Time::from_unix(1_500_000_000).expect("a time");
        builder.set_version(2).expect("a version");
        builder.set_subject_name(&name.build()).expect("a name");
        builder
            .set_issuer_name(authority.subject_name())
            .expect("a name");
        builder.set_not_before(&began).expect("a time");
        builder.set_not_after(&ended).expect("a time");
        builder.set_pubkey(&key).expect("a key");
        builder
            .sign(&authority_key, MessageDigest::sha256())
            .expect("a signature");
        let pem = builder.build().to_pem().expect("PEM");
        let key = key.private_key_to_pem_pkcs8().expect("PEM");
        let text = |pem: Vec<u8>| String::from_utf8(pem).expect("PEM is text");
        (text(pem), Zeroizing::new(text(key)))
    }

    /// Lets the centre take a bundle.
    ///
    /// # Panics
    /// When it does not.
    pub fn take(&self, bundle: &Path, answer: &Path) {
        assert!(self.can_take(bundle, answer), "the bundle is taken");
    }

    /// Whether the centre takes a bundle.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub fn can_take(&self, bundle: &Path, answer: &Path) -> bool {
        let mut command = self.command();
        command.arg("take").arg(bundle).arg("--answer").arg(answer);
        let said = command.output().expect("the centre answers");
        said.status.success()
    }

    /// Tells the centre something about a station: `revoke`, `release`.
    ///
    /// # Panics
    /// When the centre does not do it.
    pub fn tell(&self, what: &str, station: u32) {
        run(self.command().args([what, &station.to_string()]));
    }
}

impl Drop for TestCentre {
    fn drop(&mut self) {
        self.kill();
    }
}
