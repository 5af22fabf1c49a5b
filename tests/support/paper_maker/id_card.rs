//! The chip identity card of 2021 and that of 2024, both sides on one sheet as an
//! officer lays them on the glass.
// Circular 06/2021/TT-BCA and Circular 17/2024/TT-BCA: forms of the cards.

use chrono::{Datelike, Days, NaiveDate};

use super::Paper;
use super::chance::Chance;
use super::id_card_codes::{card_text, machine_readable_zone};
use super::manner::Manner;
use super::paragraph::{Column, Fit, run};
use super::people::{Family, Person, in_digits};
use super::printed_form::Facts;
use super::sheet::{Anchor, Face, Faces, Sheet, Style};

const WIDTH: f32 = 85.6;
const HEIGHT: f32 = 54.0;
const LEFT: f32 = 62.0;
const LABEL: Style = Style::new(Face::Regular, 6.4);
const VALUE: Style = Style::new(Face::Bold, 7.8);
const RED: [u8; 3] = [190, 30, 36];

/// A card's holder and days.
pub(super) struct Holder<'p> {
    pub(super) person: &'p Person,
    pub(super) home: String,
    pub(super) address: String,
    pub(super) issued_on: NaiveDate,
    pub(super) valid_until: NaiveDate,
}

/// The card's side that is being drawn: its top left corner.
struct Side<'s, 'f> {
    sheet: &'s mut Sheet<'f>,
    top: f32,
}

pub(super) fn draw(faces: &Faces, seed: u64, dpi: u32, manner: Manner) -> Paper {
    let family = Family::new(seed);
    let mut chance = Chance::new(seed, "identity card");
    let person = if chance.between(0, 1) == 0 {
        &family.mother
    } else {
        &family.father
    };
    let newer = chance.between(0, 1) == 0;
    let year = if newer { 2024 } else { 2022 };
    let issued_on = NaiveDate::from_ymd_opt(year, 8, 1).expect("a day")
        + Days::new(u64::from(chance.between(0, 120)));
    let holder = Holder {
        person,
        home: capitalised(&format!("{}, {}", family.commune, family.province)),
        address: family.address(),
        issued_on,
        valid_until: renewal(person.born_on),
    };
    let mut sheet = Sheet::new(faces, dpi);
    let mut facts = Facts::default();
    facts.know(
        "title",
        if newer {
            "CĂN CƯỚC"
        } else {
            "CĂN CƯỚC CÔNG DÂN"
        },
    );
    facts.know("number", &person.id);
    facts.know("owner_id", &person.id);
    facts.know("owner_name", person.name.to_uppercase());
    facts.know("owner_birth_date", person.born_on.to_string());
    facts.know("sex", person.sex());
    facts.know("nationality", "Việt Nam");
    facts.know("issued_on", issued_on.to_string());
    facts.know("valid_until", holder.valid_until.to_string());
    facts.know("residence", &holder.address);
    facts.codes.push(card_text(&holder));
    for (top, front) in [(38.0, true), (110.0, false)] {
        let mut side = Side {
            sheet: &mut sheet,
            top,
        };
        side.ground();
        match (front, newer) {
            (true, true) => side.front_2024(&holder),
            (true, false) => side.front_2021(&holder),
            (false, true) => side.back_2024(&holder),
            (false, false) => side.back_2021(&mut chance, &holder),
        }
    }
    if manner.stamped {
        sheet.certified_copy(&mut chance);
    }
    Paper::new("id_card", facts, vec![sheet.finish()], dpi, seed)
}

/// The day on which a card is to be renewed: at 25, 40 or 60 years of age.
// Law 26/2023/QH15 on identification, art. 21.
fn renewal(born_on: NaiveDate) -> NaiveDate {
    let age = [25, 40, 60]
        .into_iter()
        .find(|age| born_on.year() + age > 2025)
        .expect("nobody here is older");
    born_on
        .with_year(born_on.year() + age)
        .expect("no one here was born on 29 February")
}

