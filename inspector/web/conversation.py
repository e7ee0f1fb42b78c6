"""The timeline of an exchange as templates print it: messages, their parts, and each call beside its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from inspector import jsonio
from inspector.model import (
    Blob,
    FileRef,
    Json,
    Message,
    ModelCall,
    Part,
    Reasoning,
    Refusal,
    Text,
    Token,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
)
from inspector.oddities import Mark, message_marks
from inspector.pairing import Place, pair
from inspector.web import media
from inspector.web.citations import NOTHING_CITED, Cited, cited
from inspector.web.media import BlobView

CUT = 6_000
"""Characters of a part that a page shows at first."""


@dataclass(frozen=True, slots=True)
class PartView:
    """One part. `text` is what is shown, cut to `CUT`; `left` counts the characters that are not."""

    anchor: str
    kind: str
    text: str = ""
    left: int = 0
    is_json: bool = False
    name: str | None = None
    id: str | None = None
    is_error: bool = False
    mime_type: str = ""
    blobs: tuple[BlobView, ...] = ()
    """What is no text: of a blob the one, of a result those inside of it."""
    cited: Cited = NOTHING_CITED
    tokens: tuple[Token, ...] = ()
    marks: tuple[Mark, ...] = ()
    result: PartView | None = None
    """The result of a call."""
    result_message: str | None = None
    """The anchor of the message that the result stands for here."""
    result_in: str | None = None
    """The id of the exchange that the result is from, where that is a later one."""
    embedded: tuple[PartView, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageView:
    anchor: str
    role: str
    role_raw: str | None
    name: str | None
    parts: tuple[PartView, ...]
    finish: str | None = None
    finish_raw: str | None = None
    number: int = -1
    """Its place in the prompt; -1 for instructions and replies."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The prompt and the replies. Tool messages whose results all stand beside their calls are not repeated."""

    system: MessageView | None
    messages: tuple[MessageView, ...]
    replies: tuple[MessageView, ...]
    marks: tuple[Mark, ...] = ()
    """Marks of the whole exchange, for its head."""
    first: int = 0
    """The number of the first message, where older ones are folded."""
    beside: frozenset[str] = field(default_factory=frozenset)


def timeline(
    call: ModelCall, marks: Sequence[Mark], first: int = 0, last: int | None = None, later: Later | None = None
) -> Timeline:
    """The view of a model call: its messages from `first` to before `last`, and its replies."""
    messages = call.prompt.messages
    all_pairs = pair(messages)
    names = {place: _name(messages, call) for call, place in all_pairs.items()}
    end = len(messages) if last is None else last
    pairs = {call: result for call, result in all_pairs.items() if call[0] >= first and result[0] < end}
    beside = frozenset(pairs.values())
    views = []
    for number, message in enumerate(messages[:last]):
        if number < first or _is_beside(number, message, beside):
            continue
        own = [*message_marks(message, call.prompt.tools, f"m{number}"), *_at(marks, f"m{number}")]
        view = _message(f"m{number}", message, own, pairs, messages, number)
        views.append(_named(view, number, names))
    return Timeline(
        system=_message("system", Message("system", call.prompt.system), []) if call.prompt.system else None,
        messages=tuple(views),
        replies=tuple(_answered(_reply(number, reply, marks), later) for number, reply in enumerate(call.replies)),
        marks=tuple(marks),
        first=first,
    )


@dataclass(frozen=True, slots=True)
class Later:
    """A later exchange that goes on from a reply: its id, its prompt, and which message of that the reply became."""

    uid: str
    messages: tuple[Message, ...]
    number: int


def first_new(view: Timeline, known: int) -> str | None:
    """The anchor of the message from which on something is new: itself, or the result of a call of its."""
    if not known:
        return None
    for message in view.messages:
        answers = [part.result_message for part in message.parts if part.result_message]
        if message.number >= known or any(int(anchor[1:]) >= known for anchor in answers):
            return message.anchor
    return None


def _answered(reply: MessageView, later: Later | None) -> MessageView:
    """A reply with the results that a later exchange brings for its calls."""
    if later is None or not any(part.kind == "call" or part.embedded for part in reply.parts):
        return reply
    pairs = pair(later.messages)
    called = calls(later.messages[later.number])
    results = iter([pairs.get((later.number, *place)) for place in called])
    return replace(reply, parts=tuple(_with_result(part, results, later) for part in reply.parts))


def calls(message: Message) -> list[Place]:
    """The places of a message's calls, those that are written in a text among them."""
    places: list[Place] = []
    for index, part in enumerate(message.parts):
        if isinstance(part, ToolCall):
            places.append((index,))
        elif isinstance(part, Text):
            places += [(index, written) for written in range(len(part.embedded))]
    return places


def _with_result(part: PartView, results: Iterator[Place | None], later: Later) -> PartView:
    if part.embedded:
        return replace(part, embedded=tuple(_with_result(call, results, later) for call in part.embedded))
    place = next(results, None) if part.kind == "call" else None
    if place is None:
        return part
    answer = later.messages[place[0]].parts[place[1]]
    return replace(part, result=_part(f"m{place[0]}-p{place[1]}", answer, ()), result_in=later.uid)


def _name(messages: Sequence[Message], place: Place) -> str | None:
    part = messages[place[0]].parts[place[1]]
    if isinstance(part, Text):
        return part.embedded[place[2]].name
    return part.name if isinstance(part, ToolCall) else None


