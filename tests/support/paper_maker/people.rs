//! Invented people and places. Names are common, places do not exist, and the
//! numbers have the right shape with a province that was never given (099).

use chrono::{Datelike, Days, NaiveDate};

use super::chance::Chance;

/// A person who does not exist.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) female: bool,
    pub(crate) born_on: NaiveDate,
    pub(crate) id: String,
}

/// A family and the commune it lives in: what the three papers of one seed tell of.
#[derive(Clone, Debug)]
pub(crate) struct Family {
    pub(crate) child: Person,
    pub(crate) mother: Person,
    pub(crate) father: Person,
    pub(crate) hamlet: String,
    /// `xã An Bình Hạ`, with its rank.
    pub(crate) commune: String,
    /// `An Bình Hạ`, without it.
    pub(crate) commune_name: String,
    pub(crate) province: String,
    /// The chair of the commune's committee.
    pub(crate) chair: String,
    pub(crate) deputy: String,
    /// When the child's birth was registered.
    pub(crate) registered_on: NaiveDate,
}

const FAMILY_NAMES: [&str; 9] = [
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ",
];
const WOMEN: [&str; 10] = [
    "Thị Hương",
    "Thị Thùy Linh",
    "Thị Ngọc Ánh",
    "Thị Kim Phượng",
    "Thị Diễm Quỳnh",
    "Thị Hường",
    "Thị Mỹ Duyên",
    "Thị Bích Thủy",
    "Thị Thanh Trúc",
    "Thị Lương",
];
const MEN: [&str; 10] = [
    "Văn Đức",
    "Minh Tuấn",
    "Hữu Phước",
    "Quốc Cường",
    "Đình Khôi",
    "Văn Dũng",
    "Xuân Trường",
    "Thành Đạt",
    "Văn Lượng",
    "Ngọc Sơn",
];
const GIRLS: [&str; 6] = [
    "Bảo Ngọc",
    "Khánh An",
    "Minh Thư",
    "Thảo Vy",
    "Ánh Dương",
    "Hà My",
];
const BOYS: [&str; 6] = [
    "Gia Huy",
    "Đăng Khoa",
    "Minh Đức",
    "Phúc Lâm",
    "Tuấn Kiệt",
    "Hữu Nghĩa",
];
const COMMUNES: [(&str, &str); 6] = [
    ("xã", "An Bình Hạ"),
    ("xã", "Đông Lương Thượng"),
    ("phường", "Tân Phước Đông"),
    ("xã", "Mỹ Đức Trung"),
    ("phường", "Hòa Sơn Nam"),
    ("xã", "Lương Khê Đoài"),
];
const PROVINCES: [&str; 5] = [
    "tỉnh Thái Nguyên",
    "tỉnh Phú Thọ",
    "tỉnh Đồng Nai",
    "tỉnh Nghệ An",
    "tỉnh Lâm Đồng",
];
const HAMLETS: [&str; 5] = [
    "Thôn Đồng Giữa",
    "Thôn Bờ Ao",
    "Xóm Gò Cao",
    "Thôn Cầu Mới",
    "Xóm Ruộng Dài",
];

impl Person {
    fn new(
        chance: &mut Chance,
        family: &str,
        given: &[&str],
        female: bool,
        born_on: NaiveDate,
    ) -> Self {
        Self {
            name: format!("{family} {}", chance.one_of(given)),
            female,
            born_on,
            id: personal_id(chance, female, born_on),
        }
    }

    pub(crate) fn sex(&self) -> &'static str {
        if self.female { "Nữ" } else { "Nam" }
    }
}

/// `PPP G YY RRRRRR` with the province 099, which no one was ever born in.
fn personal_id(chance: &mut Chance, female: bool, born_on: NaiveDate) -> String {
    let century = if born_on.year() < 2000 { 0 } else { 2 };
    format!(
        "099{}{:02}{:06}",
        century + u32::from(female),
        born_on.year() % 100,
        chance.between(1_000, 999_999)
    )
}

