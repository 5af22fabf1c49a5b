//! From the recogniser's steps to characters with places.

/// A character that the recogniser saw, and where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) character: char,
    /// How sure the recogniser was at the strongest step of the character.
    pub(crate) confidence: f32,
    /// Middle of the character on the page, in pixels from the left edge.
    pub(crate) x: f32,
}

/// Collapses the steps of one line: repeated ids are one character, id 0 is the
/// blank between characters. The place of a character is the middle of its
/// steps, counted in steps; the caller puts it on the page.
pub(crate) fn collapse(ids: &[i32], confidence: &[f32], charset: &[char]) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    let mut step = 0;
    while step < ids.len() {
        let id = ids[step];
        let run = ids[step..].iter().take_while(|next| **next == id).count();
        let character = usize::try_from(id)
            .ok()
            .and_then(|id| id.checked_sub(1))
            .and_then(|index| charset.get(index));
        if let Some(character) = character {
            glyphs.push(Glyph {
                character: *character,
                confidence: confidence[step..step + run]
                    .iter()
                    .copied()
                    .fold(0.0, f32::max),
                x: step as f32 + run as f32 / 2.0,
            });
        }
        step += run;
    }
    glyphs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_one_character_and_a_blank_parts_doubles() {
        let glyphs = collapse(
            &[0, 1, 1, 0, 1, 2, 9],
            &[0.9, 0.5, 0.8, 0.9, 0.7, 0.6, 0.9],
            &['a', 'b'],
        );
        let read: Vec<(char, f32, f32)> = glyphs
            .iter()
            .map(|glyph| (glyph.character, glyph.confidence, glyph.x))
            .collect();
        assert_eq!(
            read,
            [('a', 0.8, 2.0), ('a', 0.7, 4.5), ('b', 0.6, 5.5)],
            "an id outside the character set is passed over"
        );
    }
}
