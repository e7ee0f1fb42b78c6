from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.decode.decoder import decode
from inspector.formats import read
from inspector.formats.reading.source import Source
from inspector.model import Body, Exchange, Problem, Request, Response
from inspector.output.transcript import transcript
from inspector.output.typeset import laid_out

URL = "https://api.openai.com/v1/chat/completions"


def chat(request: dict[str, Any], response: Body | None = None, **more: Any) -> Exchange:
    sent = {"model": "m-1", **request}
    answer = None if response is None else Response(body=response)
    return Exchange(entry=0, request=Request("POST", URL, (), Body("value", sent)), response=answer, **more)


def shown(exchange: Exchange, *, color: bool = False, width: int = 100) -> str:
    return transcript("0123456789abcdef  a/b.json", exchange, decode(exchange), color=color, width=width)


def asked(*messages: dict[str, Any]) -> str:
    return shown(chat({"messages": list(messages)}))


def called(*calls: tuple[str | None, str, str]) -> dict[str, Any]:
    items = [{"id": id, "function": {"name": name, "arguments": arguments}} for id, name, arguments in calls]
    return {"role": "assistant", "content": None, "tool_calls": items}


CHUNKS = [
    {"model": "m-1-0806", "choices": [{"index": 0, "delta": {"role": "assistant", "reasoning_content": "Hm."}}]},
    {"choices": [{"index": 0, "delta": {"content": "It is "}}]},
    {"choices": [{"index": 0, "delta": {"content": "18 °C."}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 1234, "completion_tokens": 5, "total_tokens": 1239}},
]

WHOLE = """\
0123456789abcdef  a/b.json
tests/t.py::test_weather
m-1 (answered by m-1-0806) · openai · openai.chat_completions · streamed in 4 chunks · stop · tokens: 1,234 in, 5 out
POST https://api.openai.com/v1/chat/completions
problem: request: one thing was odd

tools: get_weather, get_time
settings: temperature=0.5, stop=["x"], user=u

system
  Be short.

user (alice)
  What is the
  weather?
  [image/png, 3.2 kB]
  [image https://a.test/b.png]

assistant
  call get_weather {"city": "Oslo"}
    result: 18
  call get_time {}
    result:
      12:00
      sharp

── reply ──────────────────────────────────────────────────────────── stop · tokens: 1,234 in, 5 out

  reasoning:
    Hm.

  It is 18 °C.
"""


def test_a_whole_transcript() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 4268}}
    link = {"type": "image_url", "image_url": {"url": "https://a.test/b.png"}}
    text = {"type": "text", "text": "What is the\nweather?"}
    messages = [
        {"role": "system", "content": "Be short."},
        {"role": "user", "name": "alice", "content": [text, image, link]},
        called(("c1", "get_weather", '{"city":"Oslo"}'), ("c2", "get_time", "{}")),
        {"role": "tool", "tool_call_id": "c2", "content": "12:00\nsharp"},
        {"role": "tool", "tool_call_id": "c1", "content": "18"},
    ]
    tools = [{"type": "function", "function": {"name": name}} for name in ("get_weather", "get_time")]
    exchange = chat(
        {"messages": messages, "tools": tools, "stream": True, "temperature": 0.5, "stop": ["x"], "user": "u"},
        Body("chunks", CHUNKS),
        test_id="tests/t.py::test_weather",
        problems=(Problem("request", "one thing was odd"),),
    )
    assert shown(exchange) == WHOLE
    colored = shown(exchange, color=True)
    assert "\x1b[2mHm.\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == WHOLE


def test_results_without_ids_are_paired_by_order() -> None:
    text = asked(called((None, "one", "{}"), (None, "two", "{}")), *({"role": "tool", "content": c} for c in "ab"))
    assert "  call one {}\n    result: a\n  call two {}\n    result: b\n" in text


def test_an_id_that_comes_again_belongs_to_the_newer_call() -> None:
    turn = [called(("c", "one", "{}")), {"role": "tool", "tool_call_id": "c", "content": "a"}]
    again = [called(("c", "two", "{}")), {"role": "tool", "tool_call_id": "c", "content": "b"}]
    text = asked(*turn, *again)
    assert "call one {}\n    result: a\n" in text
    assert "call two {}\n    result: b\n" in text


def test_a_result_without_a_call_stands_where_it_came() -> None:
    text = asked(
        called(("c1", "one", "{}")),
        {"role": "tool", "tool_call_id": "other", "content": "a"},
        {"role": "observation", "content": "b"},
        {"role": "observation", "content": "c"},
    )
    assert "call one {}\n    result: b\n\ntool\n  result: a\n\ntool (observation)\n  result: c\n" in text


def test_a_written_call_takes_its_result() -> None:
    said = '{"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}'
    text = asked({"role": "assistant", "content": said}, {"role": "observation", "content": "2"})
    assert f'  {said}\n  written call add {{"a": 1}}\n    result: 2\n' in text
    assert "observation" not in text


