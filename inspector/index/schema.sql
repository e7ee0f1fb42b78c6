-- The index of what is served. It is a cache: nothing in it cannot be read from the files again.
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
    resume   TEXT,                  -- where to read on when lines are added
    named    TEXT                   -- the files that it names as lying beside it, a line each
);
CREATE INDEX IF NOT EXISTS file_stem ON file (stem COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS file_state ON file (state) WHERE state <> 'read';
CREATE INDEX IF NOT EXISTS file_named ON file (path) WHERE named IS NOT NULL;

-- Names that many exchanges share, once: models, providers, tests, hosts.
CREATE TABLE IF NOT EXISTS name (
    id       INTEGER PRIMARY KEY,
    is_group INTEGER NOT NULL,      -- 1 for tests and sessions, which are as many as exchanges: who looks for a model need not go through them
    text     TEXT NOT NULL,
    UNIQUE (is_group, text)
);

-- What lists gather exchanges under: their test, their session, their file, or the folder of files that hold one each.
CREATE TABLE IF NOT EXISTS list_group (
    id     INTEGER PRIMARY KEY,
    kind   TEXT NOT NULL,           -- test, session, file, folder
    name   TEXT NOT NULL,
    mtime  INTEGER NOT NULL DEFAULT 0,  -- of the exchange that changed last
    moment INTEGER NOT NULL DEFAULT 0,  -- the same in steps of two seconds: what one checkout wrote stands by name
    total  INTEGER NOT NULL DEFAULT 0,
    odd    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (name, kind)
);
CREATE INDEX IF NOT EXISTS list_group_order ON list_group (moment DESC, name, kind, total, odd);
CREATE INDEX IF NOT EXISTS list_group_empty ON list_group (id) WHERE total = 0;

-- `exchange`, one narrow row an exchange, and `list_row`, what a list shows of it, are made from the columns of inspector/index/rows.py.
CREATE INDEX IF NOT EXISTS exchange_file ON exchange (file, entry);
CREATE INDEX IF NOT EXISTS exchange_list_group ON exchange (list_group, collapsed_under, id);
CREATE INDEX IF NOT EXISTS exchange_newest ON exchange (list_group, mtime);
CREATE INDEX IF NOT EXISTS list_row_findings ON list_row (id) WHERE findings <> '';
CREATE INDEX IF NOT EXISTS exchange_chain ON exchange (chain, list_group, request);

CREATE TRIGGER IF NOT EXISTS exchange_comes AFTER INSERT ON exchange BEGIN
    UPDATE list_group SET
        total = total + 1,
        odd = odd + (new.odd <> ''),
        moment = max(mtime, new.mtime) / 2000000000,
        mtime = max(mtime, new.mtime)
    WHERE id = new.list_group;
END;
CREATE TRIGGER IF NOT EXISTS exchange_goes AFTER DELETE ON exchange BEGIN
    UPDATE list_group SET
        total = total - 1,
        odd = odd - (old.odd <> ''),
        moment = coalesce((SELECT max(mtime) FROM exchange WHERE list_group = old.list_group), 0) / 2000000000,
        mtime = coalesce((SELECT max(mtime) FROM exchange WHERE list_group = old.list_group), 0)
    WHERE id = old.list_group;
END;

-- Each distinct message once, however many requests repeat it.
CREATE TABLE IF NOT EXISTS message (
    id      INTEGER PRIMARY KEY,
    key     INTEGER NOT NULL,             -- its hash; reasoning has one of its own
    variant INTEGER NOT NULL,             -- tells apart messages of one key: what they say differs in ids and scores alone
    UNIQUE (key, variant)
);

-- Its texts, by the place where they stand.
CREATE TABLE IF NOT EXISTS message_text (
    id      INTEGER PRIMARY KEY,
    message INTEGER NOT NULL,
    place   TEXT NOT NULL,                -- system, user, reply, reasoning, call, result, name
    text    TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS message_text_message ON message_text (message);

-- The rowid is the message's id. The second half of the columns has the words within words: of camelCase, and of scripts without spaces.
CREATE VIRTUAL TABLE IF NOT EXISTS full_text USING fts5 (
    system, user, reply, reasoning, call, result, name,
    system_inner, user_inner, reply_inner, reasoning_inner, call_inner, result_inner, name_inner,
    content = '', tokenize = "unicode61 remove_diacritics 2"
);

-- Which tools a message calls.
CREATE TABLE IF NOT EXISTS called (
    message INTEGER NOT NULL,
    tool    INTEGER NOT NULL,             -- name
    PRIMARY KEY (message, tool)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS called_tool ON called (tool);

-- Which exchange says which message.
CREATE TABLE IF NOT EXISTS mention (
    exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,            -- in the prompt; a reply's from a million on; that of a message's reasoning is the negative of its own, less one; that of names far below
    message  INTEGER NOT NULL,
    PRIMARY KEY (exchange, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mention_message ON mention (message, position);

-- What exchanges are known as to those that go on from them without repeating what was said: ids of responses and of lines, as hashes.
CREATE TABLE IF NOT EXISTS known_as (
    exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    name     INTEGER NOT NULL,
    PRIMARY KEY (exchange, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS known_as_name ON known_as (name);
CREATE INDEX IF NOT EXISTS exchange_continues ON exchange (continues) WHERE continues IS NOT NULL;
CREATE INDEX IF NOT EXISTS exchange_called_from ON exchange (called_from) WHERE called_from IS NOT NULL;

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
