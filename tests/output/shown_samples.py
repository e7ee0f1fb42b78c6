"""All samples as they are shown."""

from __future__ import annotations

from functools import cache

from inspector.cli import gather
from inspector.files.roots import roots_of
from inspector.output.shown_exchange import Shown
from tests.making import SAMPLES


@cache
def samples() -> list[Shown]:
    return [*gather.exchanges(roots_of(SAMPLES), "", lambda _: None)]
