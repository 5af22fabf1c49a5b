//! What a USB reader types at reception.

use desk::{Refusal, reception};

const CARD: &str =
    "001093047064||Trần Văn Bình|05011993|Nam|Số 1, Xã Hòa Bình, Tỉnh Thái Nguyên|10012022";

#[test]
fn a_card_fills_in_its_owner_also_where_an_input_method_was_off() {
    for typed in [
        CARD,
        "001093047064||Traanf Vawn Bifnh|05011993|Nam|Soos 1, Xax Hoaf Bifnh|10012022",
        "001093047064||Tra62n Va8n Bi2nh|05011993|Nam|So61 1, Xa4 Ho2a Bi2nh|10012022",
    ] {
        let card = reception::read_card(typed).unwrap();
        assert_eq!(
            (card.qr.number.as_str(), card.qr.name.as_str()),
            ("001093047064", "Trần Văn Bình"),
            "{typed}"
        );
        assert_eq!(
            (card.qr.birth_on.as_str(), card.qr.sex.as_str()),
            ("1993-01-05", "Nam")
        );
    }
}

#[test]
fn a_foreign_or_mangled_code_fills_in_nothing() {
    for typed in [
        "8934563138164",
        "https://example.vn/a|b|c|d|e|f",
        "001093047064||Tr?n V?n B?nh|05011993|Nam|S? 1, X? A|10012022",
        "001093047064||Tran Van Binh|05011993|Nam|So 1, Xa A|10012022",
        "00109304706||Trần Văn Bình|05011993|Nam|Số 1|10012022",
        "",
    ] {
        assert_eq!(
            reception::read_card(typed).unwrap_err(),
            Refusal::NotACard,
            "{typed}"
        );
    }
}

#[test]
fn a_name_that_is_no_vietnamese_syllables_is_filled_in_and_to_be_compared() {
    let typed = "066093047064||Y Blăng Niê Kdăm|05011993|Nam|Buôn Ma Thuột|10012022";
    let card = reception::read_card(typed).unwrap();
    assert_eq!(card.qr.name, "Y Blăng Niê Kdăm");
    assert!(card.doubtful.contains(&desk::UnprovenPart::Name));
}
