"""Requests that differ from a recorded one in one thing, as the JSON that a recorder's key is a hash of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from inspector.model import Json
from inspector.model.common_head import common_head

_CUT = 4_000
"""Characters of a text that grows from one recording to the next that are tried as its end."""

_MOST_VALUES = 24
"""Values of one setting that are tried."""

_LONGEST_VALUE = 300
"""Characters of a value, as JSON, that is a setting and no content."""

_HERE = "<the content stands here>"

_CONTENT = frozenset({"messages", "model", "input", "prompt", "contents"})

_TEMPERATURES = (0, 0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 1, 1.0, 2.0)
_LIMITS = (0, 1, 5, 10, 16, 20, 32, 50, 64, 100, 128, 150, 200, 256, 300, 400, 500, 512, 1000, 1024, 1500, 2000, 2048,
           4000, 4096, 8000, 8192, 16000, 16384, 32000, 32768)  # fmt: skip
_EFFORTS = ("none", "minimal", "low", "medium", "high")
USUAL: Mapping[str, tuple[Json, ...]] = {
    "temperature": _TEMPERATURES,
    "top_p": (0.1, 0.5, 0.8, 0.9, 0.95, 1, 1.0),
    "top_k": (0, 1, 5, 10, 20, 40, 50, 100),
    "max_tokens": _LIMITS,
    "max_completion_tokens": _LIMITS,
    "max_output_tokens": _LIMITS,
    "n": (1, 2, 3),
    "seed": (0, 1, 42, 123, 1234),
    "stream": (True, False),
    "stream_options": ({"include_usage": True}, {"include_usage": False}),
    "tool_choice": ("auto", "none", "required", "any"),
    "parallel_tool_calls": (True, False),
    "reasoning_effort": _EFFORTS,
    "service_tier": ("auto", "default", "flex", "priority"),
    "logprobs": (True, False),
    "top_logprobs": (0, 1, 3, 5),
    "frequency_penalty": (0, 0.0, 0.5, 1, 1.0),
    "presence_penalty": (0, 0.0, 0.5, 1, 1.0),
    "response_format": ({"type": "json_object"}, {"type": "text"}),
    "encoding_format": ("float", "base64"),
    "store": (True, False),
    "stop": ("\n", "\n\n", []),
    "tools": ([],),
}
"""Values that programs often set, null apart, which is tried of every setting."""


Segments = list[bytes]
"""A body as JSON with sorted keys, in pieces: those that two bodies begin with alike are hashed once."""


class Variant(NamedTuple):
    """A body, and what it differs in from the recorded one."""

    segments: Segments
    change: str


class Pieces(NamedTuple):
    """The settings of a body as JSON, and its messages each for itself; without messages `listed` is empty."""

    settings: Mapping[str, bytes]
    listed: str
    """The key of the messages."""
    messages: list[bytes]

    def with_setting(self, key: str, value: Json) -> Pieces:
        return self._replace(settings={**self.settings, key: _dumped(value)})

    def segments(self) -> Segments:
        found = [b"{"]
        for key in sorted([*self.settings, self.listed] if self.listed else self.settings):
            found.append((b", " if len(found) > 1 else b"") + _named(key))
            if key != self.listed:
                found.append(self.settings[key])
                continue
            found.append(b"[")
            for number, message in enumerate(self.messages):
                found += (b", ", message) if number else (message,)
            found.append(b"]")
        return [*found, b"}"]


def pieces_of(body: Mapping[str, Json]) -> Pieces:
    """A body that is normalised, in pieces."""
    listed = next((key for key in ("messages", "contents") if isinstance(body.get(key), list)), "")
    messages = [_dumped(message) for message in body[listed]] if listed else []
    return Pieces({key: _dumped(value) for key, value in body.items() if key != listed}, listed, messages)


@cache
def _named(key: str) -> bytes:
    return f"{json.dumps(key)}: ".encode()


def _dumped(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


# ---------------------------------------------------------------- settings


def settings_of(bodies: Iterable[Mapping[str, Json]]) -> dict[str, list[bytes]]:
    """The values that settings have in some bodies, as JSON."""
    found: dict[str, dict[bytes, None]] = {}
    for body in bodies:
        for key, value in body.items():
            if key not in _CONTENT and len(values := found.setdefault(key, {})) < _MOST_VALUES:
                dumped = _dumped(value)
                if len(dumped) <= _LONGEST_VALUE:
                    values[dumped] = None
    return {key: [*values] for key, values in found.items()}


def of_settings(body: Pieces, known: Mapping[str, Iterable[bytes]]) -> Iterator[Variant]:
    """A body with one setting absent, added, or with another value: one of `known`, or one that is usual."""
    for key in dict.fromkeys([*body.settings, *USUAL, *known]):
        if key in _CONTENT:
            continue
        was = body.settings.get(key)
        told = _short(was) if was is not None else "absent"
        for value in _values(key, known):
            if value != was:
                changed = body._replace(settings={**body.settings, key: value})
                yield Variant(changed.segments(), f"`{key}` {_short(value)} instead of {told}")
        if was is not None:
            rest = {name: piece for name, piece in body.settings.items() if name != key}
            yield Variant(body._replace(settings=rest).segments(), f"`{key}` absent instead of {told}")


def _values(key: str, known: Mapping[str, Iterable[bytes]]) -> Iterable[bytes]:
    return dict.fromkeys((b"null", *known.get(key, ()), *map(_dumped, USUAL.get(key, ()))))


def _short(value: bytes) -> str:
    text = value.decode()
    return text if len(text) <= 60 else f"{text[:59]}…"


# ---------------------------------------------------------------- messages


def of_messages(body: Pieces, messages: list[Json]) -> Iterator[Variant]:
    """A body with fewer messages, or with their content in its other form: a text, or a list of one part."""
    for left in range(len(body.messages) - 1, 0, -1):
        gone = len(body.messages) - left
        fewer = body._replace(messages=body.messages[:left])
        yield Variant(fewer.segments(), f"without its last {f'{gone} messages' if gone > 1 else 'message'}")
    if len(body.messages) > 1:
        yield Variant(body._replace(messages=body.messages[1:]).segments(), "without its first message")
    every, flips = [*body.messages], 0
    for at in reversed(range(len(messages))):
        if (other := _other_content(messages[at])) is not None:
            every[at] = _dumped(other[0])
            flips += 1
            one = [*body.messages[:at], every[at], *body.messages[at + 1 :]]
            yield Variant(body._replace(messages=one).segments(), f"the content of message {at} {other[1]}")
    if flips > 1:
        yield Variant(body._replace(messages=every).segments(), "the content of all its messages in their other form")


def _other_content(message: Json) -> tuple[Json, str] | None:
    """A message with its content as a list of parts instead of a text, or the other way round."""
    if not isinstance(message, dict) or "content" not in message:
        return None
    content = message["content"]
    if isinstance(content, str):
        return {**message, "content": [{"type": "text", "text": content}]}, "as a list of parts instead of a text"
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], dict):
        text = content[0].get("text")
        if isinstance(text, str):
            return {**message, "content": text}, "as a text instead of a list of parts"
    return None


# ---------------------------------------------------------------- a text that grows


def of_growing(body: Pieces, messages: list[Json], fewer: list[Json]) -> Iterator[Variant]:
    """Where the last of some other messages is this body's but for a stretch that is shorter there: this one with all
    lengths between. A guard that reads an answer while it comes is asked so."""
    text, less = last_text(messages), last_text(fewer)
    if text is None or less is None or len(less) >= len(text) or messages[:-1] != fewer[:-1]:
        return
    begin = common_head(text, less)
    end = len(text) - min(common_head(text[begin:][::-1], less[begin:][::-1]), len(less) - begin)
    if end - begin > _CUT or begin + len(text) - end < len(text) // 2:
        return
    whole = json.dumps({**messages[-1], "content": _HERE}, sort_keys=True)
    if whole.count(_HERE) != 1:
        return
    head, tail = whole.encode().split(_HERE.encode())
    segments = body.segments()
    place = next(at for at in reversed(range(len(segments))) if segments[at] is body.messages[-1])
    said, rest = head + _escaped(text[:begin]), _escaped(text[end:]) + tail
    for at in range(begin + 1, end):
        said += _escaped(text[at - 1])
        before = json.dumps(text[max(at - 20, 0) : at])
        changed = [*segments[:place], said, rest, *segments[place + 1 :]]
        yield Variant(changed, f"{end - at} characters less in its last message, after {before}")


def _escaped(text: str) -> bytes:
    """As it stands between the quotes of JSON: what is escaped in pieces is the whole, escaped."""
    return json.dumps(text)[1:-1].encode()


def last_text(messages: Json) -> str | None:
    """The text of a list's last message, where that is all of it."""
    last = messages[-1] if isinstance(messages, list) and messages else None
    content = last.get("content") if isinstance(last, dict) else None
    return content if isinstance(content, str) else None
