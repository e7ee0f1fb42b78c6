"""Names of recordings as keys: under each version of the rules, and why a name is none."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from inspector.recorders import NoKey
from inspector.recorders import llama_stack_rules as rules
from tests.making import SAMPLES

TEST = "tests/integration/agents/test_lamp.py::test_lamp[ogx_client-txt=ollama/lamp]"
FOUND = (
    "[1] document_id: 11111111-2222-3333-4444-555555555555, score: 0.00712345678, attributes: {'fog': 'thick'} "
    "cite as <|11111111-2222-3333-4444-555555555555|>"
)
PLACEHOLDERS = "[1] document_id: __NORMALIZED__, score: __NORMALIZED__ cite as <|__NORMALIZED__|>"


def document(body: dict[str, Any], url: str = "http://skerry:1/v1/v1/chat/completions", **more: Any) -> dict[str, Any]:
    return {"test_id": TEST, "request": {"method": "post", "url": url, "body": body}, "response": {}, **more}


def hashed(**parts: Any) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def chat(body: dict[str, Any], **more: Any) -> str:
    parts = {"method": "POST", "endpoint": "/v1/v1/chat/completions", "body": body, "test_id": TEST, **more}
    return hashed(**{name: value for name, value in parts.items() if value != ""})


ASKED = {"model": "lamp", "messages": [{"role": "user", "content": "Is the lamp lit?"}], "temperature": 0.1234567}
ROUNDED = {**ASKED, "temperature": 0.12346}

KEYS = [
    (document(ASKED), rules.CURRENT, chat(ROUNDED)),
    (document(ASKED), rules.VERSIONS[-2], chat(ASKED)),
    (document(ASKED), rules.VERSIONS[-1], chat(ASKED, test_id="")[:12]),
    (document(ASKED, test_id=None), rules.CURRENT, chat(ROUNDED, test_id=None)),
    (document({"input": FOUND}), rules.CURRENT, chat({"input": PLACEHOLDERS})),
    (document({"input": FOUND}), rules.VERSIONS[2], chat({"input": FOUND.replace("0.00712345678", "0.00712")})),
    (document({"input": ["depth -12.34567891 m"]}), rules.CURRENT, chat({"input": ["depth -12.34568 m"]})),
    (document({"extra_body": {"project_id": "a", "b": 1}}), rules.CURRENT, chat({"extra_body": {"b": 1}})),
    (document({"extra_body": {"project_id": "a"}}), rules.VERSIONS[3], chat({"extra_body": {"project_id": "a"}})),
    (document({"a": {"extra_body": {"project_id": 1}}}), rules.CURRENT, chat({"a": {"extra_body": {"project_id": 1}}})),
    (document({"a": [{"extra_body": {"project_id": 1}}]}), rules.CURRENT, chat({"a": [{"extra_body": {}}]})),
    (
        document({"stream_options": {}}, "https://bedrock-runtime.skerry/v1/v1/chat/completions"),
        rules.CURRENT,
        chat({}),
    ),
    (document({}, "http://skerry/v1/models"), rules.CURRENT, hashed(method="POST", endpoint="/v1/models", body={})),
    (document({}, "http://skerry/v1/v1/models"), rules.CURRENT, chat({}, endpoint="/v1/v1/models")),
    (document({}, "http://skerry/v1/v1/models"), rules.VERSIONS[0], chat({}, endpoint="/v1/v1/models", test_id="")),
    (document({}, "vertexai:///generate_content"), rules.CURRENT, chat({}, endpoint="/generate_content")),
    (
        {"request": {"provider": "tavily", "tool_name": "web_search", "kwargs": {"query": "fog"}, "test_id": TEST}},
        rules.CURRENT,
        hashed(provider="tavily", tool_name="web_search", kwargs={"query": "fog"}),
    ),
    (
        {"test_id": TEST, "request": {"url": "http://skerry/v1/m", "method": "POST", "payload": {"t": 0.1234567}}},
        rules.CURRENT,
        hashed(test_id=TEST, url="http://skerry/v1/m", method="POST", payload={"t": 0.12346}),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("recorded", "version", "key"), KEYS, ids=range(len(KEYS)))
def test_a_key_is_the_hash_of_what_the_rules_name(recorded: dict[str, Any], version: rules.Rules, key: str) -> None:
    assert rules.key(recorded, version) == key


def test_neither_host_nor_headers_nor_the_order_of_keys_matter() -> None:
    one = document(ASKED)
    other = document(dict(reversed(ASKED.items())), "https://elsewhere/v1/v1/chat/completions")
    other["request"]["headers"] = {"x": "y"}
    assert rules.key(one) == rules.key(other)


@pytest.mark.parametrize(
    "recorded",
    [{}, [], {"request": None}, {"test_id": None, "request": {}}, {"request": {"body": {}, "url": "http://a/b"}},
     {"test_id": "t", "request": {"api": "process", "file_id": "f"}}, {"test_id": "t", "request": {"body": {}}}],
)  # fmt: skip
def test_a_key_that_cannot_be_computed_says_why(recorded: Any) -> None:
    key = rules.key(recorded)
    assert isinstance(key, NoKey)
    assert key.why


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/recordings/" + 64 * "a" + ".json", 64 * "a"),
        ("models-" + 64 * "a" + "-0123abcd.json", 64 * "a"),
        ("responses/0123456789ab.json", "0123456789ab"),
        ("responses/models-0123456789ab-0123abcd.json", "0123456789ab"),
        ("lamp.json", ""),
        (63 * "a" + ".json", ""),
        ("deadbeef.json", ""),
    ],
)
def test_what_a_file_is_named_by(path: str, name: str) -> None:
    assert rules.named_by(path) == name


def at(key: Any) -> str:
    return f"tests/integration/agents/recordings/{key}.json"


def test_a_recording_under_its_key_is_reachable() -> None:
    recorded = document(ASKED)
    assert not rules.is_unreachable(at(rules.key(recorded)), recorded)
    assert rules.is_unreachable(at(64 * "0"), recorded)


def test_what_was_recorded_outside_of_a_test_has_no_test_in_its_key() -> None:
    recorded = document(ASKED)
    name = at(rules.key({**recorded, "test_id": None}))
    without = {key: value for key, value in recorded.items() if key != "test_id"}
    assert not rules.is_unreachable(name, without)
    assert rules.is_unreachable(name, {**without, "test_id": TEST})
    assert isinstance(rules.key(without), rules.NoKey)


def test_of_a_name_that_is_not_the_recorders_nobody_knows() -> None:
    assert not rules.is_unreachable("recordings/lamp.json", document(ASKED))


def test_short_names_are_those_of_the_folders_of_their_time() -> None:
    recorded = document(ASKED)
    name = rules.key(recorded, rules.VERSIONS[-1])
    assert not rules.is_unreachable(f"recordings/responses/{name}.json", recorded)
    assert rules.is_unreachable(at(name), recorded)
    assert rules.is_unreachable(f"recordings/responses/{12 * '0'}.json", recorded)


def test_a_list_of_models_is_reachable_by_the_later_rules_too() -> None:
    recorded = document({}, "http://skerry/v1/v1/models")
    for version in rules.VERSIONS[:2]:
        assert not rules.is_unreachable(f"recordings/models-{rules.key(recorded, version)}-0123abcd.json", recorded)


@pytest.mark.parametrize(
    ("body", "version", "words"),
    [
        ({"input": FOUND}, 2, "placeholders of file search"),
        ({"extra_query": {"project_id": "a"}}, 3, "project ids"),
        ({"temperature": 0.1234567}, 5, "rounded"),
        ({}, 6, "test ids"),
    ],
)
def test_the_rules_of_its_time_explain_a_recording(body: dict[str, Any], version: int, words: str) -> None:
    recorded = document(body)
    path = at(rules.key(recorded, rules.VERSIONS[version]))
    assert rules.is_unreachable(path, recorded)
    assert words in rules.explained(path, recorded)


@pytest.mark.parametrize(
    ("now", "once"), [("ask ogx", "ask llama_stack"), ("X-OGX-Provider-Data", "X-LlamaStack-Provider-Data")]
)
def test_an_edit_that_renamed_something_explains_a_recording(now: str, once: str) -> None:
    recorded = document({"input": now}, test_id=TEST.replace("ogx", "lamp"))
    path = at(rules.key({**recorded, **document({"input": once}, test_id=recorded["test_id"])}))
    assert "edited" in rules.explained(path, recorded)
    assert once.removeprefix("ask ") in rules.explained(path, recorded)


def test_what_no_rule_explains_says_so() -> None:
    assert "not known" in rules.explained(at(64 * "0"), document(ASKED))
    assert "test" in rules.explained(at(64 * "0"), {"request": document(ASKED)["request"]})


def test_the_samples_are_named_by_their_keys() -> None:
    unreachable = []
    for path in sorted((SAMPLES / "tests").rglob("*.json")):
        try:
            recorded = json.loads(path.read_bytes())
        except ValueError:
            continue
        if rules.is_unreachable(path.relative_to(SAMPLES).as_posix(), recorded):
            unreachable.append(rules.explained(path.name, recorded))
    assert len(unreachable) == 3
    assert len(set(unreachable)) == 3


PIECES = (
    "attributes:", " attributes: {x}", ", attributes: {", "{", "}", ",", " ", "\n", "a", "-", ".", "1", "12.34567",
)  # fmt: skip


@given(some.lists(some.sampled_from(PIECES), max_size=14).map("".join))
def test_what_is_replaced_in_one_walk_is_what_the_recorder_replaces(text: str) -> None:
    """The recorder's own expressions, which may take the square of a text's length."""
    assert rules._without_attributes(text) == re.sub(r",?\s*attributes:\s*\{[^}]*\}", "", text)
    assert rules._LONG_DECIMAL.sub("#", text) == re.sub(r"(-?\d+\.\d{4,})", "#", text)
