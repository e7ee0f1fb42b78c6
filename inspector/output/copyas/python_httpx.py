"""A program that sends the request again with httpx."""

from __future__ import annotations

from inspector.output.copyas.form import Form, Subject
from inspector.output.copyas.json_escapes import dumped
from inspector.output.copyas.python_literals import is_sendable, literal
from inspector.output.copyas.sendable import Sent

_SHORT = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


def write(subject: Subject) -> str | None:
    sent = subject.sent
    if sent is None:
        return None
    address = literal(sent.url, sent.names)
    given = [*_given(sent), "timeout=600,"]
    if subject.call.streamed:
        opening = f'with httpx.stream(\n    "{sent.method}",\n    {address},\n'
        after = ") as response:\n    for line in response.iter_lines():\n        print(line)\n"
    else:
        function = sent.method.lower() if _is_short(sent) else "request"
        first = "" if _is_short(sent) else f'    "{sent.method}",\n'
        opening = f"response = httpx.{function}(\n{first}    {address},\n"
        after = ")\nprint(response.status_code)\nprint(response.text)\n"
    call = opening + "".join(f"    {line}\n" for line in given) + after
    return program(call, ("httpx",), sent.notes)


def _is_short(sent: Sent) -> bool:
    """Whether httpx has a function of the method's name that takes such a body."""
    has_body = bool(sent.value) or sent.text is not None or sent.data is not None
    return sent.method in _SHORT and not (has_body and sent.method in ("GET", "DELETE"))


def _given(sent: Sent) -> list[str]:
    given = [f"headers={_headers(sent)},"] if sent.headers else []
    if sent.data is not None:
        given.append('content=open("request.bin", "rb").read(),  # the bytes of the body')
    elif sent.value:
        is_plain = isinstance(sent.value[0], (dict, list)) and sent.value[0] and is_sendable(dumped(sent.value[0]))
        body = literal(sent.value[0], sent.names, 4)
        given.append(f"json={body}," if is_plain else f"content=json.dumps({body}),")
    elif sent.text is not None:
        body = literal(sent.text, sent.names, 4)
        given.append(f"content={body}," if is_sendable(sent.text) else f'content={body}.encode("utf-8", "replace"),')
    return given


def _headers(sent: Sent) -> str:
    """Headers as an object, or as pairs where a name stands twice."""
    names = [name.lower() for name, _ in sent.headers]
    pairs = [(literal(name, sent.names), _value(value, sent)) for name, value in sent.headers]
    if len(set(names)) == len(names):
        lines, around = [f"{name}: {value}" for name, value in pairs], "{}"
    else:
        lines, around = [f"({name}, {value})" for name, value in pairs], "[]"
    return "\n".join([around[0], *(f"        {line}," for line in lines), f"    {around[1]}"])


def _value(value: str, sent: Sent) -> str:
    """A header's value; what is not ASCII has to be bytes."""
    written = literal(value, sent.names)
    said = "".join(piece for piece in sent.names.pieces(value) if isinstance(piece, str))
    return written if said.isascii() else f'{written}.encode("utf-8", "replace")'


def program(call: str, libraries: tuple[str, ...], notes: tuple[str, ...]) -> str:
    """A program of one call, with what it imports."""
    own = [name for name in ("json", "os") if f"{name}." in call]
    imports = [*(f"import {name}" for name in own), *([""] if own else []), *libraries_of(libraries)]
    return "\n".join([*(f"# {note}" for note in notes), *imports, "", call])


def libraries_of(libraries: tuple[str, ...]) -> list[str]:
    return [name if " " in name else f"import {name}" for name in libraries]


FORM = Form("httpx", "Python, httpx", "python", "A program that sends the request again, without an SDK.", write)
