"""What is not decoded, since the index knows it, hides nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from inspector.compare.states import changes, given, read_calls
from inspector.compare.states.given import compared
from inspector.compare.states.read_calls import is_of_ids
from inspector.library.progress import Progress
from inspector.model import Exchange
from tests.making import SAMPLES, chat, put

Told = dict[str, tuple[str, list[str]]]


def _quietly(progress: Progress) -> None:
    """Nobody wants to know."""


def _told(old: Path, new: Path) -> Told:
    """The verdict of each change, and the lines of what matters in it, by the exchange."""
    with compared(str(old), str(new), "", _quietly) as both:
        return {
            f"{change.row.path}#{change.row.entry}": (change.verdict, sorted({one.line for one in change.details}))
            for change in both.since.changes
            if change.verdict in ("answer", "request")
        }


@pytest.fixture(scope="module")
def rerecorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The samples, and the same with a word of the lighthouse, and in every other file a number, that are others."""
    top = tmp_path_factory.mktemp("states")
    samples = [path for path in sorted(SAMPLES.rglob("*")) if path.suffix in (".json", ".yaml", ".har", ".jsonl")]
    for number, path in enumerate(samples):
        said = path.read_text(errors="replace")
        other = re.sub(r"(?i)\b(fog|harbour|tide|ship|light)\b", "mist", said, count=0 if number % 2 else 1)
        put(top / "old" / path.relative_to(SAMPLES), said.encode())
        put(top / "new" / path.relative_to(SAMPLES), other.encode())
    return top / "old", top / "new"


@pytest.mark.long
def test_of_requests_alone_as_much_is_told_as_of_whole_exchanges(
    rerecorded: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _told(*rerecorded)
    assert {"answer", "request"} <= {verdict for verdict, _ in told.values()}
    monkeypatch.setattr(read_calls, "_is_answered_alike", lambda pair, told: False)
    monkeypatch.setattr(changes, "is_of_ids", lambda one: False)
    assert told == _told(*rerecorded)


@pytest.mark.parametrize(("other", "is_read"), [({"said": "Say b"}, False), ({"answer": "It is out."}, True)])
def test_an_answer_that_is_the_same_is_not_read(
    other: dict[str, Any], is_read: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bool] = []
    decode = read_calls._decoded

    def noted(recorded: Exchange) -> read_calls.Decoded:
        read.append(recorded.response is not None and recorded.response.body is not None)
        return decode(recorded)

    monkeypatch.setattr(read_calls, "_decoded", noted)
    monkeypatch.setattr(given, "may_be_read_together", lambda before, after: False)
    put(tmp_path / "old" / "a.json", chat(said="Say a", answer="It is lit."))
    put(tmp_path / "new" / "a.json", chat(**{"said": "Say a", "answer": "It is lit."} | other))
    assert [verdict for verdict, _ in _told(tmp_path / "old", tmp_path / "new").values()] == [
        "answer" if is_read else "request"
    ]
    assert set(read) == {is_read}


def test_ids_that_belong_to_no_call_any_more_are_noise(tmp_path: Path) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "bell", "arguments": "{}"}}
    before = [{"role": "assistant", "tool_calls": [call]}, {"role": "tool", "tool_call_id": "call_1", "content": "7"}]
    whole = chat("And now?", "It rings.", before=before)
    put(tmp_path / "old" / "a.json", whole)
    put(tmp_path / "new" / "a.json", json.dumps(json.loads(whole)).replace('"id": "call_1"', '"id": "call_2"').encode())
    with compared(str(tmp_path / "old"), str(tmp_path / "new"), "", _quietly) as both:
        (change,) = both.since.changes
        assert change.verdict == "noise"
        assert any(map(is_of_ids, change.what))


@pytest.mark.parametrize("asked", ["Say a", "Say b"])
def test_another_error_beside_the_same_words_is_another_answer(asked: str, tmp_path: Path) -> None:
    for state, said, why in (("old", "Say a", "fog came in"), ("new", asked, "the lamp is out")):
        whole = json.loads(chat(said, "It is"))
        chunk = {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "It is"}}]}
        chunks = [{"__type__": "x", "__data__": one} for one in (chunk, {"error": {"message": why, "code": 500}})]
        whole["response"] = {"body": chunks, "is_streaming": True}
        whole["request"]["body"]["stream"] = True
        put(tmp_path / state / "a.json", json.dumps(whole).encode())
    ((verdict, lines),) = _told(tmp_path / "old", tmp_path / "new").values()
    assert verdict == "answer"
    assert any("the lamp is out" in line for line in lines)
