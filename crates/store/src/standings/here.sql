-- What is here already: nothing but its age is known to SQL. The last verdict that stands is the decision.
INSERT INTO standing (subject_kind, subject, what, gas, latitude_deg, longitude_deg, stage, round, round_us, since_us,
    rank, uncertainty, consequence, seen_us)
SELECT 'finding', f.id, f.kind, f.gas, f.latitude_deg, f.longitude_deg,
    CASE WHEN EXISTS (SELECT 1 FROM finding s WHERE s.supersedes = f.id) THEN 'corrected' ELSE 'first' END,
    1, f.created_us, f.created_us, LEAST(COALESCE(f.ends_us, f.created_us), f.created_us) / 1209600000000.0, 1, 1,
    LEAST(COALESCE(f.ends_us, f.created_us), f.created_us)
FROM finding f;
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
