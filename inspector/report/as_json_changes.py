"""What changed between two states as JSON for scripts. The shape is stable: fields may be added, none is renamed,
removed or given another meaning. What was not recorded is None."""

from __future__ import annotations

from collections import Counter
from typing import Any

from inspector.compare.states.change import Change, Detail, Kind, Since, Unread
from inspector.compare.verdict import VERDICTS
from inspector.files.urls import NO_LINKS, Links
from inspector.index import Row


def diff_json(since: Since, after: str, query: str, links: Links) -> dict[str, Any]:
    """Everything that changed; `links` make addresses."""
    return {
        **stat_json(since, after, query, links),
        "changes": [
            {
                **change_json(change),
                "link": compare_link(change, links) or None,
                "before": change.before and exchange_json(change.before, NO_LINKS),
                "after": change.after and exchange_json(change.after, links),
            }
            for change in since.changes
        ],
    }


def stat_json(since: Since, after: str, query: str, links: Links) -> dict[str, Any]:
    """The counts."""
    return {
        "before": since.name,
        "after": after,
        "query": query,
        "verdicts": verdicts_json(since),
        "kinds": [kind_json(kind) for kind in since.kinds],
        "unread": [unread_json(one) for one in since.unread],
    }


def verdicts_json(since: Since) -> dict[str, int]:
    """How many pairs of exchanges have each verdict."""
    counted = Counter(change.verdict for change in since.changes)
    return {verdict: since.same if verdict == "same" else counted[verdict] for verdict in VERDICTS}


def kind_json(kind: Kind) -> dict[str, Any]:
    return {"id": kind.id, "title": kind.title, "verdict": kind.verdict, "count": len(kind.changes)}


def change_json(change: Change) -> dict[str, Any]:
    return {
        "verdict": change.verdict,
        "kind": change.of,
        "first": change.first,
        "what": [_detail(detail) for detail in change.details],
    }


def _detail(detail: Detail) -> dict[str, Any]:
    return {
        "side": detail.side,
        "part": detail.part,
        "key": detail.key,
        "line": detail.line,
        **dict(detail.values),
    }


def unread_json(unread: Unread) -> dict[str, Any]:
    return unread._asdict()


def compare_link(change: Change, links: Links) -> str:
    """Where a change is shown side by side; empty for what has no other side, or nowhere to be."""
    return links.to(f"compare/{change.row.uid}/before") if links.have_changes and change.kind == "changed" else ""


def exchange_json(row: Row, links: Links) -> dict[str, Any]:
    return {
        "id": row.uid,
        "link": links.to(f"e/{row.uid}") if links else None,
        "recording": {"path": row.path, "entry": row.entry},
        "group": {"kind": row.group_kind, "id": row.group_id},
        "test_id": row.test_id,
        "protocol": row.protocol,
        "provider": row.provider,
        "operation": row.operation,
        "model": row.model,
        "status": row.status,
        "finish_reason": row.finish,
        "input_tokens": row.input_tokens,
        "output_tokens": row.output_tokens,
        "asked": row.asked,
        "replied": row.replied,
        "odd": list(row.marks),
    }
