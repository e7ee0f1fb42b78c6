"""What a format does not read is said: a body under a key that nobody knows, and an answer beside the one that is read.

Every sample that is JSON or YAML is read again and again, each time with one key of an envelope under another name.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from inspector import formats
from inspector.formats.reading import yaml_text
from inspector.formats.reading.source import Source
from inspector.model import Body
from tests.formats.test_every_format import FILES, OTHERS

STRANGE = "nobodyKnows"
MUCH = 3_000
"""Bytes of a sample."""
DUMPER = getattr(yaml, "CDumper", yaml.Dumper)
STREAM = 'data: {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "Fog."}}]}\n\n'
OTHER_DATA = {"exported", "bare", "hurl", "rest-client", "httprr", "mitmproxy"}
"""Formats whose files are no envelopes of JSON or YAML."""

APART = "TestKeeper.test_bell.yaml"
"""Requests in one list and responses in another: without either it is another file."""

Step = str | int
Path_ = tuple[Step, ...]


def documents(path: Path) -> list[Any]:
    """A sample's documents: of YAML, of JSON, or of JSON lines."""
    data = path.read_bytes()
    if path.suffix in (".json", ".har", ".jsonl", ".responses"):
        try:
            return [json.loads(data)]
        except ValueError:
            return [json.loads(line) for line in data.splitlines() if line.strip()]
    return yaml_text.documents(data) if path.suffix in (".yaml", ".yml") or not path.suffix else []


def written(path: Path, values: list[Any]) -> bytes:
    if path.suffix in (".yaml", ".yml") or not path.suffix:
        return yaml.dump_all(values, Dumper=DUMPER, allow_unicode=True, sort_keys=False).encode()
    return b"\n".join(json.dumps(value, ensure_ascii=False).encode() for value in values)


def read(path: Path, values: list[Any]) -> formats.Recording:
    return formats.read(Source(path.relative_to(OTHERS).as_posix(), written(path, values)))


def envelopes(value: Any, deep: int, at: Path_ = ()) -> Iterator[Path_]:
    """The places of the keys in the first levels of a value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key)
            if deep:
                yield from envelopes(inner, deep - 1, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value[:4]):
            if deep:
                yield from envelopes(inner, deep - 1, (*at, number))


def holder(value: Any, place: Path_) -> Any:
    for step in place[:-1]:
        value = value[step]
    return value


def renamed(values: list[Any], place: Path_) -> list[Any]:
    changed = copy.deepcopy(values)
    inner = holder(changed, place)
    items = [(STRANGE if key == place[-1] else key, value) for key, value in inner.items()]
    inner.clear()
    inner.update(items)
    return changed


def answers(recording: formats.Recording) -> list[Body | None]:
    return [one.response.body if one.response else None for one in recording.exchanges]


def says(recording: formats.Recording) -> bool:
    """Whether a problem names the key, or the whole entry as not understood."""
    whys = [problem.why for one in recording.exchanges for problem in one.problems]
    return any(STRANGE in why or why.startswith("not understood") for why in whys)


def loses(before: formats.Recording, after: formats.Recording) -> bool:
    """Whether the same format reads as many exchanges, and one of them without its answer. Else the file is another's,
    or nobody's."""
    had, has = answers(before), answers(after)
    same = after.format == before.format and len(had) == len(has)
    return same and any(has_words(one) and other is None for one, other in zip(had, has, strict=True))


def has_words(body: Body | None) -> bool:
    """Whether a body holds more than numbers, such as a count of tokens."""
    return body is not None and (
        body.kind != "value" or re.search(r"[^\W\d]{4}['\"]?\W*[:,]\W+['\"]", repr(body.value)) is not None
    )


def is_envelope(path: Path) -> bool:
    return bool(documents(path)) and path.name != APART and path.relative_to(OTHERS).parts[0] not in OTHER_DATA


def case(path: Path) -> Any:
    """A sample as a case; one of many keys takes long."""
    marks = [pytest.mark.long] if path.stat().st_size > MUCH else []
    return pytest.param(path, id=path.relative_to(OTHERS).as_posix(), marks=marks)


every_envelope = pytest.mark.parametrize("path", [case(path) for path in FILES if is_envelope(path)])


@every_envelope
def test_an_answer_under_a_key_that_nobody_knows_is_said(path: Path) -> None:
    values = documents(path)
    before = read(path, values)
    after = {place: read(path, renamed(values, place)) for place in envelopes(values, 6)}
    assert [place for place, one in after.items() if loses(before, one) and not says(one)] == []


@pytest.mark.long
@every_envelope
def test_an_answer_beside_the_one_that_is_read_is_said_or_shown(path: Path) -> None:
    """Beside each key that takes the answer with it stands another one."""
    values = documents(path)
    before = read(path, values)
    unsaid = []
    for place in envelopes(values, 6):
        changed = copy.deepcopy(values)
        inner = holder(changed, place)
        kept = inner.pop(place[-1])
        if loses(before, read(path, changed)):
            inner |= {place[-1]: kept, STRANGE: STREAM}
            after = read(path, changed)
            if not says(after) and "Fog." not in repr(answers(after)):
                unsaid.append(place)
    assert unsaid == []
