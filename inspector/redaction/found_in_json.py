"""Secrets in JSON: in parsed values, and in texts that are JSON or streams of it.

A text that is JSON is understood as such, at any depth, and only the characters of its secrets change.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from inspector.model import Json, jsonio
from inspector.model.expressions import expression
from inspector.redaction.found_in_forms import fields, is_form, packed, unpacked
from inspector.redaction.found_in_text import is_telling, joined, spans
from inspector.redaction.json_edits import Edit, applied, changes
from inspector.redaction.known import Span, known_spans, says_known
from inspector.redaction.placeholder import MASK, PlaceholderFor
from inspector.redaction.secret_names import is_secret, strength
from inspector.redaction.secret_values import is_given, is_opaque

_PAIRED = frozenset(
    {"header", "headers", "rawheaders", "reqheaders", "requestheaders", "responseheaders", "trailers", "query"}
    | {"querystring", "queryparam", "queryparameters", "params", "form"}
)
"""Keys under which recorders keep names and values: as objects, as pairs, or as one list in turn."""

_OF_TOKENS = frozenset({"logprob", "bytes", "top_logprobs", "logprobs", "logProbability", "tokenId", "score"})
"""Keys beside ``token`` where that is a token of a text."""

_NAMES = ("name", "key", "header")
"""Keys that name what stands under ``value``."""


_MANY = 8
"""Items of a list of which each is asked whether it tells: of the chunks of a stream the one with the usage does."""


def tells(text: str, found: PlaceholderFor) -> bool:
    """Whether a text may hold a secret: one by its name or shape, or one that is known. Quick."""
    return is_telling(text) or says_known(text, found)


def _is_quiet(item: Json, found: PlaceholderFor) -> bool:
    """Whether an object holds nothing that a secret goes by, which is quicker to see than to go through it."""
    return isinstance(item, dict) and not tells(jsonio.dumps(item), found)


IsSecretPair = Callable[[str, Json], bool]
"""Whether a name and its value are a secret."""


def _is_plainly_secret(name: str, value: Json) -> bool:
    """A name and its value anywhere: lists have pairs of other things too, of names for example."""
    return bool(strength(name)) and (isinstance(value, str) and is_opaque(value))


def _is_secret_header(name: str, value: Json) -> bool:
    """Where names and values are kept, as headers are."""
    return is_secret(name)


@dataclass(frozen=True, slots=True)
class Masker:
    """Replaces secrets by what `found` makes of them, and leaves the texts `but` as they are."""

    found: PlaceholderFor
    but: frozenset[str] = frozenset()

    def text(self, recorded: str) -> str:
        return applied(recorded, edits(recorded, self.found))

    def value(self, recorded: Json) -> Json:
        """A JSON value with its secrets masked, at any depth."""
        if isinstance(recorded, str):
            return recorded if recorded in self.but else self.text(recorded)
        if isinstance(recorded, dict):
            return self._object(recorded)
        if isinstance(recorded, (list, tuple)):
            are_many = len(recorded) >= _MANY
            return [
                item if are_many and _is_quiet(item, self.found) else self._named(item, _is_plainly_secret)
                for item in recorded
            ]
        return recorded

    def whole(self, recorded: Json) -> Json:
        """A value of which most hold nothing that a secret goes by, which is quicker to see than to go through them;
        the value itself where that is so."""
        if isinstance(recorded, str):
            return self.text(recorded)
        if not tells(jsonio.dumps(recorded), self.found):
            return recorded
        if isinstance(recorded, list) and len(recorded) > 1:  # of a stream's chunks the one with the usage, as a rule
            return [self.whole(item) if isinstance(item, (dict, list)) else self.value(item) for item in recorded]
        return self.value(recorded)

    def secret(self, content: str) -> str:
        """What is a secret by its name."""
        return self.found(content) if is_given(content) else content

    def _object(self, recorded: dict[str, Json], is_secret_pair: IsSecretPair = _is_plainly_secret) -> Json:
        is_token = not _OF_TOKENS.isdisjoint(recorded)
        name = next((recorded[key] for key in _NAMES if isinstance(recorded.get(key), str)), None)
        is_pair = "value" in recorded and name is not None and is_secret_pair(name, recorded["value"])
        masked: dict[Json, Json] = {}
        for key, item in recorded.items():
            if is_pair and key == "value":
                new = self._each(item)
            else:
                new = item if is_token and key == "token" else self._under(str(key), item)
            masked[self._free(key, masked)] = new
        return masked

    def _free(self, key: Json, taken: dict[Json, Json]) -> Json:
        """A key, masked as any text, that no other has: masked, two may be the same."""
        name = self.text(key) if isinstance(key, str) and tells(key, self.found) else key
        return name if name not in taken else f"{name} {len(taken)}"

    def _under(self, key: str, item: Json) -> Json:
        weight = strength(key)
        if weight == "strong":
            return self._secret(item)
        if weight and isinstance(item, str):
            return self.secret(item) if is_opaque(item) else self.value(item)
        plain = key.lower()
        if plain == "cookies" and isinstance(item, list):
            return [self._named(one, lambda name, value: True) for one in item]
        return self._paired(item) if plain.replace("_", "").replace("-", "") in _PAIRED else self.value(item)

    def _secret(self, item: Json) -> Json:
        """What stands under a secret key: texts, numbers, lists of them, or an object that has it as its `value`. Any
        other object describes it, as schemas do."""
        if isinstance(item, str):
            return self.secret(item)
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            return self.found(str(item))
        if isinstance(item, dict) and isinstance(item.get("value"), str):
            return {**self.value(item), "value": self.secret(item["value"])}
        return [self._secret(one) for one in item] if isinstance(item, list) else self.value(item)

    def _paired(self, item: Json) -> Json:
        """Names and their values, in any form that recorders keep headers and queries in."""
        if isinstance(item, dict):
            return {self.text(str(name)): self._of(str(name), one) for name, one in item.items()}
        if not isinstance(item, list):
            return self.value(item)
        if item and all(isinstance(one, str) for one in item):
            names = ("", *item)  # in turn: name, value, name, value
            return [
                self.secret(one) if at % 2 and is_secret(names[at]) else self.value(one) for at, one in enumerate(item)
            ]
        return [self._named(one, _is_secret_header) for one in item]

    def _of(self, name: str, item: Json) -> Json:
        return self._each(item) if is_secret(name) else self._under(name, item)

    def _named(self, pair: Json, is_secret_pair: IsSecretPair) -> Json:
        """An object of ``name`` and ``value``, or a list of the two."""
        if isinstance(pair, dict):
            return self._object(pair, is_secret_pair)
        if isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str):
            return [pair[0], self._each(pair[1])] if is_secret_pair(pair[0], pair[1]) else list(map(self.value, pair))
        return self.value(pair)

    def _each(self, item: Json) -> Json:
        """Every text of a value masked: ``{"equalTo": "…"}`` too."""
        if isinstance(item, dict):
            return {key: self._each(one) for key, one in item.items()}
        return [self._each(one) for one in item] if isinstance(item, (list, tuple)) else self._secret(item)


# ---------------------------------------------------------------- texts that are JSON

_STREAMED = expression(r"\s*+(?:(?:data|event|id|retry)?:|\{[^\n]*+\n)")
"""How server-sent events and JSON lines begin."""

_STREAM_LINE = expression(r"^(?:[ \t]*+(?:data:|\[)?[ \t]*+)(\{[^\n]*\}|\[[^\n]*\])[ \t\r,]*+$", re.MULTILINE)


def edits(text: str, found: PlaceholderFor) -> list[Edit]:
    """What has to be changed in a text, in order and apart, for its secrets to be masked."""
    may_hold = tells(text, found)
    if not may_hold and not text.startswith("LS"):
        return []
    if text.startswith(("--", "LS")) and (of_form := _in_form(text, found)) is not None:
        return of_form
    if not may_hold:
        return []
    if text.lstrip()[:1] in ("{", "[") and isinstance(parsed := jsonio.parse_or_none(text), (dict, list)):
        return changes(text, parsed, Masker(found).value(parsed))
    if not _STREAMED.match(text):
        return [Edit(start, end, found(text[start:end])) for start, end in _secrets(text, found)]
    return sorted(_in_stream(text, found))


def _secrets(text: str, found: PlaceholderFor) -> Sequence[Span]:
    named = spans(text) if is_telling(text) else ()
    known = [*known_spans(text, found)]
    return joined(text, [*named, *known]) if known else named


_NAMED_JSON = expression(r"\s*+[\w.-]{0,100}+\s*+(?=[{\[])")


def may_hold_secret(text: str) -> bool:
    """Whether a text holds a secret, or is JSON after a name or beside other JSON that nobody looked into here."""
    if not is_telling(text):
        return False
    if edits(text, lambda _: MASK):
        return True
    name = _NAMED_JSON.match(text)
    if name is None or jsonio.parse_or_none(text) is not None:
        return False
    parsed = jsonio.parse_or_none(text[name.end() :])
    return parsed is None or Masker(lambda _: MASK).value(parsed) != parsed


def _in_form(text: str, found: PlaceholderFor) -> list[Edit] | None:
    """The edits of a multipart form, perhaps as base64; None for what is none."""
    if form := unpacked(text):
        new = applied(form, _in_form(form, found) or [])
        return [Edit(0, len(text), packed(new))] if new != form else []
    if not is_form(text):
        return None
    changed: list[Edit] = []
    for name, start, end in fields(text):
        content = text[start:end]
        if name and is_secret(name):
            changed += [Edit(start, end, found(content))] if is_given(content) else []
        else:
            changed += [Edit(start + one.start, start + one.end, one.new) for one in edits(content, found)]
    return changed


def _in_stream(text: str, found: PlaceholderFor) -> Iterator[Edit]:
    """The lines that are JSON each by itself: what stands around them is no part of a value."""
    lines: list[tuple[int, int]] = []
    for hit in _STREAM_LINE.finditer(text):
        parsed = jsonio.parse_or_none(hit[1])
        if parsed is not None:
            lines.append(hit.span())
            masked = Masker(found).value(parsed) if tells(hit[1], found) else parsed
            yield from (
                Edit(start + hit.start(1), end + hit.start(1), new)
                for start, end, new in changes(hit[1], parsed, masked)
            )
    for start, end in _secrets(text, found):
        after = bisect_left(lines, (end, 0))
        if not after or lines[after - 1][1] <= start:
            yield Edit(start, end, found(text[start:end]))