def _named(view: MessageView, number: int, names: dict[Place, str | None]) -> MessageView:
    """Results that stand alone, with the names of the calls that they answer."""
    parts = tuple(
        replace(part, name=names.get((number, index))) if part.kind == "result" and not part.name else part
        for index, part in enumerate(view.parts)
    )
    return replace(view, parts=parts)


def _reply(number: int, reply: Message, marks: Sequence[Mark]) -> MessageView:
    anchor = reply_anchor(number)
    return _message(anchor, reply, _at(marks, anchor))


def reply_anchor(number: int) -> str:
    return "reply" if number == 0 else f"reply-{number}"


def _at(marks: Iterable[Mark], where: str) -> list[Mark]:
    return [mark for mark in marks if mark.where == where]


def _is_beside(number: int, message: Message, beside: frozenset[Place]) -> bool:
    return bool(message.parts) and all((number, index) in beside for index in range(len(message.parts)))


def _message(
    anchor: str,
    message: Message,
    marks: Sequence[Mark],
    pairs: dict[Place, Place] | None = None,
    messages: Sequence[Message] = (),
    number: int = -1,
) -> MessageView:
    parts = []
    for index, part in enumerate(message.parts):
        own = tuple(mark for mark in marks if mark.part == index)
        parts.append(_part(f"{anchor}-p{index}", part, own, _Answers(pairs or {}, messages, (number, index))))
    return MessageView(
        anchor, message.role, message.role_raw, message.name, tuple(parts), message.finish_reason,
        message.finish_reason_raw, number,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answers:
    """The results that stand beside the calls of one part."""

    pairs: dict[Place, Place] = field(default_factory=dict)
    messages: Sequence[Message] = ()
    place: Place = ()

    def to(self, *written: int) -> Place | None:
        """The place of the result of the part itself, or of a call that is written in it."""
        return self.pairs.get((*self.place, *written))


def _part(anchor: str, part: Part, marks: tuple[Mark, ...], answers: _Answers | None = None) -> PartView:
    answers = answers or _Answers()
    match part:
        case Text():
            return _text(anchor, part, marks, answers)
        case Reasoning(content):
            return PartView(anchor, "reasoning", *_cut(content), marks=marks)
        case Refusal(content):
            return PartView(anchor, "refusal", *_cut(content), marks=marks)
        case ToolCall():
            return _call(anchor, part, marks, answers.to(), answers.messages)
        case ToolResult():
            return _result(anchor, part, marks)
        case Blob():
            return PartView(anchor, "blob", name=part.modality, blobs=(media.view(part),), marks=marks)
        case Uri(uri, mime_type, modality):
            return PartView(anchor, "uri", uri, name=modality, mime_type=mime_type or "", marks=marks)
        case FileRef(file_id, mime_type, modality):
            return PartView(anchor, "file", file_id, name=modality, mime_type=mime_type or "", marks=marks)
        case Unknown(raw):
            return PartView(anchor, "unknown", *_cut(jsonio.dumps(raw, indent=True)), is_json=True, marks=marks)


def _text(anchor: str, part: Text, marks: tuple[Mark, ...], answers: _Answers) -> PartView:
    calls = tuple(
        _call(f"{anchor}-c{number}", call, (), answers.to(number), answers.messages)
        for number, call in enumerate(part.embedded)
    )
    return PartView(
        anchor, "text", *_cut(part.content), marks=marks, embedded=calls, tokens=part.tokens,
        cited=cited(part.content, part.citations),
    )  # fmt: skip


def _call(
    anchor: str, call: ToolCall, marks: tuple[Mark, ...], place: Place | None, messages: Sequence[Message]
) -> PartView:
    is_json = call.arguments is not None
    text = jsonio.dumps(call.arguments, indent=True) if is_json else call.arguments_text
    result = None
    if place is not None:
        answer = messages[place[0]].parts[place[1]]
        result = _part(f"m{place[0]}-p{place[1]}", answer, ())
    return PartView(
        anchor, "call", *_cut(text), is_json=is_json, name=call.name, id=call.id, marks=marks, result=result,
        result_message=f"m{place[0]}" if place and place[1] == 0 else None,
    )  # fmt: skip


def _result(anchor: str, result: ToolResult, marks: tuple[Mark, ...]) -> PartView:
    text, is_json = result_text(result.response)
    return PartView(
        anchor, "result", *_cut(text), is_json=is_json, name=result.name, id=result.id, marks=marks,
        is_error=bool(result.is_error), blobs=media.views(result.response),
    )  # fmt: skip


def result_text(response: Json) -> tuple[str, bool]:
    """A tool's answer as text, and whether that is JSON: what is JSON inside a string is laid out too."""
    if not isinstance(response, str):
        return jsonio.dumps(response, indent=True), True
    if response[:1] in ("{", "[") and len(response) <= CUT * 4:
        value = jsonio.parse_or_none(response)
        if value is not None:
            return jsonio.dumps(value, indent=True), True
    return response, False


def _cut(text: str) -> tuple[str, int]:
    """A text and how many of its characters are left out; a little too long is not cut at all."""
    return (text, 0) if len(text) <= CUT * 1.25 else (text[:CUT], len(text) - CUT)
