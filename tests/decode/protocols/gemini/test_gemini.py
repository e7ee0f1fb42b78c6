"""Gemini: streamed arguments, sources, token probabilities, server tools, blocked prompts, counts, interactions."""

from __future__ import annotations

from typing import Any

import pytest

from inspector.decode.decoder import decode
from inspector.decode.protocols.gemini import parts as gemini_parts
from inspector.model import (
    Blob,
    Body,
    Citation,
    Message,
    ModelCall,
    Part,
    Text,
    Token,
    ToolCall,
    ToolDefinition,
    ToolResult,
    Unknown,
    Usage,
)
from tests.decode.protocols.samples.sample import PNG, exchange
from tests.decode.protocols.test_protocol_laws import raised

URL = "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:streamGenerateContent"


def answer(*chunks: Any, url: str = URL) -> ModelCall:
    body = Body("value", chunks[0]) if len(chunks) == 1 else Body("chunks", list(chunks))
    call = decode(exchange(url, {}, body))
    assert raised(call) == []
    return call


def chunk(*parts: Any, **more: Any) -> Any:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, **more}]}


def parts_of(call: ModelCall) -> tuple[Part, ...]:
    (reply,) = call.replies
    return reply.parts


# ---------------------------------------------------------------- streamed arguments


def called(**call: Any) -> Any:
    return chunk({"functionCall": call})


def piece(path: str, more: bool = True, **value: Any) -> Any:
    return called(partialArgs=[{"jsonPath": path, **value}], **({"willContinue": True} if more else {}))


@pytest.mark.parametrize("end", [(), (called(),), (chunk({"text": ""}, finishReason="STOP"),)])
def test_streamed_arguments_are_put_together(end: tuple[Any, ...]) -> None:
    call = answer(
        called(name="plant", willContinue=True),
        piece("$.beds[0].name", stringValue="Ro", willContinue=True),
        piece("$.beds[0].name", stringValue="ses"),
        piece("$.beds[0].width", numberValue=0.5),
        piece("$.beds[1].name", stringValue="Mint"),
        piece("$.wet", boolValue=False),
        piece("$['last day']", False, nullValue="NULL_VALUE"),
        *end,
    )
    arguments = {"beds": [{"name": "Roses", "width": 0.5}, {"name": "Mint"}], "wet": False, "last day": None}
    text = '{"beds":[{"name":"Roses","width":0.5},{"name":"Mint"}],"wet":false,"last day":null}'
    assert parts_of(call) == (ToolCall(None, "plant", text, arguments),)


def test_pieces_may_come_in_any_order_and_far_apart() -> None:
    call = answer(
        piece("$.x[900000000]", stringValue="b"), piece("$.x[2]", numberValue=1), piece("$.x[2]", nullValue=0)
    )
    assert [part.arguments for part in parts_of(call) if isinstance(part, ToolCall)] == [{"x": [None, "b"]}]


def test_streamed_calls_do_not_mix() -> None:
    call = answer(
        called(name="f", willContinue=True),
        piece("$.x", stringValue="a"),
        called(),
        called(name="f", willContinue=True),
        piece("$.x", stringValue="b"),
        called(),
        called(name="g", args={"y": 1}),
    )
    assert [part.arguments for part in parts_of(call) if isinstance(part, ToolCall)] == [
        {"x": "a"},
        {"x": "b"},
        {"y": 1},
    ]


def test_calls_with_ids_may_take_turns() -> None:
    def some(id: str, text: str) -> Any:
        return called(id=id, partial_args=[{"json_path": "$.x", "string_value": text}], will_continue=True)

    start = [called(id=id, name="f", willContinue=True) for id in ("a", "b")]
    call = answer(*start, some("a", "1"), some("b", "2"), some("a", "3"))
    assert parts_of(call) == (
        ToolCall("a", "f", '{"x":"13"}', {"x": "13"}),
        ToolCall("b", "f", '{"x":"2"}', {"x": "2"}),
    )


def test_a_streamed_call_in_a_request_is_that_call() -> None:
    part = {"function_call": {"name": "f", "partial_args": [{"json_path": "$.x[0]", "string_value": "a"}]}}
    assert gemini_parts.part(part) == (ToolCall(None, "f", '{"x":["a"]}', {"x": ["a"]}),)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("$.a", ("a",)),
        ("$.a.b[12].c", ("a", "b", 12, "c")),
        ("$['a.b']", ("a.b",)),
        ('$["a\\"b"][0]', ('a"b', 0)),
        ("$.été", ("été",)),
        ("", ()),
        ("$", ()),
        ("a.b", ()),
        ("$.", ()),
        ("$.a[x]", ()),
        ("$" + ".a" * 101, ()),
    ],
)
def test_json_path(text: str, path: tuple[str | int, ...]) -> None:
    assert gemini_parts.json_path(text) == path


