"""What a check found in one exchange: which rule, where, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from inspector.model import jsonio


class Finding(NamedTuple):
    """`where` and `part` are those of a mark (`inspector.analysis.issues.Mark`), or name what stands beside the
    messages: ``system``, ``request``, ``response``, ``request header <name>``, ``address``, ``settings``, ``tools``,
    ``test`` and ``session`` for their names, ``event <number>``, ``replay`` for what depends on other exchanges, or on
    tests."""

    code: str
    why: str
    where: str = "reply"
    part: int | None = None

    @property
    def place(self) -> str:
        """Where it is, as one word for people and baselines: ``m3-p1``, ``reply``, ``request header authorization``."""
        return self.where if self.part is None else f"{self.where}-p{self.part}"

    def page(self, uid: str) -> str:
        """The address of the page that shows it, with the place on it."""
        word, _, rest = self.where.partition(" ")
        if word == "event":
            return f"e/{uid}/stream?at={rest}#c{rest}"
        if word in ("request", "response"):
            return f"e/{uid}/{word}"
        if word in ("replay", "test", "session"):
            return f"e/{uid}"
        if word == "address":
            return f"e/{uid}/request"
        return f"e/{uid}#{self.place}"


def packed(findings: Iterable[Finding]) -> str:
    """Findings as the index keeps them: JSON, or nothing where there are none."""
    kept = list(findings)
    return jsonio.dumps(kept) if kept else ""


def unpacked(kept: str) -> tuple[Finding, ...]:
    return tuple(Finding(*one) for one in jsonio.loads(kept.encode())) if kept else ()
