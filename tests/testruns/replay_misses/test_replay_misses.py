"""What recorders say when they have no recording, in logs as log tools leave them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from inspector.testruns.replay_misses import Miss, decoded, find

HASH = "3f2a9c01b7d84e56" * 4
OTHER = "0badc0de" * 8
URL = "https://api.openai.com/v1/v1/chat/completions"
TEST = "tests/integration/inference/test_weather.py::test_forecast[client-txt=openai/gpt-4o]"
RUN = "Run './scripts/integration-tests.sh --inference-mode record-if-missing' with required API keys to generate."
RECORD = "To record this response, run with LLAMA_STACK_INFERENCE_MODE=record"
CASSETTE = "tests/cassettes/test_weather/test_forecast.yaml"

RECORDING = Miss("recording", 0, HASH, "POST", URL, "gpt-4o")
TOOL = Miss("tool", 0, tool="tavily::tavily-search.web_search", kwargs="{'query':'Whokeepsthelamp?'}")
ARGUMENTS = "{'query': 'Who keeps the lamp?'}"
VCR = Miss("cassette", 0, method="POST", url=URL, cassette=CASSETTE)

MESSAGES = {
    "today": (
        f"RuntimeError: Recording not found for request hash: {HASH}\nModel: gpt-4o | Request: POST {URL}\n\n{RUN}",
        RECORDING,
    ),
    "genai": (
        f"RuntimeError: Recording not found for genai request hash: {HASH}\n"
        f"Model: gemini-2.0-flash | Endpoint: /generate_content\n\n{RUN}",
        Miss("recording", 0, HASH, "", "/generate_content", "gemini-2.0-flash"),
    ),
    "with a body": (
        f"No recorded response found for request hash: {HASH}\n"
        f"Request: POST {URL} {{'messages': [{{'role': 'user', 'content': 'Model: no | Request: GET x'}}]}}\n"
        f"Model: gpt-4o\n{RECORD}",
        RECORDING,
    ),
    "oldest": (
        f"RuntimeError: No recorded response found for request hash: {HASH}\n"
        f"Endpoint: /api/chat\nModel: llama3.2:3b\n{RECORD}",
        Miss("recording", 0, HASH, "", "/api/chat", "llama3.2:3b"),
    ),
    "abbreviated": (f"Recording not found for request hash: {HASH}\nModel: gpt-4o | POST {URL}", RECORDING),
    "rerank": (
        "RuntimeError: Recording not found for rerank request | URL: https://rank.example/v1/rerank",
        Miss("http", 0, url="https://rank.example/v1/rerank"),
    ),
    "httpx": (f"RuntimeError: Recording not found for httpx POST {URL}", Miss("http", 0, method="POST", url=URL)),
    "httpx stream": (f"Recording not found for httpx stream POST {URL}", Miss("http", 0, method="POST", url=URL)),
    "tool": (f"RuntimeError: Recording not found for {TOOL.tool} | Request: {ARGUMENTS}", TOOL),
    "old tool": (f"No recorded tool result found for {TOOL.tool}\nRequest: {ARGUMENTS}\n{RECORD}", TOOL),
    "vcr": (
        f"CannotOverwriteExistingCassetteException: Can't overwrite existing cassette ('{CASSETTE}') in your current "
        f"record mode (<RecordMode.NONE: 'none'>).\nNo match for the request (<Request (POST) {URL}>) was found.\n"
        "No similar requests, that have not been played, found.",
        VCR._replace(similar=0),
    ),
    "vcr with a likeness": (
        f"Can't overwrite existing cassette ('{CASSETTE}') in your current record mode ('once').\n"
        f"No match for the request (<Request (POST) {URL}>) was found.\n"
        f"Found 1 similar requests with 1 different matcher(s) :\n\n1 - (<Request (POST) {URL}>).\n"
        "Matchers succeeded : ['method', 'host']\nMatchers failed :\nbody - assertion failure :\nNone",
        VCR._replace(similar=1, differs=("body",)),
    ),
    "old vcr": (
        f"No match for the request (<Request (POST) {URL}>) was found. Can't overwrite existing cassette "
        f"('{CASSETTE}') in your current record mode ('none').",
        VCR,
    ),
    "vcr 9": (
        "vcr.errors.CannotOverwriteExistingCassetteException: Can't play back this request: no recorded interaction "
        "matches it (the closest differ in body).\nrecord_mode 'none' doesn't record new requests.\n\n"
        f'  POST {URL}\n  body: {{"model":"gpt-4o"}}\n\nCassette: {CASSETTE}\n  record_mode: none\n'
        "  match_on: method, uri, body\n  interactions: 1 recorded, 0 played\n\nClosest recorded requests:\n"
        '  1. POST https://other.example/\n     body differs:\n       --- recorded\n       +++ this request',
        VCR._replace(differs=("body",)),
    ),
    "vcr 9 without a cassette": (
        "Can't play back this request: the cassette doesn't exist, and record_mode 'none' doesn't record new ones.\n\n"
        f"  POST {URL}\n\nCassette: {CASSETTE}\n  record_mode: none\n  match_on: method, uri",
        VCR,
    ),
}  # fmt: skip

FILLER = " ".join(f"The keeper went up {n} stairs, and down {n * 7} more, and trimmed the wick." for n in range(9, 15))


def hard(text: str, width: int) -> list[str]:
    """As a terminal does: in the middle of words."""
    return [line[at : at + width] for line in text.split("\n") for at in range(0, max(len(line), 1), width)]


def soft(text: str, width: int) -> list[str]:
    """As Rich does: between words, and within those that are longer than a line."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append("")
        for word in line.split(" "):
            if lines[-1] and len(lines[-1]) + 1 + len(word) <= width:
                lines[-1] += f" {word}"
                continue
            pieces = hard(word, width)
            lines[-1:] = pieces if not lines[-1] else [lines[-1], *pieces]
    return lines


