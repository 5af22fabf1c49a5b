//! How long a desk waits before it tries again.

use std::time::Duration;

/// The first wait is at most so long …
const FIRST: Duration = Duration::from_secs(1);
/// … each next one twice as long, and none longer than this.
const LONGEST: Duration = Duration::from_mins(15);

/// Waits that double up to a ceiling, with full jitter: desks that lost the centre at one
/// moment do not come back at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Something went well: the next wait is a short one again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// How long to wait after another failure. `chance` is any number; a wait that the
    /// centre asked for is the least.
    pub fn after_failure(&mut self, chance: u64, asked: Option<Duration>) -> Duration {
        let ceiling = FIRST
            .saturating_mul(1 << self.failures.min(20))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let millis = ceiling.as_millis() as u64;
        let wait = Duration::from_millis(chance % millis + 1);
        asked.map_or(wait, |asked| asked.min(LONGEST) + wait)
    }
}
