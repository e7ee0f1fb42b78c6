"""Every llama-stack recording of the corpus, read a second time by code that shares nothing with ours.

The reading here is as simple as the recordings allow: plain `json`, one function for each family, no events, no
deltas. Where the two disagree, one of them is wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector import formats
from inspector.decode import decoder
from inspector.formats.reading.source import Source
from inspector.output import otel_json

CORPUS = os.environ.get("INSPECTOR_CORPUS")

pytestmark = [pytest.mark.long, pytest.mark.skipif(not CORPUS, reason="INSPECTOR_CORPUS names no directory")]

ROLES = {"developer": "system", "model": "assistant", "function": "tool", None: "user"}
STOPS = {
    "stop": "stop",
    "STOP": "stop",
    "end_turn": "stop",
    "completed": "stop",
    "length": "length",
    "MAX_TOKENS": "length",
    "max_tokens": "length",
    "tool_calls": "tool_call",
    "tool_use": "tool_call",
    "requires_action": "tool_call",
}

Told = dict[str, Any]


def told(family: str) -> Told:
    """What we compare of an exchange, as it is before anything was read."""
    return {
        "family": family,
        "text": "",
        "reasoning": "",
        "calls": [],
        "results": [],
        "finish": None,
        "usage": None,
        "summary": None,
        "failed": None,
        "streamed": False,
        "prompt": [],
        "system": "",
    }


# ---------------------------------------------------------------- the second reading


def plainly(document: dict[str, Any]) -> Told:
    request = document["request"]
    response = document["response"]
    body = bare(response["body"])
    asked = request.get("payload") or request.get("body") or {}
    found = family(request, asked, body)
    expected = told(found.__name__)
    found(expected, asked or request, body if isinstance(body, list) and response["is_streaming"] else [body])
    expected["streamed"] = response["is_streaming"]
    expected["test_id"] = document.get("test_id")
    if response.get("is_exception"):
        expected["failed"] = response["exception_data"]["status_code"]
    elif (response.get("status") or 0) >= 400:
        expected["failed"] = response["status"]
    return expected


def bare(value: Any) -> Any:
    """Without ``__type__`` and ``__data__``, and with the lines of an event stream parsed."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [json.loads(line[6:]) for line in value if line.startswith("data: {")]
    if isinstance(value, list):
        return [bare(item) for item in value]
    return value["__data__"] if isinstance(value, dict) and "__data__" in value else value


def family(request: dict[str, Any], asked: dict[str, Any], body: Any) -> Callable[..., None]:
    url = request.get("url", "")
    for end, reader in ENDS.items():
        if url.endswith(end):
            return reader
    if "tool_name" in request:
        return tool
    first = body[0] if isinstance(body, list) else body
    return completion if "prompt" in asked or "text_completion" in str((first or {}).get("object")) else chat


def chat(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["prompt"] = [openai_message(message) for message in asked.get("messages", [])]
    calls: dict[int, list[Any]] = {}
    for chunk in filter(None, chunks):
        for choice in chunk["choices"]:
            said = choice.get("delta") or choice.get("message") or {}
            out["text"] += said.get("content") or ""
            out["reasoning"] += said.get("reasoning") or said.get("reasoning_content") or ""
            for position, call in enumerate(said.get("tool_calls") or ()):
                about = call["function"]
                slot = calls.setdefault(call.get("index", position), [call["id"], about["name"], ""])
                slot[2] += about["arguments"] or ""
            out["finish"] = choice["finish_reason"] or out["finish"]
        out["usage"] = openai_usage(chunk.get("usage")) or out["usage"]
    out["calls"] = [(id, name, json.loads(arguments)) for id, name, arguments in calls.values()]


def openai_message(message: dict[str, Any]) -> Told:
    content = message.get("content") or ""
    texts = [content] if isinstance(content, str) else [part["text"] for part in content if part["type"] == "text"]
    other = [] if isinstance(content, str) else [part for part in content if part["type"] != "text"]
    text = "".join(texts)
    calls = message.get("tool_calls") or ()
    if message["role"] == "tool":
        return spoken("tool", results=[(message["tool_call_id"], text)])
    return spoken(
        message["role"],
        text,
        message.get("reasoning") or message.get("reasoning_content") or "",
        [(call["id"], call["function"]["name"], json.loads(call["function"]["arguments"])) for call in calls],
        other=len(other),
    )


def spoken(
    role: str | None, text: str = "", reasoning: str = "", calls: Any = (), results: Any = (), other: int = 0
) -> Told:
    return {
        "role": ROLES.get(role, role),
        "text": text,
        "reasoning": reasoning,
        "calls": list(calls),
        "results": list(results),
        "other": other,
    }


def openai_usage(raw: dict[str, Any] | None) -> Told | None:
    if not raw:
        return None
    return {
        "input_tokens": raw["prompt_tokens"],
        "output_tokens": raw.get("completion_tokens"),
        "total_tokens": raw["total_tokens"],
        "cache_read_input_tokens": (raw.get("prompt_tokens_details") or {}).get("cached_tokens"),
        "cache_creation_input_tokens": None,
        "reasoning_tokens": (raw.get("completion_tokens_details") or {}).get("reasoning_tokens"),
    }


def counted(input: int | None, output: int | None = None, total: int | None = None, **more: int | None) -> Told:
    known = {"input_tokens": input, "output_tokens": output, "total_tokens": total}
    rest = ("cache_read_input_tokens", "cache_creation_input_tokens", "reasoning_tokens")
    return {**known, **{key: more.get(key) for key in rest}}


def completion(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["prompt"] = [spoken("user", asked["prompt"])]
    for chunk in chunks:
        for choice in chunk["choices"]:
            out["text"] += choice["text"]
            out["finish"] = choice["finish_reason"] or out["finish"]
        out["usage"] = openai_usage(chunk["usage"]) or out["usage"]


def embeddings(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
    out["prompt"] = [spoken("user", "".join(texts))]
    vectors = [item["embedding"] for item in chunks[0]["data"]]
    out["summary"] = {"count": len(vectors), "dimensions": len(vectors[0])}
    out["usage"] = openai_usage(chunks[0]["usage"])


def models(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["summary"] = {"models": [model["id"] for model in chunks[0]]}


def ollama_models(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["summary"] = {"models": [model["model"] for model in chunks[0]["models"]]}


def ollama_pull(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["summary"] = {"status": chunks[-1]["status"]}


def ollama_embed(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["prompt"] = [spoken("user", "".join(asked["input"]))]
    vectors = chunks[0]["embeddings"]
    out["summary"] = {"count": len(vectors), "dimensions": len(vectors[0])}
    out["usage"] = counted(chunks[0]["prompt_eval_count"])


def ollama_generate(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["prompt"] = [spoken("user", asked["prompt"])]
    out["text"] = "".join(chunk["response"] for chunk in chunks)
    ollama_end(out, chunks[-1])


def ollama_chat(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    for message in asked["messages"]:
        out["prompt"].append(spoken(message["role"], message.get("content", ""), other=len(message.get("images", ()))))
    out["text"] = "".join(chunk["message"]["content"] for chunk in chunks)
    ollama_end(out, chunks[-1])


def ollama_end(out: Told, last: dict[str, Any]) -> None:
    out["finish"] = last["done_reason"]
    out["usage"] = counted(last["prompt_eval_count"], last["eval_count"])


def gemini(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["system"] = asked["config"].get("system_instruction", "")
    for content in asked["contents"]:
        parts = content["parts"]
        calls = [part["function_call"] for part in parts if "function_call" in part]
        results = [part["function_response"] for part in parts if "function_response" in part]
        out["prompt"].append(
            spoken(
                content["role"],
                "".join(part.get("text", "") for part in parts),
                calls=[(None, call["name"], call["args"]) for call in calls],
                results=[(None, result["response"]) for result in results],
            )
        )
    for chunk in chunks:
        for candidate in chunk["candidates"]:
            for part in candidate["content"]["parts"]:
                out["text"] += part.get("text", "")
                if call := part.get("function_call"):
                    out["calls"].append((None, call["name"], call["args"]))
            out["finish"] = candidate.get("finish_reason") or out["finish"]
        counts = chunk["usage_metadata"]
        if "total_token_count" in counts:
            out["usage"] = counted(
                counts["prompt_token_count"], counts["candidates_token_count"], counts["total_token_count"]
            )


def interactions(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    given = asked["input"]
    for turn in [{"role": "user", "content": given}] if isinstance(given, str) else given:
        out["prompt"].append(interactions_turn(turn))
    for chunk in chunks:
        whole = chunk.get("interaction", chunk)
        for part in whole.get("outputs", ()):
            out["text"] += part.get("text", "")
            if part["type"] == "function_call":
                out["calls"].append((part["id"], part["name"], part["arguments"]))
        out["text"] += chunk.get("delta", {}).get("text", "")
        if "usage" in whole:
            usage = whole["usage"]
            out["finish"] = whole["status"]
            out["usage"] = counted(
                usage["total_input_tokens"],
                usage["total_output_tokens"],
                usage["total_tokens"],
                cache_read_input_tokens=usage["total_cached_tokens"],
                reasoning_tokens=usage["total_thought_tokens"],
            )


def interactions_turn(turn: dict[str, Any]) -> Told:
    content = turn["content"]
    if isinstance(content, str):
        return spoken(turn["role"], content)
    calls = [part for part in content if part["type"] == "function_call"]
    results = [part for part in content if part["type"] in ("function_result", "function_response")]
    return spoken(
        turn["role"],
        calls=[(part["id"], part["name"], part.get("arguments", part.get("args"))) for part in calls],
        results=[(part.get("call_id", part.get("id")), part.get("result", part.get("response"))) for part in results],
    )


def anthropic(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["system"] = asked.get("system", "")
    out["prompt"] = [anthropic_message(message) for message in asked.get("messages", ())]
    for chunk in chunks:
        if chunk["type"] == "message":
            said = anthropic_message(chunk)
            out.update({key: said[key] for key in ("text", "reasoning", "calls")})
            out["finish"] = chunk["stop_reason"]
        if chunk["type"] == "content_block_delta":
            out["text"] += chunk["delta"].get("text", "")
            out["reasoning"] += chunk["delta"].get("thinking", "")
        if chunk["type"] == "message_delta":
            out["finish"] = chunk["delta"]["stop_reason"]
        if "usage" in chunk:
            out["usage"] = counted(chunk["usage"]["input_tokens"], chunk["usage"]["output_tokens"])


def anthropic_message(message: dict[str, Any]) -> Told:
    content = message["content"]
    if isinstance(content, str):
        return spoken(message["role"], content)
    return spoken(
        message["role"],
        "".join(block["text"] for block in content if block["type"] == "text"),
        "".join(block["thinking"] for block in content if block["type"] == "thinking"),
        [(block["id"], block["name"], block["input"]) for block in content if block["type"] == "tool_use"],
        [(block["tool_use_id"], block["content"]) for block in content if block["type"] == "tool_result"],
    )


def tool(out: Told, asked: dict[str, Any], chunks: list[Any]) -> None:
    out["prompt"] = [spoken("assistant", calls=[(None, asked["tool_name"], asked["kwargs"])])]
    out["results"] = [(None, chunks[0]["content"])]


ENDS: dict[str, Callable[..., None]] = {
    "/embeddings": embeddings,
    "/api/ps": ollama_models,
    "/api/tags": ollama_models,
    "/api/pull": ollama_pull,
    "/api/generate": ollama_generate,
    "/api/chat": ollama_chat,
    "/models": models,
    "/generate_content": gemini,
    "/generate_content_stream": gemini,
    "/interactions": interactions,
    "/messages": anthropic,
}
ENDS = {"/api/embeddings": ollama_embed, **ENDS}

PROTOCOLS = {
    "chat": "openai.chat_completions",
    "completion": "openai.completions",
    "embeddings": "openai.embeddings",
    "models": "openai.models",
    "ollama_models": "ollama.models",
    "ollama_pull": "ollama.models",
    "ollama_generate": "ollama.generate",
    "ollama_chat": "ollama.chat",
    "ollama_embed": "ollama.embed",
    "gemini": "gemini.generate_content",
    "interactions": "gemini.interactions",
    "anthropic": "anthropic.messages",
    "tool": "llama_stack.tool_runtime",
}


# ---------------------------------------------------------------- our own reading, in the same words


def ours(printed: dict[str, Any]) -> Told:
    response = printed["response"]
    reply = response["messages"][0] if response["messages"] else {"parts": [], "finish_reason_raw": None}
    said = from_parts("assistant", reply["parts"])
    return {
        **{key: said[key] for key in ("text", "reasoning", "calls", "results")},
        "replies": len(response["messages"]),
        "protocol": printed["protocol"],
        "finish": reply["finish_reason_raw"],
        "finish_common": reply.get("finish_reason"),
        "usage": response["usage"],
        "summary": response["summary"],
        "failed": response["error"] and response["error"]["status"],
        "streamed": printed["stream"] is not None,
        "complete": printed["stream"] is None or printed["stream"]["complete"],
        "prompt": [from_parts(message["role"], message["parts"]) for message in printed["request"]["messages"]],
        "system": "".join(part["content"] for part in printed["request"]["system_instructions"]),
        "test_id": printed["test_id"],
        "problems": printed["problems"],
    }


def from_parts(role: str, parts: list[dict[str, Any]]) -> Told:
    def of(kind: str) -> Iterator[dict[str, Any]]:
        return (part for part in parts if part["type"] == kind)

    kinds = ("text", "reasoning", "tool_call", "tool_call_response")
    return spoken(
        role,
        "".join(part["content"] for part in of("text")),
        "".join(part["content"] for part in of("reasoning")),
        [(part["id"], part["name"], part["arguments"]) for part in of("tool_call")],
        [(part["id"], part["response"]) for part in of("tool_call_response")],
        other=sum(part["type"] not in kinds for part in parts),
    )


def expected_of(document: dict[str, Any]) -> Told:
    """The second reading with what the JSON of `show` adds to it."""
    expected = plainly(document)
    reading = expected.pop("family")
    silent = expected["failed"] is not None or expected["summary"] is not None
    return {
        **expected,
        "protocol": PROTOCOLS[reading],
        "replies": 0 if silent else 1,
        "finish_common": STOPS[expected["finish"]] if expected["finish"] else None,
        "complete": True,
        "problems": [],
        **split_reasoning(expected),
    }


def split_reasoning(expected: Told) -> Told:
    """Reasoning that a model wrote into its text between tags. Blank lines after it only set it off."""
    text = expected["text"]
    if not text.startswith("<think>"):
        return {}
    thought, _, rest = text.removeprefix("<think>").partition("</think>")
    return {"text": rest if rest.strip() else "", "reasoning": expected["reasoning"] + thought}


# ---------------------------------------------------------------- the comparison


def recordings() -> list[Path]:
    return sorted(path for root in Path(CORPUS or "").glob("llama-stack*") for path in root.rglob("*.json"))


def disagreement(path: Path) -> str | None:
    data = path.read_bytes()
    (exchange,) = formats.read(Source(path.as_posix(), data)).exchanges
    printed = otel_json.exchange_json({}, exchange, decoder.decode(exchange))
    expected, found = expected_of(json.loads(data)), ours(printed)
    wrong = [key for key in found if expected[key] != found[key]]
    details = "".join(
        f"\n    {key}: {str(expected[key])[:300]!r}\n      ours: {str(found[key])[:300]!r}" for key in wrong
    )
    return f"{path}{details}" if wrong else None


def test_every_recording_reads_the_same_twice() -> None:
    paths = recordings()
    assert paths, f"no llama-stack recordings below {CORPUS}"
    wrong = [found for found in map(disagreement, paths) if found]
    assert not wrong, f"{len(wrong)} of {len(paths)} recordings differ:\n" + "\n".join(wrong[:20])


def test_every_family_is_there() -> None:
    """A comparison that meets only one kind of recording proves little."""
    families = {plainly(json.loads(path.read_bytes()))["family"] for path in recordings()}
    assert families == PROTOCOLS.keys()