def boxed(lines: list[str], width: int) -> Iterator[str]:
    yield f"╭{'─' * (width + 2)}╮"
    yield from (f"│ {line:{width}} │" for line in lines)
    yield f"╰{'─' * (width + 2)}╯"


def led(*heads: str) -> Callable[[list[str], int], Iterator[str]]:
    return lambda lines, _: (heads[at % len(heads)] + line for at, line in enumerate(lines))


DRESSES: dict[str, Callable[[list[str], int], Iterator[str]]] = {
    "plain": led(""),
    "GitHub": led("2026-11-21T10:00:00.1234567Z ", "2026-11-21T10:00:09.7654321Z "),
    "gh run view": led("Replay\tRun tests\t2026-11-21T10:00:00.1234567Z "),
    "GitLab": led("2026-11-21T10:00:00.123456Z 01O "),
    "GitLab goes on": led("2026-11-21T10:00:00.123456Z 01O+"),
    "clock": led("[10:00:00] "),
    "docker compose": led("llama-1  | "),
    "kubectl": led("[pod/llama-0/server] "),
    "syslog": led("Nov 21 10:00:00 runner llama[12]: "),
    "xdist": led("[gw0] "),
    "pytest": led("E       "),
    "quoted": led("> "),
    "indented": led("        "),
    "carriage returns": lambda lines, _: (f"{line}\r" for line in lines),
    "coloured": lambda lines, _: (f"\x1b[31;1m{line}\x1b[0m\x1b[K" for line in lines),
    "colours without escape": lambda lines, _: (f"[31m{line}[0m" for line in lines),
    "padded": lambda lines, width: (f"{line:{width + 20}}" for line in lines),
    "boxed": boxed,
    "ASCII box": lambda lines, width: (f"| {line:{width}} |" for line in lines),
    "boxed in time": lambda lines, width: (f"2026-11-21T10:00:00Z {line}\x1b[0m" for line in boxed(lines, width)),
    "JSON": lambda lines, _: iter([json.dumps({"log": "\n".join(lines) + "\n", "stream": "stderr"})]),
    "JSON of a box": lambda lines, width: iter([json.dumps({"message": "\x1b[31m" + "\n".join(boxed(lines, width))})]),
    "JSON twice": lambda lines, _: iter([json.dumps({"a": json.dumps({"log": "\n".join(lines)})})]),
}  # fmt: skip


