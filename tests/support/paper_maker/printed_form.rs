//! A printed form being filled in: what is drawn, and what is true of it.

use chrono::NaiveDate;

use super::Paper;
use super::chance::Chance;
use super::manner::{Filling, Manner, Ruling};
use super::marks::SealText;
use super::paragraph::{Column, Fit, Run};
use super::sheet::{Anchor, BLACK, Face, Faces, HEIGHT_MM, Sheet, Style};

/// Text in one style, as [`Run`] but owned.
pub(crate) type Piece = (String, Style);

/// A printed label and what was filled in behind it.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'t> {
    label: &'t str,
    value: String,
    facts: Vec<(&'static str, String)>,
}

pub(crate) fn entry(label: &str, value: impl Into<String>) -> Entry<'_> {
    Entry {
        label,
        value: value.into(),
        facts: Vec::new(),
    }
}

impl Entry<'_> {
    /// The value is that of a field, in normal form as it stands.
    pub(crate) fn named(self, field: &'static str) -> Self {
        let value = self.value.clone();
        self.says(field, value)
    }

    /// It says this of a field.
    pub(crate) fn says(mut self, field: &'static str, normal: impl Into<String>) -> Self {
        self.facts.push((field, normal.into()));
        self
    }

    pub(crate) fn on_day(self, field: &'static str, day: NaiveDate) -> Self {
        self.says(field, day.to_string())
    }
}

/// What stands on a paper, and how it came there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    pub(crate) fields: Vec<(&'static str, String)>,
    pub(crate) handwritten: Vec<&'static str>,
    pub(crate) blank: Vec<&'static str>,
    pub(crate) codes: Vec<String>,
}

impl Facts {
    pub(crate) fn know(&mut self, field: &'static str, value: impl Into<String>) {
        self.fields.push((field, value.into()));
    }

    /// Number or day, which the manner may have left to a pen or to nobody.
    pub(crate) fn filled(
        &mut self,
        filling: Filling,
        field: &'static str,
        value: impl Into<String>,
    ) {
        match filling {
            Filling::Blank => self.blank.push(field),
            Filling::Print => self.know(field, value),
            Filling::Pen => {
                self.handwritten.push(field);
                self.know(field, value);
            }
        }
    }
}

/// `Số: 15/QĐ-UBND`, of which the figures alone are filled in.
pub(crate) fn number_pieces(
    filling: Filling,
    label: &str,
    figures: &str,
    symbol: &str,
    style: Style,
) -> Vec<Piece> {
    vec![
        (format!("{label} "), style),
        filled_in(filling, figures, style),
        (symbol.to_owned(), style),
    ]
}

/// `…, ngày 05 tháng 01 năm 2026`, of which day and month are filled in.
// Decree 30/2020/NĐ-CP, annex I: days below 10 and the months 1 and 2 take a zero.
pub(crate) fn day_pieces(
    filling: Filling,
    before: &str,
    day: NaiveDate,
    style: Style,
) -> Vec<Piece> {
    let month = day.format("%m").to_string();
    let month = match month.as_str() {
        "01" | "02" => month.as_str(),
        other => other.trim_start_matches('0'),
    };
    vec![
        (format!("{before} "), style),
        filled_in(filling, &day.format("%d").to_string(), style),
        (" tháng ".to_owned(), style),
        filled_in(filling, month, style),
        (format!(" năm {}", day.format("%Y")), style),
    ]
}

fn filled_in(filling: Filling, text: &str, style: Style) -> Piece {
    match filling {
        Filling::Print => (text.to_owned(), style),
        Filling::Pen => (text.to_owned(), style.by_hand()),
        Filling::Blank => (".......".to_owned(), style),
    }
}

fn runs(pieces: &[Piece]) -> Vec<Run<'_>> {
    pieces
        .iter()
        .map(|(text, style)| Run {
            text,
            style: *style,
        })
        .collect()
}

