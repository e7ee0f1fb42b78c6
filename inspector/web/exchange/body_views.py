"""Bodies as templates print them: text, frames of a WebSocket, and bytes that are no text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from inspector.decode.framing.media_types import mime_type
from inspector.model import Body, Exchange, Json, ModelCall, jsonio
from inspector.web.rendering import media_views
from inspector.web.rendering.highlighting import MAX_HIGHLIGHTED
from inspector.web.rendering.paging import text_stretch

MOST_SHOWN = 500_000
"""Characters that "show all" puts into a page; what is longer comes piece by piece."""

PREVIEW = 20_000
"""Characters of a body that stands in for a conversation."""

PART = 100_000
"""Characters on one page of a part that has a page of its own."""

At = tuple[int | None, int | None]
"""Where a page of a text begins and ends; None for what is not asked for."""

FRAMES = 100
"""Frames of a body that are shown before the rest is left to the stream."""

_FRAME = 1_500
"""Characters of a frame that a list of them shows."""

_HEX = 256
"""Bytes that are shown as numbers."""

MOST_DRAWN = 8_000_000
"""Characters of JSON that a script draws as a tree."""

_LAID_OUT = 400_000
"""Characters of JSON up to which it is laid out over lines."""


PURPOSES = {
    "auth": "Signing in: a credential is asked for or renewed.",
    "telemetry": "Telemetry: what a program reports about itself.",
    "packages": "Packages: code, models or data sets are looked up or fetched.",
    "vector store": "A vector store is asked or filled.",
    "search": "A search on the web, or in a collection.",
    "documents": "A service that reads documents.",
    "agents": "Agents talk to each other, or to a tool server.",
    "account": "Administration of an account: what it used, its projects and keys.",
    "web": "Other web traffic.",
}
"""What an exchange is that is no talk with a model, for its page."""

NO_PROTOCOL = "No wire protocol that is known here speaks like this."
ERROR_ALONE = "An error on its own: which protocol was spoken is not to be told from it."


@dataclass(frozen=True, slots=True)
class Text:
    """A text of any length for a page: what is shown of it, from where on, and how many characters come after that."""

    shown: str
    left: int
    begin: int = 0
    is_code: bool = False
    """Whether it is coloured: JSON, and the forms that JSON is streamed in."""
    is_laid_out: bool = False
    """Whether it was JSON in one line."""
    is_json: bool = False
    """Whether it looks like JSON, which scripts draw as a tree."""

    @property
    def end(self) -> int:
        return self.begin + len(self.shown)

    @property
    def total(self) -> int:
        return self.end + self.left

    @property
    def is_all(self) -> bool:
        """Whether nothing stands before or after what is shown."""
        return not self.begin and not self.left

    @property
    def may_be_whole(self) -> bool:
        """Whether all of it can be on one page, and is not."""
        return len(self.shown) < self.total <= MOST_SHOWN


@dataclass(frozen=True, slots=True)
class FrameView:
    number: int
    is_sent: bool
    text: str
    left: int


@dataclass(frozen=True, slots=True)
class BytesView:
    """Bytes that are no text. `shown` is how a page shows them, `head` their first ones as numbers and letters."""

    shown: str
    mime_type: str
    size: int
    head: str


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body of one of three kinds; `total` counts its frames."""

    text: Text | None = None
    bytes: BytesView | None = None
    frames: tuple[FrameView, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class PlainView:
    """An exchange that is no conversation. `what` says what it is instead."""

    what: str
    sent: BodyView | None
    answered: BodyView | None


def plain_view(exchange: Exchange, call: ModelCall, whole: bool, as_sent: bool) -> PlainView | None:
    """The bodies of an exchange that is no conversation, or that no protocol makes one of; None for a conversation."""
    if call.protocol is not None and (call.prompt.messages or call.prompt.system or call.replies):
        return None
    is_told = call.operation == "models" and call.summary is not None
    response = None if is_told or exchange.response is None else exchange.response.body
    size = MOST_SHOWN if whole else PREVIEW
    return PlainView(
        PURPOSES.get(call.infrastructure or "", "" if call.protocol else _unknown(exchange, call)),
        body_view(exchange.request.body, size, as_sent),
        body_view(response, size, as_sent),
    )


def _unknown(exchange: Exchange, call: ModelCall) -> str:
    alone = call.error is not None and not exchange.request.url and exchange.request.body is None
    return ERROR_ALONE if alone else NO_PROTOCOL


def asked(exchange: Exchange) -> Body | None:
    """What was sent: the body of a request; of a WebSocket, which has none, the frames that went that way."""
    answered = exchange.response.body if exchange.response else None
    if exchange.request.body is not None or answered is None or answered.kind != "frames":
        return exchange.request.body
    return Body("frames", [frame for frame in answered.value if frame[0] == "sent"])


def body_view(
    body: Body | None, size: int = MAX_HIGHLIGHTED, as_sent: bool = False, at: At = (None, None)
) -> BodyView | None:
    """The view of a body: the page of it that is asked for, of `size` characters."""
    if body is None:
        return None
    if body.kind == "bytes" and isinstance(body.value, bytes):
        return BodyView(bytes=_bytes(body.value))
    if body.kind == "frames":
        frames = tuple(_frame(number, *pair) for number, pair in enumerate(islice(body.value, FRAMES)))
        return BodyView(frames=frames, total=len(body.value))
    if body.kind == "text" and isinstance(body.value, str):
        return BodyView(text=_recorded_text(body.value, size, as_sent, at))
    return BodyView(text=cut(json_text(body.value), size, at))


def limit(whole: bool) -> int:
    return MOST_SHOWN if whole else MAX_HIGHLIGHTED


def cut(text: str, size: int, at: At = (None, None), is_laid_out: bool = False) -> Text:
    """The page of a text that is asked for."""
    begin, end = text_stretch(text, size, *at)
    first = text[:200].lstrip()[:1]
    is_code = first in ("{", "[", '"') or text.startswith(("data:", "event:"))
    is_json = len(text) <= MOST_DRAWN and first in ("{", "[") and text[-200:].rstrip()[-1:] in ("}", "]")
    return Text(text[begin:end], len(text) - end, begin, is_code, is_laid_out, is_json)


def json_text(value: Json) -> str:
    text = value.get("text") if isinstance(value, dict) and value.keys() <= {"text", "line"} else None
    return text if isinstance(text, str) else jsonio.dumps(value, indent=True)


def _recorded_text(text: str, size: int, as_sent: bool, at: At) -> Text:
    """Text as it is; lines of JSON, which nobody can read, are laid out."""
    if not as_sent and text[:1] in ("{", "[") and len(text) <= _LAID_OUT:
        values = [jsonio.parse_or_none(line) for line in text.split("\n") if line.strip()]
        if all(isinstance(value, (dict, list)) and value for value in values):
            return cut("\n".join(jsonio.dumps(value, indent=True) for value in values), size, at, True)
    return cut(text, size, at)


def _frame(number: int, way: str, frame: Any) -> FrameView:
    text = frame if isinstance(frame, str) else jsonio.dumps(frame)
    return FrameView(number, way == "sent", text[:_FRAME], max(len(text) - _FRAME, 0))


def _bytes(data: bytes) -> BytesView:
    kind = mime_type(data)
    shown = media_views.shown_as(kind) if len(data) <= media_views.INLINE_SIZE else ""
    return BytesView(shown, kind or "", len(data), hex_dump(data[:_HEX]))


def hex_dump(data: Sequence[int]) -> str:
    """Bytes as people look at them: the place, sixteen numbers, and the letters among them."""
    rows = (data[at : at + 16] for at in range(0, len(data), 16))
    return "\n".join(f"{at * 16:04x}  {_numbers(row):<48} {_letters(row)}" for at, row in enumerate(rows))


def _numbers(row: Sequence[int]) -> str:
    return " ".join(f"{byte:02x}" for byte in row)


def _letters(row: Sequence[int]) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
