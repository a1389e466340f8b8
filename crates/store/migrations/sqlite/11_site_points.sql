-- The number of the fold that wrote a site last, so that a map asks only for what is new; what it draws of a site is in
-- the index, so that a hundred thousand are read without their bodies.
ALTER TABLE site ADD COLUMN fold INTEGER NOT NULL DEFAULT 0;
CREATE INDEX site_point ON site (fold, id, latitude_deg, longitude_deg, ln_odds, begins_us, ends_us);
-- Sites that are no more, with the fold that took them away.
CREATE TABLE gone_site (
    id BLOB NOT NULL PRIMARY KEY,
    fold INTEGER NOT NULL
) STRICT;
CREATE INDEX gone_site_fold ON gone_site (fold);
