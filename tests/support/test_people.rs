//! People who look at a centre: a small browser without a window, sessions that no provider
//! had to make, and a town of holders, offices and papers.

#![allow(
    clippy::unwrap_used,
    reason = "a town that cannot be made fails whoever wants one"
)]

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use domain::digest::Digest;
use openssl::ssl::{SslConnector, SslMethod};
use openssl::x509::X509;
use serde_json::Value;

use crate::memory_station::MemoryStation;
use crate::test_centre::TestCentre;

/// Nobody's numbers: no province gives such.
pub const HOLDER_A: &str = "099093000001";
/// Another one's.
pub const HOLDER_B: &str = "099093000002";
/// Of whom no paper lies there.
pub const HOLDER_C: &str = "099093000003";
/// Two communes of one province, and one of another.
pub const COMMUNE: &str = "H55.242";
/// The other one.
pub const NEIGHBOUR: &str = "H55.100";
/// The one of another province.
pub const ELSEWHERE: &str = "H29.300";

/// Longer, and the test is over.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the centre answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The number.
    pub status: u16,
    /// The lines before the body, as they came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; nothing, where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Asks the centre over TLS. Whoever signed in shows the word of the session.
pub fn ask(
    centre: &TestCentre,
    session: Option<&str>,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut connector = SslConnector::builder(SslMethod::tls_client()).unwrap();
    let authority = X509::from_pem(&centre.authority()).unwrap();
    connector.cert_store_mut().add_cert(authority).unwrap();
    let stream = TcpStream::connect(("127.0.0.1", centre.people_port())).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut stream = connector.build().connect("127.0.0.1", stream).unwrap();
    // The older protocol ends an answer by ending the connection.
    let mut head = format!(
        "{method} {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n",
        body.len()
    );
    if let Some(word) = session {
        head.push_str("Cookie: __Host-kho=");
        head.push_str(word);
        head.push_str("\r\n");
    }
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    // Whoever refuses a body need not read it.
    let _ = stream.write_all(body);
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    let end = said
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("{method} {path}: no answer"));
    let head = String::from_utf8_lossy(&said[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head,
        body: said[end + 4..].to_vec(),
    }
}

/// Somebody who signed in; or nobody, where there is no word.
#[derive(Clone, Debug)]
pub struct Account {
    /// What it is called here.
    pub name: &'static str,
    /// The word of its session.
    pub word: Option<String>,
    /// Its role.
    pub role: &'static str,
    /// Its office.
    pub office: &'static str,
    /// Its number.
    pub holder: &'static str,
    /// The case that it shows.
    pub case: Option<String>,
    /// Which papers of the town it may see.
    pub sees: BTreeSet<String>,
}

impl Account {
    /// Signs somebody in without a provider.
    pub fn signed_in(
        centre: &TestCentre,
        name: &'static str,
        role: &'static str,
        office: &'static str,
        holder: &'static str,
    ) -> Self {
        let word = format!("word of {name}").replace(' ', "-");
        centre.postgres.ask(&format!(
            "INSERT INTO session (digest, person, role, office, holder_id, expires_at)
             VALUES ('\\x{}', sha256('{name}'), '{role}', '{office}', '{holder}',
                now() + interval '15 minutes')",
            Digest::of(word.as_bytes())
        ));
        Self {
            name,
            word: Some(word),
            role,
            office,
            holder,
            case: None,
            sees: BTreeSet::new(),
        }
    }

    /// Asks the centre.
    pub fn ask(&self, centre: &TestCentre, method: &str, path: &str, body: &[u8]) -> Answer {
        let headers = [("X-Kho", "1")];
        ask(centre, self.word.as_deref(), method, path, &headers, body)
    }

    /// Takes a case in hand.
    pub fn open_case(&self, centre: &TestCentre, holder: &str, dossier: &str) -> Answer {
        let body = serde_json::json!({
            "holder": holder, "dossier": dossier, "reason": "handling",
        });
        self.ask(centre, "POST", "/kho/v1/cases", body.to_string().as_bytes())
    }

