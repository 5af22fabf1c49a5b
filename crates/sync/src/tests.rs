//! How long a desk waits. The passes are tested against a real centre, in `tests/`.

use std::time::Duration;

use crate::Backoff;

#[test]
fn waits_double_up_to_a_quarter_of_an_hour_and_are_short_again_after_a_success() {
    let mut backoff = Backoff::default();
    let longest: Vec<u64> = (0..14)
        .map(|_| backoff.after_failure(u64::MAX - 1, None).as_secs())
        .collect();
    assert!(longest.iter().all(|wait| *wait <= 900), "{longest:?}");
    let mut backoff = Backoff::default();
    for _ in 0..40 {
        let wait = backoff.after_failure(0, None);
        assert!(wait > Duration::ZERO && wait <= Duration::from_mins(15));
    }
    backoff.reset();
    assert!(backoff.after_failure(999, None) <= Duration::from_secs(1));
}

#[test]
fn a_wait_that_the_centre_asked_for_is_the_least_and_nobody_waits_for_ever() {
    let mut backoff = Backoff::default();
    let asked = Duration::from_secs(30);
    assert!(backoff.after_failure(0, Some(asked)) > asked);
    let absurd = Duration::from_secs(u64::MAX);
    assert!(backoff.after_failure(0, Some(absurd)) <= Duration::from_secs(1801));
}
