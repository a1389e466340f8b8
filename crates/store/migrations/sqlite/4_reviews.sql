-- What analysts decide. Never changed: a later one of the same analyst supersedes.
CREATE TABLE review (
    id BLOB NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject BLOB NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('confirm', 'reject', 'cannot_tell', 'second_look', 'collect')),
    reason TEXT NOT NULL,
    supersedes BLOB UNIQUE REFERENCES review (id),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX review_subject ON review (subject_kind, subject, id);
-- Who looks at what, until when: of the moment, no record.
CREATE TABLE claim (
    subject_kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    held_by TEXT NOT NULL,
    until_us INTEGER NOT NULL,
    PRIMARY KEY (subject_kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER review_stays BEFORE UPDATE ON review BEGIN SELECT RAISE(ABORT, 'review is append-only'); END;
CREATE TRIGGER review_remains BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'review is append-only'); END;
