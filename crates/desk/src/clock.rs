//! The one place that asks what time it is.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

/// An instant in the one legal zone of Vietnam.
pub(crate) fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    let vietnam = FixedOffset::east_opt(7 * 3600).expect("seven hours are a valid offset");
    at.with_timezone(&vietnam)
}

/// An instant as people in Vietnam write it.
pub(crate) fn shown(at: DateTime<Utc>) -> String {
    local(at).format("%d/%m/%Y %H:%M").to_string()
}

/// The desk's clock. An enum, not a trait: the second hand is for tests that
/// need a fixed day.
#[derive(Clone, Copy, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// Stands still.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// Now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the desk is the one crate that asks the clock, and this is the place"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Fixed(now) => *now,
        }
    }

    /// The legal day in Vietnam, which has one zone, +07:00, all year.
    pub fn today(&self) -> NaiveDate {
        local(self.now()).date_naive()
    }
}
