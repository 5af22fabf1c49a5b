//! The limits a worker puts on itself. Unix only for now: on Windows a job
//! object belongs here, and until it stands there the time limits alone hold.

/// Address space of a worker: an A3 page at 600 dpi in colour a few times over,
/// models and engines, with room.
#[cfg(unix)]
const ADDRESS_SPACE_BYTES: u64 = 4 << 30;

/// Limits this process; a failure leaves it as it was, which the time limits still bound.
pub(super) fn apply() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let hard = getrlimit(Resource::As).maximum;
        let wanted = hard.map_or(ADDRESS_SPACE_BYTES, |hard| hard.min(ADDRESS_SPACE_BYTES));
        if setrlimit(
            Resource::As,
            Rlimit {
                current: Some(wanted),
                maximum: hard,
            },
        )
        .is_err()
        {
            tracing::warn!("the worker's memory limit could not be set");
        }
        // No core dump: it would hold a page in plain on the disk.
        let _ = setrlimit(
            Resource::Core,
            Rlimit {
                current: Some(0),
                maximum: Some(0),
            },
        );
    }
}
