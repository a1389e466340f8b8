-- What our own searches find is a finding; an observation is evidence of any origin, in one form.
ALTER TABLE observation RENAME TO finding;
DROP INDEX observation_cell;
DROP INDEX observation_ends;
DROP INDEX observation_lasting;
DROP INDEX observation_kind;
DROP INDEX observation_scene;
CREATE INDEX finding_cell ON finding (cell, id, kind);
CREATE INDEX finding_ends ON finding (ends_us, id, kind);
CREATE INDEX finding_lasting ON finding ((ends_us - begins_us));
CREATE INDEX finding_kind ON finding (kind, id);
CREATE INDEX finding_scene ON finding (scene) WHERE scene IS NOT NULL;
DROP TRIGGER observation_stays;
DROP TRIGGER observation_remains;

-- `key` is the digest of what it says: the same again is not there twice. `seq` has no gaps and is the order in
-- which observations count.
CREATE TABLE observation (
    seq INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    key BLOB NOT NULL UNIQUE,
    draft TEXT NOT NULL,
    finding BLOB REFERENCES finding (id),
    scene BLOB REFERENCES scene (id),
    file_sha256 TEXT,
    file_row INTEGER,
    job BLOB,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
-- The last one holds.
CREATE TABLE register (
    seq INTEGER NOT NULL PRIMARY KEY,
    key BLOB NOT NULL,
    emitters TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
-- `observations` says how many there were when it was asked for.
CREATE TABLE act (
    seq INTEGER NOT NULL PRIMARY KEY,
    act TEXT NOT NULL,
    observations INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;

-- What follows from these three, as the last fold left it. Nothing here is record: it can be made again.
CREATE TABLE fold (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL,
    observations INTEGER NOT NULL,
    acts INTEGER NOT NULL,
    registers INTEGER NOT NULL,
    as_of_us INTEGER
) STRICT;
INSERT INTO fold (one, number, observations, acts, registers) VALUES (1, 0, 0, 0, 0);
CREATE TABLE site (
    id BLOB NOT NULL PRIMARY KEY,
    gas TEXT,
    latitude_deg REAL NOT NULL,
    longitude_deg REAL NOT NULL,
    begins_us INTEGER NOT NULL,
    ends_us INTEGER NOT NULL,
    ln_odds REAL NOT NULL,
    observations INTEGER NOT NULL,
    properties TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX site_likeliest ON site (ln_odds, id);
CREATE TABLE merged_site (
    id BLOB NOT NULL PRIMARY KEY,
    stands_as BLOB NOT NULL
) STRICT;
CREATE TABLE act_state (
    act INTEGER NOT NULL PRIMARY KEY REFERENCES act (seq),
    state TEXT NOT NULL
) STRICT;

CREATE TRIGGER finding_stays BEFORE UPDATE ON finding BEGIN SELECT RAISE(ABORT, 'finding is append-only'); END;
CREATE TRIGGER finding_remains BEFORE DELETE ON finding BEGIN SELECT RAISE(ABORT, 'finding is append-only'); END;
CREATE TRIGGER observation_stays BEFORE UPDATE ON observation BEGIN SELECT RAISE(ABORT, 'observation is append-only'); END;
CREATE TRIGGER observation_remains BEFORE DELETE ON observation BEGIN SELECT RAISE(ABORT, 'observation is append-only'); END;
CREATE TRIGGER register_stays BEFORE UPDATE ON register BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
CREATE TRIGGER register_remains BEFORE DELETE ON register BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
CREATE TRIGGER act_stays BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'act is append-only'); END;
CREATE TRIGGER act_remains BEFORE DELETE ON act BEGIN SELECT RAISE(ABORT, 'act is append-only'); END;
