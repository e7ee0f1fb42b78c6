"""One exchange: its conversation and the four other tabs, its parts one by one, and the file itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import chain
from pathlib import PurePosixPath

from flask import Blueprint, Response, abort, make_response, render_template, request, send_file

from inspector.files.recording_bytes import opened as recorded
from inspector.files.roots import Unreadable
from inspector.model import Body, jsonio
from inspector.output import otel_json
from inspector.output.escape import json_page, visible_line
from inspector.redaction import decoded, mask
from inspector.web.exchange import related
from inspector.web.exchange.body_views import PART, BodyView, Text, asked, body_view, cut, json_text, limit, plain_view
from inspector.web.exchange.chunk_times import chunk_times
from inspector.web.exchange.load import Opened, gone, held, open_row, opened, row_of
from inspector.web.exchange.outline import outline
from inspector.web.exchange.part_content import part_bytes, part_text, part_value, parts
from inspector.web.exchange.part_views import CUT
from inspector.web.exchange.plain_text import plain, plain_body, wants_plain, whole_text
from inspector.web.exchange.search_marks import asked_for, first_hit, place_of
from inspector.web.exchange.stream import WINDOW as CHUNKS
from inspector.web.exchange.stream import finish_url, stream
from inspector.web.exchange.stream_strip import stream_strip
from inspector.web.exchange.timeline import WHERE_IT_OPENS, Later, calls, first_new, from_before, is_windowed, timeline
from inspector.web.exchange.tool_views import TOOLS, tools_view
from inspector.web.list import export_list
from inspector.web.rendering import context, fixed_pages, media_views
from inspector.web.rendering.context import is_exported
from inspector.web.rendering.memo import once
from inspector.web.rendering.paging import Asked, anchor_number
from inspector.web.rendering.token_views import WINDOW as TOKENS
from inspector.web.rendering.token_views import tokens_view
from inspector.web.uploads import pastes

_PIECE = 256 * 1024
"""Bytes of a file that are sent at a time."""

blueprint = Blueprint("exchange", __name__)

TABS = (
    ("", "Conversation"),
    ("stream", "Stream"),
    ("request", "Request"),
    ("response", "Response"),
    ("raw", "Raw"),
)


@blueprint.get("/e/<uid>")
def conversation(uid: str) -> str:
    one = opened(uid)
    near = related.of(one.row)
    known = related.known(one.row, one.call, near)
    hit = first_hit(one.call, marker) if (marker := asked_for()) else None
    asked = _asked()
    if hit and asked == WHERE_IT_OPENS:
        asked = Asked(at=hit[0])
    view = timeline(one.call, one.marks, later=_later(one, near), asked=asked, known=known, fixed=is_exported())
    if is_exported() and is_windowed(one.call):
        opens = timeline(one.call, one.marks, known=known, fixed=True)
        fixed_pages.redirect_to_timeline_page((view.shown, view.answered), (opens.shown, opens.answered))
    new = first_new(view, known)
    mode = request.args.get("text", "")
    return tab_page(
        "exchange/exchange.html", one, "", view=view, mode=mode if mode in ("plain", "tokens") else "", new=new,
        before=from_before(view, new, known), is_searched=marker is not None, outline=outline(one.call),
        beyond=hit if hit and hit[1] > CUT else None,
        around=near, recorded=related.sources(one.row, one.call, view.messages),
        has_tokens=any(getattr(part, "tokens", ()) for _, part in parts(one.call)),
        plain=plain_view(one.exchange, one.call, _whole(), _as_sent()),
    )  # fmt: skip


def _asked() -> Asked:
    """Which place of a long conversation an address names."""
    args = request.args
    return Asked(args.get("at", ""), tuple(args.getlist("from")), tuple(args.getlist("until")), _whole())


def _later(one: Opened, near: related.Around) -> Later | None:
    """The exchange that goes on from this one's reply with the results of its tool calls."""
    if not any(calls(reply) for reply in one.call.replies):
        return None
    link = next((link for link in near.after if link.follows and not link.is_reworded), None)
    next_one = open_row(link.row) if link else None
    if link is None or next_one is None:
        return None
    messages = next_one.call.prompt.messages
    if link.is_linked:
        return Later(link.row.uid, (one.call.replies[0], *messages), 0, is_apart=True)
    number = len(one.row.prompt) - bool(next_one.call.prompt.system)
    return Later(link.row.uid, messages, number) if 0 <= number < len(messages) else None


