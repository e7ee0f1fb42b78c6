"""A report as JSON for scripts. The shape is stable: fields may be added, none is renamed, removed or given another
meaning. What was not recorded is None."""

from __future__ import annotations

from typing import Any

from inspector.compare.states.change import Change, Since
from inspector.files.urls import NO_LINKS, Links
from inspector.index import Row
from inspector.report.as_json_changes import change_json, exchange_json, kind_json, unread_json, verdicts_json
from inspector.report.counting import (
    Tally,
    by_finish,
    by_group,
    by_model,
    by_provider,
    failures,
    gathered,
    odd,
    tallies,
    tally,
)
from inspector.report.reported import Report


def report_json(report: Report, links: Links) -> dict[str, Any]:
    """The whole report; nothing is left out. `links` make addresses."""

    def told(row: Row) -> dict[str, Any]:
        return exchange_json(row, links)

    groups = gathered(report.rows, by_group)
    return {
        "served": report.served,
        "query": report.query,
        **_counts(tally("", report.rows)),
        "failing": [
            {"test": test.id, "message": test.message, "exchanges": [told(row) for row in test.rows]}
            for test in report.failing
        ],
        "broken": [{"path": file.path, "why": file.why} for file in report.broken],
        "errors": [
            {"status": failure.status, "message": failure.message, "exchanges": [told(row) for row in failure.rows]}
            for failure in failures(report.rows)
        ],
        "marks": {kind: [told(row) for row in rows] for kind, rows in odd(report.rows).items()},
        "since": report.since and _since(report.since, links),
        "groups": [
            {"kind": groups[one.name][0].group_kind, "id": one.name, **_counts(one)}
            for one in tallies(report, by_group)
        ],
        "models": [{"model": one.name, **_counts(one)} for one in tallies(report, by_model)],
        "providers": [{"provider": one.name, **_counts(one)} for one in tallies(report, by_provider)],
        "finish_reasons": {one.name: one.exchanges for one in tallies(report, by_finish)},
    }


def _counts(one: Tally) -> dict[str, Any]:
    return {
        "exchanges": one.exchanges,
        "odd": one.odd,
        "usage": {
            "exchanges": one.counted,
            "input_tokens": one.input_tokens,
            "output_tokens": one.output_tokens,
            "cache_read_input_tokens": one.cached_tokens,
        },
    }


def _since(since: Since, links: Links) -> dict[str, Any]:
    kinds = [change.kind for change in since.changes]
    return {
        "name": since.name,
        "exchanges": since.total,
        **{kind: kinds.count(kind) for kind in ("new", "changed", "gone")},
        "unsaid": sum(change.is_quiet for change in since.changes),
        "verdicts": verdicts_json(since),
        "kinds": [kind_json(kind) for kind in since.kinds],
        "unread": [unread_json(one) for one in since.unread],
        "changes": [_change(change, links) for change in since.changes],
    }


def _change(change: Change, links: Links) -> dict[str, Any]:
    """`kind` and `what` are older than verdicts: the kind of change that `inspector diff` speaks of is `of`."""
    told = change_json(change)
    return {
        "kind": change.kind,
        "what": [what._asdict() for what in change.what],
        "before": change.before and exchange_json(change.before, NO_LINKS),
        "after": change.after and exchange_json(change.after, links),
        "verdict": told["verdict"],
        "of": told["kind"],
        "first": told["first"],
        "details": told["what"],
    }
