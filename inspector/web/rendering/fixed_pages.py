"""What pages do differently when they become files: what is long comes in pages that are the same from wherever one
comes, each with one address. Whoever asks for another is redirected: functions named ``redirect_to_…`` end the request
then, and return where the address is the page's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn
from urllib.parse import urlencode

from flask import Response, abort, request

from inspector.web.rendering import context
from inspector.web.rendering.paging import Window, fixed_stretch, fixed_text_stretch

PAGE_PARAMETERS = ("at", "from", "until")
"""The parameters of an address that say which page of something long it shows."""

ONLY_WHERE = "inspector.only_where"
"""In the environment of a request that asks only whether its address is that of a page: no page is made then."""


def led_to(address: str) -> NoReturn:
    """Lead to another address, relative to the root."""
    abort(context.led_to(address))


def redirect_to_numbered_page(size: int, at: int | None, begin: int | None, end: int | None) -> None:
    """Where pages become files: abort with a redirect to the page of numbered things that holds what is asked for,
    unless this is it."""
    if context.is_exported():
        _settled(fixed_stretch(size, at, begin, end), at, begin, end)


def redirect_to_text_page(text: str, size: int, begin: int | None, end: int | None) -> None:
    """The same for the page of a text."""
    if context.is_exported():
        _settled(fixed_text_stretch(text, size, begin, end), None, begin, end)


def _settled(first: int, at: int | None, begin: int | None, end: int | None) -> None:
    if (at, begin, end) != (None, first or None, None):
        led_to(_own_address({"from": str(first)} if first else {}))
    _is_here()


def _is_here() -> None:
    """Say that the address is that of a page, to whoever asks only for that."""
    if request.environ.get(ONLY_WHERE):
        abort(Response(status=204))


def redirect_to_timeline_page(shown: Sequence[Window], opens: Sequence[Window]) -> None:
    """The same for the page of a conversation, by its windows; `opens` are those of the page without a place."""
    begins = [its.begin for its, first in zip(shown, opens, strict=True) if its.begin != first.begin]
    asked = {name: request.args.getlist(name) for name in PAGE_PARAMETERS if name in request.args}
    if asked != ({"from": begins} if begins else {}):
        led_to(_own_address({"from": begins} if begins else {}))
    _is_here()


def redirect_to_story_page(begin: str, begins: Sequence[str], address: str, uid: str) -> None:
    """The same for the page of a story that an exchange stands on, which begins with another one; `begins` are the
    first exchanges of its pages."""
    wanted = f"{address}{'&' if '?' in address else '?'}from={begin}" if begin != begins[0] else address
    if context.self_url() != wanted:
        led_to(wanted + (f"#x-turn-{uid}" if uid != begin else ""))
    _is_here()


def _own_address(place: dict[str, str] | dict[str, list[str]]) -> str:
    kept = {name: value for name, value in request.args.items() if name not in (*PAGE_PARAMETERS, "q")} | place
    return request.path.lstrip("/") + (f"?{urlencode(kept, doseq=True)}" if kept else "")
