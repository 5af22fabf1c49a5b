//! What machines read of an identity card: the QR code and the zone of three lines.

use domain::fold::fold;
use rxing::Writer;

use super::id_card::Holder;
use super::sheet::{Anchor, BLACK, Face, Sheet, Style};

/// `number|old number|full name|ddMMyyyy|sex|address|ddMMyyyy`.
pub(super) fn card_text(holder: &Holder<'_>) -> String {
    let person = holder.person;
    format!(
        "{}||{}|{}|{}|{}|{}",
        person.id,
        person.name,
        person.born_on.format("%d%m%Y"),
        person.sex(),
        holder.address,
        holder.issued_on.format("%d%m%Y"),
    )
}

/// TD1 of ICAO document 9303, part 5: three lines of thirty letters.
pub(super) fn machine_readable_zone(holder: &Holder<'_>) -> [String; 3] {
    let id = &holder.person.id;
    let short = &id[3..];
    let first = format!("IDVNM{short}{}{id}<<{}", check(short), check(id));
    let born = holder.person.born_on.format("%y%m%d").to_string();
    let until = holder.valid_until.format("%y%m%d").to_string();
    let sex = if holder.person.female { 'F' } else { 'M' };
    let dates = format!("{born}{}", check(&born));
    let ends = format!("{until}{}", check(&until));
    let whole = check(&format!("{}{dates}{ends}", &first[5..]));
    let second = format!("{dates}{sex}{ends}VNM<<<<<<<<<<<{whole}");
    let name = fold(&holder.person.name).to_uppercase();
    let mut words = name.split(' ');
    let family = words.next().unwrap_or_default();
    let given: Vec<&str> = words.collect();
    let third = format!("{:<<30}", format!("{family}<<{}", given.join("<")));
    [first, second, third[..30].to_owned()]
}

/// Weights 7, 3, 1; letters count from 10, the filler nothing.
fn check(text: &str) -> u32 {
    let worth = |letter: u8| match letter {
        b'0'..=b'9' => u32::from(letter - b'0'),
        b'A'..=b'Z' => u32::from(letter - b'A') + 10,
        _ => 0,
    };
    text.bytes()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(letter, weight)| worth(letter) * weight)
        .sum::<u32>()
        % 10
}

impl Sheet<'_> {
    /// A QR code of this side, quiet zone included.
    pub(super) fn qr(&mut self, text: &str, left: f32, top: f32, side: f32) {
        let matrix = rxing::qrcode::QRCodeWriter
            .encode(text, &rxing::BarcodeFormat::QR_CODE, 1, 1)
            .expect("a card's text fits a code");
        let modules = matrix.getWidth();
        let (x0, y0, side) = (self.px(left), self.px(top), self.px(side));
        for y in 0..side as i32 {
            for x in 0..side as i32 {
                let module = |at: i32| (at as f32 / side * modules as f32) as u32;
                let dark = matrix.get(module(x), module(y));
                let ink = if dark { BLACK } else { [246, 248, 246] };
                self.paint(x0 as i32 + x, y0 as i32 + y, 1.0, ink);
            }
        }
    }

    /// A line whose letters stand in cells of one width, as a typewriter sets them.
    pub(super) fn fixed_pitch(&mut self, text: &str, size_pt: f32, left: f32, y: f32, pitch: f32) {
        let style = Style::new(Face::Regular, size_pt);
        for (index, letter) in text.chars().enumerate() {
            let x = left + pitch * (index as f32 + 0.5);
            self.set(&letter.to_string(), style, Anchor::Centre, x, y);
        }
        self.record(text);
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    // The sample of the cards: figures and their check figures.
    #[test]
    fn check_figures_are_those_of_the_sample_zone() {
        for (text, figure) in [
            ("093047064", 1),
            ("001093047064", 2),
            ("930105", 4),
            ("330105", 2),
            ("0930470641001093047064<<293010543301052", 8),
        ] {
            assert_eq!(check(text), figure, "{text}");
        }
    }
}
