//! What the centre's database shows to whom, whatever program asks it.

use std::process::Command;

use support::memory_station::MemoryStation;
use support::test_centre::{APPLICATION, TestCentre, TestPostgres};
use support::test_desk::program;

/// Tables of which something is amiss, each with what it is.
const AMISS: &str = "SELECT c.relname, concat_ws(',',
        CASE WHEN NOT c.relrowsecurity THEN 'no policies' END,
        CASE WHEN NOT c.relforcerowsecurity THEN 'not forced' END,
        CASE WHEN pg_get_userbyid(c.relowner) <> 'sohoa_owner' THEN 'another owner' END,
        CASE WHEN NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
            THEN 'no policy' END) AS amiss
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'm', 'v')
        AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
            OR pg_get_userbyid(c.relowner) <> 'sohoa_owner'
            OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))";

fn delivered(centre: &TestCentre, number: u32) -> MemoryStation {
    let station = MemoryStation::enrolled(centre, number);
    station.deposit(&[100, 200]);
    assert_eq!(station.pass(&station.http()), None);
    assert_eq!(station.receipts.borrow().len(), 1);
    station
}

fn tables(postgres: &TestPostgres) -> Vec<String> {
    let named = postgres.ask(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
         AND relkind = 'r' ORDER BY 1",
    );
    named.lines().map(str::to_owned).collect()
}

#[test]
fn every_table_is_forced_under_policies_and_the_application_is_bound_by_them() {
    let centre = TestCentre::start();
    assert_eq!(centre.postgres.ask(AMISS), "");
    let role = centre.postgres.ask(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
            pg_has_role('sohoa_application', 'sohoa_owner', 'MEMBER')
         FROM pg_roles WHERE rolname = 'sohoa_application'",
    );
    assert_eq!(role, "t|f|f|f|f|f");
    let people = centre.postgres.ask(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, pg_has_role('sohoa_people', 'sohoa_owner', 'MEMBER'),
            pg_has_role('sohoa_application', 'sohoa_people', 'USAGE')
         FROM pg_roles WHERE rolname = 'sohoa_people'",
    );
    assert_eq!(people, "f|f|f|f|f", "nothing is people's before it is said");
    let seen = centre.postgres.ask(
        "SELECT string_agg(DISTINCT table_name, ',' ORDER BY table_name)
         FROM information_schema.role_table_grants WHERE grantee = 'sohoa_people'",
    );
    assert_eq!(seen, "holder_case,record,record_file,tally,upload,viewing");
    let writes = centre.postgres.ask(
        "SELECT string_agg(table_name, ',' ORDER BY table_name)
         FROM information_schema.role_table_grants
         WHERE grantee = 'sohoa_application' AND privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER')",
    );
    assert_eq!(writes, MAY_DELETE, "nothing that was received can go");

    // The check itself sees what is amiss.
    centre.postgres.ask("CREATE TABLE loose (id integer)");
    centre
        .postgres
        .ask("ALTER TABLE record NO FORCE ROW LEVEL SECURITY");
    let amiss = centre.postgres.ask(AMISS);
    assert!(
        amiss.contains("record|not forced") && amiss.contains("loose|no policies"),
        "{amiss}"
    );
}

/// What passes: parts of a file that is whole, sessions, and sign-ins that came back.
const MAY_DELETE: &str = "part,session,sign_in";

