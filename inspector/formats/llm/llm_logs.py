"""The log of the command `llm` (https://llm.datasette.io/en/stable/logging.html): its SQLite database, as versions from
0.13 on keep it. A row of `responses` is an exchange, whose request holds what is new in its conversation; since 0.32 a
row of `turns` is one, and its request the messages before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inspector.formats.llm import llm_messages
from inspector.formats.llm.llm_messages import Tables
from inspector.formats.reading import bodies, times
from inspector.formats.reading.entries import unreadable
from inspector.formats.reading.halves import parsed
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.sqlite_file import NoDatabase, Row
from inspector.formats.reading.unread import unread
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, Problem, Request, Response

NAME = "llm-logs"
FILES = "logs of the command `llm`: `logs.db`, SQLite"

_OF_RESPONSES = {"id", "model", "prompt", "response", "conversation_id"}
_OF_TURNS = {"id", "model", "thread_id", "parent_message_hash", "tip_message_hash"}
_KNOWN = frozenset({
    "", "id", "model", "prompt", "system", "prompt_json", "options_json", "response", "response_json",
    "conversation_id", "duration_ms", "datetime_utc", "input_tokens", "output_tokens", "token_details", "schema_id",
    "resolved_model", "reasoning", "thread_id", "parent_message_hash", "tip_message_hash",
})  # fmt: skip


def sniff(source: Source) -> bool:
    if not source.sqlite.names(b"conversation_id", b"response") and not source.sqlite.names(b"tip_message_hash"):
        return False
    tables = source.sqlite.tables
    return _OF_RESPONSES.issubset(tables.get("responses", ())) or _OF_TURNS.issubset(tables.get("turns", ()))


def read(source: Source) -> Iterator[Exchange]:
    """All exchanges, or the one that a position leads to."""
    tables = Tables(source.sqlite, source.lines.start.position if source.lines.is_one else None)
    number = source.lines.start.number
    try:
        before: dict[Json, str] = {}
        for row in tables.asked("responses", 0):
            if not tables.of("turns", "id", row.get("id")):
                yield _read(number, tables, row, before)
                number += 1
        for row in tables.asked("turns", 1):
            yield _read(number, tables, row, None)
            number += 1
    except NoDatabase as error:
        raise CutShort(str(error)) from None


def _read(number: int, tables: Tables, row: Row, before: dict[Json, str] | None) -> Exchange:
    try:
        return _exchange(number, tables, row, before)
    except NoDatabase:
        raise
    except Exception as error:  # what is wrong with one costs the others nothing
        return unreadable(number, error, bodies.plain(row))


def _exchange(number: int, tables: Tables, row: Row, before: dict[Json, str] | None) -> Exchange:
    """`before` has what the last response of each conversation is known as; None for turns, which repeat it."""
    is_turn = before is None
    group = row.get("thread_id" if is_turn else "conversation_id")
    talk = tables.first("threads" if is_turn else "conversations", "id", group)
    problems: list[Problem] = []
    asked, said = (llm_messages.of_turn if is_turn else llm_messages.of_response)(tables, row, problems)
    own = link_name(NAME, str(group), str(row.get("id")))
    continues = ""
    if before is not None:
        continues = before.get(group, "") or _last(tables, row, str(group))
        before[group] = own
    model = bodies.text(row.get("model"))
    return Exchange(
        entry=number,
        request=Request("POST", "/v1/chat/completions", (), Body("value", _request(tables, row, asked))),
        response=Response(body=Body("value", _answer(row, said))),
        session=bodies.text(group) or None,
        title=bodies.text(talk.get("name")),
        started_at=bodies.moment(row.get("datetime_utc")),
        duration=times.of_milliseconds(row.get("duration_ms")),
        hint=model,
        position=llm_messages.position(row, int(is_turn)),
        continues=continues,
        known_as=(own,),
        problems=(*problems, *unread(row, _KNOWN, "row", is_answered=bool(said.get("content")))),
        raw=bodies.plain(llm_messages.kept(row, asked, said)),
    )


def _last(tables: Tables, row: Row, group: str) -> str:
    """What the response before is known as, where only one is read."""
    if tables.only is None:
        return ""
    earlier = [one for one in tables.of("responses", "conversation_id", group) if one[""] < row[""]]
    return link_name(NAME, group, str(earlier[-1].get("id"))) if earlier else ""


def _request(tables: Tables, row: Row, messages: list[Json]) -> dict[str, Any]:
    schema = tables.first("schemas", "id", row.get("schema_id")).get("content")
    form = {"type": "json_schema", "json_schema": {"name": "schema", "schema": parsed(schema)}} if schema else None
    asked = {"model": row.get("model"), **bodies.obj(parsed(row.get("options_json"))), "messages": messages}
    tools = llm_messages.tools(tables, row)
    return {**asked, **({"tools": tools} if tools else {}), **({"response_format": form} if form else {})}


def _answer(row: Row, said: dict[str, Json]) -> Json:
    kept = bodies.obj(parsed(row.get("response_json")))
    choices = kept.get("choices")
    first = bodies.obj(choices[0]) if isinstance(choices, list) and choices else kept
    reason = first.get("finish_reason") or first.get("stop_reason")
    choice = {"index": 0, "message": {"role": "assistant", **said}, **({"finish_reason": reason} if reason else {})}
    model = row.get("resolved_model") or kept.get("model") or row.get("model")
    answer = {"object": "chat.completion", "id": kept.get("id"), "model": model, "choices": [choice]}
    counts = {"prompt_tokens": row.get("input_tokens"), "completion_tokens": row.get("output_tokens")}
    known = {key: count for key, count in counts.items() if count is not None}
    return {**answer, "usage": {**known, **bodies.obj(parsed(row.get("token_details")))}} if known else answer