impl Side<'_, '_> {
    fn ground(&mut self) {
        let (x0, y0) = (self.sheet.px(LEFT), self.sheet.px(self.top));
        let (width, height) = (self.sheet.px(WIDTH) as i32, self.sheet.px(HEIGHT) as i32);
        for dy in 0..height {
            for dx in 0..width {
                let (fx, fy) = (dx as f32 / width as f32, dy as f32 / height as f32);
                let wave = ((fx * 40.0 + (fy * 9.0).sin() * 2.0).sin() * 0.5 + 0.5) * 0.06;
                self.sheet
                    .ink(x0 as i32 + dx, y0 as i32 + dy, 1.0, [218, 236, 226]);
                self.sheet
                    .ink(x0 as i32 + dx, y0 as i32 + dy, wave, [120, 170, 160]);
            }
        }
    }

    fn say(&mut self, text: &str, style: Style, x: f32, y: f32) {
        self.sheet
            .line(text, style, Anchor::Left, LEFT + x, self.top + y);
    }

    fn centre(&mut self, text: &str, style: Style, x: f32, y: f32) {
        self.sheet
            .line(text, style, Anchor::Centre, LEFT + x, self.top + y);
    }

    /// A value that may take two lines.
    fn broken(&mut self, text: &str, x: f32, right: f32, y: f32) {
        let column = Column {
            left: LEFT + x,
            right: LEFT + right,
            indent: 0.0,
            leading: 3.3,
            fit: Fit::Left,
        };
        self.sheet
            .paragraph(&[run(text, VALUE)], column, self.top + y);
    }

    /// A label and its value on one line.
    fn pair(&mut self, label: &str, value: &str, x: f32, y: f32) {
        let label = format!("{label} ");
        let (at, line) = (LEFT + x, self.top + y);
        let width = self.sheet.set(&label, LABEL, Anchor::Left, at, line);
        self.sheet.set(value, VALUE, Anchor::Left, at + width, line);
        self.sheet.record(&format!("{label}{value}"));
    }

    fn heading(&mut self, title: &str, english: &str) {
        let state = Style::new(Face::Bold, 7.0);
        self.centre("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", state, 44.5, 5.5);
        self.centre("Độc lập - Tự do - Hạnh phúc", state, 44.5, 8.8);
        let small = Style::new(Face::Regular, 5.0);
        self.centre("SOCIALIST REPUBLIC OF VIET NAM", small, 44.5, 11.4);
        self.centre(title, Style::new(Face::Bold, 10.5).in_ink(RED), 44.5, 16.2);
        self.centre(
            english,
            Style::new(Face::Regular, 6.0).in_ink(RED),
            52.0,
            19.0,
        );
        self.sheet.emblem(LEFT + 9.5, self.top + 10.0, 6.0);
    }

    /// Head and shoulders in grey.
    fn portrait(&mut self) {
        let (cx, cy) = (self.sheet.px(LEFT + 13.0), self.sheet.px(self.top + 30.0));
        let (head, shoulders) = (self.sheet.px(4.6), self.sheet.px(9.0));
        for dy in -(shoulders as i32)..shoulders as i32 * 3 / 2 {
            for dx in -(shoulders as i32)..=shoulders as i32 {
                let (fx, fy) = (dx as f32, dy as f32);
                let in_head = fx.hypot(fy * 0.8) < head;
                let in_body = (fx * 0.9).hypot((fy - shoulders * 1.5) * 0.8) < shoulders * 0.85;
                if in_head || in_body {
                    self.sheet
                        .paint(cx as i32 + dx, cy as i32 + dy, 0.9, [112, 100, 98]);
                }
            }
        }
    }

    fn front_2021(&mut self, holder: &Holder<'_>) {
        self.heading("CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card");
        self.portrait();
        self.sheet
            .qr(&card_text(holder), LEFT + 67.5, self.top + 3.0, 15.6);
        let person = holder.person;
        let label = "Số / No.: ";
        let width = self
            .sheet
            .set(label, LABEL, Anchor::Left, LEFT + 27.0, self.top + 24.0);
        let number = Style::new(Face::Bold, 10.0);
        self.sheet.set(
            &person.id,
            number,
            Anchor::Left,
            LEFT + 27.0 + width,
            self.top + 24.0,
        );
        self.sheet.record(&format!("{label}{}", person.id));
        self.say("Họ và tên / Full name:", LABEL, 27.0, 28.0);
        self.say(&person.name.to_uppercase(), VALUE, 27.0, 31.6);
        self.pair(
            "Ngày sinh / Date of birth:",
            &in_digits(person.born_on),
            27.0,
            35.4,
        );
        let sex = person.sex();
        self.pair("Giới tính / Sex:", sex, 27.0, 38.9);
        self.pair("Quốc tịch / Nationality:", "Việt Nam", 51.0, 38.9);
        self.say("Quê quán / Place of origin:", LABEL, 27.0, 42.3);
        self.say(&holder.home, VALUE, 27.0, 45.6);
        self.pair("Có giá trị đến:", &in_digits(holder.valid_until), 1.5, 49.0);
        self.say("Nơi thường trú / Place of residence:", LABEL, 36.0, 49.0);
        self.say(&holder.address, VALUE, 1.5, 52.6);
    }

