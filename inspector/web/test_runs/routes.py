"""The page of a test run."""

from __future__ import annotations

from flask import Blueprint, render_template

from inspector.files.scan import TEST_RUN_MAP
from inspector.web.rendering import context
from inspector.web.test_runs.results_view import known, tests_view

blueprint = Blueprint("outcomes", __name__)

MOST = 2_000
"""Lines of each kind that the page of the tests has."""

COMPARED = 20
"""Tests whose missed requests are compared with what is recorded on that page; those of others only on their own."""


@blueprint.get("/tests")
def tests() -> str:
    """The tests as they last ran."""
    library = context.library()
    is_read = library.looked and not library.progress.running
    view = tests_view(known(), library.index)
    limits = {"most": MOST, "most_compared": COMPARED}
    return render_template("test_runs/test_run.html", view=view, is_read=is_read, test_run_map=TEST_RUN_MAP, **limits)
