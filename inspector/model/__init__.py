"""The values that everything else passes around.

::

    recording file ─▶ Exchange ─▶ Event* ─▶ Delta* ─▶ Message ─▶ ModelCall

An `Exchange` is raw and lossless: what one recording holds of one request and its response. A `ModelCall` is the same
exchange understood. Everything here is plain data: nothing reads, writes or decides.
"""

from inspector.model.call import ModelCall, Prompt, Step, ToolDefinition, Usage, made
from inspector.model.exchange import (
    Assertion,
    Body,
    Event,
    Exchange,
    Expectation,
    Headers,
    Json,
    Problem,
    ProviderError,
    Request,
    Response,
)
from inspector.model.message import (
    Blob,
    CallKind,
    Citation,
    FileRef,
    FinishReason,
    Message,
    Part,
    Reasoning,
    Refusal,
    Role,
    Text,
    Token,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    title_of,
)

__all__ = [
    "Assertion", "Blob", "Body", "CallKind", "Citation", "Event", "Exchange", "Expectation", "FileRef", "FinishReason",
    "Headers", "Json", "Message", "ModelCall", "Part", "Problem", "Prompt", "ProviderError", "Reasoning", "Refusal",
    "Request", "Response", "Role", "Step", "Text", "Token", "ToolCall", "ToolDefinition", "ToolResult", "Unknown",
    "Uri", "Usage", "made", "title_of",
]  # fmt: skip
