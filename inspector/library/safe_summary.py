"""An exchange as the index keeps it, masked as its pages are, with what checks find in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from inspector.analysis.exchange_summary import Summary, sent_texts, summarise, texts, unread
from inspector.analysis.issues import Mark, marks
from inspector.checks.base64_credentials import may_be_encoded
from inspector.checks.credentials import encoded, may_be_beside
from inspector.checks.finding import Finding, packed
from inspector.checks.found import findings, secret_findings
from inspector.decode import decoder
from inspector.model import Exchange, ModelCall
from inspector.redaction import decoded
from inspector.redaction.found_in_json import may_hold_secret
from inspector.redaction.found_in_text import is_telling
from inspector.redaction.known import is_said


class Wanted(NamedTuple):
    """What who reads exchanges wants to know of each beside its summary."""

    understood: Callable[[Exchange, ModelCall], None] | None = None
    """Is told what it was decoded to, so that nobody has to do that again."""
    findings: bool = True
    """Whether what checks find in it is asked for."""
    marks: bool = True
    """Whether what is odd about it is, and what of it was not understood."""


ALL = Wanted()


def _no_marks(exchange: Exchange, call: ModelCall) -> tuple[Mark, ...]:
    return ()


def _no_findings(exchange: Exchange, call: ModelCall, odd: Iterable[Mark]) -> tuple[Finding, ...]:
    return ()


def _hold_secret(joined: str, said: Sequence[str]) -> bool:
    """Whether any of some texts may hold a secret; all together are asked first, for most hold none."""
    return is_telling(joined) and any(map(may_hold_secret, said))


def summary_of(exchange: Exchange, known: set[int], size: int | None = None, wanted: Wanted = ALL) -> Summary:
    """The summary of an exchange, whatever it holds, masked as its pages are; `size` are its bytes, None where its file
    has no other. Messages in `known` come without their text, and new ones are added to it."""
    judge = findings if wanted.findings else _no_findings
    marked = marks if wanted.marks else _no_marks
    try:
        call = decoder.decode(exchange, is_doubted=wanted.marks)
        if wanted.understood:
            wanted.understood(exchange, call)
        odd = marked(exchange, call)
        summary = summarise(exchange, call, known, size, odd)
        said = [*texts(summary)]
        joined = "\n".join(said)
        hidden = tuple(encoded(call)) if wanted.findings and may_be_encoded(joined) else ()
        is_beside = may_be_beside(exchange, call)
        beside = decoded.beside(exchange, call) if is_beside else ()
        found = None if _hold_secret(joined, said) or is_said(joined, beside) else judge(exchange, call, odd)
        if found is None or any(may_hold_secret(one.why) or is_said(one.why, beside) for one in found):
            masked = decoded.masked(replace(exchange, raw=None), call=call)
            odd = marked(*masked)
            summary, found = summarise(*masked, known, size, odd), judge(*masked, odd)
            is_beside = True
        if is_beside and wanted.findings:
            found += secret_findings(exchange, call)
    except Exception as error:  # one exchange that we fail at must not hide the others
        summary = unread(decoded.failed_at(exchange, error).exchange)
        return summary._replace(findings=packed([Finding("F302", summary.replied)]))
    if not hidden:  # who says the same is looked at as well: what is in there, texts that are known do not tell
        known.update(sent_texts(summary))
    return summary._replace(findings=packed([*found, *hidden])) if found or hidden else summary
