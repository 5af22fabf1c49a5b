//! The flight recorder: what was said to a scanner and what it answered, as lines of
//! text, so that a fault in a far office becomes a test here.
//!
//! A line is the milliseconds since the recording began, who spoke, and what. No
//! image and no text of a paper is in it; elements that name one device or its owner
//! (serial number, address, place) are blanked before a line is written, and the
//! host of a network scanner is never part of one.

use std::collections::VecDeque;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Lines kept from the beginning, where a device says what it is and offers.
const FIRST_LINES: usize = 2000;

/// Lines kept from the end, where the fault is. What lies between is counted.
const LAST_LINES: usize = 2000;

/// Bytes of a line: longer ones are lists that nobody reads to their end.
const LINE_BYTES: usize = 2000;

/// A recorder, or none. Copies write into the same recording.
#[derive(Clone, Default)]
pub struct Trace(Option<Arc<Mutex<Recorder>>>);

struct Recorder {
    began: Instant,
    tell: Box<dyn FnMut(String) + Send>,
}

/// The lines of a recording: its beginning and its end.
#[derive(Clone, Debug, Default)]
pub struct TraceLines {
    first: Vec<String>,
    last: VecDeque<String>,
    left_out: usize,
}

impl Trace {
    /// No recorder: noting costs nothing.
    pub fn off() -> Self {
        Self::default()
    }

    /// A recorder that begins now and tells each line at once, so that what was said
    /// before a crash is known after it.
    pub fn to(tell: impl FnMut(String) + Send + 'static) -> Self {
        Self(Some(Arc::new(Mutex::new(Recorder {
            began: Instant::now(),
            tell: Box::new(tell),
        }))))
    }

    /// Notes one line; what is said is only put together when somebody records.
    pub(crate) fn note<T: Display>(&self, line: impl FnOnce() -> T) {
        let Some(recorder) = &self.0 else { return };
        let said = on_one_line(&line().to_string());
        let mut recorder = recorder.lock().unwrap_or_else(PoisonError::into_inner);
        let at_ms = recorder.began.elapsed().as_millis();
        (recorder.tell)(format!("{at_ms} {said}"));
    }
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trace")
            .field("is_on", &self.0.is_some())
            .finish()
    }
}

impl TraceLines {
    /// Keeps a line, in the place of an older one where there are too many.
    pub fn add(&mut self, line: String) {
        if self.first.len() < FIRST_LINES {
            self.first.push(line);
            return;
        }
        if self.last.len() == LAST_LINES {
            self.last.pop_front();
            self.left_out += 1;
        }
        self.last.push_back(line);
    }

    /// All that are kept, with a word about those that are not.
    pub fn into_lines(self) -> Vec<String> {
        let gap = (self.left_out > 0).then(|| format!("… {} lines", self.left_out));
        self.first.into_iter().chain(gap).chain(self.last).collect()
    }
}

fn on_one_line(said: &str) -> String {
    let mut line: String = said
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if line.len() > LINE_BYTES {
        line.truncate(line.floor_char_boundary(LINE_BYTES));
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn a_recorder_that_is_off_asks_for_nothing() {
        Trace::off().note(|| -> String { panic!("nobody records") });
    }

    #[test]
    fn a_long_recording_keeps_its_beginning_and_its_end() {
        let mut lines = TraceLines::default();
        for number in 0..10_000 {
            lines.add(format!("line {number}"));
        }
        let lines = lines.into_lines();
        assert_eq!(lines.len(), FIRST_LINES + 1 + LAST_LINES);
        assert_eq!(lines[0], "line 0");
        assert_eq!(lines[FIRST_LINES], "… 6000 lines");
        assert_eq!(lines.last().unwrap(), "line 9999");
    }

    #[test]
    fn a_line_stays_one_line_and_short() {
        let (sender, receiver) = channel();
        let trace = Trace::to(move |line| sender.send(line).unwrap());
        trace.note(|| format!("a\nb {}", "ế".repeat(5000)));
        let line = receiver.recv().unwrap();
        assert!(line.contains(" a b ế") && line.len() < LINE_BYTES + 30);
    }
}
