"""One exchange: its conversation and the four other tabs, its parts one by one, and the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from flask import Blueprint, Response, abort, g, make_response, render_template, request, send_file

from inspector import jsonio, masking, reader, redact, show
from inspector.formats import Recording
from inspector.formats.source import Line
from inspector.index import Row
from inspector.model import Body, Exchange, ModelCall
from inspector.oddities import Mark, marks
from inspector.roots import Unreadable
from inspector.story import Turn, around, connected, story
from inspector.visible import visible_line
from inspector.web import media, paste, rendering
from inspector.web.bodies import MOST_SHOWN, BodyView, Text, asked, body_view, cut, json_text, limit, plain_view
from inspector.web.conversation import Later, calls, first_new, timeline
from inspector.web.parts import part_bytes, part_text, parts
from inspector.web.streaming import stream
from inspector.web.tokens import WINDOW, tokens_view

blueprint = Blueprint("exchange", __name__)

TABS = (
    ("", "Conversation"),
    ("stream", "Stream"),
    ("request", "Request"),
    ("response", "Response"),
    ("raw", "Raw"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """An exchange read afresh from its file, with its secrets masked, understood."""

    row: Row
    format: str | None
    exchange: Exchange
    call: ModelCall
    marks: tuple[Mark, ...]


def opened(uid: str) -> Opened:
    """The exchange of an id, or an error page that says what became of it."""
    row = _row(uid)
    if row is None:
        abort(_gone(uid))
    one = open_row(row)
    if one is None:
        abort(_unreadable(row))
    return one


def _row(uid: str) -> Row | None:
    """The row of an id, in the index or among what was pasted."""
    return paste.row(uid) if paste.is_pasted(uid) else rendering.library().index.row(uid)


def open_row(row: Row) -> Opened | None:
    """The exchange of a row; None where its file no longer holds it."""
    recording, exchange = held(row)
    if exchange is None:
        return None
    exchange, call = masking.masked(exchange, redact.numbered())
    return Opened(row, recording.format, exchange, call, marks(exchange, call))


def held(row: Row) -> tuple[Recording, Exchange | None]:
    """The recording of a row as it is now, and the exchange, None where the file no longer holds it."""
    at = None if row.position is None else Line(row.entry, row.position)
    pasted = paste.of(row.uid)
    recording = pasted.recording() if pasted else rendering.library().recording(row.path, at)
    return recording, next((one for one in recording.exchanges if one.entry == row.entry), None)


def _unreadable(row: Row) -> Response:
    recording = rendering.library().recording(row.path)
    writing = recording.truncated or row.state == "writing"
    why = "It is being written." if writing else f"Its file says nothing any more: {recording.broken}."
    return make_response(render_template("error.html", title=row.path, why=why, uid=row.uid), 503 if writing else 410)


def _gone(uid: str) -> Response:
    """An id that is gone says so, and offers its test's exchanges and the file's other places."""
    index = rendering.library().index
    gone = index.gone(uid)
    if paste.is_pasted(uid):
        why = f"It was pasted, and only the last {paste.MOST} pastes are kept, and only while the server runs."
        return make_response(render_template("error.html", title="It is gone", why=why, uid=uid), 404)
    if gone is None:
        progress = rendering.library().progress
        why = "No recording here has this id."
        if progress.running:
            why = f"It is not read yet: {progress.done} of {progress.total} files are."
        return make_response(render_template("error.html", title="There is no such exchange", why=why, uid=uid), 404)
    moved = index.with_stem(gone.stem)
    others = [row for kind in ("test", "session", "file") for row in index.of_group(kind, gone.group_id, 50)]
    return make_response(render_template("gone.html", gone=gone, moved=moved, others=others, uid=uid), 410)


@blueprint.get("/e/<uid>")
def conversation(uid: str) -> str:
    one = opened(uid)
    line = _story_of(one.row)
    view = timeline(one.call, one.marks, later=_later(one, line))
    _, turn, _ = around(line, uid)
    new = first_new(view, messages_known(turn, one.call)) if turn else None
    mode = request.args.get("text", "")
    return _tab(
        "exchange.html", one, "", view=view, mode=mode if mode in ("plain", "tokens") else "", new=new,
        has_tokens=any(getattr(part, "tokens", ()) for _, part in parts(one.call)),
        plain=plain_view(one.exchange, one.call, _whole(), _as_sent()),
    )  # fmt: skip


def messages_known(turn: Turn, call: ModelCall) -> int:
    """How many of a prompt's messages its turn repeats: the index counts instructions as a message before them."""
    return max(turn.known - bool(call.prompt.system), 0)


def _later(one: Opened, line: list[Turn]) -> Later | None:
    """The exchange that goes on from this one's reply with the results of its tool calls."""
    if not any(calls(reply) for reply in one.call.replies):
        return None
    turn = next((turn for turn in line if turn.parent and turn.parent.uid == one.row.uid and turn.follows_reply), None)
    next_one = open_row(turn.row) if turn else None
    if turn is None or next_one is None:
        return None
    number = messages_known(turn, next_one.call) - 1
    messages = next_one.call.prompt.messages
    return Later(turn.row.uid, messages, number) if 0 <= number < len(messages) else None


@blueprint.get("/e/<uid>/before")
def before(uid: str) -> str:
    """The messages that an exchange repeats from the one before it, as a fragment (``?to=`` says how many)."""
    one = opened(uid)
    view = timeline(one.call, one.marks, last=request.args.get("to", 0, int))
    return render_template("_before.html", row=one.row, view=view, together=True)


@blueprint.get("/e/<uid>/stream")
def stream_tab(uid: str) -> str:
    one = opened(uid)
    return _tab("stream.html", one, "stream", view=stream(one.call, request.args.get("at", None, int)))


