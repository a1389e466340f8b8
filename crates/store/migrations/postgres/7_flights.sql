-- What permits and forbids, as its document says it. A later one of the same number takes the place of the one before.
CREATE TABLE authority (
    id UUID NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    issuer TEXT NOT NULL,
    document_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    outline TEXT NOT NULL,
    supersedes UUID UNIQUE REFERENCES authority (id),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX authority_number ON authority (number, id);
-- Sorties, planned or flown, each with what is claimed of it. The outline is for maps: the track and the certificate
-- are the files.
CREATE TABLE sortie (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'flown')),
    operator TEXT NOT NULL,
    aircraft TEXT NOT NULL,
    purpose TEXT NOT NULL,
    begins_us BIGINT NOT NULL,
    ends_us BIGINT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'not proven', 'broken')),
    why TEXT NOT NULL,
    outline TEXT NOT NULL,
    track_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    certificate_sha256 TEXT NOT NULL UNIQUE REFERENCES blob (sha256),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX sortie_begins ON sortie (begins_us, id);

CREATE TRIGGER authority_stays BEFORE UPDATE OR DELETE ON authority FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER authority_remains BEFORE TRUNCATE ON authority FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER sortie_stays BEFORE UPDATE OR DELETE ON sortie FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER sortie_remains BEFORE TRUNCATE ON sortie FOR EACH STATEMENT EXECUTE FUNCTION append_only();