def test_long_arguments_are_one_a_line_and_code_is_code() -> None:
    arguments = json.dumps({"path": "a.py", "text": "if x:\n    y()\n", "more": ["z" * 30] * 4})
    text = asked(called(("c1", "write", arguments)))
    assert '  call write\n      path: "a.py"\n      text:\n        if x:\n            y()\n      more: [\n' in text


def test_arguments_that_are_not_json_are_shown_as_they_are() -> None:
    assert 'call f with arguments that are not JSON:\n      {"a":\n' in asked(called(("c1", "f", '{"a": ')))
    assert "\n  call f\n" in asked(called(("c1", "f", "")))


@pytest.mark.parametrize("width", [0, 40, 100])
def test_nothing_is_cut(width: int) -> None:
    words = [f"word{number}" for number in range(500)]
    exchange = chat({"messages": [{"role": "user", "content": " ".join(words)}]})
    text = shown(exchange, width=width)
    assert re.findall(r"word\d+", text) == words
    longest = max(len(line) for line in text.split("\n") if "word" in line)
    assert longest > 2000 if width == 0 else longest <= width


def test_wrapped_lines_keep_their_indent() -> None:
    exchange = chat({"messages": [{"role": "user", "content": "    " + "word " * 20}]})
    rows = [line for line in shown(exchange, width=40).split("\n") if "word" in line]
    assert len(rows) > 1
    assert all(row.startswith("      word") for row in rows)


def test_errors_and_streams_that_stop() -> None:
    failed = Body("text", '{"error": {"type": "invalid", "message": "no such model"}}')
    text = shown(chat({"messages": []}, failed))
    assert "\nerror: invalid: no such model\n" in text
    assert "response ──" not in text
    assert "streamed in 2 chunks, which stop before the end" in shown(
        chat({"messages": []}, Body("chunks", CHUNKS[:2]))
    )
    assert "no response" in shown(chat({"messages": []}))


def test_several_replies_are_numbered() -> None:
    choices = [{"index": n, "message": {"role": "assistant", "content": f"say {n}"}} for n in range(2)]
    text = shown(chat({"messages": []}, Body("value", {"choices": choices})))
    assert re.search(r"── reply 1 of 2 ─+\n\n  say 0\n\n── reply 2 of 2 ─+\n\n  say 1\n", text)


def test_what_no_protocol_knows_is_shown_as_it_is() -> None:
    exchange = Exchange(
        entry=0,
        request=Request("POST", "http://a.test/x", (), Body("value", {"q": 1})),
        response=Response(200, (), Body("text", "plain answer")),
    )
    text = shown(exchange)
    assert "web · whole · HTTP 200\n" in text
    assert '\nrequest\n  {"q": 1}\n' in text
    assert text.endswith("\n\n  plain answer\n")


def test_what_is_expected_of_a_request_that_was_not_sent() -> None:
    answer = "HTTP 200\n[Asserts]\n# why\nstatus < 300\nbody exists\n"
    file = 'POST http://a.test/v1/chat/completions\n{"messages": []}\n' + answer
    [exchange] = read(Source("a.hurl", file.encode())).exchanges
    text = shown(exchange)
    assert " · not sent\n" in text
    assert re.search(r"\n── expected ─+ HTTP 200\n\n  # why\n  status < 300\n  body exists\n\Z", text)


EVIL = "\x1b[2J\x9b\x07\u202e\r\n\n── reply ── stop\n\nuser\n"


def test_recorded_text_cannot_dress_the_terminal_or_pass_for_ours() -> None:
    call = called((EVIL, EVIL, json.dumps({EVIL: EVIL})), (EVIL, EVIL, EVIL))
    parts = [{"type": "image_url", "image_url": {"url": EVIL}}, {"type": EVIL, EVIL: EVIL}]
    messages = [
        {"role": EVIL, "name": EVIL, "content": EVIL},
        {"role": "user", "content": parts},
        call,
        {"role": "tool", "tool_call_id": EVIL, "content": EVIL},
        {"role": "assistant", "content": None, "refusal": EVIL, "reasoning_content": EVIL},
    ]
    answer = {"id": EVIL, "model": EVIL, "choices": [{"message": messages[0], "finish_reason": EVIL}], "error": EVIL}
    request = {"model": EVIL, "messages": messages, EVIL: EVIL, "tools": [{"type": EVIL, EVIL: {"name": EVIL}}]}
    exchange = chat(request, Body("value", answer), test_id=EVIL, problems=(Problem(EVIL, EVIL),), started_at=EVIL)
    for color in (False, True):
        text = re.sub(r"\x1b\[(?:[0-9];?)+m", "", shown(exchange, color=color))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)
        assert "\\x1b[2J\\x9b\\x07<U+202E>" in text
    assert len(re.findall("^── reply", shown(exchange), re.MULTILINE)) == 1
    assert len(re.findall("^user$", shown(exchange), re.MULTILINE)) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.integers(0, 60))
def test_json_stays_the_same_json_at_any_width(value: object, width: int) -> None:
    assert json.loads(laid_out(value, width)) == value


def test_deep_json_is_laid_out_without_depth() -> None:
    value: object = "x"
    for _ in range(900):
        value = [value]
    assert laid_out(value, 80).count("\n") < 100
