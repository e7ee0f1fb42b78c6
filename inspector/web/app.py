"""The application: its settings, its parts, and what happens when something is not there."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_htmx import HTMX  # type: ignore[import-untyped]
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.exceptions import HTTPException, NotFound

from inspector.compare.states.against import Settled
from inspector.files.roots import Roots, roots_of
from inspector.index import IndexBroken, index_file
from inspector.library.keeper import Keeper
from inspector.library.library import Library
from inspector.model.jsonio import RECURSION_LIMIT
from inspector.web.checks import findings_view
from inspector.web.checks import routes as check_pages
from inspector.web.compare import rerecord
from inspector.web.compare import routes as compare_pages
from inspector.web.exchange import copy_as, failure, search_marks
from inspector.web.exchange import routes as exchange_pages
from inspector.web.help import routes as help_pages
from inspector.web.http import assets, compression, event_stream, security
from inspector.web.list import dots, export_list, narrowing
from inspector.web.list import routes as list_pages
from inspector.web.lookup import by_hash_or_path, export_names, find_page
from inspector.web.rendering import context, session_names
from inspector.web.settings import Settings
from inspector.web.story import routes as story_pages
from inspector.web.test_runs import marks_view, missed_view, results_view
from inspector.web.test_runs import routes as test_run_pages
from inspector.web.uploads import ci_log, paste, pastes, why_page

FEATURES = (
    list_pages,
    narrowing,
    exchange_pages,
    copy_as,
    check_pages,
    rerecord,
    compare_pages,
    story_pages,
    test_run_pages,
    by_hash_or_path,
    find_page,
    paste,
    ci_log,
    why_page,
    event_stream,
    help_pages,
)
"""The modules with pages, each with its `blueprint`."""


class Still(NamedTuple):
    """A library that nothing changes any more, in the place of what keeps one."""

    library: Library

    def live_id(self) -> str:
        return ""

    def recover(self, error: IndexBroken) -> None:
        raise error


Served = str | Path | Sequence[str | Path] | Keeper | Still
"""What can be served: a path, several, or what keeps them already."""


class _Compiled(BytecodeCache):
    """Templates that were compiled once: a process may have several applications."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def create_app(
    paths: Served,
    *,
    index: str | Path | None = None,
    in_memory: bool = False,
    poll: bool = False,
    settings: Settings | None = None,
    against: str | Settled = "",
) -> Flask:
    """The application for the recordings below a path, or below several.

    `index` is the file to keep the index in (the user's cache directory by default), `in_memory` keeps none, `poll`
    looks for changes every second instead of asking the system. A ready `Keeper` may come in the place of a path; it
    is the caller's to start. `against` names an earlier state to compare with. Otherwise each process begins when it is
    asked for the first time, so that a server may fork after this.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
    app = Flask(__name__, static_folder=None, template_folder=str(assets.directory("templates")))
    app.url_map.merge_slashes = False
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": _COMPILED}
    app.extensions["keeper"] = _kept(paths, index, in_memory, poll)
    HTMX(app)
    security.init(app, settings or Settings())
    about_tests = (results_view, missed_view, marks_view, dots)
    for part in (
        assets,
        context,
        export_names,
        compression,
        pastes,
        session_names,
        search_marks,
        failure,
        copy_as,
        *about_tests,
        findings_view,
        export_list,
        rerecord,
    ):
        part.init(app)
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
    if against:
        rerecord.compare_with(app, against)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IndexBroken, _index_broken)
    return app


def from_environment() -> Flask:
    """The application that environment variables describe, for WSGI servers and containers: ``INSPECTOR_PATHS`` (joined
    as in ``PATH``), and where they are wanted ``INSPECTOR_INDEX`` (a file), ``INSPECTOR_HOSTS`` (the names that the
    server goes by, joined with commas), ``INSPECTOR_TOKEN`` and ``INSPECTOR_POLL`` (anything but nothing). Raises
    `ValueError` where no recordings are named."""
    given = os.environ.get
    paths = [path for path in given("INSPECTOR_PATHS", "").split(os.pathsep) if path]
    if not paths:
        raise ValueError("INSPECTOR_PATHS names no recordings")
    hosts = tuple(name.strip().lower() for name in given("INSPECTOR_HOSTS", "").split(",") if name.strip())
    settings = Settings(hosts, given("INSPECTOR_TOKEN") or None)
    return create_app(
        paths, index=given("INSPECTOR_INDEX") or None, poll=bool(given("INSPECTOR_POLL")), settings=settings
    )


def _kept(paths: Served, index: str | Path | None, in_memory: bool, poll: bool) -> Callable[[], Keeper | Still]:
    if isinstance(paths, Keeper | Still):
        return lambda: paths
    several = [paths] if isinstance(paths, str | Path) else paths
    return _Kept(roots_of(*map(Path, several), say=_say), index, in_memory, poll)


class _Kept:
    """The keeper of this process. Neither its threads nor its connections outlive a fork."""

    def __init__(self, roots: Roots, index: str | Path | None, in_memory: bool, poll: bool) -> None:
        file = index_file(*(root.served for root in roots.all)) if index is None else Path(index)
        self._settings = (roots, None if in_memory else file, poll)
        self._lock = threading.Lock()
        self._keeper: Keeper | None = None
        self._process = 0

    def __call__(self) -> Keeper:
        with self._lock:
            if self._keeper is None:
                self._keeper, self._process = Keeper(*self._settings, say=_say), os.getpid()
                self._keeper.start()
                atexit.register(self._keeper.stop)
            elif self._process != os.getpid():
                raise RuntimeError(
                    "this process was forked from one that answered already: fork before the first request"
                )
            return self._keeper


def _say(text: str) -> None:
    logging.getLogger("inspector").warning(text)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    why = "No page here has this address." if error.description == NotFound.description else error.description
    return render_template("shared/error.html", title=error.name, why=why), error.code or 500


def _index_broken(error: IndexBroken) -> tuple[str, int, dict[str, str]]:
    context.keeper().recover(error)
    why = f"The index could not be read ({error}) and is being rebuilt."
    return render_template("shared/error.html", title="One moment", why=why), 503, {"Refresh": "1", "Retry-After": "1"}
