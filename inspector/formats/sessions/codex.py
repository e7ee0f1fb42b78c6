"""Rollouts of Codex, as it keeps them below ``~/.codex/sessions``: a line of JSON for each item of its conversation,
and for each event of its screen (https://github.com/openai/codex, codex-rs/protocol).

A response of the model is an exchange, and its request holds what is new since the response before. Lines name no
response: one ends where its tokens are counted, or where something is sent to the model. Before September 2025 lines
were items alone, and before May 2025 a file was one JSON value of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from inspector.formats.reading import bodies
from inspector.formats.reading.lines import Line
from inspector.formats.reading.records import first_records
from inspector.formats.reading.source import CutShort, Source
from inspector.formats.reading.times import between
from inspector.formats.reading.unread import unread_lines
from inspector.formats.sessions.line_objects import as_object, line_objects, of_value
from inspector.formats.sessions.link_names import link_name
from inspector.model import Body, Exchange, Json, Request, Response
from inspector.model.jsonio import dumps, parse_or_none

NAME = "codex"
FILES = "rollouts of Codex: `~/.codex/sessions/**/rollout-*.jsonl`, `.json`"

_ECHOES = frozenset(
    {
        "agent_message", "agent_reasoning", "agent_reasoning_raw_content", "agent_reasoning_section_break",
        "background_event", "context_compacted", "entered_review_mode", "exec_command_begin", "exec_command_end",
        "exec_command_output_delta", "exited_review_mode", "item_completed", "item_started", "mcp_tool_call_begin",
        "mcp_tool_call_end", "patch_apply_begin", "patch_apply_end", "plan_update", "task_complete", "task_started",
        "thread_name_updated", "token_count", "turn_complete", "turn_diff", "turn_started", "user_message",
        "view_image_tool_call", "web_search_begin", "web_search_end",
    }
)  # fmt: skip
"""Events that show again what items say, or measure."""

_NOTES = frozenset({"error", "stream_error", "turn_aborted", "warning"})
"""Events that are said nowhere else."""

_HEAD = frozenset({"git", "id", "instructions", "timestamp"})
"""Keys of the first line of a file of items alone."""

_STATE = "record_type"
"""What lines of such files have that mark a place and say nothing."""

_FAR = 2_000
"""Lines before a place in which the model is looked for."""


def sniff(source: Source) -> bool:
    if source.start_of_text[:1] != b"{" or not any(
        key in source.head for key in (b'"session_meta"', b'"instructions"')
    ):
        return False
    return any(map(_is_first, first_records(source)[:1]))


def _is_first(record: dict[str, Any]) -> bool:
    if record.get("type") == "session_meta":
        return "payload" in record
    session = bodies.obj(record.get("session")) if "items" in record else record
    is_named = isinstance(session.get("id"), str) and {"timestamp", "instructions"} <= session.keys()
    return is_named and ("items" in record or record.keys() <= _HEAD)


def _in_envelope(value: dict[str, Any]) -> dict[str, Any]:
    """A line as newer versions write it."""
    if "payload" in value or _STATE in value:
        return value
    if "type" not in value and _is_first(value):
        return {"type": "session_meta", "timestamp": value.get("timestamp"), "payload": value}
    return {"type": "response_item", "payload": value} if _is_item(value) else value


def _is_item(value: dict[str, Any]) -> bool:
    kind = bodies.text(value.get("type"))
    return kind in ("message", "reasoning") or kind.endswith(("_call", "_call_output"))


class _Turn:
    """A response with what is new in its request."""

    def __init__(self, first: Line, model: str | None) -> None:
        self.first = Line(first.number, first.position)
        self.model = model
        self.instructions: Json = None
        self.asked: list[Json] = []
        self.answered: list[Json] = []
        self.counts: dict[str, Any] = {}
        self.raw: list[Json] = []
        self.began: Json = None
        self.ended: Json = None
        self.unknown: Counter[str] = Counter()
        self.title = ""

    def is_over(self, value: dict[str, Any]) -> bool:
        """Whether a line begins another."""
        return bool(self.answered) and (bool(self.counts) or not _is_answer(value)) and not _is_count(value)

    def add(self, value: dict[str, Any], as_written: Json) -> None:
        self.raw.append(as_written)
        kind, payload = value.get("type"), bodies.obj(value.get("payload"))
        if kind == "session_meta":
            told = payload.get("base_instructions")
            self.began = self.began or value.get("timestamp")
            self.instructions = payload.get("instructions") or (told.get("text") if isinstance(told, dict) else told)
        elif kind == "turn_context":
            self.model = bodies.text(payload.get("model")) or self.model
        elif _is_count(value):
            self.counts = bodies.obj(bodies.obj(payload.get("info")).get("last_token_usage")) or self.counts
        elif _is_answer(value):
            self.answered.append(payload)
            self.ended = value.get("timestamp")
        elif kind == "response_item":
            self.asked.append(payload)
            self.began = value.get("timestamp") or self.began
        elif kind == "compacted" or (kind == "event_msg" and payload.get("type") in _NOTES):
            self.asked.append(_note(payload.get("type") or kind, payload))
        else:
            self.unknown[f"{kind} {payload.get('type') or ''}".strip()[:80]] += 1


def _is_answer(value: dict[str, Any]) -> bool:
    payload = bodies.obj(value.get("payload"))
    kind = bodies.text(payload.get("type"))
    if value.get("type") != "response_item":
        return False
    if kind == "message" or not kind:
        return payload.get("role") == "assistant"
    return kind == "reasoning" or kind.endswith("_call")


def _is_count(value: dict[str, Any]) -> bool:
    return value.get("type") == "event_msg" and bodies.obj(value.get("payload")).get("type") == "token_count"


def _is_echo(value: dict[str, Any]) -> bool:
    kind = bodies.obj(value.get("payload")).get("type")
    if _STATE in value or kind == "ghost_snapshot":  # a commit that holds the files as they were
        return True
    return value.get("type") == "event_msg" and isinstance(kind, str) and kind in _ECHOES and kind != "token_count"


def _note(kind: Json, payload: dict[str, Any]) -> Json:
    said = payload.get("message")
    rest = {key: value for key, value in payload.items() if key not in ("type", "message")}
    texts = [f"{kind}:", said if isinstance(said, str) else "", dumps(rest) if rest else ""]
    return {"type": "message", "role": "system", "content": " ".join(filter(None, texts))}


# ---------------------------------------------------------------- the file


def read(source: Source) -> Iterator[Exchange]:
    whole = source.json.value
    if isinstance(whole, dict) and isinstance(whole.get("items"), list):
        yield from _of_value(source, whole)
    else:
        yield from _of_lines(source)


def _of_value(source: Source, whole: dict[str, Any]) -> Iterator[Exchange]:
    items = enumerate([whole.get("session"), *whole["items"]])
    values = ((Line(number, 0), as_object(item, number)) for number, item in items)
    exchanges = [_exchange(turn, _session(source), end) for turn, end in _turns(values, None)]
    yield from of_value(source, whole, ("session", "items"), exchanges)


def _of_lines(source: Source) -> Iterator[Exchange]:
    session, cuts = _session(source), list[CutShort]()
    turn = None
    for turn, end in _turns(line_objects(source, cuts), _model_before(source)):
        yield _exchange(turn, session, end)
        if source.lines.is_one:
            return
    if turn is not None:
        source.lines.resume = turn.first
    if cuts:
        raise cuts[0]


def _turns(values: Iterable[tuple[Line, dict[str, Any]]], model: str | None) -> Iterator[tuple[_Turn, int | None]]:
    """Each response, and the number of the line after it."""
    turn: _Turn | None = None
    for line, as_written in values:
        value = _in_envelope(as_written)
        if turn is not None and (title := bodies.text(bodies.obj(value.get("payload")).get("thread_name"))):
            turn.title = title
        if _is_echo(value) or (_is_count(value) and not (turn and turn.answered)):
            continue
        if turn is not None and turn.is_over(value):
            yield turn, line.number
            turn = _Turn(line, turn.model)
        turn = turn or _Turn(line, model)
        turn.add(value, as_written)
    if turn is not None:
        yield turn, None


class _Session(NamedTuple):
    id: str | None
    version: str


def _session(source: Source) -> _Session:
    """What the first line says of all of them."""
    first = next(iter(first_records(source)), {})
    told = bodies.obj(first.get("payload") or first.get("session") or first)
    version = bodies.text(told.get("cli_version"))
    return _Session(bodies.text(told.get("id")) or None, f"codex {version}" if version else "")


def _model_before(source: Source) -> str | None:
    """The model that was told last before the place where reading begins."""
    for data in islice(source.lines.before(), _FAR):
        line = bodies.obj(parse_or_none(data.decode("utf-8", "replace"))) if b'"turn_context"' in data else {}
        if line.get("type") == "turn_context":
            return bodies.text(bodies.obj(line.get("payload")).get("model")) or None
    return None


def _exchange(turn: _Turn, session: _Session, end: int | None) -> Exchange:
    asked = {"model": turn.model, "instructions": turn.instructions, "input": turn.asked}
    began = turn.began if bodies.text(turn.began) else None
    number = turn.first.number
    return Exchange(
        entry=number,
        request=Request("POST", "/v1/responses", (), Body("value", {key: one for key, one in asked.items() if one})),
        response=Response(body=Body("value", _response(turn))) if turn.answered else None,
        session=session.id,
        title=turn.title,
        started_at=bodies.moment(began or turn.ended),
        duration=between(began, turn.ended) if began else None,
        sent=bool(turn.asked or turn.answered),
        sdk=session.version,
        position=turn.first.position,
        continues=link_name(session.id, str(number)) if session.id and number else "",
        known_as=(link_name(session.id, str(end)),) if session.id and end is not None else (),
        problems=tuple(unread_lines(turn.unknown)),
        raw=turn.raw,
    )


def _response(turn: _Turn) -> Json:
    """The items of the response, with what was counted for it."""
    counts = turn.counts
    usage: dict[str, Json] = {
        **{key: counts[key] for key in ("input_tokens", "output_tokens", "total_tokens") if key in counts},
        "input_tokens_details": {"cached_tokens": counts.get("cached_input_tokens")},
        "output_tokens_details": {"reasoning_tokens": counts.get("reasoning_output_tokens")},
    }
    told = {"object": "response", "model": turn.model, "output": turn.answered}
    return {**told, "usage": usage} if counts else told
