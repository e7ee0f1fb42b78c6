"""What says who recorded it: home directories, and hosts of private networks. Off unless somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.checks.finding import Finding
from inspector.checks.said_parts import said
from inspector.model import Exchange, ModelCall, jsonio
from inspector.model.expressions import expression

_HOME = expression(
    r"(?:(?<![\w.])/(?:home|Users)/|(?<![A-Za-z])[A-Za-z]:(?:\\{1,4}|/)Users(?:\\{1,4}|/))([\w][\w.-]{0,63})"
)
_NOBODY = frozenset(
    {"user", "username", "users", "you", "yourname", "your-name", "me", "runner", "root", "ubuntu", "ec2-user", "app"}
    | {"shared", "public", "default", "name", "node", "vscode", "codespace", "jovyan", "admin", "developer", "dev"}
    | {"guest", "runneradmin", "circleci", "vsts", "example", "someone", "somebody", "test", "testuser", "appuser"}
    | {"alice", "bob", "john", "jane", "johndoe", "jdoe"}
)
"""Accounts that everybody has, or nobody."""

_HOST = expression(
    r"(?<![\w.@-])(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,6}(?:internal|corp|lan|intranet|home\.arpa|localdomain)(?![\w-]|\.\w)"
    r"|://(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}(?![\d.])"
)
_NO_HOST = ("docker.internal", "compute.internal", "metadata.google.internal", "kubernetes.internal")
"""Names that every machine of their kind has."""

_TELLING = ("/home/", "/users/", ":\\", "users\\", ".internal", ".corp", ".lan", ".intranet", ".home.arpa",
            ".localdomain", "://10.", "://192.168.", "://172.")  # fmt: skip


def personal(exchange: Exchange, call: ModelCall) -> Iterator[Finding]:
    """Each place of a masked exchange that names a home directory, or such a host."""
    yield from _in("address", None, exchange.request.url)
    yield from _in("settings", None, jsonio.dumps(dict(call.prompt.settings)))
    for one in said(call):
        yield from _in(one.where, one.part, one.joined)


def _in(where: str, part: int | None, text: str) -> Iterator[Finding]:
    lowered = text.lower()
    if not any(word in lowered for word in _TELLING):
        return
    for found in _HOME.finditer(text):
        if found[1].lower().rstrip(".") not in _NOBODY:
            yield Finding("P801", f"a path in the home directory of {found[1]}", where, part)
            break
    for host in _HOST.finditer(text):
        if not host.group().lower().endswith(_NO_HOST):
            yield Finding("P802", f"the host {host.group().removeprefix('://')}", where, part)
            break
