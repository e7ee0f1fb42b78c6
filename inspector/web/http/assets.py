"""Static files and templates: where they are, and addresses that change with their content."""

from __future__ import annotations

import mimetypes
import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, make_response, request

blueprint = Blueprint("assets", __name__)

_OFFERED = re.compile(r"^const (\w+) =", re.MULTILINE)
_NEEDED = re.compile(r"^/\* global ([\w, ]+) \*/$", re.MULTILINE)


def directory(name: str) -> Path:
    """``static`` or ``templates``: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[2]
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


def init(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals |= {"asset": address, "scripts": scripts}


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
def scripts(*folders: str) -> tuple[str, ...]:
    """The scripts that lie in some folders below ``static/``, each after those whose globals it uses. A script says
    which these are in a comment, ``/* global View, Words */``; what it offers is its own ``const`` at the line's begin.
    """
    left = {name: _content(name).decode() for name in sorted(_names()) if name.rpartition("/")[0] in folders}
    offers = {name: set(_OFFERED.findall(text)) for name, text in left.items()}
    needs = {
        name: {word for words in _NEEDED.findall(text) for word in words.split(", ")} for name, text in left.items()
    }
    inside: set[str] = set().union(*offers.values())
    found: list[str] = []
    while left:
        there: set[str] = set().union(*(offers[name] for name in found))
        name = next(name for name in left if needs[name] & inside <= there)
        found.append(name)
        del left[name]
    return tuple(found)


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
