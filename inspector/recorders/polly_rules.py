"""Polly.js: entries of an archive in HAR carry an id, a hash of what they are matched by.

The rules are those of `packages/@pollyjs/core/src/-private/request.js` (`_identify`), `utils/normalize-request.js`,
`defaults/config.js`, and `packages/@pollyjs/persister/src/index.js` (`findEntry`).
"""

from __future__ import annotations

import json
from hashlib import md5
from typing import Any

from inspector.model import Exchange, Json

NAME = "Polly.js"
FORMATS = ()
"""Its files are HAR."""
RULES = "https://netflix.github.io/pollyjs/#/configuration"
MATCHED_BY = ("method", "uri", "headers", "body")
"""`matchRequestsBy` of a project switches each of them, and the parts of the address."""
REPEATS = False
"""The order counts too: the second of the same requests has the second answer."""
HOW = "the entry whose `_id` and `_order` are those of the request; the id hashes headers that an archive may lack"


def is_entry(raw: Json) -> bool:
    """Whether an entry of an archive is one of Polly's."""
    return isinstance(raw, dict) and isinstance(raw.get("_id"), str) and isinstance(raw.get("_order"), int)


def matched_by(one: Exchange) -> tuple[str, ...]:
    """What an entry's id is a hash of; empty where a project made it otherwise, or the archive lacks some of it."""
    for names in (MATCHED_BY, ("method", "uri", "body"), ("method", "uri")):
        if is_entry(one.raw) and _id(one.raw.get("request"), names) == one.raw["_id"]:
            return names
    return ()


def _id(request: Json, names: tuple[str, ...]) -> str:
    """The hash of some parts of a recorded request, with the query of its address as it stands there: sorted."""
    if not isinstance(request, dict):
        return ""
    identifiers: dict[str, Any] = {"method": str(request.get("method")).upper(), "url": request.get("url")}
    posted = request.get("postData")
    if "body" in names and isinstance(posted, dict) and posted.get("text"):
        identifiers["body"] = posted["text"]
    if "headers" in names and isinstance(request.get("headers"), list):
        pairs = [pair for pair in request["headers"] if isinstance(pair, dict)]
        identifiers["headers"] = {str(pair.get("name")).lower(): pair.get("value") for pair in pairs}
    text = json.dumps(identifiers, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return md5(text.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
