-- What permits and forbids, as its document says it. A later one of the same number takes the place of the one before.
CREATE TABLE authority (
    id BLOB NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    issuer TEXT NOT NULL,
    document_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    outline TEXT NOT NULL,
    supersedes BLOB UNIQUE REFERENCES authority (id),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX authority_number ON authority (number, id);
-- Sorties, planned or flown, each with what is claimed of it. The outline is for maps: the track and the certificate
-- are the files.
CREATE TABLE sortie (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'flown')),
    operator TEXT NOT NULL,
    aircraft TEXT NOT NULL,
    purpose TEXT NOT NULL,
    begins_us INTEGER NOT NULL,
    ends_us INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'not proven', 'broken')),
    why TEXT NOT NULL,
    outline TEXT NOT NULL,
    track_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    certificate_sha256 TEXT NOT NULL UNIQUE REFERENCES blob (sha256),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sortie_begins ON sortie (begins_us, id);

CREATE TRIGGER authority_stays BEFORE UPDATE ON authority BEGIN SELECT RAISE(ABORT, 'authority is append-only'); END;
CREATE TRIGGER authority_remains BEFORE DELETE ON authority BEGIN SELECT RAISE(ABORT, 'authority is append-only'); END;
CREATE TRIGGER sortie_stays BEFORE UPDATE ON sortie BEGIN SELECT RAISE(ABORT, 'sortie is append-only'); END;
CREATE TRIGGER sortie_remains BEFORE DELETE ON sortie BEGIN SELECT RAISE(ABORT, 'sortie is append-only'); END;
