use extraction::{FieldDefinition, RuleFailure, is_normal_form, normal_form};
use proptest::prelude::*;

use crate::support::{catalogue, form};

fn definition(name: &str) -> FieldDefinition {
    form(catalogue(), "birth_certificate")
        .field(&name.parse().unwrap())
        .unwrap()
        .clone()
}

fn check(name: &str, typed: &str) -> Result<String, RuleFailure> {
    normal_form(&definition(name), typed)
}

#[test]
fn what_a_person_types_comes_to_its_normal_form() {
    for (name, typed, expected) in [
        ("issued_on", "5/1/2026", "2026-01-05"),
        ("issued_on", "05012026", "2026-01-05"),
        ("issued_on", "2026-01-05", "2026-01-05"),
        ("issued_on", "ngày 5 tháng 1 năm 2026", "2026-01-05"),
        ("owner_birth_date", "1961", "1961"),
        ("owner_birth_date", "3/1961", "1961-03"),
        ("owner_birth_date", "1961-03", "1961-03"),
        ("valid_until", "không thời hạn", "unlimited"),
        ("valid_until", "31.12.2030", "2030-12-31"),
        ("sex", "nu", "Nữ"),
        ("sex", "Nam", "Nam"),
        ("owner_id", "025 226 000 123", "025226000123"),
        ("number", " 15 / Q\u{00D0} - UBND ", "15/QĐ-UBND"),
        ("owner_name", "  NGUYỄN   HẢI NAM ", "NGUYỄN HẢI NAM"),
        ("issuer", "Ủy ban  nhân dân", "Ủy ban nhân dân"),
        ("issued_on", "  ", ""),
    ] {
        assert_eq!(
            check(name, typed).as_deref(),
            Ok(expected),
            "{name} {typed}"
        );
    }
}

#[test]
fn what_breaks_a_rule_is_refused_by_its_name() {
    for (name, typed, failure) in [
        ("issued_on", "hôm qua", RuleFailure::NotADate),
        ("issued_on", "2026", RuleFailure::NotADate),
        ("issued_on", "31/02/2026", RuleFailure::NoSuchDay),
        ("issued_on", "2026-02-31", RuleFailure::NotADate),
        ("issued_on", "5/1/2026 hay 6/1/2026", RuleFailure::NotADate),
        ("owner_id", "02522600012", RuleFailure::NotAPersonalId),
        ("owner_id", "025226000l23", RuleFailure::NotAPersonalId),
        ("sex", "khác", RuleFailure::NotAChoice),
        ("owner_name", "Nam 2", RuleFailure::NotAName),
        ("number", "---", RuleFailure::NotADocumentNumber),
        ("issuer", "a\u{0007}", RuleFailure::ControlCharacter),
    ] {
        assert_eq!(check(name, typed), Err(failure), "{name} {typed}");
    }
    assert_eq!(
        check("issuer", &"a".repeat(1_001)),
        Err(RuleFailure::TooLong)
    );
}

proptest! {
    #[test]
    fn a_normal_form_is_its_own_normal_form(
        typed in "[0-9]{0,2}[/. -]?[0-9]{0,2}[/. -]?[0-9]{0,4}|[\\PC]{0,30}",
        name in prop::sample::select(vec!["issued_on", "owner_birth_date", "valid_until", "sex", "owner_id", "number", "owner_name", "issuer"])
    ) {
        let definition = definition(name);
        if let Ok(normal) = normal_form(&definition, &typed) {
            prop_assert!(is_normal_form(&definition, &normal), "{} gave {}", typed, normal);
        }
    }
}
