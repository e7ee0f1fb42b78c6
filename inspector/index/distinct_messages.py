"""Messages in the index: each distinct one once, with its texts, and which exchange says which. What an exchange goes
by stands among them, as a text of its own, so that words find names as well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from inspector.analysis.exchange_summary import Summary
from inspector.analysis.fingerprint import number as hashed
from inspector.analysis.search_text import TEXT_PLACES, Piece
from inspector.analysis.words import inner, words
from inspector.index.names import Names
from inspector.model import jsonio

REPLY = 1_000_000
"""Where the positions of replies begin."""

NAMED = -(1 << 40)
"""The position of the names of an exchange."""

COLUMNS = (*TEXT_PLACES, *(f"{place}_inner" for place in TEXT_PLACES))
"""Those of the full text: for each place its words, and the words within them."""

_FULL_TEXT = ", ".join(COLUMNS)
_MARKS = ", ".join("?" * len(COLUMNS))

_Key = tuple[int, int]
"""A message's key and variant."""


class _Told(NamedTuple):
    """What an entry tells of a message."""

    pieces: tuple[Piece, ...] = ()
    tools: tuple[str, ...] = ()


def say(writer: sqlite3.Connection, said: Sequence[tuple[int, Summary, str]], names: Names, *, searched: bool) -> None:
    """Put what exchanges say, and what they go by, and the texts of messages that are new."""
    told: dict[_Key, _Told] = {}
    places = [(exchange, position, key) for exchange, summary, _ in said for position, key in _places(summary, told)]
    for exchange, _, named in said:
        key = hashed(f"\x1fname\x1f{named}")
        told[key, key] = _Told((Piece("name", named),))
        places.append((exchange, NAMED, (key, key)))
    numbers = _put_texts(writer, told, names, searched=searched)
    writer.executemany(
        "INSERT INTO mention VALUES (?, ?, ?)",
        [(exchange, position, numbers[key]) for exchange, position, key in places],
    )


def tell(writer: sqlite3.Connection, summaries: Iterable[Summary], names: Names, *, searched: bool) -> None:
    """Put the texts of messages that are new, whoever says them."""
    told: dict[_Key, _Told] = {}
    for summary in summaries:
        for _ in _places(summary, told):
            pass
    _put_texts(writer, told, names, searched=searched)


def _put_texts(writer: sqlite3.Connection, told: dict[_Key, _Told], names: Names, *, searched: bool) -> dict[_Key, int]:
    """The numbers of messages, whose texts are put where they are new."""
    numbers = _numbered(writer, told)
    texts = {numbers[key]: one for key, one in told.items() if one.pieces}
    known = writer.execute(
        "SELECT DISTINCT message FROM message_text WHERE message IN (SELECT value FROM json_each(?))",
        [jsonio.dumps([*texts])],
    )
    for (number,) in known.fetchall():
        del texts[number]
    writer.executemany(
        "INSERT INTO message_text (message, place, text) VALUES (?, ?, ?)",
        [(number, *piece) for number, one in texts.items() for piece in one.pieces],
    )
    writer.executemany(
        f"INSERT INTO full_text (rowid, {_FULL_TEXT}) VALUES (?, {_MARKS})",
        [(number, *_searched(one.pieces)) for number, one in sorted(texts.items()) if searched],
    )
    writer.executemany(
        "INSERT INTO called VALUES (?, ?)",
        [(number, names[tool]) for number, one in texts.items() for tool in one.tools],
    )
    return numbers


def forget(writer: sqlite3.Connection, unsaid: Iterable[int], *, searched: bool) -> None:
    """Take away those of some messages that nobody says any more: they would otherwise pile up in the full text."""
    rows = writer.execute(
        "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM mention WHERE mention.message = value)",
        [jsonio.dumps([*unsaid])],
    )
    among = [jsonio.dumps([number for (number,) in rows.fetchall()])]
    pieces: dict[int, list[Piece]] = {}
    for number, place, text in writer.execute(
        "SELECT message, place, text FROM message_text WHERE message IN (SELECT value FROM json_each(?))", among
    ):
        pieces.setdefault(number, []).append(Piece(place, text))
    writer.executemany(  # a table that keeps no texts has to be told what they were
        f"INSERT INTO full_text (full_text, rowid, {_FULL_TEXT}) VALUES ('delete', ?, {_MARKS})",
        [(number, *_searched(all)) for number, all in pieces.items() if searched],
    )
    for table, column in (("message_text", "message"), ("called", "message"), ("message", "id")):
        writer.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))", among)


def _places(summary: Summary, told: dict[_Key, _Told]) -> Iterator[tuple[int, _Key]]:
    """Position and message of everything that an exchange says; what is told of the messages goes into `told`."""
    for start, all in ((0, summary.prompt), (REPLY, summary.replies)):
        for position, one in enumerate(all, start):
            key = (one.key, one.id)
            if one.pieces or key not in told:
                told[key] = _Told(one.pieces, one.tools)
            yield position, key
            if one.thought is not None:
                key = (one.thought, one.thought)
                if one.thoughts or key not in told:
                    told[key] = _Told((Piece("reasoning", one.thoughts),) if one.thoughts else ())
                yield -1 - position, key


def _numbered(writer: sqlite3.Connection, keys: Iterable[_Key]) -> dict[_Key, int]:
    """The numbers of messages; those that are not there yet get one."""
    wanted = dict.fromkeys(keys)
    found = writer.execute(
        "SELECT key, variant, id FROM message WHERE key IN (SELECT value FROM json_each(?))",
        [jsonio.dumps([key for key, _ in wanted])],
    )
    numbers = {(key, variant): id for key, variant, id in found}
    first = writer.execute("SELECT coalesce(max(id), 0) + 1 FROM message").fetchone()[0]
    new = {key: number for number, key in enumerate((key for key in wanted if key not in numbers), first)}
    writer.executemany("INSERT INTO message VALUES (?, ?, ?)", [(number, *key) for key, number in new.items()])
    return numbers | new


def _searched(pieces: Sequence[Piece]) -> list[str | None]:
    """The columns of the full text."""
    texts: dict[str, str] = dict(pieces)
    own = [texts.get(place) for place in TEXT_PLACES]
    return [text and words(text) for text in own] + [text and inner(text) for text in own]
