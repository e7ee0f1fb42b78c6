"""Sessions of Goose (https://github.com/block/goose, crates/goose/src/session): files of JSON lines of older versions,
the SQLite database of newer ones, and what ``goose session export`` prints.

A response is an exchange, and its request holds what is new since the response before. Times are in seconds, those of
the messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from inspector.formats.reading import bodies, times
from inspector.formats.reading.halves import parsed
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.sqlite_file import NoDatabase, Row
from inspector.formats.reading.unread import left_over, unread, unread_lines
from inspector.formats.sessions import goose_messages
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, Problem, Request, Response
from inspector.model.jsonio import NotJson, loads

NAME = "goose-session"
FILES = "sessions of Goose: `sessions/*.jsonl`, `sessions.db`, and what `goose session export` prints"

_MESSAGES = {"session_id", "role", "content_json", "created_timestamp"}
_ABOUT = frozenset({"working_dir", "description", "message_count", "accumulated_total_tokens", "conversation"})
_MESSAGE = frozenset({
    "", "id", "role", "created", "content", "metadata", "message_id", "session_id", "content_json", "timestamp",
    "created_timestamp", "metadata_json", "tokens",
})  # fmt: skip


class _Said(NamedTuple):
    """A message and its number in its file or table."""

    number: int
    value: dict[str, Any]


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] == b"{":
        return _is_text(source)
    if not source.sqlite.names(b"content_json", b"working_dir"):
        return False
    tables = source.sqlite.tables
    return _MESSAGES.issubset(tables.get("messages", ())) and "working_dir" in tables.get("sessions", ())


def _is_text(source: Source) -> bool:
    if b'"working_dir"' not in source.head or b'"content"' not in source.head:
        return False
    records = first_records(source)
    about = records[0] if records else {}
    if "working_dir" not in about:
        return False
    held = about.get("conversation")
    return any(map(_is_message, held[:5] if isinstance(held, list) else records[1:]))


def _is_message(value: Json) -> bool:
    raw = bodies.obj(value)
    return bodies.text(raw.get("role")).lower() in ("user", "assistant") and isinstance(raw.get("content"), list)


def read(source: Source) -> Iterator[Exchange]:
    if source.start_of_text[:1] == b"{":
        yield from _of_text(source)
        return
    only = source.lines.start.position if source.lines.is_one else None
    cuts: list[str] = []
    found = list(_of_tables(source, only, cuts))
    yield from sorted(found, key=lambda exchange: exchange.entry)
    if cuts:
        raise CutShort(cuts[0])


def _readable(rows: Iterator[Row], cuts: list[str]) -> Iterator[Row]:
    """The rows before the one that cannot be read; why not is added."""
    try:
        yield from rows
    except NoDatabase as error:
        cuts.append(str(error))


def _of_tables(source: Source, only: int | None, cuts: list[str]) -> Iterator[Exchange]:
    """The exchanges of all sessions, or the one that begins with a row."""
    tables = source.sqlite
    rows = tables.rows("messages")
    if only is not None:
        first = next(_readable(tables.found("messages", "rowid", only), cuts), {})
        rows = tables.found("messages", "session_id", str(first.get("session_id")))
    abouts = {str(row.get("id")): row for row in _readable(tables.rows("sessions"), cuts)}
    talks: dict[str, list[_Said]] = {}
    for row in _readable(rows, cuts):
        value = {**row, "content": parsed(row.get("content_json")), "metadata": parsed(row.get("metadata_json"))}
        talks.setdefault(str(row.get("session_id")), []).append(_Said(row[""], value))
    for session, said in talks.items():
        about = abouts.get(session, {})
        for exchange, position in _exchanges({**about, "id": session}, said):
            if only is None or position == only:
                yield replace(exchange, position=position)


def _of_text(source: Source) -> Iterator[Exchange]:
    value = source.json.value
    problems: list[Problem] = [*source.json.problems]
    cut = None
    if isinstance(value, dict):
        about, items = value, value.get("conversation")
        said = [_Said(at, one) for at, one in enumerate(items if isinstance(items, list) else ())]
    else:
        values, cut, others = _lines(source.data)
        about, said = values[0].value if values else {}, values[1:]
        problems += left_over(others, "line", "file")
    name = source.name.rpartition("/")[2].rpartition(".")[0]
    problems += unread(about, _ABOUT, "session", is_answered=bool(said))
    for exchange, _ in _exchanges({"id": name, **about}, said):
        yield replace(exchange, problems=(*problems, *exchange.problems))
        problems = []
    if cut:
        raise CutShort(cut)


def _lines(data: bytes) -> tuple[list[_Said], str | None, int]:
    """The lines that are objects, whether the last one is half a line, and how many are none."""
    values: list[_Said] = []
    others = 0
    for number, line in enumerate(data.splitlines()):
        try:
            value = loads(line) if line.strip() else None
        except NotJson as error:
            if error.truncated and data.endswith(line):
                return values, f"line {number + 1} stops in the middle", others
            value = line
        if isinstance(value, dict):
            values.append(_Said(number, value))
        else:
            others += value is not None
    return values, None, others


def _exchanges(about: dict[str, Any], said: Iterable[_Said]) -> Iterator[tuple[Exchange, int]]:
    """The exchanges of a session, each with the number of the message that it begins with. Messages of the assistant
    that no other stands between are one response."""
    asked: list[_Said] = []
    answered: list[_Said] = []
    before = ""
    for message in said:
        is_answer = bodies.text(bodies.obj(message.value).get("role")).lower() == "assistant"
        if answered and not is_answer:
            yield _exchange(about, asked, answered, before)
            before, asked, answered = _known_as(about, answered), [], []
        (answered if is_answer else asked).append(message)
    if asked or answered:
        yield _exchange(about, asked, answered, before)


def _known_as(about: dict[str, Any], answered: list[_Said]) -> str:
    return link_name(NAME, str(about.get("id")), str(answered[-1].number))


def _exchange(about: dict[str, Any], asked: list[_Said], answered: list[_Said], before: str) -> tuple[Exchange, int]:
    values = [bodies.obj(one.value) for one in (*asked, *answered)]
    kinds: Counter[str] = Counter()
    messages = [made for one in asked for made in goose_messages.messages(bodies.obj(one.value), kinds)]
    model = goose_messages.model(about, values)
    answer = goose_messages.answer([bodies.obj(one.value) for one in answered], model, kinds)
    began, ended = _time(values[len(asked) - 1]) if asked else None, _time(values[-1])
    number = (asked or answered)[0].number
    problems = [one for value in values for one in unread(value, _MESSAGE, "message", is_answered=True)]
    body = Body("value", {**({"model": model} if model else {}), "messages": messages})
    made = Exchange(
        entry=number,
        request=Request("POST", "/v1/chat/completions", (), body),
        response=Response(body=Body("value", answer)) if answered else None,
        session=bodies.text(about.get("id")) or None,
        title=bodies.text(about.get("name")) or bodies.text(about.get("description")),
        started_at=times.moment(began if began is not None else ended),
        duration=times.between(began, ended) if began is not None and answered else None,
        provider=goose_messages.provider(about),
        hint=str(model or ""),
        sdk="goose",
        continues=before,
        known_as=(_known_as(about, answered),) if answered else (),
        problems=(*problems, *unread_lines(kinds)),
        raw=bodies.plain([{key: one for key, one in value.items() if key} for value in values]),
    )
    return made, number


def _time(value: dict[str, Any]) -> Json:
    told = value.get("created", value.get("created_timestamp"))
    return told if isinstance(told, (int, float)) else None
