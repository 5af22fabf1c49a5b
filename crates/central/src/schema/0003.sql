-- The repository of each organisation and individual (Circular 01/2023/TT-VPCP, art. 24): who
-- has signed in, which case an officer has in hand, what people add, and who looked at what.
SET LOCAL ROLE sohoa_owner;

-- A session is known by the digest of its word; the word itself lies in one browser only.
CREATE TABLE session (
    digest       bytea PRIMARY KEY CHECK (length(digest) = 32),
    -- Who it is, as a keyed digest.
    person       bytea NOT NULL CHECK (length(person) = 32),
    role         text NOT NULL CHECK (role IN ('holder', 'officer', 'supervisor', 'auditor')),
    office       text NOT NULL,
    holder_id    text NOT NULL,
    signed_in_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);

-- A sign-in that has gone to the provider and not come back.
CREATE TABLE sign_in (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    nonce      text NOT NULL,
    verifier   text NOT NULL,
    expires_at timestamptz NOT NULL
);

-- An officer's case in hand: the dossier that gives the reason to look at its holder.
CREATE TABLE holder_case (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    person     bytea NOT NULL CHECK (length(person) = 32),
    office     text NOT NULL,
    holder_id  text NOT NULL CHECK (holder_id <> ''),
    dossier_id uuid NOT NULL,
    -- One of a closed list: what an officer types may name a person.
    reason     text NOT NULL CHECK (reason IN ('handling', 'reuse', 'supplement', 'complaint')),
    opened_at  timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    closed_at  timestamptz
);
CREATE INDEX holder_case_person ON holder_case (person);

-- Art. 24(g): digitally signed files that the holder adds.
CREATE TABLE upload (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    holder_id   text NOT NULL CHECK (holder_id <> ''),
    title       text NOT NULL CHECK (length(title) <= 200),
    plain       bytea NOT NULL CHECK (length(plain) = 32),
    sealed      bytea NOT NULL CHECK (length(sealed) = 32),
    size_bytes  bigint NOT NULL CHECK (size_bytes > 0),
    -- What was found of its signatures when it came.
    verdict     jsonb NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX upload_holder ON upload (holder_id);

-- Who looked at what, when and why; nobody's name or number stands here.
CREATE TABLE viewing (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seen_at   timestamptz NOT NULL DEFAULT now(),
    person    bytea NOT NULL CHECK (length(person) = 32),
    role      text NOT NULL,
    office    text NOT NULL,
    act       text NOT NULL,
    -- Whose data it was, as a keyed digest.
    holder    bytea CHECK (length(holder) = 32),
    case_id   uuid,
    reason    text,
    -- Keys of the documents or files that were shown.
    things    uuid[] NOT NULL
);
CREATE INDEX viewing_holder ON viewing (holder, id);
CREATE INDEX viewing_seen_at ON viewing (seen_at);

-- Papers received per office, day and kind: what a supervisor sees.
CREATE TABLE tally (
    office   text NOT NULL,
    day      date NOT NULL,
    kind     text NOT NULL,
    papers   bigint NOT NULL,
    -- The first group of an agency's code is its province or ministry.
    province text NOT NULL GENERATED ALWAYS AS (split_part(office, '.', 1)) STORED,
    PRIMARY KEY (office, day, kind)
);

ALTER TABLE record NO FORCE ROW LEVEL SECURITY;
INSERT INTO tally (office, day, kind, papers)
    SELECT office, (received_at AT TIME ZONE interval '7 hours')::date, document_type, count(*)
    FROM record WHERE state = 'received' GROUP BY 1, 2, 3;
ALTER TABLE record FORCE ROW LEVEL SECURITY;

CREATE TRIGGER viewing_stays BEFORE UPDATE OR DELETE ON viewing FOR EACH ROW EXECUTE FUNCTION stays();
CREATE TRIGGER upload_stays BEFORE UPDATE OR DELETE ON upload FOR EACH ROW EXECUTE FUNCTION stays();

GRANT SELECT, INSERT, UPDATE, DELETE ON session TO sohoa_application;
GRANT SELECT, INSERT, DELETE ON sign_in TO sohoa_application;
GRANT SELECT, INSERT, UPDATE ON tally TO sohoa_application;
GRANT SELECT ON record, record_file, tally TO sohoa_people;
GRANT SELECT, INSERT ON viewing, upload TO sohoa_people;
GRANT SELECT, INSERT, UPDATE ON holder_case TO sohoa_people;

ALTER TABLE session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE sign_in ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE holder_case ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE upload ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE viewing ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tally ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Whoever shows the word of a session or of a sign-in sees that one.
CREATE POLICY session_shown ON session TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'session'
    AND digest = (SELECT decode(current_setting('kho.session', true), 'hex')));
