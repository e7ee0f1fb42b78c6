"""Who may ask, and what a browser may do with the answer.

The server is on somebody's own machine and shows what hostile text a model printed. A web page elsewhere must not be
able to read it (DNS rebinding, cross-site requests, framing), and nothing recorded may run.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, current_app, redirect, request

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from inspector.web.settings import Settings

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

_TELLING = ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request", "HX-Target", "X-Root", "X-Level")
"""Request headers that change what an address answers."""

LONGEST_ADDRESS = 8_000
"""Characters after the ``?`` of an address, which every link of a page repeats."""

_LOCAL_NAMES = frozenset({"localhost", "localhost.localdomain"})
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::[0-9]+)?")


def init(app: Flask, settings: Settings) -> None:
    app.config["SETTINGS"] = settings
    app.before_request(_check)
    app.after_request(_protect)


def _check() -> AnyResponse | None:
    settings: Settings = current_app.config["SETTINGS"]
    if request.path.startswith("//"):  # relative links on such a page would lead to another host
        return Response("Not found\n", 404, content_type="text/plain")
    if len(request.environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        return _refused(414, f"The address is longer than {LONGEST_ADDRESS:,} characters.")
    if not _names_us(request.environ.get("HTTP_HOST", ""), settings.allowed_hosts):
        return _refused(403, "The address names a host that this server does not go by (--allow-host adds one).")
    if not _same_site():
        return _refused(403, "The request comes from another site.")
    return _check_token(settings.token)


def _names_us(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a Host header names this server: a loopback name or address, or one that was allowed."""
    match = _HOST.fullmatch(host)  # two headers arrive joined by a comma
    if match is None:
        return False
    name = (match[1] or match[2]).lower().rstrip(".")
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
        kept = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "token"])
        answer = redirect("./" + quote(request.path.rpartition("/")[2], safe="") + (f"?{kept}" if kept else ""))
        answer.set_cookie(_cookie(token), token, httponly=True, samesite="Lax", max_age=30 * 24 * 3600)
        return answer
    if not secrets.compare_digest(request.cookies.get(_cookie(token), "").encode(), token.encode()):
        return _refused(401, "This server asks for the token that it printed when it started.")
    return None


def _refused(status: int, why: str) -> Response:
    """An answer for strangers: every page of ours names what is served."""
    return Response(f"{why}\n", status, content_type="text/plain; charset=utf-8")


def _cookie(token: str) -> str:
    """A name of its own for each server: browsers share cookies between the ports of a host."""
    return f"inspector-{blake2b(token.encode(), digest_size=4).hexdigest()}"


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.update(_TELLING)
    return response
