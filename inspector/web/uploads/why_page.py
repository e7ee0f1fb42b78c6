"""Why a request found no recording: what its key proves, what it is most like, or what is nearest. Nothing is kept."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from inspector.index.conditions import names
from inspector.library import reader
from inspector.library.library import Library
from inspector.model import Exchange
from inspector.recorders import llama_stack_rules
from inspector.testruns import replay_misses
from inspector.testruns.replay_misses import Miss, nearest
from inspector.testruns.replay_misses.nearest import Lead
from inspector.web.rendering import context
from inspector.web.uploads.sent_form import form, sent
from inspector.why import keyed_recordings
from inspector.why.asked import Asked, NotUnderstood, understood
from inspector.why.likeness import Compared, compared
from inspector.why.proof import Proof, Recorded

blueprint = Blueprint("why", __name__)

LARGEST = 4 * 1024 * 1024

_TOLD = 20
"""Misses of one log that a page tells."""

_TRIED = 5_000
"""Recordings that are tried for a proof."""


class Answer(NamedTuple):
    """Of one miss: what is proved, or else what is nearest."""

    miss: Miss
    proof: Proof | None
    lead: Lead | None


@blueprint.get("/why")
def ask() -> ResponseReturnValue:
    """The form; with `what`, a hash or the id of an exchange, its answer."""
    if context.is_exported():
        abort(404)
    what = request.args.get("what", "").strip()
    if not what:
        return _form()
    row = context.library().index.row(what)
    return _of_exchange(what) if row else _answered(what)


@blueprint.post("/why")
def read() -> ResponseReturnValue:
    given = sent(LARGEST)
    if given is None:
        return _form(f"It is larger than {LARGEST // 2**20} MB. `inspector why` reads it on the command line.", 413)
    return _answered(replay_misses.decoded(given[1]))


def _form(why: str | None = None, status: int = 200) -> ResponseReturnValue:
    return form(render_template("uploads/why.html", why=why, largest=LARGEST), status)


def _answered(what: str) -> ResponseReturnValue:
    try:
        asked = understood(what)
    except NotUnderstood as error:
        return _form(f"{str(error)[:1].upper()}{str(error)[1:]}.", 422)
    if asked.exchange is not None:
        return _beside(asked.exchange)
    return _of_misses(asked)


def _of_misses(asked: Asked) -> ResponseReturnValue:
    library = context.library()
    recorded = _recorded(library, asked.misses[:_TOLD])
    answers = []
    for miss in asked.misses[:_TOLD]:
        proof = keyed_recordings.proved(miss, recorded)
        answers.append(Answer(miss, proof, None if proof else nearest.lead(library.index, miss)))
    return render_template(
        "uploads/why_found.html",
        answers=answers,
        more=len(asked.misses) - len(answers),
        words=nearest,
        tried=len(recorded),
        reading=library.progress.running,
    )


def _recorded(library: Library, misses: tuple[Miss, ...]) -> list[Recorded]:
    """The recordings that may prove something; those of the tests that are named first."""
    rows = [row for miss in misses for test in miss.tests for row in library.index.of_group("test", test.id)]
    rows += library.index.rows(names(["format"], f"={llama_stack_rules.NAME}"), limit=_TRIED)
    return [*keyed_recordings.read(library.roots, dict.fromkeys(row.path for row in rows))]


def _of_exchange(uid: str) -> ResponseReturnValue:
    library = context.library()
    row = library.index.row(uid)
    one = reader.load(library.roots, row.path).exchange(row.entry) if row else None
    if one is None:
        abort(404, "It cannot be read any more.")
    return _beside(one, uid)


def _beside(asked: Exchange, uid: str = "") -> ResponseReturnValue:
    library = context.library()
    found: list[Compared] = compared(library.roots, library.index, asked, uid)
    return render_template("uploads/why_compared.html", found=found, uid=uid, unreachable=asked.unreachable)