CREATE POLICY sign_in_shown ON sign_in TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'session'
    AND digest = (SELECT decode(current_setting('kho.session', true), 'hex')));
CREATE POLICY session_over ON session TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sweeping' AND expires_at < now())
    WITH CHECK (false);
CREATE POLICY sign_in_over ON sign_in TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sweeping' AND expires_at < now())
    WITH CHECK (false);

-- A holder: what is theirs, as owner of the paper or of its dossier, from every office.
CREATE POLICY holder_reads ON record FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'holder' AND state <> 'conflict'
    AND (SELECT current_setting('kho.holder', true)) <> ''
    AND (owner_id = (SELECT current_setting('kho.holder', true))
        OR dossier_owner_id = (SELECT current_setting('kho.holder', true))));
CREATE POLICY holder_reads ON upload FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'holder'
    AND holder_id = (SELECT current_setting('kho.holder', true)));
CREATE POLICY holder_adds ON upload FOR INSERT TO sohoa_people WITH CHECK (
    (SELECT current_setting('kho.reach', true)) = 'holder'
    AND holder_id = (SELECT current_setting('kho.holder', true)));
CREATE POLICY holder_reads ON viewing FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'holder'
    AND holder = (SELECT decode(current_setting('kho.holder_digest', true), 'hex')));

-- An officer who opens a case: the dossiers of the own office that name this holder.
CREATE POLICY opening_looks ON record FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'opening' AND state <> 'conflict'
    AND (SELECT current_setting('kho.holder', true)) <> ''
    AND office = (SELECT current_setting('kho.office', true))
    AND (owner_id = (SELECT current_setting('kho.holder', true))
        OR dossier_owner_id = (SELECT current_setting('kho.holder', true))));
CREATE POLICY opening_opens ON holder_case FOR INSERT TO sohoa_people WITH CHECK (
    (SELECT current_setting('kho.reach', true)) = 'opening'
    AND person = (SELECT decode(current_setting('kho.person', true), 'hex'))
    AND office = (SELECT current_setting('kho.office', true))
    AND holder_id = (SELECT current_setting('kho.holder', true)));
CREATE POLICY opening_knows ON holder_case FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'opening'
    AND person = (SELECT decode(current_setting('kho.person', true), 'hex'))
    AND office = (SELECT current_setting('kho.office', true)));

-- An officer with a case in hand: what belongs to its holder, until it is closed or over.
CREATE POLICY officer_knows ON holder_case FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'officer'
    AND person = (SELECT decode(current_setting('kho.person', true), 'hex'))
    AND office = (SELECT current_setting('kho.office', true)));
CREATE POLICY officer_closes ON holder_case FOR UPDATE TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'officer'
    AND person = (SELECT decode(current_setting('kho.person', true), 'hex'))
    AND office = (SELECT current_setting('kho.office', true)))
    WITH CHECK (closed_at IS NOT NULL);
CREATE POLICY officer_reads ON record FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'officer' AND state <> 'conflict'
    AND (owner_id = (SELECT c.holder_id FROM holder_case c
            WHERE c.id = nullif(current_setting('kho.holder_case', true), '')::uuid
            AND c.closed_at IS NULL AND c.expires_at > now())
        OR dossier_owner_id = (SELECT c.holder_id FROM holder_case c
            WHERE c.id = nullif(current_setting('kho.holder_case', true), '')::uuid
            AND c.closed_at IS NULL AND c.expires_at > now())));
CREATE POLICY officer_reads ON upload FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'officer'
    AND holder_id = (SELECT c.holder_id FROM holder_case c
        WHERE c.id = nullif(current_setting('kho.holder_case', true), '')::uuid
        AND c.closed_at IS NULL AND c.expires_at > now()));

-- The files of a record are seen by whoever sees the record.
CREATE POLICY people_read ON record_file FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) IN ('holder', 'officer')
    AND EXISTS (SELECT FROM record r WHERE r.id = record_id));

-- A supervisor: counts of the own office, or of all offices of a province.
CREATE POLICY supervisor_counts ON tally FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'supervisor'
    AND (office = (SELECT current_setting('kho.office', true))
        OR province = (SELECT nullif(current_setting('kho.province', true), ''))));
CREATE POLICY sealing_counts ON tally TO sohoa_application USING (
    (SELECT current_setting('kho.reach', true)) = 'sealing');

-- An auditor: who looked, and nothing of what was seen.
CREATE POLICY auditor_reads ON viewing FOR SELECT TO sohoa_people USING (
    (SELECT current_setting('kho.reach', true)) = 'auditor');
CREATE POLICY people_look ON viewing FOR INSERT TO sohoa_people WITH CHECK (
    (SELECT current_setting('kho.reach', true))
        IN ('holder', 'opening', 'officer', 'supervisor', 'auditor')
    AND person = (SELECT decode(current_setting('kho.person', true), 'hex')));