    fn back_2021(&mut self, chance: &mut Chance, holder: &Holder<'_>) {
        let marks = [
            "Nốt ruồi cách 1 cm trên đuôi mắt trái",
            "Sẹo chấm cách 2 cm dưới khóe miệng",
        ];
        self.say(
            "Đặc điểm nhận dạng / Personal identification:",
            LABEL,
            3.0,
            5.0,
        );
        let mark = *chance.one_of(&marks);
        self.say(mark, VALUE, 3.0, 8.6);
        self.pair(
            "Ngày, tháng, năm / Date, month, year:",
            &in_digits(holder.issued_on),
            3.0,
            12.6,
        );
        let bold = Style::new(Face::Bold, 5.6);
        self.say("CỤC TRƯỞNG CỤC CẢNH SÁT", bold, 30.0, 17.0);
        self.say("QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", bold, 24.0, 19.6);
        let (x, y) = (LEFT + 36.0, self.top + 26.0);
        self.sheet.signature(chance, x, y, 18.0);
        self.zone(holder);
    }

    fn front_2024(&mut self, holder: &Holder<'_>) {
        self.heading("CĂN CƯỚC", "IDENTITY CARD");
        self.portrait();
        let person = holder.person;
        self.say(
            "Số định danh cá nhân / Personal identification number:",
            LABEL,
            27.0,
            23.0,
        );
        self.say(&person.id, Style::new(Face::Bold, 10.0), 27.0, 27.4);
        self.say(
            "Họ, chữ đệm và tên khai sinh / Full name:",
            LABEL,
            27.0,
            31.4,
        );
        self.say(&person.name.to_uppercase(), VALUE, 27.0, 35.0);
        self.say("Ngày, tháng, năm sinh / Date of birth:", LABEL, 27.0, 38.8);
        self.say("Giới tính / Sex:", LABEL, 66.0, 38.8);
        self.say(&in_digits(person.born_on), VALUE, 27.0, 42.4);
        self.say(person.sex(), VALUE, 66.0, 42.4);
        self.say("Quốc tịch / Nationality:", LABEL, 27.0, 46.2);
        self.say("Việt Nam", VALUE, 27.0, 49.8);
    }

    fn back_2024(&mut self, holder: &Holder<'_>) {
        self.sheet
            .qr(&card_text(holder), LEFT + 66.0, self.top + 4.0, 16.5);
        self.say("Nơi cư trú / Place of residence:", LABEL, 3.0, 5.0);
        self.broken(&holder.address, 3.0, 63.0, 8.6);
        self.say("Nơi đăng ký khai sinh / Place of birth:", LABEL, 3.0, 15.4);
        self.broken(&holder.home, 3.0, 63.0, 18.9);
        self.say("Ngày, tháng, năm cấp / Date of issue:", LABEL, 3.0, 22.6);
        self.say(&in_digits(holder.issued_on), VALUE, 3.0, 26.0);
        let label = "Ngày, tháng, năm hết hạn / Date of expiry:";
        self.say(label, LABEL, 3.0, 29.5);
        self.say(&in_digits(holder.valid_until), VALUE, 3.0, 32.9);
        let ministry = Style::new(Face::Bold, 6.4);
        self.say("BỘ CÔNG AN", ministry, 52.0, 32.9);
        self.zone(holder);
    }

    fn zone(&mut self, holder: &Holder<'_>) {
        for (index, line) in machine_readable_zone(holder).iter().enumerate() {
            let y = self.top + 38.5 + 5.2 * index as f32;
            self.sheet.fixed_pitch(line, 8.6, LEFT + 4.0, y, 2.58);
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
