"""What changes from run to run without anybody having said anything else, left out of what messages are compared by.

Structure decides, prose is left alone:

- A tool's result is the value that it stands for: JSON whatever its spaces and the order of its keys, out of the object
  that some protocols wrap it in. Scores of search hits do not count; one that stands alone is an answer.
- Arguments of a call are compared as JSON too.
- In both, ids that programs make up (UUIDs, ``file-…``, ``vs_…``), addresses of this machine with a port that the
  system picked, and addresses in memory are told by the order in which the message has them: the same id twice is
  another thing than two ids.
- Text loses the white space at its ends, and the ids in the marks that models cite by (``<|file-…|>``). Numbers, dates,
  ids and addresses in prose are what was said. So is the id of a file that a person attached.

Short names (``user_11111``, ``order-123``), coordinates, times and counts are content everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import orjson

from inspector.model import Json, jsonio
from inspector.model.expressions import expression

_ID = (
    r"(?:[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?:asst|batch|call|cfile|chatcmpl|chunk|cmpl|cntr|conv|doc|fc|file|ft|ftevent|ftjob|item|modr|msg|rec|req|resp|rs"
    r"|run|srvtoolu|step|thread|toolu|tooluse|upload|vs|vsf|ws)[-_](?=[A-Za-z]*+[0-9])[0-9A-Za-z]{12,}+)(?!\w)"
)
_IDS = expression(rf"(?<![\w-]){_ID}")
_TAILS = expression(r"[-_](?=[A-Za-z]*+[0-9])[0-9A-Za-z]{12,}+(?!\w)")
"""How every id ends: looked for first, as regular expressions are fast where they begin with a given character."""
_HEAD = 23
"""Characters of an id, at most, before such an end."""
_CITED = expression(rf"<\|({_ID})(?=\|>)")
_ADDRESSES = expression(
    r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(?:3(?:27(?:6[89]|[7-9]\d)|2[89]\d\d|[3-9]\d{3})|[4-6]\d{4})(?!\d)"
    r"|(?<= at )0x[0-9a-fA-F]{6,16}\b"
)
_SCORES = expression(
    r"score(?<![A-Za-z0-9-]score)\\?['\"]?\s?[:=]\s?(-?(?:\d+\.\d{4,}(?:[eE][-+]?\d+)?|\d(?:\.\d+)?[eE]-\d+))"
)
_SIZES = expression(r"metadata_token_count['\"]?\s?:\s?(\d+(?:\.0)?)")
"""Tokens of a search hit's description, ids and all."""
_HITS = ("document_id", "file_id", "chunk_id", "filename", "url", '"content"', '"text"')
"""One of these stands beside the score of a search hit."""

_WRAPS = ("result", "output", "content")
_EMPTY = ("", "{}", "null")


class Seen(NamedTuple):
    """What a message had of this so far."""

    names: dict[str, str]
    """The name by which an id or address is compared."""
    left: list[str]
    """What was left out, verbatim and in order."""


def text(content: str, seen: Seen) -> str:
    said = content.strip()
    _keep(seen, content, said)
    return _CITED.sub(partial(_left, seen), said) if "<|" in said else said


def arguments(value: Json, sent: str, seen: Seen) -> str:
    """`value` is what `sent` parses to, None where it does not."""
    said = sent.strip() if value is None else canonical(value)
    _keep(seen, sent, said)
    return "" if said in _EMPTY else _renamed(said, seen)


def result(value: Json, seen: Seen) -> str:
    told = value if isinstance(value, str) else jsonio.dumps(value)
    if isinstance(value, dict) and len(value) == 1 and (inner := value.keys() & _WRAPS):
        value = value[inner.pop()]
    said = _read(value.strip()) if isinstance(value, str) else canonical(value)
    _keep(seen, told, said)
    said = _renamed(said, seen)
    return _scored(said, seen) if "score" in said or "metadata_token_count" in said else said


def _keep(seen: Seen, told: str, said: str) -> None:
    """How something was written, where it is compared as if written otherwise: the index finds the one that is there,
    whichever was read first."""
    if told != said:
        seen.left.append(told)


def unknown(value: Json, seen: Seen) -> str:
    said = canonical(value)
    _keep(seen, jsonio.dumps(value), said)
    return said


def address(uri: str, seen: Seen) -> str:
    return _ADDRESSES.sub(partial(_named, seen), uri)


def canonical(value: Json) -> str:
    """JSON with its keys in order, without those that are null, and whole numbers as such."""
    try:
        said = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:
        return jsonio.dumps(value)
    if ":null" in said or ".0" in said or '"cache_control":' in said:
        return orjson.dumps(_tidy(value), option=orjson.OPT_SORT_KEYS).decode()
    return said


def _tidy(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _tidy(one) for key, one in value.items() if one is not None and key != "cache_control"}
    if isinstance(value, list):
        return [_tidy(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _read(said: str) -> str:
    """The one way to write a result that is JSON; else the text itself."""
    if said[:1] + said[-1:] not in ("{}", "[]", '""'):
        return said
    try:
        value = orjson.loads(said)
        return value.strip() if isinstance(value, str) else canonical(value)
    except (ValueError, RecursionError):
        return said


def _renamed(said: str, seen: Seen) -> str:
    said = "".join(_pieces(said, seen))
    if "localhost:" in said or ".0.0." in said or "[::1]:" in said or " at 0x" in said:
        said = _ADDRESSES.sub(partial(_named, seen), said)
    return said


def _pieces(said: str, seen: Seen) -> Iterator[str]:
    done = 0
    for tail in _TAILS.finditer(said):
        id = _IDS.search(said, max(done, tail.start() - _HEAD), tail.end())
        if id is not None:
            yield said[done : id.start()]
            yield _named(seen, id)
            done = id.end()
    yield said[done:]


def _named(seen: Seen, found: re.Match[str]) -> str:
    seen.left.append(found[0])
    return seen.names.setdefault(found[0], f"\x1d{len(seen.names)}")


def _scored(said: str, seen: Seen) -> str:
    if not any(word in said for word in _HITS):
        return said
    return _SIZES.sub(partial(_left, seen), _SCORES.sub(partial(_left, seen), said))


def _left(seen: Seen, found: re.Match[str]) -> str:
    """What was found without its group, which comes last in it."""
    seen.left.append(found[1])
    return found[0][: -len(found[1])]
