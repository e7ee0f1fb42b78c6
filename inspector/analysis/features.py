"""What an exchange holds, as one number: a bit for each thing that ``has:`` asks for."""

from __future__ import annotations

from collections.abc import Iterable

from inspector.model import (
    Blob,
    Exchange,
    FileRef,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    Uri,
)

HOLDS = {
    "tool_call": "a tool call, in the prompt or the reply",
    "tool_result": "a tool's result",
    "reasoning": "reasoning that was recorded",
    "image": "an image, sent or made",
    "audio": "audio, sent or made",
    "error": "an error that the provider answered with",
    "problem": "something that could not be read",
    "logprobs": "log probabilities of tokens",
    "usage": "token counts as the provider reported them",
    "expectation": "what the file says that the answer should be, or how it was scored",
    "tool_error": "a tool's result that is an error, in the prompt or the reply",
    "citation": "a source that a text cites",
    "file": "a file, such as a PDF, sent or made",
}
"""What can be asked for, in the order of the bits, in words for the help page."""

BITS = {name: 1 << number for number, name in enumerate(HOLDS)}

(
    _CALL, _RESULT, _REASONING, _IMAGE, _AUDIO, _ERROR, _PROBLEM, _LOGPROBS, _USAGE, _EXPECTATION, _TOOL_ERROR,
    _CITATION, _FILE,
) = BITS.values()  # fmt: skip
_MODALITIES = {"image": _IMAGE, "audio": _AUDIO, "video": 0}


def held(exchange: Exchange, call: ModelCall) -> int:
    """The bits of an exchange."""
    bits = _of_messages(call.prompt.messages) | _of_messages(call.replies)
    bits |= _ERROR if call.error is not None else 0
    bits |= _PROBLEM if call.problems else 0
    bits |= _USAGE if call.usage is not None else 0
    return bits | (_EXPECTATION if exchange.expectation is not None else 0)


def _of_messages(messages: Iterable[Message]) -> int:
    bits = 0
    for message in messages:
        for part in message.parts:
            bits |= _of_part(part)
    return bits


def _of_part(part: Part) -> int:
    match part:
        case Text():
            return (_LOGPROBS if part.tokens else 0) | (_CITATION if part.citations else 0)
        case ToolCall():
            return _CALL
        case ToolResult():
            return _RESULT | _TOOL_ERROR if part.is_error else _RESULT
        case Reasoning():
            return _REASONING
        case Blob() | Uri():
            return _MODALITIES.get(part.modality, _FILE)
        case FileRef():
            return _FILE
    return 0