def _only(text: str) -> Miss:
    [miss] = find(text).misses
    kwargs = miss.kwargs.replace(" ", "")  # whether a blank or nothing was at a break cannot always be told
    return miss._replace(line=0, tests=(), times=1, kwargs=kwargs)


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("wrap", [hard, soft])
def test_a_wrapped_and_padded_message_says_the_same(dress: str, wrap: Callable[[str, int], list[str]]) -> None:
    for name, (message, miss) in MESSAGES.items():
        for width in (41, 64, 80, 119, 200):
            lines = wrap(f"{FILLER}\n{message}\n\n{FILLER}", width)
            log = "\n".join(DRESSES[dress](lines, width))
            assert _only(log) == miss, (name, width, log)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_width_says_the_same(name: str) -> None:
    message, miss = MESSAGES[name]
    for width in (*range(36, 200, 7), 79, 80, 100, 119, 120):
        for wrap in (hard, soft):
            log = "\n".join(wrap(f"{FILLER}\n{message}\n\n{FILLER}", width))
            assert _only(log) == miss, (width, log)


@pytest.mark.parametrize("width", [width for width in range(36, 120) if width != len(URL)])
def test_what_follows_an_address_is_no_part_of_it(width: int) -> None:
    message = MESSAGES["httpx"][0]
    log = "\n".join(soft(f"{FILLER}\n{message}\nThen it all went on.\n{FILLER}", width))
    assert _only(log).url == URL


def test_an_indented_line_goes_on_with_nothing() -> None:
    traces = "\n".join(f"Recording not found for httpx POST {URL}{end}\n  in_play" for end in "ab")
    assert [miss.url for miss in find(traces).misses] == [f"{URL}a", f"{URL}b"]


def test_a_rich_log_with_its_columns() -> None:
    head = "[10/03/25 10:00:00] ERROR    "
    lines = soft(MESSAGES["today"][0], 72)
    places = ["api_recorder.py:1194", *[""] * len(lines)]
    log = "\n".join(
        f"{head if not at else ' ' * len(head)}{line:72} {places[at]}".rstrip() for at, line in enumerate(lines)
    )
    assert _only(log) == RECORDING


@pytest.mark.parametrize("name", MESSAGES)
def test_a_log_cut_off_anywhere_is_read(name: str) -> None:
    message, miss = MESSAGES[name]
    for end in range(len(message)):
        assert len(find(message[:end]).misses) <= 1
    assert _only(message) == miss


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Recording not found",
        "Recording not found for request hash: none",
        f"Recording not found for request hash: {HASH}{HASH}",
        "Recording not found for me | Request: tea",
        "No match for the request was found.",
        "FAILED tests/x.py::test_y - AssertionError: assert 1 == 2",
    ],
)
def test_what_is_no_miss(text: str) -> None:
    assert not find(text).misses


def test_a_hash_that_was_cut_off() -> None:
    assert _only(f"Recording not found for request hash: {HASH[:16]}...\nModel: gpt-4o").hash == HASH[:16]
    [miss] = find(f"request hash: {HASH}\nRecording not found for request hash: {HASH}\n{'-' * 60}\n"
                  f"Recording not found for request hash: {HASH[:20]}…").misses  # fmt: skip
    assert (miss.hash, miss.times) == (HASH, 2)


def test_a_miss_is_told_once_with_all_its_tests() -> None:
    lines = [
        f"FAILED {TEST} - RuntimeError: Recording not found for request hash: {one}" for one in (HASH, OTHER, HASH)
    ]
    first, second = find("\n".join(lines)).misses
    assert (first.hash, first.times, first.line) == (HASH, 2, 1)
    assert (second.hash, second.times, second.line) == (OTHER, 1, 2)


def test_secrets_are_masked() -> None:
    key = "sk-proj-" + "k" * 40
    [http] = find("Recording not found for httpx POST https://me:pass@x.example/v1?key=AIzaSyABCDEFGH&a=1").misses
    assert "AIza" not in http.url and "pass" not in http.url and "a=1" in http.url  # noqa: PT018
    [tool] = find(f"Recording not found for a.b | Request: {{'q': 'x {key}'}}").misses
    assert key not in tool.kwargs


def test_what_powershell_writes() -> None:
    assert find(decoded(MESSAGES["today"][0].encode("utf-16"))).misses[0].hash == HASH


# ---------------------------------------------------------------- tests

