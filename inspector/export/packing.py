"""Files packed into the elements of a page, unpacked when they are looked at.

Each file is cut into fragments (`fragments`), and each distinct fragment is stored once. Fragments are gathered in
blocks by the companions of their file, so that what is alike is compressed together, and what is read together is
unpacked together.

A block is a zlib stream in base64, in an element ``block-<number>``. Unpacked it begins with how many fragments it has,
and how many bytes each; the number of a fragment is that of its block times `MOST`, plus its place in there.

A file is again a fragment, its recipe: the fragments that it consists of, as runs. The element ``files`` says which
fragment is the recipe of which file, as JSON. Numbers are written in groups of seven bits, the lowest first.
``static/js/export/one-file/one-file.js`` reads the same.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import accumulate, pairwise
from typing import BinaryIO

from inspector.export.chunking import fragments
from inspector.model import jsonio

SIZE = 256 * 1024
"""Bytes of a block, give or take one fragment."""

MOST = 1 << 13
"""Fragments of a block, at most."""

_RECIPES = "recipes"
_ELEMENT = re.compile(rb'<script type="application/octet-stream" id="(block-\d+|files)">([A-Za-z0-9+/=]*)</script>')


def element(id: str, content: bytes) -> bytes:
    """An element that holds bytes. Nothing runs it, and base64 cannot end it."""
    return b'<script type="application/octet-stream" id="%b">%b</script>\n' % (id.encode(), b64encode(content))


# ---------------------------------------------------------------- packing


class _Block:
    """A block that is being filled."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._fragments: list[bytes] = []
        self._size = 0

    def add(self, fragment: bytes) -> int:
        """The number of a fragment that is stored."""
        self._fragments.append(fragment)
        self._size += len(fragment)
        return self.number * MOST + len(self._fragments) - 1

    @property
    def is_full(self) -> bool:
        return self._size >= SIZE or len(self._fragments) == MOST

    @property
    def element(self) -> bytes:
        head = [len(self._fragments), *map(len, self._fragments)]
        return element(f"block-{self.number}", zlib.compress(_numbers(head) + b"".join(self._fragments), 9))


class Packing:
    """Writes files into the elements of a page, each block as soon as it is full."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._open: dict[str, _Block] = {}
        self._blocks = 0
        self._known: dict[bytes, int] = {}
        self._files: dict[str, int] = {}

    def add(self, name: str, content: bytes, companions: str = "") -> None:
        """Pack a file. A name that is there already is passed over."""
        if name in self._files:
            return
        recipe = _recipe([self._stored(fragment, companions) for fragment in fragments(content)])
        self._files[name] = self._put(recipe, _RECIPES)

    def close(self) -> None:
        """Write what is left."""
        for block in self._open.values():
            self._out.write(block.element)
        self._open = {}
        self._out.write(element("files", zlib.compress(jsonio.dumps(self._files, indent=False).encode(), 9)))

    def _stored(self, fragment: bytes, companions: str) -> int:
        digest = blake2b(fragment, digest_size=16).digest()
        number = self._known.get(digest)
        if number is None:
            number = self._known[digest] = self._put(fragment, f"files/{companions}")
        return number

    def _put(self, fragment: bytes, companions: str) -> int:
        block = self._open.get(companions)
        if block is None:
            block = self._open[companions] = _Block(self._blocks)
            self._blocks += 1
        number = block.add(fragment)
        if block.is_full:
            self._out.write(block.element)
            del self._open[companions]
        return number


def _recipe(found: list[int]) -> bytes:
    """Runs of fragments that follow each other: how far each begins from the end of the one before, and how many."""
    runs: list[list[int]] = []
    for number in found:
        if runs and number == runs[-1][0] + runs[-1][1]:
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
    written: list[int] = []
    end = 0
    for begin, count in runs:
        written += [_zigzag(begin - end), count]
        end = begin + count
    return _numbers(written)


def _zigzag(number: int) -> int:
    """A number with a sign as one without, small where it was."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def _numbers(numbers: Iterable[int]) -> bytes:
    written = bytearray()
    for number in numbers:
        while number > 0x7F:
            written.append(number & 0x7F | 0x80)
            number >>= 7
        written.append(number)
    return bytes(written)


# ---------------------------------------------------------------- and back


def unpacked(page: bytes) -> dict[str, bytes]:
    """The files that are packed in a page."""
    parts = {found[1].decode(): zlib.decompress(b64decode(found[2])) for found in _ELEMENT.finditer(page)}
    files = jsonio.loads(parts.pop("files"))
    blocks = {int(id.removeprefix("block-")): _opened(block) for id, block in parts.items()}

    def fragment(number: int) -> bytes:
        return blocks[number // MOST][number % MOST]

    return {name: b"".join(map(fragment, _followed(fragment(recipe)))) for name, recipe in files.items()}


def _opened(block: bytes) -> list[bytes]:
    count, at = _number(block, 0)
    sizes = []
    for _ in range(count):
        size, at = _number(block, at)
        sizes.append(size)
    ends = list(accumulate(sizes, initial=at))
    return [block[begin:end] for begin, end in pairwise(ends)]


def _followed(recipe: bytes) -> Iterator[int]:
    """The fragments of a recipe, in their order."""
    end = at = 0
    while at < len(recipe):
        gap, at = _number(recipe, at)
        count, at = _number(recipe, at)
        begin = end + (-(gap + 1 >> 1) if gap & 1 else gap >> 1)
        end = begin + count
        yield from range(begin, end)


def _number(content: bytes, at: int) -> tuple[int, int]:
    """The number that stands at a place, and the place after it."""
    number = shift = 0
    while content[at] > 0x7F:
        number |= (content[at] & 0x7F) << shift
        shift += 7
        at += 1
    return number | content[at] << shift, at + 1
