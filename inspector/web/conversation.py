"""The timeline of an exchange as templates print it: messages, their parts, and each call beside its result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from inspector.web.windows import Asked, Slice, Window, sliced, window

CUT = 6_000
"""Characters of a part that a page shows at first."""

WHERE_IT_OPENS = Asked()


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
    """A message, or some parts of one that has many: `span` says which, and `continues` whether others stand before."""

    anchor: str
    role: str
    role_raw: str | None
    name: str | None
    parts: tuple[PartView, ...]
    finish: str | None = None
    finish_raw: str | None = None
    number: int = -1
    """Its place in the prompt; -1 for instructions and replies."""
    span: str = ""
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The prompt and the replies. Tool messages whose results all stand beside their calls are not repeated.

    Of what is long only a window is there: `shown` and `answered` say what stands before and after it.
    """

    system: MessageView | None
    messages: tuple[MessageView, ...]
    replies: tuple[MessageView, ...]
    shown: Window
    answered: Window
    marks: tuple[Mark, ...] = ()
    """Marks of the whole exchange, for its head."""
    first: int = 0
    """The number of the first message, where older ones are folded."""


@dataclass(frozen=True, slots=True)
class Later:
    """A later exchange that goes on from a reply: its id, its prompt, and which message of that the reply became."""

    uid: str
    messages: tuple[Message, ...]
    number: int


def timeline(
    call: ModelCall,
    marks: Sequence[Mark],
    first: int = 0,
    last: int | None = None,
    later: Later | None = None,
    asked: Asked = WHERE_IT_OPENS,
    known: int = 0,
) -> Timeline:
    """The view of a model call: its messages from `first` to before `last`, and its replies.

    Of a long conversation it is a window: the one that is `asked` for, such as the surroundings of a message
    (``Asked(at="m12")``), or else the one of what is new, which are the messages after the `known` ones.
    """
    messages = call.prompt.messages[:last]
    pairs = {call: result for call, result in pair(messages).items() if call[0] >= first}
    home = {result: call for call, result in pairs.items()}
    held = {f"m{number}": message for number, message in enumerate(messages[first:], first)}
    if call.prompt.system and not first:
        held = {"system": Message("system", call.prompt.system), **held}
    replies = {reply_anchor(number): reply for number, reply in enumerate(call.replies)}
    shown = window(sliced(held, home), asked, home, f"m{known}" if known else "")
    answered = window(sliced(replies), asked, at_end=False)
    names = {place: _name(messages, call) for call, place in pair(messages).items()}
    found = {name: _own_marks(name, held[name], call, marks) for name in {one.holder for one in shown.slices}}
    answers = _Answers(pairs, messages)
    views = [_named(_message(one, held[one.holder], found[one.holder], answers), names) for one in shown.slices]
    has_system = bool(views) and views[0].anchor == "system"
    return Timeline(
        system=views[0] if has_system else None,
        messages=tuple(views[has_system:]),
        replies=tuple(
            _message(one, replies[one.holder], _at(marks, one.holder), _answered(replies[one.holder], later))
            for one in answered.slices
        ),
        shown=shown,
        answered=answered,
        marks=tuple(marks),
        first=first,
    )


def _own_marks(name: str, message: Message, call: ModelCall, marks: Sequence[Mark]) -> list[Mark]:
    own = message_marks(message, call.prompt.tools, name) if name != "system" else ()
    return [*own, *_at(marks, name)]


def first_new(view: Timeline, known: int) -> str | None:
    """The anchor of the message from which on something is new: itself, or the result of a call of its."""
    if not known or (view.messages and view.messages[0].number >= known and view.shown.before):
        return None
    for message in view.messages:
        answers = [part.result_message for part in message.parts if part.result_message]
        if message.number >= known or any(int(anchor[1:]) >= known for anchor in answers):
            return message.anchor
    return None


