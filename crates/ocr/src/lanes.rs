//! Work on one page side by side.
//!
//! Somebody waits for the page in the scanner, and a desk PC has two cores: lines are
//! read two at a time. Where two pages are read at once the lanes share the cores, which
//! costs them nothing but turns.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::error::Error;

/// How many lines of a page are read at a time.
pub(crate) const LANES: usize = 2;

/// Runs `work` over the items, each lane taking the next that nobody has; the results in
/// the order of the items.
pub(crate) fn in_lanes<L: Send, T: Sync, R: Send>(
    lanes: &mut [L],
    items: &[T],
    work: impl Fn(&mut L, &T) -> Result<R, Error> + Sync,
) -> Result<Vec<R>, Error> {
    let next = AtomicUsize::new(0);
    let run = |lane: &mut L| {
        let mut done = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else {
                return Ok(done);
            };
            done.push((place, work(lane, item)?));
        }
    };
    let wanted = lanes.len().min(items.len());
    let Some((first, others)) = lanes[..wanted].split_first_mut() else {
        return Ok(Vec::new());
    };
    let parts: Vec<Result<Vec<(usize, R)>, Error>> = thread::scope(|scope| {
        let run = &run;
        let others: Vec<_> = others
            .iter_mut()
            .map(|lane| scope.spawn(move || run(lane)))
            .collect();
        let mut parts = vec![run(first)];
        for other in others {
            parts.push(
                other
                    .join()
                    .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            );
        }
        parts
    });
    let mut done = Vec::with_capacity(items.len());
    for part in parts {
        done.extend(part?);
    }
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_and_every_lane_works() {
        let mut lanes = [0, 0];
        let items: Vec<usize> = (0..100).collect();
        let meet = std::sync::Barrier::new(2);
        let found = in_lanes(&mut lanes, &items, |count, item| {
            // The first two items wait for each other: with one lane alone this would end never.
            if *item < 2 {
                meet.wait();
            }
            *count += 1;
            Ok(item * 2)
        });
        let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
        assert_eq!(found.unwrap(), expected);
        assert!(lanes.iter().all(|count| *count > 0) && lanes[0] + lanes[1] == 100);
    }

    #[test]
    fn no_items_or_no_lanes_are_no_work() {
        let nothing = |_: &mut u8, _: &u8| Ok(1);
        assert!(in_lanes(&mut [0, 0], &[], nothing).unwrap().is_empty());
        assert!(in_lanes(&mut [], &[1], nothing).unwrap().is_empty());
    }

    #[test]
    fn a_failure_is_told() {
        let fails = |_: &mut u8, item: &u8| match item {
            3 => Err(Error::TesseractFailed),
            other => Ok(*other),
        };
        assert!(in_lanes(&mut [0, 0], &[1, 2, 3, 4], fails).is_err());
    }
}
