"""Text as words of a command for bash, whatever it holds."""

from __future__ import annotations

import re

from inspector.output.copyas.variables import Pieces, Variable

_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,-]+")
_QUIET = re.compile(r"[A-Za-z0-9 _.,:;/=@%+?&()\[\]{}<>|~^#*-]*")
"""What means nothing between double quotes."""


def word(text: str) -> str:
    """A text as one word, without quotes where it needs none."""
    return text if _PLAIN.fullmatch(text) else _single(text)


def quoted(pieces: Pieces) -> str:
    """A text with variables as one word in quotes."""
    if any(isinstance(piece, Variable) for piece in pieces) and all(
        isinstance(piece, Variable) or _QUIET.fullmatch(piece) for piece in pieces
    ):
        return f'"{"".join(_within(pieces))}"'
    return "".join(f'"${piece.name}"' if isinstance(piece, Variable) else _single(piece) for piece in pieces) or "''"


def _within(pieces: Pieces) -> list[str]:
    """Pieces between double quotes: a letter after a variable would be taken for a part of its name."""
    after = [*pieces[1:], ""]
    return [
        piece
        if isinstance(piece, str)
        else f"${{{piece.name}}}"
        if isinstance(nxt, str) and re.match(r"[\w\[]", nxt)
        else f"${piece.name}"
        for piece, nxt in zip(pieces, after, strict=True)
    ]


def _single(text: str) -> str:
    """A text between single quotes; with what no terminal should be given written as numbers."""
    if text.replace("\n", "").isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    return f"$'{''.join(map(_escaped, text))}'"


_ESCAPES = {"\\": "\\\\", "'": "\\x27", "!": "\\x21", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else "".join(f"\\x{byte:02x}" for byte in octets(character))


def octets(text: str) -> bytes:
    """The bytes of a text: of a file's name those that it has, of a lone surrogate a question mark."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def printed(pieces: Pieces) -> str:
    """A command that prints a text that no word can hold, for it has a NUL."""
    format = "".join("%s" if isinstance(piece, Variable) else "".join(map(_formatted, piece)) for piece in pieces)
    given = "".join(f' "${piece.name}"' for piece in pieces if isinstance(piece, Variable))
    return f"printf '{format}'{given}"


def _formatted(character: str) -> str:
    if character in "%\\'":
        return {"%": "%%", "\\": "\\\\", "'": "\\047"}[character]
    if character == "\n" or character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in octets(character))
