"""What pages do differently when they become files: what is long comes in pages that are the same from wherever one
comes, each with one address. Whoever asks for another is led to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn
from urllib.parse import urlencode

from flask import Flask, Response, abort, render_template, request
from markupsafe import Markup

from inspector.index import Row
from inspector.index.store import Index
from inspector.web import rendering
from inspector.web.conversation import Timeline
from inspector.web.kept import once
from inspector.web.list_windows import Place, grouped
from inspector.web.windows import fixed_stretch, fixed_text_stretch

PLACES = ("at", "from", "until")
"""The parameters of an address that say which page of something long it shows."""

ONLY_WHERE = "inspector.only_where"
"""In the environment of a request that asks only whether its address is that of a page: no page is made then."""

NEAR = 6
"""Exchanges before and after one that stand in the list beside it."""


def init(app: Flask) -> None:
    app.jinja_env.globals["listed"] = listed


def led_to(address: str) -> NoReturn:
    """Lead to another address, relative to the root."""
    abort(rendering.led_to(address))


def numbered(size: int, at: int | None, begin: int | None, end: int | None) -> None:
    """Lead to the page of numbered things that holds what is asked for, unless this is it."""
    if rendering.is_exported():
        _settled(fixed_stretch(size, at, begin, end), at, begin, end)


def written(text: str, size: int, begin: int | None, end: int | None) -> None:
    """The same for the page of a text."""
    if rendering.is_exported():
        _settled(fixed_text_stretch(text, size, begin, end), None, begin, end)


def _settled(first: int, at: int | None, begin: int | None, end: int | None) -> None:
    if (at, begin, end) != (None, first or None, None):
        led_to(_own_address({"from": str(first)} if first else {}))
    _is_here()


def _is_here() -> None:
    """Say that the address is that of a page, to whoever asks only for that."""
    if request.environ.get(ONLY_WHERE):
        abort(Response(status=204))


def conversed(shown: Timeline, opens: Timeline) -> None:
    """The same for the page of a conversation; `opens` is the one that opens without a place."""
    pairs = ((shown.shown, opens.shown), (shown.answered, opens.answered))
    begins = [its.begin for its, first in pairs if its.begin != first.begin]
    asked = {name: request.args.getlist(name) for name in PLACES if name in request.args}
    if asked != ({"from": begins} if begins else {}):
        led_to(_own_address({"from": begins} if begins else {}))
    _is_here()


def told(begin: str, begins: Sequence[str], address: str, uid: str) -> None:
    """The same for the page of a story that an exchange stands on, which begins with another one; `begins` are the
    first exchanges of its pages."""
    wanted = f"{address}{'&' if '?' in address else '?'}from={begin}" if begin != begins[0] else address
    if rendering.self_url() != wanted:
        led_to(wanted + (f"#x-turn-{uid}" if uid != begin else ""))
    _is_here()


def _own_address(place: dict[str, str] | dict[str, list[str]]) -> str:
    kept = {name: value for name, value in request.args.items() if name not in (*PLACES, "q")} | place
    return request.path.lstrip("/") + (f"?{urlencode(kept, doseq=True)}" if kept else "")


# ---------------------------------------------------------------- the list


def list_places() -> list[Place]:
    """The places of the list's pages, one after the other."""
    return once("list", None, lambda: list(_walked(rendering.library().index)))


def _walked(index: Index) -> Iterable[Place]:
    place: Place | None = {}
    while place is not None:
        yield place
        place = grouped(index, None, place).after


def near(row: Row) -> list[Row]:
    """An exchange and those that stand beside it in the list of its group."""
    return once("near", row.uid, lambda: rendering.library().index.rows_near(row, NEAR))


def listed(rows: Sequence[Row]) -> Markup:
    """Exchanges as the list beside a page, which is the same on all pages of one of them that lie as deep."""
    key = (rendering.root(), *(row.uid for row in rows))
    return once("listed", key, lambda: Markup(render_template("_neighbours.html", neighbours=rows)))  # noqa: S704
