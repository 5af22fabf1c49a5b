//! Every noun goes in and comes out the same; pages keep their order; records
//! and copies keep their content.

use chrono::NaiveDate;
use domain::audit::Act;
use domain::barcode::{Barcode, BarcodeFormat};
use domain::code::OwnerId;
use domain::document::{DocumentState, RecognisedType, ReviewedField};
use domain::dossier::{Owner, SubmittedAs};
use domain::engine::Engine;
use domain::field::{
    Doubt, Evidence, FieldCandidate, FieldReading, FieldValue, Grade, Proposed, Source,
};
use domain::geometry::{Flat, QuarterTurn, Rectangle, Size, Transform};
use domain::ids::{DocumentId, OutboxItemId, PageId};
use domain::page::{Appraisal, VoidReason, Voided};
use domain::quality::{Quality, QualityReason, Verdict};
use domain::recognised_text::{Reading, RecognisedText, TextLine, Word};
use uuid::Uuid;

use super::{TestVault, code_at, now, value};
use crate::{Error, OutboxItem};

fn owner() -> Owner {
    Owner {
        id: Some("001093047064".parse::<OwnerId>().unwrap()),
        name: Some("Nguyễn Văn Đông".to_owned()),
        birth_on: chrono::NaiveDate::from_ymd_opt(1994, 1, 5),
        sex: Some("Nữ".to_owned()),
        address: Some("Số 1, Xã A, Tỉnh B".to_owned()),
    }
}

