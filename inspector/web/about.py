"""The help page, made from the tables that drive the program."""

from __future__ import annotations

from flask import Blueprint, render_template

from inspector import formats, wire
from inspector.oddities import KINDS
from inspector.search import FIELDS

blueprint = Blueprint("about", __name__)

KEYS = (
    ("j, k", "next and previous exchange"),
    ("Enter", "open the exchange that has the focus"),
    ("/", "search"),
    ("g g, G", "first and last exchange of the list"),
    ("[, ]", "previous and next tab"),
    ("Esc", "leave the search field; back to the list on a narrow screen"),
    ("f", "follow: jump to what was recorded last"),
    ("p", "paste a recording"),
    ("?", "this page"),
)


@blueprint.get("/help")
def help() -> str:
    known = {"formats": formats.modules(), "wires": wire.modules()}
    return render_template("help.html", keys=KEYS, fields=FIELDS, kinds=KINDS, **known)
