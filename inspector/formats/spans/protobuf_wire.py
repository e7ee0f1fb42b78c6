"""Protobuf's wire format (https://protobuf.dev/programming-guides/encoding/), read by tables that name the fields.

What is read here comes from anybody: lengths are held against what is there, and depth and number of fields are bound.
"""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from inspector.model import Json

MAX_DEPTH = 64
MAX_FIELDS = 4_000_000
"""Fields of one file: each may become an object, whatever few bytes it takes."""

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_LONGEST = 10
"""Bytes of a varint of 64 bits."""


class NotProtobuf(ValueError):
    """The bytes are no message, and why."""


class Field(NamedTuple):
    """What stands under a number: `read` makes a value of what is on the wire, or `message` has the fields of one."""

    name: str
    read: Callable[[Any], Json] = bool
    message: Callable[[], Mapping[int, Field]] | None = None
    is_list: bool = False


def text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def base64(value: bytes) -> str:
    return b64encode(value).decode()


def double(value: int) -> float:
    (number,) = struct.unpack("<d", value.to_bytes(8, "little"))
    return float(number)


def signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


def _whatever(value: int | bytes) -> Json:
    return text(value) if isinstance(value, bytes) else value


_OF_BYTES = (text, base64, bytes.hex)


class Reader:
    """Reads messages of one file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MAX_FIELDS
        self.is_cut = False
        """Whether a field went on behind the end: as much of it as there is was read."""

    def message(self, fields: Mapping[int, Field], at: int, end: int, depth: int = 0) -> dict[str, Any]:
        """The message between two places, by the names of its fields; what has no name stands under its number. Raises
        `NotProtobuf`."""
        if depth > MAX_DEPTH:
            raise NotProtobuf(f"nested more than {MAX_DEPTH} levels deep")
        found: dict[str, Any] = {}
        for number, value in self._fields(at, end):
            field = fields.get(number) or Field(f"field {number}", _whatever)
            if field.is_list:
                found.setdefault(field.name, []).append(self._value(field, value, depth))
            else:
                found[field.name] = self._value(field, value, depth)
        return found

    def _value(self, field: Field, value: int | slice, depth: int) -> Json:
        of_bytes = field.message is not None or field.read in _OF_BYTES
        if field.read != _whatever and isinstance(value, slice) is not of_bytes:
            raise NotProtobuf(f"{field.name} is of another type")
        if not isinstance(value, slice):
            return field.read(value)
        if field.message is not None:
            return self.message(field.message(), value.start, value.stop, depth + 1)
        return field.read(self._data[value])

    def _fields(self, at: int, end: int) -> Iterator[tuple[int, int | slice]]:
        while at < end:
            self._left -= 1
            if self._left < 0:
                raise NotProtobuf(f"more than {MAX_FIELDS:,} fields")
            tag, at = self._varint(at, end)
            kind = tag & 7
            if kind == _VARINT:
                value, at = self._varint(at, end)
                yield tag >> 3, value
            elif kind in (_EIGHT, _FOUR):
                size = 8 if kind == _EIGHT else 4
                yield tag >> 3, int.from_bytes(self._data[at : self._within(at + size, end)], "little")
                at += size
            elif kind == _BYTES:
                size, at = self._varint(at, end)
                stop = self._within(at + size, end)
                yield tag >> 3, slice(at, stop)
                at = stop
            else:
                raise NotProtobuf(f"no field at byte {at:,}")

    def _within(self, stop: int, end: int) -> int:
        """A place, or the end of all where it lies behind that. Raises `NotProtobuf` where it leaves its message."""
        if stop <= end:
            return stop
        if end < len(self._data):
            raise NotProtobuf(f"a field goes on behind byte {end:,}")
        self.is_cut = True
        return end

    def _varint(self, at: int, end: int) -> tuple[int, int]:
        value = 0
        for place in range(at, min(at + _LONGEST, end)):
            byte = self._data[place]
            value |= (byte & 0x7F) << 7 * (place - at)
            if byte < 0x80:
                return value & (1 << 64) - 1, place + 1
        if end < len(self._data) or end - at >= _LONGEST:
            raise NotProtobuf(f"no number at byte {at:,}")
        self.is_cut = True
        return 0, end
