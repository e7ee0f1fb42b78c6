"""What the exchanges of an export set, and which tools they offered, so that a browser can compare two of them.

Each value is there once, however many ask with it: a suite has few settings, and the same tools again and again.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from inspector.compare.exchanges import tools_by_name
from inspector.model import Json, ModelCall, jsonio

_LONGEST = 2_000
"""Characters of a text that is carried whole; of others the first words, and what tells them apart."""

_TOLD = 200


class _Once:
    """Values, each once, by their numbers."""

    def __init__(self) -> None:
        self.values: list[Json] = []
        self._numbers: dict[str, int] = {}

    def number(self, value: Json) -> int:
        number = self._numbers.setdefault(jsonio.dumps(value), len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class SettingsAndTools:
    """What calls ask for beside their messages; `uid` is the id of an exchange."""

    def __init__(self) -> None:
        self._settings, self._tools, self._ways = _Once(), _Once(), _Once()
        self._of: dict[str, int] = {}

    def note(self, uid: str, call: ModelCall) -> None:
        settings = self._settings.number(_short(dict(call.prompt.settings)))
        tools = tools_by_name(call.prompt.tools).items()
        self._of[uid] = self._ways.number([settings, *(self._tools.number([name, _short(it)]) for name, it in tools)])

    def told(self, uids: Iterable[str]) -> dict[str, Any]:
        """``of`` has for each exchange the number of one of the ``ways`` to ask, -1 for none. A way has the number of
        its settings, then those of its tools, which are pairs of a name and a definition."""
        return {
            "settings": self._settings.values,
            "tools": self._tools.values,
            "ways": self._ways.values,
            "of": [self._of.get(uid, -1) for uid in uids],
        }


def _short(value: Json) -> Json:
    """A value without long texts, such as what is to be embedded."""
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_short(one) for one in value]
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    digest = blake2b(value.encode("utf-8", "replace"), digest_size=4).hexdigest()
    return f"{value[:_TOLD]}… ({len(value):,} characters, {digest})"
