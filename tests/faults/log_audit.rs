//! Threat T3: whoever may write in the centre's database changes what was received. An audit
//! says where; and what was cut off cleanly, a head says that was kept elsewhere.

use std::path::Path;

use support::memory_station::MemoryStation;
use support::test_centre::TestCentre;
use wire::{LogGrowth, LogHead};

/// What somebody with all rights does in the database.
fn tamper(centre: &TestCentre, sql: &str) {
    let sql = format!("SET session_replication_role = replica; {sql}");
    centre.postgres.ask(&sql);
}

const KEEP: &str = "CREATE TABLE kept_record AS SELECT * FROM record;
    CREATE TABLE kept_envelope AS SELECT * FROM envelope";
const UNDO: &str = "UPDATE record SET log_index = NULL;
    UPDATE record r SET (body, state, receipt, log_index) =
        (SELECT body, state, receipt, log_index FROM kept_record k WHERE k.id = r.id);
    UPDATE envelope e SET bytes = k.bytes FROM kept_envelope k WHERE k.digest = e.digest";

fn head_of(centre: &TestCentre) -> LogHead {
    let (status, text) = centre.get("/v1/log/head");
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn deposit(station: &MemoryStation, count: usize) {
    for _ in 0..count {
        station.deposit(&[300]);
    }
    assert_eq!(station.pass(&station.http()), None);
}

#[test]
fn an_audit_names_the_place_of_everything_that_was_altered() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    deposit(&station, 12);
    let said: LogHead = serde_json::from_str(&centre.say(&["audit"])).unwrap();
    assert_eq!(said.leaves, 12);
    tamper(&centre, KEEP);
    let check = |sql: &str, complaints: &[&str]| {
        tamper(&centre, sql);
        let said = centre.refuses(&["audit"]);
        for complaint in complaints {
            assert!(
                said.contains(complaint),
                "{complaint:?} of {sql}, not {said}"
            );
        }
        tamper(&centre, UNDO);
        centre.say(&["audit"]);
    };
    check(
        "UPDATE record SET body = jsonb_set(body, '{office}', '\"H55.999\"') WHERE log_index = 3",
        &["leaf 3: its row does not say what was signed"],
    );
    check(
        "UPDATE record SET receipt = (SELECT receipt FROM record WHERE log_index = 5)
         WHERE log_index = 4",
        &["leaf 4: its receipt proves another log"],
    );
    check(
        "UPDATE record SET log_index = 99 WHERE log_index = 6;
         UPDATE record SET log_index = 6 WHERE log_index = 7;
         UPDATE record SET log_index = 7 WHERE log_index = 99",
        &[
            "leaf 6: its receipt",
            "leaf 7: its receipt",
            "its root is not that of its leaves",
        ],
    );
    check(
        "UPDATE envelope SET bytes = set_byte(bytes, length(bytes) - 1, 7)
         WHERE digest = (SELECT envelope FROM record WHERE log_index = 8)",
        &["leaf 8: its envelope is", "envelope 9: not what was signed"],
    );
    check(
        "UPDATE record SET state = 'announced', receipt = NULL, log_index = NULL
         WHERE log_index = 9",
        &["leaf 9: gone", "its root is not that of its leaves"],
    );
    check(
        "UPDATE record SET state = 'announced', receipt = NULL, log_index = NULL
         WHERE log_index >= 10",
        &["leaf 10 and all after it: gone"],
    );
}

#[test]
fn a_tail_that_was_cut_off_cleanly_is_missed_by_whoever_kept_a_head() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    deposit(&station, 5);
    tamper(
        &centre,
        "CREATE TABLE kept_log AS SELECT * FROM log; CREATE TABLE kept_station AS SELECT * FROM station",
    );
    deposit(&station, 2);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, head: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, head).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let kept = write("kept", &centre.say(&["audit"]));
    centre.say(&["audit", &kept]);
    // Rows, log and the station's place, all as they were two records ago.
    tamper(
        &centre,
        "UPDATE record SET state = 'announced', receipt = NULL, log_index = NULL WHERE log_index >= 5;
         DELETE FROM envelope WHERE sequence > 5;
         UPDATE log SET (leaves, peaks) = (SELECT leaves, peaks FROM kept_log);
         UPDATE station SET (sequence, head) = (SELECT sequence, head FROM kept_station)",
    );
    centre.say(&["audit"]);
    let said = centre.refuses(&["audit", &kept]);
    assert!(
        said.contains("the head of 7 leaves: only 5 are left"),
        "{said}"
    );
    // Whoever shows a head of his own is not believed.
    let forged = std::fs::read_to_string(Path::new(&kept)).unwrap();
    let forged = write("forged", &forged.replace("\"leaves\":7", "\"leaves\":4"));
    let said = centre.refuses(&["audit", &forged]);
    assert!(said.contains("not signed here"), "{said}");
}

#[test]
fn a_head_that_was_kept_is_proved_to_be_the_beginning_of_a_later_one() {
    let centre = TestCentre::start();
    let station = MemoryStation::enrolled(&centre, 1);
    let nothing = head_of(&centre);
    deposit(&station, 200);
    let earlier = head_of(&centre);
    deposit(&station, 70);
    let later = head_of(&centre);
    let key = station.receipt_key();
    assert!(earlier.is_signed_by(&key) && later.is_signed_by(&key));
    assert!(
        !LogHead {
            leaves: 199,
            ..earlier.clone()
        }
        .is_signed_by(&key)
    );
    let growth = |from: &LogHead, to: &LogHead| -> LogGrowth {
        let path = format!("/v1/log/growth?from={}&to={}", from.leaves, to.leaves);
        let (status, text) = centre.get(&path);
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    };
    for (from, to) in [
        (&nothing, &later),
        (&earlier, &later),
        (&later, &later),
        (&earlier, &earlier),
    ] {
        assert!(
            to.grew_from(from, &growth(from, to)),
            "{} to {}",
            from.leaves,
            to.leaves
        );
    }
    // One proof proves no other log.
    let other = LogHead {
        root: later.root,
        ..earlier.clone()
    };
    assert!(!later.grew_from(&other, &growth(&earlier, &later)));
    assert_eq!(centre.get("/v1/log/growth?from=5&to=9000").0, 400);
    assert_eq!(centre.get("/v1/log/growth?from=6&to=5").0, 400);
}
