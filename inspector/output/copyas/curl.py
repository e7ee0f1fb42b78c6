"""A command for curl, to be run in bash."""

from __future__ import annotations

import re

from inspector.decode.framing.media_types import mime_type
from inspector.output.copyas.form import Form, Subject
from inspector.output.copyas.json_escapes import json_pieces
from inspector.output.copyas.sendable import Sent
from inspector.output.copyas.shell import octets, printed, quoted
from inspector.output.copyas.variables import Pieces
from inspector.output.plural import size

LONGEST = 100_000
"""Bytes of a body that are given as one argument: Linux takes 128 KiB."""

_GLOBBED = re.compile(r"[\[\]{}]")


def write(subject: Subject) -> str | None:
    sent = subject.sent
    if sent is None:
        return None
    body = _body(sent)
    text = "".join(piece for piece in body or () if isinstance(piece, str))
    is_piped = body is not None and ("\0" in text or len(octets(text)) > LONGEST)
    given = _given(sent, subject.call.streamed)
    notes = [f"# {note}\n" for note in sent.notes]
    before = ""
    if sent.data is not None:
        kind = mime_type(sent.data) or "bytes"
        notes.append(f"# The body is no text ({kind}, {size(len(sent.data))}): save it as request.bin.\n")
        given.append("--data-binary @request.bin")
    elif is_piped and body is not None:
        before = (printed(body) if "\0" in text else f"printf %s {quoted(body)}") + " |\n"
        given.append("--data-binary @-")
    elif body is not None:
        given.append(f"--data-raw {quoted(body)}")
    return "".join(notes) + before + " \\\n  ".join(given) + "\n"


def _given(sent: Sent, streamed: bool) -> list[str]:
    """The address, the method where curl would take another, and the headers."""
    options = "".join(
        option
        for option, is_meant in ((" --no-buffer", streamed), (" --globoff", _GLOBBED.search(sent.url)))
        if is_meant
    )
    given = [f"curl{options} {quoted(sent.names.pieces(sent.url))}"]
    has_body = bool(sent.value) or sent.text is not None or sent.data is not None
    if sent.method == "HEAD" and not has_body:
        given.append("--head")
    elif sent.method != ("POST" if has_body else "GET"):
        given.append(f"-X {quoted([sent.method])}")
    given += [
        f"-H {quoted(sent.names.pieces(f'{name}: {value}' if value else f'{name};'))}" for name, value in sent.headers
    ]
    if has_body and sent.header("content-type") is None:
        given.append("-H 'content-type:'")  # else curl says that it is a form
    return given


def _body(sent: Sent) -> Pieces | None:
    if sent.value:
        return json_pieces(sent.value[0], sent.names)
    return None if sent.text is None else sent.names.pieces(sent.text)


FORM = Form("curl", "curl", "bash", "A command that sends the request again, for bash.", write)
