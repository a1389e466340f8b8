-- Findings are asked for by kind: an index that begins with it holds none of another.
DROP INDEX finding_cell;
DROP INDEX finding_ends;
CREATE INDEX finding_cell ON finding (kind, cell, id);
CREATE INDEX finding_ends ON finding (kind, ends_us, id);

-- How many findings of a kind there are, and how far their shapes reach from their points. Of those that are here
-- already all that is known is that maps showed none that reached farther than this.
CREATE TABLE tally (
    kind TEXT NOT NULL PRIMARY KEY,
    findings BIGINT NOT NULL,
    reach_m DOUBLE PRECISION NOT NULL
);
INSERT INTO tally (kind, findings, reach_m) VALUES ('plume', 0, 0), ('source', 0, 0);
UPDATE tally SET
    findings = (SELECT COUNT(*) FROM finding WHERE finding.kind = tally.kind),
    reach_m = CASE WHEN EXISTS (SELECT 1 FROM finding WHERE finding.kind = tally.kind AND geometry IS NOT NULL)
        THEN 20000 ELSE 0 END;

-- Sites in a box: a band of latitudes, and longitudes without looking at a site.
CREATE INDEX site_place ON site (latitude_deg, longitude_deg, id);