#[test]
fn dossiers_and_documents_come_back_as_they_went_in() {
    let test = TestVault::new();
    let mut dossier = test.dossier(owner());
    dossier.code = Some("H38.12-260412-0007".parse().unwrap());
    let mut second = dossier.components[0].clone();
    second.id = domain::ids::DossierComponentId::from_uuid(Uuid::now_v7());
    second.result_type = Some("KQ.G15.000031".parse().unwrap());
    second.submitted_as = SubmittedAs::CertifiedCopy;
    dossier.components.push(second);
    test.vault
        .write(|writer| writer.insert_dossier(&dossier))
        .unwrap();
    let mut document = test
        .vault
        .write(|writer| test.begin_document(writer, Owner::default()))
        .unwrap();
    let kind = RecognisedType {
        document_type: "birth_certificate".parse().unwrap(),
        grade: Grade::Check,
    };
    test.vault
        .write(|writer| {
            writer.set_document_type(document.id, &kind)?;
            writer.set_document_state(document.id, DocumentState::Extracted)
        })
        .unwrap();
    document.document_type = Some(kind);
    document.state = DocumentState::Extracted;
    let test = test.reopened();
    test.vault
        .read(|reader| {
            assert_eq!(reader.dossier(dossier.id)?, dossier);
            assert_eq!(reader.document(document.id)?, document);
            assert_eq!(
                reader.document_by_local_code(&document.local_code)?,
                Some(document.clone())
            );
            assert_eq!(reader.document_by_local_code(&code_at(99))?, None);
            assert_eq!(
                reader.documents_of(document.dossier_id)?,
                [document.clone()]
            );
            let recent = reader.recent_dossiers(10)?;
            assert_eq!(recent.len(), 2);
            assert_eq!(recent[0].components[0].document_id, Some(document.id));
            assert_eq!(reader.recent_dossiers(1)?.len(), 1);
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn what_is_not_there_is_named_by_its_id() {
    let test = TestVault::new();
    let id = DocumentId::from_uuid(Uuid::now_v7());
    let missing = test.vault.read(|reader| reader.document(id));
    assert!(
        matches!(&missing, Err(Error::NotFound { noun: "document", id: found }) if *found == id.to_string())
    );
    let missing = test
        .vault
        .write(|writer| writer.set_document_state(id, DocumentState::Extracted));
    assert!(matches!(missing, Err(Error::NotFound { .. })));
    let document = test.begun();
    let refused = test.vault.write(|writer| writer.insert_document(&document));
    assert!(matches!(refused, Err(Error::Refused { noun: "document" })));
}

#[test]
fn a_page_comes_back_with_all_that_is_known_of_it() {
    let test = TestVault::new();
    let document = test.begun();
    let sealed = test.vault.seal(b"pixels").unwrap();
    let mut page = test.page(document.id, 0, sealed);
    page.transforms = vec![
        Transform::Crop(Rectangle::new(1, 2, 3, 4)),
        Transform::Turn(QuarterTurn::Left),
        Transform::Deskew { angle_deg: -0.731 },
        Transform::Level,
        Transform::Flatten(Flat {
            corners: [
                (310.5, 205.0),
                (1390.0, 260.0),
                (1520.0, 2010.0),
                (180.0, 1940.0),
            ],
            size: Size {
                width_px: 1240,
                height_px: 1754,
            },
        }),
    ];
    page.appraisal = Some(Appraisal {
        blank: false,
        quality: Quality {
            verdict: Verdict::Doubtful,
            reasons: vec![QualityReason::Faint, QualityReason::CutOff],
        },
        barcodes: vec![Barcode {
            format: BarcodeFormat::Qr,
            text: "001093047064||Nguyễn Văn Đông".to_owned(),
            outline: Rectangle::new(5, 6, 7, 8),
        }],
    });
    test.vault
        .write(|writer| writer.insert_page(&page))
        .unwrap();
    assert_eq!(
        test.vault.read(|reader| reader.page(page.id)).unwrap(),
        page
    );

    page.transforms = vec![Transform::Turn(QuarterTurn::Half)];
    page.appraisal = page.appraisal.map(|mut found| {
        found.blank = true;
        found
    });
    test.vault
        .write(|writer| {
            writer.set_transforms(page.id, &page.transforms)?;
            writer.set_appraisal(page.id, page.appraisal.as_ref().unwrap())
        })
        .unwrap();
    let test = test.reopened();
    let pages = test.vault.read(|reader| reader.pages_of(document.id));
    assert_eq!(pages.unwrap(), [page.clone()]);
    assert_eq!(
        *test.vault.unseal(&page.raw.sealed_digest).unwrap(),
        b"pixels"
    );
}

#[test]
fn pages_stay_in_order_through_moving_voiding_and_restoring() {
    let test = TestVault::new();
    let document = test.begun();
    let sealed = test.vault.seal(b"pixels").unwrap();
    let pages: Vec<PageId> = (0..4)
        .map(|position| {
            let page = test.page(document.id, position, sealed);
            test.vault
                .write(|writer| writer.insert_page(&page))
                .unwrap();
            page.id
        })
        .collect();
    let check = |expected: &[usize]| {
        let kept = test
            .vault
            .read(|reader| reader.pages_of(document.id))
            .unwrap();
        let order: Vec<usize> = kept
            .iter()
            .map(|page| pages.iter().position(|id| *id == page.id).unwrap())
            .collect();
        assert_eq!(order, expected);
        let positions: Vec<usize> = kept.iter().map(|page| page.position as usize).collect();
        assert_eq!(positions, (0..expected.len()).collect::<Vec<_>>());
    };
    let voided = Voided {
        voided_at: now(),
        voided_by: test.officer.id,
        reason: VoidReason::Duplicate,
    };
    check(&[0, 1, 2, 3]);
    test.vault
        .write(|writer| writer.move_page(pages[3], 0))
        .unwrap();
    check(&[3, 0, 1, 2]);
    test.vault
        .write(|writer| writer.move_page(pages[3], 99))
        .unwrap();
    check(&[0, 1, 2, 3]);
    test.vault
        .write(|writer| writer.void_page(pages[1], &voided))
        .unwrap();
    check(&[0, 2, 3]);
    let out = test
        .vault
        .read(|reader| reader.voided_pages_of(document.id))
        .unwrap();
    assert_eq!(out.len(), 1);
    assert_eq!(
        (out[0].id, &out[0].voided),
        (pages[1], &Some(voided.clone()))
    );
    for refused in [
        test.vault
            .write(|writer| writer.void_page(pages[1], &voided)),
        test.vault.write(|writer| writer.move_page(pages[1], 0)),
        test.vault.write(|writer| writer.restore_page(pages[0])),
    ] {
        assert!(
            matches!(refused, Err(Error::NotFound { .. })),
            "{refused:?}"
        );
    }
    test.vault
        .write(|writer| writer.restore_page(pages[1]))
        .unwrap();
    check(&[0, 1, 2, 3]);
    let between = test.page(document.id, 1, sealed);
    test.vault
        .write(|writer| writer.insert_page(&between))
        .unwrap();
    let kept = test
        .vault
        .read(|reader| reader.pages_of(document.id))
        .unwrap();
    assert_eq!((kept.len(), kept[1].id), (5, between.id));
}

#[test]
fn recognised_text_comes_back_word_for_word() {
    let test = TestVault::new();
    let document = test.begun();
    let page = test.page(document.id, 0, test.vault.seal(b"pixels").unwrap());
    let word = |text: &str| Word {
        text: text.to_owned(),
        outline: Rectangle::new(1, 2, 3, 4),
        readings: vec![
            Reading {
                engine: Engine::Neural,
                text: text.to_owned(),
                confidence: 0.987_654_3,
            },
            Reading {
                engine: Engine::Tesseract,
                text: "Nguyen".to_owned(),
                confidence: 0.1,
            },
        ],
        agreed: false,
        handwritten: true,
    };
    let text = RecognisedText {
        lines: vec![TextLine {
            outline: Rectangle::new(0, 0, 100, 20),
            words: vec![word("Nguyễn"), word("\"Đông\"")],
            read_twice: true,
        }],
    };
    test.vault
        .write(|writer| {
            writer.insert_page(&page)?;
            writer.put_recognised_text(page.id, &RecognisedText::default())?;
            writer.put_recognised_text(page.id, &text)
        })
        .unwrap();
    let read = |id| {
        test.vault
            .read(|reader| reader.recognised_text(id))
            .unwrap()
    };
    assert_eq!(read(page.id), Some(text));
    assert_eq!(read(PageId::from_uuid(Uuid::now_v7())), None);
}

#[test]
fn fields_stand_in_form_order_with_what_was_decided() {
    let test = TestVault::new();
    let document = test.begun();
    let evidence = Some(Evidence {
        page: 2,
        outline: Rectangle::new(9, 8, 7, 6),
    });
    let candidate = FieldCandidate {
        name: "owner_name".parse().unwrap(),
        value: "Nguyễn Văn Đông".to_owned(),
        grade: Grade::Check,
        source: Source::Ocr,
        evidence,
        handwritten: true,
        readings: vec![FieldReading {
            engine: Engine::Tesseract,
            value: "Nguyễn Văn Dông".to_owned(),
        }],
        doubts: vec![Doubt::Handwritten, Doubt::EnginesDisagree],
    };
    let number = FieldCandidate::empty("number".parse().unwrap());
    let decided = FieldValue {
        name: "owner_name".parse().unwrap(),
        value: "Nguyễn Văn Đồng".to_owned(),
        source: Source::Officer,
        evidence,
        proposed: Some(Proposed {
            value: candidate.value.clone(),
            grade: candidate.grade,
        }),
        confirmed_by: Some(test.officer.id),
        confirmed_at: Some(now()),
        seconded_by: None,
    };
    let extra = value("scope", "toàn quốc");
    test.vault
        .write(|writer| {
            writer.replace_candidates(document.id, std::slice::from_ref(&number))?;
            writer.set_value(document.id, &value("owner_name", "sai"))?;
            writer.set_value(document.id, &decided)?;
            writer.set_value(document.id, &extra)?;
            writer.replace_candidates(document.id, &[number.clone(), candidate.clone()])
        })
        .unwrap();
    let fields = || {
        test.vault
            .read(|reader| reader.reviewed_fields(document.id))
            .unwrap()
    };
    let open = |candidate: &FieldCandidate, value: Option<&FieldValue>| ReviewedField {
        candidate: candidate.clone(),
        value: value.cloned(),
    };
    let extra_candidate = FieldCandidate::empty(extra.name.clone());
    assert_eq!(
        fields(),
        [
            open(&number, None),
            open(&candidate, Some(&decided)),
            open(&extra_candidate, Some(&extra)),
        ]
    );
    test.vault
        .write(|writer| {
            writer.clear_value(document.id, &decided.name)?;
            writer.clear_value(document.id, &extra.name)
        })
        .unwrap();
    assert_eq!(fields(), [open(&number, None), open(&candidate, None)]);
}

#[test]
fn a_record_follows_its_predecessor_and_the_newest_is_found_by_every_code() {
    let test = TestVault::new();
    let document = test.begun();
    let first = test.deposit_version(&document, 1, &[("number", "12/2026")], "");
    let again = test.vault.write(|writer| writer.insert_record(&first, ""));
    assert!(matches!(
        again,
        Err(Error::VersionOutOfOrder {
            latest: 1,
            found: 1,
            ..
        })
    ));
    let second = test.deposit_version(&document, 2, &[("number", "13/2026")], "");
    let test = test.reopened();
    test.vault
        .read(|reader| {
            assert_eq!(reader.latest_record(document.id)?, Some(second.clone()));
            assert_eq!(
                reader.records_of(document.id)?,
                [first.clone(), second.clone()]
            );
            let local = document.local_code.to_string();
            for code in [
                &first.code.text,
                &second.code.text,
                &local,
                &local.to_lowercase(),
            ] {
                assert_eq!(reader.record_by_code(code)?, Some(second.clone()), "{code}");
            }
            assert_eq!(reader.record_by_code("nothing")?, None);
            assert_eq!(reader.record_by_code(&code_at(77).to_string())?, None);
            let copy = reader.latest_copy(document.id)?.unwrap();
            assert_eq!(copy.id, second.copy_id);
            assert_eq!(reader.copy(first.copy_id)?.id, first.copy_id);
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn a_record_with_the_copy_or_code_of_another_paper_is_refused() {
    let test = TestVault::new();
    let (one, other) = (test.begun(), test.begun());
    let copy = test.copy(other.id);
    test.vault
        .write(|writer| writer.insert_copy(&copy))
        .unwrap();
    let record = test.record(&one, &copy, 1);
    let refused = test.vault.write(|writer| writer.insert_record(&record, ""));
    assert!(matches!(refused, Err(Error::Refused { noun: "record" })));
    let own_copy = test.copy(one.id);
    let mut record = test.record(&one, &own_copy, 1);
    record.local_code = other.local_code;
    let refused = test.vault.write(|writer| {
        writer.insert_copy(&own_copy)?;
        writer.insert_record(&record, "")
    });
    assert!(matches!(refused, Err(Error::Refused { noun: "record" })));
    let found = test
        .vault
        .read(|reader| reader.latest_record(one.id))
        .unwrap();
    assert_eq!(found, None, "nothing of a refused deposit stays");
    let found = test
        .vault
        .read(|reader| reader.latest_copy(one.id))
        .unwrap();
    assert_eq!(found, None, "not even its copy");
}

#[test]
fn what_is_kept_for_ever_resists_every_statement() {
    let test = TestVault::new();
    let record = test.deposit(owner(), &[("number", "12/2026")], "");
    let sealed = test.vault.seal(b"pixels").unwrap();
    let page = test.page(record.document_id, 0, sealed);
    test.vault
        .write(|writer| {
            writer.insert_page(&page)?;
            writer.append_audit(&test.event(Act::Deposited(record.document_id)))
        })
        .unwrap();
    let connection = test.vault.writer_connection();
    for statement in [
        "UPDATE record SET code_text = 'x'",
        "DELETE FROM record",
        "UPDATE audit_event SET act = 'viewed'",
        "DELETE FROM audit_event",
        "UPDATE electronic_copy SET pages = '[]'",
        "DELETE FROM electronic_copy",
        "UPDATE page SET raw_digest = zeroblob(32)",
        "DELETE FROM page",
        "DELETE FROM document",
        "UPDATE document SET local_code = 'x'",
        "DELETE FROM dossier_component",
        "DELETE FROM dossier",
        "DELETE FROM officer",
        "DELETE FROM counter",
        "UPDATE counter SET last = 0",
    ] {
        let refused = connection.execute(statement, []).unwrap_err();
        assert_eq!(
            refused.sqlite_error_code(),
            Some(rusqlite::ErrorCode::ConstraintViolation),
            "{statement}"
        );
    }
    drop(connection);
    let found = test
        .vault
        .read(|reader| reader.latest_record(record.document_id));
    assert_eq!(found.unwrap(), Some(record));
}

#[test]
fn the_outbox_takes_deposited_records_once() {
    let test = TestVault::new();
    let record = test.deposit(owner(), &[], "");
    let item = |document_id| OutboxItem {
        id: OutboxItemId::from_uuid(Uuid::now_v7()),
        document_id,
        version: 1,
        manifest_digest: domain::digest::Digest::of(b"manifest"),
        enqueued_at: now(),
    };
    let enqueue = |id| test.vault.write(|writer| writer.enqueue(&item(id)));
    enqueue(record.document_id).unwrap();
    for id in [record.document_id, test.begun().id] {
        let refused = enqueue(id);
        assert!(matches!(refused, Err(Error::Refused { .. })), "{refused:?}");
    }
    let total = test.vault.read(|reader| reader.outbox_total()).unwrap();
    assert_eq!((total.waiting, total.delivered), (1, 0));
}

#[test]
fn a_local_code_is_never_given_twice() {
    let test = TestVault::new();
    let next = |test: &TestVault| test.vault.write(|writer| writer.next_local_code()).unwrap();
    assert_eq!(next(&test), code_at(1));
    let mut seen = None;
    let given_up = test.vault.write(|writer| {
        seen = Some(writer.next_local_code()?);
        Err::<(), _>(Error::DiskFull)
    });
    assert!(given_up.is_err());
    assert_eq!(seen, Some(code_at(2)));
    assert_eq!(
        next(&test),
        code_at(3),
        "a code of a transaction given up is skipped"
    );
    let test = test.reopened();
    assert_eq!(next(&test), code_at(4));
    let both = test
        .vault
        .write(|writer| Ok::<_, Error>((writer.next_local_code()?, writer.next_local_code()?)));
    assert_eq!(both.unwrap(), (code_at(5), code_at(6)));
}

#[test]
fn many_threads_never_share_a_local_code() {
    let test = TestVault::new();
    let mut codes: Vec<u32> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let next = || test.vault.write(|writer| writer.next_local_code());
                    (0..25)
                        .map(|_| next().unwrap().counter())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    codes.sort_unstable();
    assert_eq!(codes, (1..=100).collect::<Vec<_>>());
}

#[test]
fn provisional_numbers_start_anew_each_day() {
    let test = TestVault::new();
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    for (today, number) in [
        (day(3), "03-0001"),
        (day(3), "03-0002"),
        (day(4), "04-0001"),
        (day(3), "03-0003"),
    ] {
        let given = test
            .vault
            .write(|writer| writer.next_provisional_number(today));
        assert_eq!(given.unwrap(), number);
    }
}

#[test]
fn an_error_of_the_caller_rolls_everything_back() {
    let test = TestVault::new();
    let document = test.begun();
    let failed = test.vault.write(|writer| {
        writer.set_document_state(document.id, DocumentState::Deposited)?;
        Err::<(), _>(Error::DiskFull)
    });
    assert!(failed.is_err());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        test.vault.write(|writer| {
            writer.set_document_state(document.id, DocumentState::Deposited)?;
            assert!(
                document.created_at != document.created_at,
                "a bug of the caller"
            );
            Ok::<_, Error>(())
        })
    }));
    assert!(panicked.is_err());
    let found = test.vault.read(|reader| reader.document(document.id));
    assert_eq!(found.unwrap().state, DocumentState::Scanning);
    test.begun();
}

#[test]
fn a_reader_sees_one_state_while_a_writer_goes_on() {
    let test = TestVault::new();
    let counted = test.vault.read(|reader| {
        let before = reader.recent_dossiers(10)?.len();
        test.begun();
        let after = reader.recent_dossiers(10)?.len();
        Ok::<_, Error>((before, after))
    });
    assert_eq!(counted.unwrap(), (0, 0));
    assert_eq!(
        test.vault
            .read(|reader| reader.recent_dossiers(10))
            .unwrap()
            .len(),
        1
    );
}
