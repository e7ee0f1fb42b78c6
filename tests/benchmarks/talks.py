"""Conversations for generated recordings, in the words of OpenAI's chat completions: what was sent, and the reply."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

import orjson

from tests.benchmarks import words

Body = dict[str, Any]


class Turn(NamedTuple):
    """One request with its whole conversation, and the reply to it."""

    messages: list[Body]
    reply: Body
    finish: str


class Model(NamedTuple):
    """A model by the name that is asked for, with the name that answers and where it is."""

    asked: str
    answers: str
    provider: str
    base: str


_AZURE = "https://skerry.openai.azure.com/openai/v1"
MODELS = {
    Model("gpt-4o", "gpt-4o-2024-08-06", "openai", "https://api.openai.com/v1"): 44,
    Model("gpt-4o", "gpt-4o-2024-11-20", "azure", _AZURE): 15,
    Model("llama3.2:3b-instruct-fp16", "llama3.2:3b-instruct-fp16", "ollama", "http://0.0.0.0:11434/v1"): 11,
    Model("gpt-4o-mini", "gpt-4o-mini-2024-07-18", "openai", "https://api.openai.com/v1"): 7,
    Model(
        "meta-llama/llama-3-3-70b-instruct", "llama-3-3-70b", "watsonx", "https://us-south.ml.cloud.ibm.com/ml/v1"
    ): 6,
    Model("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B", "vllm", "http://localhost:8000/v1"): 5,
    Model(
        "openai.gpt-oss-20b-1:0",
        "openai.gpt-oss-20b-1:0",
        "bedrock",
        "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1",
    ): 4,
    Model("o4-mini", "o4-mini-2025-04-16", "openai", "https://api.openai.com/v1"): 3,
    Model("mistral-large-latest", "mistral-large-2411", "mistral", "https://api.mistral.ai/v1"): 3,
    Model("llama-3.1-8b-instant", "llama-3.1-8b-instant", "groq", "https://api.groq.com/openai/v1"): 2,
}
GUARD = Model("llama-guard3:1b", "llama-guard3:1b", "ollama", "http://0.0.0.0:11434/v1")

_ROLES = ("admin", "keeper", "crew", "guest")
_CATEGORIES = "\n".join(f"S{number}: {words.text(Random(number), 4)}" for number in range(1, 14))


def model(rng: Random) -> Model:
    return rng.choices([*MODELS], weights=[*MODELS.values()])[0]


def length(rng: Random, median: float, spread: float = 1.1) -> int:
    """A number of words: most are few, some are very many."""
    return max(1, round(rng.lognormvariate(0, spread) * median))


def asked(rng: Random) -> str:
    """A first question. One in thirty is in a script without spaces."""
    wanted = words.wanted(rng)
    said = words.han(rng, length(rng, 16)) if rng.random() < 0.03 else words.text(rng, length(rng, 10, 0.7))
    lamp = f"The {words.COMMON}? " if rng.random() < 0.3 else ""
    return f"{lamp}{said} {wanted}".strip()


def talk(rng: Random, calls: int) -> Iterator[Turn]:
    """A tool loop: so many calls, each with its results in the next request, and then the answer."""
    messages: list[Body] = [{"role": "system", "content": words.text(rng, 25)}] if rng.random() < 0.08 else []
    messages.append({"role": "user", "content": _with_image(rng, asked(rng))})
    for _ in range(calls):
        made = [_call(rng) for _ in range(2 if rng.random() < 0.1 else 1)]
        reply: Body = {"role": "assistant", "content": None, "tool_calls": made}
        yield Turn([*messages], reply, "tool_calls")
        messages.append({**reply, "content": ""})
        messages += [_result(rng, call) for call in made]
    yield Turn(messages, {"role": "assistant", "content": answer(rng)}, "length" if rng.random() < 0.01 else "stop")


def answer(rng: Random) -> str:
    """Text, one time in fifty in a script without spaces, and one time in sixteen with code."""
    spoken = words.han if rng.random() < 0.02 else words.text
    said = f"{spoken(rng, min(length(rng, 24, 1.2), 15_000))} {words.wanted(rng)}".rstrip()
    return said if rng.random() > 0.06 else f"{said}\n\n```python\n{_code(rng)}\n```"


def guarded(rng: Random, calls: int) -> Iterator[Turn]:
    """One answer, and a guard that judges it again and again as it grows."""
    question, said = asked(rng), words.text(rng, calls * 4).split(" ")
    yield Turn([{"role": "user", "content": question}], {"role": "assistant", "content": " ".join(said)}, "stop")
    for number in range(1, calls + 1):
        task = (
            f"Task: does this hold unsafe content?\n<CATEGORIES>\n{_CATEGORIES}\n</CATEGORIES>\n\n<CONVERSATION>\n"
            f"Assistant: {' '.join(said[: number * 4][-110:])}\n</CONVERSATION>\nAnswer safe or unsafe."
        )
        verdict = "unsafe\nS9" if rng.random() < 0.04 else "safe"
        yield Turn([{"role": "user", "content": task}], {"role": "assistant", "content": verdict}, "stop")


def again(rng: Random, turn: Turn) -> Turn:
    """The same turn as another day recorded it: other ids of its calls, sometimes another answer."""
    new: dict[str, str] = {}

    def renamed(message: Body) -> Body:
        if calls := message.get("tool_calls"):
            return {**message, "tool_calls": [{**call, "id": new.setdefault(call["id"], _id(rng))} for call in calls]}
        if "tool_call_id" in message:
            return {**message, "tool_call_id": new.get(message["tool_call_id"], message["tool_call_id"])}
        return message

    reply = renamed(turn.reply)
    if reply["content"] and rng.random() < 0.4:
        reply = {**reply, "content": answer(rng)}
    return Turn([renamed(message) for message in turn.messages], reply, turn.finish)


def tools(messages: list[Body]) -> list[Body]:
    """Definitions of the tools that a conversation calls, and of one more."""
    names = {call["function"]["name"] for message in messages for call in message.get("tool_calls", ())}
    return [
        {
            "type": "function",
            "function": {
                "name": name,
                "description": f"Call it for the {name.rpartition('_')[2]}.",
                "parameters": {
                    "type": "object",
                    "properties": {"query": {"type": "string"}, "user": {"type": "string"}},
                },
            },
        }
        for name in (*sorted(names), "search_ledger")
    ]


def _with_image(rng: Random, text: str) -> str | list[Body]:
    if rng.random() > 0.005:
        return text
    pixels = rng.randbytes(rng.randrange(20_000, 400_000)).hex()
    return [
        {"type": "text", "text": text},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{pixels}"}},
    ]


def _id(rng: Random) -> str:
    return f"call_{rng.getrandbits(96):024x}"


def _call(rng: Random) -> Body:
    name = "get_keeper_permissions" if rng.random() < 0.01 else words.function(rng)
    arguments: Body = (
        {"query": words.text(rng, length(rng, 6, 0.4))} if rng.random() < 0.8 else {"user": words.word(rng), "limit": 5}
    )
    text = orjson.dumps(arguments).decode()
    if rng.random() < 0.002:
        text = text[:-1]
    return {"id": _id(rng), "type": "function", "function": {"name": name, "arguments": text}}


def _result(rng: Random, call: Body) -> Body:
    """Half of the results are pieces of documents, the others a line."""
    result: Body = {"role": "tool", "tool_call_id": call["id"]}
    if call["function"]["name"] == "get_keeper_permissions":
        return result | {"content": rng.choice(_ROLES)}
    if rng.random() < 0.2:
        return result | {"content": f'{{"{rng.choice(("value", "metric", "state"))}": {rng.randrange(1000)}}}'}
    pieces = [
        f"[{number}] document_id: file-{rng.getrandbits(40)}, score: {rng.random():.17f}, "
        f"content: {words.text(rng, length(rng, 55, 0.5))}"
        for number in range(1, rng.randrange(2, 5))
    ]
    return result | {"content": [{"type": "text", "text": piece} for piece in pieces]}


def _code(rng: Random) -> str:
    name = words.identifier(rng).replace("-", "_")
    return f"def {name}({words.word(rng)}):\n    return {words.identifier(rng)}[{rng.randrange(99)}]"
