//! The stamp of a notary or a commune that certifies a copy.

use super::chance::Chance;
use super::sheet::{Anchor, Face, HEIGHT_MM, Sheet, Style};

const STAMP_BLUE: [u8; 3] = [40, 62, 160];

impl Sheet<'_> {
    /// Stamps the foot of the sheet, over whatever stands there. Number and day of
    /// the certification are not those of the paper.
    // Decree 23/2015/NĐ-CP, art. 20 and 21: words and register of a certified copy.
    pub(crate) fn certified_copy(&mut self, chance: &mut Chance) {
        let left = 24.0 + chance.within(0.0, 8.0);
        let top = HEIGHT_MM - 47.0 + chance.within(-3.0, 3.0);
        let style = Style::new(Face::Bold, 10.5).in_ink(STAMP_BLUE);
        let lines = [
            "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH".to_owned(),
            format!(
                "Số chứng thực: {}   Quyển số: {:02}-SCT/BS",
                chance.between(100, 4_900),
                chance.between(1, 9)
            ),
            format!(
                "Ngày {:02} tháng {:02} năm 2026",
                chance.between(1, 28),
                chance.between(3, 10)
            ),
        ];
        let width = lines
            .iter()
            .map(|line| self.width(line, style))
            .fold(0.0, f32::max);
        for (index, line) in lines.iter().enumerate() {
            let y = top + 5.6 + 5.2 * index as f32;
            self.line(line, style, Anchor::Left, left + 2.5, y);
        }
        let (right, bottom) = (left + width + 5.0, top + 19.0);
        for y in [top, bottom] {
            self.rule(left, right, y, 0.5, STAMP_BLUE);
        }
        for x in [left, right] {
            self.post(x, top, bottom, 0.5, STAMP_BLUE);
        }
    }
}
