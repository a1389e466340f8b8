-- Where everything stands in its review: of the moment, changed as reviews are made, and in a backup because what
-- was decided under which rule follows from nothing else. `rank` puts them in the order of what a look is worth,
-- which never changes: see core::look. `decided_…` is what a site was when it was last decided on.
CREATE TABLE standing (
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject BLOB NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('plume', 'source', 'site')),
    gas TEXT,
    latitude_deg REAL,
    longitude_deg REAL,
    stage TEXT NOT NULL CHECK (stage IN ('first', 'second', 'senior', 'collecting', 'decided', 'corrected')),
    round INTEGER NOT NULL,
    round_us INTEGER NOT NULL,
    since_us INTEGER NOT NULL,
    verdict TEXT,
    rank REAL NOT NULL,
    uncertainty REAL NOT NULL,
    consequence REAL NOT NULL,
    seen_us INTEGER NOT NULL,
    rate_kg_per_h REAL,
    ln_odds REAL,
    observations INTEGER,
    decided_ln_odds REAL,
    decided_observations INTEGER,
    PRIMARY KEY (subject_kind, subject)
) STRICT;
-- The most useful of a stage, in order; what is asked for besides stands in it, so that others are passed over
-- without being read.
CREATE INDEX standing_rank ON standing (stage, what, rank, gas, latitude_deg, longitude_deg);
-- How many of each, since when, and what was decided lately.
CREATE INDEX standing_since ON standing (stage, what, since_us);

-- A client that lost the answer asks again with the same key. The round is that of the subject, the stage the one
-- that it was at; `settles` says that it ended the round whatever others had said.
ALTER TABLE review ADD COLUMN key BLOB;
ALTER TABLE review ADD COLUMN round INTEGER NOT NULL DEFAULT 1;
ALTER TABLE review ADD COLUMN stage TEXT NOT NULL DEFAULT 'first';
ALTER TABLE review ADD COLUMN settles INTEGER NOT NULL DEFAULT 0 CHECK (settles IN (0, 1));
CREATE UNIQUE INDEX review_key ON review (key) WHERE key IS NOT NULL;
CREATE INDEX audit_subject ON audit (subject, seq);

-- What follows from what was observed, in words, and from what it was drawn.
CREATE TABLE assessment (
    id BLOB NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject BLOB NOT NULL,
    text TEXT NOT NULL,
    likelihood TEXT NOT NULL,
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'moderate', 'high')),
    sources TEXT NOT NULL,
    supersedes BLOB UNIQUE REFERENCES assessment (id),
    key BLOB,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX assessment_subject ON assessment (subject_kind, subject, id);
CREATE UNIQUE INDEX assessment_key ON assessment (key) WHERE key IS NOT NULL;
-- What a shift leaves to the next.
CREATE TABLE handover (
    id BLOB NOT NULL PRIMARY KEY,
    recipient TEXT,
    text TEXT NOT NULL,
    items TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE handover_taken (
    handover BLOB NOT NULL PRIMARY KEY REFERENCES handover (id),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER assessment_stays BEFORE UPDATE ON assessment BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END;
CREATE TRIGGER assessment_remains BEFORE DELETE ON assessment BEGIN SELECT RAISE(ABORT, 'assessment is append-only'); END;
CREATE TRIGGER handover_stays BEFORE UPDATE ON handover BEGIN SELECT RAISE(ABORT, 'handover is append-only'); END;
CREATE TRIGGER handover_remains BEFORE DELETE ON handover BEGIN SELECT RAISE(ABORT, 'handover is append-only'); END;
CREATE TRIGGER handover_taken_stays BEFORE UPDATE ON handover_taken BEGIN SELECT RAISE(ABORT, 'handover_taken is append-only'); END;
CREATE TRIGGER handover_taken_remains BEFORE DELETE ON handover_taken BEGIN SELECT RAISE(ABORT, 'handover_taken is append-only'); END;

-- What is here already: nothing but its age is known to SQL. The last verdict that stands is the decision.
INSERT INTO standing (subject_kind, subject, what, gas, latitude_deg, longitude_deg, stage, round, round_us, since_us,
    rank, uncertainty, consequence, seen_us)
SELECT 'finding', f.id, f.kind, f.gas, f.latitude_deg, f.longitude_deg,
    CASE WHEN EXISTS (SELECT 1 FROM finding s WHERE s.supersedes = f.id) THEN 'corrected' ELSE 'first' END,
    1, f.created_us, f.created_us, MIN(COALESCE(f.ends_us, f.created_us), f.created_us) / 1209600000000.0, 1, 1,
    MIN(COALESCE(f.ends_us, f.created_us), f.created_us)
FROM finding f;
INSERT INTO standing (subject_kind, subject, what, gas, latitude_deg, longitude_deg, stage, round, round_us, since_us,
    rank, uncertainty, consequence, seen_us, ln_odds, observations)
SELECT 'site', o.id, 'site', o.gas, o.latitude_deg, o.longitude_deg, 'first', 1, o.ends_us, o.ends_us,
    o.ends_us / 1209600000000.0, 1, 1, o.ends_us, o.ln_odds, o.observations
FROM site o;
UPDATE standing SET verdict = (SELECT r.verdict FROM review r
    WHERE r.subject_kind = standing.subject_kind AND r.subject = standing.subject
    AND NOT EXISTS (SELECT 1 FROM review s WHERE s.supersedes = r.id) ORDER BY r.id DESC LIMIT 1)
WHERE stage = 'first' AND EXISTS (SELECT 1 FROM review r
    WHERE r.subject_kind = standing.subject_kind AND r.subject = standing.subject);
UPDATE standing SET decided_ln_odds = ln_odds, decided_observations = observations,
    since_us = (SELECT MAX(r.created_us) FROM review r
        WHERE r.subject_kind = standing.subject_kind AND r.subject = standing.subject),
    stage = CASE verdict WHEN 'second_look' THEN 'second' WHEN 'collect' THEN 'collecting' ELSE 'decided' END,
    verdict = CASE WHEN verdict IN ('second_look', 'collect') THEN NULL ELSE verdict END
WHERE verdict IS NOT NULL;