def test_pieces_at_no_path_are_shown_as_they_are() -> None:
    raw = {"functionCall": {"partialArgs": [{"jsonPath": "nowhere", "stringValue": "a"}], "willContinue": True}}
    assert parts_of(answer(chunk(raw), chunk({"text": ""}))) == (Unknown(raw),)


# ---------------------------------------------------------------- sources


def web(number: int) -> Any:
    return {"web": {"uri": f"http://s{number}", "title": f"S{number}"}}


def segment(start: int, end: int, text: str, *sources: int) -> Any:
    place = {"startIndex": start, "endIndex": end, "text": text}
    return {"segment": place, "groundingChunkIndices": list(sources)}


def cited(call: ModelCall) -> list[tuple[tuple[int | None, int | None], str | None]]:
    return [
        ((one.start, one.end), one.uri) for part in parts_of(call) if isinstance(part, Text) for one in part.citations
    ]


def test_the_places_of_sources_are_bytes_and_shown_as_characters() -> None:
    grounding = {
        "groundingChunks": [web(0), web(1)],
        "groundingSupports": [segment(0, 8, "9 °C, é", 0), segment(11, 16, "Wet é", 1, 0)],
    }
    call = answer(chunk({"text": "9 °C, é W"}), chunk({"text": "et é"}, groundingMetadata=grounding))
    # bytes: "9 °C, é" are 9, "Wet é" begins at byte 10
    assert cited(call) == [((0, 7), "http://s0"), ((8, 13), "http://s1"), ((8, 13), "http://s0")]


def test_words_that_stand_twice_are_those_at_their_place() -> None:
    grounding = {"groundingChunks": [web(0)], "groundingSupports": [segment(5, 8, "Sun", 0)]}
    assert cited(answer(chunk({"text": "Sun. Sun."}, groundingMetadata=grounding))) == [((5, 8), "http://s0")]


def test_words_are_found_in_whichever_text_has_them() -> None:
    grounding = {"grounding_chunks": [web(0)], "grounding_supports": [segment(90, 93, "Sun", 0)]}
    code = {"executableCode": {"code": "1"}}
    call = answer(chunk({"text": "See Sun"}, code, {"text": "Done"}, grounding_metadata=grounding))
    first = parts_of(call)[0]
    assert first == Text("See Sun", citations=(Citation(4, 7, "http://s0", "S0"),))


