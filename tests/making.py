"""Small recordings made on the spot, and ways to look at what became of them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings

from inspector.files.roots import roots_of
from inspector.index import Index, Row
from inspector.library.library import Library

SAMPLES = Path(__file__).parent / "recordings"


def chat(said: str = "Hello", answer: str = "Hi", test: str | None = "tests/a.py::test_one", **more: Any) -> bytes:
    """A whole chat completion of one question, or after the messages in `before`."""
    messages = [*more.get("before", []), {"role": "user", "content": said}]
    body = {"model": more.get("model", "gpt-4o"), "messages": messages, "stream": False}
    reply = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": answer}}
    document = {
        "test_id": test,
        "request": {
            "method": "POST",
            "url": "https://api.openai.com/v1/v1/chat/completions",
            "headers": {},
            "body": body,
        },
        "response": {
            "body": {
                "__type__": "openai.types.chat.chat_completion.ChatCompletion",
                "__data__": {"id": "rec-1", "object": "chat.completion", "model": "gpt-4o", "choices": [reply]},
            },
            "is_streaming": False,
        },
    }
    return json.dumps(document, indent=1).encode()


def put(path: Path, data: bytes, age: float = 60) -> Path:
    """Write a file that nobody has touched for a while."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    then = time.time() - age
    os.utime(path, (then, then))
    return path


def library(path: Path, file: Path | None = None) -> Library:
    return Library(roots_of(path), Index(file))


def contents(index: Index) -> dict[str, list[Any]]:
    """Everything that the index says, without the numbers that depend on the order in which it was told."""
    return {
        "files": sorted(index.files().values()),
        "exchanges": sorted(_lasting(row) for row in index.rows()),
        "said": sorted(
            index.all(
                "SELECT uid, mention.position, key, variant FROM mention "
                "JOIN exchange ON exchange.id = mention.exchange JOIN message ON message.id = mention.message"
            )
        ),
        "messages": sorted(
            index.all("SELECT key, text, place, variant FROM message_text JOIN message ON message.id = message")
        ),
    }


def _lasting(row: Row) -> tuple[Any, ...]:
    """A row without what depends on when it was read: lines that stand keep their time when their file grows."""
    kept = row._replace(id=0, file=0, mtime=0 if row.position is not None else row.mtime)
    return tuple("" if value is None else value for value in kept)


def examples(count: int, *allowed: HealthCheck) -> settings:
    """Settings for a test that is worth so many examples: all of them in the profile ``long``, else a sixth."""
    is_long = settings.default is not None and settings.default.max_examples > 100
    checks = [HealthCheck.too_slow, *allowed]
    return settings(max_examples=count if is_long else max(5, count // 6), deadline=None, suppress_health_check=checks)


def wait_until(true: Callable[[], object], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.01)