fn day(chance: &mut Chance, from_year: i32, to_year: i32) -> NaiveDate {
    let year = from_year + chance.between(0, (to_year - from_year) as u32) as i32;
    let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("the first of January exists");
    first + Days::new(u64::from(chance.between(0, 240)))
}

impl Family {
    pub(crate) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed, "family");
        let family = *chance.one_of(&FAMILY_NAMES);
        let maiden = *chance.one_of(&FAMILY_NAMES);
        let female = chance.between(0, 1) == 1;
        let born_on = day(&mut chance, 2024, 2025);
        let child = Person::new(
            &mut chance,
            family,
            if female { &GIRLS } else { &BOYS },
            female,
            born_on,
        );
        let mother_born = day(&mut chance, 1990, 2001);
        let mother = Person::new(&mut chance, maiden, &WOMEN, true, mother_born);
        let father_born = day(&mut chance, 1985, 1999);
        let father = Person::new(&mut chance, family, &MEN, false, father_born);
        let (rank, name) = *chance.one_of(&COMMUNES);
        let chair = format!("{} {}", chance.one_of(&FAMILY_NAMES), chance.one_of(&MEN));
        let deputy = format!("{} {}", chance.one_of(&FAMILY_NAMES), chance.one_of(&WOMEN));
        Self {
            registered_on: child.born_on + Days::new(u64::from(chance.between(5, 50))),
            child,
            mother,
            father,
            // A ward (phường) has neighbourhoods, a commune (xã) has hamlets.
            hamlet: if rank == "phường" {
                format!("Tổ dân phố số {}", chance.between(1, 19))
            } else {
                (*chance.one_of(&HAMLETS)).to_owned()
            },
            commune: format!("{rank} {name}"),
            commune_name: name.to_owned(),
            province: (*chance.one_of(&PROVINCES)).to_owned(),
            chair,
            deputy,
        }
    }

    /// What stands round the committee's seal, above and below.
    pub(crate) fn seal_words(&self) -> (String, String) {
        let above = format!("U.B.N.D {}", self.commune.to_uppercase());
        let province = self.province.to_uppercase();
        (above, province.replacen("TỈNH", "T.", 1))
    }

    /// Whom its neighbourhood or hamlet has elected.
    pub(crate) fn head_of_hamlet(&self) -> &'static str {
        if self.hamlet.starts_with("Tổ") {
            "Tổ trưởng tổ dân phố"
        } else {
            "Trưởng thôn"
        }
    }

    /// Hamlet, commune, province.
    pub(crate) fn address(&self) -> String {
        format!("{}, {}, {}", self.hamlet, self.commune, self.province)
    }
}

/// `05/11/2025`.
pub(crate) fn in_digits(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// `ngày 05 tháng 11 năm 2025`: a day or a month below ten and three takes a
/// zero, so that none can be put before it.
// Decree 30/2020/NĐ-CP, annex I: days below 10 and the months 1 and 2.
pub(crate) fn in_a_sentence(date: NaiveDate) -> String {
    let month = if date.month() < 3 {
        format!("{:02}", date.month())
    } else {
        date.month().to_string()
    };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// `Ngày năm tháng mười một năm hai nghìn không trăm hai mươi lăm`.
pub(crate) fn in_words(date: NaiveDate) -> String {
    let month = match date.month() {
        4 => "tư".to_owned(),
        month => below_hundred(month),
    };
    format!(
        "Ngày {} tháng {month} năm hai nghìn không trăm {}",
        below_hundred(date.day()),
        below_hundred(date.year() as u32 % 100)
    )
}

fn below_hundred(number: u32) -> String {
    const DIGITS: [&str; 10] = [
        "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
    ];
    let (tens, units) = (number / 10, number % 10);
    let tens_word = match tens {
        0 => return DIGITS[units as usize].to_owned(),
        1 => "mười".to_owned(),
        tens => format!("{} mươi", DIGITS[tens as usize]),
    };
    let units_word = match units {
        0 => return tens_word,
        1 if tens > 1 => "mốt",
        5 => "lăm",
        units => DIGITS[units as usize],
    };
    format!("{tens_word} {units_word}")
}
