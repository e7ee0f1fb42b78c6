"""What changed since an earlier state of what is served: kinds of change with their members, and each exchange beside
what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

from flask import Blueprint, Flask, abort, current_app, g, render_template, request
from flask.typing import ResponseReturnValue

from inspector import search
from inspector.compare.states.against import Against, Found, Settled, known_verdicts
from inspector.compare.states.change import Change, Kind
from inspector.compare.states.given import REVISION
from inspector.compare.verdict import QUIET, VERDICTS
from inspector.files.roots import Unreadable
from inspector.index import conditions
from inspector.redaction.decoded import Masked, masked_anyhow
from inspector.report.changes_page import in_short
from inspector.web.compare.comparison import ROWS, comparison
from inspector.web.compare.masked_exchange import masked_exchange
from inspector.web.exchange.load import gone, row_of, unreadable
from inspector.web.rendering import context

blueprint = Blueprint("rerecord", __name__)

MEMBERS = 40
"""Members of a kind that stand below it; the page of the kind has the others."""

FEW = 5
"""Members of a kind that nobody has to look at, and of every kind on a page that has many."""

_ROOM = 120
"""Members on a page of all kinds, beyond which each kind has only a few."""

PAGE = 200
"""Members on a page of one kind."""

_KINDS = 40
"""Kinds on one page."""


def init(app: Flask) -> None:
    app.extensions["against"] = None
    app.before_request(_know_verdicts)
    app.jinja_env.globals |= {
        "change_of": change_of, "is_compared": is_compared, "fingerprint": fingerprint, "verdicts_told": verdicts_told,
    }  # fmt: skip


def against() -> Against | None:
    """What is compared with, if anything is."""
    return current_app.extensions["against"]  # type: ignore[no-any-return]


def compare_with(app: Flask, given: str | Settled) -> Against:
    """Compare with another state from here on."""
    made = Against(given) if isinstance(given, str) else Against.of(given)
    old, app.extensions["against"] = app.extensions["against"], made
    if old is not None:
        old.close()
    return made


def _know_verdicts() -> None:
    """Queries may ask for verdicts, and rows say theirs: as they were last found out, which the page is not to wait
    for."""
    one = against()
    g.changed = one.latest() if one else None
    if one is None or request.blueprint in ("assets", "events"):
        conditions.compare_with({})
        return
    keeper = context.keeper()
    one.refresh(keeper.library, getattr(getattr(keeper, "live", None), "notify", lambda: None))
    conditions.compare_with(known_verdicts(g.changed))


def is_compared() -> bool:
    return against() is not None


def verdicts_told() -> str:
    """How many changes have which verdict, those that matter most first: ``1 answer, 300 noise``; empty while nobody
    knows."""
    found = _latest()
    counted = Counter(change.verdict for change in found.since.changes) if found else {}
    return ", ".join(f"{counted[verdict]:,} {verdict}" for verdict in VERDICTS if counted.get(verdict))


def _latest() -> Found | None:
    one = against()
    if one is None:
        return None
    return g.changed if "changed" in g else one.latest()


def change_of(uid: str) -> Change | None:
    """What changed in an exchange; None where nothing did, or where it is not known."""
    found = _latest()
    return found.by_uid.get(uid) if found else None


def fingerprint(change: Change) -> str:
    """What is remembered of a change that was looked at: another as soon as it says something else."""
    told = "\n".join((change.verdict, *(f"{detail.line} {detail.alike[0]}" for detail in change.details)))
    said = [(row.request, row.replies) for row in (change.before, change.after) if row]
    return blake2b(f"{told}\n{said}".encode("utf-8", "replace"), digest_size=6).hexdigest()


# ---------------------------------------------------------------- the pages


@dataclass(frozen=True, slots=True)
class KindView:
    kind: Kind
    members: tuple[Change, ...]
    """Those on this page."""
    total: int
    """All that the query finds."""
    before: int | None = None
    after: int | None = None
    """The numbers of the first members of the pages before and after; None for none."""


@dataclass(frozen=True, slots=True)
class ChangesView:
    short: str
    name: str
    total: int
    """Changes that the query finds."""
    kinds: tuple[KindView, ...]
    before: int | None
    after: int | None
    """The numbers of the first kinds of the pages before and after; None for none."""
    counts: tuple[tuple[str, int], ...]
    unread: tuple[tuple[str, str, str], ...]
    only: str
    """The kind that this page is of; empty for all."""


@blueprint.get("/changes")
def changes() -> ResponseReturnValue:
    """Kinds of change with their members: ``?q=`` narrows, ``?kind=`` is one kind alone; ``?from=`` is the number of
    its first member, or that of the first kind."""
    one = against()
    if one is None:
        return render_template("compare/changes.html", view=None, query="", why="")
    library = context.library()
    if one.latest() is None and one.why is None and not context.is_exported():
        one.refresh(library, lambda: None)
        if library.progress.running or one.latest() is None:
            waits = f"{one.given}: {one.reading.text}" if one.reading.running else f"{one.given} …"
            return render_template("compare/changes.html", view=None, query="", why="", waits=waits)
    found = one.fresh(library)
    g.changed = found
    if found is None:
        return render_template("compare/changes.html", view=None, query="", why=one.why), 409
    conditions.compare_with(known_verdicts(found))
    query, wrong = request.args.get("q", "").strip(), ""
    wanted: set[str] | None = None
    if query:
        try:
            rows = library.index.rows(search.read(query).where)
            wanted = {row.uid for row in rows}
        except search.QueryError as error:
            wrong = str(error)
    view = _view(found, wanted, request.args.get("kind", ""), request.args.get("from", 0, int))
    return render_template("compare/changes.html", view=view, query=query, why=wrong)


def _view(found: Found, wanted: set[str] | None, only: str, begin: int) -> ChangesView:
    own = ((kind, _found(kind, wanted)) for kind in found.since.kinds if only in ("", kind.id))
    shown = [(kind, members) for kind, members in own if members]
    first = 0 if only else max(min(begin, len(shown) - 1), 0)
    counts = dict.fromkeys(VERDICTS, 0)
    for change in found.since.changes:
        counts[change.verdict] += wanted is None or change.row.uid in wanted
    return ChangesView(
        in_short(found.since),
        found.since.name,
        sum(len(members) for _, members in shown),
        tuple([_kind(*one, begin, PAGE) for one in shown] if only else _kinds(shown[first : first + _KINDS])),
        max(first - _KINDS, 0) if first else None,
        first + _KINDS if first + _KINDS < len(shown) else None,
        tuple((verdict, number) for verdict, number in counts.items() if number),
        tuple((one.state, one.path, one.why) for one in found.since.unread),
        only,
    )


def _found(kind: Kind, wanted: set[str] | None) -> list[Change]:
    return [change for change in kind.changes if wanted is None or change.row.uid in wanted]


def _kinds(shown: list[tuple[Kind, list[Change]]]) -> Iterator[KindView]:
    """Kinds with as many members as there is room for on one page."""
    room = _ROOM
    for kind, members in shown:
        view = _kind(kind, members, 0, FEW if kind.verdict in QUIET else max(min(MEMBERS, room), FEW))
        room -= len(view.members)
        yield view


def _kind(kind: Kind, members: list[Change], begin: int, most: int) -> KindView:
    begin = max(min(begin, len(members) - 1), 0)
    before = max(begin - most, 0) if begin else None
    after = begin + most if begin + most < len(members) else None
    return KindView(kind, tuple(members[begin : begin + most]), len(members), before, after)


@blueprint.post("/changes")
def choose() -> ResponseReturnValue:
    """Compare with another state: a revision of the repository, or a directory or archive that is served too."""
    given = request.form.get("against", "").strip()
    path = _served(given)
    if not given or len(given) > 500:
        return render_template("compare/changes.html", view=None, query="", why="Name a revision."), 422
    compare_with(current_app._get_current_object(), path or REVISION + given.removeprefix(REVISION))  # type: ignore[attr-defined]
    return context.led_to("changes", 303)


def _served(given: str) -> str | None:
    """The place on the disk of a directory or archive that is served; None for any other name."""
    library = context.library()
    try:
        if not given or not any(True for _ in library.roots.found(given)):
            return None
        return library.roots.place(given).file
    except (Unreadable, ValueError):
        return None


@blueprint.get("/compare/<uid>/before")
def before(uid: str) -> ResponseReturnValue:
    """An exchange beside what it was in the earlier state."""
    one, row = against(), row_of(uid)
    if row is None:
        abort(gone(uid))
    found = one.fresh(context.library()) if one else None
    change = found.by_uid.get(uid) if found else None
    if one is None or found is None:
        why = (one.why if one else None) or "Serve it with --against, and what changed since then is here."
        return render_template("shared/error.html", title="Compared with nothing", why=why, uid=uid), 404
    if change is None or change.before is None:
        why = "It is new." if change else f"Nothing changed in it since {found.since.name}."
        return render_template("shared/error.html", title="Nothing to compare", why=why, uid=uid), 404
    earlier = _masked_before(one, change)
    now = masked_exchange(row) or abort(unreadable(row))
    if earlier is None:
        why = "The file of the earlier state does not hold it any more."
        return render_template("shared/error.html", title=row.path, why=why, uid=uid), 410
    only, view = request.args.get("only") == "1", request.args.get("view", "")
    return render_template(
        "compare/comparison.html", compared=comparison(earlier, now, request.args.get("from", 0, int), only),
        before=change.before, after=row, row=row, uid=uid, only=only, view=view if view in ("one", "two") else "",
        query="", most=ROWS, earlier=found.since.name, near=_near(found, change),
    )  # fmt: skip


def _masked_before(one: Against, change: Change) -> Masked | None:
    exchange = one.exchange(change)
    if exchange is None:
        return None
    if current_app.config["SETTINGS"].unmasked:
        from inspector.decode import decoder

        return Masked(exchange, decoder.decode(exchange))
    return masked_anyhow(replace(exchange, raw=None))


def _near(found: Found, change: Change) -> tuple[Change | None, Change | None]:
    """The members of its kind before and after a change that have a page like this."""
    kind = next((kind for kind in found.since.kinds if kind.id == change.of), None)
    those = [one for one in kind.changes if one.kind == "changed"] if kind else []
    at = next((number for number, one in enumerate(those) if one.row.uid == change.row.uid), None)
    if at is None:
        return None, None
    return (those[at - 1] if at else None), (those[at + 1] if at + 1 < len(those) else None)
