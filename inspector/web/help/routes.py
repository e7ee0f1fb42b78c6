"""The help: its overview with the keys and the query language, made from the tables that drive the program, and the
pages of the manual."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from inspector.search import FIELDS
from inspector.search.examples import EXAMPLES
from inspector.web.help import manual
from inspector.web.help.tables import GRAMMAR, KEYS
from inspector.web.rendering import context

blueprint = Blueprint("help", __name__)


@blueprint.app_context_processor
def _of_the_overlay() -> dict[str, object]:
    """What `help/_quick.html` lists, wherever it stands."""
    return {"quick_help": {"keyboard": KEYS, "questions": EXAMPLES, "grammar": GRAMMAR, "fields": FIELDS}}


@blueprint.get("/help")
def overview() -> str:
    return render_template("help/help.html", chapters=manual.chapters())


@blueprint.get("/help/<name>")
def page(name: str) -> ResponseReturnValue:
    if name == "index":
        return context.led_to("help")
    if name not in {page.name for page in manual.pages()}:
        abort(404, "The manual has no such page.")
    before, after = manual.neighbours(name)
    shown = manual.rendered(name, context.root())
    return render_template("help/page.html", page=shown, before=before, after=after)
