-- The tree over the audit log (RFC 6962). The head keeps the roots of the full trees that make it up, largest first;
-- of every 256 hashes of a level, from the leaves up, a tile keeps all and their root. Older logs get theirs when the
-- record is opened.
ALTER TABLE audit_head ADD COLUMN leaves BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit_head ADD COLUMN peaks BYTEA NOT NULL DEFAULT '';
CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq < OLD.seq OR NEW.leaves < OLD.leaves OR NEW.seq = OLD.seq AND NEW.leaves = OLD.leaves THEN
        RAISE EXCEPTION 'audit_head only grows';
    END IF;
    RETURN NEW;
END $$;

CREATE TABLE audit_tile (
    level BIGINT NOT NULL,
    place BIGINT NOT NULL,
    root BYTEA NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, place)
);
CREATE TRIGGER audit_tile_stays BEFORE UPDATE OR DELETE ON audit_tile FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_tile_remains BEFORE TRUNCATE ON audit_tile FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What was said of the log at a moment, as it was written and signed.
CREATE TABLE checkpoint (
    entries BIGINT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    signature TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE TRIGGER checkpoint_stays BEFORE UPDATE OR DELETE ON checkpoint FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER checkpoint_remains BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION append_only();
