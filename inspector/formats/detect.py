"""Which format a file is of: the formats one after the other, the first that claims it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import islice
from typing import cast

from inspector.formats.format import Format
from inspector.formats.reading.file_bytes import TooLarge
from inspector.formats.reading.source import Source

FORMATS: tuple[str, ...] = (
    "llm.llama_stack",
    "generic.exported",
    "http.har",
    "http.mitmproxy",
    "mocks.ddapm",
    "llm.req_llm",
    "mocks.wiremock",
    "vcr.cassetter",
    "vcr.req_cassette",
    "vcr.vcrpy",
    "vcr.ruby_vcr",
    "vcr.go_vcr",
    "mocks.httpmock",
    "http.httprr",
    "vcr.exvcr",
    "vcr.php_vcr",
    "mocks.nock",
    "llm.genai_replay",
    "mocks.azure_test_proxy",
    "llm.gemini_cli",
    "http.rest_client",
    "http.hurl",
    "sessions.gemini_session",
    "sessions.qwen_code",
    "sessions.claude_code",
    "sessions.claude_output",
    "sessions.codex",
    "sessions.atif",
    "sessions.opencode_export",
    "sessions.goose_session",
    "sessions.vscode_chat",
    "llm.claude_trace",
    "spans.otlp",
    "spans.otlp_protobuf",
    "spans.exported_spans",
    "spans.langfuse",
    "spans.langsmith",
    "llm.opencode",
    "llm.mastra",
    "llm.goose",
    "llm.litellm",
    "llm.inspect_ai",
    "llm.promptfoo",
    "llm.batches",
    "llm.llm_logs",
    "generic.frames",
    "generic.pairs",
    "generic.bare",
)
"""Modules of `inspector.formats`, asked in this order and imported when their turn comes: the first that claims a file
reads it. What is common and told by its first bytes stands before what takes a closer look."""


@cache
def _module(name: str) -> Format:
    return cast(Format, import_module(f"inspector.formats.{name}"))


def modules() -> Iterator[Format]:
    """The formats, in the order in which they are asked."""
    return map(_module, FORMATS)


@cache
def names_of(family: str) -> frozenset[str]:
    """What the formats of a folder are called."""
    return frozenset(_module(name).NAME for name in FORMATS if name.startswith(f"{family}."))


def _asked(source: Source) -> Iterator[Format]:
    """All formats, after the one that claimed the file before."""
    if source.known:
        yield from islice((format for format in modules() if source.known == format.NAME), 1)
    yield from modules()


def claiming(source: Source) -> Format | None:
    """The format that the file is of. One that would have to see all of a file that is too large for that does not
    stop those that read it by lines; raises `TooLarge` where only such a one is left."""
    large: TooLarge | None = None
    for format in _asked(source):
        try:
            if format.sniff(source):
                return format
        except TooLarge as error:
            large = large or error
    if large is not None:
        raise large
    return None
