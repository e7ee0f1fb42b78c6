"""The timeline of an exchange as templates print it: messages, their parts, and each call beside its result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from inspector.analysis import anchors
from inspector.analysis.issues import Mark, message_marks
from inspector.analysis.tool_pairs import PartPlace, pair
from inspector.model import Message, ModelCall, Text, ToolCall
from inspector.web.exchange.part_views import Answers, PartView, part_view
from inspector.web.rendering.paging import Asked, Slice, Window, is_long, sliced, window

WHERE_IT_OPENS = Asked()

FOLDED = 8
"""Messages from before that are folded."""
FOLDED_SIZE = 4000
"""Characters of messages from before that are folded, however few: some two screens, behind which nobody sees what is
new."""


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
    """A later exchange that goes on from a reply: its id, its prompt, and which message of that the reply became. Where
    the prompt repeats nothing, the reply stands before it, and `is_apart`."""

    uid: str
    messages: tuple[Message, ...]
    number: int
    is_apart: bool = False

    def results(self, reply: Message) -> dict[PartPlace, PartPlace]:
        """Where the prompt has the results of a reply's calls, by the places of the calls in the reply."""
        pairs = pair(self.messages)
        called = ((self.number, *place) for place in calls(self.messages[self.number]))
        answers = ((mine, pairs.get(its)) for mine, its in zip(calls(reply), called, strict=False))
        return {mine: place for mine, place in answers if place}


def timeline(
    call: ModelCall,
    marks: Sequence[Mark],
    first: int = 0,
    last: int | None = None,
    later: Later | None = None,
    asked: Asked = WHERE_IT_OPENS,
    known: int = 0,
    fixed: bool = False,
) -> Timeline:
    """The view of a model call: its messages from `first` to before `last`, and its replies.

    Of a long conversation it is a window: the one that is `asked` for, such as the surroundings of a message
    (``Asked(at="m12")``), or else the one of what is new, which are the messages after the `known` ones. `fixed`
    windows are the same from wherever one comes.
    """
    messages = call.prompt.messages[:last]
    pairs = {call: result for call, result in pair(messages).items() if call[0] >= first}
    home = {result: call for call, result in pairs.items()}
    held = {f"m{number}": message for number, message in enumerate(messages[first:], first)}
    if call.prompt.system and not first:
        held = {"system": Message("system", call.prompt.system), **held}
    replies = dict(anchors.replies(call))
    shown = window(sliced(held, home), asked, home, f"m{known}" if known else "", fixed=fixed)
    answered = window(sliced(replies), asked, at_end=False, fixed=fixed)
    names = {place: _name(messages, call) for call, place in pair(messages).items()}
    found = {name: _own_marks(name, held[name], call, marks) for name in {one.holder for one in shown.slices}}
    answers = Answers(pairs, messages)
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


def is_windowed(call: ModelCall) -> bool:
    """Whether a page holds less than the whole of a conversation, so that an address has to name the place of it."""
    replies = dict(anchors.replies(call))
    prompt = {f"m{number}": message for number, message in enumerate(call.prompt.messages)}
    return is_long(sliced(prompt)) or is_long(sliced(replies))


def _own_marks(name: str, message: Message, call: ModelCall, marks: Sequence[Mark]) -> list[Mark]:
    own = message_marks(message, call.prompt.tools, name) if name != "system" else ()
    return [*own, *_at(marks, name)]


def first_new(view: Timeline, known: int) -> str | None:
    """The anchor of the message from which on something is new: itself, or the result of a call of its."""
    if not known or (view.shown.before and view.messages and view.messages[0].number >= known):
        return None
    for message in view.messages:
        answers = [part.result_message for part in message.parts if part.result_message]
        if message.number >= known or any(int(anchor[1:]) >= known for anchor in answers):
            return message.anchor
    return None


def from_before(view: Timeline, new: str | None, known: int) -> int:
    """How many messages a page folds that stand before what is `new`; 0 for a few short ones."""
    begins = next((message.number for message in view.messages if message.anchor == new), known)
    parts = [part for message in view.messages if message.number < begins for part in message.parts]
    size = sum(len(part.text) + len(part.result.text if part.result else "") for part in parts)
    return begins if begins >= FOLDED or size >= FOLDED_SIZE else 0


def _answered(reply: Message, later: Later | None) -> Answers:
    """The results that a later exchange brings for the calls of a reply."""
    if later is None:
        return Answers()
    pairs = {(-1, *mine): place for mine, place in later.results(reply).items()}
    return Answers(pairs, later.messages, uid=later.uid, ahead=int(later.is_apart))


def calls(message: Message) -> list[PartPlace]:
    """The places of a message's calls, those that are written in a text among them."""
    places: list[PartPlace] = []
    for index, part in enumerate(message.parts):
        if isinstance(part, ToolCall):
            places.append((index,))
        elif isinstance(part, Text):
            places += [(index, written) for written in range(len(part.embedded))]
    return places


def _name(messages: Sequence[Message], place: PartPlace) -> str | None:
    part = messages[place[0]].parts[place[1]]
    if isinstance(part, Text):
        return part.embedded[place[2]].name
    return part.name if isinstance(part, ToolCall) else None


def _named(view: MessageView, names: dict[PartPlace, str | None]) -> MessageView:
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


def _at(marks: Iterable[Mark], where: str) -> list[Mark]:
    return [mark for mark in marks if mark.where == where]


def _message(one: Slice, message: Message, marks: Sequence[Mark], answers: Answers) -> MessageView:
    number = int(one.holder[1:]) if one.holder[1:].isdecimal() else -1
    by_part: dict[int | None, list[Mark]] = {}
    for mark in marks:
        by_part.setdefault(mark.part, []).append(mark)
    parts = tuple(
        part_view(f"{one.holder}-p{at}", message.parts[at], tuple(by_part.get(at, ())), answers.of((number, at)))
        for at in one.parts
    )
    return MessageView(
        one.anchor, message.role, message.role_raw, message.name, parts, message.finish_reason,
        message.finish_reason_raw, number, one.span, not one.is_first,
    )  # fmt: skip
