"""A log as the command `llm` keeps it: what an older version wrote in `responses`, and a newer one in `turns`.

``python -m tests.formats.llm.llm_database`` writes the sample anew.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.making import SAMPLES

SAMPLE = SAMPLES / "other" / "llm-logs" / "logs.db"

SCHEMA = """
PRAGMA page_size = 1024;
PRAGMA synchronous = OFF;
CREATE TABLE [conversations] ([id] TEXT PRIMARY KEY, [name] TEXT, [model] TEXT);
CREATE TABLE [responses] ([id] TEXT PRIMARY KEY, [model] TEXT, [prompt] TEXT, [system] TEXT, [prompt_json] TEXT,
  [options_json] TEXT, [response] TEXT, [response_json] TEXT, [conversation_id] TEXT, [duration_ms] INTEGER,
  [datetime_utc] TEXT, [input_tokens] INTEGER, [output_tokens] INTEGER, [token_details] TEXT, [schema_id] TEXT,
  [resolved_model] TEXT, [reasoning] TEXT);
CREATE TABLE [attachments] ([id] TEXT PRIMARY KEY, [type] TEXT, [path] TEXT, [url] TEXT, [content] BLOB);
CREATE TABLE [prompt_attachments] ([response_id] TEXT, [attachment_id] TEXT, [order] INTEGER);
CREATE TABLE [fragments] ([id] INTEGER PRIMARY KEY, [hash] TEXT, [content] TEXT, [datetime_utc] TEXT, [source] TEXT);
CREATE TABLE [prompt_fragments] ([response_id] TEXT, [fragment_id] INTEGER, [order] INTEGER);
CREATE TABLE [system_fragments] ([response_id] TEXT, [fragment_id] INTEGER, [order] INTEGER);
CREATE TABLE [schemas] ([id] TEXT PRIMARY KEY, [content] TEXT);
CREATE TABLE [tools] ([id] INTEGER PRIMARY KEY, [name] TEXT, [description] TEXT, [input_schema] TEXT);
CREATE TABLE [tool_responses] ([tool_id] INTEGER, [response_id] TEXT);
CREATE TABLE [tool_calls] ([id] INTEGER PRIMARY KEY, [response_id] TEXT, [tool_id] INTEGER, [name] TEXT,
  [arguments] TEXT, [tool_call_id] TEXT);
CREATE TABLE [tool_results] ([id] INTEGER PRIMARY KEY, [response_id] TEXT, [tool_id] INTEGER, [name] TEXT,
  [output] TEXT, [tool_call_id] TEXT, [exception] TEXT);
CREATE TABLE [messages] ([hash] TEXT PRIMARY KEY, [parent_hash] TEXT, [role] TEXT, [provider_metadata] TEXT);
CREATE TABLE [parts] ([id] INTEGER PRIMARY KEY, [message_hash] TEXT, [position] INTEGER, [type] TEXT,
  [tool_name] TEXT, [text] TEXT, [payload] TEXT);
CREATE TABLE [threads] ([id] TEXT PRIMARY KEY, [name] TEXT, [tip_message_hash] TEXT);
CREATE TABLE [turns] ([id] TEXT PRIMARY KEY, [thread_id] TEXT, [parent_message_hash] TEXT, [tip_message_hash] TEXT,
  [model] TEXT, [resolved_model] TEXT, [options_json] TEXT, [schema_id] TEXT, [input_tokens] INTEGER,
  [output_tokens] INTEGER, [token_details] TEXT, [duration_ms] INTEGER, [datetime_utc] TEXT, [response_json] TEXT);
CREATE TABLE [turn_tools] ([turn_id] TEXT, [tool_id] INTEGER);
"""

ROWS = """
INSERT INTO conversations VALUES ('c1', 'Is there fog?', 'lamp'), ('c2', 'What is this', 'lamp');
INSERT INTO responses VALUES ('r1', 'lamp', 'Is there fog?', 'You keep a lighthouse.', '{"messages": []}',
  '{"temperature": 0.5}', '', '{"finish_reason": "tool_calls", "id": "chatcmpl-1"}', 'c1', 812,
  '2026-03-01T21:14:07.250000+00:00', 31, 9, '{"prompt_tokens_details": {"cached_tokens": 12}}', NULL, 'lamp-2026',
  NULL);
