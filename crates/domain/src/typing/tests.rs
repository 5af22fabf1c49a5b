use proptest::prelude::*;

use super::*;
use crate::fold::same_spelling;

fn check(method: InputMethod, keys: &str, text: &str) {
    assert_eq!(method.compose(keys), text, "{keys}");
}

#[test]
fn keys_become_the_letters_they_mean() {
    for (telex, vni, text) in [
        (
            "Nguyeenx Vawn Bifnh",
            "Nguye6n4 Va8n Bi2nh",
            "Nguyễn Văn Bình",
        ),
        ("Dduwcs", "D9u71c", "Đức"),
        ("DDAWNG", "D9A8NG", "ĐĂNG"),
        ("Phuowngf", "Phuo7ng2", "Phường"),
        ("quys", "quy1", "quý"),
        ("giaf", "gia2", "già"),
        ("hoaf", "hoa2", "hòa"),
        ("hoanf", "hoan2", "hoàn"),
        ("thuyr", "thuy3", "thủy"),
        ("Nuwx", "Nu74", "Nữ"),
        ("Nam", "Nam", "Nam"),
        ("Soos 12", "So61 12", "Số 12"),
    ] {
        check(InputMethod::Telex, telex, text);
        check(InputMethod::Vni, vni, text);
    }
}

#[test]
fn syllables_are_told_from_other_words() {
    for word in [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Võ",
        "Đặng",
        "Bùi",
        "Ngô",
        "Dương",
        "Lý",
        "quý",
        "Quốc",
        "Khuyên",
        "Thúy",
        "Thuý",
        "Hòa",
        "Hoà",
        "giường",
        "Giang",
        "gì",
        "nghiêng",
        "Xuyến",
        "yêu",
        "ưu",
        "oanh",
        "Tuyết",
        "Nguyệt",
        "Hương",
        "khuya",
        "Thuở",
        "xoong",
        "Uyên",
        "Ý",
        "An",
        "Yến",
        "ngoằn",
        "Hoạch",
    ] {
        assert!(is_syllable(word), "{word}");
    }
    for word in [
        "Nguyeenx",
        "Vawn",
        "Kros",
        "Krông",
        "Traafn",
        "Bi2nh",
        "A1",
        "",
        "zoo",
        "Bhơr",
        "mats1",
        "cap\u{0300}",
        "ngớờ",
    ] {
        assert!(!is_syllable(word), "{word}");
    }
}

#[test]
fn what_an_input_method_left_behind_is_put_right() {
    let undo = |text: &str| undo_leftovers(text).map(|(_, undone)| undone);
    assert_eq!(
        undo("Nguyeenx Vawn Bifnh").as_deref(),
        Some("Nguyễn Văn Bình")
    );
    assert_eq!(
        undo("Nguye6n4 Va8n Bi2nh").as_deref(),
        Some("Nguyễn Văn Bình")
    );
    assert_eq!(undo("Soos 12, toor 3").as_deref(), Some("Số 12, tổ 3"));
    for text in [
        "Nguyễn Văn Bình",
        "Nguyen Van Binh",
        "Y Krông Niê",
        "WiFi",
        "15/QĐ-UBND",
        "",
        "H'Hen",
    ] {
        assert_eq!(undo(text), None, "{text}");
    }
}

fn name() -> impl Strategy<Value = String> {
    let words = [
        "Nguyễn",
        "Trần",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Đặng",
        "Đỗ",
        "Bùi",
        "Dương",
        "Quỳnh",
        "Thúy",
        "Hòa",
        "Giàu",
        "Văn",
        "Thị",
        "Hữu",
        "Đức",
        "Ngọc",
        "Mai",
        "An",
        "Nguyệt",
        "Khuê",
        "Loan",
        "Tuyết",
        "Phượng",
        "Hường",
        "Quý",
        "Xuân",
    ];
    proptest::collection::vec(prop::sample::select(words.to_vec()), 1..5)
        .prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn every_name_is_composed_from_its_keys(name in name(), upper in any::<bool>()) {
        let name = if upper { name.to_uppercase() } else { name };
        for method in InputMethod::ALL {
            let keys = method.keys(&name);
            prop_assert!(keys.is_ascii());
            prop_assert!(same_spelling(&method.compose(&keys), &name), "{} {} {}", name, keys, method.compose(&keys));
        }
    }

    #[test]
    fn leftovers_of_either_method_are_put_right_or_left_alone(name in name()) {
        for method in InputMethod::ALL {
            let keys = method.keys(&name);
            match undo_leftovers(&keys) {
                Some((_, undone)) => {
                    for (word, expected) in undone.split(' ').zip(name.split(' ')) {
                        // A word that is a syllable as typed is not touched.
                        let untouched = is_syllable(&method.keys(expected));
                        prop_assert!(untouched || same_spelling(word, expected), "{} {}", word, expected);
                    }
                }
                None => prop_assert!(keys.split(' ').all(is_syllable) , "{}", keys),
            }
        }
    }

    #[test]
    fn vietnamese_text_is_never_changed(name in name()) {
        prop_assert_eq!(undo_leftovers(&name), None);
    }

    #[test]
    fn any_text_is_composed_without_a_panic(text in "\\PC{0,30}") {
        for method in InputMethod::ALL {
            let _ = (method.compose(&text), method.keys(&text));
        }
        let _ = (is_syllable(&text), undo_leftovers(&text));
    }
}
