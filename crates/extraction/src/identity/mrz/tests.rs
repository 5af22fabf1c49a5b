use domain::fold::fold;
use proptest::prelude::*;

use super::*;

/// An invented holder of a chip card.
const CARD: [&str; 3] = [
    "IDVNM0930470641001093047064<<2",
    "9301054M3301052VNM<<<<<<<<<<<8",
    "TRAN<<VAN<BINH<<<<<<<<<<<<<<<<",
];

/// The specimens of ICAO Doc 9303, parts 4 to 6.
const PASSPORT: [&str; 2] = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
];
const TD2: [&str; 2] = [
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
    "D231458907UTO7408122F1204159<<<<<<<6",
];
const TD1: [&str; 3] = [
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
];

fn check(lines: &[&str]) -> String {
    let Some(mrz) = Mrz::find(lines) else {
        return "none".to_owned();
    };
    format!(
        "{:?} {} {} {} {} {} {} {}{:?}{}",
        mrz.kind,
        mrz.issuer,
        mrz.number,
        mrz.name(),
        mrz.birth,
        mrz.sex,
        mrz.expiry,
        mrz.personal_id()
            .map_or(String::new(), |id| format!("{id} ")),
        mrz.failed,
        if mrz.repaired { " repaired" } else { "" }
    )
}

#[test]
fn zones_of_every_form_are_read() {
    assert_eq!(
        check(&CARD),
        "Td1 VNM 093047064 TRAN VAN BINH 930105 M 330105 001093047064 []"
    );
    assert_eq!(
        check(&PASSPORT),
        "Td3 UTO L898902C3 ERIKSSON ANNA MARIA 740812 F 120415 []"
    );
    assert_eq!(
        check(&TD2),
        "Td2 UTO D23145890 ERIKSSON ANNA MARIA 740812 F 120415 []"
    );
    assert_eq!(
        check(&TD1),
        "Td1 UTO D23145890 ERIKSSON ANNA MARIA 740812 F 120415 []"
    );
}

#[test]
fn the_century_comes_from_the_personal_number_or_from_expiry() {
    let card = Mrz::parse(&CARD).unwrap();
    assert_eq!(card.birth_on().unwrap().to_string(), "1993-01-05");
    assert_eq!(card.expires_on().unwrap().to_string(), "2033-01-05");
    let passport = Mrz::parse(&PASSPORT).unwrap();
    assert_eq!(passport.birth_on().unwrap().to_string(), "1974-08-12");
    let mut unsaid = passport.clone();
    unsaid.birth = "100812".to_owned();
    assert_eq!(unsaid.birth_on(), None, "born in 1910 or in 2010");
}

#[test]
fn a_zone_is_found_among_other_lines_in_spite_of_misread_signs() {
    let expected = "Td1 VNM 093047064 TRAN VAN BINH 930105 M 330105 001093047064 [] repaired";
    for lines in [
        ["IDVNM093O47O641001093047064<<2", CARD[1], CARD[2]],
        ["IDVNMO93047064l001093047064<<2", CARD[1], CARD[2]],
        [
            "IDVNM 0930470641 001093047064 <<2",
            "93O1054M33O1052VNM<<<<<<<<<<<8",
            CARD[2],
        ],
        [CARD[0], "9301054M3301052VNM<<<<<<<<8", "TRAN<<VAN<BINH"],
        [
            CARD[0],
            "9301054M3301052VNM<<<<<<<<<<<<<8",
            "TRAN«VAN<B1NH<<<<",
        ],
    ] {
        let page = ["Họ và tên", lines[0], lines[1], lines[2], "10/01/2022"];
        assert_eq!(check(&page), expected, "{lines:?}");
    }
}

