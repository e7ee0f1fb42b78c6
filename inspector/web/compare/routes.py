"""Exchanges compared: side by side as a tab of one, and any two with what differs."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from inspector import search
from inspector.compare.siblings import STATES
from inspector.index import Row
from inspector.index.conditions import ALL
from inspector.redaction.decoded import Masked
from inspector.web.compare.beside import beside_view
from inspector.web.compare.candidates import candidates
from inspector.web.compare.comparison import ROWS, comparison
from inspector.web.compare.masked_exchange import masked_exchange
from inspector.web.compare.matrix import ROWS as FUNCTIONS
from inspector.web.compare.matrix import matrix, siblings
from inspector.web.exchange import related
from inspector.web.exchange.load import gone, opened, row_of, unreadable
from inspector.web.exchange.routes import tab_page
from inspector.web.rendering import context

blueprint = Blueprint("compare", __name__)


@blueprint.get("/e/<uid>/beside")
def beside(uid: str) -> str:
    """An exchange beside others that were sent the same prompt, or the ways on from it (``?of=ways``)."""
    one = opened(uid)
    near = related.of(one.row)
    view = beside_view(one.row, request.args.get("of", ""), request.args.get("from", ""))
    return tab_page(
        "compare/beside.html", one, "beside", view=view, recorded=view.sources, ways=near.ways,
        answers=near.beside.total, together=True,
    )  # fmt: skip


@blueprint.get("/compare/<before>/<after>")
def two(before: str, after: str) -> str:
    """Two exchanges, and what differs between them: ``?view=`` one or two columns, ``?only=1`` for differences alone,
    ``?from=`` the first message of a long conversation that is shown."""
    rows = _row(before), _row(after)
    view = request.args.get("view", "")
    only = request.args.get("only") == "1"
    compared = comparison(_read(rows[0]), _read(rows[1]), request.args.get("from", 0, int), only)
    return render_template(
        "compare/comparison.html", compared=compared, before=rows[0], after=rows[1], row=rows[1], uid=after, only=only,
        view=view if view in ("one", "two") else "", query="", most=ROWS,
    )  # fmt: skip


def _row(uid: str) -> Row:
    return row_of(uid) or abort(gone(uid))


def _read(row: Row) -> Masked:
    return masked_exchange(row) or abort(unreadable(row))


@blueprint.get("/compare")
def picked() -> Response:
    """What was picked in the list (``?with=``, once for each): two are compared, of others two are to be chosen. Where
    nothing was, the list is there to pick from."""
    uids = dict.fromkeys(request.args.getlist("with"))
    if not uids:
        return context.led_to("")
    first, *others = (quote(uid, safe="") for uid in uids)
    if len(others) == 1:
        return context.led_to(f"compare/{first}/{others[0]}")
    more = "&".join(f"with={other}" for other in others)
    return context.led_to(f"compare/{first}" + (f"?{more}" if more else ""))


@blueprint.get("/compare/<uid>")
def choose(uid: str) -> str:
    """What an exchange may be compared with; ``?q=`` searches for others, and ``?with=`` names some."""
    row = _row(uid)
    asked = request.args.get("q", "")
    found, wrong = candidates(row, asked, request.args.getlist("with"))
    has_variants = row.group_kind == "test" and bool(siblings(row.group_id))
    return render_template(
        "compare/choose.html", row=row, uid=uid, found=found, wrong=wrong, asked=asked, has_variants=has_variants,
        query="",
    )  # fmt: skip


@blueprint.get("/matrix")
def variants() -> str:
    """Tests and their variants: ``?q=`` narrows them, ``?by=`` says what the columns are, ``?to=`` which of them the
    others stand beside, and ``?from=`` is the number of the first row."""
    query, by, first = (request.args.get(name, "") for name in ("q", "by", "to"))
    where, wrong = ALL, ""
    try:
        where = search.read(query).where
    except search.QueryError as error:
        wrong = str(error)
    found = matrix(where, by, first, request.args.get("from", 0, int))

    def asked(by: str = "", to: str = "", begin: object = "") -> str:
        values = {"q": query, "by": by or request.args.get("by", ""), "to": to or first, "from": begin}
        return urlencode({name: value for name, value in values.items() if value})

    return render_template(
        "compare/matrix.html", matrix=found, asked=asked, wrong=wrong, states=STATES, most=FUNCTIONS, query=query
    )
