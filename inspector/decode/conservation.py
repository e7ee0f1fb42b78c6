"""The law of conservation: what a recording says is shown, or neutral by name, or said to be not understood.

A text of a request or of an event is *shown* if it stands in what was made of it: the prompt, the event's deltas, or
the whole reply. It is *neutral* if it stands under a key that says nothing to a reader: ids, times, padding.
`NEUTRAL` has the keys that mean this everywhere. A protocol may declare more:

``NEUTRAL``         keys, and places such as ``response.tools``, of texts that say nothing, or only repeat the request;
                    a place that begins with a dot stands at the top
``NEUTRAL_EVENTS``  types of events that add nothing: pings, and where something begins or ends
``NEUTRAL_COUNTS``  counts of a usage that have no column of their own

Everything else is a problem of the exchange, told once for each place with how many events have it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple

from inspector.decode.protocols.protocol import WireProtocol
from inspector.model import Event, Json, ModelCall, Problem, Prompt, jsonio
from inspector.model.delta import (
    CitationDelta,
    Delta,
    ItemDelta,
    ItemsDelta,
    PartDelta,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    TokensDelta,
    ToolCallDelta,
    UsageDelta,
)

NEUTRAL = frozenset(
    {
        "id", "object", "created", "created_at", "type", "role", "index", "status", "state", "model", "version",
        "system_fingerprint", "service_tier", "serviceTier", "obfuscation", "padding", "p", "x_groq", "jsonrpc", "etag",
        "signature", "thoughtSignature", "thought_signature", "encrypted_content", "encrypted_index", "cache_control",
        "content_filter_results", "prompt_filter_results", "content_filter_offsets", "media_type",
        "mime_type", "mimeType", "filename",
    }
)  # fmt: skip
"""Keys of texts, and of all that lies below them, that say nothing to a reader in any protocol."""

_NEUTRAL_ENDS = ("_id", "Id", "_ids", "_at", "Time", "_time")
"""How the names of ids and times end."""

NOT_UNDERSTOOD = "not understood: "
"""How the problems begin that say so."""

MOST = 8
"""Places that are told by name; more of them are counted."""

_LONGEST = 160
"""Characters of a place."""

_HOLDS_TEXT = frozenset({str, dict, list})
_END = "[DONE]"
_TAGS = re.compile(r"<[^<>]{1,80}>")

_Path = str
"""The keys that lead to a text, without the numbers of list items: ``choices[].delta.words``."""


class _Missed(NamedTuple):
    """A place that is not understood: the number of the first event that has it, and how many do."""

    first: int
    times: int = 0


def problems(protocol: WireProtocol, body: Mapping[str, Any], call: ModelCall) -> Iterator[Problem]:
    """What is not understood of an exchange: of the body of its request, and of the events and counts of its response.
    `call` is what became of it."""
    neutral = _neutral(protocol)
    unsaid = _unsaid(body, call.prompt, neutral)
    if unsaid:
        yield Problem("request body", f"{NOT_UNDERSTOOD}{_places(unsaid)}")
    by_event: dict[int, list[_Path]] = {}
    missed = _missed(protocol, neutral, call)
    for path, one in missed.items():
        times = f" (in {one.times:,} events)" if one.times > 1 else ""
        by_event.setdefault(one.first, []).append(path[:_LONGEST] + times)
    for number, paths in [*by_event.items()][:MOST]:
        yield Problem(f"event {number}" if call.streamed else "response body", f"{NOT_UNDERSTOOD}{_places(paths)}")
    if len(by_event) > MOST:
        yield Problem("response", f"{NOT_UNDERSTOOD}something in {len(by_event) - MOST:,} events more")
    if _REPLACE & {type(delta) for _, deltas in call.steps for delta in deltas}:
        yield from _contradicted(call)
    if counts := _counts_without_column(protocol, call):
        yield Problem("usage", f"{NOT_UNDERSTOOD}{_places(counts)}")


def _places(paths: Sequence[_Path]) -> str:
    more = f" and {len(paths) - MOST:,} places more" if len(paths) > MOST else ""
    return ", ".join(path[: _LONGEST + 30] for path in paths[:MOST]) + more


# ---------------------------------------------------------------- what is neutral


class _Neutral(dict[str, bool]):
    """Whether a key is neutral; what it is by its ending is found out once."""

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__(dict.fromkeys((key for key in keys if "." not in key), True))
        self.places = tuple(key for key in keys if "." in key)

    def __missing__(self, key: str) -> bool:
        is_neutral = key.endswith(_NEUTRAL_ENDS)
        if len(self) < 10_000:  # keys are whatever somebody recorded
            self[key] = is_neutral
        return is_neutral

    def has_place(self, path: _Path) -> bool:
        """Whether a text lies at a place that is neutral, or below one."""
        plain = path.replace("[]", "")
        return any(
            f"{plain}.".startswith(f"{place[1:]}.") if place[0] == "." else f".{place}." in f".{plain}."
            for place in self.places
        )


_KNOWN: dict[str, _Neutral] = {}


def _neutral(protocol: WireProtocol) -> _Neutral:
    name = protocol.__name__ if hasattr(protocol, "__name__") else protocol.NAME
    if name not in _KNOWN:
        _KNOWN[name] = _Neutral(NEUTRAL | getattr(protocol, "NEUTRAL", frozenset()))
    return _KNOWN[name]


# ---------------------------------------------------------------- requests and events


def _unsaid(body: Mapping[str, Any], prompt: Prompt, neutral: _Neutral) -> list[_Path]:
    """The places of a request's body that are not understood."""
    asked = _Shown((prompt,))
    texts = _texts(body, neutral)
    return [*dict.fromkeys(path for path, text in texts if not asked.has(text) and not neutral.has_place(path))]


