"""Files that somebody made to hurt: bombs, expressions run in circles, broken entries among good ones, and secrets in
places where only a look at real recordings suggests them."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from inspector import formats
from inspector.decode.framing import content_encoding, multipart
from inspector.files import archives
from inspector.formats.reading import file_bytes
from inspector.formats.reading.source import Source
from inspector.library import identity
from inspector.library.safe_summary import summary_of
from inspector.model import Assertion, Exchange, Expectation, ProviderError, Request, Response
from inspector.redaction import decoded, mask
from tests.making import SAMPLES

ASKED = {"method": "POST", "url": "https://api.example.org/v1/chat/completions", "body": {"messages": []}}
PAIR = {"request": ASKED, "response": {"status_code": 200, "body": {"choices": [{"message": {"content": "lit"}}]}}}


def read(path: str, data: bytes) -> formats.Recording:
    return formats.read(Source(path, data))


def whys(recording: formats.Recording) -> list[str]:
    return [problem.why for exchange in recording.exchanges for problem in exchange.problems]


# ---------------------------------------------------------------- bombs


@pytest.mark.parametrize("module", ["brotli", "zstandard"])
def test_a_body_that_unpacks_to_far_more_than_it_is_is_refused_early(module: str, monkeypatch: Any) -> None:
    known = pytest.importorskip(module)
    fog = b"fog " * 8_000_000
    bomb = known.compress(fog, quality=1) if module == "brotli" else known.ZstdCompressor().compress(fog)
    steps: list[int] = []
    limited = content_encoding._limited

    def watched(unpack: Any, data: bytes) -> bytes:
        def step(piece: bytes) -> bytes:
            made: bytes = unpack(piece)
            steps.append(len(made))
            return made

        return limited(step, data)

    monkeypatch.setattr(content_encoding, "_limited", watched)
    with pytest.raises(content_encoding.NotDecoded, match="more than 8 MB"):
        content_encoding.decoded(bomb, "br")
    assert sum(steps) < 3 * 8 * 2**20


def test_a_gzip_bomb_is_refused_and_what_is_only_large_is_not() -> None:
    with pytest.raises(content_encoding.NotDecoded, match="more than 9 MB"):
        content_encoding.decoded(gzip.compress(b"\0" * 20_000_000))
    assert len(content_encoding.decoded(gzip.compress(b"\0" * 8_000_000))) == 8_000_000


def test_a_zip_of_bombs_is_left_after_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_ALWAYS", 1_000_000)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.json", b" " * 1_000_000)
    with pytest.raises(archives.NoArchive, match="unpacks to more than"):
        list(archives.members("fog.zip", file))
    monkeypatch.setattr(archives, "_ALWAYS", 900_000)
    assert {member.why for member in archives.members("fog.zip", file)} == {
        "it unpacks to more than 500 times its size"
    }


def test_the_long_name_of_a_tar_file_is_not_read_whole() -> None:
    header = tarfile.TarInfo("name")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 2**30
    file = io.BytesIO(header.tobuf(tarfile.GNU_FORMAT) + b"A" * 4096)
    with pytest.raises(archives.NoArchive) as error:
        list(archives.members("fog.tar", file))
    assert "\n" not in str(error.value)


def test_a_form_of_many_fields_of_one_name_takes_no_square_of_time() -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="lamp"\r\n\r\nx\r\n'
    start = time.process_time()
    found = multipart.fields(part * 40_000 + b"--b--\r\n")
    assert found is not None
    assert found["lamp"] == ["x"] * 40_000
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "piece", ["\\", '"password" ', '"password"\\', "token: ", "x-api-key: ", "a:\n- ", "://a:", "[BasicAuth]\n", "key="]
)
def test_looking_for_secrets_takes_no_square_of_time(piece: str) -> None:
    text = 'password api-key token "secret": "' + piece * (100_000 // len(piece))
    start = time.process_time()
    mask.text(text)
    assert time.process_time() - start < 5


def test_a_log_that_is_too_large_to_be_read_whole_is_read_by_lines(tmp_path: Path, monkeypatch: Any) -> None:
    """Even where its first line goes on behind what formats are told by."""
    monkeypatch.setattr(file_bytes, "MAX_SIZE", 200_000)
    asked = {**ASKED, "body": {"messages": [{"role": "user", "content": "fog " * 30_000}], "model": "keeper"}}
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"".join(json.dumps({**PAIR, "request": asked}).encode() + b"\n" for _ in range(4)))
    with file.open("rb") as content:
        assert len(formats.read(Source("log.jsonl", content)).exchanges) == 4


# ---------------------------------------------------------------- one bad entry among good ones


BAD = (None, 7, "fog", [], {}, {"request": None}, {"request": 7})
LISTS = {
    "other/vcr/tests/cassettes/test_keeper/test_tide.json": "interactions",
    "other/genai-replay/tests/models/test_cat/mldev.json": "interactions",
    "other/har/chrome.har": "log.entries",
    "other/nock/recordings/should-keep-the-light-on.json": "",
    "other/ruby-vcr/tests/cassettes/keeper_betamax.json": "http_interactions",
    "other/azure-test-proxy/tests/recordings/test_foghorn.pyTestFoghorntest_signals.json": "Entries",
}


@pytest.mark.parametrize("bad", BAD, ids=json.dumps)
@pytest.mark.parametrize("path", LISTS)
def test_one_bad_entry_is_marked_and_the_others_are_read(path: str, bad: object) -> None:
    document = json.loads((SAMPLES / path).read_bytes())
    good = read(path, json.dumps(document).encode())
    entries = document
    for key in filter(None, LISTS[path].split(".")):
        entries = entries[key]
    entries.insert(0, bad)
    read_again = read(path, json.dumps(document).encode())
    assert read_again.format == good.format
    first, *others = read_again.exchanges
    assert first.problems
    assert [one.request for one in others] == [one.request for one in good.exchanges]


@pytest.mark.parametrize("bad", [b"null", b"7", b'"fog"', b"garbage", b'{"request": {"url"', b'on": 1}}'])
def test_a_bad_line_is_marked_wherever_it_stands(bad: bytes) -> None:
    good = json.dumps(PAIR).encode()
    for lines in ([bad, good, good], [good, bad, good]):
        recording = read("log.jsonl", b"\n".join(lines) + b"\n")
        assert (recording.format, len(recording.exchanges), len(whys(recording))) == ("pairs", 3, 1)


def test_a_first_line_that_says_what_the_file_is_does_not_hide_the_others() -> None:
    data = b'{"version": 1, "from": "the lighthouse"}\n' + json.dumps(PAIR).encode() + b"\n"
    assert len(read("log.jsonl", data).exchanges) == 1


def test_a_yaml_cassette_whose_first_entry_is_empty() -> None:
    data = (SAMPLES / "other/go-vcr/keeper/testdata/TestFirstVersion.yaml").read_bytes()
    recording = read("TestFirst.yaml", data.replace(b"interactions:\n", b"interactions:\n- {}\n", 1))
    assert (recording.format, len(recording.exchanges)) == ("go-vcr", 2)
    assert whys(recording)[:1] == ["not understood: it holds no request and no response"]


def test_a_frame_without_direction_costs_the_others_nothing() -> None:
    path = "other/req_llm/test/support/fixtures/openai/gpt_realtime/steer.json"
    document = json.loads((SAMPLES / path).read_bytes())
    document["frames"][1:1] = [{"direction": []}, 7]
    recording = read(path, json.dumps(document).encode())
    assert recording.broken is None
    assert len(whys(recording)) == 2


def test_a_page_with_a_broken_letter_in_its_data_shows_what_stands_before_it() -> None:
    data = (SAMPLES / "other/claude-trace/log-2026-02-01-21-00-00.html").read_bytes()
    at = data.rindex(b"atob(")
    broken = data[: at + 3000] + b"\xff" + data[at + 3001 :] if len(data) > at + 3100 else data[:-90] + b"\xff" * 60
    recording = read("log.html", broken)
    assert recording.exchanges
    assert recording.broken is not None
    assert "Error" not in recording.broken


# ---------------------------------------------------------------- secrets


@pytest.mark.parametrize(
    "text",
    [
        'curl -H "x-api-key: SEAGULL99" https://api.example.org',
        "headers:\n  X-Api-Key:\n  - SEAGULL99\n",
        "  Cookie: &night SEAGULL99\n",
        '{"client_secret": {"value": "SEAGULL99", "expires_at": 1}}',
        '{"mcp_servers": [{"authorization_token": "SEAGULL99"}]}',
    ],
)
def test_a_secret_in_a_text(text: str) -> None:
    assert "SEAGULL" not in mask.text(text)


@pytest.mark.parametrize(
    "value",
    [
        {"session": {"client_secret": {"value": "SEAGULL99"}}},
        {"request_headers": {"ocp-apim-subscription-key": "SEAGULL99", "x-auth": "SEAGULL99"}},
        {"responseHeaders": [["x-functions-key", "SEAGULL99"]]},
    ],
)
def test_a_secret_in_a_value(value: object) -> None:
    assert "SEAGULL" not in str(mask.value(value))


def test_what_a_test_expects_is_masked_with_its_comments() -> None:
    asserts = (Assertion("body contains sk-SEAGULL0123456789012345", "or sk-SEAGULL9876543210987654"),)
    exchange = Exchange(
        entry=0, request=Request("POST", ""), response=None, sent=False, expectation=Expectation(200, asserts)
    )
    masked = decoded.masked(exchange).exchange.expectation
    assert masked
    assert "SEAGULL" not in repr(masked)
    assert masked.asserts[0].comment


def test_what_a_recorder_noted_in_place_of_an_answer_is_masked_too() -> None:
    told = ProviderError(None, "refused: Authorization: Bearer SEAGULL99", None, {"api_key": "SEAGULL99"})
    exchange = Exchange(
        entry=0, request=Request("POST", ""), response=Response(error=told), session="sk-SEAGULL0123456789012345"
    )
    masked = decoded.masked(exchange)
    assert "SEAGULL" not in repr(masked)
    assert "SEAGULL" not in identity.group_of(exchange, "a.json")[1]


def test_no_summary_for_the_index_knows_the_session_that_is_a_key() -> None:
    exchange = Exchange(entry=0, request=Request("POST", ""), response=None, session="sk-SEAGULL0123456789012345")
    assert "SEAGULL" not in repr(summary_of(exchange, set()))


# ---------------------------------------------------------------- values of another type


def _keys(value: Any) -> set[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = set(value) if isinstance(value, dict) else set()
    return own.union(*map(_keys, inner))


def _replaced(value: Any, name: str, other: Any) -> Any:
    if isinstance(value, dict):
        return {key: other if key == name else _replaced(one, name, other) for key, one in value.items()}
    return [_replaced(one, name, other) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "name",
    [
        "goose-session/20260301_211400.jsonl",
        "langfuse/observations.jsonl",
        "langsmith/runs.jsonl",
        "promptfoo/results.json",
        "vscode-chat/chat.json",
    ],
)
def test_whatever_stands_under_a_key_the_file_is_not_broken(name: str) -> None:
    data = (SAMPLES / "other" / name).read_bytes()
    documents = [json.loads(line) for line in data.splitlines()] if name.endswith("l") else [json.loads(data)]
    entries = len(read(name, data).exchanges)
    assert entries
    last = documents[-1:] if name.endswith("l") else documents
    for key in _keys(last):
        for other in (10**30, [["fog"]], {"fog": []}):
            changed = [*documents[: -len(last)], *_replaced(last, key, other)]
            recording = read(name, "\n".join(map(json.dumps, changed)).encode())
            assert not recording.broken, (key, other)


def test_runs_within_runs_are_read_however_deep_they_lie() -> None:
    run: dict[str, Any] = {}
    for number in range(200):
        said = {"inputs": {"messages": [{"role": "user", "content": "fog?"}]}, "outputs": {"output": "lit"}}
        about = {"id": f"r{number}", "trace_id": "keeper", "run_type": "chain" if run else "llm", "name": "bell"}
        run = {**about, **said, **({"child_runs": [run]} if run else {})}
    assert [one.provider for one in read("runs.json", json.dumps(run).encode()).exchanges] != []
