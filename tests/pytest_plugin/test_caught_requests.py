"""What a recorder's exception tells of the request that it has no recording for, up to the pages that show it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inspector.pytest_plugin.caught_requests import caught
from inspector.recorders import llama_stack_rules as rules
from inspector.testruns import missed_request
from inspector.testruns.missed_request import LARGEST, MissedRequest, without_secrets
from tests.making import chat, put
from tests.pytest_plugin.test_pytest_plugin import SECRET, kept, run
from tests.web.pages import Shelf

URL = "https://skerry.example/v1/chat/completions"
CASSETTE = """\
interactions:
- request:
    body: '{"model": "lamp", "messages": [{"role": "user", "content": "Is it lit?"}]}'
    headers: {}
    method: POST
    uri: https://skerry.example/v1/chat/completions
  response:
    body: {string: '{"choices": [{"index": 0, "message": {"role": "assistant", "content": "Lit."}}]}'}
    headers: {}
    status: {code: 200, message: OK}
version: 1
"""
VCR = '''
"""A cassette, and the exception of VCR.py, as far as their shape goes."""

class Request:
    def __init__(self, method, uri, body, **headers):
        self.method, self.uri, self.body, self.headers = method, uri, body, headers

def method(one, other):
    return one.method == other.method

def uri(one, other):
    return one.uri == other.uri

def fog(one, other):
    return b"fog" not in other.body

class Cassette:
    record_mode = "none"

    def __init__(self, path, *recorded, match_on=(method, uri)):
        self._path, self.data, self._match_on = path, [(one, {}) for one in recorded], match_on

    def _before_record_request(self, request):
        return request

    def find_requests_with_most_matches(self, request):
        found = []
        for one, _ in self.data:
            fails = [(matcher.__name__, "") for matcher in self._match_on if not matcher(one, request)]
            if len(fails) < len(self._match_on):
                found.append((one, [], fails))
        return sorted(found, key=lambda one: len(one[2]))

class CannotOverwriteExistingCassetteException(Exception):
    def __init__(self, cassette, failed_request):
        self.cassette, self.failed_request = cassette, failed_request
        super().__init__("Can't play back this request")
'''
KNOWN: dict[str, Any] = {}
exec(VCR, KNOWN)
Cassette, Request, Missing = (
    KNOWN[name] for name in ("Cassette", "Request", "CannotOverwriteExistingCassetteException")
)
RECORDED = Request("POST", URL, b'{"model": "lamp"}')


def raised(error: BaseException) -> BaseException:
    """An exception with a traceback, as a client wraps it."""
    try:
        try:
            raise error
        except BaseException as inner:
            raise ConnectionError("no connection") from inner
    except ConnectionError as outer:
        return outer


def missed_by(asked: Any, *recorded: Any, **more: Any) -> MissedRequest:
    error = raised(Missing(Cassette("/top/c.yaml", *recorded, **more), asked))
    [missed] = caught(error, "t.py::t", lambda path: path.removeprefix("/top/"))
    return missed


@pytest.mark.parametrize(
    ("asked", "recorded", "more", "differs", "was_played", "words"),
    [
        (RECORDED, [RECORDED], {}, (), True, "already played"),
        (Request("POST", f"{URL}?a=1", b"{}"), [RECORDED], {}, ("uri",), False, "its only entry differs in uri"),
        (Request("GET", URL, None), [RECORDED] * 2, {}, ("method",), False, "likeliest of 2 entries differ in method"),
        (RECORDED, [], {}, (), False, "the cassette c.yaml has no entries, or is not there"),
        (Request("GET", "http://a", None), [RECORDED], {}, (), False, "nothing like it is in c.yaml"),
        (
            Request("POST", URL, b'"fog"'),
            [RECORDED],
            {"match_on": (KNOWN["uri"], KNOWN["fog"])},
            ("fog",),
            False,
            "differs in fog",
        ),
    ],
    ids=["played", "address", "method", "no cassette", "nothing like it", "a matcher of its own"],
)
def test_what_vcr_says_of_a_miss(
    asked: Any, recorded: list[Any], more: dict[str, Any], differs: tuple[str, ...], was_played: bool, words: str
) -> None:
    missed = missed_by(asked, *recorded, **more)
    assert (missed.method, missed.url, missed.cassette) == (asked.method, asked.uri, "c.yaml")
    assert (missed.differs, missed.was_played) == (differs, was_played)
    assert words in missed.words


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b'{"model": "lamp"}', {"model": "lamp"}),
        (b"a=b&c=d", "a=b&c=d"),
        (b"\xff\xfe", None),
        (None, None),
    ],
    ids=["json", "a form", "bytes", "none"],
)
def test_a_body_as_it_is_kept(sent: bytes | None, body: object) -> None:
    assert missed_by(Request("POST", URL, sent), RECORDED).body == body


def test_a_project_filters_before_it_looks_up(monkeypatch: pytest.MonkeyPatch) -> None:
    filtered = lambda self, request: Request(request.method, URL, b"{}")  # noqa: E731
    monkeypatch.setattr(Cassette, "_before_record_request", filtered)
    assert missed_by(Request("POST", f"{URL}?now=12", b"{}"), RECORDED).url == URL


def llama(request_hash: str, **known: Any) -> BaseException:
    """What llama-stack's recorder raises in library mode, from a frame with the same names."""

    def look_up(method: Any = None, url: Any = None, body: Any = None, **others: Any) -> None:
        raise RuntimeError(f"Recording not found for request hash: {request_hash}\nModel: lamp | Request: POST {URL}")

    def invoke(provider_name: str, tool_name: str, kwargs: Any) -> None:
        raise RuntimeError(f"Recording not found for {provider_name}.{tool_name} | Request: {kwargs}\n")

    try:
        (invoke if "tool_name" in known else look_up)(**known)
    except RuntimeError as error:
        return error
    raise AssertionError


