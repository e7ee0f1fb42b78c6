"""The recorder of llama-stack (now OGX): a file is named by a hash of the request that it holds, and looked up by it.

What goes into the hash changed several times, and nothing renames what was recorded before. The rules are those of
`testing/api_recorder.py` in https://github.com/ogx-ai/ogx, where each change is in the history of that file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from inspector.model import Json
from inspector.model.expressions import expression
from inspector.recorders.recorder import NoKey

NAME = "llama-stack"
FORMATS = ("llama-stack",)
RULES = "https://github.com/ogx-ai/ogx, `src/ogx/testing/api_recorder.py`"
MATCHED_BY = ("key",)
REPEATS = True
HOW = (
    "a hash of method, path, body and test names the file; it is looked for in `recordings/` beside the test, "
    "then in `common/recordings/`"
)

_NAME = expression(r"(?:models-)?([0-9a-f]{64}|[0-9a-f]{12})(?:-[0-9a-f]{8})?")
"""How the recorder calls its files, without their ending."""

_FIRST_FOLDER = "responses"
"""The folder of recordings until October 2025."""

_SHORT = 12
"""Digits of the hash that were the name until October 2025."""


class Rules(NamedTuple):
    """What goes into a key. `name` says since when, and `before` what explains a recording that is older."""

    name: str
    before: str
    digits: int = 64
    test: bool = True
    """Whether the test's id is hashed too."""
    rounding: bool = True
    """Whether floats, and long decimals within texts, are rounded to five places."""
    bedrock: bool = True
    """Whether `stream_options` of requests to Bedrock are left out."""
    project: bool = True
    """Whether `project_id` of `extra_body` and `extra_query` is left out."""
    placeholders: bool = True
    """Whether what a file search finds loses its scores, attributes and ids."""
    every_list: bool = False
    """Whether no list of models is kept apart by test, not only those at three addresses."""


_FIRST = Rules("until October 2025", "", _SHORT, False, False, False, False, False)
_TESTS = _FIRST._replace(name="since October 2025", digits=64, test=True, before="before test ids went into the key")
_ROUNDED = _TESTS._replace(name="since 9 October 2025", rounding=True, before="before numbers were rounded")
_BEDROCK = _ROUNDED._replace(
    name="since January 2026", bedrock=True, before="before stream options of Bedrock were left out"
)
_PROJECT = _BEDROCK._replace(name="since March 2026", project=True, before="before project ids were left out")
CURRENT = _PROJECT._replace(name="since April 2026", placeholders=True, before="before placeholders of file search")
_LISTS = CURRENT._replace(name="since May 2026", every_list=True, before="before lists of models were shared by tests")

VERSIONS = (_LISTS, CURRENT, _PROJECT, _BEDROCK, _ROUNDED, _TESTS, _FIRST)
"""All rules, the newest first."""

_RENAMED = (("ogx", "llama_stack"), ("X-OGX-Provider-Data", "X-LlamaStack-Provider-Data"), ("OGX", "Llama Stack"))
"""Names that were put into recordings in the place of others when the project was renamed, in April 2026."""

_SHARED = ("/api/tags", "/v1/models", "/v1/openai/v1/models")


# ---------------------------------------------------------------- names


def named_by(path: str) -> str:
    """The key that a file is named by; empty where its name is none of the recorder's."""
    found = _NAME.fullmatch(path.rpartition("/")[2].removesuffix(".json"))
    return found[1] if found else ""


def is_unreachable(path: str, document: Json) -> bool:
    """Whether the name of a recording is not the key of what it holds, so that nothing looks it up. Of a file with
    another name than the recorder gives nobody knows."""
    name = named_by(path)
    if not name:
        return False
    if isinstance(document, dict) and "test_id" not in document:
        document = {**document, "test_id": None}  # what was recorded outside of a test has none in its key
    if len(name) == _SHORT and path.split("/")[-2:-1] == [_FIRST_FOLDER]:
        return key(document, _FIRST) != name
    return key(document) != name and (not is_list(document) or key(document, _LISTS) != name)