@blueprint.get("/e/<uid>/before")
def before(uid: str) -> str:
    """The messages that an exchange repeats from the one before it, as a fragment (``?to=`` says how many)."""
    one = opened(uid)
    view = timeline(one.call, one.marks, last=request.args.get("to", 0, int))
    recorded = related.sources(one.row, one.call, view.messages)
    return render_template("exchange/_before.html", row=one.row, view=view, recorded=recorded, together=True)


@blueprint.get("/e/<uid>/stream")
def stream_tab(uid: str) -> str:
    one = opened(uid)
    at = request.args.get("at", None, int)
    fixed_pages.redirect_to_numbered_page(CHUNKS, at, *_stretch())
    times = once("times", uid, lambda: chunk_times(one.exchange, one.call))
    strip = once("strip", uid, lambda: stream_strip(one.call.steps, times.at if times else ()))
    view = stream(one.call, at, *_stretch())
    return tab_page("exchange/stream.html", one, "stream", view=view, strip=strip, times=times, window=CHUNKS)


@blueprint.get("/e/<uid>/tools")
def tools(uid: str) -> str:
    """The tool definitions of a request that has many."""
    one = opened(uid)
    fixed_pages.redirect_to_numbered_page(TOOLS, None, *_stretch())
    return tab_page("exchange/tools.html", one, "", tools=tools_view(one.call.prompt.tools, *_stretch()))


@blueprint.get("/e/<uid>/request")
def request_tab(uid: str) -> Response | str:
    one = opened(uid)
    if wants_plain():
        return plain_body(asked(one.exchange), _as_sent())
    return tab_page("exchange/request.html", one, "request", body=_body(asked(one.exchange)))


@blueprint.get("/e/<uid>/response")
def response_tab(uid: str) -> Response | str:
    one = opened(uid)
    response = one.exchange.response
    if wants_plain() and response and not one.call.streamed:
        return plain_body(response.body, _as_sent())
    body = None
    if response and response.body and (response.body.kind == "frames" or not one.call.streamed):
        body = _body(response.body)
    assembled = None
    if one.call.replies and (body is None or body.frames):
        text = jsonio.dumps([otel_json.message_json(reply) for reply in one.call.replies], indent=True)
        if wants_plain():
            return whole_text(text)
        assembled = _text(text)
    return tab_page("exchange/response.html", one, "response", body=body, assembled=assembled)


@blueprint.get("/e/<uid>/raw")
def raw_tab(uid: str) -> Response | str:
    one = opened(uid, raw=True)
    if wants_plain():
        return whole_text(json_text(one.exchange.raw))
    return tab_page("exchange/raw.html", one, "raw", body=_text(json_text(one.exchange.raw)))


def tab_page(template: str, one: Opened, tab: str, **values: object) -> str:
    values.setdefault("tools", tools_view(one.call.prompt.tools))
    return render_template(
        template,
        one=one,
        row=one.row,
        tab=tab,
        tabs=[known for known in TABS if known[0] != "stream" or one.call.streamed or tab == "stream"],
        place=related.place(one.row),
        finishing=finish_url(one, request.args.get("q", "")),
        query=request.args.get("q", ""),
        whole=_whole(),
        windowed=is_windowed(one.call),
        neighbours=export_list.near(one.row) if is_exported() else (),
        as_sent=_as_sent(),
        **values,
    )


# ---------------------------------------------------------------- bodies


def _body(body: Body | None) -> BodyView | None:
    if is_exported() and any(_stretch()) and (whole := body_view(body, sys.maxsize, _as_sent())) and whole.text:
        fixed_pages.redirect_to_text_page(whole.text.shown, limit(_whole()), *_stretch())
    return body_view(body, limit(_whole()), _as_sent(), _stretch())


