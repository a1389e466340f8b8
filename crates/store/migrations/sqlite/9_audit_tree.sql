-- The tree over the audit log (RFC 6962). The head keeps the roots of the full trees that make it up, largest first;
-- of every 256 hashes of a level, from the leaves up, a tile keeps all and their root. Older logs get theirs when the
-- record is opened.
ALTER TABLE audit_head ADD COLUMN leaves INTEGER NOT NULL DEFAULT 0;
ALTER TABLE audit_head ADD COLUMN peaks BLOB NOT NULL DEFAULT x'';
DROP TRIGGER audit_head_grows;
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head
WHEN NEW.seq < OLD.seq OR NEW.leaves < OLD.leaves OR NEW.seq = OLD.seq AND NEW.leaves = OLD.leaves
BEGIN SELECT RAISE(ABORT, 'audit_head only grows'); END;

CREATE TABLE audit_tile (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    root BLOB NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, place)
) STRICT;
CREATE TRIGGER audit_tile_stays BEFORE UPDATE ON audit_tile BEGIN SELECT RAISE(ABORT, 'audit_tile is append-only'); END;
CREATE TRIGGER audit_tile_remains BEFORE DELETE ON audit_tile BEGIN SELECT RAISE(ABORT, 'audit_tile is append-only'); END;

-- What was said of the log at a moment, as it was written and signed.
CREATE TABLE checkpoint (
    entries INTEGER NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    signature TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT;
CREATE TRIGGER checkpoint_stays BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END;
CREATE TRIGGER checkpoint_remains BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END;
