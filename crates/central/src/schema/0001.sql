-- Stations, their logs, what they sent, and the centre's own log.

CREATE TABLE invitation (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    office     text NOT NULL,
    expires_at timestamptz NOT NULL,
    -- The station that came with it; nobody comes a second time.
    station    integer,
    used_at    timestamptz
);

CREATE TABLE station (
    number      integer PRIMARY KEY CHECK (number BETWEEN 0 AND 16777215),
    office      text NOT NULL,
    key         bytea NOT NULL UNIQUE CHECK (length(key) = 32),
    certificate text NOT NULL,
    -- active, revoked, forked
    standing    text NOT NULL DEFAULT 'active' CHECK (standing IN ('active', 'revoked', 'forked')),
    -- How far its log was followed.
    epoch       integer NOT NULL,
    sequence    bigint NOT NULL DEFAULT 0,
    head        bytea NOT NULL CHECK (length(head) = 32),
    quota_bytes bigint NOT NULL,
    used_bytes  bigint NOT NULL DEFAULT 0,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz
);

CREATE TABLE record (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id     uuid NOT NULL,
    version         integer NOT NULL CHECK (version >= 1),
    manifest        bytea NOT NULL CHECK (length(manifest) = 32),
    parent_manifest bytea,
    -- The envelope in which it came first.
    envelope        bytea NOT NULL UNIQUE CHECK (length(envelope) = 32),
    station         integer NOT NULL REFERENCES station,
    -- announced: it has no receipt yet; received; conflict: another one counts
    state           text NOT NULL CHECK (state IN ('announced', 'received', 'conflict')),
    local_code      text NOT NULL,
    document_type   text NOT NULL,
    owner_id        text NOT NULL,
    code_base       text NOT NULL,
    body            jsonb NOT NULL,
    announced_at    timestamptz NOT NULL DEFAULT now(),
    received_at     timestamptz,
    code_ordinal    integer,
    log_index       bigint UNIQUE,
    receipt         bytea,
    CHECK ((state = 'received') = (receipt IS NOT NULL))
);
-- One content counts for a version of a document; others are kept beside it for a person.
CREATE UNIQUE INDEX record_counts ON record (document_id, version) WHERE state <> 'conflict';
CREATE INDEX record_owner ON record (owner_id) WHERE owner_id <> '';
CREATE INDEX record_local_code ON record (local_code);

-- Every envelope of every station's log, as it came: also those that nobody can read.
CREATE TABLE envelope (
    digest      bytea PRIMARY KEY CHECK (length(digest) = 32),
    station     integer NOT NULL REFERENCES station,
    epoch       integer NOT NULL,
    sequence    bigint NOT NULL,
    bytes       bytea NOT NULL,
    record_id   bigint REFERENCES record,
    -- Why it is no record.
    refused     text,
    received_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (station, epoch, sequence),
    CHECK ((record_id IS NULL) = (refused IS NOT NULL))
);

-- What proves that a station was cloned: a second envelope for one place.
CREATE TABLE fork (
    digest      bytea PRIMARY KEY,
    station     integer NOT NULL REFERENCES station,
    bytes       bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);

-- A sealed file of a station. Stations never learn of one another's.
CREATE TABLE file (
    station    integer NOT NULL REFERENCES station,
    sealed     bytea NOT NULL CHECK (length(sealed) = 32),
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    have_bytes bigint NOT NULL DEFAULT 0 CHECK (have_bytes BETWEEN 0 AND size_bytes),
    stored_at  timestamptz,
    PRIMARY KEY (station, sealed)
);

CREATE TABLE record_file (
    record_id  bigint NOT NULL REFERENCES record,
    role       text NOT NULL,
    position   integer NOT NULL,
    station    integer NOT NULL,
    sealed     bytea NOT NULL,
    plain      bytea NOT NULL CHECK (length(plain) = 32),
    size_bytes bigint NOT NULL,
    PRIMARY KEY (record_id, role, position),
    FOREIGN KEY (station, sealed) REFERENCES file
);

CREATE TABLE part (
    station   integer NOT NULL,
    sealed    bytea NOT NULL,
    from_byte bigint NOT NULL,
    length    bigint NOT NULL CHECK (length > 0),
    object    text NOT NULL,
    PRIMARY KEY (station, sealed, from_byte),
    FOREIGN KEY (station, sealed) REFERENCES file
);

-- Which paper bears which ordinal of a digitisation code.
CREATE TABLE code (
    base        text NOT NULL,
    ordinal     integer NOT NULL CHECK (ordinal >= 0),
    document_id uuid NOT NULL,
    PRIMARY KEY (base, ordinal),
    UNIQUE (base, document_id)
);

-- The log (RFC 6962): how many leaves, and the roots of its complete subtrees, the
-- largest first. The leaves are the envelopes of received records in their order.
CREATE TABLE log (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    leaves   bigint NOT NULL,
    peaks    bytea NOT NULL CHECK (length(peaks) % 32 = 0)
);
INSERT INTO log VALUES (true, 0, '');

-- What was received never changes and never goes.
CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what was received stays'; END $$;
CREATE TRIGGER record_stays BEFORE DELETE ON record FOR EACH ROW EXECUTE FUNCTION stays();
CREATE TRIGGER record_is_kept BEFORE UPDATE ON record FOR EACH ROW
    WHEN (OLD.state IN ('received', 'conflict')) EXECUTE FUNCTION stays();
CREATE TRIGGER envelope_stays BEFORE UPDATE OR DELETE ON envelope FOR EACH ROW EXECUTE FUNCTION stays();
CREATE TRIGGER code_stays BEFORE UPDATE OR DELETE ON code FOR EACH ROW EXECUTE FUNCTION stays();
