"""Which call a piece belongs to: what servers do with the index, the id and the name of a call that they stream.

OpenAI gives each call an index, and its id and name with the first piece; openai-python and the AI SDK put together
what has one index. The predicates here are for servers with other habits. Of each the worst that a wrong guess costs
is a call too many, with what it said in plain sight.
"""

from __future__ import annotations

from inspector.decode.assembly.part_builder import PartBuilder
from inspector.model import jsonio
from inspector.model.delta import ToolCallDelta


def goes_on(call: PartBuilder, piece: ToolCallDelta) -> bool:
    """Whether a piece belongs to the call that was last begun under its index, or without one where it has none."""
    if _has_another_id(call, piece):
        return _has_a_new_id_in_each_piece(call, piece)
    return not (_is_whole_without_an_index(call, piece) or _is_another_under_one_index(call, piece))


def shares_only_the_id(call: PartBuilder, piece: ToolCallDelta) -> bool:
    """GLM and DeepSeek give parallel calls one id: what is named under an index of its own is another call."""
    return piece.slot is not None and bool(piece.name) and bool(call.name)


def has_only_arguments(piece: ToolCallDelta) -> bool:
    """Some leave out the index of all but the first piece: the rest goes on the last call."""
    return not (piece.id or piece.name or piece.slot is not None)


def is_said_again(call: PartBuilder, piece: ToolCallDelta) -> bool:
    """vLLM and LiteLLM may send a call whole, once more, after its pieces."""
    text = piece.arguments.strip()
    if not call.pieces or text[:1] != "{" or text[-1:] != "}":
        return False
    so_far = "".join(call.pieces)
    if so_far.strip() == text:
        return True
    return bool(piece.name) and (known := jsonio.parse_or_none(so_far)) is not None and known == _parsed(text)


def name_of(call: PartBuilder, piece: ToolCallDelta) -> str | None:
    """Gemini's OpenAI endpoint may send a name in pieces, others repeat it with each piece of the arguments."""
    if not piece.name or not call.name:
        return call.name or piece.name
    repeated = piece.whole or piece.name == call.name
    return call.name if repeated else call.name + piece.name


def whole_of(call: PartBuilder, piece: ToolCallDelta) -> str:
    """Gateways to Gemini send a call with empty arguments, and its arguments in a chunk of their own, without name."""
    if not piece.whole or call.whole in ("", "{}"):
        return piece.whole or call.whole
    known, more = jsonio.parse_or_none(call.whole), None if piece.name else jsonio.parse_or_none(piece.whole)
    return jsonio.dumps({**known, **more}) if isinstance(known, dict) and isinstance(more, dict) else call.whole


def _has_another_id(call: PartBuilder, piece: ToolCallDelta) -> bool:
    return bool(piece.id and call.id and piece.id != call.id)


def _has_a_new_id_in_each_piece(call: PartBuilder, piece: ToolCallDelta) -> bool:
    """mlx-lm makes up an id for each piece; only the first has the name, or all have the same. Others (Gemini's OpenAI
    endpoint) give calls that are whole one index, each with its id."""
    if not piece.name:
        return not (piece.arguments and _is_complete(call))
    return piece.slot is not None and piece.name == call.name and not (piece.whole or call.whole or _is_complete(call))


def _is_whole_without_an_index(call: PartBuilder, piece: ToolCallDelta) -> bool:
    """Mistral and Gemini leave out the index: what has a name begins a call."""
    if piece.slot is not None or not (piece.name and call.name):
        return False
    if not piece.id or piece.id != call.id:
        return True
    return bool(piece.whole) and call.whole not in ("", "{}", piece.whole)  # one id for several


def _is_another_under_one_index(call: PartBuilder, piece: ToolCallDelta) -> bool:
    """llama.cpp's and others' older versions give calls that are whole neither ids nor indices of their own."""
    named = bool(piece.name and call.name and piece.arguments and not piece.whole)
    return (
        named and _is_complete(call) and _parsed(piece.arguments.strip()) is not None and not is_said_again(call, piece)
    )


def _is_complete(call: PartBuilder) -> bool:
    """Whether the arguments so far are a whole JSON object."""
    return bool(call.pieces) and call.pieces[-1].rstrip()[-1:] == "}" and _parsed("".join(call.pieces)) is not None


def _parsed(text: str) -> object:
    return jsonio.parse_or_none(text)
