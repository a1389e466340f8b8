-- The sealed file that takes a release back goes out with the message that says so; older recalls have none.
ALTER TABLE recall ADD COLUMN dossier_sha256 TEXT REFERENCES blob (sha256);