def _text(text: str) -> Text:
    fixed_pages.redirect_to_text_page(text, limit(_whole()), *_stretch())
    return cut(text, limit(_whole()), _stretch())


def _stretch() -> tuple[int | None, int | None]:
    """Which of many characters, chunks or tokens are asked for: from which on, and up to which."""
    return request.args.get("from", None, int), request.args.get("until", None, int)


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
        return media_views.shown(recorded.value) or abort(404, "No page shows such bytes.")
    return media_views.download(recorded.value, which)


# ---------------------------------------------------------------- parts, secrets, the file


@blueprint.get("/e/<uid>/part/<anchor>")
def part(uid: str, anchor: str) -> Response | str:
    """One part whole: as plain text for copying (``?as=text``), its JSON alone for the tree (``?as=value``), in a page,
    or its bytes: as a file (``?as=file``), or for a page to show (``?as=media``; a result may hold several, counted by
    ``n``).
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
        fixed_pages.redirect_to_numbered_page(TOKENS, None, *_stretch())
        view = tokens_view(tokens, TOKENS, *_stretch())
        return tab_page("exchange/tokens.html", one, "", anchor=anchor, view=view)
    text = part_text(found)
    if request.args.get("as") in ("text", "value"):
        return plain(text) if request.args["as"] == "text" else whole_text(part_value(found))
    fixed_pages.redirect_to_text_page(text, PART, *_stretch())
    place = place_of(_role(one, anchor), found)
    shown = cut(text, PART, _stretch())
    return tab_page("exchange/part.html", one, "", anchor=anchor, text=shown, tokens=tokens, place_searched=place)


def _role(one: Opened, anchor: str) -> str:
    """The role of the message that a part belongs to."""
    if anchor.startswith("system"):
        return "system"
    number = anchor_number(anchor)
    is_prompt = number is not None and anchor.startswith("m")
    return one.call.prompt.messages[int(number[0][1:])].role if number and is_prompt else "assistant"


@blueprint.post("/e/<uid>/secret/<int:number>")
def secret(uid: str, number: int) -> Response:
    """One masked value in the clear, for the person in front of this machine who asks for it."""
    row = row_of(uid)
    exchange = held(row)[1] if row else None
    values = decoded.secrets(exchange) if exchange else []
    if not 0 <= number < len(values):
        abort(404)
    response = make_response(render_template("exchange/_secret.html", value=values[number]))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/e/<uid>/file")
def file(uid: str) -> Response:
    """The recording as it is on the disk, unmasked: it is the reader's own file."""
    row = row_of(uid)
    if row is None:
        abort(gone(uid))
    pasted = pastes.of(uid)
    pieces = iter([pasted.data]) if pasted else _pieces(row.path)
    try:
        first = next(pieces, b"")
    except Unreadable as error:
        abort(410, f"{row.path}: {error}.")
    name = visible_line(PurePosixPath(row.path).name)  # a header holds no newline
    response = send_file(BytesIO(), "application/octet-stream", as_attachment=True, download_name=name)
    response.response = chain([first], pieces)
    response.direct_passthrough = False
    del response.headers["Content-Length"]
    return response


def _pieces(path: str) -> Iterator[bytes]:
    """The bytes of a recording, never all of them at once. Raises `Unreadable`."""
    with recorded(context.library().roots, path) as file:
        while piece := file.read(_PIECE):
            yield piece


@blueprint.get("/e/<uid>/show.json")
def show_json(uid: str) -> Response:
    """The JSON of ``inspector show`` for this exchange."""
    one = opened(uid)
    where = otel_json.place(one.row.uid, one.row.path, one.row.entry, one.format, one.row.group_kind, one.row.group_id)
    text = json_page(otel_json.exchange_json(where, one.exchange, one.call))
    response = make_response(mask.NUMBERED.sub(mask.MASK, text))
    response.content_type = "application/json"
    return response
