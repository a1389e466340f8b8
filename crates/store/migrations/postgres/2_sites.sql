-- What our own searches find is a finding; an observation is evidence of any origin, in one form.
ALTER TABLE observation RENAME TO finding;
ALTER INDEX observation_pkey RENAME TO finding_pkey;
ALTER INDEX observation_supersedes_key RENAME TO finding_supersedes_key;
ALTER INDEX observation_cell RENAME TO finding_cell;
ALTER INDEX observation_ends RENAME TO finding_ends;
ALTER INDEX observation_lasting RENAME TO finding_lasting;
ALTER INDEX observation_kind RENAME TO finding_kind;
ALTER INDEX observation_scene RENAME TO finding_scene;
ALTER TRIGGER observation_stays ON finding RENAME TO finding_stays;
ALTER TRIGGER observation_remains ON finding RENAME TO finding_remains;

-- `key` is the digest of what it says: the same again is not there twice. `seq` has no gaps and is the order in
-- which observations count.
CREATE TABLE observation (
    seq BIGINT NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    key BYTEA NOT NULL UNIQUE,
    draft TEXT NOT NULL,
    finding UUID REFERENCES finding (id),
    scene UUID REFERENCES scene (id),
    file_sha256 TEXT,
    file_row BIGINT,
    job UUID,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- The last one holds.
CREATE TABLE register (
    seq BIGINT NOT NULL PRIMARY KEY,
    key BYTEA NOT NULL,
    emitters TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- `observations` says how many there were when it was asked for.
CREATE TABLE act (
    seq BIGINT NOT NULL PRIMARY KEY,
    act TEXT NOT NULL,
    observations BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

-- What follows from these three, as the last fold left it. Nothing here is record: it can be made again.
CREATE TABLE fold (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL,
    observations BIGINT NOT NULL,
    acts BIGINT NOT NULL,
    registers BIGINT NOT NULL,
    as_of_us BIGINT
);
INSERT INTO fold (one, number, observations, acts, registers) VALUES (1, 0, 0, 0, 0);
CREATE TABLE site (
    id UUID NOT NULL PRIMARY KEY,
    gas TEXT,
    latitude_deg DOUBLE PRECISION NOT NULL,
    longitude_deg DOUBLE PRECISION NOT NULL,
    begins_us BIGINT NOT NULL,
    ends_us BIGINT NOT NULL,
    ln_odds DOUBLE PRECISION NOT NULL,
    observations BIGINT NOT NULL,
    properties TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX site_likeliest ON site (ln_odds, id);
CREATE TABLE merged_site (
    id UUID NOT NULL PRIMARY KEY,
    stands_as UUID NOT NULL
);
CREATE TABLE act_state (
    act BIGINT NOT NULL PRIMARY KEY REFERENCES act (seq),
    state TEXT NOT NULL
);

CREATE TRIGGER observation_stays BEFORE UPDATE OR DELETE ON observation FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER observation_remains BEFORE TRUNCATE ON observation FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER register_stays BEFORE UPDATE OR DELETE ON register FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER register_remains BEFORE TRUNCATE ON register FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER act_stays BEFORE UPDATE OR DELETE ON act FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER act_remains BEFORE TRUNCATE ON act FOR EACH STATEMENT EXECUTE FUNCTION append_only();
