use super::*;
use chrono::Datelike as _;
use proptest::prelude::*;

fn check(text: &str) -> String {
    read(text, true).shown()
}

#[test]
fn dates_are_read_as_papers_write_them() {
    for (text, expected) in [
        ("05/01/2026", "2026-01-05"),
        (": 5-1-2026, tại", "2026-01-05"),
        ("05.01.2026", "2026-01-05"),
        ("ngày 05 tháng 01 năm 2026", "2026-01-05"),
        ("ngày23 tháng 4 năm 2026", "2026-04-23"),
        ("ngày 2 3 tháng 4 năm 2026", "2026-04-23"),
        ("05 tháng 01 năm 2026", "2026-01-05"),
        ("ngày 22/06/2026.", "2026-06-22"),
        (
            "Ngày mùng năm tháng một năm hai nghìn không trăm hai mươi sáu",
            "2026-01-05",
        ),
        (
            "ngày ba mươi mốt tháng mười hai năm một nghìn chín trăm chín mươi chín",
            "1999-12-31",
        ),
        (
            "ngày mười lăm tháng năm năm hai nghìn không trăm linh năm",
            "2005-05-15",
        ),
        (
            "ngày hai mươi tư tháng tư năm hai ngàn lẻ bốn",
            "2004-04-24",
        ),
        ("ngày tháng năm", "blank"),
        ("ngày      tháng 4 năm 2026", "blank"),
        ("ngày 5 tháng     năm 2026", "blank"),
        ("ngày 5 tháng 4 năm", "blank"),
        ("ngày … tháng … năm 20…", "blank"),
        (": ......", "blank"),
        ("ngày M tháng 4 năm 2026", "unreadable"),
        ("31/02/2026", "2026-02-31 (breaks its rule)"),
        ("ngày 31 tháng 4 năm 2026", "2026-04-31 (breaks its rule)"),
        ("ngày 23 tháng 4 năm 3026", "3026-04-23 (breaks its rule)"),
        ("01/2026", "2026-01 (breaks its rule)"),
        ("tháng 3 năm 1961", "1961-03 (breaks its rule)"),
        (
            "tháng ba năm một nghìn chín trăm sáu mươi mốt",
            "1961-03 (breaks its rule)",
        ),
        ("tháng chạp năm 1961", "1961-12 (breaks its rule)"),
        ("năm 1961", "1961 (breaks its rule)"),
        ("năm một chín sáu mốt", "1961 (breaks its rule)"),
        (
            "tháng năm năm hai nghìn không trăm linh năm",
            "2005-05 (breaks its rule)",
        ),
        ("tháng      năm 1961", "blank"),
        ("tháng 13 năm 1961", "blank"),
        ("hai nghìn", "unreadable"),
        ("ngày năm tháng tư năm hai nghìn năm", "unreadable"),
        (
            "ngày hăm mốt tháng giêng năm hai không hai sáu",
            "2026-01-21",
        ),
        ("ngày 5 tháng 1 năm nghìn chín trăm chín chín", "1999-01-05"),
        ("NGÀY 05 THÁNG 01 NĂM 2026", "2026-01-05"),
        ("05 / 01 / 2026", "2026-01-05"),
        ("05/01.2026", "unreadable"),
        ("05/01/26", "unreadable"),
        (
            "05/01/2026 (bằng chữ: ngày năm tháng một năm hai nghìn không trăm hai mươi sáu)",
            "2026-01-05",
        ),
        (
            "05/01/2026 ghi bằng chữ: ngày năm tháng hai năm hai nghìn không trăm hai mươi sáu",
            "2026-01-05 (breaks its rule)",
        ),
        (
            "05/01/2026 (ngày 06 tháng 01 năm 2026)",
            "2026-01-05 (breaks its rule)",
        ),
        ("05/01/2026, cấp ngày 06/01/2026", "2026-01-05"),
        ("1961", "1961 (breaks its rule)"),
        (": ..... Ngày cấp: 01/02/2020", "unreadable"),
        ("05/01/20261", "unreadable"),
        ("123/4/2026", "unreadable"),
    ] {
        assert_eq!(check(text), expected, "{text}");
    }
}

#[test]
fn a_part_of_a_date_is_no_day() {
    for text in ["01/2026", "1961", "tháng 3 năm 1961"] {
        assert_eq!(read(text, false).value(), None, "{text}");
    }
}

#[test]
fn a_day_left_blank_stays_blank_however_it_is_filled() {
    assert_eq!(check("ngày ...... tháng 4 năm 2026"), "blank");
    assert_eq!(check("ngày tháng 4 năm 2026"), "blank");
}

/// How people spell numbers: each choice is a bit.
#[derive(Clone, Copy, Debug)]
struct Habit(u32);

impl Habit {
    const ALL: u32 = 1 << 7;

    fn pick<'w>(self, bit: u32, one: &'w str, other: &'w str) -> &'w str {
        if self.0 >> bit & 1 == 0 { one } else { other }
    }

