"""An exchange to be copied as something else: a page of all its forms, and each of them as plain text."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import Blueprint, Flask, Response, abort, make_response, render_template, request
from markupsafe import Markup, escape

from inspector.analysis.issues import marks
from inspector.files import archives
from inspector.files.roots import Unreadable
from inspector.index import Row
from inspector.library import reader
from inspector.model import Exchange
from inspector.output import copyas, otel_json
from inspector.output.copyas.sendable import sent
from inspector.output.copyas.variables import Secrets, plain
from inspector.output.escape import visible
from inspector.redaction import decoded
from inspector.web.exchange.load import Opened, gone, held, opened, row_of
from inspector.web.exchange.routes import tab_page
from inspector.web.rendering import context
from inspector.web.rendering.highlighting import code_html
from inspector.web.uploads import pastes

blueprint = Blueprint("copying", __name__)

SHOWN = 12_000
"""Characters of a form that a page shows; what is copied is the whole."""

KEPT = 48_000
"""Characters of a form that a page in a file holds, where nobody can be asked for the rest."""

_FILES = {"show": "show.json"}
"""Forms that have a page of their own, which is a file of an export."""


@dataclass(frozen=True, slots=True)
class CopyView:
    """A form for the page: what is shown of it, and how many characters are not."""

    form: copyas.Form
    html: Markup
    left: int

    @property
    def page(self) -> str:
        """The page of the form alone, below that of the exchange."""
        return _FILES.get(self.form.name, f"as/{self.form.name}")

    @property
    def is_a_file(self) -> bool:
        return self.form.name in _FILES


def init(app: Flask) -> None:
    app.jinja_env.globals["is_sendable"] = is_sendable


def is_sendable(one: Opened) -> bool:
    """Whether a command can send the request again."""
    return sent(one.exchange, one.call, one.format) is not None


@blueprint.get("/e/<uid>/as")
def forms(uid: str) -> str:
    """Every form; for the menu of a page (``?menu=1``) only their names."""
    page, subject = _loaded(uid)
    found = copyas.copies(subject)
    if request.args.get("menu"):
        return render_template("exchange/_copy_as.html", uid=uid, forms=[one.form for one in found])
    return plain(tab_page("exchange/copy_as.html", page, "as", copies=[_view(*one) for one in found]))


def _view(form: copyas.Form, text: str) -> CopyView:
    text = text.rstrip("\n")
    if context.is_exported():  # all of it or nothing, and no larger than it has to be
        left = max(len(text) - KEPT, 0)
        html = Markup("") if left or form.name in _FILES else context.slim(escape(visible(text)))
        return CopyView(form, html, left)
    shown = text[:SHOWN]
    html = code_html(shown, form.language) if form.language else escape(visible(shown))
    return CopyView(form, html, len(text) - len(shown))


@blueprint.get("/e/<uid>/as/<name>")
def one_form(uid: str, name: str) -> Response:
    """One form as plain text."""
    form = next((form for form in copyas.FORMS if form.name == name), None)
    text = form.write(_loaded(uid).subject) if form else None
    if text is None:
        abort(404, "This exchange cannot be put so.")
    response = make_response(text.encode("utf-8", "surrogateescape"))
    response.content_type = "text/plain; charset=utf-8"
    return response


class _Loaded(NamedTuple):
    """An exchange read and decoded once: as the page has it around the forms, and as the forms are made of it."""

    page: Opened
    subject: copyas.Subject


def _loaded(uid: str) -> _Loaded:
    row = row_of(uid)
    if row is None:
        abort(gone(uid))
    recording, recorded = held(row)
    if recorded is None:
        opened(uid)  # says why
        abort(410)
    file = _file(row, recorded, len(recording.exchanges) == 1)
    place = otel_json.place(row.uid, row.path, row.entry, recording.format, row.group_kind, row.group_id)
    exchange, call = decoded.masked(replace(recorded, raw=None), Secrets().found)
    subject = copyas.Subject(exchange, call, place, sent(exchange, call, recording.format), file)
    return _Loaded(Opened(row, recording.format, exchange, call, marks(exchange, call)), subject)


def _file(row: Row, exchange: Exchange, is_alone: bool) -> copyas.File | None:
    """Where an exchange is kept: on this machine, or in a page that may go anywhere, in its repository. None where no
    program finds it: what was pasted, or lies in an archive within another."""
    outer, inner = _divided(row.path)
    if pastes.is_pasted(row.uid) or any(archives.is_archive(above) for above in _above(inner)):
        return None
    place = context.library().roots.place(outer)
    path = place.in_repository if context.is_exported() else place.file
    return copyas.File(path, inner, exchange.entry, exchange.position, exchange.raw, is_alone, _reading(row.path))


def _divided(path: str) -> tuple[str, str]:
    """A path as the file that lies on the disk, and what it names in there where that is an archive."""
    for outer in _above(path):
        if archives.is_archive(outer) and os.path.isfile(context.library().roots.place(outer).file):
            return outer, path[len(outer) + 1 :]
    return path, ""


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _reading(path: str) -> Callable[[], bytes]:
    roots = context.library().roots

    def read() -> bytes:
        try:
            return reader.original(roots, path)
        except Unreadable:
            return b""

    return read
