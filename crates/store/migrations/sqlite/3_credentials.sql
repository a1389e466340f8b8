-- What proves who somebody is besides a password: who an issuer says they are, or a passkey. `detail` is the public
-- half of a passkey, which counts its uses. What is taken back is gone from here; the audit log has that it was.
CREATE TABLE credential (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('identity', 'passkey')),
    subject TEXT NOT NULL,
    label TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    UNIQUE (kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX credential_account ON credential (account, id);
