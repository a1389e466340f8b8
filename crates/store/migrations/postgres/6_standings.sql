-- Where everything stands in its review: of the moment, changed as reviews are made, and in a backup because what
-- was decided under which rule follows from nothing else. `rank` puts them in the order of what a look is worth,
-- which never changes: see core::look. `decided_…` is what a site was when it was last decided on.
CREATE TABLE standing (
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject UUID NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('plume', 'source', 'site')),
    gas TEXT,
    latitude_deg DOUBLE PRECISION,
    longitude_deg DOUBLE PRECISION,
    stage TEXT NOT NULL CHECK (stage IN ('first', 'second', 'senior', 'collecting', 'decided', 'corrected')),
    round BIGINT NOT NULL,
    round_us BIGINT NOT NULL,
    since_us BIGINT NOT NULL,
    verdict TEXT,
    rank DOUBLE PRECISION NOT NULL,
    uncertainty DOUBLE PRECISION NOT NULL,
    consequence DOUBLE PRECISION NOT NULL,
    seen_us BIGINT NOT NULL,
    rate_kg_per_h DOUBLE PRECISION,
    ln_odds DOUBLE PRECISION,
    observations BIGINT,
    decided_ln_odds DOUBLE PRECISION,
    decided_observations BIGINT,
    PRIMARY KEY (subject_kind, subject)
);
-- The most useful of a stage, in order; what is asked for besides stands in it, so that others are passed over
-- without being read.
CREATE INDEX standing_rank ON standing (stage, what, rank, gas, latitude_deg, longitude_deg);
-- How many of each, since when, and what was decided lately.
CREATE INDEX standing_since ON standing (stage, what, since_us);

-- A client that lost the answer asks again with the same key. The round is that of the subject, the stage the one
-- that it was at; `settles` says that it ended the round whatever others had said.
ALTER TABLE review ADD COLUMN key UUID;
ALTER TABLE review ADD COLUMN round BIGINT NOT NULL DEFAULT 1;
ALTER TABLE review ADD COLUMN stage TEXT NOT NULL DEFAULT 'first';
ALTER TABLE review ADD COLUMN settles BIGINT NOT NULL DEFAULT 0 CHECK (settles IN (0, 1));
CREATE UNIQUE INDEX review_key ON review (key) WHERE key IS NOT NULL;
CREATE INDEX audit_subject ON audit (subject, seq);

-- What follows from what was observed, in words, and from what it was drawn.
CREATE TABLE assessment (
    id UUID NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject UUID NOT NULL,
    text TEXT NOT NULL,
    likelihood TEXT NOT NULL,
    confidence TEXT NOT NULL CHECK (confidence IN ('low', 'moderate', 'high')),
    sources TEXT NOT NULL,
    supersedes UUID UNIQUE REFERENCES assessment (id),
    key UUID,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX assessment_subject ON assessment (subject_kind, subject, id);
CREATE UNIQUE INDEX assessment_key ON assessment (key) WHERE key IS NOT NULL;
-- What a shift leaves to the next.
CREATE TABLE handover (
    id UUID NOT NULL PRIMARY KEY,
    recipient TEXT,
    text TEXT NOT NULL,
    items TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE TABLE handover_taken (
    handover UUID NOT NULL PRIMARY KEY REFERENCES handover (id),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);

CREATE TRIGGER assessment_stays BEFORE UPDATE OR DELETE ON assessment FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER assessment_remains BEFORE TRUNCATE ON assessment FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER handover_stays BEFORE UPDATE OR DELETE ON handover FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER handover_remains BEFORE TRUNCATE ON handover FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER handover_taken_stays BEFORE UPDATE OR DELETE ON handover_taken FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER handover_taken_remains BEFORE TRUNCATE ON handover_taken FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What is here already: nothing but its age is known to SQL. The last verdict that stands is the decision.
INSERT INTO standing (subject_kind, subject, what, gas, latitude_deg, longitude_deg, stage, round, round_us, since_us,
    rank, uncertainty, consequence, seen_us)
SELECT 'finding', f.id, f.kind, f.gas, f.latitude_deg, f.longitude_deg,
    CASE WHEN EXISTS (SELECT 1 FROM finding s WHERE s.supersedes = f.id) THEN 'corrected' ELSE 'first' END,
    1, f.created_us, f.created_us, LEAST(COALESCE(f.ends_us, f.created_us), f.created_us) / 1209600000000.0, 1, 1,
    LEAST(COALESCE(f.ends_us, f.created_us), f.created_us)
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
