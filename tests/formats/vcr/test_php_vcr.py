from __future__ import annotations

import json

import pytest

from inspector import formats
from inspector.formats.reading.source import Source
from tests.making import SAMPLES

BLANKET = SAMPLES / "other" / "php-vcr" / "tests" / "fixtures" / "keeper_blanket"
REQUEST = {"method": "GET", "url": "http://light.test/", "headers": {"Host": "light.test"}}


def test_yaml() -> None:
    recording = formats.read(Source("tests/fixtures/keeper_blanket", BLANKET.read_bytes()))
    (cold,) = recording.exchanges
    assert (recording.format, recording.broken, cold.test_id) == ("php-vcr", None, "keeper_blanket")
    assert (cold.request.method, cold.request.url) == ("POST", "https://api.openai.com/v1/chat/completions")
    assert cold.started_at == "2025-10-17T23:00:00Z"
    assert cold.response
    assert cold.response.status == 200
    assert cold.response.body
    assert "Bring a blanket." in cold.response.body.value


@pytest.mark.parametrize(
    ("status", "format"),
    [({"http_version": "1.1", "code": "404", "message": "Not Found"}, "php-vcr"), ("404", None)],
)
def test_json(status: object, format: str | None) -> None:
    entries = [{"request": REQUEST, "response": {"status": status, "headers": {}, "body": "lost"}}, {"request": 1}]
    recording = formats.read(Source("a", json.dumps(entries).encode()))
    assert (recording.format == "php-vcr") == (format == "php-vcr")
    if format:
        lost, odd = recording.exchanges
        assert lost.response
        assert lost.response.status == 404
        assert odd.problems[0].why == "not understood: there is no request"