MISS = f"Recording not found for request hash: {HASH}"
SECTION = f"""\
=================================== FAILURES ===================================
______________ {{name}} ______________

    def test_forecast():
>       ask()

tests/integration/inference/test_weather.py:55:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _
src/recorder.py:1194: in play
E       RuntimeError: {MISS}
"""


@pytest.mark.parametrize(
    ("log", "test"),
    [
        (f"FAILED {TEST} - RuntimeError: {MISS}", TEST),
        (f"{TEST} \n-------- live log call --------\nERROR server: {MISS}\nFAILED [ 50%]", TEST),
        (SECTION.format(name="test_forecast[a.b-c]"), f"{TEST.partition('::')[0]}::test_forecast[a.b-c]"),
        (SECTION.format(name="TestSky.test_forecast"), f"{TEST.partition('::')[0]}::TestSky::test_forecast"),
        (SECTION.format(name="ERROR at setup of test_forecast"), f"{TEST.partition('::')[0]}::test_forecast"),
        (f"{SECTION.format(name=TEST.rpartition('::')[2])}=== short test summary ===\nFAILED {TEST} - Runt...", TEST),
        (f'File "/repo/x.py", line 9, in test_tea\n    ask()\nRuntimeError: {MISS}', "/repo/x.py::test_tea"),
        (f"ERROR: test_tea (tests.test_x.Tea.test_tea)\n-----\nRuntimeError: {MISS}", "test_tea"),
        (f"Test context: {TEST}\nserver: {MISS}", TEST),
        (f"server: {MISS}\n=== short test summary info ===\nFAILED {TEST} - InternalServerError: 500", TEST),
        (f"{TEST} FAILED [ 50%]\nserver: {MISS}", TEST),
        (f"FAILED {TEST} - RuntimeError: Recording not fo...", TEST),
        (f"FAILED {TEST} - vcr.errors.CannotOverwrite: Can't play back this request: the cas...", TEST),
        (f"FAILED {TEST} - vcr.errors.CannotOverwriteExistingCassetteException: Can...", TEST),
    ],
)  # fmt: skip
def test_the_test_that_missed(log: str, test: str) -> None:
    assert [named.id for miss in find(log).misses for named in miss.tests] == [test]


def test_a_verdict_before_the_message_is_a_guess_where_it_is_the_only_one() -> None:
    log = f"tests/a.py::test_x PASSED [ 50%]\n{TEST} FAILED [100%]\n\nserver: {MISS}"
    [miss] = find(log).misses
    assert [(named.id, named.sure) for named in miss.tests] == [(TEST, False)]
    assert find(log).failed == (TEST,)
    two = find(log.replace("PASSED", "FAILED"))
    assert (two.misses[0].tests, two.failed) == ((), ("tests/a.py::test_x", TEST))


def test_two_messages_beside_each_other_stay_two() -> None:
    one = MESSAGES["vcr 9 without a cassette"][0]
    assert [miss.url for miss in find(f"{one}\n{one.replace(URL, 'https://b.example/')}").misses] == [
        URL,
        "https://b.example/",
    ]
    short = "Can't play back this request: the cassette"
    assert len(find(f"No match for the request (<Request (POST) {URL}>) was found.\n{short}").misses) == 2


def test_two_failures_stay_apart() -> None:
    log = SECTION.format(name="test_a") + SECTION.format(name="test_b").replace(HASH, OTHER)
    file = TEST.partition("::")[0]
    assert [[test.id for test in miss.tests] for miss in find(log).misses] == [[f"{file}::test_a"], [f"{file}::test_b"]]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_id_of_a_test_is_wrapped_too(width: int) -> None:
    log = "\n".join(hard(f"{FILLER}\nFAILED {TEST} - RuntimeError: {MISS}", width))
    assert [test.id for test in find(log).misses[0].tests] == [TEST]


# ---------------------------------------------------------------- hostile


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    [" ", "_", "R", "\x1b[", "[1;", "\\n", "x.py::", "FAILED x.py::t[", "Recording not found for ", "(" * 9, "│ ",
     "R\n", "FAILED x.py::t[\n", f"{MISS}\n", "Can't overwrite existing cassette ('", "___ t", "\u2028\x00\ud800"],
)  # fmt: skip
def test_hostile_logs_are_read_in_linear_time(piece: str) -> None:
    """What is not linear does not end here."""
    find(piece * (200_000 // len(piece)))
