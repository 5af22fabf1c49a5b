//! What varies from office to office and from paper to paper.

use super::chance::Chance;

/// How number and day came onto a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// Printed with the rest.
    Print,
    /// Written in with a pen, as on most papers that are numbered after signing.
    Pen,
    /// Left open.
    Blank,
}

/// What a form is filled in on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// Nothing but paper.
    None,
    /// A line under every row, through the tails of its letters.
    Lines,
    /// The cells of a table.
    Cells,
}

/// In what type a paper is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typeface {
    /// With serifs, as Decree 30/2020/NĐ-CP prescribes.
    Serif,
    /// Without, as many offices set their forms, and as cards are set.
    Sans,
}

/// How a paper is set and filled in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Manner {
    /// Its type.
    pub typeface: Typeface,
    /// Every size of type is multiplied by this.
    pub scale: f32,
    /// Which of several spellings of its labels the form uses.
    pub spelling: u32,
    /// Number and day.
    pub filling: Filling,
    /// A stamp that certifies a copy stands across the print.
    pub stamped: bool,
    /// What its rows stand on.
    pub ruling: Ruling,
    /// The sheet lies turned by this on the scanner, in degrees clockwise.
    pub turn_deg: u32,
}

impl Manner {
    /// All of it printed, upright, in the type of Decree 30/2020/NĐ-CP.
    pub const PLAIN: Self = Self {
        typeface: Typeface::Serif,
        scale: 1.0,
        spelling: 0,
        filling: Filling::Print,
        stamped: false,
        ruling: Ruling::None,
        turn_deg: 0,
    };

    /// What one seed makes of it.
    pub fn of_seed(seed: u64) -> Self {
        let mut chance = Chance::new(seed, "manner");
        Self {
            typeface: match chance.between(0, 11) {
                0..=8 => Typeface::Serif,
                _ => Typeface::Sans,
            },
            scale: chance.within(0.94, 1.03),
            spelling: chance.between(0, 3),
            filling: match chance.between(0, 9) {
                0..=4 => Filling::Print,
                5..=8 => Filling::Pen,
                _ => Filling::Blank,
            },
            stamped: chance.between(0, 5) == 0,
            turn_deg: match chance.between(0, 11) {
                0 => 90,
                1 => 180,
                2 => 270,
                _ => 0,
            },
            ruling: match chance.between(0, 7) {
                0 => Ruling::Lines,
                1 => Ruling::Cells,
                _ => Ruling::None,
            },
        }
    }

    /// The spelling of this form, of several.
    pub(crate) fn spelt<'t>(&self, spellings: &[&'t str]) -> &'t str {
        spellings[self.spelling as usize % spellings.len()]
    }
}
