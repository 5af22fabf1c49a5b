use domain::fold::same_spelling;
use proptest::prelude::*;

use super::*;

const TRUE: &str =
    "001093047064|012345678|Trần Văn Bình|05011993|Nam|Số 12, Xã Thanh Sơn, Tỉnh Phú Thọ|10012022";

fn check(typed: &str) -> String {
    let Some(read) = undo_typing(typed) else {
        return "cannot".to_owned();
    };
    let qr = &read.qr;
    format!(
        "{}|{}|{}|{}|{}|{:?}|{:?}",
        qr.number.as_str(),
        qr.name,
        qr.birth_on,
        qr.sex,
        qr.address,
        read.undone,
        read.doubtful
    )
}

/// Every character as the bytes of UTF-8, typed one by one.
fn as_bytes(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            (0..=0x2122_u32)
                .filter_map(char::from_u32)
                .find(|letter| windows_1252(*letter) == Some(byte))
                .unwrap()
        })
        .collect()
}

/// What the layout "Vietnamese" makes of the digit keys.
fn by_layout(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '1' => 'ă',
            '2' => 'â',
            '3' => 'ê',
            '4' => 'ô',
            '5' => '\u{0300}',
            '6' => '\u{0309}',
            '7' => '\u{0303}',
            '8' => '\u{0301}',
            '9' => '\u{0323}',
            '0' => 'đ',
            other => other,
        })
        .collect()
}

const READ: &str = "001093047064|Trần Văn Bình|1993-01-05|Nam|Số 12, Xã Thanh Sơn, Tỉnh Phú Thọ";

#[test]
fn what_was_typed_right_is_taken_as_it_is() {
    assert_eq!(check(TRUE), format!("{READ}|None|[]"));
    assert_eq!(check(&format!("{TRUE}\n")), format!("{READ}|None|[]"));
}

#[test]
fn keys_of_a_method_that_was_off_are_composed() {
    for method in InputMethod::ALL {
        // The digits of the numbers are no keys, as no letter stands before them.
        let parts: Vec<String> = TRUE
            .split('|')
            .enumerate()
            .map(|(at, part)| {
                if matches!(at, 2 | 4 | 5) {
                    method.keys(part)
                } else {
                    part.to_owned()
                }
            })
            .collect();
        assert_eq!(
            check(&parts.join("|")),
            format!("{READ}|Some(MethodOff({method:?}))|[]")
        );
    }
}

#[test]
fn letters_on_the_digit_keys_become_digits_again() {
    let parts: Vec<String> = TRUE
        .split('|')
        .enumerate()
        .map(|(at, part)| {
            if matches!(at, 0 | 1 | 3 | 6) {
                by_layout(part)
            } else {
                part.to_owned()
            }
        })
        .collect();
    assert_eq!(
        check(&parts.join("|")),
        format!("{READ}|Some(DigitKeys)|[]")
    );
}

#[test]
fn bytes_typed_one_by_one_are_put_together() {
    assert_eq!(check(&as_bytes(TRUE)), format!("{READ}|Some(Bytes)|[]"));
}

#[test]
fn what_cannot_be_undone_is_named() {
    for (what, typed, expected) in [
        (
            "marks dropped",
            "001093047064||Tran Van Binh|05011993|Nam|So 12, Xa Thanh Son|10012022",
            "None|[Name, Address]",
        ),
        (
            "letters dropped",
            "001093047064||Trn Vn Bnh|05011993|Nam|Số 12|10012022",
            "None|[Name]",
        ),
        (
            "letters replaced",
            "001093047064||Tr?n V?n Bình|05011993|Nam|Số 12|10012022",
            "None|[Name]",
        ),
        (
            "sex mangled",
            "001093047064||Trần Thị Bình|05011993|N|Số 12|10012022",
            "None|[Sex]",
        ),
        (
            "a house number made a letter",
            "001093047064||Trần Bình|05011993|Nam|Lô Á, Xã Thanh Sơn|10012022",
            "None|[Address]",
        ),
        (
            "a house number that may be a letter",
            "001093047064||Tra62n Bi2nh|05011993|Nam|Lo6 A1, Xa4 Thanh So7n|10012022",
            "Some(MethodOff(Vni))|[Address]",
        ),
        // "Siu Kros" and "Siu Kró" both can be meant.
        (
            "a name of the highlands",
            "001093047064||Siu Kró|05011993|Nam|Số 12|10012022",
            "None|[Name]",
        ),
    ] {
        let shown = check(typed);
        assert!(shown.ends_with(expected), "{what}: {shown}");
    }
}

