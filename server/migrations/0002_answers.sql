-- What was answered under a key, compressed with zstd, where it cannot be read again from what is kept.
ALTER TABLE idempotency ADD COLUMN answer BYTEA;

-- Searches by day, and by who asked, need not read everything.
CREATE INDEX determinations_by_day ON determinations (kept_at);
