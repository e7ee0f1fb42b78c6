"""Who may ask, and what a browser may do with the answer.

The server is on somebody's own machine and shows what hostile text a model printed. A web page elsewhere must not be
able to read it (DNS rebinding, cross-site requests, framing), and nothing recorded may run.
"""

from __future__ import annotations

import ipaddress
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, redirect, request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from inspector.web.app import Settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_COOKIE = "inspector-token"
_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain"})


def init(app: Flask, settings: Settings) -> None:
    app.config["SETTINGS"] = settings
    app.before_request(_check)
    app.after_request(_protect)


def _check() -> AnyResponse | None:
    settings: Settings = current_app.config["SETTINGS"]
    if not _names_us(request.environ.get("HTTP_HOST", ""), settings.allowed_hosts):
        abort(403, "The address names a host that this server does not go by (--allow-host adds one).")
    if not _same_site():
        abort(403, "The request comes from another site.")
    return _check_token(settings.token)


def _names_us(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a Host header names this server: a loopback name or address, or one that was allowed."""
    if not host or "," in host or any(char.isspace() for char in host):  # two headers arrive joined by a comma
        return False
    try:
        name = (urlsplit(f"//{host}").hostname or "").lower().rstrip(".")
    except ValueError:
        return False
    return name in allowed or is_loopback(name)


def is_loopback(name: str) -> bool:
    """Whether a host name or address leads to this machine only."""
    if name in _LOCAL_NAMES or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _same_site() -> bool:
    """Whether a page of ours asks, or a person follows a link: links in CI pages are the point."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    navigation = (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
        and request.headers.get("Sec-Fetch-Dest", "document") == "document"
    )
    if site not in (None, "same-origin", "none") and not navigation:
        return False
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == str(request.environ.get("HTTP_HOST", "")).lower()
    except ValueError:
        return False


def _check_token(token: str | None) -> AnyResponse | None:
    """A token in the address is exchanged for a cookie at once, so that no copied link ever carries it."""
    given = request.args.get("token")
    if token is None:
        return None
    if given is not None and secrets.compare_digest(given.encode(), token.encode()):
        answer = redirect(request.path.rpartition("/")[2] or "./")
        answer.set_cookie(_COOKIE, token, httponly=True, samesite="Strict", max_age=30 * 24 * 3600)
        return answer
    if not secrets.compare_digest(request.cookies.get(_COOKIE, "").encode(), token.encode()):
        abort(401, "This server asks for the token that it printed when it started.")
    return None


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.update(["HX-Request", "X-Root"])
    return response
