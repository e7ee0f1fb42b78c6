"""Static files and templates: where they are, and addresses that change with their content."""

from __future__ import annotations

import mimetypes
from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, make_response, request

blueprint = Blueprint("assets", __name__)


def directory(name: str) -> Path:
    """``static`` or ``templates``: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parent.parent
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def init(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset"] = address


def address(name: str) -> str:
    """The address of a static file, relative to the application's root, with a hash of what it holds."""
    return f"static/{name}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    return blake2b(_content(name), digest_size=6).hexdigest()


@cache
def _content(name: str) -> bytes:
    return (directory("static") / name).read_bytes()


@cache
def _names() -> frozenset[str]:
    root = directory("static")
    return frozenset(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    if name not in _names():
        abort(404)
    response = make_response(_content(name))
    response.content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if name.endswith(".js"):
        response.content_type = "text/javascript; charset=utf-8"
    lasting = request.args.get("v") == _version(name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
    return response


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return static("icon.svg")