def explained(path: str, document: Json) -> str:
    """Why the name of an unreachable recording is not its key."""
    name = named_by(path)
    for newer, rules in pairwise(VERSIONS):
        if key(document, rules) == name:
            return f"it was recorded {newer.before}"
    for now, once in _RENAMED:
        if name in _keys(_with_old_names(document, now, once)):
            return f"it was edited after it was recorded: `{once}` became `{now}`"
    computed = key(document)
    if isinstance(computed, NoKey):
        return computed.why
    return "it was edited after it was recorded, or the rules of its recorder are not known"


def is_list(document: Json) -> bool:
    """Whether models were asked for."""
    request = document.get("request") if isinstance(document, dict) else None
    return isinstance(request, dict) and path_of(request).endswith("/models")


def _with_old_names(document: dict[str, Any], now: str, once: str) -> dict[str, Any]:
    """A recording with a name in it, and in its test's id, as it was before."""
    replaced = json.dumps(document["request"]).replace(now, once)
    test = document.get("test_id")
    return {**document, "test_id": test.replace(now, once) if test else test, "request": json.loads(replaced)}


def _keys(document: dict[str, Any]) -> Iterator[str | NoKey]:
    return (key(document, rules) for rules in VERSIONS)


# ---------------------------------------------------------------- keys


def key(document: Json, rules: Rules = CURRENT, dumped: str = "") -> str | NoKey:
    """The key that a recording's request would be looked up by, or why nobody can say it. `dumped` is its body as it is
    hashed, where that is known."""
    request = document.get("request") if isinstance(document, dict) else None
    if not isinstance(request, dict):
        return NoKey("the recording has no request")
    test = document.get("test_id")
    if "tool_name" in request:
        return _hashed(
            f'{{"kwargs": {_dumped(request.get("kwargs"))}, {_pairs(request, "provider", "tool_name")}}}', rules
        )
    if "api" in request and "body" not in request:
        return NoKey("the recorder keeps no files that were processed any more")
    if rules.test and "test_id" not in document and not _is_shared(path_of(request), rules):
        return NoKey("it does not say its test, which is part of the key")
    if "payload" in request:
        return _hashed(_of_http(request, test, rules), rules)
    if "body" not in request or not isinstance(request.get("url"), str):
        return NoKey("the recording has no body, or no address")
    after = tail(_method(request), path_of(request), test, rules)
    return _hashed(LEAD + (dumped or of_body(request, rules)) + after, rules)


def every_key(document: Json) -> Iterator[tuple[str, Rules]]:
    """The different keys that a recording's request has under the versions of the rules, the newest first."""
    request = document.get("request") if isinstance(document, dict) else None
    body = request.get("body") if isinstance(request, dict) else None
    if not isinstance(request, dict):
        return
    dumped = "" if body is None or "bedrock" in _netloc(request) else _dumped(body)
    if _may_change(dumped):
        dumped = ""
    seen: set[str] = set()
    for rules in (VERSIONS[0], VERSIONS[1], VERSIONS[-1]) if dumped else VERSIONS:
        found = key(document, rules, dumped)
        if isinstance(found, str) and found not in seen:
            seen.add(found)
            yield found, rules


LEAD = '{"body": '
"""What is hashed before a body."""


def of_body(request: dict[str, Any], rules: Rules) -> str:
    """What is hashed of a body: JSON with sorted keys."""
    is_bedrock = rules.bedrock and "bedrock" in _netloc(request)
    return normalized(request["body"], rules, is_bedrock)


def tail(method: str, path: str, test: Json, rules: Rules) -> str:
    """What is hashed after the body."""
    whose = "" if not rules.test or _is_shared(path, rules) else f', "test_id": {json.dumps(test)}'
    return f', "endpoint": {json.dumps(path)}, "method": {json.dumps(method.upper())}{whose}}}'


def _method(request: dict[str, Any]) -> str:
    return str(request.get("method") or "POST")


def _of_http(request: dict[str, Any], test: Json, rules: Rules) -> str:
    """Of a request that went around the SDKs, its whole address is hashed."""
    whole = {
        "method": _method(request).upper(),
        "payload": json.loads(normalized(request["payload"], rules, False)),
        "test_id": test,
        "url": request.get("url"),
    }
    return _dumped(whole)


def _pairs(request: dict[str, Any], *names: str) -> str:
    return ", ".join(f"{json.dumps(name)}: {_dumped(request.get(name))}" for name in names)


