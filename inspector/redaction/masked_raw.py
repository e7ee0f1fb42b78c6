"""The entry of a recording with the body of its response exchanged for the masked one, wherever it stands in there."""

from __future__ import annotations

from inspector.model import Body, Json

_SHORTEST = 16
"""Characters of a text that is looked for inside of others."""


def with_body(raw: Json, old: Body, new: Body) -> Json:
    """The entry with the new body; None where the old one is not found as a whole, since then nobody knows in which
    form it is there."""
    known = _Known(old, new)
    masked = known.put(raw)
    return masked if known.is_found else None


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
