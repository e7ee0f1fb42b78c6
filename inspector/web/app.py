"""The application: its settings, its parts, and what happens when something is not there."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_htmx import HTMX  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from inspector.index import IndexBroken, index_file
from inspector.jsonio import RECURSION_LIMIT
from inspector.keeper import Keeper
from inspector.opening import root_of
from inspector.web import assets, compress, guard, paste, rendering

BLUEPRINTS = ("listing", "exchange", "story", "find", "paste", "events", "about")
"""One a noun, each the module of that name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the pages are served. Without a token everybody who reaches the address may read."""

    allowed_hosts: tuple[str, ...] = ()
    token: str | None = None


def create_app(
    path: str | Path | Keeper,
    *,
    index: str | Path | None = None,
    in_memory: bool = False,
    poll: bool = False,
    settings: Settings | None = None,
) -> Flask:
    """The application for the recordings below a path.

    `index` is the file to keep the index in (the user's cache directory by default), `in_memory` keeps none, `poll`
    looks for changes every second instead of asking the system. A ready `Keeper` may come in the place of a path; it
    is the caller's to start.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_LIMIT))
    keeper = path if isinstance(path, Keeper) else _started(Path(path), index, in_memory, poll)
    app = Flask(__name__, static_folder=None, template_folder=str(assets.directory("templates")))
    app.url_map.merge_slashes = False
    app.jinja_options = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    app.extensions["keeper"] = keeper
    HTMX(app)
    assets.init(app)
    guard.init(app, settings or Settings())
    rendering.init(app)
    compress.init(app)
    paste.init(app)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"inspector.web.{name}").blueprint)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IndexBroken, _index_broken)
    return app


def _started(path: Path, index: str | Path | None, in_memory: bool, poll: bool) -> Keeper:
    root = root_of(path)
    keeper = Keeper(root, None if in_memory else Path(index) if index else index_file(root.served), poll)
    keeper.start()
    return keeper


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    return render_template("error.html", title=error.name, why=error.description), error.code or 500


def _index_broken(error: IndexBroken) -> tuple[str, int, dict[str, str]]:
    rendering.keeper().recover(error)
    why = f"The index could not be read ({error}) and is being rebuilt."
    return render_template("error.html", title="One moment", why=why), 503, {"Refresh": "1", "Retry-After": "1"}
