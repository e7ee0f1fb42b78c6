"""What the names of secrets look like: of headers, cookies and parameters, of keys in JSON, of variables in code."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from inspector.model.expressions import expression

Strength = Literal["", "weak", "strong"]
"""What a key says of its value: nothing; a secret, if it looks like one; a secret, whatever it looks like."""

_HEADER_WORDS = frozenset(
    {"auth", "authorization", "apikey", "assertion", "cookie", "credential", "credentials", "jwt", "key"}
    | {"passphrase", "passwd", "password", "pwd", "secret", "sig", "signature", "token"}
)
_SHORT_WORDS = frozenset({"key", "sig"})
"""Words of many other names too, which tell where a piece between hyphens ends with them: `Key-Foo`, not `keyFoo`."""

_NAMED_OUTRIGHT = frozenset({"openai-organization", "openai-project", "anthropic-organization-id"})
_HARMLESS = frozenset({"idempotency-key", "x-idempotency-key", "sec-websocket-key", "prompt-cache-key"})
_MEASURES = frozenset(
    {"budget", "count", "counts", "expires", "expiry", "length", "limit", "remaining", "reset", "size", "ttl", "type"}
    | {"usage", "version"}
)
"""Last words of names that say something about a secret, or about tokens, and hold none."""

_STRONG = frozenset((
    "authorization", "authorizationtoken", "apikey", "cookie", "setcookie", "accesstoken", "refreshtoken", "authtoken",
    "apitoken", "bearertoken", "sessiontoken", "securitytoken", "clientsecret", "secret", "secretkey",
    "secretaccesskey", "privatekey", "password", "passwd", "passphrase", "pwd", "accountkey", "sharedaccesskey",
    "encryptionkey", "signingkey", "masterkey", "subscriptionkey", "webhookkey",
))  # fmt: skip
"""Ends of keys, in lower case and without separators."""

_OUTRIGHT = frozenset({"idtoken", "xgoogapikey"})
_WEAK = frozenset(
    {"accesskey", "assertion", "auth", "credential", "credentials", "jwt", "pass", "passcode", "pat", "token"}
)
_OF_NO_SECRET = frozenset(
    {"bos", "cls", "continuation", "cursor", "delta", "eos", "eot", "mask", "next", "pad", "page", "pagination", "prev"}
    | {"previous", "progress", "sep", "special", "stop", "sync", "unk", "resume", "last", "first", "prompt"}
)
"""Words before ``token`` that make it a place in a list, or a word of a tokenizer."""

_PIECES = expression("[-_]")
_SPLIT = expression(r"[-_.\s]+|(?<=[a-z0-9])(?=[A-Z])")
_SHORT = 64
"""Characters of a name that is worth remembering."""

_LONGEST = 500
"""Characters of a name; what is longer is a text."""


def is_secret(name: str) -> bool:
    """Whether a header, cookie or query parameter of this name holds a credential, in whatever spelling."""
    return _is_secret(name) if len(name) <= _SHORT else _is_secret.__wrapped__(name[-_LONGEST:])


@lru_cache(4096)
def _is_secret(name: str) -> bool:
    plain = name.lower()
    words = _SPLIT.split(name)
    last = words[-1].lower()
    if plain.replace("_", "-") in _HARMLESS or last in _MEASURES:
        return False
    if last == "token" and len(words) > 1 and words[-2].lower() in _OF_NO_SECRET:
        return False
    if plain in _NAMED_OUTRIGHT or _strength(name) == "strong":
        return True
    told = {plain, *(word.lower() for word in words)} & _HEADER_WORDS
    return bool(told - _SHORT_WORDS) or (bool(told) and any(map(_ends_short, _PIECES.split(name))))


def _ends_short(piece: str) -> bool:
    return _SPLIT.split(piece)[-1].lower() in _SHORT_WORDS


def strength(key: str) -> Strength:
    """What a key of any JSON object, or a name in a text, says of its value: narrower, for objects have many keys."""
    if len(key) <= _SHORT:
        return _strength(key)
    return _strength.__wrapped__(key) if len(key) <= _LONGEST else ""


@lru_cache(4096)
def _strength(key: str) -> Strength:
    """The same keys come again in every chunk of a stream."""
    words = [word.lower() for word in _SPLIT.split(key) if word]
    if not words or words[-1] in _MEASURES:
        return ""
    joined = "".join(words)
    if joined in _OUTRIGHT or _is_strong(words):
        return "strong"
    if words[-1] not in _WEAK and joined not in _WEAK:
        return ""
    return "" if len(words) > 1 and words[-2] in _OF_NO_SECRET else "weak"


def _is_strong(words: list[str]) -> bool:
    """Whether the last words of a name are those of a strong one: ``db_password``, ``AWS_SECRET_ACCESS_KEY``."""
    return any("".join(words[at:]) in _STRONG for at in range(max(len(words) - 4, 0), len(words)))