    fn unit(number: u32) -> &'static str {
        [
            "không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín",
        ][number as usize]
    }

    fn number(self, number: u32) -> String {
        let (tens, one) = (number / 10, number % 10);
        // "hai lăm", "ba mốt": the word for ten left out.
        let ten = if matches!(tens, 2 | 3) && one != 0 {
            self.pick(0, " mươi", "")
        } else {
            " mươi"
        };
        let last = match one {
            1 if tens > 1 => self.pick(1, "mốt", "một"),
            4 if tens > 1 => self.pick(2, "tư", "bốn"),
            5 if tens > 0 => self.pick(3, "lăm", "nhăm"),
            one => Self::unit(one),
        };
        match (tens, one) {
            (0, one) => Self::unit(one).to_owned(),
            (1, 0) => "mười".to_owned(),
            (1, _) => format!("mười {last}"),
            (tens, 0) => format!("{} mươi", Self::unit(tens)),
            (tens, _) => format!("{}{ten} {last}", Self::unit(tens)),
        }
    }

    fn day(self, day: u32) -> String {
        let early = ["mùng ", "mồng ", ""][(self.0 % 3) as usize];
        format!("{}{}", if day <= 10 { early } else { "" }, self.number(day))
    }

    fn month(self, month: u32) -> String {
        match month {
            1 => self.pick(4, "một", "giêng").to_owned(),
            4 => self.pick(2, "tư", "bốn").to_owned(),
            12 => self.pick(4, "mười hai", "chạp").to_owned(),
            month => self.number(month),
        }
    }

    fn year(self, year: u32) -> String {
        let (hundreds, rest) = (year / 100 % 10, year % 100);
        let thousand = self.pick(5, "nghìn", "ngàn");
        let thousands = Self::unit(year / 1000);
        let head = if hundreds == 0 && rest > 9 && self.0 & 1 == 1 {
            format!("{thousands} {thousand}")
        } else {
            format!("{thousands} {thousand} {} trăm", Self::unit(hundreds))
        };
        match rest {
            0 => head,
            1..=9 => format!("{head} {} {}", self.pick(6, "linh", "lẻ"), Self::unit(rest)),
            _ => format!("{head} {}", self.number(rest)),
        }
    }

    fn date(self, day: NaiveDate) -> String {
        format!(
            "ngày {} tháng {} năm {}",
            self.day(day.day()),
            self.month(day.month()),
            self.year(day.year() as u32)
        )
    }
}

fn all_days() -> impl Iterator<Item = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
    let last = NaiveDate::from_ymd_opt(2099, 12, 31).expect("a day");
    first.iter_days().take_while(move |day| *day <= last)
}

#[test]
fn every_day_of_two_centuries_is_read_back_in_every_form_in_digits() {
    let mut days = 0;
    for day in all_days() {
        let (d, m, y) = (day.day(), day.month(), day.year());
        let expected = format!("{y:04}-{m:02}-{d:02}");
        for text in [
            format!("{d:02}/{m:02}/{y}"),
            format!("{d}/{m}/{y}"),
            format!("{d:02}-{m:02}-{y}"),
            format!("{d:02}.{m:02}.{y}"),
            format!("ngày {d:02} tháng {m:02} năm {y}"),
            format!("{d} tháng {m} năm {y}"),
        ] {
            let read = read(&text, true);
            let value = read.value().filter(|value| value.sound);
            assert_eq!(
                value.map(|value| value.text.as_str()),
                Some(expected.as_str()),
                "{text}"
            );
        }
        days += 1;
    }
    assert_eq!(days, 73_049);
}

#[test]
fn every_day_of_two_centuries_is_read_back_in_words() {
    // Every day once, and in turn with every habit of spelling.
    for (index, day) in all_days().enumerate() {
        let habit = Habit(index as u32 % Habit::ALL);
        let text = habit.date(day);
        let expected = day.format("%Y-%m-%d").to_string();
        assert_eq!(check(&text), expected, "{text}");
    }
    // Every day and month, and every year, with every habit: the parts of a date
    // are read one by one.
    for habit in (0..Habit::ALL).map(Habit) {
        for day in all_days().take(366) {
            assert_eq!(check(&habit.date(day)), day.format("%Y-%m-%d").to_string());
        }
        for year in 1900..2100 {
            let day = NaiveDate::from_ymd_opt(year, 5, 5).expect("a day");
            assert_eq!(
                check(&habit.date(day)),
                format!("{year}-05-05"),
                "{}",
                habit.date(day)
            );
        }
    }
}

#[test]
fn every_month_and_year_is_read_back_as_a_part() {
    for year in 1900..2100 {
        for text in [
            format!("{year}"),
            format!("năm {year}"),
            format!("năm {}", Habit(0).year(year)),
        ] {
            assert_eq!(check(&text), format!("{year} (breaks its rule)"), "{text}");
        }
        for month in 1..=12 {
            let expected = format!("{year}-{month:02} (breaks its rule)");
            for text in [
                format!("{month:02}/{year}"),
                format!("{month}-{year}"),
                format!("{month}.{year}"),
                format!("tháng {month} năm {year}"),
                format!(
                    "tháng {} năm {}",
                    Habit(0).month(month),
                    Habit(0).year(year)
                ),
            ] {
                assert_eq!(check(&text), expected, "{text}");
            }
        }
    }
}

proptest! {
    #[test]
    fn digits_and_words_that_differ_are_noticed(
        first in 0u64..73_049, second in 0u64..73_049, habit in 0..Habit::ALL
    ) {
        let start = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a day");
        let (one, two) = (start + chrono::Days::new(first), start + chrono::Days::new(second));
        let text = format!("{} (bằng chữ: {})", one.format("%d/%m/%Y"), Habit(habit).date(two));
        let read = read(&text, false);
        prop_assert_eq!(read.value().is_some_and(|value| value.sound), first == second, "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_panic_and_ranges_stay_inside(text in ".{0,60}") {
        if let Read::Value(value) = read(&text, true) {
            prop_assert!(text.get(value.start..value.end).is_some());
        }
    }

    #[test]
    fn a_sound_day_is_one_the_calendar_has(day in 0u32..40, month in 0u32..15, year in 0i32..3000) {
        let text = format!("{day:02}/{month:02}/{year:04}");
        if let Read::Value(value) = read(&text, false) && value.sound {
            prop_assert!(NaiveDate::from_ymd_opt(year, month, day).is_some());
            prop_assert!(day_of(&value.text).is_some());
        }
    }
}
