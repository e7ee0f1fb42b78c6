"""A response that was recorded twice, in a session of an agent and in the HTTP traffic below it, is told to be one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.export.sites import site
from tests.web.pages import Shelf

REPLY = "msg_01FogBellRingsTwice"
CALL = "toolu_01RingTheFogBell"


def message(id: str = REPLY, call: str = CALL) -> dict[str, Any]:
    content = [{"type": "text", "text": "Thick fog."}, {"type": "tool_use", "id": call, "name": "bell", "input": {}}]
    usage = {"input_tokens": 9, "output_tokens": 4}
    return {"id": id, "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "content": content,
            "stop_reason": "tool_use", "usage": usage}  # fmt: skip


def session(said: dict[str, Any], name: str = "night") -> str:
    about = {"sessionId": name, "version": "2.1.0", "isSidechain": False, "cwd": "/rock", "userType": "external"}
    lines = [
        {**about, "type": "user", "uuid": f"{name}-1", "parentUuid": None, "timestamp": "2026-03-01T21:14:00.000Z",
         "message": {"role": "user", "content": "Is there fog?"}},
        {**about, "type": "assistant", "uuid": f"{name}-2", "parentUuid": f"{name}-1", "message": said,
         "timestamp": "2026-03-01T21:14:02.000Z", "requestId": "req_1"},
    ]  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines)


def har(said: dict[str, Any]) -> str:
    kind = "application/json"
    asked = {"model": "claude-sonnet-4-5", "max_tokens": 64, "system": "You keep a lighthouse.",
             "messages": [{"role": "user", "content": "Is there fog?"}]}  # fmt: skip
    entry = {
        "startedDateTime": "2026-03-01T21:14:00.000Z",
        "time": 900,
        "request": {"method": "POST", "url": "https://api.anthropic.com/v1/messages", "headers": [],
                    "postData": {"mimeType": kind, "text": json.dumps(asked)}},
        "response": {"status": 200, "headers": [], "content": {"mimeType": kind, "text": json.dumps(said)}},
    }  # fmt: skip
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}})


@pytest.mark.parametrize(
    ("id", "call", "is_same"),
    [(REPLY, CALL, True), (REPLY, "toolu_01OtherCallOfTheBell", True), ("msg_01AnotherResponse1", CALL, True),
     ("msg_01AnotherResponse1", "toolu_01OtherCallOfTheBell", False), ("msg_1", "call_1", False)],
)  # fmt: skip
def test_each_leads_to_the_other(tmp_path: Path, id: str, call: str, is_same: bool) -> None:
    shelf = Shelf(tmp_path)
    recorded = message() if id != "msg_1" else message("msg_1", "call_1")
    in_session = shelf.put("s.jsonl", session(recorded))
    in_traffic = shelf.put("t.har", har(message(id, call)))
    pages = {uid: shelf.client.get(f"/e/{uid}").get_data(as_text=True) for uid in (in_session, in_traffic)}
    for uid, other, format in ((in_session, in_traffic, "har"), (in_traffic, in_session, "claude-code")):
        said = f'Same response recorded as <span class="badge">{format}</span>: <a href="../e/{other}'
        assert (said in pages[uid]) is is_same
    shelf.close()


def test_a_copy_of_a_session_is_not_another_recording(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("a.jsonl", session(message()))
    uid = shelf.put("b.jsonl", session(message(), "copy"))
    assert "Same response" not in shelf.client.get(f"/e/{uid}").get_data(as_text=True)
    shelf.close()


def test_an_export_says_the_same(tmp_path: Path) -> None:
    source = tmp_path / "r"
    source.mkdir()
    (source / "s.jsonl").write_text(session(message()), encoding="utf-8")
    (source / "t.har").write_text(har(message()), encoding="utf-8")
    site(source, tmp_path / "site")
    pages = [page.read_text(encoding="utf-8") for page in (tmp_path / "site" / "e").rglob("*.html")]
    said = [re.search(r'Same response recorded as .*?<a href="([^"#]+)', page) for page in pages]
    led = {hit[1].split("/")[-1] for hit in said if hit}
    assert len(led) == 2
    assert led <= {page.name for page in (tmp_path / "site" / "e").rglob("*.html")}
