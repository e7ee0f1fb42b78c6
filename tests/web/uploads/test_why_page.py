"""The page that says why a request found no recording."""

from __future__ import annotations

import json
import logging
import re
import shlex
from io import BytesIO

import pytest
from werkzeug.test import TestResponse

from inspector.recorders import llama_stack_rules as rules
from inspector.web.uploads import why_page
from tests.making import chat
from tests.web.pages import Shelf

SECRET = "sk-" + "proj-" + "Qx7Lm92VbKp4RtZ1Ws8Nn3Yc6Hd5Gf0Je"
TEST = "tests/integration/sky/test_weather.py::test_forecast[client-txt=openai/gpt-4o]"
RECORDED = json.loads(chat("Is it lit?", "Yes.", TEST))


def asked(**more: object) -> dict[str, object]:
    return {**RECORDED, "request": {**RECORDED["request"], "body": {**RECORDED["request"]["body"], **more}}}


def fill(shelf: Shelf) -> str:
    return shelf.put(f"tests/integration/sky/recordings/{rules.key(RECORDED)}.json", json.dumps(RECORDED))


def send(shelf: Shelf, text: str | bytes, origin: str = "http://localhost") -> TestResponse:
    data = {"text": text} if isinstance(text, str) else {"file": (BytesIO(text), "x.json")}
    known = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    return shelf.client.post("/why", data=data, headers=known, content_type="multipart/form-data")


def words(answer: TestResponse) -> str:
    return re.sub(r"<wbr>", "", answer.text)


def test_the_log_page_leads_to_the_form(shelf: Shelf) -> None:
    assert "./why" in [values["href"] for _, values in shelf.page("/log").having("href")]
    page = shelf.page("/why")
    assert {"why-text", "why-file"} <= {*page.ids}


def test_a_hash_is_proof_and_leads_to_the_recording(shelf: Shelf) -> None:
    fill(shelf)
    text = words(shelf.client.get(f"/why?what={rules.key(asked(max_tokens=256))}"))
    assert "Proved:" in text
    assert "max_tokens" in text
    assert f"{rules.key(RECORDED)}.json" in text


def test_what_is_not_proved_is_called_a_guess(shelf: Shelf) -> None:
    fill(shelf)
    text = shelf.client.get(f"/why?what={64 * '0'}").text
    assert "Proved:" not in text
    assert "guess" in text


def test_a_request_is_compared(shelf: Shelf) -> None:
    uid = fill(shelf)
    for sent in (json.dumps(asked(max_tokens=256)), json.dumps(asked(max_tokens=256)).encode()):
        answer = send(shelf, sent)
        assert answer.status_code == 200
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", words(answer))
        assert cells[cells.index("max_tokens") :][:4] == [
            "max_tokens",
            "absent",
            "256",
            '<span aria-hidden="true">✗ </span>key',
        ]
        assert f"e/{uid}" in answer.text


def test_an_exchange_is_compared_with_others(shelf: Shelf) -> None:
    uid = fill(shelf)
    other = shelf.put(f"tests/integration/sky/recordings/{64 * '0'}.json", json.dumps(asked(max_tokens=16)))
    text = shelf.client.get(f"/why?what={other}").text
    assert "No replay finds it" in text
    assert f"compare/{other}/{uid}" in text


def test_what_is_no_question_is_said(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = send(shelf, "the fog")
    assert answer.status_code == 422
    assert "no hash" in answer.text
    monkeypatch.setattr(why_page, "LARGEST", 1000)
    assert send(shelf, "x" * 1001).status_code == 413
    assert send(shelf, "the fog", "http://elsewhere").status_code == 403


def test_what_is_asked_is_inert(shelf: Shelf) -> None:
    fill(shelf)
    body = {"model": "<script>lamp</script>", "messages": [{"role": "user", "content": "Is it lit? <img src=x>"}]}
    text = send(shelf, json.dumps(body)).text
    assert "<script>lamp" not in text
    assert "<img src=x" not in text


URL = "https://api.openai.com/v1/chat/completions"
HIDING = {
    "header": {"headers": {"Authorization": f"Bearer {SECRET}", "x-api-key": SECRET, "Cookie": f"session={SECRET}"}},
    "address": {"url": f"{URL}?key={SECRET}&debug=1"},
    "user of an address": {"url": f"https://keeper:{SECRET}@api.openai.com/v1/chat/completions"},
    "setting": {"api_key": SECRET},
    "message": {"messages": [{"role": "user", "content": f"Is it lit? The key is {SECRET}."}]},
    "name in a message": {"messages": [{"role": "user", "content": f'Is it lit? {{"password": "{SECRET[8:]}"}}'}]},
    "model": {"model": SECRET},
}
"""Where somebody may have a secret in what they ask about."""


def curl(url: str, headers: dict[str, str], body: dict[str, object]) -> str:
    told = " ".join(f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items())
    return f"curl {shlex.quote(url)} {told} --user {shlex.quote(f'keeper:{SECRET}')} -d {shlex.quote(json.dumps(body))}"


def log(url: str) -> str:
    return (
        f"E  vcr.errors.CannotOverwriteExistingCassetteException: Can't overwrite existing cassette "
        f"('lamps/{SECRET}.yaml') in your current record mode ('none').\n"
        f"E  No match for the request (<Request (POST) {url}>) was found.\n"
        f"FAILED tests/test_lamp.py::test_lit[{SECRET}] - CannotOverwriteExistingCassetteException\n"
    )


@pytest.mark.parametrize("hidden", HIDING.values(), ids=HIDING)
def test_no_secret_of_what_is_asked_comes_back(
    hidden: dict[str, object], shelf: Shelf, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in the answer, whatever form the question has, not in what is logged, and on no page afterwards."""
    caplog.set_level(logging.DEBUG)
    fill(shelf)
    body = {**RECORDED["request"]["body"], **hidden}
    url, headers = str(body.pop("url", URL)), dict(body.pop("headers", {}))
    request = {"method": "POST", "url": url, "headers": headers, "body": body}
    for text in (curl(url, headers, body), json.dumps(request), json.dumps(body), log(url), f"the fog {SECRET}"):
        answer = send(shelf, text).text
        assert SECRET[8:] not in answer, text
        assert SECRET[8:] not in re.sub(r"<[^>]*>", "", answer), text
    for page in ("/", "/why", "/tests", "/log", "/checks"):
        assert SECRET[8:] not in shelf.client.get(page).text
    assert SECRET[8:] not in caplog.text + "".join(capfd.readouterr())
