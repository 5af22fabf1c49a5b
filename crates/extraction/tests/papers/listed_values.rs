//! Value types that look into lists: addresses, groups, countries, zones.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use domain::field::{FieldCandidate, Grade};
use extraction::{
    Catalogue, Context, FieldDefinition, Resolved, RuleFailure, extract, is_normal_form,
    normal_form,
};
use proptest::prelude::*;

use crate::support::{Page, field, kind, shown};

/// A catalogue with a form of its own for these types: adding a kind of paper
/// needs no code.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("types")).unwrap();
    for name in ["types/other.json", "procedures.json", "code_templates.json"] {
        fs::copy(forms.join(name), folder.path().join(name)).unwrap();
    }
    let field = |name: &str, value_type: &str, label: &str, lines: usize| {
        serde_json::json!({
            "name": name, "label": label, "value_type": value_type,
            "required": false, "often_handwritten": false, "decisive": true,
            "find": [{ "kind": "label", "labels": [label], "lines": lines, "until": ["Quốc tịch", "Dân tộc"] }]
        })
    };
    let by_mrz = |name: &str, value_type: &str, part: &str| {
        serde_json::json!({
            "name": name, "label": name, "value_type": value_type,
            "required": false, "often_handwritten": false, "decisive": true,
            "find": [{ "kind": "identity_qr", "part": "number" }, { "kind": "mrz", "part": part }]
        })
    };
    let by_mrz_alone = |name: &str, value_type: &str, part: &str| {
        let mut field = by_mrz(name, value_type, part);
        field["find"] = serde_json::json!([{ "kind": "mrz", "part": part }]);
        field
    };
    let mut sex = by_mrz_alone("sex", "choice", "sex");
    sex["words"] = serde_json::json!({ "Nam": ["nam"], "Nữ": ["nữ"] });
    let form = serde_json::json!({
        "version": 1, "document_type": "resident_card", "title": "Thẻ cư dân", "basis": "-",
        "code_kind": "other_paper", "titles": [{ "text": "THẺ CƯ DÂN" }], "landmarks": [], "avoid": [],
        "recognise": { "certain_from": 1, "possible_from": 1, "evidence": [{ "titles": true, "weight": 1 }] },
        "fields": [
            field("residence", "address", "Nơi cư trú", 1),
            field("ethnicity", "ethnicity", "Dân tộc", 1),
            field("nationality", "nationality", "Quốc tịch", 1),
            field("paper", "identity_number", "Giấy tờ tùy thân", 1),
            field("owner_id", "personal_id", "Số định danh", 1),
            field("zone", "mrz", "Vùng đọc máy", 3),
            by_mrz("zone_id", "personal_id", "personal_id"),
            by_mrz_alone("zone_birth", "partial_date", "birth_date"),
            by_mrz_alone("expires_on", "date", "expires_on"),
            by_mrz_alone("whole_zone", "mrz", "zone"),
            sex,
        ]
    });
    fs::write(
        folder.path().join("types/resident_card.json"),
        form.to_string(),
    )
    .unwrap();
    Catalogue::load(folder.path()).unwrap()
});

fn definition(name: &str) -> FieldDefinition {
    let form = CATALOGUE.form(&"resident_card".parse().unwrap()).unwrap();
    form.field(&name.parse().unwrap()).unwrap().clone()
}

fn card(residence: &str) -> Page {
    Page::new()
        .centred(827, 300, "THẺ CƯ DÂN")
        .line(200, 400, &format!("Nơi cư trú: {residence}"))
        .line(200, 450, "Dân tộc: Sán Dìu      Quốc tịch: Việt Nam")
        .line(200, 500, "Giấy tờ tùy thân: 012345678")
        .line(200, 550, "Số định danh: 025093001234")
}

fn fields(page: &Page) -> Vec<FieldCandidate> {
    let form = CATALOGUE.form(&"resident_card".parse().unwrap()).unwrap();
    let kind = kind("resident_card", Grade::Certain);
    extract(form, &kind, &[page.as_text()], &Context::default())
}

fn check(page: &Page, name: &str) -> String {
    shown(&field(&fields(page), name))
}

