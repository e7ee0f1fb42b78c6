-- The index of one served directory. It is a cache: nothing in it cannot be read from the files again.
-- Two processes may create it at once, hence IF NOT EXISTS. The schema's version is in the file's name; another version is another file, and nothing is ever migrated.

-- Every file that was looked at, also those that hold no recording, so that an unchanged one is never opened twice.
CREATE TABLE IF NOT EXISTS file (
    id       INTEGER PRIMARY KEY,
    path     TEXT NOT NULL UNIQUE,  -- relative to the served directory, with /
    stem     TEXT NOT NULL,         -- the name without its ending: the recorder's hash, for /h/
    size     INTEGER NOT NULL,
    mtime    INTEGER NOT NULL,      -- nanoseconds
    inode    INTEGER NOT NULL,
    changed  INTEGER NOT NULL,      -- nanoseconds: the inode's own change
    format   TEXT,                  -- NULL where no format claims the file
    state    TEXT NOT NULL,         -- read, broken, writing, stranger
    why      TEXT,                  -- why it is broken, or passed over
    inside   TEXT,                  -- the archive that it lies in
    resume   TEXT                   -- where to read on when lines are added
);
CREATE INDEX IF NOT EXISTS file_stem ON file (stem);
CREATE INDEX IF NOT EXISTS file_state ON file (state) WHERE state <> 'read';

-- One row an exchange: what a list shows.
CREATE TABLE IF NOT EXISTS exchange (
    id             INTEGER PRIMARY KEY,
    uid            TEXT NOT NULL UNIQUE,  -- the 16 hex digits of its address
    file           INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,
    entry          INTEGER NOT NULL,
    position       INTEGER,               -- where it begins in its file, in bytes, if entries are lines
    group_kind     TEXT NOT NULL,         -- test, session, file
    group_id       TEXT NOT NULL,
    shelf          TEXT NOT NULL,         -- what lists gather it under: its group, or the folder of a lone file
    mtime          INTEGER NOT NULL,      -- of its file
    test_id        TEXT,
    protocol       TEXT,
    provider       TEXT,
    operation      TEXT NOT NULL,
    host           TEXT NOT NULL,
    model          TEXT,
    response_model TEXT,
    sent           INTEGER NOT NULL,
    streamed       INTEGER NOT NULL,
    events         INTEGER NOT NULL,
    status         INTEGER,
    finish         TEXT,
    input_tokens   INTEGER,
    output_tokens  INTEGER,
    total_tokens   INTEGER,
    asked          TEXT NOT NULL,
    replied        TEXT NOT NULL,
    odd            TEXT NOT NULL,         -- kinds of marks, joined with commas
    fold           TEXT,                  -- what it is folded under in a list
    prompt         BLOB NOT NULL,         -- keys of the prompt's messages, 8 bytes each: a chain is a common prefix
    replies        BLOB NOT NULL          -- keys of the replies
);
CREATE INDEX IF NOT EXISTS exchange_file ON exchange (file);
CREATE INDEX IF NOT EXISTS exchange_group ON exchange (group_id, mtime);
CREATE INDEX IF NOT EXISTS exchange_shelf ON exchange (shelf, mtime);

-- Each distinct message once, however many requests repeat it. The rowid is the message's hash.
CREATE VIRTUAL TABLE IF NOT EXISTS message USING fts5 (text, role UNINDEXED, tokenize = "unicode61 remove_diacritics 2");

-- Which exchange carries which message.
CREATE TABLE IF NOT EXISTS said (
    exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,            -- replies go on counting after the prompt
    message  INTEGER NOT NULL,
    PRIMARY KEY (exchange, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS said_message ON said (message);

-- Exchanges that were here once, so that an old link can say what became of it.
CREATE TABLE IF NOT EXISTS gone (
    uid      TEXT PRIMARY KEY,
    path     TEXT NOT NULL,
    stem     TEXT NOT NULL,
    group_id TEXT NOT NULL
);

-- What changed, for the open pages: each remembers the last number that it saw.
CREATE TABLE IF NOT EXISTS change (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    uid      TEXT NOT NULL,               -- empty where only a file's state changed
    group_id TEXT NOT NULL,
    new      INTEGER NOT NULL             -- 1 for an exchange that was not here before
);

CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
