"""The page to paste a recording into, and what a paste holds."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from inspector.web.rendering import context
from inspector.web.uploads.pastes import LARGEST, MOST, kept
from inspector.web.uploads.sent_form import form as sent_form
from inspector.web.uploads.sent_form import sent

blueprint = Blueprint("paste", __name__)

_SENT_BACK = 256 * 1024
"""Bytes of a text that stand in the form again where nothing could be read of it."""

_TOO_LARGE = f"It is larger than {LARGEST // 2**20} MB. Serve the directory that it lies in instead."


@blueprint.get("/paste")
def form() -> ResponseReturnValue:
    return _form()


@blueprint.post("/paste")
def keep() -> ResponseReturnValue:
    """Keep what was sent and lead to its first exchange; to the form where there is none."""
    given = sent(LARGEST)
    if given is None:
        return _form(_TOO_LARGE, 413)
    name, data = given
    if not data.strip():
        return _form("There is nothing in it.", 422)
    paste = kept().keep(name, data)
    if not paste.rows:
        again = request.form.get("text", "") if len(data) <= _SENT_BACK else ""
        return _form(f"Not recognised as a recording: {paste.why or 'it holds no exchange'}.", 422, again)
    return context.led_to(context.exchange_url(paste.rows[0].uid), 303)


@blueprint.get("/paste/<id>")
def pasted(id: str) -> str:
    """What a paste holds."""
    paste = kept().get(id)
    if paste is None:
        abort(404, f"It is gone: only the last {MOST} pastes are kept, and only while the server runs.")
    return render_template("uploads/pasted.html", paste=paste)


def _form(why: str | None = None, status: int = 200, text: str = "") -> ResponseReturnValue:
    return sent_form(render_template("uploads/paste.html", why=why, text=text, largest=LARGEST, most=MOST), status)
