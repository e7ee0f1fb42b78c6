"""What differs between two exchanges, and what it amounts to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from inspector import formats
from inspector.analysis.anchors import replies
from inspector.compare.exchanges import Difference, differences, line
from inspector.compare.message_pairs import message_pairs
from inspector.compare.values import ABSENT
from inspector.compare.verdict import verdict
from inspector.formats.reading.source import Source
from inspector.model import Exchange, Message, ModelCall, Part, Reasoning, Refusal, Text, ToolCall, ToolResult, Unknown
from inspector.redaction import decoded
from inspector.redaction.decoded import Masked
from tests.making import SAMPLES, chat

WORD = "quagmire"


def amounts_to(found: Iterable[Difference]) -> str:
    return verdict(one.side for one in found)


@cache
def samples() -> tuple[Masked, ...]:
    """Every exchange of every sample."""
    files = sorted(path for path in SAMPLES.rglob("*") if path.is_file())
    read = (formats.read(Source(file.relative_to(SAMPLES).as_posix(), file.read_bytes())) for file in files)
    return tuple(decoded.masked(exchange) for recording in read for exchange in recording.exchanges)


def one(data: bytes | dict[str, Any]) -> Masked:
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    (exchange,) = formats.read(Source("a.json", data)).exchanges
    return decoded.masked(exchange)


def changed(document: bytes, *at: Any, to: Any) -> dict[str, Any]:
    """A recording with one value exchanged."""
    value = whole = json.loads(document)
    for key in at[:-1]:
        value = value[key]
    value[at[-1]] = to
    assert isinstance(whole, dict)
    return whole


DATA = ("response", "body", "__data__")
BODY = ("request", "body")
CHAT = chat("How many experts?", "It has 128 experts.")


# ---------------------------------------------------------------- laws


def test_nothing_differs_from_itself() -> None:
    assert [sample for sample in samples() if differences(sample, sample)] == []
    assert len(samples()) > 100


def in_other_words(part: Part) -> Iterator[Part]:
    """The part with one word more in each place that says something."""
    match part:
        case Text(content) | Reasoning(content) | Refusal(content):
            yield replace(part, content=f"{content} {WORD}")
            yield replace(part, content=f"{WORD} {content}")
        case ToolCall(_, name, text, arguments):
            yield replace(part, name=f"{name}_{WORD}")
            if isinstance(arguments, dict):
                more = {**arguments, WORD: 1}
                yield replace(part, arguments=more, arguments_text=json.dumps(more))
            else:
                yield replace(part, arguments_text=text + WORD)
        case ToolResult(_, _, response):
            yield replace(part, response=[response, WORD])
        case Unknown(raw):
            yield replace(part, raw=[raw, WORD])
        case _:
            return


def mutants(call: ModelCall) -> Iterator[ModelCall]:
    for number, reply in enumerate(call.replies):
        for at, part in enumerate(reply.parts):
            for other in in_other_words(part):
                said = replace(reply, parts=(*reply.parts[:at], other, *reply.parts[at + 1 :]))
                yield replace(call, replies=(*call.replies[:number], said, *call.replies[number + 1 :]))
        yield replace(call, replies=(*call.replies[:number], *call.replies[number + 1 :]))
        ended = replace(reply, finish_reason="unknown" if reply.finish_reason != "unknown" else "stop")
        yield replace(call, replies=(*call.replies[:number], ended, *call.replies[number + 1 :]))


def test_a_changed_word_in_any_answer_is_another_answer() -> None:
    seen = 0
    for exchange, call in samples():
        for mutant in mutants(call):
            for before, after in (((exchange, call), (exchange, mutant)), ((exchange, mutant), (exchange, call))):
                seen += 1
                assert amounts_to(differences(Masked(*before), Masked(*after))) == "answer"
    assert seen > 500


def renamed(message: Message) -> Message:
    parts = (
        replace(part, id="call_0123456789abcdef") if isinstance(part, (ToolCall, ToolResult)) else part
        for part in message.parts
    )
    return replace(message, parts=tuple(parts))


def test_ids_of_calls_and_times_are_noise_in_every_sample() -> None:
    for exchange, call in samples():
        prompt = replace(call.prompt, messages=tuple(map(renamed, call.prompt.messages)))
        other = replace(
            call, prompt=prompt, replies=tuple(map(renamed, call.replies)), response_id="x", created_at="y", usage=None
        )
        later = replace(exchange, started_at="2026-01-01", duration=9.5)
        found = differences(Masked(exchange, call), Masked(later, other))
        assert amounts_to(found) == "noise", [line(one) for one in found if one.side != "noise"]


def test_a_verdict_is_the_same_from_either_side() -> None:
    for before, after in zip(samples(), samples()[1:], strict=False):
        found = differences(before, after)
        assert amounts_to(found) == amounts_to(differences(after, before))
        assert all(line(one) and "\n" not in line(one) for one in found)


# ---------------------------------------------------------------- tables


def told(before: Masked, after: Masked, side: str = "") -> list[str]:
    return [f"{one.side}: {line(one)}" for one in differences(before, after) if one.side == side or not side]


@pytest.mark.parametrize(
    ("at", "to", "lines"),
    [
        ((*BODY, "temperature"), 0.2, ["request: temperature absent → 0.2"]),
        ((*BODY, "stream"), True, ["noise: stream false → true"]),
        ((*BODY, "model"), "gpt-4o-mini", ["request: model gpt-4o → gpt-4o-mini"]),
        ((*BODY, "messages", 0, "content"), "How many bells?",
         ['request: user message: "How many experts?" → "How many bells?"']),
        ((*DATA, "choices", 0, "message", "content"), "It has 16 experts.",
         ['answer: reply: "It has 128 experts." → "It has 16 experts."']),
        ((*DATA, "choices", 0, "finish_reason"), "length", ["answer: finish stop → length"]),
        ((*DATA, "id"), "rec-2", ['noise: id "rec-1" → "rec-2"']),
        ((*DATA, "created"), 7, ["noise: created absent → 7"]),
        ((*DATA, "usage"), {"prompt_tokens": 7}, ["noise: tokens input_tokens absent → 7"]),
    ],
)  # fmt: skip
def test_one_line_tells_what_differs(at: tuple[Any, ...], to: Any, lines: list[str]) -> None:
    assert told(one(CHAT), one(changed(CHAT, *at, to=to))) == lines


def with_call(arguments: str, id: str = "call_1", name: str = "get_weather") -> Masked:
    call = {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return one(changed(CHAT, *DATA, "choices", 0, "message", to={"role": "assistant", "tool_calls": [call]}))


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (('{"city": "Oslo"}',), ('{"city":"Bergen"}',), ['answer: tool get_weather(city: "Oslo" → "Bergen")']),
        (('{"city": "Oslo", "b": 1}',), ('{"b":1,"city":"Oslo"}',), []),
        (("{}", "call_1"), ("{}", "call_2"), []),
        (("{}", "x", "a"), ("{}", "x", "b"), ["answer: tool a → b"]),
        (('{"a": "file-0123456789ab1"}',), ('{"a": "file-0123456789ab2"}',), []),
        (('{"a": 1}',), ('{"a": ',), ['answer: tool get_weather("{\\"a\\": 1}" → "{\\"a\\": ")']),
    ],
)
def test_calls_are_compared_by_their_arguments(before: Any, after: Any, lines: list[str]) -> None:
    found = differences(with_call(*before), with_call(*after))
    assert [f"{one.side}: {line(one)}" for one in found if one.side != "noise"] == lines
    assert amounts_to(found) == ("answer" if lines else "noise")


def citing(*sources: tuple[str, str], start: int = 0) -> dict[str, Any]:
    """A reply that rests on sources, each a title and an address."""
    cited = [
        {"type": "url_citation", "url_citation": {"title": title, "url": url, "start_index": start, "end_index": 9}}
        for title, url in sources
    ]
    return changed(CHAT, *DATA, "choices", 0, "message", "annotations", to=cited)


_LOG, _MAP = ("The log", "https://lighthouse.example/log?utm=1"), ("The map", "https://harbour.example/map")
_LED = [("The log", f"https://example.com/grounding-api-redirect/{way}") for way in ("AUZ1", "AUZ2")]


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (citing(_LOG), citing(_MAP),
         ['answer: citation: "The log (https://lighthouse.example/log?utm=1)" → "The map (https://harbour.example/map)"']),
        (citing(_LOG), citing(_LOG, _MAP), ['answer: citation added: "The map (https://harbour.example/map)"']),
        (citing(_LOG, _MAP), citing(_MAP), ['answer: citation gone: "The log (https://lighthouse.example/log?utm=1)"']),
        (citing(_LOG, _MAP), citing(_MAP, _LOG), ["noise: citations at other places, or by other addresses"]),
        (citing(_LOG), citing(_LOG, start=4), ["noise: citations at other places, or by other addresses"]),
        (citing(_LOG), citing((_LOG[0], "https://lighthouse.example/log?utm=2")),
         ["noise: citations at other places, or by other addresses"]),
        (citing(_LED[0]), citing(_LED[1]), ["noise: citations at other places, or by other addresses"]),
    ],
)  # fmt: skip
def test_other_sources_are_another_answer(before: Any, after: Any, lines: list[str]) -> None:
    assert told(one(before), one(after))[:1] == lines
    pair = message_pairs(replies(one(before).call), replies(one(after).call))
    assert [each.says_the_same for each in pair] == [lines[0].startswith("noise")]


def test_probabilities_of_tokens_are_noise() -> None:
    first, second = (
        changed(CHAT, *DATA, "choices", 0, "logprobs", to={"content": [{"token": "It", "logprob": value}]})
        for value in (-0.25, -0.5)
    )
    assert told(one(first), one(second))[0] == "noise: probabilities of the tokens"
    assert amounts_to(differences(one(first), one(second))) == "noise"


def tools(**properties: str) -> Masked:
    schema = {"type": "object", "properties": {name: {"type": kind} for name, kind in properties.items()}}
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": schema}}
    return one(changed(CHAT, *BODY, "tools", to=[tool]))


def test_tool_definitions_are_named_by_their_keys() -> None:
    (found,) = [each for each in differences(tools(city="string"), tools(city="integer")) if each.side == "request"]
    key = "get_weather.parameters.properties.city.type"
    assert found == Difference("request", "tool", "tools", key, "string", "integer", "get_weather")
    (found,) = [each for each in differences(one(CHAT), tools()) if each.side == "request"]
    assert (found.key, found.before, line(found)) == ("get_weather", ABSENT, "tool get_weather added")


def test_a_stream_is_compared_by_what_it_says() -> None:
    def stream(*pieces: str, id: str = "a") -> Masked:
        chunks = [
            {"id": id, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": piece}}]}
            for piece in pieces
        ]
        document = changed(CHAT, "response", "body", to=chunks)
        document["response"]["is_streaming"] = True
        return one(document)

    assert told(stream("It is ", "night"), stream("It", " is", " night")) == ["noise: stream 2 chunks → 3 chunks"]
    assert amounts_to(differences(stream("It is ", "night"), stream("It ", "is night"))) == "noise"
    assert amounts_to(differences(stream("a"), stream("a", id="b"))) == "noise"
    assert told(stream("It is day"), stream("It is", " night"), "answer") == [
        'answer: reply: "It is day" → "It is night"'
    ]


def plain(answer: Any, url: str = "https://lighthouse.example/v1/keepers") -> Masked:
    request = {"method": "POST", "url": url, "headers": {}, "body": {"q": 1}}
    document = {"test_id": "t", "request": request, "response": {"body": answer, "is_streaming": False}}
    return one(document)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"keepers": ["Ada"]}, {"keepers": ["Bo"]}, "answer"),
        ({"keepers": ["Ada"], "id": "1"}, {"keepers": ["Ada"], "id": "2"}, "noise"),
        ({"keepers": ["Ada"], "created_at": 1}, {"keepers": ["Ada"], "created_at": 2}, "noise"),
        ({"hits": [{"score": 0.12345}]}, {"hits": [{"score": 0.22345}]}, "noise"),
        ({"valid": "yes"}, {"valid": "no"}, "answer"),
        ({"status": "lit"}, {"status": "out"}, "answer"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "same"),
        ({"keepers": ["Ada"]}, {"keepers": ["Ada"], "relief": None, "boats": []}, "noise"),
        ({"keepers": ["Ada"]}, {"keepers": ["Ada"], "relief": "Bo"}, "answer"),
    ],
)
def test_what_no_protocol_reads_is_compared_as_it_is(before: Any, after: Any, expected: str) -> None:
    assert amounts_to(differences(plain(before), plain(after))) == expected


def asked(sent: Any, answer: Any, url: str = "https://lighthouse.example/v1/keepers", status: int = 200) -> Masked:
    request = {"method": "POST" if sent else "GET", "url": url, "headers": {}, "body": sent}
    return one({"test_id": "t", "request": request, "response": {"body": answer, "status": status}})


def test_what_an_answer_repeats_of_its_request_was_asked() -> None:
    def answer(tag: str, lit: str, sent: str = "") -> Masked:
        return asked({"tags": ["skerry", sent or tag]}, {"made": {"tags": ["skerry", tag]}, "lamp": lit})

    assert amounts_to(differences(answer("v1", "lit"), answer("v2", "lit"))) == "request"
    assert amounts_to(differences(answer("v1", "lit"), answer("v2", "out"))) == "answer"
    assert amounts_to(differences(answer("v1", "lit"), answer("v2", "lit", sent="v1"))) == "answer"
    rung = [asked({"bells": [{"id": "1", **more}]}, {"bells": [more]}) for more in ({}, {"join": {"on": "fog"}})]
    assert amounts_to(differences(*rung)) == "request"
    swapped = [asked({"bells": ["a", "b"]}, {"first": {"bells": bell}}) for bell in "ab"]
    assert amounts_to(differences(*swapped)) == "answer"
    before, after = (chat(word, f"You said {word}.") for word in ("bell", "horn"))
    assert amounts_to(differences(one(before), one(after))) == "answer"


STORE = {"id": "vs_1", "object": "vector_store", "name": "bells", "status": "completed", "last_error": None,
         "file_counts": {"total": 1, "failed": 0}, "usage_bytes": 9, "created_at": 5}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"id": "vs_2", "created_at": 6, "usage_bytes": 11}, "noise"),
        ({"chunking": {"size": 800}, "expires_after": None}, "noise"),  # a later version says more
        ({"filename": "b.txt"}, "noise"),
        ({"name": "horns"}, "request"),  # somebody set it, in this request or one before
        ({"metadata": {"status": "old"}}, "noise"),
        ({"status": "expired"}, "answer"),
        ({"file_counts": {"total": 2, "failed": 1}}, "answer"),
        ({"last_error": {"code": "server_error", "message": "A lamp is out."}}, "answer"),
        ({"keeper": "Bo"}, "noise"),
        ({"warnings": ["A lamp is out."]}, "answer"),
    ],
)
def test_what_a_provider_keeps_is_compared_by_what_it_says(more: dict[str, Any], expected: str) -> None:
    url = "https://api.openai.com/v1/vector_stores/vs_1"
    found = differences(asked(None, STORE, url), asked(None, STORE | more, url))
    assert amounts_to(found) == expected, [line(one) for one in found]
    listed = [asked(None, {"object": "list", "data": [one]}, url[:-5]) for one in (STORE, STORE | more)]
    assert amounts_to(differences(*listed)) == expected


def test_no_word_of_a_resource_that_changed_is_noise() -> None:
    """But for what is so by its name."""
    url = "https://api.openai.com/v1/fine_tuning/jobs/ftjob-1"
    job = {"object": "fine_tuning.job", "fine_tuned_model": "ft:bell", "level": "info", "outcome": "rings",
           "n": 3, "events": [{"message": "begun", "data": {"step": 1}}], "training_files": [{"status": "read"}],
           "error": {"message": "none", "code": "c"}}  # fmt: skip
    for at in (["fine_tuned_model"], ["level"], ["outcome"], ["n"], ["events", 0, "message"], ["error", "message"],
               ["events", 0, "data", "step"], ["error", "code"], ["training_files", 0, "status"]):  # fmt: skip
        other = changed(json.dumps(job).encode(), *at, to=WORD)
        for before, after in ((job, other), (other, job)):
            assert amounts_to(differences(asked(None, before, url), asked(None, after, url))) == "answer", at


def test_another_code_of_an_error_is_another_answer() -> None:
    failed = [
        asked({"model": "m", "messages": []}, {"error": {"message": "No.", "type": "invalid", "code": code}},
              "https://api.openai.com/v1/chat/completions", 400)
        for code in ("too_long", "no_model")
    ]  # fmt: skip
    assert told(*failed, "answer") == ['answer: error code: "too_long" → "no_model"']


def test_an_error_is_another_answer() -> None:
    exchange = one(CHAT).exchange
    assert exchange.response is not None
    failed: Exchange = replace(exchange, response=replace(exchange.response, status=500))
    found = differences(Masked(exchange, one(CHAT).call), Masked(failed, one(CHAT).call))
    assert [line(each) for each in found] == ["status absent → 500"]
    assert amounts_to(found) == "answer"
