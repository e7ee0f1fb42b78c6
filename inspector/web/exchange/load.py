"""An exchange opened: read from its file, masked and understood; or what became of it where that cannot be done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, abort, current_app, make_response, render_template

from inspector.analysis.issues import Mark, marks
from inspector.decode import decoder
from inspector.formats import Recording
from inspector.formats.reading.lines import Line
from inspector.index import Row
from inspector.model import Exchange, ModelCall
from inspector.redaction import decoded, mask
from inspector.web.rendering import context
from inspector.web.rendering.memo import once
from inspector.web.uploads import pastes


@dataclass(frozen=True, slots=True)
class Opened:
    """An exchange read afresh from its file, with its secrets masked, understood."""

    row: Row
    format: str | None
    exchange: Exchange
    call: ModelCall
    marks: tuple[Mark, ...]


def opened(uid: str, raw: bool = False) -> Opened:
    """The exchange of an id, or an error page that says what became of it; with its `raw` entry where that is shown."""
    row = row_of(uid)
    if row is None:
        abort(gone(uid))
    one = open_row(row, raw)
    if one is None:
        abort(unreadable(row))
    return one


def row_of(uid: str) -> Row | None:
    """The row of an id, in the index or among what was pasted."""
    return pastes.row(uid) if pastes.is_pasted(uid) else context.library().index.row(uid)


def open_row(row: Row, raw: bool = False) -> Opened | None:
    """The exchange of a row; None where its file no longer holds it. Looking for secrets in its `raw` entry, which
    repeats all of it, takes as long as the rest."""
    return once("exchange", (row.uid, raw), lambda: _read(row, raw))


def _read(row: Row, raw: bool) -> Opened | None:
    recording, exchange = held(row)
    if exchange is None:
        return None
    exchange, call = _masked(exchange if raw else replace(exchange, raw=None))
    if row.title and not exchange.title:  # as the root of a trace says it, which one span alone does not know
        exchange = replace(exchange, title=row.title)
    return Opened(row, recording.format, exchange, call, marks(exchange, call))


def _masked(exchange: Exchange) -> decoded.Masked:
    settings = current_app.config["SETTINGS"]
    if settings.unmasked:
        return decoded.Masked(exchange, decoder.decode(exchange))
    return decoded.masked(exchange) if settings.exported else decoded.masked(exchange, mask.numbered())


def held(row: Row) -> tuple[Recording, Exchange | None]:
    """The recording of a row as it is now, and the exchange, None where the file no longer holds it."""
    at = None if row.position is None else Line(row.entry, row.position)
    pasted = pastes.of(row.uid)
    recording = pasted.recording() if pasted else context.library().recording(row.path, at, row.format)
    return recording, recording.exchange(row.entry)


def unreadable(row: Row) -> Response:
    """The page that says why a file no longer holds an exchange."""
    recording = context.library().recording(row.path)
    writing = recording.truncated or row.state == "writing"
    why = "It is being written." if writing else f"Its file says nothing any more: {recording.broken}."
    return make_response(
        render_template("shared/error.html", title=row.path, why=why, uid=row.uid), 503 if writing else 410
    )


def gone(uid: str) -> Response:
    """An id that is gone says so, and offers its test's exchanges and the file's other places."""
    index = context.library().index
    lost = index.gone(uid)
    if pastes.is_pasted(uid):
        why = f"It was pasted, and only the last {pastes.MOST} pastes are kept, and only while the server runs."
        return make_response(render_template("shared/error.html", title="It is gone", why=why, uid=uid), 404)
    if lost is None:
        progress = context.library().progress
        why = "No recording here has this id."
        if any(root.homes for root in context.library().roots.all):
            why += " Ids count from the root of a repository. Where an archive does not tell what it was made of, its"
            why += " ids are others: a test id, the recorder's hash or a path leads there all the same."
        if progress.running:
            why = f"It is not read yet: {progress.done} of {progress.total} files are."
        return make_response(
            render_template("shared/error.html", title="There is no such exchange", why=why, uid=uid), 404
        )
    moved = index.with_stem(lost.stem)
    others = [row for kind in ("test", "session", "file") for row in index.of_group(kind, lost.group_id, 50)]
    return make_response(render_template("exchange/gone.html", gone=lost, moved=moved, others=others, uid=uid), 410)
