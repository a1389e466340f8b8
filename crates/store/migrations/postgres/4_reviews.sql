-- What analysts decide. Never changed: a later one of the same analyst supersedes.
CREATE TABLE review (
    id UUID NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject UUID NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('confirm', 'reject', 'cannot_tell', 'second_look', 'collect')),
    reason TEXT NOT NULL,
    supersedes UUID UNIQUE REFERENCES review (id),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX review_subject ON review (subject_kind, subject, id);
-- Who looks at what, until when: of the moment, no record.
CREATE TABLE claim (
    subject_kind TEXT NOT NULL,
    subject UUID NOT NULL,
    held_by TEXT NOT NULL,
    until_us BIGINT NOT NULL,
    PRIMARY KEY (subject_kind, subject)
);

CREATE TRIGGER review_stays BEFORE UPDATE OR DELETE ON review FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER review_remains BEFORE TRUNCATE ON review FOR EACH STATEMENT EXECUTE FUNCTION append_only();
