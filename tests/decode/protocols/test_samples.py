"""Each protocol's sample means what it says, whole and streamed."""

from __future__ import annotations

import json

import pytest

from inspector.decode import decoder
from inspector.decode.evidence import Evidence
from inspector.decode.protocols.anthropic import messages_by_answer
from inspector.model import Body, ModelCall
from tests.decode.protocols.samples.every import SAMPLES
from tests.decode.protocols.samples.sample import Sample, exchange, streamed, whole

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.protocol}-{len(sample.stream)}")
every_stream = pytest.mark.parametrize(
    "sample",
    [sample for sample in SAMPLES if sample.stream],
    ids=lambda sample: f"{sample.protocol}-{len(sample.stream)}",
)


SESSIONS = {"openai.realtime", "gemini.live"}
"""What is neither whole nor a stream: frames both ways, which have tests of their own."""


def test_every_protocol_has_a_sample() -> None:
    assert {sample.protocol for sample in SAMPLES} | SESSIONS == {module.NAME for module in decoder.modules()}


@every_sample
def test_request(sample: Sample) -> None:
    call = whole(sample)
    assert (call.protocol, call.operation) == (sample.protocol, sample.operation)
    assert call.prompt.model == sample.model
    assert call.prompt.system == sample.system
    assert call.prompt.messages == sample.messages
    assert call.prompt.tools == sample.tools
    assert call.prompt.settings == sample.settings
    said = sample.request.get("stream") if sample.asks_to_stream is None else sample.asks_to_stream
    assert call.prompt.stream == said


@every_sample
def test_whole_answer(sample: Sample) -> None:
    call = whole(sample)
    assert_answer(call, sample)
    assert not call.streamed


@every_stream
def test_stream_equals_whole(sample: Sample) -> None:
    call = streamed(sample)
    assert_answer(call, sample)
    assert call.streamed
    assert len(call.steps) == len(sample.stream)


def assert_answer(call: ModelCall, sample: Sample) -> None:
    assert call.problems == ()
    assert call.replies == sample.replies
    assert call.usage == sample.usage
    assert call.summary == sample.summary
    assert (call.response_id, call.response_model, call.created_at) == sample.about
    assert call.error is None
    assert call.complete


@every_stream
def test_a_stream_that_was_cut_is_not_complete(sample: Sample) -> None:
    call = decoder.decode(exchange(sample.url, sample.request, Body("chunks", list(sample.stream[:2]))))
    assert call.streamed
    assert not call.complete


@every_stream
def test_framing_makes_no_difference(sample: Sample) -> None:
    """The same events as server-sent events and as JSON lines."""
    lines = [json.dumps(event) for event in sample.stream]
    for text in ("".join(f"data: {line}\n\n" for line in lines), "\n".join(lines)):
        call = decoder.decode(exchange(sample.url, sample.request, Body("text", text)))
        assert_answer(call, sample)
        assert call.streamed


@every_sample
def test_the_answer_alone_tells_the_protocol_where_the_address_does_not(sample: Sample) -> None:
    """What has marks of its own is recognised behind any proxy."""
    unmarked = {"ollama.embed", "ollama.models"}
    asked = sample.request if not sample.url else {}
    call = decoder.decode(exchange("http://proxy/x" if sample.url else "", asked, Body("value", sample.whole)))
    assert call.protocol == (None if sample.protocol in unmarked else sample.protocol)


@every_sample
def test_an_orphaned_request_is_still_read(sample: Sample) -> None:
    call = decoder.decode(exchange(sample.url, sample.request, None))
    assert call.protocol == sample.protocol
    assert call.prompt.messages == sample.messages
    assert call.replies == ()


@every_sample
def test_an_error_is_told_by_its_status(sample: Sample) -> None:
    body = {"error": {"message": "no", "type": "bad_request"}}
    call = decoder.decode(exchange(sample.url, sample.request, Body("value", body), 400))
    assert call.protocol == sample.protocol
    assert call.error is not None
    assert (call.error.type, call.error.message, call.error.status) == ("bad_request", "no", 400)
    assert call.replies == ()


def test_what_is_known_at_a_glance_is_known_without_it() -> None:
    """Anthropic's answers are told before the protocols are asked that stand before Anthropic's."""
    others = [one for one in decoder.modules() if one is not messages_by_answer]
    answers = [said for sample in SAMPLES for said in (sample.whole, *sample.stream[:1]) if isinstance(said, dict)]
    seen = 0
    for sample in SAMPLES:
        asked = sample.request if isinstance(sample.request, dict) else {}
        for answer in answers:
            evidence = Evidence("api.anthropic.com", "/v1/messages", asked, answer, answer)
            if messages_by_answer.recognise(evidence):
                seen += 1
                assert next(one.NAME for one in others if one.recognise(evidence)) == messages_by_answer.NAME
    assert seen