def _hashed(text: str, rules: Rules) -> str:
    return sha256(text.encode()).hexdigest()[: rules.digits]


def _is_shared(path: str, rules: Rules) -> bool:
    """Whether a list of models has one key for all tests."""
    return path in _SHARED or (rules.every_list and path.endswith("/models"))


def path_of(request: dict[str, Any]) -> str:
    return _split(request)[1]


def _netloc(request: dict[str, Any]) -> str:
    return _split(request)[0]


def _split(request: dict[str, Any]) -> tuple[str, str]:
    try:
        parts = urlsplit(str(request.get("url") or ""))
    except ValueError:
        return "", ""
    return parts.netloc, parts.path


# ---------------------------------------------------------------- normalised bodies

_LONG_DECIMAL = expression(r"-\d+\.\d{4,}|(?<!\d)\d+\.\d{4,}")
"""The recorder's `-?\\d+\\.\\d{4,}`; what is tried within a run of digits would fail as its beginning did."""
_SCORE = expression(r"score:\s*[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?")
_ATTRIBUTES = expression(r"attributes:\s*\{")
_UUID = r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}"
_DOCUMENT = expression(rf"document_id:\s*{_UUID}")
_CITATION = expression(rf"<\|{_UUID}\|>")

_OF_FINDINGS = ("score:", "attributes:", "document_id:", "<|")
_TELLING = (*_OF_FINDINGS, '"project_id"')
_DECIMAL = expression(r"\.\d{4}")
_EXPONENT = expression(r"e-\d\d")


def _may_change(dumped: str) -> bool:
    """Whether a body may not stay as it is. Most bodies stay, and are not walked through."""
    numbers = _DECIMAL.search(dumped) or ("e-" in dumped and _EXPONENT.search(dumped))
    return bool(numbers) or any(map(dumped.__contains__, _TELLING))


def normalized(body: Json, rules: Rules, is_bedrock: bool = False) -> str:
    """A body as it is hashed: JSON with sorted keys."""
    dumped = _dumped(body)
    if not (is_bedrock and '"stream_options"' in dumped) and not _may_change(dumped):
        return dumped
    return _dumped(_normalized(body, rules, is_bedrock, True))


_dumped = json.JSONEncoder(sort_keys=True, check_circular=False).encode


def _normalized(value: Json, rules: Rules, is_bedrock: bool, is_root: bool) -> Json:
    if isinstance(value, str):
        return _text(value, rules)
    if isinstance(value, dict):
        kept = {name: _normalized(inner, rules, False, False) for name, inner in value.items()}
        if is_bedrock:
            kept.pop("stream_options", None)
        for name in ("extra_body", "extra_query") if is_root and rules.project else ():
            if isinstance(kept.get(name), dict):
                kept[name].pop("project_id", None)
        return kept
    if isinstance(value, list):  # what stands in a list counts as a root
        return [_normalized(inner, rules, False, True) for inner in value]
    return round(value, 5) if isinstance(value, float) and rules.rounding else value


def _text(text: str, rules: Rules) -> str:
    if rules.placeholders and any(map(text.__contains__, _OF_FINDINGS)):
        text = _without_findings(text)
    if not rules.rounding or not _DECIMAL.search(text):
        return text
    return _LONG_DECIMAL.sub(lambda number: f"{float(number[0]):.5f}", text)


def _without_attributes(text: str) -> str:
    r"""What the recorder does with ``,?\s*attributes:\s*\{[^}]*\}``, which may take the square of a text's length, in
    one walk."""
    kept: list[str] = []
    done = 0
    for hit in _ATTRIBUTES.finditer(text):
        if hit.start() < done:
            continue
        end = text.find("}", hit.end())
        if end < 0:
            break
        before = text[done : hit.start()].rstrip()
        kept.append(before.removesuffix(","))
        done = end + 1
    return "".join([*kept, text[done:]])


def _without_findings(text: str) -> str:
    text = _SCORE.sub("score: __NORMALIZED__", text)
    text = _without_attributes(text)
    text = _DOCUMENT.sub("document_id: __NORMALIZED__", text)
    return _CITATION.sub("<|__NORMALIZED__|>", text)
