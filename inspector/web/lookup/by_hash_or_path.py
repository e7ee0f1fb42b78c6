"""Handles that survive other layouts and re-recordings: a recorder's hash, and a path or the end of one."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from inspector.analysis.story_order import story_of
from inspector.index import MOST, Row
from inspector.web.rendering import context

blueprint = Blueprint("find", __name__)

_SHORTEST = 4


@blueprint.get("/h/<prefix>")
def by_hash(prefix: str) -> AnyResponse | str:
    """Whatever the recorder's hash, or the file's name, begins with."""
    if len(prefix) < _SHORTEST:
        abort(404, f"At least {_SHORTEST} characters of the name are needed.")
    return _answer(context.library().index.with_stem(prefix), f"begins with {prefix}")


@blueprint.get("/p/", defaults={"path": ""})
@blueprint.get("/p/<path:path>")
def by_path(path: str) -> AnyResponse | str:
    """A recording by its path or the end of it."""
    path = path or request.args.get("id", "")
    index = context.library().index
    found = index.with_path(path) or _moved(path)
    if not found and (file := index.files_below(path).get(path)) is not None:
        abort(404, f"{path} holds no exchange: {file.why or file.state}.")
    return _answer(found, f"has the path {path}")


def _moved(path: str) -> list[Row]:
    """The exchanges of what has a path in the repository, or the end of one, but another one here; or of what lies in
    an archive that begins deeper in the folders."""
    library = context.library()
    exact = [row for here in library.roots.paths_of(path) for row in library.index.with_path(here) if row.path == here]
    return exact or [row for row in library.index.with_stem(PurePosixPath(path).stem) if _is_alike(row.path, path)]


def _is_alike(path: str, asked: str) -> bool:
    """Whether the path that is asked for is the end of a recording's in its repository, or has that for an end."""
    own, whole = f"/{context.library().roots.place(path).in_repository}", f"/{asked}"
    return own.endswith(whole) or whole.endswith(own)


def _first_of_file(found: list[Row]) -> str | None:
    """Where all are the exchanges of one file, the one that its story begins with."""
    told = next((row for row in found if not row.collapsed_under), None)
    if told is None or told.group_kind != "file" or len({row.path for row in found}) > 1:
        return None
    index = context.library().index
    turns = story_of(index.leaves(index.story(told)))
    return turns[0].uid if turns else None


def _answer(found: list[Row], what: str) -> AnyResponse | str:
    if not found:
        abort(404, f"No recording here {what}.")
    if len(found) > 1 and (first := _first_of_file(found)):
        return context.led_to(context.exchange_url(first, "story"))
    if len(found) > 1:
        return render_template("lookup/choice.html", rows=found, what=what, most=MOST)
    return context.led_to(context.exchange_url(found[0].uid))
