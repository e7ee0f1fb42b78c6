"""What the tests of the pages share: recordings made to order, and a reader of HTML."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import etree
from werkzeug.test import Client, TestResponse

from inspector.files.roots import roots_of
from inspector.library.keeper import Keeper
from inspector.web import Settings, create_app

TABS = ("", "/stream", "/request", "/response", "/raw")
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Root": "/"}

ADDRESSES = ("href", "src", "action", "hx-get", "hx-post", "data-copy-link", "data-copy-text", "hx-sse:connect")
VOID = {"meta", "link", "input", "img", "br", "hr", "path", "circle"}


@dataclass
class Page:
    """A page taken apart."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    inline_scripts: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        return "".join(self.texts)

    @cached_property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]

    def having(self, attribute: str) -> list[tuple[str, dict[str, str | None]]]:
        return [(tag, attributes) for tag, attributes in self.tags if attribute in attributes]

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Every address on the page with the attribute that holds it."""
        for tag, attributes in self.tags:
            for name in ADDRESSES:
                if (value := attributes.get(name)) is not None and (tag, name) != ("base", "href"):
                    yield name, value


class _Reader:
    """What a parser tells of a page as it comes to it."""

    def __init__(self) -> None:
        self.page = Page()
        self._script = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.page.tags.append((tag, dict(attributes)))
        self._script = tag == "script"

    def end(self, tag: str) -> None:
        self._script = False

    def data(self, data: str) -> None:
        (self.page.inline_scripts if self._script else self.page.texts).append(data)

    def close(self) -> Page:
        return self.page


def parse(html: str) -> Page:
    page: Page = etree.fromstring(html, etree.HTMLParser(target=_Reader(), huge_tree=True))
    return page


def crawl(client: Client, start: str, inside: str = "/", most: int | None = None) -> dict[str, TestResponse]:
    """Every address that can be reached from `start`, or the first `most`, GETs only; each must stay inside a prefix.

    Of the addresses that differ only in what they search for, or in the chunk that they show, one is visited.
    """
    seen: dict[str, TestResponse] = {}
    kinds: set[str] = set()
    pending = [start]
    while pending and (most is None or len(seen) < most):
        address = pending.pop(0 if most else -1)
        its = kind(address) if "q=" in address or "after=" not in address else address  # the list goes on
        if its in kinds:
            continue
        kinds.add(its)
        answer = seen[address] = client.get(address)
        if 300 <= answer.status_code < 400:
            pending.append(resolved(address, answer.headers["Location"]) or "")
        if answer.mimetype != "text/html":
            answer.close()
            continue
        for name, value in parse(answer.text).addresses():
            target = resolved(address, value)
            if target is None or name in ("hx-post", "hx-sse:connect"):
                continue
            assert target.startswith(inside), f"{address} leads out: {name}={value}"
            pending.append(target)
    return seen


def kind(address: str) -> str:
    path, _, query = address.partition("?")
    names = sorted(re.findall(r"(?:^|&)(\w+)=", query))
    path = re.sub(r"/e/[4-9a-f]\w{15}/as$", "/one/as", path)  # a quarter of them will do
    path = re.sub(r"/compare/[1-9a-f]\w{15}(?:/\w{16})?$", "/one/compared", path)  # a sixteenth of them will do
    path = re.sub(r"/e/[\w-]+/as/", "/one/as/", path)  # the same text is on the page that leads to it
    if {"q", "at", "text", "menu"} & set(names):
        path = re.sub(r"/e/\w{16}|/t/.*", "/one", path)
    return f"{path}?{names}"


def resolved(base: str, address: str) -> str | None:
    """An address as a browser reads it, without its fragment; None where it leads elsewhere."""
    if urlsplit(address).scheme or address.startswith("//"):
        return None
    return urljoin(f"http://localhost{base}", address).removeprefix("http://localhost").partition("#")[0]


# ---------------------------------------------------------------- recordings made to order


def message(text: Any, role: str = "user", **more: Any) -> dict[str, Any]:
    return {"role": role, "content": text, **more}


def recording(
    reply: str = "The lamp is lit.",
    messages: list[dict[str, Any]] | None = None,
    *,
    test_id: str | None = "tests/test_lamp.py::test_lit[a]",
    chunks: list[str] | None = None,
    model: str = "gpt-4o",
    **request: Any,
) -> str:
    """A chat completion as the recorder writes it; streamed where `chunks` are given."""
    body = {"model": model, "messages": messages or [message("Is the lamp lit?")], "stream": chunks is not None}
    response: Any
    if chunks is None:
        response = {
            "__type__": "openai.types.chat.chat_completion.ChatCompletion",
            "__data__": {
                "id": "rec-1",
                "choices": [{"finish_reason": "stop", "index": 0, "message": message(reply, "assistant")}],
                "model": model,
                "object": "chat.completion",
            },
        }
    else:
        response = [_chunk(text, model) for text in chunks] + [_chunk(None, model, "stop")]
    return json.dumps(
        {
            "test_id": test_id,
            "request": {
                "method": "POST",
                "url": "https://api.openai.com/v1/chat/completions",
                "headers": {},
                "body": body,
                "endpoint": "/v1/chat/completions",
                "model": model,
                **request,
            },
            "response": {"body": response, "is_streaming": chunks is not None},
            "id_normalization_mapping": {},
        }
    )


def _chunk(text: str | None, model: str, finish: str | None = None) -> dict[str, Any]:
    return {
        "__type__": "openai.types.chat.chat_completion_chunk.ChatCompletionChunk",
        "__data__": {
            "id": "rec-1",
            "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}],
            "model": model,
            "object": "chat.completion.chunk",
        },
    }


_IDLE: list[Flask] = []
"""Applications that nobody uses any more: to make another takes longer than most of its pages."""


def _again(keeper: Keeper) -> Flask:
    """An idle application, as if it were new."""
    app = _IDLE.pop()
    its = app.extensions
    for name in [name for name in its if name.startswith("kept ")]:
        del its[name]
    its.update({name: type(its[name])() for name in ("outcomes", "marks around", "pastes")})
    its.update({"keeper": lambda: keeper, "against": None})
    return app


class Shelf:
    """A directory of recordings with the pages that show it, brought up to date by hand."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self.path = path
        self.keeper = Keeper(roots_of(path), None)
        self._is_plain = settings is None
        is_again = self._is_plain and _IDLE
        self.app: Flask = _again(self.keeper) if is_again else create_app(self.keeper, settings=settings)
        self.client = self.app.test_client()
        self.refresh()

    def close(self) -> None:
        """Of one with the settings that everybody has, its application serves the next one."""
        self.keeper.library.index.close()
        if self._is_plain:
            _IDLE.append(self.app)

    def refresh(self) -> None:
        self.keeper.library.refresh()

    def put(self, name: str, text: str) -> str:
        """Write a recording, read it, and give the id of its first exchange."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.refresh()
        return self.uid(name)

    def remove(self, name: str) -> None:
        os.remove(self.path / name)
        self.refresh()

    def uid(self, name: str) -> str:
        """The id of the first exchange of a file, by the end of its path."""
        return next(row.uid for row in self.rows if row.path.endswith(name))

    @property
    def rows(self) -> list[Any]:
        return self.keeper.library.index.rows(order="file.path, exchange.entry")

    def data(self, address: str) -> bytes:
        with self.client.get(address) as answer:
            assert answer.status_code == 200, f"{address}: {answer.status}"
            return answer.data

    def page(self, address: str, **options: Any) -> Page:
        answer = self.client.get(address, **options)
        assert answer.status_code == 200, f"{address}: {answer.status}"
        return parse(answer.text)
