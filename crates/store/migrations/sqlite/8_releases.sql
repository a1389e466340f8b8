-- Partner bodies. A later row of the same code takes the place of the one before; `secret` makes the names that it
-- knows things by, and never changes; of its link and its PIN only digests are here.
CREATE TABLE recipient (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    body TEXT NOT NULL,
    secret BLOB NOT NULL,
    link_sha256 BLOB NOT NULL,
    pin_hash TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    supersedes BLOB UNIQUE REFERENCES recipient (id),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX recipient_first ON recipient (code) WHERE supersedes IS NULL;
CREATE INDEX recipient_code ON recipient (code, id);
CREATE INDEX recipient_link ON recipient (link_sha256);
-- How closely a thing is held and who may have it, as somebody said. No row, or one that says nothing: it stays.
CREATE TABLE marking (
    id BLOB NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject BLOB NOT NULL,
    marking TEXT,
    overrides TEXT NOT NULL,
    why TEXT NOT NULL,
    supersedes BLOB UNIQUE REFERENCES marking (id),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX marking_first ON marking (subject_kind, subject) WHERE supersedes IS NULL;
CREATE INDEX marking_subject ON marking (subject_kind, subject, id);

-- What one recipient is to get of a thing. A later number of the same thing and recipient makes the earlier stale.
-- `detected_us`, `reviewed_us` and the names and numbers behind are what figures are made of.
CREATE TABLE release_draft (
    id BLOB NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject BLOB NOT NULL,
    recipient TEXT NOT NULL,
    number INTEGER NOT NULL,
    alias TEXT NOT NULL,
    answer_code TEXT NOT NULL UNIQUE,
    product_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    content_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    differences_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    residual_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    dossier_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    manifest_sha256 TEXT NOT NULL,
    rules TEXT NOT NULL,
    rules_sha256 TEXT NOT NULL,
    supersedes BLOB,
    detected_us INTEGER,
    reviewed_us INTEGER,
    priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 5),
    reason TEXT NOT NULL,
    gas TEXT,
    instrument TEXT,
    source TEXT,
    analyst_band TEXT,
    probability REAL,
    key BLOB UNIQUE,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (subject_kind, subject, recipient, number),
    UNIQUE (recipient, alias)
) STRICT, WITHOUT ROWID;
CREATE INDEX release_draft_recipient ON release_draft (recipient, id);
CREATE TABLE approval (
    draft BLOB NOT NULL REFERENCES release_draft (id),
    number INTEGER NOT NULL CHECK (number IN (1, 2)),
    manifest_sha256 TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (draft, number),
    UNIQUE (draft, created_by)
) STRICT, WITHOUT ROWID;
CREATE TABLE refusal (
    draft BLOB NOT NULL PRIMARY KEY REFERENCES release_draft (id),
    reason TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Drafts that wait for somebody: of the moment, and follows from the tables above.
CREATE TABLE waiting_draft (
    draft BLOB NOT NULL PRIMARY KEY REFERENCES release_draft (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE release (
    id BLOB NOT NULL PRIMARY KEY,
    draft BLOB NOT NULL UNIQUE REFERENCES release_draft (id),
    recipient TEXT NOT NULL,
    dossier_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    expires_us INTEGER NOT NULL,
    supersedes BLOB UNIQUE REFERENCES release (id),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX release_recipient ON release (recipient, id);
CREATE TABLE recall (
    release BLOB NOT NULL PRIMARY KEY REFERENCES release (id),
    reason TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- Releases that hold and had no outcome yet: of the moment, and follows from the record.
CREATE TABLE open_release (
    release BLOB NOT NULL PRIMARY KEY REFERENCES release (id)
) STRICT, WITHOUT ROWID;

-- What a recipient is told. `key` is made of what it tells of, so that nothing is told twice.
CREATE TABLE message (
    id BLOB NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    release BLOB REFERENCES release (id),
    kind TEXT NOT NULL CHECK (kind IN ('release', 'recall', 'supersede', 'reminder', 'escalation', 'reply', 'correction',
        'look_again', 'statistics')),
    body TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    needs_approval INTEGER NOT NULL CHECK (needs_approval IN (0, 1)),
    due_us INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_release ON message (release, id);
CREATE INDEX message_recipient ON message (recipient, id);
CREATE TABLE message_approval (
    message BLOB NOT NULL PRIMARY KEY REFERENCES message (id),
    body_sha256 TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- What is not to be told any more, and why.
CREATE TABLE message_dropped (
    message BLOB NOT NULL PRIMARY KEY REFERENCES message (id),
    reason TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE delivery (
    message BLOB NOT NULL REFERENCES message (id),
    attempt INTEGER NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('sent', 'failed')),
    why TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (message, attempt)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX delivery_once ON delivery (message) WHERE result = 'sent';
-- What is still to be told, who is at it and until when: of the moment, and follows from the tables above.
CREATE TABLE outbox (
    message BLOB NOT NULL PRIMARY KEY REFERENCES message (id),
    ready INTEGER NOT NULL CHECK (ready IN (0, 1)),
    available_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    owner TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_ready ON outbox (ready, available_us, message);

-- The first time that a recipient opened something of a release.
CREATE TABLE receipt (
    release BLOB NOT NULL REFERENCES release (id),
    opened TEXT NOT NULL CHECK (opened IN ('release', 'recall', 'reply')),
    via TEXT NOT NULL CHECK (via IN ('page', 'file', 'code')),
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (release, opened)
) STRICT, WITHOUT ROWID;
-- What a recipient says. `at_us` is when by its own account, never after it was received: of several the latest holds.
CREATE TABLE answer (
    id BLOB NOT NULL PRIMARY KEY,
    release BLOB NOT NULL REFERENCES release (id),
    number INTEGER NOT NULL,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('received', 'assigned', 'on_the_way', 'outcome', 'dispute')),
    outcome TEXT CHECK (outcome IN ('dismantled', 'seized', 'arrests', 'nothing_found', 'wrong_place', 'already_known',
        'cannot_act')),
    details TEXT NOT NULL,
    reason TEXT,
    note TEXT NOT NULL,
    via TEXT NOT NULL CHECK (via IN ('page', 'file', 'code')),
    at_us INTEGER NOT NULL,
    due_us INTEGER,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (release, number),
    CHECK ((state = 'outcome') = (outcome IS NOT NULL)),
    CHECK ((state = 'dispute') = (due_us IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_latest ON answer (release, at_us, number);
CREATE INDEX answer_dispute ON answer (due_us, id) WHERE due_us IS NOT NULL;
-- What we say to a dispute.
CREATE TABLE reply (
    answer BLOB NOT NULL PRIMARY KEY REFERENCES answer (id),
    text TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    created_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- How often somebody at a door could not prove who they are: of the moment, no record.
CREATE TABLE attempt (
    key TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    since_us INTEGER NOT NULL,
    locked_until_us INTEGER
) STRICT, WITHOUT ROWID;

CREATE TRIGGER recipient_stays BEFORE UPDATE ON recipient BEGIN SELECT RAISE(ABORT, 'recipient is append-only'); END;
CREATE TRIGGER recipient_remains BEFORE DELETE ON recipient BEGIN SELECT RAISE(ABORT, 'recipient is append-only'); END;
CREATE TRIGGER marking_stays BEFORE UPDATE ON marking BEGIN SELECT RAISE(ABORT, 'marking is append-only'); END;
CREATE TRIGGER marking_remains BEFORE DELETE ON marking BEGIN SELECT RAISE(ABORT, 'marking is append-only'); END;
CREATE TRIGGER release_draft_stays BEFORE UPDATE ON release_draft BEGIN SELECT RAISE(ABORT, 'release_draft is append-only'); END;
CREATE TRIGGER release_draft_remains BEFORE DELETE ON release_draft BEGIN SELECT RAISE(ABORT, 'release_draft is append-only'); END;
CREATE TRIGGER approval_stays BEFORE UPDATE ON approval BEGIN SELECT RAISE(ABORT, 'approval is append-only'); END;
CREATE TRIGGER approval_remains BEFORE DELETE ON approval BEGIN SELECT RAISE(ABORT, 'approval is append-only'); END;
CREATE TRIGGER refusal_stays BEFORE UPDATE ON refusal BEGIN SELECT RAISE(ABORT, 'refusal is append-only'); END;
CREATE TRIGGER refusal_remains BEFORE DELETE ON refusal BEGIN SELECT RAISE(ABORT, 'refusal is append-only'); END;
CREATE TRIGGER release_stays BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'release is append-only'); END;
CREATE TRIGGER release_remains BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'release is append-only'); END;
CREATE TRIGGER recall_stays BEFORE UPDATE ON recall BEGIN SELECT RAISE(ABORT, 'recall is append-only'); END;
CREATE TRIGGER recall_remains BEFORE DELETE ON recall BEGIN SELECT RAISE(ABORT, 'recall is append-only'); END;
CREATE TRIGGER message_stays BEFORE UPDATE ON message BEGIN SELECT RAISE(ABORT, 'message is append-only'); END;
CREATE TRIGGER message_remains BEFORE DELETE ON message BEGIN SELECT RAISE(ABORT, 'message is append-only'); END;
CREATE TRIGGER message_approval_stays BEFORE UPDATE ON message_approval BEGIN SELECT RAISE(ABORT, 'message_approval is append-only'); END;
CREATE TRIGGER message_approval_remains BEFORE DELETE ON message_approval BEGIN SELECT RAISE(ABORT, 'message_approval is append-only'); END;
CREATE TRIGGER message_dropped_stays BEFORE UPDATE ON message_dropped BEGIN SELECT RAISE(ABORT, 'message_dropped is append-only'); END;
CREATE TRIGGER message_dropped_remains BEFORE DELETE ON message_dropped BEGIN SELECT RAISE(ABORT, 'message_dropped is append-only'); END;
CREATE TRIGGER delivery_stays BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER delivery_remains BEFORE DELETE ON delivery BEGIN SELECT RAISE(ABORT, 'delivery is append-only'); END;
CREATE TRIGGER receipt_stays BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END;
CREATE TRIGGER receipt_remains BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt is append-only'); END;
CREATE TRIGGER answer_stays BEFORE UPDATE ON answer BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END;
CREATE TRIGGER answer_remains BEFORE DELETE ON answer BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END;
CREATE TRIGGER reply_stays BEFORE UPDATE ON reply BEGIN SELECT RAISE(ABORT, 'reply is append-only'); END;
CREATE TRIGGER reply_remains BEFORE DELETE ON reply BEGIN SELECT RAISE(ABORT, 'reply is append-only'); END;
