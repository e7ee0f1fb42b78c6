"""Headers, times and durations in the shapes that recorders have for them."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.formats.reading import bodies
from inspector.redaction import mask


@pytest.mark.parametrize(
    "recorded",
    [
        {"Accept": "*/*", "X-Key": ["1", "2"]},
        [["Accept", "*/*"], ["X-Key", "1"], ["X-Key", "2"]],
        [{"name": "Accept", "value": "*/*"}, {"name": "X-Key", "value": "1"}, {"name": "X-Key", "value": "2"}],
        ["Accept: */*", "X-Key:1", "X-Key: 2"],
        ["Accept", "*/*", "X-Key", "1", "X-Key", "2"],
    ],
)
def test_headers(recorded: Any) -> None:
    assert bodies.headers(recorded) == (("Accept", "*/*"), ("X-Key", "1"), ("X-Key", "2"))


@pytest.mark.parametrize("recorded", [None, 7, "x", [], [1, 2], [[1]], {}, [{"value": 1}]])
def test_no_headers(recorded: Any) -> None:
    assert bodies.headers(recorded) == ()


def test_a_header_that_a_reader_took_for_a_value_is_masked_nevertheless() -> None:
    assert "lantern" not in str(mask.headers((("content-type: text/plain", "x-api-key: lantern-oil-77"),)))


@pytest.mark.parametrize(
    ("recorded", "seconds"),
    [
        (1.5, 1.5), (0, 0), ("812ms", 0.812), ("1m2.5s", 62.5), ("250µs", 0.00025), ("1h", 3600), ("soon", None),
        ("", None), ("5", None), (-1, None), (True, None), (None, None), (float("inf"), None), ("9" * 400 + "h", None),
    ],
)  # fmt: skip
def test_durations(recorded: Any, seconds: float | None) -> None:
    assert bodies.seconds(recorded) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("recorded", "moment"),
    [
        ("2026-03-01T21:14:07Z", "2026-03-01T21:14:07Z"),
        ("2026-03-01T21:14:07.5+02:00", "2026-03-01T19:14:07.500000Z"),
        ("Sun, 01 Mar 2026 21:14:07 GMT", "2026-03-01T21:14:07Z"),
        (1772399647, "2026-03-01T21:14:07Z"),
        (0, None), ("1970-01-01T00:00:00Z", None), ("yesterday", None), (1e40, None), (float("nan"), None), ([], None),
    ],
)  # fmt: skip
def test_moments(recorded: Any, moment: str | None) -> None:
    assert bodies.moment(recorded) == moment


@pytest.mark.parametrize(
    ("recorded", "status"),
    [
        (200, 200),
        ("200 OK", 200),
        ({"code": 404}, 404),
        ("404", 404),
        (0, None),
        (True, None),
        ("OK", None),
        ([], None),
    ],
)
def test_statuses(recorded: Any, status: int | None) -> None:
    assert bodies.status(recorded) == status
