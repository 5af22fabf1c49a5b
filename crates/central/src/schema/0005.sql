-- What other systems of the State get of what was received, one row for each of them and each
-- record. Circular 01/2023/TT-VPCP, art. 25.

-- How far the centre's log was followed for a connector.
CREATE TABLE sharing_place (
    connector text PRIMARY KEY,
    -- The next leaf that has no row below.
    log_index bigint NOT NULL DEFAULT 0
);

CREATE TABLE sharing (
    connector text NOT NULL,
    record_id bigint NOT NULL REFERENCES record,
    -- waiting: for its turn, or to be tried again; parked: for a person
    state     text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'shared', 'parked')),
    tries     integer NOT NULL DEFAULT 0,
    -- Not before then.
    next_at   timestamptz NOT NULL DEFAULT now(),
    -- Why it was not taken the last time: a status, a name of a field, never a value.
    reason    text,
    shared_at timestamptz,
    PRIMARY KEY (connector, record_id),
    CHECK ((state = 'shared') = (shared_at IS NOT NULL))
);
CREATE INDEX sharing_open ON sharing (connector, state, record_id) WHERE state <> 'shared';
