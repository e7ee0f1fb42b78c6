"""What would narrow the list: suggestions while somebody types, and the values of the exchanges that were found."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from inspector.search.suggest import facets, suggestions, tests_named
from inspector.web.rendering import context

blueprint = Blueprint("narrowing", __name__)

LONGEST = 2_000
"""Characters of a query that is still being typed."""


@blueprint.get("/suggest")
def suggest() -> str:
    """The options for the last word of ``q``, to stand in a list box."""
    query = request.args.get("q", "")
    found = suggestions(context.library().index, query) if len(query) <= LONGEST else []
    named = tests_named(context.library().index, query) if len(query) <= LONGEST else []
    return render_template("list/_suggestions.html", suggestions=found, tests=named)


@blueprint.get("/facets")
def values() -> str:
    """The fields that would narrow a query's list, with their values and counts: for a page, or alone."""
    query = request.args.get("q", "").strip()
    found = facets(context.library().index, query)
    page = "list/_facets.html" if context.is_partial() else "list/facets.html"
    prefix = "" if request.headers.get("HX-Target", "").endswith("#facets") else "all-"  # both may be on one page
    return render_template(page, facets=found, query=query, prefix=prefix)
