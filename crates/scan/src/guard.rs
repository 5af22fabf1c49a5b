//! A fence around decoders that other people wrote.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Damage, Error};

/// Runs a decoder on foreign bytes; a panic in it means that the bytes are not
/// what they claim, so the file is damaged. Nothing that the decoder touched is
/// used afterwards, which is why unwinding through it is safe.
pub(crate) fn guarded<T>(decoder: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(decoder)).unwrap_or_else(|_panic| {
        tracing::warn!("a decoder panicked on foreign bytes");
        Err(Error::damaged(Damage::DecoderFailed))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_a_decoder_is_a_damaged_file() {
        let outcome: Result<(), Error> = guarded(|| panic!("hostile bytes"));
        assert_eq!(outcome.unwrap_err().name(), "damaged_decoder_failed");
    }
}
