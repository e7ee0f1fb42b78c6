"""The whole text of a tab or a part without a page around it, for copying and for scripts that draw it as a tree."""

from __future__ import annotations

import sys

from flask import Response, make_response, request

from inspector.model import Body
from inspector.output.escape import visible
from inspector.redaction import mask
from inspector.web.exchange.body_views import body_view


def wants_plain() -> bool:
    """Whether the whole text of a tab is asked for (``?plain=1``)."""
    return request.args.get("plain") == "1"


def plain_body(body: Body | None, as_sent: bool) -> Response:
    view = body_view(body, sys.maxsize, as_sent)
    return whole_text(view.text.shown if view and view.text else "")


def whole_text(text: str) -> Response:
    """What a page would show of a text that is not too long for one."""
    return plain(mask.NUMBERED.sub(mask.MASK, visible(text)))


def plain(text: str) -> Response:
    response = make_response(text.encode("utf-8", "replace"))
    response.content_type = "text/plain; charset=utf-8"
    return response