@blueprint.get("/e/<uid>/request")
def request_tab(uid: str) -> str:
    one = opened(uid)
    return _tab("request.html", one, "request", body=_body(asked(one.exchange)))


@blueprint.get("/e/<uid>/response")
def response_tab(uid: str) -> str:
    one = opened(uid)
    response = one.exchange.response
    body = None
    if response and response.body and (response.body.kind == "frames" or not one.call.streamed):
        body = _body(response.body)
    assembled = None
    if one.call.replies and (body is None or body.frames):
        assembled = _text(jsonio.dumps([show.message_json(reply) for reply in one.call.replies], indent=True))
    return _tab("response.html", one, "response", body=body, assembled=assembled)


@blueprint.get("/e/<uid>/raw")
def raw_tab(uid: str) -> str:
    one = opened(uid)
    return _tab("raw.html", one, "raw", body=_text(json_text(one.exchange.raw)))


def _tab(template: str, one: Opened, tab: str, **values: object) -> str:
    line = _story_of(one.row)
    before, turn, after = around(line, one.row.uid)
    return render_template(
        template,
        one=one,
        row=one.row,
        tab=tab,
        tabs=TABS,
        before=before,
        position=line.index(turn) + 1 if turn else 0,
        in_story=len(line),
        after=after,
        query=request.args.get("q", ""),
        whole=_whole(),
        **values,
    )


def _story_of(row: Row) -> list[Turn]:
    """The story that an exchange is told in: guards and infrastructure have one of their own.

    Files without a test stand in their folder, where only those that go on from each other are one story.
    """
    if "story" not in g:
        pasted = paste.of(row.uid)
        index = rendering.library().index
        rows = pasted.rows if pasted else index.rows_around(row)
        turns = story([other for other in rows if bool(other.fold) == bool(row.fold)])
        g.story = turns if row.shelf == row.group_id else connected(turns, row)
    return g.story  # type: ignore[no-any-return]


# ---------------------------------------------------------------- bodies


def _body(body: Body | None) -> BodyView | None:
    return body_view(body, _whole(), _as_sent())


def _text(text: str) -> Text:
    return cut(text, limit(_whole()))


def _whole() -> bool:
    return request.args.get("all") == "1"


def _as_sent() -> bool:
    return request.args.get("as") == "sent"


@blueprint.get("/e/<uid>/body/<which>")
def body(uid: str, which: str) -> Response:
    """The bytes of a body that is no text: as a file, or for a page to show (``?as=media``)."""
    exchange = opened(uid).exchange
    holder = {"request": exchange.request, "response": exchange.response}.get(which)
    recorded = holder.body if holder else None
    if recorded is None or recorded.kind != "bytes" or not isinstance(recorded.value, bytes):
        abort(404, "There are no such bytes.")
    if request.args.get("as") == "media":
        return media.shown(recorded.value) or abort(404, "No page shows such bytes.")
    return media.download(recorded.value, which)


# ---------------------------------------------------------------- parts, secrets, the file


@blueprint.get("/e/<uid>/part/<anchor>")
def part(uid: str, anchor: str) -> Response | str:
    """One part whole: as plain text for copying (``?as=text``), in a page, or its bytes: as a file (``?as=file``),
    or for a page to show (``?as=media``; a result may hold several, counted by ``n``).
    """
    one = opened(uid)
    found = next((part for name, part in parts(one.call) if name == anchor), None)
    if found is None:
        abort(404, "There is no such part.")
    if request.args.get("as") in ("file", "media"):
        answer = part_bytes(found, anchor, request.args["as"] == "media", request.args.get("n", None, int))
        return answer or abort(404, "There are no such bytes.")
    tokens = getattr(found, "tokens", ())
    if tokens and request.args.get("text") == "tokens":
        view = tokens_view(tokens, request.args.get("from", 0, int), WINDOW)
        return _tab("tokens.html", one, "", anchor=anchor, view=view)
    text = part_text(found)
    if request.args.get("as") == "text":
        response = make_response(text.encode("utf-8", "replace"))
        response.content_type = "text/plain; charset=utf-8"
        return response
    return _tab("part.html", one, "", anchor=anchor, text=cut(text, MOST_SHOWN), tokens=tokens)


@blueprint.post("/e/<uid>/secret/<int:number>")
def secret(uid: str, number: int) -> Response:
    """One masked value in the clear, for the person in front of this machine who asks for it."""
    row = _row(uid)
    exchange = held(row)[1] if row else None
    values = masking.secrets(exchange) if exchange else []
    if not 0 <= number < len(values):
        abort(404)
    response = make_response(render_template("_secret.html", value=values[number]))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/e/<uid>/file")
def file(uid: str) -> Response:
    """The recording as it is on the disk, unmasked: it is the reader's own file."""
    row = _row(uid)
    if row is None:
        abort(_gone(uid))
    pasted = paste.of(uid)
    try:
        content = pasted.data if pasted else reader.original(rendering.library().roots, row.path)
    except Unreadable as error:
        abort(410, f"{row.path}: {error}.")
    name = visible_line(PurePosixPath(row.path).name)  # a header holds no newline
    return send_file(BytesIO(content), "application/octet-stream", as_attachment=True, download_name=name)


@blueprint.get("/e/<uid>/show.json")
def show_json(uid: str) -> Response:
    """The JSON of ``inspector show`` for this exchange."""
    one = opened(uid)
    where = show.place(one.row.uid, one.row.path, one.row.entry, one.format, one.row.group_kind, one.row.group_id)
    text = jsonio.dumps(show.exchange_json(where, one.exchange, one.call), indent=True)
    response = make_response(redact.NUMBERED.sub(redact.MASK, text))
    response.content_type = "application/json"
    return response