def _missed(protocol: WireProtocol, neutral: _Neutral, call: ModelCall) -> dict[_Path, _Missed]:
    """The places of events that are not understood."""
    found: dict[_Path, _Missed] = {}
    passed_over: set[_Path] = set()
    whole: _Shown | None = None
    quiet: Collection[str] = getattr(protocol, "NEUTRAL_EVENTS", ())
    for event, deltas in call.steps:
        texts = _of_event(event, deltas, neutral, quiet)
        if not texts or (
            len(texts) == len(deltas) == 1 and deltas[0][:1] == texts[0][1:]
        ):  # a word, as most events are
            continue
        shown = _Shown(deltas)
        for path, text in texts:
            if path in passed_over or shown.has(text):
                continue
            if path not in found:
                whole = whole or _Shown((call.replies, call.summary, call.error, call.prompt))
                if neutral.has_place(path):
                    passed_over.add(path)
                    continue
                if whole.has(text):
                    continue
            known = found.get(path) or _Missed(event.number)
            found[path] = known._replace(times=known.times + 1)
    return found


def _of_event(
    event: Event, deltas: Sequence[Delta], neutral: _Neutral, quiet: Collection[str]
) -> Sequence[tuple[_Path, str]]:
    """The texts of an event that have to be shown; of one that adds nothing its type, unless that is known."""
    if event.data is None:
        raw = (event.raw or "").strip()
        return () if not raw or raw == _END else (("what is not JSON", raw),)
    texts = _texts(event.data, neutral)
    if not texts and not deltas and isinstance(event.data, dict):
        kind = event.data.get("type") or event.data.get("object") or event.name
        if isinstance(kind, str) and kind not in quiet:
            return ((f"events of type {kind}", kind),)
    return texts


def _texts(value: Json, neutral: _Neutral) -> list[tuple[_Path, str]]:
    found: list[tuple[_Path, str]] = []
    _gather(value, "", neutral, found)
    return found


def _gather(value: Json, path: _Path, neutral: _Neutral, found: list[tuple[_Path, str]]) -> None:
    """Every text below a value that stands under no neutral key. This runs for every event there is."""
    if type(value) is dict:
        for key, item in value.items():
            if item and (kind := type(item)) in _HOLDS_TEXT and not neutral[key]:
                if kind is str:
                    found.append((path + key, item))
                else:
                    _gather(item, f"{path}{key}." if kind is dict else f"{path}{key}[]", neutral, found)
    elif type(value) is list:
        inside = f"{path}." if path else ""
        for item in value:
            if type(item) is str:
                found.append((path, item))
            elif item:
                _gather(item, inside, neutral, found)
    elif type(value) is str:
        found.append((path, value))


