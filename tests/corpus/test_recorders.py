"""The recordings of every other recorder in the corpus: claimed by their format, every exchange understood, and masked
without a change to what was said.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from inspector import formats
from inspector.decode import decoder
from inspector.decode.splitting import split
from inspector.formats.reading.source import Source
from inspector.model import Exchange, ModelCall
from inspector.redaction import decoded, mask

CORPUS = os.environ.get("INSPECTOR_CORPUS")

pytestmark = [pytest.mark.long, pytest.mark.skipif(not CORPUS, reason="INSPECTOR_CORPUS names no directory")]

FOLDERS = {
    "vcr-crewai": {"vcr"},
    "vcr-openinference": {"vcr"},
    "vcr-openllmetry": {"vcr"},
    "vcr-otel-contrib": {"vcr"},
    "vcr-pydantic-ai": {"vcr"},
    "ruby-vcr-ruby_llm": {"ruby-vcr"},
    "go-vcr-fantasy": {"go-vcr"},
    "httpmock-rig": {"httpmock"},
    "httprr-langchaingo": {"httprr"},
    "har-browsers": {"har"},
    "har-llm": {"har"},
    "mitm-llm": {"mitmproxy"},
    "mitm-mitmproxy": {"mitmproxy", "har"},
    "openinference-js": {"nock", "har", "pairs", "spans"},
    "inspect-logs": {"inspect-ai"},
    "vercel-ai-fixtures": {"bare"},
    "raw-streams": {"bare"},
    "claude-trace": {"claude-trace"},
    "hurl-archgw": {"hurl", "rest-client"},
}
NO_RECORDINGS = ("messages:", "spans", "span", "__fixtures__/fal", "gladia", "revai", "transcription", "harness", ".md",
                 "skeleton", ".eval")  # fmt: skip
"""Marks of names and beginnings of what lies among the recordings and is none: agent logs, attributes of spans, other
services, archives."""


@cache
def files(folder: str) -> list[tuple[str, formats.Recording, bytes]]:
    """Name, recording and first bytes of every file."""
    root = Path(CORPUS or "")
    found = []
    for path in sorted(path for path in (root / folder).rglob("*") if path.is_file()):
        data, name = path.read_bytes(), path.relative_to(root).as_posix()
        found.append((name, formats.read(Source(name, data)), data[:200]))
    return found


@cache
def calls(folder: str) -> list[tuple[str, Exchange, ModelCall]]:
    return [
        (name, one, decoder.decode(one))
        for name, recording, _ in files(folder)
        for exchange in recording.exchanges
        for one in split(exchange)
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_file_is_claimed_by_its_format(folder: str) -> None:
    strange = [
        (name, recording.format, recording.broken)
        for name, recording, data in files(folder)
        if (recording.format not in FOLDERS[folder] or recording.broken)
        and not any(mark in name or data.lstrip().startswith(mark.encode()) for mark in NO_RECORDINGS)
    ]
    assert not strange


@pytest.mark.parametrize("folder", [name for name in FOLDERS if name not in ("hurl-archgw",)])
def test_every_exchange_is_understood(folder: str) -> None:
    """Known by its protocol, told apart as no model's traffic, or an error that says no more than that."""
    unknown = []
    problems = []
    found = calls(folder)
    for name, exchange, call in found:
        failed = exchange.response is None or exchange.response.status is None or exchange.response.status >= 400
        if call.protocol is None and call.infrastructure is None and not failed:
            unknown.append((name, exchange.request.url))
        problems += [(name, problem) for problem in call.problems if "not understood" in problem.why]
    assert found
    assert not problems
    assert len(unknown) <= max(2, len(found) // 200), unknown


@pytest.mark.parametrize("folder", ["vcr-pydantic-ai", "httpmock-rig", "ruby-vcr-ruby_llm"])
def test_masking_hides_headers_and_changes_no_reply(folder: str) -> None:
    for _, exchange, call in calls(folder)[::3]:
        hidden: list[str] = []
        shown = decoded.masked(exchange, mask.remembered(hidden))
        if not hidden:
            assert shown.call.replies == call.replies
