from __future__ import annotations

from dataclasses import fields, replace

import pytest

from inspector.decode import decoder
from inspector.model import Body, Exchange, Request
from inspector.redaction import decoded, mask

SECRET = "hunter2-x9"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"authorization: {SECRET}",
        f"POST http://x\nX-Auth-Token: {SECRET}\n\n{{}}",
        f"api_key: {SECRET}  # ours",
        f"Cookie: a=1; session={SECRET}",
        f"[BasicAuth]\n# who\nalice: {SECRET}\n",
        f"curl -H 'Authorization: Basic {SECRET}' http://x",
        f"https://x/v1?alt=sse&key={SECRET}",
        f"postgres://alice:{SECRET}@db/x",
        f'{{"password": "{SECRET}"}}',
        f'{{\\"api_key\\": \\"{SECRET}\\"}}',
        f"client_secret={SECRET}&grant_type=x",
        f"sent Bearer {SECRET} there",
        f"password=p4ss&{SECRET} there",
    ],
)
def test_credentials_in_text(text: str) -> None:
    assert SECRET not in mask.text(text)
    found: list[str] = []
    mask.text(text, lambda secret: found.append(secret) or mask.MASK)  # type: ignore[func-returns-value]
    assert len(found) == 1, "masked once, so that numbers and secrets agree"


@pytest.mark.parametrize(
    "text",
    [
        "key: value", "The token: a unit of text.", "Cookie: a small piece of data", "Authorization: {{token}}",
        "max_tokens: 5", "Basic arithmetic", "see https://x/?q=token",
    ],
)  # fmt: skip
def test_prose_stays(text: str) -> None:
    assert mask.text(text) == text


def test_values_under_secret_keys() -> None:
    schema = {"properties": {"password": {"type": "string"}}}
    assert mask.value(schema) == schema
    assert SECRET not in str(mask.value({"Authorization": [SECRET], "password": SECRET, "deep": [{"api_key": SECRET}]}))
    assert mask.value({"secret": 12345}) == {"secret": mask.MASK}


def test_numbered_masks_name_the_secrets() -> None:
    recorded = Exchange(
        entry=0,
        request=Request(
            "GET", f"https://x?key=a{SECRET}", (("Cookie", f"b{SECRET}"),), Body("text", f"token: c{SECRET}")
        ),
        response=None,
        raw={"text": f"Authorization: Bearer d{SECRET}\n"},
    )
    shown = str(mask.exchange(recorded, mask.numbered()))
    assert SECRET not in shown
    numbers = sorted(int(number) for number in mask.NUMBERED.findall(shown))
    assert numbers == list(range(len(decoded.secrets(recorded))))


_OURS = {"started_at", "continues", "known_as", "called_from"}
"""Texts of an exchange that are made by us: a time, and hashes."""


def test_what_stands_beside_the_messages_is_masked_whatever_it_is_called() -> None:
    secret = "gh" + "p_" + "x7Qa" * 9
    asked = Request("POST", "https://coast.example", (), Body("value", {"model": "m"}))
    plain = Exchange(entry=0, request=asked, response=None)
    texts = [field.name for field in fields(Exchange) if "str" in str(field.type) and field.name not in _OURS]
    assert {"test_id", "session", "title", "sdk", "provider", "hint", "unreachable"} == {*texts}
    for name in texts:
        kept = replace(plain, **{name: f"fog {secret}"})
        assert secret not in repr(decoded.masked(kept)), name
        assert name == "unreachable" or not decoded.is_quiet(kept, decoder.decode(kept)), name