#[test]
fn where_nothing_is_said_nothing_is_seen_and_a_station_sees_its_own() {
    let centre = TestCentre::start();
    let first = delivered(&centre, 1);
    delivered(&centre, 2);
    let counts = |before: &str, table: &str| {
        let sql = format!("{before} SELECT count(*) FROM {table}");
        let said = centre.postgres.ask_as(APPLICATION, &sql);
        // Some tables are not even to be asked.
        said.map_or(0, |said| {
            said.lines()
                .last()
                .map_or(0, |line| line.parse::<u32>().unwrap())
        })
    };
    let reach = format!(
        "BEGIN; SET LOCAL kho.reach = 'station'; SET LOCAL kho.station = '{}';",
        first.station.number
    );
    for table in tables(&centre.postgres) {
        assert_eq!(counts("", &table), 0, "{table} with nothing said");
        // What a transaction said is over with it; the connection says an empty word then.
        let after = format!("{reach} COMMIT;");
        assert_eq!(counts(&after, &table), 0, "{table} after a transaction");
        assert_eq!(
            counts("SET kho.reach = 'anybody';", &table),
            0,
            "{table} for anybody"
        );
        // The application itself is nobody among people.
        let holder = "SET kho.reach = 'holder'; SET kho.holder = '099093000001';";
        assert_eq!(counts(holder, &table), 0, "{table} for a holder");
    }
    for table in ["station", "record", "envelope", "file", "record_file"] {
        let own = counts(&reach, table);
        let all: u32 = centre
            .postgres
            .ask(&format!("SELECT count(*) FROM {table}"))
            .parse()
            .unwrap();
        assert_eq!(
            own * 2,
            all,
            "{table}: half of the rows are the other station's"
        );
    }
    for table in ["invitation", "code", "log", "migration"] {
        assert_eq!(counts(&reach, table), 0, "{table} is no station's");
    }
    let changed = centre.postgres.ask_as(
        APPLICATION,
        &format!("{reach} UPDATE station SET quota_bytes = 0; COMMIT"),
    );
    assert!(changed.is_ok());
    let touched = centre
        .postgres
        .ask("SELECT count(*) FROM station WHERE quota_bytes = 0");
    assert_eq!(touched, "1");

    // A policy that lets everybody in is found by the same counts.
    centre
        .postgres
        .ask("CREATE POLICY sabotage ON record FOR SELECT USING (true)");
    assert_eq!(counts("", "record"), 2);
}

#[test]
fn a_centre_does_not_serve_as_the_owner() {
    let centre = TestCentre::start();
    for role in ["postgres", "sohoa_owner"] {
        let refused = centre.serve_as(role);
        assert!(refused.contains("owns its tables"), "{role}: {refused}");
    }
}

#[test]
fn an_older_database_grows_and_its_records_say_whose_they_are() {
    let postgres = TestPostgres::start();
    let first = include_str!("../../crates/central/src/schema/0001.sql");
    postgres.ask(
        "CREATE TABLE migration (number integer PRIMARY KEY,
            applied_at timestamptz NOT NULL DEFAULT now());
         INSERT INTO migration (number) VALUES (1)",
    );
    postgres.ask(first);
    postgres.ask(
        "INSERT INTO station (number, office, key, certificate, epoch, head, quota_bytes)
         VALUES (1, 'H55.242', sha256('k'), '', 0, sha256('h'), 1);
         INSERT INTO record (document_id, version, manifest, envelope, station, state, local_code,
            document_type, owner_id, code_base, body, receipt, received_at)
         VALUES (gen_random_uuid(), 1, sha256('m'), sha256('e'), 1, 'received', 'A', 'decision',
            '099093047064', 'x', '{\"office\": \"H55.242\", \"dossier\":
            {\"id\": \"00000000-0000-7000-8000-000000000001\", \"owner\": {\"id\": \"099093047065\"}}}',
            'r', now())",
    );
    let migrated = Command::new(program("sohoa-central"))
        .arg("migrate")
        .env("DATABASE_OWNER_URL", postgres.address())
        .output()
        .unwrap();
    assert!(migrated.status.success(), "{migrated:?}");
    let columns = postgres
        .ask("SELECT office, owner_id, dossier_owner_id, dossier_id, procedure FROM record");
    assert_eq!(
        columns,
        "H55.242|099093047064|099093047065|00000000-0000-7000-8000-000000000001|"
    );
    assert_eq!(postgres.ask(AMISS), "");
    // Again, by the owner alone: nothing is left to do, and it may do it.
    let again = Command::new(program("sohoa-central"))
        .arg("migrate")
        .env("DATABASE_OWNER_URL", postgres.address_of("sohoa_owner"))
        .output()
        .unwrap();
    assert!(again.status.success(), "{again:?}");
}
