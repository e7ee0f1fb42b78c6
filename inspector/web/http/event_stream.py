"""The stream of server-sent events that keeps an open page current."""

from __future__ import annotations

from flask import Blueprint, Response, request

from inspector.web.rendering import context

blueprint = Blueprint("events", __name__)


@blueprint.get("/live")
def live() -> Response:
    """What changed since the page was made (``?since=``), or since the connection was lost (``Last-Event-ID``)."""
    keeper = context.keeper()
    since = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    response = Response(keeper.live.stream(lambda: keeper.library.index, since), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
