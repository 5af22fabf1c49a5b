//! Which way up a page lies.

use std::path::Path;

use domain::geometry::QuarterTurn;
use image::GrayImage;
use rten_tensor::{AsView as _, NdTensor};

use crate::error::Error;
use crate::ink::{self, Window};
use crate::model::{LoadedModel, Threads};

/// The model looks at a square of this side, the page in its top left corner.
const SIDE: usize = 768;

/// Below this probability the answer is "unsure": nearly all pages come upright,
/// and a wrong turn loses the page.
const SURE: f32 = 0.95;

/// With less ink than this share of the square there is nothing to judge by.
/// An A4 page with one line of print has five times as much.
const BLANK: f32 = 0.000_3;

#[derive(Debug)]
pub(crate) struct Orienter {
    model: LoadedModel,
}

impl Orienter {
    pub(crate) fn open(folder: &Path, threads: &Threads) -> Result<Self, Error> {
        Ok(Self {
            model: LoadedModel::open(folder, "orient", threads)?,
        })
    }

    pub(crate) fn turn(&self, page: &GrayImage) -> Result<Option<QuarterTurn>, Error> {
        if page.width() == 0 || page.height() == 0 {
            return Ok(None);
        }
        let square = thumbnail(page);
        let strong = square.iter().filter(|ink| **ink > 0.3).count();
        if (strong as f32) < BLANK * (SIDE * SIDE) as f32 {
            return Ok(None);
        }
        let input = NdTensor::from_data([1, 1, SIDE, SIDE], square);
        let [answer] = self.model.run(vec![("x", input.view().into())], ["p"])?;
        let answer: NdTensor<f32, 2> = answer.try_into().map_err(|_| self.model.foreign())?;
        let odds = answer.to_vec();
        if odds.len() != 5 {
            return Err(self.model.foreign());
        }
        Ok(undo(&odds))
    }
}

/// The five classes are: the content is turned by 0, 1, 2, 3 quarters
/// anticlockwise, or set in vertical columns (which these papers never are).
fn undo(odds: &[f32]) -> Option<QuarterTurn> {
    let (class, odds) = odds
        .iter()
        .enumerate()
        .max_by(|one, other| one.1.total_cmp(other.1))?;
    if *odds <= SURE {
        return None;
    }
    match class {
        0 => Some(QuarterTurn::None),
        1 => Some(QuarterTurn::Right),
        2 => Some(QuarterTurn::Half),
        3 => Some(QuarterTurn::Left),
        _ => None,
    }
}

fn thumbnail(page: &GrayImage) -> Vec<f32> {
    let (width, height) = (page.width() as usize, page.height() as usize);
    let scale = SIDE as f64 / width.max(height) as f64;
    let fit = |length: usize| ((length as f64 * scale).round() as usize).clamp(1, SIDE);
    let small = ink::sample(page, Window::whole(page), fit(width), fit(height), false);
    let mut square = vec![0.0; SIDE * SIDE];
    for (row, ink) in square
        .chunks_exact_mut(SIDE)
        .zip(small.pixels.chunks_exact(small.width))
    {
        row[..small.width].copy_from_slice(ink);
    }
    square
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sure_answer_turns_a_page() {
        let check = |odds: [f32; 5], turn| assert_eq!(undo(&odds), turn, "{odds:?}");
        check([0.99, 0.01, 0.0, 0.0, 0.0], Some(QuarterTurn::None));
        check([0.0, 0.97, 0.03, 0.0, 0.0], Some(QuarterTurn::Right));
        check([0.0, 0.0, 0.0, 0.96, 0.04], Some(QuarterTurn::Left));
        check([0.5, 0.0, 0.5, 0.0, 0.0], None);
        check([0.0, 0.06, 0.94, 0.0, 0.0], None);
        check([0.0, 0.0, 0.0, 0.0, 1.0], None);
    }
}
