"""A box for the log of a CI run: what had no recording in it, and what is recorded of those tests. Nothing is kept."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inspector.testruns import replay_misses
from inspector.testruns.replay_misses import nearest
from inspector.web.rendering import context
from inspector.web.uploads.sent_form import form, sent

blueprint = Blueprint("log", __name__)

LARGEST = 16 * 1024 * 1024

TOLD = 100
"""Misses that a page tells."""

_TOO_LARGE = f"It is larger than {LARGEST // 2**20} MB. `inspector find-log` reads it on the command line."


@blueprint.get("/log")
def box() -> ResponseReturnValue:
    if context.is_exported():
        return render_template("uploads/ci_log.html", table=replay_misses.for_scripts())
    return _page()


@blueprint.post("/log")
def read() -> ResponseReturnValue:
    """What a log that was sent leads to."""
    given = sent(LARGEST)
    if given is None:
        return _page(_TOO_LARGE, 413)
    name, data = given
    if not data.strip():
        return _page("There is nothing in it.", 422)
    found = replay_misses.find(replay_misses.decoded(data))
    if not found.misses:
        failed = f" {len(found.failed):,} of its tests failed for other reasons." if found.failed else ""
        return _page(f"No recorder misses a recording in it.{failed}", 422)
    library = context.library()
    told = [nearest.lead(library.index, miss) for miss in found.misses[:TOLD]]
    more = len(found.misses) - len(told)
    reading = library.progress.running
    return render_template(
        "uploads/log_findings.html", name=name, leads=told, more=more, words=nearest, reading=reading
    )


def _page(why: str | None = None, status: int = 200) -> ResponseReturnValue:
    return form(render_template("uploads/ci_log.html", why=why, largest=LARGEST), status)
