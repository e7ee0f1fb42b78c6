"""The entry of a recording with the body of its response exchanged for the masked one, wherever it stands in there."""

from __future__ import annotations

from inspector.decode.framing import content_encoding
from inspector.formats.reading import encoded
from inspector.model import Body, Json, jsonio
from inspector.model.expressions import expression
from inspector.redaction.known import ways_of_writing
from inspector.redaction.placeholder import PlaceholderFor

_SHORTEST = 16
"""Characters of a text that is looked for inside of others, and of one that is looked into."""

_PACKED, _LEAST = 10, 64
"""How many times shorter a packed body may be, and the characters of the shortest text that may be one."""

_MAY_BE_ENCODED = expression(r"[A-Za-z0-9+/_\s-]++={0,2}\s*+")


def with_body(raw: Json, old: Body, new: Body) -> Json:
    """The entry with the new body; None where the old one is not found as a whole, since then nobody knows in which
    form it is there."""
    known = _Known(old, new)
    masked = known.put(raw)
    return masked if known.is_found else None


def without_encoded(raw: Json, body: Body, secrets: list[str], found: PlaceholderFor) -> Json:
    """The entry without the texts that say secrets of its request's body in base64 or hex, packed or not. None where
    the body stands in some other form there: nobody knows in which."""
    shown = _Encoded([_written(way) for secret in secrets for way in ways_of_writing(secret)], found)
    masked = shown.put(raw)
    return masked if shown.is_found or _is_plain(raw, secrets) or not _may_hold(raw, _size(body) // _PACKED) else None


def _is_plain(raw: Json, secrets: list[str]) -> bool:
    """Whether secrets stand in an entry as they are, in JSON in there, or in JSON in that."""
    said = jsonio.dumps(raw)
    return all(
        any(_written(way, times) in said for times in (1, 2, 3) for way in ways_of_writing(one)) for one in secrets
    )


def _size(body: Body) -> int:
    return len(body.value) if isinstance(body.value, (str, bytes)) else len(jsonio.dumps(body.value))


def _may_hold(raw: Json, size: int) -> bool:
    """Whether an entry has a text, or a list of numbers or pieces, that is long enough for a body."""
    if isinstance(raw, str):
        return len(raw) >= max(size, _LEAST)
    if isinstance(raw, list):
        pieces = sum(len(item) if isinstance(item, str) else 1 for item in raw if not isinstance(item, (dict, list)))
        return pieces >= max(size, _LEAST) or any(_may_hold(item, size) for item in raw)
    return isinstance(raw, dict) and any(_may_hold(item, size) for item in raw.values())


def _written(secret: str, times: int = 1) -> str:
    """A secret as it stands in JSON, in JSON in there, …"""
    for _ in range(times):
        secret = jsonio.dumps(secret)[1:-1]
    return secret


class _Encoded:
    """What replaces texts that are others, encoded."""

    def __init__(self, secrets: list[str], found: PlaceholderFor) -> None:
        self._secrets = [secret.encode("utf-8", "replace") for secret in secrets]
        self._found = found
        self.is_found = False

    def put(self, raw: Json) -> Json:
        if isinstance(raw, dict):
            return {key: self.put(item) for key, item in raw.items()}
        if isinstance(raw, (list, tuple)):
            return [self.put(item) for item in raw]
        if not isinstance(raw, str) or not self._says_one(raw):
            return raw
        self.is_found = True
        return self._found(raw)

    def _says_one(self, text: str) -> bool:
        if len(text) < _SHORTEST or not _MAY_BE_ENCODED.fullmatch(text):
            return False
        try:
            data = content_encoding.decoded(encoded.from_either(text))
        except ValueError:
            return False
        return any(secret in data for secret in self._secrets)


class _Known:
    """What is exchanged for what: texts by what they say, parsed values by being the same object."""

    def __init__(self, old: Body, new: Body) -> None:
        self._texts: dict[str, str] = {}
        self._values: dict[int, Json] = {}
        self._put: set[object] = set()
        pairs = [(old.value, new.value)]
        if old.kind == new.kind and old.kind in ("chunks", "frames"):
            pairs = list(zip(old.value, new.value, strict=True))
        for before, after in pairs:
            if old.kind == "frames":
                before, after = before[1], after[1]
            if isinstance(before, str) and isinstance(after, str):
                self._texts[before] = after
            elif before != after:
                self._values[id(before)] = after

    @property
    def is_found(self) -> bool:
        changed = {text for text, new in self._texts.items() if new != text}
        return self._put >= {*changed, *self._values}

    def put(self, raw: Json) -> Json:
        if id(raw) in self._values:
            self._put.add(id(raw))
            return self._values[id(raw)]
        if isinstance(raw, dict):
            return {key: self.put(item) for key, item in raw.items()}
        if isinstance(raw, (list, tuple)):
            return [self.put(item) for item in raw]
        return self._in_text(raw) if isinstance(raw, str) else raw

    def _in_text(self, raw: str) -> str:
        if raw in self._texts:
            self._put.add(raw)
            return self._texts[raw]
        for text, new in self._texts.items():
            if len(text) >= _SHORTEST and len(text) < len(raw) and new != text and text in raw:
                self._put.add(text)
                raw = raw.replace(text, new)
        return raw
