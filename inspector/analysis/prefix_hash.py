"""Chains of prompts: each request repeats the conversation before it, so one prompt's beginning is another's whole."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

_PRIME = 0x100000001B3
_MASK = (1 << 64) - 1


def chain(keys: Iterable[int]) -> int:
    """A signed 64-bit hash of a list of message keys; that of an empty list is 0."""
    number = 0
    for key in keys:
        number = _next(number, key)
    return _signed(number)


def chains(keys: Iterable[int]) -> list[int]:
    """The hash of each beginning of a list of message keys, from the empty one on to the whole."""
    numbers = [0]
    for key in keys:
        numbers.append(_next(numbers[-1], key))
    return [_signed(number) for number in numbers]


def packed(keys: Iterable[int]) -> bytes:
    """Message keys as the index keeps them, 8 bytes each: the beginning of a list is the beginning of its bytes."""
    return array("q", keys).tobytes()


def unpacked(kept: bytes) -> tuple[int, ...]:
    """What `packed` made bytes of."""
    return tuple(array("q", kept))


def _next(number: int, key: int) -> int:
    return ((number ^ (key & _MASK)) * _PRIME + 1) & _MASK


def _signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number
