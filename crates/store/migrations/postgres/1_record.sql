-- Times are microseconds since 1970 UTC; ids are UUIDv7; cells are H3 indices of resolution 9.
CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    hash BYTEA NOT NULL
);
CREATE TABLE audit_head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE account (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created_us BIGINT NOT NULL
);
CREATE TABLE account_state (
    id UUID NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    at_us BIGINT NOT NULL
);
CREATE INDEX account_state_latest ON account_state (account, id);
CREATE TABLE invitation (
    token_sha256 BYTEA NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    expires_us BIGINT NOT NULL
);
CREATE TABLE session (
    token_sha256 BYTEA NOT NULL PRIMARY KEY,
    account UUID NOT NULL REFERENCES account (id),
    csrf TEXT,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL
);

CREATE TABLE blob (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size_bytes BIGINT NOT NULL,
    created_us BIGINT NOT NULL
);
CREATE TABLE upload (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    received_bytes BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'refused')),
    account TEXT NOT NULL,
    created_us BIGINT NOT NULL
);

CREATE TABLE job (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    work TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'done', 'dead')),
    attempts BIGINT NOT NULL,
    owner TEXT,
    lease_until_us BIGINT,
    available_us BIGINT NOT NULL,
    error TEXT,
    note TEXT,
    created_us BIGINT NOT NULL,
    finished_us BIGINT
);
CREATE INDEX job_open ON job (state, available_us, id);

CREATE TABLE scene (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    time_us BIGINT,
    footprint TEXT,
    west_deg DOUBLE PRECISION,
    south_deg DOUBLE PRECISION,
    east_deg DOUBLE PRECISION,
    north_deg DOUBLE PRECISION,
    properties TEXT NOT NULL,
    provenance TEXT NOT NULL,
    job UUID,
    created_us BIGINT NOT NULL
);
CREATE INDEX scene_time ON scene (time_us, id);
CREATE TABLE asset (
    scene UUID NOT NULL REFERENCES scene (id),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL REFERENCES blob (sha256),
    size_bytes BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (scene, name)
);

CREATE TABLE observation (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    gas TEXT,
    latitude_deg DOUBLE PRECISION,
    longitude_deg DOUBLE PRECISION,
    cell BIGINT,
    begins_us BIGINT,
    ends_us BIGINT,
    geometry TEXT,
    properties TEXT NOT NULL,
    provenance TEXT NOT NULL,
    scene UUID REFERENCES scene (id),
    job UUID,
    supersedes UUID UNIQUE REFERENCES observation (id),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- The kind stands in them so that rows of other kinds are passed over without being read.
CREATE INDEX observation_cell ON observation (cell, id, kind);
CREATE INDEX observation_ends ON observation (ends_us, id, kind);
CREATE INDEX observation_lasting ON observation ((ends_us - begins_us));
CREATE INDEX observation_kind ON observation (kind, id);
CREATE INDEX observation_scene ON observation (scene) WHERE scene IS NOT NULL;

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <= OLD.seq THEN RAISE EXCEPTION 'audit_head only grows'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_remains BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER account_stays BEFORE UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER account_remains BEFORE TRUNCATE ON account FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER account_state_stays BEFORE UPDATE OR DELETE ON account_state FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER account_state_remains BEFORE TRUNCATE ON account_state FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER blob_stays BEFORE UPDATE OR DELETE ON blob FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER blob_remains BEFORE TRUNCATE ON blob FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER scene_stays BEFORE UPDATE OR DELETE ON scene FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER scene_remains BEFORE TRUNCATE ON scene FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER asset_stays BEFORE UPDATE OR DELETE ON asset FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER asset_remains BEFORE TRUNCATE ON asset FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER observation_stays BEFORE UPDATE OR DELETE ON observation FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER observation_remains BEFORE TRUNCATE ON observation FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_head_remains BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION only_grows();
