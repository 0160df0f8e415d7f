-- The register. One text for SQLite and PostgreSQL: only TEXT, BIGINT and BYTEA.

-- Whatever determinations were made from, each document once, compressed with zstd.
CREATE TABLE documents (
    sha256 TEXT PRIMARY KEY,
    content BYTEA NOT NULL
);

-- States of law and data: a manifest names the documents that make one.
CREATE TABLE editions (
    sha256 TEXT PRIMARY KEY,
    manifest TEXT NOT NULL,
    kept_at TEXT NOT NULL
);

CREATE TABLE determinations (
    id TEXT PRIMARY KEY,
    kept_at TEXT NOT NULL,
    kept_by TEXT NOT NULL,
    application_id TEXT NOT NULL,
    destination TEXT NOT NULL,
    as_of TEXT NOT NULL,
    known_at TEXT NOT NULL,
    rulesets TEXT NOT NULL,
    edition TEXT NOT NULL REFERENCES editions (sha256),
    engine TEXT NOT NULL,
    input_sha256 TEXT NOT NULL,
    requirement_at_least TEXT NOT NULL,
    requirement_at_most TEXT NOT NULL,
    review_at_least TEXT NOT NULL,
    review_at_most TEXT NOT NULL,
    criteria TEXT NOT NULL,
    stands TEXT NOT NULL,
    status TEXT NOT NULL,
    application TEXT NOT NULL,
    determination_sha256 TEXT NOT NULL,
    determination BYTEA NOT NULL
);

CREATE INDEX determinations_by_status ON determinations (status, id);
CREATE INDEX determinations_by_application ON determinations (application_id, id);
CREATE INDEX determinations_by_destination ON determinations (destination, id);

-- What an authority decided. Rows are added, never changed.
CREATE TABLE decisions (
    determination TEXT NOT NULL REFERENCES determinations (id),
    sequence BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reasons TEXT NOT NULL,
    conditions TEXT NOT NULL,
    assessments TEXT NOT NULL,
    against BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    PRIMARY KEY (determination, sequence)
);

-- What was answered under an idempotency key of a caller.
CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    name TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    resource TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (caller, name)
);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL
);