#[test]
fn other_text_is_no_code() {
    for typed in [
        "",
        "|||||||",
        "xin chào",
        "https://example.vn",
        "đđă|x|y",
        "00109304706||Trần Bình|05011993|Nam|A",
    ] {
        assert_eq!(check(typed), "cannot", "{typed}");
    }
}

#[test]
fn digits_whose_order_was_lost_are_not_guessed() {
    // 59 and 95 are one text once it was normalised.
    let typed = by_layout("001059047064||");
    let rest = "Trần Văn Bình|05011993|Nam|Số 12|10012022";
    let normalised: String = format!("{typed}{rest}").nfc().collect();
    assert_eq!(check(&normalised), "cannot");
}

fn name() -> impl Strategy<Value = String> {
    let words = [
        "Nguyễn",
        "Trần",
        "Đặng",
        "Dương",
        "Thúy",
        "Hòa",
        "Văn",
        "Thị",
        "Đức",
        "Ngọc",
        "Mai",
        "An",
        "Phượng",
        "Quý",
        "Xuân",
    ];
    proptest::collection::vec(prop::sample::select(words.to_vec()), 2..5)
        .prop_map(|words| words.join(" "))
}

proptest! {
    // Undone right, or said to be doubtful; never silently another name.
    #[test]
    fn a_mangled_code_is_undone_or_said_to_be_doubtful(
        name in name(), number in "0[0-9]{2}[0-3][0-9]{8}", day in 1u32..29, how in 0usize..5
    ) {
        let birth = format!("{day:02}011993");
        let text = |name: &str, number: &str, birth: &str| {
            format!("{number}||{name}|{birth}|Nam|Số 12, Xã Thanh Sơn|10012022")
        };
        let typed = match how {
            0 => text(&name, &number, &birth),
            1 => text(&InputMethod::Telex.keys(&name), &number, &birth),
            2 => text(&InputMethod::Vni.keys(&name), &number, &birth),
            3 => as_bytes(&text(&name, &number, &birth)),
            _ => format!(
                "{}||{name}|{}|Nam|Số 12, Xã Thanh Sơn|{}",
                by_layout(&number), by_layout(&birth), by_layout("10012022")
            ),
        };
        if let Some(read) = undo_typing(&typed) {
            prop_assert_eq!(read.qr.number.as_str(), number.as_str());
            prop_assert_eq!(read.qr.birth_on, format!("1993-01-{day:02}"));
            let right = same_spelling(&read.qr.name, &name);
            prop_assert!(right || read.doubtful.contains(&UnprovenPart::Name), "{} {}", read.qr.name, name);
        } else {
            prop_assert_eq!(how, 4, "only lost digits make a code unreadable");
        }
    }

    // An input method that is on makes syllables of what are none.
    #[test]
    fn a_method_that_was_on_is_noticed(word in "(Kr|Bl|Hm|Dr)(o|a|e)(s|x|r|j)") {
        let typed = InputMethod::Telex.compose(&word);
        prop_assume!(typed != word);
        let text = format!("001093047064||Siu {typed}|05011993|Nam|Số 12|10012022");
        prop_assert!(undo_typing(&text).unwrap().doubtful.contains(&UnprovenPart::Name));
    }

    #[test]
    fn any_text_is_taken_without_a_panic(text in "[0-9a-zđăâ\u{0300}\u{0323}|]{0,60}|\\PC{0,60}") {
        let _ = undo_typing(&text);
    }
}