    /// What the database must be told, as the centre tells it, for this account.
    pub fn settings(&self) -> String {
        let reach = match (self.role, &self.case) {
            ("officer", Some(case)) => format!("SET LOCAL kho.holder_case = '{case}';"),
            _ => String::new(),
        };
        let province = if self.office.contains('.') {
            ""
        } else {
            self.office
        };
        format!(
            "BEGIN; SET LOCAL ROLE sohoa_people; SET LOCAL kho.reach = '{}'; SET LOCAL kho.office = '{}';
             SET LOCAL kho.province = '{province}'; SET LOCAL kho.holder = '{}';
             SELECT set_config('kho.person', encode(sha256('{}'), 'hex'), true); {reach}",
            self.role, self.office, self.holder, self.name
        )
    }
}

/// Holders, offices and papers, and everybody who may want to see them.
#[derive(Debug)]
pub struct Town {
    /// The centre.
    pub centre: TestCentre,
    /// Keys of the papers: of A, of B, of both.
    pub papers: Vec<String>,
    /// Twelve accounts.
    pub accounts: Vec<Account>,
}

/// The number that the stations give every dossier.
pub const DOSSIER: &str = "20-0001";

impl Town {
    /// Builds it at a centre for people.
    pub fn at(centre: TestCentre) -> Self {
        let deposit = |number: u32, office: &str, whose: &[(&str, &str)]| -> Vec<String> {
            let station = MemoryStation::enrolled_in(&centre, number, office);
            let keys = whose
                .iter()
                .map(|(paper, dossier)| station.deposit_for(paper, dossier).to_string())
                .collect();
            assert_eq!(station.pass(&station.http()), None);
            keys
        };
        let whose = [
            (HOLDER_A, HOLDER_A),
            (HOLDER_B, HOLDER_B),
            // B's paper in A's dossier is both's.
            (HOLDER_B, HOLDER_A),
        ];
        let mut papers = deposit(1, COMMUNE, &whose);
        papers.extend(deposit(2, NEIGHBOUR, &[(HOLDER_A, "")]));
        papers.extend(deposit(3, ELSEWHERE, &[("", HOLDER_B)]));
        let keys = |places: &[usize]| -> BTreeSet<String> {
            places.iter().map(|place| papers[*place].clone()).collect()
        };
        let (of_a, of_b) = (keys(&[0, 2, 3]), keys(&[1, 2, 4]));
        let account =
            |name, role, office, holder| Account::signed_in(&centre, name, role, office, holder);
        let mut nobody = account("nobody", "holder", "", HOLDER_A);
        nobody.word = None;
        let over = account("session that is over", "holder", "", HOLDER_A);
        centre.postgres.ask(
            "UPDATE session SET expires_at = now() - interval '1 second'
             WHERE person = sha256('session that is over')",
        );
        let holder_a = Account {
            sees: of_a.clone(),
            ..account("holder a", "holder", "", HOLDER_A)
        };
        let holder_b = Account {
            sees: of_b,
            ..account("holder b", "holder", "", HOLDER_B)
        };
        let holder_c = account("holder c", "holder", "", HOLDER_C);
        let with_case = |mut officer: Account| {
            let opened = officer.open_case(&centre, HOLDER_A, DOSSIER);
            assert_eq!(opened.status, 201, "{}", opened.text());
            officer.case = Some(opened.json()["id"].as_str().unwrap().to_owned());
            officer
        };
        let mut in_hand = with_case(account("officer with a case", "officer", COMMUNE, ""));
        in_hand.sees = of_a;
        let case_over = with_case(account(
            "officer whose case is over",
            "officer",
            COMMUNE,
            "",
        ));
        centre.postgres.ask(&format!(
            "UPDATE holder_case SET expires_at = now() - interval '1 second' WHERE id = '{}'",
            case_over.case.as_deref().unwrap()
        ));
        // These show a case that is another one's.
        let borrowed = |mut officer: Account| {
            officer.case.clone_from(&in_hand.case);
            officer
        };
        let accounts = vec![
            nobody,
            over,
            holder_a,
            holder_b,
            holder_c,
            borrowed(account("officer without a case", "officer", COMMUNE, "")),
            borrowed(account("officer next door", "officer", NEIGHBOUR, "")),
            case_over,
            account("supervisor", "supervisor", COMMUNE, ""),
            account("supervisor of the province", "supervisor", "H55", ""),
            account("auditor", "auditor", "", ""),
            in_hand,
        ];
        Self {
            centre,
            papers,
            accounts,
        }
    }

    /// The account of a name.
    pub fn account(&self, name: &str) -> &Account {
        let found = self.accounts.iter().find(|account| account.name == name);
        found.unwrap_or_else(|| panic!("nobody is called {name}"))
    }
}
