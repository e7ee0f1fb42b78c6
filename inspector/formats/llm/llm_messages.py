"""What rows of the log of `llm` said, as messages of Chat Completions: texts and the fragments in them, attachments,
calls of tools and their results."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from inspector.formats.reading import bodies, chat_messages
from inspector.formats.reading.halves import parsed
from inspector.formats.reading.sqlite_file import Row, SqliteFile
from inspector.model import Json, Problem
from inspector.model.jsonio import dumps

_LARGE = "attachments"
"""The table whose rows are looked up one by one."""
_LAST = 1 << 60
_ROW = 100
"""Bytes that a row takes beside its texts."""
MOST_REPEATED = 2 * 1024 * 1024 * 1024
"""Bytes of fragments and of earlier messages that all requests of a log may repeat."""
_KINDS = frozenset({"text", "reasoning", "tool_call", "tool_result", "attachment"})


class Tables:
    """The tables of a log. Those that all rows refer to are read once, unless `only` one row is asked for, by its
    position."""

    def __init__(self, file: SqliteFile, only: int | None) -> None:
        self._file = file
        self.only = only
        self._grouped: dict[tuple[str, str], dict[Json, list[Row]]] = {}
        self._repeated = 0

    def asked(self, table: str, kind: int) -> Iterator[Row]:
        """The rows of a table that are exchanges."""
        if self.only is None:
            yield from self._file.rows(table)
        elif self.only % 2 == kind:
            yield from self._file.found(table, "rowid", self.only // 2)

    def of(self, table: str, column: str, value: Json) -> list[Row]:
        """The rows of which a column has a value."""
        if value is None or column not in self._file.tables.get(table, ()):
            return []
        if not isinstance(value, (str, int)):
            return []
        if table == _LARGE:
            return [*self._file.rows(table, column, value)]
        if self.only is not None:
            return [*self._file.found(table, column, value)]
        key = (table, column)
        if key not in self._grouped:
            grouped: dict[Json, list[Row]] = defaultdict(list)
            for row in self._file.rows(table):
                grouped[row.get(column)].append(row)
            self._grouped[key] = grouped
        return self._counted(self._grouped[key].get(value, []))

    def _counted(self, rows: list[Row]) -> list[Row]:
        """Rows that were read once and may be asked for by very many; raises `ValueError` where that is no log."""
        self._repeated += sum(_ROW + sum(len(one) for one in row.values() if isinstance(one, str)) for row in rows)
        if self._repeated > MOST_REPEATED:
            raise ValueError(f"the log repeats more than {MOST_REPEATED // 2**30} GB")
        return rows

    def first(self, table: str, column: str, value: Json) -> Row:
        """The first of them; an empty one where there is none."""
        return next(iter(self.of(table, column, value)), {})

    def through(self, links: str, row: Row, target: str, own: str = "response_id") -> list[Row]:
        """The rows that a table of links leads to, in their order there."""
        linked = self.of(links, own, row.get("id"))
        key = next((name for name in linked[0] if name.endswith("_id") and name != own), "") if linked else ""
        ordered = sorted(linked, key=lambda link: link.get("order") or 0)
        return [found for link in ordered for found in self.of(target, "id", link.get(key))]


def position(row: Row, kind: int) -> int | None:
    """What leads to a row: twice its number, and one more for one of the other kind."""
    number: int = row[""]
    return 2 * number + kind if 0 <= number < _LAST else None


def kept(row: Row, asked: list[Json], said: dict[str, Json]) -> Json:
    """The row as it stands, and what the rows that belong to it say."""
    return {**{key: value for key, value in row.items() if key and value is not None}, "asked": asked, "answered": said}


def tools(tables: Tables, row: Row) -> list[Json]:
    """The tools that a row could call."""
    found = tables.through("tool_responses", row, "tools") or tables.through("turn_tools", row, "tools", "turn_id")
    return [
        {
            "type": "function",
            "function": {
                "name": one.get("name"),
                "description": one.get("description"),
                "parameters": parsed(one.get("input_schema")),
            },
        }
        for one in found
    ]


# ---------------------------------------------------------------- a row of `responses`


def of_response(tables: Tables, row: Row, _: list[Problem]) -> tuple[list[Json], dict[str, Json]]:
    """What is new in a request, and the answer to it."""
    system = [*_fragments(tables, "system_fragments", row), bodies.text(row.get("system"))]
    prompt = [*_fragments(tables, "prompt_fragments", row), bodies.text(row.get("prompt"))]
    results = [_result(tables, one) for one in tables.of("tool_results", "response_id", row.get("id"))]
    attached = [_attachment(one) for one in tables.through("prompt_attachments", row, _LARGE)]
    said = "\n\n".join(filter(None, map(str.strip, system)))
    text = "\n".join(filter(None, prompt))
    asked: list[Json] = [{"role": "system", "content": said}] if said else []
    asked += results
    if attached:
        asked.append({"role": "user", "content": [*([{"type": "text", "text": text}] if text else []), *attached]})
    elif text or not results:
        asked.append({"role": "user", "content": text})
    calls = [_call(one) for one in tables.of("tool_calls", "response_id", row.get("id"))]
    return asked, chat_messages.answer(bodies.text(row.get("response")), bodies.text(row.get("reasoning")), calls)


def _fragments(tables: Tables, links: str, row: Row) -> list[str]:
    return [bodies.text(one.get("content")) for one in tables.through(links, row, "fragments")]


def _result(tables: Tables, row: Row) -> Json:
    attached = [_attachment(one) for one in tables.through("tool_results_attachments", row, _LARGE, "tool_result_id")]
    return _of_tool(row, attached)


def _of_tool(row: dict[str, Any], attached: list[Json]) -> Json:
    """The message of a result; why a tool failed stands below what it said, unless it says so itself."""
    said = row.get("output")
    output = said if isinstance(said, str) else dumps(said) if said is not None else ""
    failed = bodies.text(row.get("exception"))
    text = "\n".join(filter(None, (output, failed if failed not in output else "")))
    content: Json = [*([{"type": "text", "text": text}] if text else []), *attached] if attached else text
    return {"role": "tool", "tool_call_id": row.get("tool_call_id"), "name": row.get("name"), "content": content}


def _call(row: dict[str, Any]) -> Json:
    return chat_messages.call(row.get("tool_call_id"), row.get("name"), row.get("arguments"))


def _attachment(row: Row) -> Json:
    """A file that was sent: its bytes, its address, or only where it lay."""
    kind, content = bodies.text(row.get("type")) or "application/octet-stream", row.get("content")
    if not isinstance(content, bytes) and not row.get("url"):
        return {"type": "text", "text": f"attachment, not kept: {row.get('path') or row.get('id')}"}
    data = base64.b64encode(content).decode() if isinstance(content, bytes) else ""
    address = f"data:{kind};base64,{data}" if data else str(row.get("url"))
    if kind.startswith(("image/", "video/")) or not data:
        word = "video_url" if kind.startswith("video/") else "image_url" if kind.startswith("image/") else "file_url"
        return {"type": word, word: {"url": address}}
    if kind.startswith("audio/"):
        return {"type": "input_audio", "input_audio": {"data": data, "format": kind.removeprefix("audio/")}}
    return {"type": "file", "file": {"filename": row.get("path") or row.get("id"), "file_data": address}}


# ---------------------------------------------------------------- a row of `turns`


def of_turn(tables: Tables, row: Row, problems: list[Problem]) -> tuple[list[Json], dict[str, Json]]:
    """The messages before a turn, and those that it added as one answer."""
    before = _chain(tables, row.get("parent_message_hash"), None)
    added = _chain(tables, row.get("tip_message_hash"), row.get("parent_message_hash"))
    asked = [one for message in before for one in _message(tables, message, problems)]
    parts = [part for message in added for part in _parts(tables, message, problems)]
    text, thoughts = (
        "".join(bodies.text(part.get("text")) for part in parts if part["type"] == kind) for kind in _SPOKEN
    )
    calls = [_call(part) for part in parts if part["type"] == "tool_call"]
    others = [_content(tables, part) for part in parts if part["type"] not in (*_SPOKEN, "tool_call")]
    said = chat_messages.answer(text, thoughts, calls)
    return asked, {**said, "content": [{"type": "text", "text": text}, *others]} if others else said


_SPOKEN = ("text", "reasoning")


def _chain(tables: Tables, tip: Json, end: Json) -> list[Row]:
    """The messages from the first, or after one, up to another."""
    found: list[Row] = []
    known: set[Json] = set()
    while tip is not None and tip != end and tip not in known:
        known.add(tip)
        message = tables.first("messages", "hash", tip)
        found.append(message)
        tip = message.get("parent_hash")
    return [message for message in reversed(found) if message]


def _parts(tables: Tables, message: Row, problems: list[Problem]) -> list[dict[str, Any]]:
    rows = sorted(tables.of("parts", "message_hash", message.get("hash")), key=lambda one: one.get("position") or 0)
    parts = [_part(tables, row) for row in rows]
    unknown = sorted({str(part["type"])[:60] for part in parts} - _KINDS)
    if unknown:
        problems.append(Problem("messages", f"parts not understood: {', '.join(unknown)}"))
    return parts


def _part(tables: Tables, row: Row) -> dict[str, Any]:
    part = {**bodies.obj(parsed(row.get("payload"))), "type": row.get("type")}
    if row.get("text") is not None:
        part["text"] = row["text"]
    pieces = part.pop("text_ref", None)
    if isinstance(pieces, list):
        part["text"] = "".join(_piece(tables, bodies.obj(piece)) for piece in pieces)
    return part


def _piece(tables: Tables, piece: dict[str, Any]) -> str:
    if "literal" in piece:
        return bodies.text(piece["literal"])
    return bodies.text(tables.first("fragments", "id", piece.get("fragment")).get("content"))


def _message(tables: Tables, message: Row, problems: list[Problem]) -> Iterator[Json]:
    """A message; results of tools are messages of their own."""
    parts = _parts(tables, message, problems)
    yield from (_of_tool(part, _attached(tables, part)) for part in parts if part["type"] == "tool_result")
    others = [part for part in parts if part["type"] != "tool_result"]
    if not others and parts:
        return
    calls = [_call(part) for part in others if part["type"] == "tool_call"]
    content = [_content(tables, part) for part in others if part["type"] != "tool_call"]
    lone = content[0]["text"] if len(content) == 1 and content[0].get("type") == "text" else content
    yield {"role": message.get("role"), "content": lone, **({"tool_calls": calls} if calls else {})}


def _content(tables: Tables, part: dict[str, Any]) -> dict[str, Json]:
    if part["type"] == "text":
        return {"type": "text", "text": bodies.text(part.get("text"))}
    if part["type"] == "reasoning":
        return {"type": "reasoning", "reasoning": bodies.text(part.get("text"))}
    attached = _attached(tables, {"attachments": [part["attachment"]]}) if "attachment" in part else []
    return bodies.obj(attached[0]) if attached else part


def _attached(tables: Tables, part: dict[str, Any]) -> list[Json]:
    ids = part.get("attachments")
    wanted = [bodies.obj(one).get("id") for one in ids] if isinstance(ids, list) else []
    return [_attachment(tables.first(_LARGE, "id", one) or {"id": one}) for one in wanted]
