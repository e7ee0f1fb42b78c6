"""Files in zip archives that are packed with Zstandard, method 93 of
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, which `zipfile` knows from Python 3.14 on."""

from __future__ import annotations

import sys
import zipfile
from importlib import import_module
from io import BytesIO
from typing import IO

METHOD = 93
_HEADER = 30
"""Bytes of a local header before the name; the lengths of the name and of what follows it are its last four."""


def opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """A file of an archive, unpacked. Raises `ValueError` where the extra is missing, and whatever hostile bytes make
    of the readers."""
    if info.compress_type != METHOD or sys.version_info >= (3, 14):
        return archive.open(info)
    return BytesIO(_unpacked(_packed(archive, info), info.file_size))


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    file = archive.fp
    if file is None:
        raise ValueError("the archive is closed")
    file.seek(info.header_offset)
    header = file.read(_HEADER)
    beside = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    file.seek(info.header_offset + _HEADER + beside)
    return file.read(info.compress_size)


def _unpacked(data: bytes, size: int) -> bytes:
    """The bytes, no more of them than the archive says there are."""
    try:
        module = import_module("zstandard")
    except ImportError:
        raise ValueError("compressed with zstandard, which needs: pip install zstandard") from None
    unpacker = module.ZstdDecompressor().stream_reader(data, read_across_frames=True)
    whole: bytes = unpacker.read(size)
    if len(whole) != size:
        raise ValueError(f"{len(whole):,} bytes where {size:,} are announced")
    return whole
