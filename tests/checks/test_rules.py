"""Every rule finds what it is for, where it is, and leaves alone what only looks like it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from inspector.analysis.issues import KINDS
from inspector.checks.rules import BY_ISSUE, RULES, NoRule, chosen
from inspector.cli.check import check
from inspector.model import Body, Exchange, Request, Response
from tests.checks.rule_samples import (
    ORDERS,
    PAT,
    RANDOM,
    SAMPLES,
    Sample,
    answer,
    asked,
    calls,
    chat,
    chunks,
    encoded,
)
from tests.making import put
from tests.redaction.bytes_recorders import BYTES_WRITTEN
from tests.redaction.recorders import WRITTEN


def _run(folder: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(check, [str(folder), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def _places(folder: Path, sample: Sample, code: str) -> tuple[str, ...]:
    text = sample.document if isinstance(sample.document, str) else json.dumps(sample.document)
    put(folder / sample.name, text.encode())
    done = _run(folder, "--select", code, "--format", "json")
    told = json.loads(done.stdout)
    assert done.exit_code == int(bool(told["findings"]))
    assert {found["code"] for found in told["findings"]} <= {code}
    return tuple(found["place"] for found in told["findings"])


def test_every_rule_has_its_samples() -> None:
    assert [rule.code for rule in RULES if not rule.around] == [*SAMPLES]  # others: tests/testruns/test_replay_marks.py


@pytest.mark.parametrize("code", SAMPLES)
def test_a_rule_finds_what_it_is_for(code: str, tmp_path: Path) -> None:
    trips, _ = SAMPLES[code]
    assert trips.places
    assert _places(tmp_path, trips, code) == trips.places


@pytest.mark.parametrize("code", SAMPLES)
def test_a_rule_leaves_alone_what_nearly_trips_it(code: str, tmp_path: Path) -> None:
    _, nearly = SAMPLES[code]
    assert _places(tmp_path, nearly, code) == ()


@pytest.mark.parametrize("protocol", ORDERS)
def test_the_order_of_a_stream(protocol: str, tmp_path: Path) -> None:
    breaks, keeps = (
        Sample(text, name="lamp.yaml" if "interactions" in text else "lamp.json") for text in ORDERS[protocol]
    )
    assert len(_places(tmp_path, breaks, "S502")) == 1
    assert _places(tmp_path, keeps, "S502") == ()


def test_every_issue_is_a_rule() -> None:
    assert {*BY_ISSUE} == {*KINDS}


def test_codes_and_names_are_one_of_a_kind() -> None:
    for field in ("code", "name", "means"):
        assert len({getattr(rule, field) for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        (["C"], [], ["C101", "C102", "C103"]),
        (["c1"], ["C102"], ["C101", "C103"]),
        (["usage-sum", "R401"], [], ["R401", "U701"]),
        (["ALL"], ["C", "E", "F", "K", "R", "S", "T", "P"], ["U701"]),
        ([], [rule.code for rule in RULES if rule.code != "R401"], ["R401"]),
    ],
)
def test_which_rules_are_on(select: list[str], ignore: list[str], codes: list[str]) -> None:
    assert [rule.code for rule in chosen(select, ignore)] == codes


@pytest.mark.parametrize("word", ["", "X", "C9", "credentials"])
def test_a_rule_that_there_is_not(word: str) -> None:
    with pytest.raises(NoRule):
        chosen([word])


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "json"])
@pytest.mark.parametrize("code", ["C101", "C102", "C103"])
def test_a_finding_never_says_the_secret(code: str, form: str, tmp_path: Path) -> None:
    put(tmp_path / "lamp.json", json.dumps(SAMPLES[code][0].document).encode())
    said = _run(tmp_path, "--select", "ALL", "--format", form).output
    assert code in said
    assert PAT[4:20] not in said
    assert RANDOM[:12] not in said


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ("reply", {"response": {"status_code": 401, "body": {"error": {"message": f"No such key: {PAT}"}}}}),
        ("reply", {"response": {"is_exception": True, "body": None, "exception_message": f"refused {PAT}"}}),
        ("test", {"test_id": f"tests/lamp.py::test_lamp[{PAT}]"}),
    ],
    ids=["error", "exception", "test"],
)
def test_a_credential_in_what_is_said_of_an_exchange(place: str, more: dict[str, Any], tmp_path: Path) -> None:
    """A provider that refuses a key often repeats it, and parameters of tests are in their names."""
    sample = Sample({**chat(asked(), answer()), **more}, name="lamp.json")
    assert _places(tmp_path, sample, "C101") == (place,)
    assert PAT[4:20] not in _run(tmp_path, "--select", "ALL").output


def test_a_credential_is_found_in_each_exchange_that_says_it(tmp_path: Path) -> None:
    """Messages that others said before are not read twice; what they hide beyond their first words is still found."""
    long = "The fog came in at ten. " * 20
    for code, hidden in (("C101", PAT), ("C103", encoded(f"token is {PAT}"))):
        for name in "abc":
            document = chat(asked(f"{long}{hidden}"), answer(f"It is {name}."))
            put(tmp_path / f"{code}{name}.json", json.dumps(document).encode())
    found = json.loads(_run(tmp_path, "--select", "C", "--format", "json").stdout)["findings"]
    assert [(one["path"][:5], one["code"]) for one in found] == [
        (f"{code}{name}", code) for code in ("C101", "C103") for name in "abc"
    ]


def _said(body: dict[str, Any], response: Body) -> Exchange:
    request = Request(
        "POST", "https://api.openai.com/v1/chat/completions", (), Body("value", {"model": "gpt-4o", **body})
    )
    return Exchange(entry=0, request=request, response=Response(status=200, body=response))


def _planted() -> list[Exchange]:
    """A credential said in one piece and in pieces of a stream, under a name among arguments, and in base64; and what
    nearly is one."""
    pieces = chunks(("The key is ghp_", None), (PAT[4:20], None), (f"{PAT[20:]} today.", None), ("", "stop"))
    call = answer(None, "tool_calls", message=calls(json.dumps({"password": RANDOM})))
    near = f"ghp_{'a' * 36}, password=changeme, {encoded('The fog came in at ten, and the bell rang twice.')}"
    return [
        _said(asked("Which key?"), Body("value", answer(f"It is {PAT}."))),
        _said(asked("And in pieces?"), Body("chunks", pieces)),
        _said(asked("Ring it."), Body("value", call)),
        _said(asked("As the wire has it?"), Body("value", answer(f"It is {encoded(f'token is {PAT}')}."))),
        _said(asked(f"Is it {PAT}?"), Body("value", answer())),
        _said(asked("What is none?"), Body("value", answer(near))),
    ]


def test_a_credential_is_found_in_every_format(tmp_path: Path) -> None:
    """However a recorder keeps what was said: nearly-credentials are none in any of them."""
    recorders = {**WRITTEN, **BYTES_WRITTEN}
    for number, (name, written) in enumerate(recorders.items()):
        put(tmp_path / f"{number:02}" / name, written(_planted()))
    found: dict[str, list[str]] = {}
    for one in json.loads(_run(tmp_path, "--select", "C", "--format", "json").stdout)["findings"]:
        found.setdefault(one["path"][:2], []).append(one["code"])
    told = {name: sorted(found.get(f"{number:02}", [])) for number, name in enumerate(recorders)}
    of_requests = {"e.http": ["C101"]}
    assert told == {name: of_requests.get(name, ["C101", "C101", "C101", "C102", "C103"]) for name in recorders}
