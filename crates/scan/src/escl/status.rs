//! What a network scanner says of its state. It is asked before a feeder is started,
//! because some jam when they are to feed what is not there, and whenever a job ends
//! otherwise than by running out of paper.

use super::xml::Element;
use crate::error::Error;

/// The answer to `ScannerStatus`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    state: String,
    adf_state: String,
    /// Path of each job and its state.
    jobs: Vec<(String, String)>,
}

impl Status {
    pub(super) fn read(answer: &str) -> Self {
        let root = Element::read(answer);
        let text = |name| root.text_of(name).unwrap_or_default();
        let jobs = root.all("JobInfo").into_iter().filter_map(|job| {
            let path = job.text_of("JobUri")?.trim_end_matches('/');
            Some((path.to_owned(), job.text_of("JobState")?.to_owned()))
        });
        Self {
            state: text("State").to_owned(),
            // Some write the name with its namespace in front.
            adf_state: text("AdfState").rsplit(':').next().unwrap_or("").to_owned(),
            jobs: jobs.collect(),
        }
    }

    /// Whether the device does something for somebody, so that it is worth waiting.
    pub(super) fn is_busy(&self) -> bool {
        ["Processing", "Testing"].contains(&self.state.as_str())
    }

    pub(super) fn feeder_is_empty(&self) -> bool {
        self.adf_state == "ScannerAdfEmpty"
    }

    /// What is wrong with the feeder.
    pub(super) fn fault_of_feeder(&self) -> Option<Error> {
        match self.adf_state.as_str() {
            "ScannerAdfJam" | "ScannerAdfMispick" | "ScannerAdfMultipickDetected" => {
                Some(Error::Jammed)
            }
            "ScannerAdfHatchOpen" => Some(Error::CoverOpen),
            "ScannerAdfDuplexPageTooShort"
            | "ScannerAdfDuplexPageTooLong"
            | "ScannerAdfInputTrayFailed"
            | "ScannerAdfInputTrayOverloaded" => Some(Error::DeviceRefused),
            _ => None,
        }
    }

    /// Whether the device gave the job up before its end.
    pub(super) fn gave_up(&self, job: &str) -> bool {
        // Jobs are named by a path or by a whole address that ends in it.
        let mine = |path: &str| path == job || path.ends_with(job);
        self.jobs
            .iter()
            .any(|(path, state)| mine(path) && ["Aborted", "Canceled"].contains(&state.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(inner: &str) -> Status {
        Status::read(&format!(
            "<?xml version='1.0'?><scan:ScannerStatus xmlns:scan='s' xmlns:pwg='p'>{inner}</scan:ScannerStatus>"
        ))
    }

    #[test]
    fn every_state_of_a_feeder_has_its_error() {
        let check = |state: &str, expected: Option<&str>| {
            let status = status(&format!("<scan:AdfState>{state}</scan:AdfState>"));
            let fault = status.fault_of_feeder();
            assert_eq!(fault.as_ref().map(Error::name), expected, "{state}");
        };
        check("ScannerAdfLoaded", None);
        check("ScannerAdfEmpty", None);
        check("ScannerAdfProcessing", None);
        check("ScannerAdfJam", Some("jammed"));
        check("scan:ScannerAdfJam", Some("jammed"));
        check("ScannerAdfMispick", Some("jammed"));
        check("ScannerAdfHatchOpen", Some("cover_open"));
        check("ScannerAdfDuplexPageTooShort", Some("device_refused"));
        check("", None);
        assert!(status("<scan:AdfState>ScannerAdfEmpty</scan:AdfState>").feeder_is_empty());
    }

    #[test]
    fn a_job_is_known_by_its_path() {
        let job = |uri: &str, state: &str| {
            status(&format!(
                "<pwg:State>Idle</pwg:State><scan:Jobs><scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/1</pwg:JobUri>\
                 <pwg:JobState>Completed</pwg:JobState></scan:JobInfo><scan:JobInfo><pwg:JobUri>{uri}</pwg:JobUri>\
                 <pwg:JobState>{state}</pwg:JobState></scan:JobInfo></scan:Jobs>"
            ))
        };
        assert!(job("/eSCL/ScanJobs/2", "Aborted").gave_up("/eSCL/ScanJobs/2"));
        assert!(job("http://x.local/eSCL/ScanJobs/2", "Canceled").gave_up("/eSCL/ScanJobs/2"));
        assert!(!job("/eSCL/ScanJobs/2", "Completed").gave_up("/eSCL/ScanJobs/2"));
        assert!(!job("/eSCL/ScanJobs/3", "Aborted").gave_up("/eSCL/ScanJobs/2"));
        assert!(!job("/eSCL/ScanJobs/2", "Aborted").is_busy());
    }
}
