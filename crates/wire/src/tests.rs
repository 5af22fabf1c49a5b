//! What is sent once stays readable, and nothing that was altered is believed.

use std::io::Read as _;

use age::x25519::Identity;
use chrono::{DateTime, Utc};
use domain::digest::Digest;
use domain::local_code::Station;
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;

use crate::submission::{
    AuditPlace, Code, Component, Dossier, Field, FileRole, Officer, Owner, Record, SealedFile,
    SubmissionError,
};
use crate::{
    Answer, Answered, AskCopy, AskHoldings, BundleHead, BundleWriter, Envelope, EnvelopeError,
    FinalCode, Holding, LogPlace, LogProof, OnBehalf, Piece, Problem, ProblemCode, Progress,
    Receipt, ReceiptError, Submission, Ticket, envelope,
};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn public() -> [u8; 32] {
    key().verifying_key().to_bytes()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn id<T: std::str::FromStr>(last: u8) -> T {
    let text = format!("01938d5e-8a40-7000-8000-0000000000{last:02x}");
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn submission() -> Submission {
    Submission {
        wire_version: 1,
        prepared_at: at("2026-11-20T02:00:00Z"),
        audit: AuditPlace {
            position: 12,
            hash: Digest::of(b"trail"),
        },
        manifest_sha256: Digest::of(b"manifest"),
        parent_manifest_sha256: None,
        office: "H55.242".to_owned(),
        record: Record {
            document_id: id(1),
            version: 1,
            local_code: code(),
            document_type: "birth_certificate".to_owned(),
            code: Code {
                kind: "procedure_result".to_owned(),
                text: "001093047064.KQ.G15.000031.123".to_owned(),
                owner_id: "001093047064".to_owned(),
                result_type: "KQ.G15.000031".to_owned(),
                number: "123".to_owned(),
                procedure: String::new(),
                component: String::new(),
            },
            fields: vec![Field {
                name: "number".to_owned(),
                value: "123".to_owned(),
                source: "ocr".to_owned(),
                confirmed_by: Some(id(2)),
            }],
            deposited_at: at("2026-11-20T01:59:00Z"),
            deposited_by: Officer {
                id: id(2),
                name: "Trần Thị Thử".to_owned(),
            },
        },
        dossier: Dossier {
            id: id(3),
            provisional_number: "20-0001".to_owned(),
            code: None,
            procedure: Some("1.001193".to_owned()),
            owner: Owner {
                id: Some("001093047064".to_owned()),
                name: Some("Nguyễn Văn Mẫu".to_owned()),
                birth_on: None,
            },
            received_at: at("2026-11-20T01:50:00Z"),
            component: Some(Component {
                name: "Giấy khai sinh".to_owned(),
                code: Some("TP-H05.000026".to_owned()),
                submitted_as: "original".to_owned(),
            }),
        },
        files: vec![
            file(FileRole::Copy, 0, b"copy"),
            file(FileRole::Page, 0, b"page"),
        ],
    }
}

fn code() -> domain::local_code::LocalCode {
    let station = Station {
        number: 0x80_0001,
        epoch: 1,
    };
    domain::local_code::LocalCode::new(station, 7).unwrap()
}

fn file(role: FileRole, position: u32, bytes: &[u8]) -> SealedFile {
    SealedFile {
        role,
        position,
        sha256: Digest::of(bytes),
        size_bytes: bytes.len() as u64,
        sealed_sha256: Digest::of_parts(&[b"sealed", bytes]),
        sealed_size_bytes: bytes.len() as u64 + 200,
    }
}

fn place() -> LogPlace {
    LogPlace {
        station: Station {
            number: 0x80_0001,
            epoch: 3,
        },
        sequence: 5,
        previous: Digest::of(b"before"),
    }
}

fn sealed() -> Vec<u8> {
    envelope::seal_submission(&place(), submission().to_bytes(), |message| {
        key().sign(message).to_bytes()
    })
}

fn receipt() -> Receipt {
    let envelope = Digest::of(&sealed());
    Receipt {
        wire_version: 1,
        document_id: id(1),
        version: 1,
        manifest_sha256: Digest::of(b"manifest"),
        envelope_sha256: envelope,
        station: 0x80_0001,
        epoch: 3,
        sequence: 5,
        received_at: at("2026-11-20T02:01:00Z"),
        code: FinalCode {
            text: "001093047064.KQ.G15.000031.123.01".to_owned(),
            ordinal: 1,
        },
        log: LogProof {
            index: 0,
            size: 1,
            root: Digest::of_parts(&[&[0], envelope.as_bytes()]),
            path: Vec::new(),
        },
    }
}

macro_rules! golden {
    ($name:literal, $message:expr) => {
        let json = serde_json::to_string_pretty(&$message).unwrap();
        insta::assert_snapshot!($name, json);
    };
}

/// The golden files are the wire: a change of one is a new version of the messages.
#[test]
fn messages_of_version_1_are_written_and_read_as_they_always_were() {
    golden!("submission_1", submission());
    golden!("receipt_1", receipt());
    let answers = [
        Progress::Waiting {
            missing: vec![crate::Missing {
                sealed_sha256: Digest::of(b"file"),
                have_bytes: 65_536,
            }],
        },
        Progress::Received {
            receipt: b"receipt".to_vec(),
        },
        Progress::Parked {
            reason: ProblemCode::Conflict,
        },
    ];
    golden!("progress_1", answers);
    let problem = Problem {
        accepted: Some(crate::Accepted {
            epoch: 3,
            sequence: 4,
            head: Digest::of(b"before"),
        }),
        ..ProblemCode::OutOfOrder.into()
    };
    golden!("problem_1", problem);
    golden!("bundle_head_1", bundle_head("age1station"));
    golden!("answer_1", answer());
    let on_behalf = OnBehalf {
        dossier: id(7),
        officer: submission().record.deposited_by,
    };
    golden!(
        "ask_copy_1",
        AskCopy {
            wire_version: crate::VERSION,
            owner_id: "001099000001".to_owned(),
            document_id: id(1),
            version: 2,
            on_behalf: on_behalf.clone(),
        }
    );
    golden!(
        "ask_holdings_1",
        AskHoldings {
            wire_version: crate::VERSION,
            owner_id: "001099000001".to_owned(),
            on_behalf,
        }
    );
    let record = submission().record;
    golden!(
        "holding_1",
        Holding {
            document_id: record.document_id,
            version: record.version,
            local_code: record.local_code,
            document_type: record.document_type,
            code: record.code,
            fields: record.fields,
            received_at: at("2026-11-22T03:00:00Z"),
            copy_sha256: Digest::of(b"copy"),
            copy_size_bytes: 4,
        }
    );
    let bytes = submission().to_bytes();
    assert_eq!(Submission::from_bytes(&bytes).unwrap(), submission());
    insta::assert_snapshot!("envelope_1", Digest::of(&sealed()));
}

fn bundle_head(answer_to: &str) -> BundleHead {
    BundleHead {
        wire_version: crate::VERSION,
        station: 8_388_609,
        epoch: 3,
        made_at: at("2026-11-22T02:00:00Z"),
        answer_to: answer_to.to_owned(),
        enrolment: None,
        waiting: vec![Digest::of(b"envelope")],
    }
}

fn answer() -> Answer {
    Answer {
        wire_version: crate::VERSION,
        station: 8_388_609,
        epoch: 3,
        now: at("2026-11-22T03:00:00Z"),
        enrolled: None,
        problem: Some(ProblemCode::OutOfOrder.into()),
        records: vec![Answered {
            envelope: Digest::of(b"envelope"),
            progress: Progress::Received {
                receipt: b"receipt".to_vec(),
            },
        }],
    }
}

/// What a bundle holds: the length of its head, envelopes and files.
fn unpacked(identity: &Identity, bytes: &[u8]) -> std::io::Result<Vec<Vec<u8>>> {
    let mut pieces = Vec::new();
    crate::read_bundle::<std::io::Error>(identity, bytes, |_, piece| {
        match piece {
            None => {}
            Some(Piece::Envelope(bytes)) => pieces.push(bytes),
            Some(Piece::File(digest, from)) => {
                let mut bytes = Vec::new();
                from.read_to_end(&mut bytes)?;
                assert_eq!(Digest::of(&bytes), digest);
                pieces.push(bytes);
            }
        }
        Ok(())
    })?;
    Ok(pieces)
}

fn bundle_for(centre: &Identity) -> Vec<u8> {
    let centre = centre.to_public().to_string();
    let head = bundle_head("age1station");
    let mut writer = BundleWriter::begin(&centre, &head, Vec::new()).unwrap();
    writer.envelope(b"first").unwrap();
    writer.envelope(b"second").unwrap();
    writer.file(&Digest::of(b"file"), b"file").unwrap();
    writer.finish().unwrap()
}

#[test]
fn a_bundle_is_read_in_its_order_by_the_centre_and_by_nobody_else() {
    let centre = Identity::generate();
    let bytes = bundle_for(&centre);
    let pieces = unpacked(&centre, &bytes).unwrap();
    assert_eq!(
        pieces,
        [b"first".to_vec(), b"second".to_vec(), b"file".to_vec()]
    );
    assert!(unpacked(&Identity::generate(), &bytes).is_err());
    for end in [0, bytes.len() / 2, bytes.len() - 1] {
        assert!(unpacked(&centre, &bytes[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn an_answer_is_believed_of_its_centre_only_and_is_no_receipt() {
    let station = Identity::generate();
    let mut sealed = Vec::new();
    let sign = |message: &[u8]| key().sign(message).to_bytes();
    let to = station.to_public().to_string();
    answer().seal(&to, sign, &mut sealed).unwrap();
    let mut bytes = Vec::new();
    age::Decryptor::new(sealed.as_slice())
        .unwrap()
        .decrypt(std::iter::once(&station as &dyn age::Identity))
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    assert_eq!(Answer::open(&bytes, &public()).unwrap(), answer());
    assert!(Answer::open(&bytes, &[7; 32]).is_err());
    assert!(Receipt::open(&bytes, &public()).is_err());
    let receipt = receipt().seal(sign);
    assert!(Answer::open(&receipt, &public()).is_err());
}

#[test]
fn a_newer_message_is_told_from_a_wrong_one_and_additions_are_read_over() {
    let newer = br#"{"wire_version":2,"all":"else"}"#;
    let refused = Submission::from_bytes(newer);
    assert_eq!(refused, Err(SubmissionError::VersionUnknown));
    assert_eq!(
        Submission::from_bytes(br#"{"wire_version":1}"#),
        Err(SubmissionError::Shape)
    );
    let mut added: serde_json::Value = serde_json::to_value(submission()).unwrap();
    added["an_addition"] = 1.into();
    let added = serde_json::to_vec(&added).unwrap();
    assert_eq!(Submission::from_bytes(&added).unwrap(), submission());
    let unknown: Problem = serde_json::from_str(r#"{"code":"of_next_year"}"#).unwrap();
    assert_eq!(unknown.code, ProblemCode::Other);
}

#[test]
fn every_problem_has_one_name() {
    for code in ProblemCode::ALL {
        assert_eq!(ProblemCode::from_name(code.name()), code);
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(json, format!("\"{}\"", code.name()));
    }
}

#[test]
fn an_envelope_says_its_place_and_opens_with_its_key_only() {
    let bytes = sealed();
    let envelope = Envelope::read(&bytes).unwrap();
    assert_eq!(envelope.place(), place());
    assert_eq!(envelope.digest(), Digest::of(&bytes));
    assert_eq!(envelope.open(&public()).unwrap(), submission().to_bytes());
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    assert_eq!(envelope.open(&other), Err(EnvelopeError::Signature));
    // What a centre signs is no submission, though the same key had signed it.
    let receipt = receipt().seal(|message| key().sign(message).to_bytes());
    assert_eq!(Envelope::read(&receipt).err(), Some(EnvelopeError::Shape));
    assert_eq!(
        Receipt::open(&bytes, &public()).err(),
        Some(ReceiptError::Shape)
    );
}

#[test]
fn a_receipt_is_believed_for_its_record_and_for_no_other() {
    let bytes = receipt().seal(|message| key().sign(message).to_bytes());
    let believed = Receipt::open(&bytes, &public()).unwrap();
    assert_eq!(believed, receipt());
    let manifest = Digest::of(b"manifest");
    believed.is_for(id(1), 1, &manifest).unwrap();
    for (document, version, manifest) in [
        (id(9), 1, manifest),
        (id(1), 2, manifest),
        (id(1), 1, Digest::of(b"other")),
    ] {
        let other = believed.is_for(document, version, &manifest);
        assert_eq!(other, Err(ReceiptError::Other));
    }
    let mut wrong = receipt();
    wrong.log.root = Digest::of(b"another tree");
    let bytes = wrong.seal(|message| key().sign(message).to_bytes());
    assert_eq!(
        Receipt::open(&bytes, &public()).err(),
        Some(ReceiptError::Proof)
    );
    let mut absurd = receipt();
    absurd.log.size = u64::MAX;
    let bytes = absurd.seal(|message| key().sign(message).to_bytes());
    assert!(Receipt::open(&bytes, &public()).is_err());
}

#[test]
fn a_ticket_survives_being_pasted_and_loses_no_letter_unseen() {
    let ticket = Ticket {
        url: "https://trung-tam.example:8443".to_owned(),
        authority: "-----BEGIN CERTIFICATE-----\n".to_owned(),
        receipt_key: Digest::of(b"key"),
        recipient: "age1".to_owned(),
        invitation: "word".to_owned(),
    };
    let text = ticket.to_string();
    let pasted = format!("  {}\n{}\n", &text[..50], &text[50..]);
    assert_eq!(pasted.parse(), Ok(ticket));
    for lost in 0..text.len() {
        let torn = [&text[..lost], &text[lost + 1..]].concat();
        assert!(torn.parse::<Ticket>().is_err(), "without letter {lost}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Promise C9: no receipt that was altered anywhere is believed.
    #[test]
    fn an_altered_receipt_is_never_believed(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = receipt().seal(|message| key().sign(message).to_bytes());
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(Receipt::open(&bytes, &public()).is_err());
    }

    #[test]
    fn an_altered_bundle_is_never_read_to_its_end(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let centre = Identity::generate();
        let mut bytes = bundle_for(&centre);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(unpacked(&centre, &bytes).is_err());
    }

    #[test]
    fn an_altered_envelope_never_opens(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = sealed();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let opened = Envelope::read(&bytes)
            .and_then(|envelope| envelope.open(&public()).map(<[u8]>::to_vec));
        prop_assert!(opened.is_err());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Envelope::read(&bytes);
        let _ = Receipt::open(&bytes, &public());
        let _ = Submission::from_bytes(&bytes);
        let _ = String::from_utf8_lossy(&bytes).parse::<Ticket>();
    }
}