impl Sheet<'_> {
    /// One line of pieces about a middle.
    pub(crate) fn pieces_centred(&mut self, pieces: &[Piece], middle: f32, y: f32) {
        let reach = 70.0;
        let column = Column {
            left: middle - reach,
            right: middle + reach,
            indent: 0.0,
            leading: 6.0,
            fit: Fit::Centre,
        };
        self.paragraph(&runs(pieces), column, y);
    }

    /// State and motto about a middle, underlined.
    pub(crate) fn motto(&mut self, middle: f32, y: f32, size_pt: f32) {
        let bold = Style::new(Face::Bold, size_pt);
        let state = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
        self.line(state, bold, Anchor::Centre, middle, y);
        let motto = "Độc lập - Tự do - Hạnh phúc";
        let below = y + 5.6;
        let width = self.line(
            motto,
            Style::new(Face::Bold, size_pt + 0.8),
            Anchor::Centre,
            middle,
            below,
        );
        self.rule(
            middle - width / 2.0,
            middle + width / 2.0,
            below + 1.8,
            0.22,
            BLACK,
        );
    }
}

/// A form under the printer and the pen. Places are millimetres.
#[derive(Debug)]
pub(crate) struct PrintedForm<'f> {
    pub(crate) sheet: Sheet<'f>,
    pub(crate) chance: Chance,
    pub(crate) manner: Manner,
    pub(crate) facts: Facts,
    /// Baseline of the next line.
    pub(crate) y: f32,
    pub(crate) left: f32,
    pub(crate) right: f32,
    pub(crate) leading: f32,
    pub(crate) label: Style,
    pub(crate) value: Style,
    faces: &'f Faces,
    dpi: u32,
    seed: u64,
    done: Vec<(image::RgbImage, String)>,
}

impl<'f> PrintedForm<'f> {
    pub(crate) fn new(faces: &'f Faces, name: &str, seed: u64, dpi: u32, manner: Manner) -> Self {
        Self {
            sheet: Sheet::new(faces, dpi),
            chance: Chance::new(seed, name),
            manner,
            facts: Facts::default(),
            y: 30.0,
            left: 28.0,
            right: 188.0,
            leading: 6.6,
            label: Style::new(Face::Regular, 13.0),
            value: Style::new(Face::Regular, 13.0),
            faces,
            dpi,
            seed,
            done: Vec::new(),
        }
    }

    fn column(&self, left: f32, right: f32) -> Column {
        Column {
            left,
            right,
            indent: 0.0,
            leading: self.leading - 0.6,
            fit: Fit::Left,
        }
    }

