"""Responses are compressed with gzip where that pays and the browser takes it."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

_SMALL = 700
"""Bytes below which compressing costs more than it saves."""

_TYPES = ("text/", "application/json", "image/svg+xml")


def init(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.is_streamed or response.direct_passthrough or response.content_encoding:
        return response
    if not (response.mimetype or "").startswith(_TYPES):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"]:
        return response
    body = response.get_data()
    if len(body) >= _SMALL:
        lasting = "immutable" in response.headers.get("Cache-Control", "")
        response.set_data(_lasting(body) if lasting else gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(64)
def _lasting(body: bytes) -> bytes:
    """Static files are compressed once, and well."""
    return gzip.compress(body, 9, mtime=0)