def test_sources_of_no_words_are_of_the_whole_and_told_once() -> None:
    grounding = {"groundingChunks": [web(0), web(1), web(1)], "groundingSupports": [segment(0, 3, "Sun", 0)]}
    fetched = [
        {"retrievedUrl": "http://s0", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS"},
        {"retrievedUrl": "http://s2", "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_ERROR"},
    ]
    call = answer(chunk({"text": "Sun"}, groundingMetadata=grounding, urlContextMetadata={"urlMetadata": fetched}))
    assert cited(call) == [((0, 3), "http://s0"), ((None, None), "http://s1")]


def test_documents_and_known_works_are_sources() -> None:
    grounding = {"groundingChunks": [{"retrievedContext": {"fileSearchStore": "stores/a", "text": "It rains"}}]}
    recited = {"citationSources": [{"endIndex": 3, "uri": "http://b", "license": "mit"}]}
    call = answer(chunk({"text": "Dé. "}, groundingMetadata=grounding, citationMetadata=recited))
    assert parts_of(call) == (
        Text(
            "Dé. ",
            citations=(Citation(None, None, None, "stores/a", "It rains"), Citation(0, 2, "http://b", "mit")),
        ),
    )


def test_sources_without_a_text_make_no_text() -> None:
    call = answer(chunk({"functionCall": {"name": "f"}}, groundingMetadata={"groundingChunks": [web(0)]}))
    assert parts_of(call) == (ToolCall(None, "f", ""),)


def test_token_probabilities() -> None:
    chosen = [{"token": "Hi", "logProbability": -0.5, "tokenId": 1}]
    top = [{"candidates": [{"token": "Hi", "logProbability": -0.5}, {"token": "Ho", "logProbability": -2}]}]
    result = {"chosenCandidates": chosen, "topCandidates": top}
    call = answer(chunk({"text": "Hi"}, logprobsResult=result))
    assert parts_of(call) == (Text("Hi", tokens=(Token("Hi", -0.5, (("Hi", -0.5), ("Ho", -2.0))),)),)


# ---------------------------------------------------------------- parts, ends and counts


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"toolCall": {"id": "t", "toolType": "FILE_SEARCH"}}, (ToolCall("t", "file_search", ""),)),
        (
            {"tool_call": {"id": "t", "tool_type": "URL_CONTEXT", "args": {"u": 1}}},
            (ToolCall("t", "url_context", '{"u":1}', {"u": 1}),),
        ),
        ({"toolResponse": {"id": "t", "toolType": "FILE_SEARCH"}}, (ToolResult("t", "file_search", None),)),
        (
            {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "1"}},
            (ToolResult(None, "code_execution", {"outcome": "OUTCOME_FAILED", "output": "1"}, True),),
        ),
        (
            {
                "function_response": {
                    "name": "f",
                    "response": {"x": 1},
                    "parts": [{"inline_data": {"mime_type": "image/png", "data": PNG}}],
                }
            },
            (ToolResult(None, "f", {"x": 1}), Blob("image/png", "image", PNG, 8)),
        ),
        ({"text": None, "thought": False, "function_call": {"name": "f"}}, (ToolCall(None, "f", ""),)),
        ({"text": "", "functionCall": {"name": "f"}}, (ToolCall(None, "f", ""),)),
        ({"text": "a", "thought_signature": "s", "thought": False}, (Text("a"),)),
    ],
)
def test_parts_read_the_same_on_both_sides(part: Any, expected: tuple[Part, ...]) -> None:
    request = {"contents": [{"role": "user", "parts": [part]}]}
    assert decode(exchange(URL, request, None)).prompt.messages == (Message("user", expected, "user"),)
    assert parts_of(answer(chunk(part))) == expected


def test_text_after_the_end_is_kept_and_the_last_reason_counts() -> None:
    call = answer(chunk({"text": "a"}, finishReason="STOP"), chunk({"text": "b"}, finishReason="MAX_TOKENS"))
    assert parts_of(call) == (Text("ab"),)
    assert call.replies[0].finish_reason == "length"


def test_one_tool_may_stand_for_the_list() -> None:
    request = {"contents": "a", "tools": {"functionDeclarations": {"name": "f"}}}
    assert decode(exchange(URL, request, None)).prompt.tools == (ToolDefinition("function", "f", None, None),)


@pytest.mark.parametrize(
    ("feedback", "finish", "error"),
    [
        ({"blockReason": "SAFETY"}, ("content_filter", "SAFETY"), None),
        ({"block_reason": 1}, ("content_filter", "SAFETY"), None),
        ({"block_reason": 77}, ("unknown", "77"), None),
        (
            {"blockReason": "MODEL_ARMOR", "blockReasonMessage": "no"},
            ("content_filter", "MODEL_ARMOR"),
            ("MODEL_ARMOR", "no"),
        ),
    ],
)
def test_blocked_prompts(feedback: Any, finish: tuple[str, str], error: tuple[str, str] | None) -> None:
    call = answer({"promptFeedback": feedback, "usageMetadata": {"promptTokenCount": 1}})
    (reply,) = call.replies
    assert (reply.finish_reason, reply.finish_reason_raw) == finish
    assert (call.error and (call.error.type, call.error.message)) == error


@pytest.mark.parametrize(
    ("reason", "error"),
    [("STOP", None), ("MALFORMED_FUNCTION_CALL", "Malformed"), ("IMAGE_SAFETY", "Malformed"), ("MAX_TOKENS", None)],
)
def test_the_message_of_a_bad_end_is_an_error(reason: str, error: str | None) -> None:
    call = answer({"candidates": [{"finishReason": reason, "finishMessage": "Malformed"}]})
    assert (call.error.message if call.error else None) == error


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        (
            {
                "promptTokenCount": 1,
                "toolUsePromptTokenCount": 10,
                "candidatesTokenCount": 2,
                "thoughtsTokenCount": 3,
                "totalTokenCount": 16,
            },
            Usage(11, 5, 16, None, None, 3),
        ),
        ({"prompt_token_count": 1, "thoughts_token_count": 3}, Usage(1, 3, None, None, None, 3)),
    ],
)
def test_counts(counts: Any, usage: Usage) -> None:
    assert answer({"candidates": [], "usageMetadata": counts}).usage == usage