    /// Entries one behind the other, broken where the line ends.
    pub(crate) fn row(&mut self, entries: &[Entry<'_>]) {
        self.y = self.entries_in(entries, self.left, self.right, self.y);
    }

    /// The same between two margins of its own; gives back the next baseline.
    pub(crate) fn entries_in(
        &mut self,
        entries: &[Entry<'_>],
        left: f32,
        right: f32,
        y: f32,
    ) -> f32 {
        let mut pieces: Vec<Piece> = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            // Spaces that do not break are not taken together.
            let gap = if index == 0 {
                ""
            } else {
                "\u{a0}\u{a0}\u{a0}\u{a0}"
            };
            pieces.push((format!("{gap}{} ", entry.label), self.label));
            pieces.push((entry.value.clone(), self.value));
            self.facts.fields.extend(entry.facts.iter().cloned());
        }
        let column = self.column(left, right);
        let below = self.sheet.paragraph(&runs(&pieces), column, y) + 0.6;
        self.rule_rows(left, right, (y, below));
        below
    }

    /// What the manner puts under the rows from one baseline to the next.
    fn rule_rows(&mut self, left: f32, right: f32, (mut y, below): (f32, f32)) {
        let step = self.leading - 0.6;
        match self.manner.ruling {
            Ruling::None => {}
            Ruling::Lines => {
                while y < below - 0.5 * step {
                    self.sheet.rule(left, right, y + 0.45, 0.25, BLACK);
                    y += step;
                }
            }
            Ruling::Cells => {
                let (top, bottom) = (y - 4.6, below - 4.6);
                for y in [top, bottom] {
                    self.sheet.rule(left - 1.5, right + 1.5, y, 0.3, BLACK);
                }
                for x in [left - 1.5, right + 1.5] {
                    self.sheet.post(x, top, bottom, 0.3, BLACK);
                }
            }
        }
    }

    /// Short entries in one line, each at its own tab stop.
    pub(crate) fn tabs(&mut self, entries: &[(f32, Entry<'_>)]) {
        let mut said = Vec::new();
        for (x, entry) in entries {
            let label = format!("{} ", entry.label);
            let width = self.sheet.set(&label, self.label, Anchor::Left, *x, self.y);
            self.sheet
                .set(&entry.value, self.value, Anchor::Left, x + width, self.y);
            said.push(format!("{label}{}", entry.value));
            self.facts.fields.extend(entry.facts.iter().cloned());
        }
        self.sheet.record(&said.join(" "));
        self.y += self.leading;
    }

    /// Two cells side by side, each broken within its own margins.
    pub(crate) fn two_cells(&mut self, left: &[Entry<'_>], right: &[Entry<'_>], gutter: f32) {
        let middle = f32::midpoint(self.left, self.right);
        let (y, from, to) = (self.y, self.left, self.right);
        let after_left = self.entries_in(left, from, middle - gutter / 2.0, y);
        let after_right = self.entries_in(right, middle + gutter / 2.0, to, y);
        self.y = after_left.max(after_right);
    }

    /// Printed words that say nothing of a field.
    pub(crate) fn text(&mut self, text: &str) {
        let pieces = [(text.to_owned(), self.label)];
        let column = self.column(self.left, self.right);
        self.y = self.sheet.paragraph(&runs(&pieces), column, self.y) + 0.6;
    }

    pub(crate) fn centred(&mut self, text: &str, style: Style, step: f32) {
        let middle = f32::midpoint(self.left, self.right);
        self.sheet.line(text, style, Anchor::Centre, middle, self.y);
        self.y += step;
    }

    /// The head of Decree 30/2020/NĐ-CP: agency left, state and motto right, number
    /// under the agency.
    pub(crate) fn office_head(&mut self, agency: [&str; 2], number: &[Piece], bold_first: bool) {
        let (agency_at, motto_at) = (60.0, 142.0);
        let first = Style::new(
            if bold_first {
                Face::Bold
            } else {
                Face::Regular
            },
            12.0,
        );
        let second = Style::new(Face::Bold, 12.5);
        self.sheet
            .line(agency[0], first, Anchor::Centre, agency_at, 24.0);
        let width = self
            .sheet
            .line(agency[1], second, Anchor::Centre, agency_at, 29.6);
        let half = width * 0.22;
        self.sheet
            .rule(agency_at - half, agency_at + half, 31.2, 0.22, BLACK);
        self.sheet.motto(motto_at, 24.0, 12.0);
        self.sheet.pieces_centred(number, agency_at, 38.6);
        self.y = 52.0;
    }

    /// Who signs, in which capacity, with signature and seal; the seal covers about
    /// a third of the signature, on its left.
    // Decree 30/2020/NĐ-CP, art. 33(1)(c).
    pub(crate) fn signing(&mut self, at: f32, titles: &[&str], name: &str, seal: (&str, &str)) {
        let y = self.y.min(HEIGHT_MM - 58.0);
        let bold = Style::new(Face::Bold, 13.0);
        for (index, title) in titles.iter().enumerate() {
            self.sheet
                .line(title, bold, Anchor::Centre, at, y + 5.6 * index as f32);
        }
        let under = y + 5.6 * titles.len() as f32;
        self.sheet
            .line(name, bold, Anchor::Centre, at, under + 33.0);
        let pen = at - 20.0 + self.chance.within(-2.0, 3.0);
        self.sheet
            .signature(&mut self.chance, pen, under + 13.5, 42.0);
        let text = SealText {
            above: seal.0,
            below: seal.1,
        };
        let x = pen - 2.0 + self.chance.within(-1.5, 1.5);
        let middle = under + 13.0 + self.chance.within(-1.5, 1.5);
        self.sheet.seal(&mut self.chance, text, x, middle);
        self.facts.know("signer", name);
    }

    /// The other side, or the next sheet.
    pub(crate) fn turn_over(&mut self) {
        let full = std::mem::replace(&mut self.sheet, Sheet::new(self.faces, self.dpi));
        self.done.push(full.finish());
    }

    pub(crate) fn finish(mut self, document_type: &'static str) -> Paper {
        if self.manner.stamped {
            self.sheet.certified_copy(&mut self.chance);
        }
        self.turn_over();
        Paper::new(document_type, self.facts, self.done, self.dpi, self.seed)
    }
}
