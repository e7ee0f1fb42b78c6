"""The page of what checks found: ``/checks``."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from inspector import search
from inspector.checks.rules import BY_CODE
from inspector.index.conditions import ALL
from inspector.web.checks.findings_view import PAGE, findings
from inspector.web.rendering import context

blueprint = Blueprint("checks", __name__)


@blueprint.get("/checks")
def checks() -> str:
    """Findings by rule: ``?q=`` narrows the exchanges, ``?rule=`` asks for all of one rule (``?from=`` for those from a
    number on), ``?all=1`` for those of rules that are off as well."""
    query, only = request.args.get("q", ""), request.args.get("rule", "").upper()
    only = only if only in BY_CODE else ""
    is_all = request.args.get("all") == "1"
    where, wrong = ALL, ""
    try:
        where = search.read(query).where
    except search.QueryError as error:
        wrong = str(error)
    view = findings(where, bool(query), only, request.args.get("from", 0, int), all_rules=is_all)
    library = context.library()

    def asked(rule: str = "", begin: int = 0, all: bool = False) -> str:
        values = {"q": query, "rule": rule.lower(), "from": begin or "", "all": "1" if all else ""}
        told = urlencode({name: value for name, value in values.items() if value})
        return f"checks?{told}" if told else "checks"

    return render_template(
        "checks/checks.html", view=view, only=only, is_all=is_all, asked=asked, wrong=wrong, query=query, most=PAGE,
        is_read=library.looked and not library.progress.running,
    )  # fmt: skip
