"""What a secret goes by: names of headers, parameters and keys, and the shapes that credentials have in any text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

MASK = "‹masked›"
NUMBERED = re.compile(r"‹masked (\d+)›")

Found = Callable[[str], str]
"""What becomes of a secret: takes the value, gives what stands in its place."""

_NAME_WORDS = frozenset(
    {"auth", "authorization", "apikey", "assertion", "cookie", "credential", "credentials", "key", "password"}
    | {"secret", "sig", "signature", "token"}
)
_NAMED_OUTRIGHT = frozenset({"openai-organization", "openai-project", "anthropic-organization-id"})
_HARMLESS = frozenset({"idempotency-key", "x-idempotency-key", "sec-websocket-key"})
_KEYS = (
    "authorization(?:[-_]?token)?|proxy-authorization|api[-_]?key|x-api-key|x-goog-api-key|[a-z0-9_-]+[-_]api[-_]?key"
    "|cookie|set-cookie|access[-_]?token|refresh[-_]?token|id[-_]token|auth[-_]?token|bearer[-_]?token"
    "|session[-_]?token|security[-_]?token|x-amz-security-token|client[-_]?secret|(?:client[-_]?)?assertion"
    "|secret|secret[-_]?(?:access[-_]?)?key|aws[-_]secret[-_]access[-_]key|private[-_]?key|password|passwd"
)
_KEY = re.compile(_KEYS, re.IGNORECASE)
_SPLIT = re.compile(r"[-_.\s]+|(?<=[a-z])(?=[A-Z])")

_QUOTE = r"""\\*+["']"""
# "password": "…" inside a text, also where that text is itself quoted inside JSON (\"password\": \"…\").
# The look behind lets a run of backslashes be tried once, and not from each of them.
_IN_TEXT = re.compile(
    rf"""((?<!\\){_QUOTE}(?:{_KEYS}){_QUOTE}\s*[:=]\s*(?:\{{\s*{_QUOTE}value{_QUOTE}\s*:\s*)?{_QUOTE})([^"'\\]+)""",
    re.IGNORECASE,
)
# <SecretAccessKey>…</SecretAccessKey>, as AWS answers.
_IN_XML = re.compile(rf"(<(?:{_KEYS})>)([^<]+)", re.IGNORECASE)
# Authorization: Bearer …, anywhere, however short.
_AUTHORIZED = re.compile(
    r"""(\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?:bearer|basic|token|digest|apikey)\s+)([^\s"'\\,;]+)""",
    re.IGNORECASE,
)
# A line that is a header, or an entry of a configuration file: X-Auth-Token: …
_LINE = re.compile(
    r"^([ \t>*+-]*([A-Za-z][\w.-]*)[ \t]*:[ \t]*(?:[&!]\S+[ \t]+)?(?:(?:bearer|basic|token|digest|apikey)[ \t]+)?)"
    r"(\S+|[^\s=;]+=.*?)[ \t]*(?=(?:#.*)?$)",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_WORDS = _NAME_WORDS - {"auth", "key", "sig", "assertion"}
# The same in YAML that could not be read, where the value is the item below.
_BELOW = re.compile(
    r"^([ \t-]*([A-Za-z][\w.-]*):[ \t]*\r?\n[ \t]*-[ \t]+(?:(?:bearer|basic|token)[ \t]+)?)([^\s#].*)$",
    re.IGNORECASE | re.MULTILINE,
)
# x-api-key: … anywhere, as in a command for curl.
_API_KEY = re.compile(
    r"""(\b(?:x-|x-goog-)?api-key\\?["']?\s*[:=]\s*\\?["']?)([^\s"'\\,;$<{‹][^\s"'\\,;]{5,})""", re.IGNORECASE
)
# The line below [BasicAuth] in a Hurl file: user: password
_BASIC_AUTH = re.compile(
    r"^([ \t]*\[BasicAuth\][^\n]*\n(?:[ \t]*(?:#[^\n]*)?\n)*[^\n:]*:[ \t]*)(\S[^\n#]*)", re.MULTILINE
)
_IN_QUERY = re.compile(r"""((?:^|[?&])([\w.-]+)=)([^&\s"'<>\\)`]+)""")
# The parts of a form that asks for a token: the code and its verifier are as good as the token.
_IN_GRANT = re.compile(r"""((?:^|[?&])(?:code|code_verifier|device_code|subject_token|username)=)([^&\s"'<>\\)`]+)""")
# export OPENAI_API_KEY="…", as shells and .env files have it; a value without a digit is a name or a placeholder.
_IN_SHELL = re.compile(
    r"""\b([A-Z][A-Z0-9_]{0,60}_(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD)[ \t]?=[ \t]?\\?["']?)"""
    r"""(?=[^\s"'\\]*[0-9])([^\s"'\\$<>{}()\[\]]{8,})"""
)
_IN_ADDRESS = re.compile(r"""(://[^\s/:@"'<>]*:)([^\s/@"'<>]+)(?=@)""")
_BEARER = re.compile(r"\b((?:Bearer|Basic)\s+)((?=\S*\d)[A-Za-z0-9._~+/=-]{6,}|[A-Za-z0-9._~+/=-]{16,})")
_AWS = re.compile(r"\b((?:Credential|Signature)=)([A-Za-z0-9/_+-]{16,})")
# Keys that their first letters give away, wherever they stand.
_SHAPES = {
    "sk-": r"[A-Za-z0-9_-]{20,}",
    "AIza": r"[A-Za-z0-9_-]{35}",
    "AKIA": r"[A-Z0-9]{16}",
    "ASIA": r"[A-Z0-9]{16}",
    "ghp_": r"[A-Za-z0-9]{36,}",
    "gho_": r"[A-Za-z0-9]{36,}",
    "ghu_": r"[A-Za-z0-9]{36,}",
    "ghs_": r"[A-Za-z0-9]{36,}",
    "ghr_": r"[A-Za-z0-9]{36,}",
    "github_pat_": r"[A-Za-z0-9_]{40,}",
    "xox": r"[abprs]-[A-Za-z0-9-]{20,}",
    "gsk_": r"[A-Za-z0-9]{40,}",
    "xai-": r"[A-Za-z0-9]{40,}",
    "hf_": r"[A-Za-z0-9]{30,}",
    "ya29.": r"[A-Za-z0-9_-]{20,}",
    "pplx-": r"[A-Za-z0-9]{40,}",
    "nvapi-": r"[A-Za-z0-9_-]{40,}",
    "eyJ": r"[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "-----BEGIN ": r"(?:[A-Z]+ )?PRIVATE KEY-----(?s:.*?)(?:-----END (?:[A-Z]+ )?PRIVATE KEY-----|\Z)",
}
_IN_WORD = "[A-Za-z0-9_-]"
# The look behind comes second: an expression that begins with plain letters is searched for ten times faster.
_SHAPED = {
    first: re.compile(rf"{re.escape(first)}(?<!{_IN_WORD}{re.escape(first)}){rest}(?!{_IN_WORD})")
    for first, rest in _SHAPES.items()
}
_TEMPLATE = re.compile(r"(?:Bearer |Basic )?\{\{[^{}]*\}\}")
_TELLING = (
    "auth", "api-key", "apikey", "cookie", "token", "secret", "private", "passw", "credential",
    "signature", "bearer ", "basic ", "[basicauth]", "key=", "sig=", '"sig"', "assertion", "grant_type",
    "_key", "openai-organization", "openai-project", "organization-id",
)  # fmt: skip


def is_secret(name: str) -> bool:
    """Whether a header, cookie or query parameter of this name holds a credential, in whatever spelling."""
    plain = name.lower()
    if plain in _HARMLESS:
        return False
    words = {plain, *(word.lower() for word in _SPLIT.split(name))}
    return plain in _NAMED_OUTRIGHT or not _NAME_WORDS.isdisjoint(words)


_SHORT = 60
"""Characters of a key that is worth remembering."""


def is_secret_key(key: str) -> bool:
    """Whether what stands under a key of any JSON object is a credential: narrower, for objects have many keys."""
    return _is_short_secret_key(key) if len(key) <= _SHORT else _KEY.fullmatch(key) is not None


@lru_cache(4096)
def _is_short_secret_key(key: str) -> bool:
    """The same keys come again in every chunk of a stream."""
    return _KEY.fullmatch(key) is not None


def masked(content: str, found: Found) -> str:
    """A template such as ``{{api_key}}`` names a secret and is none; what is masked already stays as it is."""
    if not content or content.startswith(MASK[:-1]) or _TEMPLATE.fullmatch(content):
        return content
    return found(content)


def is_telling(recorded: str) -> bool:
    """Whether a text holds a word that a secret goes by, or an address that may hold a user's name."""
    lowered = recorded.lower()
    if any(map(lowered.__contains__, _TELLING)) or ("://" in recorded and "@" in recorded):
        return True
    if not any(map(recorded.__contains__, _SHAPED)):
        return False
    return any(rule.search(recorded) is not None for first, rule in _SHAPED.items() if first in recorded)


def text(recorded: str, found: Found = lambda _: MASK) -> str:
    """A text with what looks like a credential masked: in headers, quoted JSON, addresses, after ``Bearer``, and keys
    that are known by their first letters."""
    if not is_telling(recorded):  # a hundred times faster than the expressions
        return recorded
    lowered = recorded.lower()

    def whole(hit: re.Match[str]) -> str:
        return masked(hit.group(), found)

    def last(hit: re.Match[str]) -> str:
        return hit.group(1) + masked(hit.group(2), found)

    def named(hit: re.Match[str]) -> str:
        secret = is_secret(hit.group(2)) if hit.re is _IN_QUERY else _is_secret_line(hit.group(2))
        return hit.group(1) + masked(hit.group(3), found) if secret else hit.group()

    result = recorded
    for words, rule, become in (
        (("authorization",), _AUTHORIZED, last),
        (("[basicauth]",), _BASIC_AUTH, last),
        (("api-key",), _API_KEY, last),
        ((*_LINE_WORDS, "api_key", "api-key"), _LINE, named),
        ((*_LINE_WORDS, "api_key", "api-key"), _BELOW, named),
        (('"', "'"), _IN_TEXT, last),
        (("</",), _IN_XML, last),
        (("=",), _IN_QUERY, named),
        (("grant_type=",), _IN_GRANT, last),
        (("_key", "_token", "_secret", "_passw"), _IN_SHELL, last),
        (("@",), _IN_ADDRESS, last),
        (("bearer ", "basic "), _BEARER, last),
        (("credential=", "signature="), _AWS, last),
    ):
        if any(word in lowered for word in words):
            result = rule.sub(become, result)
    for first, rule in _SHAPED.items():
        if first in result:
            result = rule.sub(whole, result)
    return result


def _is_secret_line(name: str) -> bool:
    return is_secret_key(name) or not _LINE_WORDS.isdisjoint(_SPLIT.split(name.lower()))