def test_the_frame_of_llama_stacks_recorder_has_the_request() -> None:
    document = json.loads(chat("Is it lit?", "Yes.", "t.py::t"))
    request, key = document["request"], rules.key(document)
    assert isinstance(key, str)
    [missed] = caught(raised(llama(key, method="POST", url=request["url"], body=request["body"])), "t.py::t", str)
    assert (missed.recorder, missed.key, missed.body) == ("llama-stack", key, request["body"])
    assert rules.key({"test_id": missed.test, "request": {**request, "body": missed.body}}) == key


def test_other_exceptions_are_no_miss() -> None:
    missing = Missing(Cassette("/top/c.yaml"), None)  # metadata, and no request
    group = ExceptionGroup("several", [ValueError("1"), Missing(Cassette("/top/c.yaml"), RECORDED)])
    assert caught(raised(missing), "t", str) == caught(RuntimeError("Recording not found for "), "t", str) == []
    assert len(caught(raised(group), "t", str)) == 1


def test_what_is_kept_is_masked_and_read_again() -> None:
    body = {"model": "lamp", "messages": [{"role": "user", "content": f"The key is {SECRET}"}]}
    raw = MissedRequest("VCR.py", "POST", f"{URL}?key={SECRET}", (("authorization", f"Bearer {SECRET}"),), body)
    for one in (without_secrets(raw), *missed_request.read([missed_request.as_json(raw)])):
        assert SECRET not in str(one)
        assert missed_request.read([json.loads(json.dumps(missed_request.as_json(one)))]) == (one,)
    long = without_secrets(raw._replace(body="x" * (LARGEST + 1)))
    assert long.body is None
    assert long.left_out > LARGEST
    odd: list[Any] = [3, {}, {"recorder": "VCR.py", "headers": [["a"], 3], "recorded": True, "matched_by": "body"}]
    assert missed_request.read(odd) == (MissedRequest("VCR.py", "", ""),)


TESTS = """
import pytest
from vcr_shaped import *

def cassette(name):
    place = Path(__file__).parent / "cassettes" / "test_lamp" / f"{name}.yaml"
    return Cassette(str(place), Request("POST", "URL", b'{"model": "lamp"}'))

from pathlib import Path

def test_again():
    raise CannotOverwriteExistingCassetteException(cassette("test_again"), Request(
        "POST", "URL", b'{"model": "lamp", "messages": [{"role": "user", "content": "Is it lit?"}]}'))

@pytest.fixture
def lamp():
    raise CannotOverwriteExistingCassetteException(cassette("test_other"), Request(
        "POST", "URL?token=SECRET", b'{"model": "lamp", "temperature": 0.5}'))

def test_other(lamp):
    pass
"""


def test_a_failing_test_says_what_it_missed_in_the_terminal_and_on_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    top = tmp_path / "project"
    (top / ".git").mkdir(parents=True)
    put(top / "tests" / "vcr_shaped.py", VCR.encode())
    put(top / "tests" / "test_lamp.py", TESTS.replace("URL", URL).replace("SECRET", SECRET).encode())
    for name in ("test_again", "test_other"):
        put(top / "tests" / "cassettes" / "test_lamp" / f"{name}.yaml", CASSETTE.encode())
    ran = run(top, "--inspector", "--tb=short", "-p", "xdist", "-n", "1")
    text = ran.stdout
    assert ran.returncode == 1, text
    again = text.partition("_ test_again _")[2].partition("short test summary")[0]
    other = text.partition("setup of test_other _")[2].partition("_ test_again _")[0]
    assert "it matches, and was already played" in again
    assert "✗ url" in other
    assert "temperature absent → 0.5" in other
    assert SECRET not in again + other.partition("- inspector")[2]

    missed = {key.rpartition("::")[2]: test["missed"] for key, test in kept(top).items()}
    assert [one["was_played"] for one in missed["test_again"]] == [True]
    assert missed["test_other"][0]["cassette"] == "tests/cassettes/test_lamp/test_other.yaml"
    assert SECRET not in json.dumps(missed)

    page = Shelf(top / "tests").page("/tests")
    words = " ".join(page.text.split())
    assert "It matches, and was already played" in words
    assert "2 tests missed recordings" in words
    assert "temperature" in words
    assert SECRET not in words
    assert len(page.ids) == len(set(page.ids))