# ---------------------------------------------------------------- beside the chat


@pytest.mark.parametrize(
    ("url", "whole", "protocol", "summary"),
    [
        (
            "models/m:embedContent",
            {"embedding": {"values": [1, 2]}},
            "gemini.embeddings",
            {"count": 1, "dimensions": 2},
        ),
        (
            "models/m:batchEmbedContents",
            {"embeddings": [{"values": [1]}, {"values": [2]}]},
            "gemini.embeddings",
            {"count": 2, "dimensions": 1},
        ),
        (
            "models/multimodal:predict",
            {"predictions": [{"imageEmbedding": [1, 2, 3]}]},
            "gemini.embeddings",
            {"count": 1, "dimensions": 3},
        ),
        ("models/m:countTokens", {"totalTokens": 4}, "gemini.count_tokens", {"input_tokens": 4}),
        (
            "models/m:computeTokens",
            {"tokensInfo": [{"tokens": ["a", "b"]}]},
            "gemini.count_tokens",
            {"input_tokens": 2},
        ),
        ("models/m:predict", {"predictions": [{"score": 1}]}, None, None),
        ("cachedContents", {"name": "cachedContents/a"}, "stored_objects", None),
    ],
)
def test_what_is_no_conversation(url: str, whole: Any, protocol: str | None, summary: Any) -> None:
    request = {"contents": [{"role": "user", "parts": [{"text": "a"}]}]}
    call = decode(exchange(f"http://x/v1beta/{url}", request, Body("value", whole)))
    assert (call.protocol, call.summary, call.problems) == (protocol, summary, ())


def test_many_embeddings_are_asked_in_one_message() -> None:
    asked = [{"model": "models/m", "content": {"parts": [{"text": text}]}, "taskType": "Q"} for text in "ab"]
    prompt = decode(exchange("http://x/v1beta/models/m:batchEmbedContents", {"requests": asked}, None)).prompt
    assert prompt.messages == (Message("user", (Text("a"), Text("b"))),)
    assert (prompt.model, prompt.settings) == ("m", {"taskType": "Q"})


INTERACTIONS = "http://x/v1beta/interactions"
NOTE = {"type": "url_citation", "start_index": 0, "end_index": 3, "url": "http://s", "title": "S"}


def test_the_citations_of_an_interaction() -> None:
    """Places are counted in bytes, of a text that a stream does not repeat."""
    text = {"type": "text", "text": "Dé!"}
    whole = {"object": "interaction", "steps": [{"type": "model_output", "content": [{**text, "annotations": [NOTE]}]}]}
    streamed = [{**text}, {"type": "text_annotation_delta", "annotations": [NOTE]}]
    events = [{"event_type": "step.delta", "index": 0, "delta": delta} for delta in streamed]
    for call in (answer(whole, url=INTERACTIONS), answer(*events, url=INTERACTIONS)):
        assert parts_of(call) == (Text("Dé!", citations=(Citation(0, 2, "http://s", "S"),)),)


def test_the_counts_of_an_interaction() -> None:
    counts = {"total_input_tokens": 1, "total_tool_use_tokens": 2, "total_output_tokens": 3, "total_thought_tokens": 4}
    assert answer({"object": "interaction", "usage": counts}, url=INTERACTIONS).usage == Usage(
        3, 7, None, None, None, 4
    )


def test_an_interaction_in_the_background_is_only_accepted() -> None:
    call = answer({"object": "interaction", "id": "r", "status": "in_progress"}, url=INTERACTIONS)
    assert (call.replies, call.summary, call.complete) == ((), {"status": "in_progress"}, True)
    assert answer({"object": "interaction", "status": "completed"}, url=INTERACTIONS).summary is None


def test_an_interaction_that_is_fetched_begins_with_what_the_user_said() -> None:
    steps = [
        {"type": "user_input", "content": [{"type": "text", "text": "Fog?"}]},
        {"type": "model_output", "content": [{"type": "text", "text": "Yes."}]},
    ]
    asked, answered = answer({"object": "interaction", "status": "completed", "steps": steps}, url=INTERACTIONS).replies
    assert (asked.role, asked.parts, asked.finish_reason) == ("user", (Text("Fog?"),), None)
    assert (answered.role, answered.parts, answered.finish_reason_raw) == ("assistant", (Text("Yes."),), "completed")
