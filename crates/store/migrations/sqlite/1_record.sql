-- Times are microseconds since 1970 UTC; ids are UUIDv7; cells are H3 indices of resolution 9.
CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY,
    at_us INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE audit_head (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE account_state (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_state_latest ON account_state (account, id);
CREATE TABLE invitation (
    token_sha256 BLOB NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
    token_sha256 BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES account (id),
    csrf TEXT,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE upload (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    received_bytes INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused')),
    account TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    id BLOB NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    work TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'done', 'dead')),
    attempts INTEGER NOT NULL,
    owner TEXT,
    lease_until_us INTEGER,
    available_us INTEGER NOT NULL,
    error TEXT,
    note TEXT,
    created_us INTEGER NOT NULL,
    finished_us INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX job_open ON job (state, available_us, id);

CREATE TABLE scene (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    time_us INTEGER,
    footprint TEXT,
    west_deg REAL,
    south_deg REAL,
    east_deg REAL,
    north_deg REAL,
    properties TEXT NOT NULL,
    provenance TEXT NOT NULL,
    job BLOB,
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX scene_time ON scene (time_us, id);
CREATE TABLE asset (
    scene BLOB NOT NULL REFERENCES scene (id),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES blob (sha256),
    size_bytes INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (scene, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE observation (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    gas TEXT,
    latitude_deg REAL,
    longitude_deg REAL,
    cell INTEGER,
    begins_us INTEGER,
    ends_us INTEGER,
    geometry TEXT,
    properties TEXT NOT NULL,
    provenance TEXT NOT NULL,
    scene BLOB REFERENCES scene (id),
    job BLOB,
    supersedes BLOB UNIQUE REFERENCES observation (id),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
-- The kind stands in them so that rows of other kinds are passed over without being read.
CREATE INDEX observation_cell ON observation (cell, id, kind);
CREATE INDEX observation_ends ON observation (ends_us, id, kind);
CREATE INDEX observation_lasting ON observation ((ends_us - begins_us));
CREATE INDEX observation_kind ON observation (kind, id);
CREATE INDEX observation_scene ON observation (scene) WHERE scene IS NOT NULL;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_remains BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER account_stays BEFORE UPDATE ON account BEGIN SELECT RAISE(ABORT, 'account is append-only'); END;
CREATE TRIGGER account_remains BEFORE DELETE ON account BEGIN SELECT RAISE(ABORT, 'account is append-only'); END;
CREATE TRIGGER account_state_stays BEFORE UPDATE ON account_state BEGIN SELECT RAISE(ABORT, 'account_state is append-only'); END;
CREATE TRIGGER account_state_remains BEFORE DELETE ON account_state BEGIN SELECT RAISE(ABORT, 'account_state is append-only'); END;
CREATE TRIGGER blob_stays BEFORE UPDATE ON blob BEGIN SELECT RAISE(ABORT, 'blob is append-only'); END;
CREATE TRIGGER blob_remains BEFORE DELETE ON blob BEGIN SELECT RAISE(ABORT, 'blob is append-only'); END;
CREATE TRIGGER scene_stays BEFORE UPDATE ON scene BEGIN SELECT RAISE(ABORT, 'scene is append-only'); END;
CREATE TRIGGER scene_remains BEFORE DELETE ON scene BEGIN SELECT RAISE(ABORT, 'scene is append-only'); END;
CREATE TRIGGER asset_stays BEFORE UPDATE ON asset BEGIN SELECT RAISE(ABORT, 'asset is append-only'); END;
CREATE TRIGGER asset_remains BEFORE DELETE ON asset BEGIN SELECT RAISE(ABORT, 'asset is append-only'); END;
CREATE TRIGGER observation_stays BEFORE UPDATE ON observation BEGIN SELECT RAISE(ABORT, 'observation is append-only'); END;
CREATE TRIGGER observation_remains BEFORE DELETE ON observation BEGIN SELECT RAISE(ABORT, 'observation is append-only'); END;
CREATE TRIGGER audit_head_remains BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'audit_head is never deleted'); END;
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head WHEN NEW.seq <= OLD.seq BEGIN SELECT RAISE(ABORT, 'audit_head only grows'); END;
