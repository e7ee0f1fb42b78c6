"""The parts of a message as templates print them: their texts cut, their bytes by what a page shows of them, and each
call with its result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from inspector.analysis.issues import Mark
from inspector.analysis.tool_pairs import PartPlace
from inspector.model import (
    Blob,
    FileRef,
    Json,
    Message,
    Part,
    Reasoning,
    Refusal,
    Text,
    Token,
    ToolCall,
    ToolResult,
    Unknown,
    Uri,
    jsonio,
)
from inspector.web.exchange.call_forms import CallForm, call_form
from inspector.web.rendering import media_views
from inspector.web.rendering.citations import NOTHING_CITED, Cited, cited
from inspector.web.rendering.media_views import BlobView

CUT = 6_000
"""Characters of a part that a page shows at first."""

LINES = 12
"""Lines of a result that stands beside its call."""

_WIDTH = 160
"""Characters of such a line."""


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
    title: str = ""
    """What a document is called."""
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
    form: CallForm | None = None
    """What a call does, if it is shown as that and not as JSON."""

    @property
    def lines(self) -> int:
        return self.text.count("\n") + 1

    @property
    def is_long(self) -> bool:
        """Whether a result stands below its call, where it has the whole width, and is folded after some lines."""
        return self.lines > LINES or len(self.text) > LINES * _WIDTH


@dataclass(frozen=True, slots=True)
class Answers:
    """The results that stand beside calls: those of a whole prompt, and then of one part."""

    pairs: Mapping[PartPlace, PartPlace] = field(default_factory=dict)
    messages: Sequence[Message] = ()
    place: PartPlace = ()
    uid: str | None = None
    """The later exchange that they are from, if they are."""
    ahead: int = 0
    """How many of the messages stand before the prompt that they are from."""

    def of(self, place: PartPlace) -> Answers:
        return replace(self, place=place)

    def to(self, *written: int) -> PartPlace | None:
        """The place of the result of the part itself, or of a call that is written in it."""
        return self.pairs.get((*self.place, *written))


def part_view(anchor: str, part: Part, marks: tuple[Mark, ...], answers: Answers | None = None) -> PartView:
    answers = answers or Answers()
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
            return _file(anchor, "blob", part, blobs=(media_views.view(part),), marks=marks)
        case Uri(uri):
            return _file(anchor, "uri", part, text=uri, marks=marks)
        case FileRef(file_id):
            return _file(anchor, "file", part, text=file_id, marks=marks)
        case Unknown(raw):
            return PartView(anchor, "unknown", *_cut(jsonio.dumps(raw, indent=True)), is_json=True, marks=marks)


def _file(anchor: str, kind: str, part: Blob | Uri | FileRef, **more: Any) -> PartView:
    return PartView(anchor, kind, name=part.modality, title=part.title or "", mime_type=part.mime_type or "", **more)


def _text(anchor: str, part: Text, marks: tuple[Mark, ...], answers: Answers) -> PartView:
    calls = tuple(
        _call(f"{anchor}-c{number}", call, (), answers.to(number), answers) for number, call in enumerate(part.embedded)
    )
    return PartView(
        anchor, "text", *_cut(part.content), marks=marks, embedded=calls, tokens=part.tokens,
        cited=cited(part.content, part.citations), title=part.title or "",
    )  # fmt: skip


def _call(anchor: str, call: ToolCall, marks: tuple[Mark, ...], place: PartPlace | None, answers: Answers) -> PartView:
    is_json = call.arguments is not None
    form = call_form(call.arguments, CUT)
    text, left = _cut(jsonio.dumps(call.arguments, indent=True) if is_json else call.arguments_text)
    result = alone = None
    if place is not None:
        message = answers.messages[place[0]]
        result = part_view(f"m{place[0] - answers.ahead}-p{place[1]}", message.parts[place[1]], ())
        alone = place[1] == 0 and answers.uid is None
    return PartView(
        anchor, "call", text, form.left if form else left, is_json=is_json, name=call.name, id=call.id, marks=marks,
        result=result, result_message=f"m{place[0]}" if place and alone else None,
        result_in=answers.uid if result else None, form=form,
    )  # fmt: skip


def _result(anchor: str, result: ToolResult, marks: tuple[Mark, ...]) -> PartView:
    text, is_json = result_text(result.response)
    return PartView(
        anchor, "result", *_cut(text), is_json=is_json, name=result.name, id=result.id, marks=marks,
        is_error=bool(result.is_error), blobs=media_views.views(result.response),
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
