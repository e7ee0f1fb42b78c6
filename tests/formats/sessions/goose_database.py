"""The database of Goose's sessions: two of them, their messages one after the other.

``python -m tests.formats.sessions.goose_database`` writes the sample anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.making import SAMPLES

SAMPLE = SAMPLES / "other" / "goose-session" / "sessions.db"

SQL = """
PRAGMA page_size = 1024;
PRAGMA synchronous = OFF;
CREATE TABLE sessions (id TEXT PRIMARY KEY, name TEXT NOT NULL DEFAULT '', description TEXT NOT NULL DEFAULT '',
  working_dir TEXT NOT NULL, created_at TIMESTAMP, provider_name TEXT, model_config_json TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT, session_id TEXT NOT NULL,
  role TEXT NOT NULL, content_json TEXT NOT NULL, created_timestamp INTEGER NOT NULL, timestamp TIMESTAMP,
  tokens INTEGER, metadata_json TEXT);
INSERT INTO sessions VALUES ('20260302_1', 'Fog signals', '', '/home/keeper/skerry', '2026-03-02 06:00:00',
  'anthropic', '{"model_name": "claude-sonnet-4-5"}'), ('20260302_2', 'Log book', '', '/home/keeper', NULL, NULL, NULL);
INSERT INTO messages (message_id, session_id, role, content_json, created_timestamp, metadata_json) VALUES
  ('a1', '20260302_1', 'user', '[{"type": "text", "text": "Ring the bell in fog."}]', 1772431200,
   '{"userVisible": true, "agentVisible": true}'),
  ('b1', '20260302_2', 'user', '[{"type": "text", "text": "Write the log book."},
    {"type": "image", "data": "iVBORw0KGgo=", "mimeType": "image/png"}]', 1772431201, NULL),
  ('a2', '20260302_1', 'assistant', '[{"type": "text", "text": "I ring it."}]', 1772431203, NULL),
  ('a3', '20260302_1', 'assistant', '[{"type": "toolRequest", "id": "toolu_01_ring_the_bell",
    "toolCall": {"status": "success", "value": {"name": "bell", "arguments": {"times": 2}}}}]', 1772431204,
   '{"inference": {"resolvedModel": "claude-sonnet-4-5-20250929"},
     "usage": {"inputTokens": 102, "outputTokens": 8, "cacheReadTokens": 90}}'),
  ('a4', '20260302_1', 'user', '[{"type": "toolResponse", "id": "toolu_01_ring_the_bell", "toolResult":
    {"status": "success", "value": {"content": [{"type": "text", "text": "It rang twice."}], "isError": false}}}]',
   1772431205, NULL),
  ('a5', '20260302_1', 'assistant', '[{"type": "text", "text": "The bell rings."}]', 1772431207, NULL),
  ('b2', '20260302_2', 'assistant', '[{"type": "text", "text": "Written."}]', 1772431209, NULL),
  ('b3', '20260302_2', 'user', '[{"type": "toolResponse", "id": "t", "toolResult": {"status": "error",
    "error": "the pen is dry"}}]', 1772431210, NULL);
CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP);
"""


def write(file: Path, more: str = "") -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"{SQL}{more}")
    return file


if __name__ == "__main__":
    SAMPLE.unlink(missing_ok=True)
    write(SAMPLE)