class _Shown:
    """What values show: texts as they are, and within other texts, where most are not looked for."""

    def __init__(self, values: Iterable[object]) -> None:
        self._values = tuple(values)
        self._texts = {
            text for value in self._values if isinstance(value, tuple) for text in value if text.__class__ is str
        }
        self._all = ""

    def has(self, text: str) -> bool:
        """Whether a text is shown, or all that it consists of beside the tags that models write."""
        if text in self._texts:
            return True
        if not self._all:
            _collect(self._values, self._texts)
            self._all = "\n".join(self._texts) or "\n"
        if text in self._texts or any(form in self._all for form in _forms(text)):
            return True
        return "<" in text and all(piece.strip() in self._all for piece in _TAGS.split(text))


def _forms(text: str) -> Iterator[str]:
    """Ways in which a text may be shown: without the space around it, within JSON, without the head of a ``data:``
    address."""
    yield text.strip()
    yield jsonio.dumps(text)[1:-1]
    if text.startswith("data:"):
        yield text.partition(",")[2]


def _collect(value: object, texts: set[str]) -> None:
    """Every text in plain data."""
    kind = type(value)
    if kind is str:
        texts.add(value)  # type: ignore[arg-type]
    elif isinstance(value, dict):
        texts.update(map(str, value))
        for item in value.values():
            _collect(item, texts)
    elif isinstance(value, (tuple, list)) and kind is not UsageDelta:  # of whose counts only numbers are shown
        for item in value:
            _collect(item, texts)
    elif value is not None:
        for name in _fields(kind):  # type: ignore[arg-type]
            _collect(getattr(value, name), texts)


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


# ---------------------------------------------------------------- streams that contradict their end

_NO_ARGUMENTS = ("{}", "null")
_REPLACE = {PartDelta, ItemDelta, ItemsDelta, ToolCallDelta}
"""What may take the place of what was streamed before."""


def _contradicted(call: ModelCall) -> Iterator[Problem]:
    """What was streamed, and is not in the whole that took its place at the end: then only that is shown."""
    whole = _Shown((call.replies, call.summary, call.error))
    told: set[str] = set()
    for event, deltas in call.steps:
        for delta in deltas:
            for name, text in _streamed(delta):
                if name not in told and not whole.has(text):
                    told.add(name)
                    yield Problem(f"event {event.number}", f"{NOT_UNDERSTOOD}{name} that the end of the stream lacks")


def _streamed(delta: Delta) -> Iterator[tuple[str, str]]:
    """What a delta adds to a part that a later one may take the place of."""
    match delta:
        case TextDelta(text) | RefusalDelta(text):
            yield "text", text
        case ReasoningDelta(text):
            yield "reasoning", text
        case ToolCallDelta():
            yield "arguments", delta.arguments
            yield "arguments", "" if delta.whole in _NO_ARGUMENTS else delta.whole
            yield "a name", delta.name or ""
        case CitationDelta(citation):
            yield "a citation", citation.uri or ""
            yield "a citation", citation.title or ""
        case TokensDelta(tokens):
            for token in tokens:
                yield "tokens", token.text
                yield from (("tokens", other) for other, _ in token.others)


# ---------------------------------------------------------------- counts

_COUNTED: dict[tuple[str, _Path], bool] = {}
"""Whether the usage that a protocol makes of counts depends on one of them."""


def _counts_without_column(protocol: WireProtocol, call: ModelCall) -> list[_Path]:
    """Counts that change nothing in the usage, and are not declared."""
    quiet: Collection[str] = getattr(protocol, "NEUTRAL_COUNTS", ())
    counts: dict[str, Any] = {}
    for _, deltas in call.steps:
        for delta in deltas:
            if type(delta) is UsageDelta:
                counts.update(delta.counts)
    return [
        ".".join(keys)
        for keys in _numbers(counts, ())
        if not {*keys} & {*quiet} and not _is_counted(protocol, counts, keys)
    ]


def _numbers(counts: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for key, value in counts.items():
        if type(value) is int and value:
            yield (*keys, key)
        elif type(value) is dict:
            yield from _numbers(value, (*keys, key))


def _is_counted(protocol: WireProtocol, counts: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    at = (protocol.NAME, ".".join(keys))
    if at not in _COUNTED:
        if len(_COUNTED) > 10_000:
            return True
        try:
            _COUNTED[at] = protocol.usage(counts) != protocol.usage(_with_one_more(counts, keys))
        except Exception:  # that the counts cannot be read is said elsewhere
            return True
    return _COUNTED[at]


def _with_one_more(counts: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    key, *rest = keys
    return {**counts, key: _with_one_more(counts[key], tuple(rest)) if rest else counts[key] + 1}
