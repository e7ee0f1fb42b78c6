"""What a name gives away is seen in every form that recorders keep names in, also deep in texts that are JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from inspector.redaction import mask, secret_names
from inspector.redaction.found_in_text import is_telling

SECRET = "hunter2-x9-quartz"

WORDS = sorted(
    secret_names._HEADER_WORDS
    | secret_names._NAMED_OUTRIGHT
    | secret_names._STRONG
    | secret_names._OUTRIGHT
    | secret_names._WEAK
)

SPELLED: tuple[Callable[[str], str], ...] = (
    str, str.upper, str.title, "{}-foo".format, "foo-{}".format, lambda word: f"{word.title()}-Foo",
    "foo_{}_bar".format,
    lambda word: f"foo{word.title()}", "{}Foo".format, lambda word: f"foo{word.title()}Bar", "foo.{}".format,
    "{}.foo".format, "foo {}".format, "{} foo".format,
)  # fmt: skip


def kept(name: str) -> Iterator[Any]:
    """A name and its value as recorders keep them."""
    yield {name: SECRET}
    yield {"headers": {name: SECRET}}
    yield {"headers": [{"name": name, "value": SECRET}]}
    yield {"headers": [[name, SECRET]]}
    yield {"rawHeaders": ["accept", "*/*", name, SECRET]}


def nested(value: Any, times: int) -> Any:
    for _ in range(times):
        value = {"text": json.dumps(value)}
    return value


@pytest.mark.parametrize("word", WORDS)
def test_what_is_masked_is_also_seen_at_a_glance(word: str) -> None:
    """`is_telling` is asked before everything else: what it misses is masked in one place and shown in another."""
    for spelled in SPELLED:
        for value in kept(spelled(word)):
            for times in (0, 2):
                recorded = nested(value, times)
                is_seen = is_telling(json.dumps(recorded))
                assert is_seen or SECRET in repr(mask.value(recorded)), recorded
                if secret_names.is_secret(spelled(word)) and value.keys() & {"headers", "rawHeaders"}:
                    assert SECRET not in repr(mask.value(recorded)), recorded


@pytest.mark.parametrize("name", ["keyName", "key.name", "key phrase", "sigFigs", "monkey", "design", "x-key-count"])
def test_a_word_that_only_begins_a_name_is_no_secret(name: str) -> None:
    assert not secret_names.is_secret(name)
