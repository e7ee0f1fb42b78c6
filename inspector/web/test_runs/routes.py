"""The page of a test run."""

from __future__ import annotations

from flask import Blueprint, render_template

from inspector.web.rendering import context
from inspector.web.test_runs.results_view import known, tests_view

blueprint = Blueprint("outcomes", __name__)

MOST = 2_000
"""Lines of each kind that the page of the tests has."""


@blueprint.get("/tests")
def tests() -> str:
    """The tests as they last ran."""
    library = context.library()
    is_read = library.looked and not library.progress.running
    return render_template(
        "test_runs/test_run.html", view=tests_view(known(), library.index), is_read=is_read, most=MOST
    )
