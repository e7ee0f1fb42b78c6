"""Server-sent events, after https://html.spec.whatwg.org/multipage/server-sent-events.html section 9.2.6.

Liberties that recordings need: a last event without its empty line counts, and data that is not JSON is kept. Servers
that end events with one newline make one of several, which are told apart where each line is JSON. A field that the
specification does not know is no comment: llama.cpp sends its error in one, others write a bare line of JSON.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.model import Event, Json
from inspector.model.expressions import expression
from inspector.model.jsonio import NotJson, dumps, loads, parse_or_none

_FIELD = expression(r"\s*(?:data|event|id|retry|error)?:")
_LINE_END = expression(r"\r\n|\r|\n")


def looks_like(text: str) -> bool:
    """Whether a text begins as an event stream does: with one of the four fields or a comment."""
    return _FIELD.match(text.removeprefix("\ufeff"), 0, 64) is not None


def events(text: str) -> Iterator[Event]:
    """The events that carry data; `[DONE]` and other words that are not JSON come as raw text."""
    for index, (name, data) in enumerate(_messages(text)):
        try:
            yield Event(index, _typed(loads(data), name), name)
        except NotJson:
            inner = parse_or_none(data[5:]) if data.startswith("data:") else None  # framed twice
            yield Event(index, None, name, data) if inner is None else Event(index, inner, name)


_TYPES = expression(
    r"(?:response|message|content_block|content|step|interaction|tool-call|citation|event)[._-]\w[\w.-]*"
)
"""Names of events that are the types of what they hold, of Anthropic, of OpenAI's Responses and of Cohere."""


def _typed(value: Json, name: str | None) -> Json:
    """What an event holds, with its type, which some servers and loggers leave to the name of the event."""
    if name is None or not isinstance(value, dict) or not _TYPE_KEYS.isdisjoint(value) or not _TYPES.fullmatch(name):
        return value
    return {"type": name, **value}


_TYPE_KEYS = frozenset({"type", "event_type", "object", "choices", "candidates"})


def _messages(text: str) -> Iterator[tuple[str | None, str]]:
    """Name and data of each event."""
    name: str | None = None
    data: list[str] = []
    earlier: list[str | None] = []
    others: list[str] = []
    text = text.removeprefix("\ufeff")
    for line in [*(_LINE_END.split(text) if "\r" in text else text.split("\n")), ""]:
        if line:
            field, _, value = line.partition(":")
            if field == "data":
                data.append(value.removeprefix(" "))
            elif field == "event":
                earlier += [name] * (len(data) - len(earlier))
                name = value.strip() or None
            elif field not in _SILENT:
                others.append(line)
            continue
        if len(data) == 1:
            yield name, data[0]
        elif data:
            yield from _of_lines([*earlier, *[name] * (len(data) - len(earlier))], data)
        if others:
            yield from _unknown(name, others)
        name, data, earlier, others = None, [], [], []


_SILENT = ("", "id", "retry")


def _of_lines(names: list[str | None], data: list[str]) -> Iterator[tuple[str | None, str]]:
    """The event of some lines of data, or one for each line, with the name that stood before it."""
    together = "\n".join(data)
    if _is_json(together) or not any(map(_is_object, data)):
        yield names[-1], together
    else:
        yield from zip(names, data, strict=True)


def _unknown(name: str | None, lines: list[str]) -> Iterator[tuple[str | None, str]]:
    """An error is an event of that name, whose data is an object with the error; what else there is is one text."""
    errors = [line.partition(":")[2].strip() for line in lines if line.startswith("error:")]
    yield from (("error", _error(value)) for value in errors)
    if rest := [line for line in lines if not line.startswith("error:")]:
        yield name, "\n".join(rest)


def _error(value: str) -> str:
    found = parse_or_none(value)
    inner = value if found is None else found
    return dumps(found if isinstance(found, dict) and "error" in found else {"error": inner})


def _is_object(line: str) -> bool:
    return line[:1] in ("{", "[") and _is_json(line)


def _is_json(text: str) -> bool:
    try:
        loads(text)
    except NotJson:
        return False
    return True
