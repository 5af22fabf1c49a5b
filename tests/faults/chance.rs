//! Random moments that can be repeated, and how many of them.

use std::time::{SystemTime, UNIX_EPOCH};

/// Kills in the short form; `SOHOA_KILLS` sets the long one.
const KILLS: u32 = 12;

pub(crate) fn kills() -> u32 {
    number_of("SOHOA_KILLS", KILLS)
}

/// How many of something: as the environment says, else as in the short form.
pub(crate) fn number_of(variable: &str, short: u32) -> u32 {
    let given = std::env::var(variable).ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(short)
}

/// A pseudo-random sequence from a seed that is printed, so that a failure can be
/// repeated with `SOHOA_SEED`.
pub(crate) struct Chance(u64);

impl Chance {
    #[expect(
        clippy::disallowed_methods,
        reason = "the seed is printed; every run tries other moments"
    )]
    pub(crate) fn new() -> Self {
        let given = std::env::var("SOHOA_SEED").ok();
        let seed = given.and_then(|seed| seed.parse().ok()).unwrap_or_else(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.unwrap().as_secs()
        });
        println!("seed {seed}");
        Self(seed)
    }

    /// The sequence of one seed.
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
