-- Partner bodies. A later row of the same code takes the place of the one before; `secret` makes the names that it
-- knows things by, and never changes; of its link and its PIN only digests are here.
CREATE TABLE recipient (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    body TEXT NOT NULL,
    secret BYTEA NOT NULL,
    link_sha256 BYTEA NOT NULL,
    pin_hash TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    supersedes UUID UNIQUE REFERENCES recipient (id),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE UNIQUE INDEX recipient_first ON recipient (code) WHERE supersedes IS NULL;
CREATE INDEX recipient_code ON recipient (code, id);
CREATE INDEX recipient_link ON recipient (link_sha256);
-- How closely a thing is held and who may have it, as somebody said. No row, or one that says nothing: it stays.
CREATE TABLE marking (
    id UUID NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject UUID NOT NULL,
    marking TEXT,
    overrides TEXT NOT NULL,
    why TEXT NOT NULL,
    supersedes UUID UNIQUE REFERENCES marking (id),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE UNIQUE INDEX marking_first ON marking (subject_kind, subject) WHERE supersedes IS NULL;
CREATE INDEX marking_subject ON marking (subject_kind, subject, id);

-- What one recipient is to get of a thing. A later number of the same thing and recipient makes the earlier stale.
-- `detected_us`, `reviewed_us` and the names and numbers behind are what figures are made of.
CREATE TABLE release_draft (
    id UUID NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('finding', 'site')),
    subject UUID NOT NULL,
    recipient TEXT NOT NULL,
    number BIGINT NOT NULL,
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
    supersedes UUID,
    detected_us BIGINT,
    reviewed_us BIGINT,
    priority BIGINT NOT NULL CHECK (priority BETWEEN 1 AND 5),
    reason TEXT NOT NULL,
    gas TEXT,
    instrument TEXT,
    source TEXT,
    analyst_band TEXT,
    probability DOUBLE PRECISION,
    key UUID UNIQUE,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (subject_kind, subject, recipient, number),
    UNIQUE (recipient, alias)
);
CREATE INDEX release_draft_recipient ON release_draft (recipient, id);
CREATE TABLE approval (
    draft UUID NOT NULL REFERENCES release_draft (id),
    number BIGINT NOT NULL CHECK (number IN (1, 2)),
    manifest_sha256 TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (draft, number),
    UNIQUE (draft, created_by)
);
CREATE TABLE refusal (
    draft UUID NOT NULL PRIMARY KEY REFERENCES release_draft (id),
    reason TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- Drafts that wait for somebody: of the moment, and follows from the tables above.
CREATE TABLE waiting_draft (
    draft UUID NOT NULL PRIMARY KEY REFERENCES release_draft (id)
);

CREATE TABLE release (
    id UUID NOT NULL PRIMARY KEY,
    draft UUID NOT NULL UNIQUE REFERENCES release_draft (id),
    recipient TEXT NOT NULL,
    dossier_sha256 TEXT NOT NULL REFERENCES blob (sha256),
    expires_us BIGINT NOT NULL,
    supersedes UUID UNIQUE REFERENCES release (id),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX release_recipient ON release (recipient, id);
CREATE TABLE recall (
    release UUID NOT NULL PRIMARY KEY REFERENCES release (id),
    reason TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- Releases that hold and had no outcome yet: of the moment, and follows from the record.
CREATE TABLE open_release (
    release UUID NOT NULL PRIMARY KEY REFERENCES release (id)
);

-- What a recipient is told. `key` is made of what it tells of, so that nothing is told twice.
CREATE TABLE message (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    recipient TEXT NOT NULL,
    release UUID REFERENCES release (id),
    kind TEXT NOT NULL CHECK (kind IN ('release', 'recall', 'supersede', 'reminder', 'escalation', 'reply', 'correction',
        'look_again', 'statistics')),
    body TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    needs_approval BIGINT NOT NULL CHECK (needs_approval IN (0, 1)),
    due_us BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE INDEX message_release ON message (release, id);
CREATE INDEX message_recipient ON message (recipient, id);
CREATE TABLE message_approval (
    message UUID NOT NULL PRIMARY KEY REFERENCES message (id),
    body_sha256 TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- What is not to be told any more, and why.
CREATE TABLE message_dropped (
    message UUID NOT NULL PRIMARY KEY REFERENCES message (id),
    reason TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE TABLE delivery (
    message UUID NOT NULL REFERENCES message (id),
    attempt BIGINT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('sent', 'failed')),
    why TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (message, attempt)
);
CREATE UNIQUE INDEX delivery_once ON delivery (message) WHERE result = 'sent';
-- What is still to be told, who is at it and until when: of the moment, and follows from the tables above.
CREATE TABLE outbox (
    message UUID NOT NULL PRIMARY KEY REFERENCES message (id),
    ready BIGINT NOT NULL CHECK (ready IN (0, 1)),
    available_us BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    owner TEXT
);
CREATE INDEX outbox_ready ON outbox (ready, available_us, message);

-- The first time that a recipient opened something of a release.
CREATE TABLE receipt (
    release UUID NOT NULL REFERENCES release (id),
    opened TEXT NOT NULL CHECK (opened IN ('release', 'recall', 'reply')),
    via TEXT NOT NULL CHECK (via IN ('page', 'file', 'code')),
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (release, opened)
);
-- What a recipient says. `at_us` is when by its own account, never after it was received: of several the latest holds.
CREATE TABLE answer (
    id UUID NOT NULL PRIMARY KEY,
    release UUID NOT NULL REFERENCES release (id),
    number BIGINT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('received', 'assigned', 'on_the_way', 'outcome', 'dispute')),
    outcome TEXT CHECK (outcome IN ('dismantled', 'seized', 'arrests', 'nothing_found', 'wrong_place', 'already_known',
        'cannot_act')),
    details TEXT NOT NULL,
    reason TEXT,
    note TEXT NOT NULL,
    via TEXT NOT NULL CHECK (via IN ('page', 'file', 'code')),
    at_us BIGINT NOT NULL,
    due_us BIGINT,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (release, number),
    CHECK ((state = 'outcome') = (outcome IS NOT NULL)),
    CHECK ((state = 'dispute') = (due_us IS NOT NULL))
);
CREATE INDEX answer_latest ON answer (release, at_us, number);
CREATE INDEX answer_dispute ON answer (due_us, id) WHERE due_us IS NOT NULL;
-- What we say to a dispute.
CREATE TABLE reply (
    answer UUID NOT NULL PRIMARY KEY REFERENCES answer (id),
    text TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- How often somebody at a door could not prove who they are: of the moment, no record.
CREATE TABLE attempt (
    key TEXT NOT NULL PRIMARY KEY,
    count BIGINT NOT NULL,
    since_us BIGINT NOT NULL,
    locked_until_us BIGINT
);

CREATE TRIGGER recipient_stays BEFORE UPDATE OR DELETE ON recipient FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER recipient_remains BEFORE TRUNCATE ON recipient FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER marking_stays BEFORE UPDATE OR DELETE ON marking FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER marking_remains BEFORE TRUNCATE ON marking FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER release_draft_stays BEFORE UPDATE OR DELETE ON release_draft FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER release_draft_remains BEFORE TRUNCATE ON release_draft FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER approval_stays BEFORE UPDATE OR DELETE ON approval FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER approval_remains BEFORE TRUNCATE ON approval FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER refusal_stays BEFORE UPDATE OR DELETE ON refusal FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER refusal_remains BEFORE TRUNCATE ON refusal FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER release_stays BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER release_remains BEFORE TRUNCATE ON release FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER recall_stays BEFORE UPDATE OR DELETE ON recall FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER recall_remains BEFORE TRUNCATE ON recall FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER message_stays BEFORE UPDATE OR DELETE ON message FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER message_remains BEFORE TRUNCATE ON message FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER message_approval_stays BEFORE UPDATE OR DELETE ON message_approval FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER message_approval_remains BEFORE TRUNCATE ON message_approval FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER message_dropped_stays BEFORE UPDATE OR DELETE ON message_dropped FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER message_dropped_remains BEFORE TRUNCATE ON message_dropped FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER delivery_stays BEFORE UPDATE OR DELETE ON delivery FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER delivery_remains BEFORE TRUNCATE ON delivery FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER receipt_stays BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER receipt_remains BEFORE TRUNCATE ON receipt FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER answer_stays BEFORE UPDATE OR DELETE ON answer FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER answer_remains BEFORE TRUNCATE ON answer FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER reply_stays BEFORE UPDATE OR DELETE ON reply FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER reply_remains BEFORE TRUNCATE ON reply FOR EACH STATEMENT EXECUTE FUNCTION append_only();
