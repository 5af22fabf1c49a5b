//! The manifest's shape, which never changes under one version.

use chrono::{TimeZone as _, Utc};
use domain::code_template::{CodeKind, CodeParts, DigitisationCode};
use domain::copy::ElectronicCopy;
use domain::digest::Digest;
use domain::field::{Evidence, FieldValue, Grade, Proposed, Source};
use domain::geometry::Rectangle;
use domain::ids::{DocumentId, ElectronicCopyId, OfficerId};
use domain::local_code::{LocalCode, Station};
use domain::record::Record;
use uuid::Uuid;

fn record_and_copy() -> (Record, ElectronicCopy) {
    let at = Utc
        .with_ymd_and_hms(2026, 11, 21, 5, 30, 9)
        .single()
        .expect("it exists");
    let officer = OfficerId::from_uuid(Uuid::from_u128(3));
    let document_id = DocumentId::from_uuid(Uuid::from_u128(1));
    let station = Station {
        number: 0x80_0001,
        epoch: 1,
    };
    let field = |name: &str, value: &str| FieldValue {
        name: name.parse().expect("a field name"),
        value: value.to_owned(),
        source: Source::Ocr,
        evidence: None,
        proposed: None,
        confirmed_by: None,
        confirmed_at: None,
        seconded_by: None,
    };
    let copy = ElectronicCopy {
        id: ElectronicCopyId::from_uuid(Uuid::from_u128(2)),
        document_id,
        digest: Digest::of(b"copy"),
        sealed_digest: Digest::of(b"sealed"),
        size_bytes: 1_234,
        pages: vec![Digest::of(b"page 1")],
        made_at: at,
        digitised_by: officer,
        signature: None,
        born_electronic: false,
    };
    let record = Record {
        document_id,
        version: 1,
        local_code: LocalCode::new(station, 7).expect("in range"),
        document_type: "official_document".parse().expect("a document type"),
        values: vec![
            FieldValue {
                source: Source::Officer,
                evidence: Some(Evidence {
                    page: 0,
                    outline: Rectangle::new(300, 280, 190, 34),
                }),
                proposed: Some(Proposed {
                    value: "445/QĐ-UBND".into(),
                    grade: Grade::Check,
                }),
                confirmed_by: Some(officer),
                confirmed_at: Some(at),
                seconded_by: None,
                ..field("number", "115/QĐ-UBND")
            },
            field("signer", "Đỗ Thị Hương"),
        ],
        code: DigitisationCode {
            kind: CodeKind::OtherPaper,
            parts: CodeParts {
                procedure: "1.001776".into(),
                ..CodeParts::default()
            },
            text: ".1.001776.".into(),
            provisional: true,
        },
        copy_id: copy.id,
        deposited_at: at,
        deposited_by: officer,
    };
    (record, copy)
}

#[test]
fn the_manifest_of_version_1_keeps_its_shape() {
    let (record, copy) = record_and_copy();
    let bytes = packaging::manifest(&record, &copy, "Trần Minh Anh");
    let again = packaging::manifest(&record, &copy, "Trần Minh Anh");
    assert!(bytes == again, "same input, same bytes");
    let text = String::from_utf8(bytes).expect("JSON is UTF-8");
    insta::assert_snapshot!(text, @r#"
    {
      "manifest_version": 1,
      "document_id": "00000000-0000-0000-0000-000000000001",
      "record_version": 1,
      "local_code": "80001-01-000007-V",
      "document_type": "official_document",
      "digitisation_code": {
        "text": ".1.001776.",
        "kind": "other_paper",
        "provisional": true,
        "parts": {
          "owner_id": "",
          "result_type": "",
          "number": "",
          "procedure": "1.001776",
          "component": ""
        }
      },
      "fields": [
        {
          "name": "number",
          "value": "115/QĐ-UBND",
          "source": "officer",
          "evidence": {
            "page": 0,
            "box": [
              300,
              280,
              190,
              34
            ]
          },
          "proposed": {
            "value": "445/QĐ-UBND",
            "grade": "check"
          },
          "confirmed_by": "00000000-0000-0000-0000-000000000003",
          "confirmed_at": "2026-11-21T05:30:09Z"
        },
        {
          "name": "signer",
          "value": "Đỗ Thị Hương",
          "source": "ocr",
          "confirmed_by": null,
          "confirmed_at": null
        }
      ],
      "copy": {
        "id": "00000000-0000-0000-0000-000000000002",
        "sha256": "6f5a6034e770acbfb3f797e6a7eb7948d470d45f9928f92b7d72dc7c45e6d0cd",
        "size_bytes": 1234,
        "made_at": "2026-11-21T05:30:09Z",
        "digitised_by": "00000000-0000-0000-0000-000000000003",
        "raw_pages_sha256": [
          "0621a1c111cfd4554a172d9ecd490a9a8d6e4e66e0f444491b716fb1d00ab1b9"
        ]
      },
      "deposited_at": "2026-11-21T05:30:09Z",
      "deposited_by": {
        "id": "00000000-0000-0000-0000-000000000003",
        "name": "Trần Minh Anh"
      }
    }
    "#);
}
