"""Exchanges side by side, as a tab of an exchange."""

from __future__ import annotations

from flask import Blueprint, request

from inspector.web.compare.side_by_side import beside_view
from inspector.web.exchange import related
from inspector.web.exchange.load import opened
from inspector.web.exchange.routes import tab_page

blueprint = Blueprint("compare", __name__)


@blueprint.get("/e/<uid>/beside")
def beside(uid: str) -> str:
    """An exchange beside others that were sent the same prompt, or the ways on from it (``?of=ways``)."""
    one = opened(uid)
    near = related.of(one.row)
    view = beside_view(one.row, request.args.get("of", ""), request.args.get("from", ""))
    return tab_page(
        "compare/side_by_side.html", one, "beside", view=view, recorded=view.sources, ways=near.ways,
        answers=near.beside.total, together=True,
    )  # fmt: skip
