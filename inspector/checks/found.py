"""All that the index keeps of what checks find in one exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from inspector.analysis.issues import Mark
from inspector.checks import credentials
from inspector.checks.finding import Finding
from inspector.checks.replayed_failures import failure
from inspector.checks.rules import BY_ISSUE
from inspector.checks.said_parts import said
from inspector.checks.stream_order import breaks
from inspector.checks.usage_sum import contradictions
from inspector.model import Blob, Exchange, FileRef, ModelCall, Uri

_MOST = 50
"""Findings of one exchange; what is beyond is of the same kind."""

_WHY = 300
"""Characters of a reason."""


def findings(exchange: Exchange, call: ModelCall, odd: Iterable[Mark]) -> tuple[Finding, ...]:
    """What is found in an exchange that is masked, and has these marks: reasons quote what was said."""
    return tuple(
        found if len(found.why) <= _WHY else found._replace(why=found.why[: _WHY - 1] + "…")
        for found in islice(_found(exchange, call, odd), _MOST)
    )


def secret_findings(recorded: Exchange, call: ModelCall) -> tuple[Finding, ...]:
    """The credentials of an exchange as it was recorded, and of the call that it was decoded to."""
    return tuple(islice(credentials.credentials(recorded, call), _MOST))


def _found(exchange: Exchange, call: ModelCall, odd: Iterable[Mark]) -> Iterator[Finding]:
    for mark in odd:
        if (rule := BY_ISSUE.get(mark.kind)) is not None:
            yield Finding(rule.code, mark.why, mark.where, mark.part)
    if (why := failure(exchange, call)) is not None:
        yield Finding("E202", why, "reply")
    broken = list(islice(breaks(call), _MOST))
    if broken:
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        yield Finding("S502", f"event {broken[0].event}: {broken[0].why}{more}", f"event {broken[0].event}")
    if call.usage is not None and any(contradictions(call.usage)):  # as seldom: only then the parts are looked at
        for why in contradictions(call.usage, has_other=_has_other_tokens(call)):
            yield Finding("U701", why, "reply")


def _has_other_tokens(call: ModelCall) -> bool:
    """Whether a total may have tokens that are counted nowhere else: Gemini's of tools, those of audio and images."""
    media = any(isinstance(one.said, Blob | Uri | FileRef) for one in said(call))
    return media or (call.protocol or "").startswith("gemini")