INSERT INTO responses VALUES ('r2', 'lamp', '', NULL, NULL, '{}', 'Thick fog. Ring twice.', NULL, 'c1', 640,
  '2026-03-01T21:14:09+00:00', 44, 7, NULL, NULL, NULL, 'The sensor says thick.');
INSERT INTO responses VALUES ('r3', 'lamp', 'What is this?', NULL, NULL, NULL, '{"name": "bell"}', NULL, 'c2', 500,
  '2026-03-01T21:20:00', 9, 4, NULL, 's1', NULL, NULL);
INSERT INTO attachments VALUES ('a1', 'image/png', NULL, NULL, x'89504e470d0a1a0a00');
INSERT INTO attachments VALUES ('a2', 'image/jpeg', '/lamp/bell.jpg', NULL, NULL);
INSERT INTO prompt_attachments VALUES ('r3', 'a2', 1), ('r3', 'a1', 0);
INSERT INTO fragments VALUES (1, 'h1', 'Rules: ring the bell in fog.', '2026-03-01', 'rules.txt');
INSERT INTO prompt_fragments VALUES ('r3', 1, 0);
INSERT INTO system_fragments VALUES ('r1', 1, 0);
INSERT INTO schemas VALUES ('s1', '{"type": "object", "properties": {"name": {"type": "string"}}}');
INSERT INTO tools VALUES (1, 'visibility', 'How far one sees', '{"type": "object", "properties": {}}');
INSERT INTO tool_responses VALUES (1, 'r1'), (1, 'r2');
INSERT INTO tool_calls VALUES (1, 'r1', 1, 'visibility', '{"place": "rock"}', 'call_1');
INSERT INTO tool_results VALUES (1, 'r2', 1, 'visibility', '40 m', 'call_1', 'SensorWarning: damp');
INSERT INTO messages VALUES ('m1', NULL, 'system', NULL), ('m2', 'm1', 'user', NULL), ('m3', 'm2', 'assistant', NULL),
  ('m4', 'm3', 'tool', NULL), ('m5', 'm4', 'assistant', NULL);
INSERT INTO parts VALUES (1, 'm1', 0, 'text', NULL, 'You keep a lighthouse.', NULL);
INSERT INTO parts VALUES (2, 'm2', 0, 'text', NULL, NULL, '{"text_ref": [{"fragment": 1}, {"literal": " And now?"}]}');
INSERT INTO parts VALUES (3, 'm2', 1, 'attachment', NULL, NULL, '{"attachment": {"id": "a1"}}');
INSERT INTO parts VALUES (4, 'm3', 0, 'reasoning', NULL, 'I should look.', NULL);
INSERT INTO parts VALUES (5, 'm3', 1, 'tool_call', 'visibility', NULL,
  '{"name": "visibility", "arguments": {"place": "pier"}, "tool_call_id": "call_2"}');
INSERT INTO parts VALUES (6, 'm4', 0, 'tool_result', 'visibility', NULL,
  '{"name": "visibility", "output": "9 m", "tool_call_id": "call_2"}');
INSERT INTO parts VALUES (7, 'm5', 0, 'text', NULL, 'Nine metres: ring on.', NULL);
INSERT INTO threads VALUES ('t1', 'And now?', 'm5');
INSERT INTO turns VALUES ('u1', 't1', 'm2', 'm3', 'lamp', NULL, '{"temperature": 0.2}', NULL, 20, 8, NULL, 700,
  '2026-03-02T06:00:00+00:00', '{"finish_reason": "tool_calls"}');
INSERT INTO turns VALUES ('u2', 't1', 'm4', 'm5', 'lamp', NULL, NULL, NULL, 33, 6, NULL, 300,
  '2026-03-02T06:00:01+00:00', NULL);
INSERT INTO turn_tools VALUES ('u1', 1), ('u2', 1);
CREATE TABLE [_llm_migrations] ([name] TEXT PRIMARY KEY, [applied_at] TEXT);
"""


def write(file: Path, more: str = "") -> Path:
    """The log in a new file, and what `more` says in SQL."""
    connection = sqlite3.connect(file)
    with connection:
        connection.executescript(SCHEMA + ROWS + more)
    connection.close()
    return file


if __name__ == "__main__":
    SAMPLE.unlink(missing_ok=True)
    write(SAMPLE)
