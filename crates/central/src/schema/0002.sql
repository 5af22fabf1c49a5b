-- Who may reach what: the owner of the tables changes the schema and serves nobody; the
-- application serves and owns nothing. Each transaction says for whom it works (kho.reach
-- and what goes with it), and where nothing is said nothing is seen.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['sohoa_owner', 'sohoa_application'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', name);
        END IF;
    END LOOP;
    -- What people look at is reached by a role that the application takes on for one
    -- transaction: what they may see does not weigh on what stations send, and a station's
    -- transaction has no right to it. Without INHERIT it has none before it does so.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sohoa_people') THEN
        CREATE ROLE sohoa_people NOLOGIN;
    END IF;
    ALTER ROLE sohoa_application NOINHERIT;
    GRANT sohoa_people TO sohoa_application;
    -- A statement under policies is dear to plan, and those of stations find their rows by key
    -- whatever the values are.
    ALTER ROLE sohoa_application SET plan_cache_mode TO force_generic_plan;
    IF current_user <> 'sohoa_owner' THEN
        -- Whoever gives tables away must be one of those who get them.
        EXECUTE format('GRANT sohoa_owner TO %I', current_user);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO sohoa_owner, sohoa_application', current_database());
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO sohoa_owner', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO sohoa_application, sohoa_people', current_schema());
END $$;

-- What the policies ask of a record stands in columns of its own, which follow from what the
-- station signed.
ALTER TABLE record
    ADD COLUMN office text GENERATED ALWAYS AS (coalesce(body ->> 'office', '')) STORED,
    ADD COLUMN dossier_id uuid GENERATED ALWAYS AS ((body #>> '{dossier,id}')::uuid) STORED,
    ADD COLUMN dossier_owner_id text
        GENERATED ALWAYS AS (coalesce(body #>> '{dossier,owner,id}', '')) STORED,
    ADD COLUMN procedure text
        GENERATED ALWAYS AS (coalesce(body #>> '{dossier,procedure}', '')) STORED;
CREATE INDEX record_dossier_owner ON record (dossier_owner_id) WHERE dossier_owner_id <> '';

ALTER TABLE migration OWNER TO sohoa_owner;
ALTER TABLE invitation OWNER TO sohoa_owner;
ALTER TABLE station OWNER TO sohoa_owner;
ALTER TABLE record OWNER TO sohoa_owner;
ALTER TABLE envelope OWNER TO sohoa_owner;
ALTER TABLE fork OWNER TO sohoa_owner;
ALTER TABLE file OWNER TO sohoa_owner;
ALTER TABLE record_file OWNER TO sohoa_owner;
ALTER TABLE part OWNER TO sohoa_owner;
ALTER TABLE code OWNER TO sohoa_owner;
ALTER TABLE log OWNER TO sohoa_owner;
ALTER FUNCTION stays() OWNER TO sohoa_owner;

GRANT SELECT, INSERT, UPDATE ON invitation, station, record, file TO sohoa_application;
GRANT SELECT, INSERT ON envelope, record_file, code TO sohoa_application;
GRANT INSERT ON fork TO sohoa_application;
GRANT SELECT, INSERT, DELETE ON part TO sohoa_application;
GRANT SELECT, UPDATE ON log TO sohoa_application;

ALTER TABLE migration ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE station ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE record ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE envelope ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE fork ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE file ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE record_file ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE part ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY migrating ON migration TO sohoa_owner USING (true);

-- A station: its own rows, and the record of the one document that it speaks of, which
-- another station may have sent.
CREATE POLICY station_itself ON station FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND number = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY station_goes_on ON station FOR UPDATE TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND number = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY station_reads ON record FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND (station = (SELECT nullif(current_setting('kho.station', true), '')::integer)
        OR document_id = (SELECT nullif(current_setting('kho.document', true), '')::uuid)));
CREATE POLICY station_announces ON record FOR INSERT TO sohoa_application WITH CHECK (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY station_sends ON envelope TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY station_forks ON fork FOR INSERT TO sohoa_application WITH CHECK (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY station_sends ON file TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY station_sends ON record_file TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY station_sends ON part TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'station'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));

-- Receipts are made for the records of all stations in one turn.
CREATE POLICY sealing_reads ON record FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sealing');
CREATE POLICY sealing_receives ON record FOR UPDATE TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sealing' AND state = 'announced')
    WITH CHECK ((SELECT current_setting('kho.reach', true)) = 'sealing' AND state = 'received');
CREATE POLICY sealing_reads ON envelope FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sealing');
CREATE POLICY sealing_numbers ON code TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sealing');
CREATE POLICY sealing_logs ON log TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sealing');

-- A desk that enrols: its invitation, and which numbers and keys are taken.
CREATE POLICY enrolment_invited ON invitation FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'enrolment'
    AND digest = (SELECT decode(current_setting('kho.invitation', true), 'hex')));
CREATE POLICY enrolment_uses ON invitation FOR UPDATE TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'enrolment'
    AND digest = (SELECT decode(current_setting('kho.invitation', true), 'hex')));
CREATE POLICY enrolment_looks ON station FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'enrolment');
CREATE POLICY enrolment_enrols ON station FOR INSERT TO sohoa_application WITH CHECK (
    (SELECT current_setting('kho.reach', true)) = 'enrolment');
CREATE POLICY enrolment_renews ON station FOR UPDATE TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'enrolment');

-- Whoever runs the centre lets stations in and shuts them out, and sees nobody's papers.
CREATE POLICY steward_invites ON invitation FOR INSERT TO sohoa_application WITH CHECK (
    (SELECT current_setting('kho.reach', true)) = 'steward');
CREATE POLICY steward_looks ON station FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'steward');
CREATE POLICY steward_rules ON station FOR UPDATE TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'steward');