#[test]
fn a_wrong_check_digit_is_named_and_other_lines_are_no_zone() {
    assert_eq!(
        check(&[CARD[0], "9301064M3301052VNM<<<<<<<<<<<8", CARD[2]]),
        "Td1 VNM 093047064 TRAN VAN BINH 930106 M 330105 001093047064 [BirthDate, Whole]"
    );
    assert_eq!(
        check(&["Số: 15/QĐ-UBND", "ngày 05 tháng 01 năm 2026", "QUYẾT ĐỊNH"]),
        "none"
    );
    assert_eq!(check(&[]), "none");
    assert_eq!(check(&[CARD[0], CARD[2], CARD[1]]), "none");
}

#[test]
fn a_field_of_the_kind_keeps_the_lines() {
    let text = CARD.join(" ");
    assert_eq!(normal(&text).as_deref(), Some(text.as_str()));
    assert_eq!(normal(&CARD.concat()).as_deref(), Some(text.as_str()));
    assert_eq!(normal(&text.to_lowercase()).as_deref(), Some(text.as_str()));
    assert_eq!(normal(&text.replace("9301054", "9301064")), None);
    assert_eq!(read(&text).value().map(|value| value.sound), Some(true));
    assert_eq!(read("......"), Read::Blank);
    assert_eq!(read("không có"), Read::Unreadable);
}

#[test]
fn a_zone_does_not_reach_a_log() {
    let shown = format!("{:?}", Mrz::parse(&CARD).unwrap());
    assert!(!shown.contains("BINH") && !shown.contains("093047"));
}

/// A card as the State would print it.
fn printed(id: &str, surname: &str, given: &str, birth: &str, expiry: &str) -> [String; 3] {
    let digit = |text: &str| check_digit(text).to_string();
    let number = &id[3..];
    let one = format!("IDVNM{number}{}{id}<<{}", digit(number), digit(id));
    let head = format!("{birth}{}", digit(birth));
    let tail = format!("{expiry}{}", digit(expiry));
    let whole = digit(&format!("{}{head}{tail}<<<<<<<<<<<", &one[5..]));
    let two = format!("{head}M{tail}VNM<<<<<<<<<<<{whole}");
    let name: String = format!("{surname}<<{given}{}", "<".repeat(30))
        .chars()
        .take(30)
        .collect();
    [one, two, name]
}

proptest! {
    #[test]
    fn every_card_is_read_back(
        id in "0[0-9]{2}[0-3][0-9]{8}", surname in "[A-Z]{2,6}", given in "[A-Z]{2,6}<[A-Z]{2,6}",
        year in 0u32..100, month in 1u32..13, day in 1u32..29
    ) {
        let birth = format!("{year:02}{month:02}{day:02}");
        let card = printed(&id, &surname, &given, &birth, "331231");
        let lines: Vec<&str> = card.iter().map(String::as_str).collect();
        let mrz = Mrz::find(&lines).unwrap();
        prop_assert!(mrz.is_sound() && !mrz.repaired);
        let read = mrz.personal_id().unwrap();
        prop_assert_eq!(read.as_str(), id);
        prop_assert_eq!(mrz.name(), format!("{surname} {}", given.replace('<', " ")));
        prop_assert_eq!(normal(&mrz.text()), Some(mrz.text()));
    }

    // A single wrong digit never passes: 7, 3 and 1 have no factor with 10.
    #[test]
    fn one_misread_digit_is_always_noticed(line in 0usize..2, column in 0usize..30, digit in 0u8..10) {
        let mut lines: Vec<String> = CARD.iter().map(|line| (*line).to_owned()).collect();
        let seen = lines[line].as_bytes()[column];
        prop_assume!(seen.is_ascii_digit() && seen != b'0' + digit);
        lines[line].replace_range(column..=column, &digit.to_string());
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        prop_assert!(!Mrz::parse(&lines).unwrap().is_sound());
    }

    #[test]
    fn any_lines_are_read_without_a_panic(lines in proptest::collection::vec("[A-Z0-9<]{26,46}|\\PC{0,40}", 0..5)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        if let Some(mrz) = Mrz::find(&lines) {
            prop_assert_eq!(fold(&mrz.text()).is_empty(), false);
            let _ = (mrz.birth_on(), mrz.expires_on(), mrz.personal_id());
        }
        let _ = read(&lines.join(" "));
    }
}
