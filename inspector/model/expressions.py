"""Regular expressions that are compiled when they are first used: of hundreds a process uses few."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class Expression:
    """Stands for a compiled expression, and keeps what it was asked for of that."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def expression(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, later."""
    return cast("re.Pattern[AnyStr]", Expression(source, flags))
