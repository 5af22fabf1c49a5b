-- Who may reach the tables that came beside the repository, and what else works by itself:
-- each for its own purpose, and no further.

ALTER TABLE sharing_place OWNER TO sohoa_owner;
ALTER TABLE sharing OWNER TO sohoa_owner;
ALTER TABLE shown_to_station OWNER TO sohoa_owner;

GRANT SELECT, INSERT, UPDATE ON sharing_place, sharing TO sohoa_application;
GRANT SELECT, INSERT ON shown_to_station TO sohoa_application;
GRANT SELECT ON upload TO sohoa_application;

ALTER TABLE sharing_place ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE sharing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE shown_to_station ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Objects that no row names are looked for among all that rows name.
CREATE POLICY orphans_look ON part FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'orphans');
CREATE POLICY orphans_look ON file FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'orphans');
CREATE POLICY orphans_look ON upload FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'orphans');
CREATE INDEX upload_sealed ON upload (sealed);

-- What was received is shared onward (art. 25).
CREATE POLICY sharing_reads ON record FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sharing' AND state = 'received');
CREATE POLICY sharing_reads ON record_file FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sharing');
CREATE POLICY sharing_goes_on ON sharing TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sharing');
CREATE POLICY sharing_goes_on ON sharing_place TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sharing');

-- The log: its head and how it grew, and the audit that reads everything again.
CREATE POLICY log_tells ON log FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) IN ('log', 'auditing'));
CREATE POLICY log_tells ON record FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) IN ('log', 'auditing') AND state = 'received');
CREATE POLICY auditing_reads ON envelope FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'auditing');
CREATE POLICY auditing_reads ON station FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'auditing');

-- Figures count stations and what is not shared yet.
CREATE POLICY figures_count ON station FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'figures');
CREATE POLICY figures_count ON sharing FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'figures');

-- A desk with a dossier of a person in hand: the papers of that person, and of nobody else.
CREATE POLICY holdings_station ON station FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'holdings'
    AND number = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY holdings_read ON record FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'holdings' AND state = 'received'
    AND owner_id <> '' AND owner_id = (SELECT current_setting('kho.holder', true)));
CREATE POLICY holdings_read ON record_file FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'holdings'
    AND EXISTS (SELECT FROM record WHERE record.id = record_file.record_id));
CREATE POLICY holdings_counted ON shown_to_station FOR SELECT TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'holdings'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));
CREATE POLICY holdings_told ON shown_to_station FOR INSERT TO sohoa_application WITH CHECK (
    (SELECT current_setting('kho.reach', true)) = 'holdings'
    AND station = (SELECT nullif(current_setting('kho.station', true), '')::integer));
