"""What sessions are called, on pages that know one by its id."""

from __future__ import annotations

from flask import Flask, g

from inspector.web.rendering.context import library


def init(app: Flask) -> None:
    app.jinja_env.globals["session_name"] = session_name


def session_name(id: str) -> str:
    """What a session is called; its id where nothing says."""
    known: dict[str, str] = g.setdefault("session_names", {})
    if id not in known:
        index = library().index
        group = index.group("session", id)
        known[id] = index.session_names([group]).get(group.number, id) if group else id
    return known[id]