def _answered(reply: Message, later: Later | None) -> _Answers:
    """The results that a later exchange brings for the calls of a reply."""
    if later is None:
        return _Answers()
    pairs = pair(later.messages)
    called = ((later.number, *place) for place in calls(later.messages[later.number]))
    answers = ((mine, pairs.get(its)) for mine, its in zip(calls(reply), called, strict=False))
    return _Answers({(-1, *mine): place for mine, place in answers if place}, later.messages, uid=later.uid)


def calls(message: Message) -> list[Place]:
    """The places of a message's calls, those that are written in a text among them."""
    places: list[Place] = []
    for index, part in enumerate(message.parts):
        if isinstance(part, ToolCall):
            places.append((index,))
        elif isinstance(part, Text):
            places += [(index, written) for written in range(len(part.embedded))]
    return places


def _name(messages: Sequence[Message], place: Place) -> str | None:
    part = messages[place[0]].parts[place[1]]
    if isinstance(part, Text):
        return part.embedded[place[2]].name
    return part.name if isinstance(part, ToolCall) else None


def _named(view: MessageView, names: dict[Place, str | None]) -> MessageView:
    """Results that stand alone, with the names of the calls that they answer."""
    if not any(part.kind == "result" for part in view.parts):
        return view
    parts = tuple(
        replace(part, name=names.get((view.number, _index(part)))) if part.kind == "result" and not part.name else part
        for part in view.parts
    )
    return replace(view, parts=parts)


def _index(part: PartView) -> int:
    return int(part.anchor.rpartition("-p")[2])


def reply_anchor(number: int) -> str:
    return "reply" if number == 0 else f"reply-{number}"


def _at(marks: Iterable[Mark], where: str) -> list[Mark]:
    return [mark for mark in marks if mark.where == where]


def _message(one: Slice, message: Message, marks: Sequence[Mark], answers: _Answers) -> MessageView:
    number = int(one.holder[1:]) if one.holder[1:].isdecimal() else -1
    by_part: dict[int | None, list[Mark]] = {}
    for mark in marks:
        by_part.setdefault(mark.part, []).append(mark)
    parts = tuple(
        _part(f"{one.holder}-p{at}", message.parts[at], tuple(by_part.get(at, ())), answers.of((number, at)))
        for at in one.parts
    )
    return MessageView(
        one.anchor, message.role, message.role_raw, message.name, parts, message.finish_reason,
        message.finish_reason_raw, number, one.span, not one.is_first,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Answers:
    """The results that stand beside calls: those of a whole prompt, and then of one part."""

    pairs: Mapping[Place, Place] = field(default_factory=dict)
    messages: Sequence[Message] = ()
    place: Place = ()
    uid: str | None = None
    """The later exchange that they are from, if they are."""

    def of(self, place: Place) -> _Answers:
        return replace(self, place=place)

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
            return _call(anchor, part, marks, answers.to(), answers)
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
        _call(f"{anchor}-c{number}", call, (), answers.to(number), answers) for number, call in enumerate(part.embedded)
    )
    return PartView(
        anchor, "text", *_cut(part.content), marks=marks, embedded=calls, tokens=part.tokens,
        cited=cited(part.content, part.citations),
    )  # fmt: skip


def _call(anchor: str, call: ToolCall, marks: tuple[Mark, ...], place: Place | None, answers: _Answers) -> PartView:
    is_json = call.arguments is not None
    text = jsonio.dumps(call.arguments, indent=True) if is_json else call.arguments_text
    result = alone = None
    if place is not None:
        message = answers.messages[place[0]]
        result = _part(f"m{place[0]}-p{place[1]}", message.parts[place[1]], ())
        alone = place[1] == 0 and answers.uid is None
    return PartView(
        anchor, "call", *_cut(text), is_json=is_json, name=call.name, id=call.id, marks=marks, result=result,
        result_message=f"m{place[0]}" if place and alone else None, result_in=answers.uid if result else None,
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
