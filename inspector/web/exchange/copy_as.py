"""An exchange to be copied as something else: a page of all its forms, and each of them as plain text."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, make_response, render_template, request
from markupsafe import Markup, escape

from inspector.files import archives
from inspector.files.roots import Unreadable
from inspector.index import Row
from inspector.library import reader
from inspector.model import Exchange
from inspector.output import copyas, otel_json
from inspector.output.copyas.sendable import sent
from inspector.output.copyas.variables import Secrets
from inspector.output.escape import visible
from inspector.redaction import decoded
from inspector.web.exchange.load import gone, held, opened, row_of
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


@blueprint.get("/e/<uid>/as")
def forms(uid: str) -> str:
    """Every form; for the menu of a page (``?menu=1``) only their names."""
    subject = _subject(uid)
    found = copyas.copies(subject)
    if request.args.get("menu"):
        return render_template("exchange/_copy_as.html", uid=uid, forms=[one.form for one in found])
    return tab_page("exchange/copy_as.html", opened(uid), "as", copies=[_view(*one) for one in found])


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
    text = form.write(_subject(uid)) if form else None
    if text is None:
        abort(404, "This exchange cannot be put so.")
    response = make_response(text.encode("utf-8", "surrogateescape"))
    response.content_type = "text/plain; charset=utf-8"
    return response


def _subject(uid: str) -> copyas.Subject:
    row = row_of(uid)
    if row is None:
        abort(gone(uid))
    recording, exchange = held(row)
    if exchange is None:
        opened(uid)  # says why
        abort(410)
    file = _file(row, exchange, len(recording.exchanges) == 1)
    place = otel_json.place(row.uid, row.path, row.entry, recording.format, row.group_kind, row.group_id)
    exchange, call = decoded.masked(replace(exchange, raw=None), Secrets().found)
    return copyas.Subject(exchange, call, place, sent(exchange, call, recording.format), file)


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
