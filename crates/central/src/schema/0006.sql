-- Which papers were shown to which desk, for whose dossier: no words of anybody, only ids.
CREATE TABLE shown_to_station (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    station    integer NOT NULL REFERENCES station,
    officer    uuid NOT NULL,
    dossier    uuid NOT NULL,
    -- list or copy
    what       text NOT NULL CHECK (what IN ('list', 'copy')),
    records    bigint[] NOT NULL,
    shown_at   timestamptz NOT NULL DEFAULT now()
);
-- How often a station asked of late.
CREATE INDEX shown_to_station_at ON shown_to_station (station, shown_at);
CREATE INDEX shown_to_station_records ON shown_to_station USING gin (records);
CREATE TRIGGER shown_stays BEFORE UPDATE OR DELETE ON shown_to_station
    FOR EACH ROW EXECUTE FUNCTION stays();
