from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector import formats
from inspector.formats import Recording
from inspector.formats.reading.source import Source
from inspector.model import Body
from tests.making import SAMPLES

FOLDER = SAMPLES / "other" / "httprr" / "keeper" / "testdata"
FOG = FOLDER / "TestKeeper-fog.httprr"
ASKED = b"POST https://light.test/v1/chat/completions HTTP/1.1\r\nHost: light.test\r\n\r\n{}"


def read(data: bytes, path: str = "keeper/testdata/TestKeeper-fog.httprr") -> Recording:
    return formats.read(Source(path, data))


def trace(*pairs: tuple[bytes, bytes]) -> bytes:
    return b"httprr trace v1\n" + b"".join(b"%d %d\n%b%b" % (len(one), len(two), one, two) for one, two in pairs)


def answer(body: bytes, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body


def test_the_sample() -> None:
    recording = read(FOG.read_bytes())
    fog, glass = recording.exchanges
    assert (recording.format, recording.broken) == ("httprr", None)
    assert (fog.request.method, fog.request.url) == ("POST", "https://api.openai.com/v1/chat/completions")
    assert (fog.test_id, fog.started_at) == ("keeper.TestKeeper-fog", "2025-10-16T22:00:00Z")
    assert fog.request.headers[1] == ("User-Agent", "keeper")
    assert fog.response
    assert fog.response.body
    assert fog.response.body.value.endswith("data: [DONE]\n\n")
    assert "\r\n" not in fog.response.body.value
    assert glass.response
    assert glass.response.status == 200
    assert not any(one.problems for one in recording.exchanges)


def test_a_packed_trace() -> None:
    recording = read((FOLDER / "TestPacked.httprr.gz").read_bytes(), "TestPacked.httprr.gz")
    assert (recording.format, len(recording.exchanges), recording.exchanges[0].test_id) == ("httprr", 1, "TestPacked")


def test_a_trace_of_nothing() -> None:
    recording = read((FOLDER / "TestNobodyAsked.httprr").read_bytes())
    assert (recording.format, recording.exchanges, recording.broken) == ("httprr", (), None)


@pytest.mark.parametrize(
    ("body", "headers", "text"),
    [
        (b"lamp", b"", "lamp"),
        (b"4\r\nlamp\r\n0\r\n\r\n", b"Transfer-Encoding: chunked\r\n", "lamp"),
        (b"4\r\nlamp\r\n0\r\n\r\n", b"", "lamp"),
        (b"2;a=b\r\nla\r\n2\r\nmp\r\n0\r\nX: y\r\n\r\n", b"", "lamp"),
        (b"4\r\nlamp\r\n4\r\noi", b"Transfer-Encoding: chunked\r\n", "lampoi"),  # cut
        (b"4\r\nlamp\r\n", b"transfer-encoding: Chunked\r\n", "lamp"),
        (b"lamp", b"Transfer-Encoding: chunked\r\n", "lamp"),
        (b"4\r\nlamp and oil", b"Transfer-Encoding: chunked\r\n", "4\r\nlamp and oil"),
        (b"12\r\n", b"", "12\r\n"),
        (b"a\r\n", b"Transfer-Encoding: chunked\r\n", ""),
        (gzip.compress(b"lamp", mtime=0), b"", "lamp"),
        (b"ffffffff\r\nlamp", b"", "ffffffff\r\nlamp"),
    ],
)
def test_bodies(body: bytes, headers: bytes, text: str) -> None:
    (one,) = read(trace((ASKED, answer(body, headers)))).exchanges
    assert one.response
    assert one.response.body == (Body("text", text) if text else None)


@pytest.mark.parametrize(
    ("asked", "method", "url"),
    [
        (b"GET /v1/models HTTP/1.1\r\nHost: light.test\r\n\r\n", "GET", "//light.test/v1/models"),
        (b"GET /v1/models\n\n", "GET", "/v1/models"),
        (b"GET http://a/b c HTTP/1.1\r\n\r\n", "GET", "http://a/b c"),
        (b"", "", ""),
        (b"\xff\xfe", "\ufffd\ufffd", ""),
    ],
)
def test_requests(asked: bytes, method: str, url: str) -> None:
    (one,) = read(trace((asked, answer(b"")))).exchanges
    assert (one.request.method, one.request.url) == (method, url)


def test_what_follows_is_no_exchange() -> None:
    recording = read(trace((ASKED, answer(b"lamp"))) + b"lamp " * 20)
    first, rest = recording.exchanges
    assert (first.problems, recording.broken) == ((), None)
    assert "the lengths of the exchange are expected at byte" in rest.problems[0].why


def test_lengths_beyond_the_end() -> None:
    recording = read(b"httprr trace v1\n99 999999999999\n" + ASKED)
    assert (len(recording.exchanges), recording.truncated) == (1, True)


@given(st.integers(0, len(FOG.read_bytes())))
def test_a_cut_anywhere_shows_what_stands_before_it(at: int) -> None:
    data = FOG.read_bytes()
    whole, part = read(data).exchanges, read(data[:at])
    second = data.index(b"data: [DONE]")
    second = data.index(b"0\r\n\r\n", second) + 5
    assert part.exchanges[: at >= second] == whole[: at >= second]
    assert len(part.exchanges) <= 1 + (at > second)
    if part.format and 16 < at < len(data) and at != second:
        assert part.truncated
    assert not any(one.problems for one in part.exchanges[: at >= second])


# ---------------------------------------------------------------- line ends that git changed


def test_changed_line_ends() -> None:
    whole, changed = read(FOG.read_bytes()), read(FOG.read_bytes().replace(b"\r\n", b"\n"))
    assert (changed.format, changed.broken) == ("httprr", None)
    for one, other in zip(whole.exchanges, changed.exchanges, strict=True):
        assert one.response
        assert other.response
        assert (other.request, other.response) == (one.request, one.response)
        assert [problem.where for problem in other.problems] == ["lengths"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"4\r\nlamp\r\n0\r\n\r\n", "lamp"),
        (b"9\r\nlamp\r\noil\r\n5\r\n lit.\r\n0\r\n\r\n", "lamp\noil lit."),
        (b"c;a=b\r\n12\r\n34\r\nlamp\r\n0\r\n\r\n", "12\n34\nlamp"),
        (b"zz\r\nlamp", "zz\nlamp"),
        (b"4\r\nlamp and oil", "4\nlamp and oil"),
    ],
)
def test_chunks_with_changed_line_ends(body: bytes, text: str) -> None:
    pair = (ASKED, answer(body, b"Transfer-Encoding: chunked\r\n"))
    recording = read(trace(pair, pair).replace(b"\r\n", b"\n"))
    assert [one.response and one.response.body for one in recording.exchanges] == [Body("text", text)] * 2


def test_a_response_that_was_edited() -> None:
    pair = (ASKED, answer(b"lamp"))
    for other in (b"light", b"oil"):
        recording = read(trace(pair, pair).replace(b"lamp", other, 1))
        bodies = [one.response.body.value for one in recording.exchanges if one.response and one.response.body]
        assert (bodies, recording.broken) == ([other.decode(), "lamp"], None)
        assert [len(one.problems) for one in recording.exchanges] == [1, 0]