#[test]
fn values_of_the_lists_are_read_as_written() {
    let page = card("Thôn 3, xã Thanh Sơn, tỉnh Phú Thọ");
    for (name, expected) in [
        (
            "residence",
            r#"residence = "Thôn 3, xã Thanh Sơn, tỉnh Phú Thọ" certain ocr"#,
        ),
        ("ethnicity", r#"ethnicity = "Sán Dìu" certain ocr"#),
        ("nationality", r#"nationality = "Việt Nam" certain ocr"#),
        ("paper", r#"paper = "012345678" certain ocr"#),
        ("owner_id", r#"owner_id = "025093001234" certain ocr"#),
    ] {
        assert_eq!(check(&page, name), expected);
    }
}

#[test]
fn what_the_list_does_not_have_is_never_certain() {
    assert_eq!(
        check(&card("Thôn 3, xã Thanh Sơm, tỉnh Phú Thọ"), "residence"),
        r#"residence = "Thôn 3, xã Thanh Sơm, tỉnh Phú Thọ" check ocr because rule_fails"#
    );
    let page = card("Hà Nội").change("Dìu", |word| {
        word.text = "Diu".to_owned();
        for reading in &mut word.readings {
            reading.text = "Diu".to_owned();
        }
    });
    assert_eq!(
        check(&page, "ethnicity"),
        r#"ethnicity = "Sán Diu" check ocr because rule_fails"#,
        "nothing is put in the place of what was seen"
    );
}

#[test]
fn the_list_chooses_between_the_engines_and_adds_no_certainty() {
    let page = card("Thôn 3, xã Thanh Sơm, tỉnh Phú Thọ").disagree("Sơm,", "Sơn,");
    assert_eq!(
        check(&page, "residence"),
        r#"residence = "Thôn 3, xã Thanh Sơn, tỉnh Phú Thọ" check ocr because engines_disagree"#
    );
    let page = card("Hà Nội").disagree("Dìu", "Diu");
    assert_eq!(
        check(&page, "ethnicity"),
        r#"ethnicity = "Sán Dìu" check ocr because engines_disagree"#
    );
}

// Circular 59/2021/TT-BCA, annex 1.
#[test]
fn a_personal_number_of_no_province_is_looked_at_but_may_be_confirmed() {
    let page = card("Hà Nội").change("025093001234", |word| {
        word.text = "003093001234".to_owned();
        for reading in &mut word.readings {
            reading.text = "003093001234".to_owned();
        }
    });
    assert_eq!(
        check(&page, "owner_id"),
        r#"owner_id = "003093001234" check ocr because rule_fails"#
    );
    assert!(
        is_normal_form(&definition("owner_id"), "003093001234"),
        "a warning never blocks"
    );
}

#[test]
fn what_a_person_types_comes_to_its_normal_form() {
    for (name, typed, expected) in [
        ("residence", " thôn 3,  xã A ", Ok("thôn 3, xã A")),
        ("ethnicity", "san diu", Ok("Sán Dìu")),
        ("ethnicity", "KINH", Ok("KINH")),
        ("ethnicity", "Rơ Manh", Ok("Rơ Manh")),
        ("ethnicity", "55", Err(RuleFailure::NotAGroupOrCountry)),
        ("nationality", "viet nam", Ok("Việt Nam")),
        ("nationality", "Atlantis", Ok("Atlantis")),
        ("paper", "025 093 001 234", Ok("025093001234")),
        ("paper", "012 345 678", Ok("012345678")),
        ("paper", "01234567", Err(RuleFailure::NotAnIdentityNumber)),
        ("zone", "P<UTO", Err(RuleFailure::NotAnMrz)),
        ("zone", "", Ok("")),
    ] {
        let normal = normal_form(&definition(name), typed);
        assert_eq!(
            normal.as_deref().map_err(|failure| *failure),
            expected,
            "{name} {typed}"
        );
    }
}

#[test]
fn the_catalogue_says_what_an_address_names() {
    let address = CATALOGUE.address("Thôn 3, xã Thanh Sơn, tỉnh Phú Thọ");
    assert_eq!(address.province, Resolved::Known("25".parse().unwrap()));
    assert_eq!(address.commune, Resolved::Known("08542".parse().unwrap()));
}

#[test]
fn a_list_with_a_fault_is_refused() {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    let broken = |name: &str, text: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("types")).unwrap();
        for name in ["types/other.json", "procedures.json", "code_templates.json"] {
            fs::copy(forms.join(name), folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join(name), text).unwrap();
        Catalogue::load(folder.path()).is_err()
    };
    let names = |names: &str| format!(r#"{{"version":1,"basis":"-","names":[{names}]}}"#);
    assert!(!broken(
        "ethnicities.json",
        &names(r#"{"code":"01","name":"Kinh"}"#)
    ));
    assert!(broken(
        "ethnicities.json",
        &names(r#"{"code":"01","name":"Kinh","was":"Việt"}"#)
    ));
    assert!(broken(
        "ethnicities.json",
        &names(r#"{"code":"01","name":"Kinh"},{"code":"02","name":"kinh"}"#)
    ));
    assert!(broken(
        "nationalities.json",
        &names(r#"{"code":"VNM","name":"A"},{"code":"VNM","name":"B"}"#)
    ));
    let units = |communes: &str, now: &str| {
        format!(
            r#"{{"version":1,"as_of":"2026-01-01","basis":"-",
            "sample_numbers":[],"provinces":[{{"code":"01","name":"Tỉnh A","communes":[{communes}]}}],
            "former_provinces":[{{"name":"Tỉnh B","now":["{now}"]}}]}}"#
        )
    };
    assert!(!broken("units.json", &units(r#""00001 Xã C""#, "01")));
    assert!(broken("units.json", &units(r#""00001 Xã C""#, "02")));
    assert!(broken(
        "units.json",
        &units(r#""00001 Xã C", "00001 Xã D""#, "01")
    ));
    assert!(broken("units.json", &units(r#""1 Xã C""#, "01")));
    assert!(broken("units.json", &units(r#""00001 Làng C""#, "01")));
}

const ZONE: [&str; 3] = [
    "IDVNM0930470641001093047064<<2",
    "9301054M3301052VNM<<<<<<<<<<<8",
    "TRAN<<VAN<BINH<<<<<<<<<<<<<<<<",
];

fn with_zone(zone: [&str; 3]) -> Page {
    let page = card("Hà Nội");
    zone.into_iter().enumerate().fold(page, |page, (at, line)| {
        page.line(200, 1500 + 50 * at as u32, line)
    })
}

// ICAO Doc 9303, part 5.
#[test]
fn a_zone_whose_check_digits_hold_is_certain() {
    let page = with_zone(ZONE);
    for (name, expected) in [
        ("zone_id", r#"zone_id = "001093047064" certain mrz"#),
        ("zone_birth", r#"zone_birth = "1993-01-05" certain mrz"#),
        ("expires_on", r#"expires_on = "2033-01-05" certain mrz"#),
        ("sex", r#"sex = "Nam" check mrz because unsure"#),
    ] {
        assert_eq!(check(&page, name), expected);
    }
    let whole = field(&fields(&page), "whole_zone");
    assert_eq!(whole.value, ZONE.join(" "));
    assert!(whole.evidence.is_some());
}

#[test]
fn the_check_digits_choose_between_the_engines() {
    let misread = "9301064M3301052VNM<<<<<<<<<<<8";
    let page = with_zone([ZONE[0], misread, ZONE[2]]).disagree(misread, ZONE[1]);
    assert_eq!(
        check(&page, "zone_birth"),
        r#"zone_birth = "1993-01-05" certain mrz"#
    );
}

#[test]
fn a_zone_that_fails_or_was_mended_is_looked_at() {
    let page = with_zone([ZONE[0], "9301064M3301052VNM<<<<<<<<<<<8", ZONE[2]]);
    assert_eq!(
        check(&page, "zone_birth"),
        r#"zone_birth = "1993-01-06" check mrz because rule_fails"#
    );
    let page = with_zone(["IDVNM093O470641001093047064<<2", ZONE[1], ZONE[2]]);
    assert_eq!(
        check(&page, "zone_id"),
        r#"zone_id = "001093047064" check mrz because unsure"#
    );
    assert_eq!(
        check(&card("Hà Nội"), "zone_id"),
        r#"zone_id = "" empty ocr"#
    );
}

#[test]
fn a_code_and_a_zone_that_differ_contradict_each_other() {
    let qr = "001093047064||Trần Văn Bình|05011993|Nam|A|10012022";
    assert_eq!(
        check(&with_zone(ZONE).qr(qr), "zone_id"),
        r#"zone_id = "001093047064" certain qr"#
    );
    let other = qr.replace("001093047064", "001093047065");
    assert_eq!(
        check(&with_zone(ZONE).qr(&other), "zone_id"),
        r#"zone_id = "001093047065" check qr because contradicts"#
    );
}

#[test]
fn the_lines_of_a_zone_are_read_by_both_engines() {
    let form = CATALOGUE.form(&"resident_card".parse().unwrap()).unwrap();
    let page = with_zone(ZONE);
    let lines = extraction::lines_to_read_again(form, &[page.as_text()]);
    let zone: Vec<usize> = (0..page.text().lines.len())
        .filter(|line| {
            page.text().lines[*line]
                .words
                .iter()
                .any(|word| word.text.contains("<<"))
        })
        .collect();
    assert_eq!(zone.len(), 3);
    for line in zone {
        assert!(lines.iter().any(|other| other.line == line));
    }
}

proptest! {
    #[test]
    fn a_normal_form_is_its_own_normal_form(
        typed in "[0-9 ]{8,13}|[\\PC]{0,30}|(xã|Kinh|tay|viet nam|H'mong) ?[a-zà]{0,4}",
        name in prop::sample::select(vec!["residence", "ethnicity", "nationality", "paper", "zone"])
    ) {
        let definition = definition(name);
        if let Ok(normal) = normal_form(&definition, &typed) {
            prop_assert!(is_normal_form(&definition, &normal), "{} gave {}", typed, normal);
        }
    }
}
