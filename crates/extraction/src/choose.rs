//! Choosing between what the engines read, by a list.
//!
//! A look-up may choose between readings that were seen; it never makes one.

/// Words in which engines differ beyond this make too many combinations, and
/// such a line is for a person.
const MAX_COMBINATIONS: usize = 256;

/// Chooses one reading for each place, so that the whole fits a list best.
///
/// `places` holds, in order, what the engines read at each place of a value; a
/// place on which they agree has one reading. `weight` says how well a whole text
/// fits, 0 for not at all. The answer gives the index of the reading at each
/// place. There is none when nothing fits, when two combinations fit equally
/// well, and when there are too many to try.
pub(crate) fn choose(places: &[Vec<&str>], weight: impl Fn(&str) -> u8) -> Option<Vec<usize>> {
    let count = places
        .iter()
        .try_fold(1_usize, |count, readings| count.checked_mul(readings.len()))?;
    if count == 0 || count > MAX_COMBINATIONS {
        return None;
    }
    let mut best: Option<(u8, Vec<usize>)> = None;
    let mut tied = false;
    for number in 0..count {
        let mut rest = number;
        let chosen: Vec<usize> = places
            .iter()
            .map(|readings| {
                let index = rest % readings.len();
                rest /= readings.len();
                index
            })
            .collect();
        let words: Vec<&str> = places
            .iter()
            .zip(&chosen)
            .map(|(readings, index)| readings[*index])
            .collect();
        let fits = weight(&words.join(" "));
        let ahead = best.as_ref().map_or(0, |(fits, _)| *fits);
        if fits > ahead {
            best = Some((fits, chosen));
            tied = false;
        } else if fits == ahead {
            tied = true;
        }
    }
    best.filter(|_| !tied).map(|(_, chosen)| chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::resolve;
    use crate::catalogue::lists::Lists;
    use proptest::prelude::*;

    fn check(places: &[&[&str]]) -> Option<String> {
        let places: Vec<Vec<&str>> = places.iter().map(|readings| readings.to_vec()).collect();
        let lists = Lists::default();
        let chosen = choose(&places, |text| resolve(lists.units(), text).weight())?;
        let words: Vec<&str> = places
            .iter()
            .zip(chosen)
            .map(|(readings, index)| readings[index])
            .collect();
        Some(words.join(" "))
    }

    #[test]
    fn the_list_chooses_the_reading_that_it_has() {
        assert_eq!(
            check(&[&["xã Thanh Sơm, tỉnh Phú Thọ", "xã Thanh Sơn, tỉnh Phú Thọ"]]).as_deref(),
            Some("xã Thanh Sơn, tỉnh Phú Thọ")
        );
        // Each engine erred once, at another place.
        assert_eq!(
            check(&[
                &["xã"],
                &["Thanh"],
                &["Sơm,", "Sơn,"],
                &["tỉnh"],
                &["Phú"],
                &["Thọ", "Thự"]
            ])
            .as_deref(),
            Some("xã Thanh Sơn, tỉnh Phú Thọ")
        );
    }

    #[test]
    fn what_the_list_cannot_tell_apart_is_left_to_a_person() {
        assert_eq!(check(&[&["xã Thanh Sơm", "xã Thanh Sờn"]]), None);
        assert_eq!(
            check(&[&["thôn Đoài", "thôn Đoải"], &["xã Thanh Sơn, tỉnh Phú Thọ"]]),
            None,
            "both fit alike, and the list knows no hamlets"
        );
        assert_eq!(check(&[]), None);
        assert_eq!(check(&[&[]]), None);
    }

    proptest! {
        #[test]
        fn only_what_was_seen_is_ever_chosen(
            places in proptest::collection::vec(proptest::collection::vec("[a-c]{1,2}", 0..4), 0..7)
        ) {
            let places: Vec<Vec<&str>> =
                places.iter().map(|readings| readings.iter().map(String::as_str).collect()).collect();
            let weight = |text: &str| text.bytes().filter(|byte| *byte == b'a').count() as u8;
            if let Some(chosen) = choose(&places, weight) {
                prop_assert_eq!(chosen.len(), places.len());
                for (readings, index) in places.iter().zip(chosen) {
                    prop_assert!(index < readings.len());
                }
            }
        }
    }
}
