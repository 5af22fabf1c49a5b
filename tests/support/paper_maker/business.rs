//! What the two papers of the business registry share: invented firms, their codes
//! and their money.

use super::chance::Chance;

/// Weights of the first nine figures of a tax code; the tenth is 10 minus their sum
/// modulo 11.
const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/// A code of ten figures with a right check figure that begins with 99, which no tax
/// office gives.
pub(crate) fn enterprise_code(chance: &mut Chance) -> String {
    loop {
        let head = format!("99{:07}", chance.between(1_000, 9_999_999));
        let sum: u32 = head
            .bytes()
            .zip(WEIGHTS)
            .map(|(figure, weight)| u32::from(figure - b'0') * weight)
            .sum();
        let check = 10 - i64::from(sum % 11);
        if (0..10).contains(&check) {
            return format!("{head}{check}");
        }
    }
}

/// `1.500.000.000`.
pub(crate) fn with_dots(number: u64) -> String {
    let figures = number.to_string();
    let mut dotted = String::new();
    for (index, figure) in figures.chars().enumerate() {
        if index > 0 && (figures.len() - index).is_multiple_of(3) {
            dotted.push('.');
        }
        dotted.push(figure);
    }
    dotted
}

/// An invented firm's own words.
pub(crate) fn trade(chance: &mut Chance) -> String {
    let field = *chance.one_of(&["XÂY DỰNG", "NÔNG SẢN", "VẬN TẢI", "CƠ KHÍ", "THƯƠNG MẠI"]);
    let name = *chance.one_of(&[
        "HOA LÚA VÀNG",
        "ĐỒNG XANH",
        "SUỐI NGỌC",
        "ÁNH BÌNH MINH",
        "SÔNG QUÊ",
    ]);
    format!("{field} {name}")
}
