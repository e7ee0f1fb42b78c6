"""What a key proves of a request, without any likeness."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.files.roots import roots_of
from inspector.recorders import llama_stack_rules as rules
from inspector.why.keyed_recordings import recorded_in
from inspector.why.proof import Proof, Recorded, Wanted, prove

TEST = "tests/integration/agents/test_lamp.py::test_lamp[client_with_models-txt=ollama/lamp]"
TWIN = TEST.replace("client_with_models", "ogx_client")
URL = "http://skerry:1/v1/v1/chat/completions"
PATH = "/v1/v1/chat/completions"
LOG = "The fog came in at dusk, the bell was wound, and the keeper of Hollow Skerry lit the lamp as he had been told."

Body = dict[str, Any]


def body(**more: Any) -> Body:
    return {
        "model": "lamp",
        "messages": [
            {"role": "system", "content": "You keep a light."},
            {"role": "user", "content": "Is it lit?"},
            {"role": "assistant", "content": "It is."},
            {"role": "user", "content": [{"type": "text", "text": "And the fog bell?"}]},
        ],
        "stream": True,
        **more,
    }


def document(asked: Body, test: str | None = TEST, url: str = URL) -> dict[str, Any]:
    request = {"method": "POST", "url": url, "headers": {}, "body": asked, "model": asked.get("model")}
    return {"test_id": test, "request": request, "response": {}}


def key_of(asked: Body, test: str | None = TEST, url: str = URL) -> str:
    key = rules.key(document(asked, test, url))
    assert isinstance(key, str)
    return key


def recorded(asked: Body, test: str | None = TEST, folder: str = "tests/integration/agents/recordings") -> Recorded:
    return Recorded(f"{folder}/{key_of(asked, test)}.json", document(asked, test))


def with_messages(change: Callable[[list[Any]], list[Any]]) -> Body:
    asked = copy.deepcopy(body())
    return {**asked, "messages": change(asked["messages"])}


ELSEWHERE = recorded({"model": "bell", "messages": [{"role": "user", "content": "Ring."}], "stop": ["fog"]}, TWIN)

CHANGES = [
    (body(max_tokens=256), "`max_tokens` 256 instead of absent"),
    (body(max_tokens=None), "`max_tokens` null instead of absent"),
    (body(stream=False), "`stream` false instead of true"),
    ({key: value for key, value in body().items() if key != "stream"}, "`stream` absent instead of true"),
    (body(stop=["fog"]), '`stop` ["fog"] instead of absent'),
    (body(temperature=0.7), "`temperature` 0.7 instead of absent"),
    (body(tools=[]), "`tools` [] instead of absent"),
    (body(model="lens"), '`model` "lens" instead of "lamp"'),
    (with_messages(lambda messages: messages[:2]), "without its last 2 messages"),
    (with_messages(lambda messages: messages[:3]), "without its last message"),
    (with_messages(lambda messages: messages[1:]), "without its first message"),
    (
        with_messages(lambda messages: [*messages[:3], {**messages[3], "content": "And the fog bell?"}]),
        "the content of message 3 as a text instead of a list of parts",
    ),
    (
        with_messages(lambda m: [{**m[0], "content": [{"type": "text", "text": m[0]["content"]}]}, *m[1:]]),
        "the content of message 0 as a list of parts instead of a text",
    ),
]


@pytest.mark.parametrize(("asked", "change"), CHANGES, ids=[change for _, change in CHANGES])
def test_one_thing_that_was_changed_is_proved(asked: Body, change: str) -> None:
    one = recorded(body())
    wanted = Wanted(key_of(asked), (TEST,), asked["model"], PATH)
    assert prove(wanted, [ELSEWHERE, one]) == Proof(one.path, (change,))


def test_the_hash_alone_is_enough() -> None:
    one = recorded(body())
    assert prove(Wanted(key_of(body(max_tokens=16))), [one]) == Proof(one.path, ("`max_tokens` 16 instead of absent",))


def test_another_test_is_proved_and_with_it_another_model() -> None:
    one = recorded(body())
    proof = prove(Wanted(key_of(body(model="lens"), TWIN), (TWIN,), "lens", PATH), [ELSEWHERE, one])
    assert proof is not None
    assert proof.changes == ('`model` "lens" instead of "lamp"', f"the test {TWIN}")
    assert TWIN in proof.words
    by_hash = prove(Wanted(key_of(body(), TWIN)), [ELSEWHERE, one])
    assert by_hash == Proof(one.path, (f"the test {TWIN}",))
    assert prove(Wanted(key_of(body(), None), (TEST,)), [one]) == Proof(one.path, ("no test",))


def test_another_address_is_proved_where_the_recorder_names_it() -> None:
    one = recorded(body())
    asked = key_of(body(), TEST, "http://skerry:1/v1/chat/completions")
    assert prove(Wanted(asked, (TEST,), "lamp", "/v1/chat/completions"), [one]) == Proof(
        one.path, (f"the address /v1/chat/completions instead of {PATH}",)
    )


def test_a_text_that_grows_is_proved_between_two_of_its_lengths() -> None:
    def guard(length: int) -> Body:
        return {"model": "guard", "messages": [{"role": "user", "content": f"Judge: {LOG[:length]}\nSafe or unsafe?"}]}

    shorter, longer = recorded(guard(40)), recorded(guard(60))
    proof = prove(Wanted(key_of(guard(53)), (TEST,), "guard", PATH), [shorter, longer])
    assert proof is not None
    assert proof.path == longer.path
    assert "7 characters less" in proof.changes[0]


# ---------------------------------------------------------------- the very request


def test_a_recording_of_the_request_that_is_not_looked_for_where_it_lies() -> None:
    one = recorded(body(), folder="tests/integration/safety/recordings")
    proof = prove(Wanted(key_of(body()), (TEST,), "lamp", PATH), [one])
    assert proof is not None
    assert not proof.changes
    assert "the recorder looks in tests/integration/agents/recordings" in proof.words
    here = prove(Wanted(key_of(body()), (TEST,)), [recorded(body())])
    assert here is not None
    assert "this very key" in here.words


def test_a_recording_of_the_request_by_older_rules() -> None:
    asked = body(temperature=0.1234567)
    old = rules.key(document(asked), rules.VERSIONS[5])
    one = Recorded(f"tests/integration/agents/recordings/{old}.json", document(asked))
    proof = prove(Wanted(key_of(asked), (TEST,), "lamp", PATH), [one])
    assert proof is not None
    assert proof.path == one.path
    assert "before numbers were rounded" in proof.words


# ---------------------------------------------------------------- what proves nothing


def test_two_changes_and_other_words_prove_nothing() -> None:
    one = recorded(body())
    for asked in (body(max_tokens=16, temperature=0.7), body(max_tokens=77), with_messages(lambda m: [*m, m[0]])):
        assert prove(Wanted(key_of(asked), (TEST,), "lamp", PATH), [one, ELSEWHERE]) is None


def test_short_ways_are_tried_of_every_recording_before_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that grows has a way for each of its characters: nothing would be left for other recordings."""
    monkeypatch.setattr("inspector.why.proof._MOST_HASHED", 45_000)
    growing = [
        recorded(with_messages(lambda messages, end=end: [*messages[:3], {"role": "user", "content": LOG[:end]}]))
        for end in (len(LOG) // 2 + 1, len(LOG))
    ]
    wanted = Wanted(key_of({**body(model="bell"), "messages": body()["messages"][1:]}))
    assert prove(wanted, growing) is None
    proof = prove(wanted, [*growing, last := recorded(body(model="bell"))])
    assert proof == Proof(last.path, ("without its first message",))


def test_few_digits_prove_nothing() -> None:
    one = recorded(body())
    key = key_of(body(max_tokens=256))
    assert prove(Wanted(key[:11]), [one]) is None
    assert prove(Wanted(key[:12]), [one]) is not None


@pytest.mark.parametrize("request_", [{}, {"body": None}, {"body": [], "url": URL}, {"body": {}, "url": 1},
                                      {"body": {"messages": [None, 1]}, "url": "http://["}])  # fmt: skip
def test_what_a_recording_lacks_is_no_trouble(request_: Any) -> None:
    odd = Recorded("recordings/" + "a" * 64 + ".json", {"test_id": 1, "request": request_})
    assert prove(Wanted(key_of(body(max_tokens=256)), (TEST,)), [odd, recorded(body())]) is not None


def other_kind(request: dict[str, Any]) -> Recorded:
    """A request of a tool, or one that went around the SDKs."""
    kept = {"test_id": TEST, "request": request}
    return Recorded(f"tests/integration/tool_runtime/recordings/{rules.key(kept)}.json", kept)


TOOL = {"provider": "tide", "tool_name": "tables", "kwargs": {"port": "Skerry"}}
AROUND = {"method": "POST", "url": URL, "payload": body()}


@pytest.mark.parametrize(
    ("recorded_", "asked", "change"),
    [
        (TOOL, {**TOOL, "kwargs": {"port": "Skerry", "limit": None}}, ""),
        (TOOL, {**TOOL, "kwargs": {"port": "Skerry", "n": 2}}, "`n` 2 instead of absent"),
        (AROUND, {**AROUND, "payload": body(max_tokens=256)}, "`max_tokens` 256 instead of absent"),
        (
            AROUND,
            {**AROUND, "payload": with_messages(lambda messages: messages[:2])},
            "without its last 2 messages",
        ),
    ],
    ids=["nobody tries it", "tool", "raw HTTP", "messages"],
)
def test_requests_to_tools_and_around_the_sdks_are_proved_too(
    recorded_: dict[str, Any], asked: dict[str, Any], change: str
) -> None:
    known = other_kind(recorded_)
    key = rules.key({"test_id": TEST, "request": asked})
    assert isinstance(key, str)
    told = Proof(known.path, (change,)) if change else None
    assert prove(Wanted(key), [ELSEWHERE, known]) == told
    assert prove(Wanted(key, (TEST,), path="/v1/other"), [ELSEWHERE, known]) == told, "of an address nothing is claimed"


def test_recordings_in_archives_prove_too(tmp_path: Path) -> None:
    known = recorded(body())
    other = {"response": {"request": 1}, **known.document}  # in another order than the recorder's
    with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
        archive.writestr(known.path, json.dumps({**known.document, "response": {"body": '\n  "response":'}}, indent=2))
        archive.writestr(recorded(body(n=2)).path, json.dumps({**other, "request": document(body(n=2))["request"]}))
        archive.writestr(recorded(body(n=3)).path, "{")
    found = {one.path: one for one in recorded_in(roots_of(tmp_path))}
    assert found.keys() == {f"run.zip/{recorded(body(**more)).path}" for more in ({}, {"n": 2})}
    told = prove(Wanted(key_of(body(max_tokens=256))), [*found.values()])
    assert told is not None
    assert told.path in found
