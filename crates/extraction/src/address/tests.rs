use super::*;
use crate::catalogue::lists::Lists;
use proptest::prelude::*;

fn check(text: &str) -> String {
    let address = resolve(Lists::default().units(), text);
    fn show<Code: fmt::Display>(resolved: &Resolved<Code>) -> String {
        match resolved {
            Resolved::Known(code) => code.to_string(),
            Resolved::Asks(codes) => {
                let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
                format!("{}?", codes.join("|"))
            }
            Resolved::Unknown => "-".to_owned(),
        }
    }
    let mut line = format!("{} {}", show(&address.province), show(&address.commune));
    if let Some(district) = &address.district {
        line = format!("{line} [{district}]");
    }
    if address.former_province {
        line.push_str(" former");
    }
    if !address.exact {
        line.push_str(" inexact");
    }
    if !address.is_settled() {
        line.push_str(" asks");
    }
    line
}

#[test]
fn an_address_of_today_is_resolved_to_commune_and_province() {
    for (text, expected) in [
        (
            "Số 12, đường Láng, phường Láng, thành phố Hà Nội",
            "01 00199",
        ),
        ("Thôn 3, xã Thanh Sơn, tỉnh Phú Thọ", "25 08542"),
        ("Thôn 3, X. Thanh Sơn, T. Phú Thọ", "25 08542"),
        ("thôn 3 xã Thanh Sơn tỉnh Phú Thọ", "25 08542"),
        ("Xã Thanh Sơn - Tỉnh Phú Thọ - Việt Nam", "25 08542"),
        ("P. Văn Miếu - Quốc Tử Giám, TP. Hà Nội", "01 00226"),
        ("Phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng", "68 24781"),
        ("xã Chân Mây - Lăng Cô, TP Huế", "46 20137"),
        ("phường Trấn Biên, thành phố Đồng Nai", "75 26041"),
        ("phường Trấn Biên, tỉnh Đồng Nai", "75 26041"),
        ("Xã Ea H’Leo, tỉnh Đắk Lắk", "66 24184"),
        ("phường Hà Giang 1, tỉnh Tuyên Quang", "08 00694"),
        ("Đặc khu Côn Đảo, TP.HCM", "79 26732"),
        ("Xã Hòa Lạc, Thành phố Hà Nội", "01 09988"),
        ("Xã Hoà Lạc, Thành phố Hà Nội", "01 09988"),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn a_place_below_the_commune_with_other_marks_is_inexact() {
    for (place, expected) in [
        ("Tổ dân phố số 6", "25 08542"),
        ("Tố dân phố số 6", "25 08542 inexact"),
        ("Số 5, Tõ dân phố số 6", "25 08542 inexact"),
        ("Thốn 3", "25 08542 inexact"),
        ("THÔN 3", "25 08542"),
        ("Thông Reo", "25 08542"),
    ] {
        let text = format!("{place}, xã Thanh Sơn, tỉnh Phú Thọ");
        assert_eq!(check(&text), expected, "{text}");
    }
}

#[test]
fn letters_without_marks_are_found_but_said_to_be_inexact() {
    for (text, expected) in [
        ("xa Thanh Son, tinh Phu Tho", "25 08542 inexact"),
        ("xã Thanh Son, tỉnh Phú Thọ", "25 08542 inexact"),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn of_an_older_address_only_the_province_is_resolved() {
    for (text, expected) in [
        (
            "xã Thanh Sơn, huyện Thanh Sơn, tỉnh Phú Thọ",
            "25 - [huyện Thanh Sơn]",
        ),
        ("P. Bến Nghé, Q.1, TP. Hồ Chí Minh", "79 - [Q.1]"),
        (
            "Phường Trưng Vương, TP. Thái Nguyên, Tỉnh Thái Nguyên",
            "19 - [TP. Thái Nguyên]",
        ),
        (
            "xã Tân Tiến, thị xã An Nhơn, tỉnh Bình Định",
            "52 - [thị xã An Nhơn] former",
        ),
        ("xã Tân Tiến, tỉnh Bắc Giang", "24 - former"),
        ("Xã Long Sơn, Tỉnh Bà Rịa - Vũng Tàu", "79 - former"),
        ("phường Kim Long, tỉnh Thừa Thiên Huế", "46 - former"),
        ("tỉnh Thừa Thiên - Huế", "46 - former"),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn what_fits_several_units_asks() {
    for (text, expected) in [
        (
            "huyện Thuận An, tỉnh Sông Bé",
            "75|79? - [huyện Thuận An] former asks",
        ),
        ("xã A, tỉnh Hải Hưng", "31|33? - former asks"),
        // A commune of today, or the district of that name until 2025.
        ("12 Kim Mã, Ba Đình, Hà Nội", "01 00004? asks"),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn what_the_list_does_not_have_stays_unknown() {
    for (text, expected) in [
        ("xã Thanh Sơm, tỉnh Phú Thọ", "25 - asks"),
        ("phường Thanh Sơn, tỉnh Phú Thọ", "25 - asks"),
        ("xã Thanh Sơn, tỉnh Phú Thự", "- - inexact asks"),
        ("California, Hoa Kỳ", "- - inexact asks"),
        ("Thanh Sơn Phú Thọ", "- - inexact asks"),
        ("", "- - inexact asks"),
        ("xã", "- - inexact asks"),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
    assert_eq!(check("Tỉnh Phú Thọ"), "25 -", "a province alone is enough");
}

#[test]
fn every_commune_of_the_list_is_read_back_however_it_is_written() {
    let lists = Lists::default();
    for province in &lists.units().provinces {
        for commune in &province.communes {
            let (kind, short) = match commune.name.kind {
                UnitKind::Ward => ("phường", "P."),
                UnitKind::Commune => ("xã", "X."),
                _ => ("đặc khu", "ĐK."),
            };
            let whole = match province.name.kind {
                UnitKind::City => "thành phố",
                _ => "tỉnh",
            };
            let (here, there) = (commune.name.written(), province.name.written());
            for text in [
                format!("Số 1, {kind} {here}, {whole} {there}"),
                format!("{short} {here}, {there}"),
                format!("tổ 2 {kind} {here} {whole} {there}").to_uppercase(),
            ] {
                let address = resolve(lists.units(), &text);
                assert_eq!(address.province.known(), Some(&province.code), "{text}");
                assert_eq!(address.commune.known(), Some(&commune.code), "{text}");
                assert!(address.exact && address.is_settled(), "{text}");
            }
        }
    }
}

#[test]
fn every_former_province_lies_in_provinces_of_today() {
    let lists = Lists::default();
    let numbered = lists
        .units()
        .former
        .iter()
        .filter(|one| one.number.is_some());
    assert_eq!(numbered.count(), 63);
    for former in &lists.units().former {
        let address = resolve(lists.units(), &format!("xã A, {}", former.name.written()));
        let codes = match address.province {
            Resolved::Known(code) => vec![code],
            Resolved::Asks(codes) => codes,
            Resolved::Unknown => Vec::new(),
        };
        assert!(!codes.is_empty(), "{}", former.name.written());
    }
}

proptest! {
    #[test]
    fn any_text_is_kept_as_written(text in "[A-Za-zĐăâêộừý0-9,. \\-]{0,60}") {
        let address = resolve(Lists::default().units(), &text);
        prop_assert_eq!(address.written, normalise(&text));
    }

    #[test]
    fn any_text_is_resolved_without_a_panic(text in "\\PC{0,60}") {
        let address = resolve(Lists::default().units(), &text);
        prop_assert!(address.commune.known().is_none() || address.province.known().is_some());
    }
}
