"""The list when it becomes files: its pages one after the other, and the list beside an exchange."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Flask, render_template
from markupsafe import Markup

from inspector.index import Row
from inspector.index.store import Index
from inspector.web.list.list_paging import WindowPlace, grouped
from inspector.web.rendering import context
from inspector.web.rendering.memo import once

NEAR = 6
"""Exchanges before and after one that stand in the list beside it."""


def init(app: Flask) -> None:
    app.jinja_env.globals["listed"] = listed


def list_places() -> list[WindowPlace]:
    """The places of the list's pages, one after the other."""
    return once("list", None, lambda: list(_walked(context.library().index)))


def _walked(index: Index) -> Iterable[WindowPlace]:
    place: WindowPlace | None = {}
    while place is not None:
        yield place
        place = grouped(index, None, place).after


def near(row: Row) -> list[Row]:
    """An exchange and those that stand beside it in the list of its group."""
    return once("near", row.uid, lambda: context.library().index.rows_near(row, NEAR))


def listed(rows: Sequence[Row]) -> Markup:
    """Exchanges as the list beside a page, which is the same on all pages of one of them that lie as deep."""
    key = (context.root(), *(row.uid for row in rows))
    return once("listed", key, lambda: Markup(render_template("list/_neighbours.html", neighbours=rows)))  # noqa: S704
