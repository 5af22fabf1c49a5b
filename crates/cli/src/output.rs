//! The two channels.

use std::io::Write as _;

use serde::Serialize;

/// A line of result. A reader that went away (`| head`) is no trouble of ours.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A result as one line of JSON, flushed, since it is an acknowledgement.
pub(crate) fn say_json(shape: &impl Serialize) {
    let line = serde_json::to_string(shape).expect("the shapes hold nothing that JSON cannot");
    say(&line);
    let _ = std::io::stdout().flush();
}

/// Progress or trouble.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
