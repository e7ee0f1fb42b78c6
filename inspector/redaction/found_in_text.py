"""Where secrets stand in a text: after the names that they go by, in addresses, and by their shape.

Every rule gives spans of the text; what they cover together is masked, and nothing else is touched. Every expression
takes time that grows with the text and no faster: repetitions are possessive or bounded, and what a rule looks at is
not looked at by it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from inspector.redaction import patterns
from inspector.redaction.secret_names import is_secret, strength
from inspector.redaction.secret_values import is_given, is_opaque, is_single, is_type

Span = tuple[int, int]

_TELLING = (
    "auth", "cookie", "secret", "private", "credential", "assertion", "grant_type", "bearer ", "basic ", "pwd", "jwt",
    "openai-", "organization-id", "curl", 'pat"', "pat=",
)  # fmt: skip
_TELLING_IN = (
    ("key", ("_key", "-key", "key=", 'key"', "key\\", "apikey", "accesskey", "accountkey", "signingkey", "masterkey",
             "encryptionkey", "subscriptionkey", "webhookkey", "key:")),
    ("pass", ("passw", "passphrase", "passcode", 'pass"', "pass=")),
    ("sig", ("signature", "sig=", 'sig"')),
)  # fmt: skip
"""Words of which only some forms tell: seldom does a text need to be looked through for each."""

_ESCAPED_BREAK = re.compile(r"\\+[nrt]")


def is_telling(text: str) -> bool:
    """Whether a text holds a word that a secret goes by, an address that may hold a user's name, or a secret's shape.
    Quick, and true of all that `spans` finds something in."""
    lowered = text.lower()
    if any(map(lowered.__contains__, _TELLING)) or ("://" in text and "@" in text):
        return True
    if any(word in lowered and any(map(lowered.__contains__, forms)) for word, forms in _TELLING_IN):
        return True
    if lowered.count("token") > lowered.count("tokens"):  # which everybody counts
        return True
    return bool(patterns.find(text)) or ("\\" in text and bool(patterns.find(_unescaped(text))))


def spans(text: str) -> list[Span]:
    """Where secrets stand in a text, in order and apart."""
    if not is_telling(text):  # a hundred times faster than the rules
        return []
    found = [*_found(text)]
    if _ESCAPED_BREAK.search(text):  # of JSON in a text: a line begins after it, and its letter belongs to no word
        found += _found(_unescaped(text))
    return _joined(text, found)


def _unescaped(text: str) -> str:
    """The text, no longer and no shorter, with each escape of a break as a break."""
    return _ESCAPED_BREAK.sub(_as_break, text)


def _as_break(hit: re.Match[str]) -> str:
    return " " * (len(hit.group()) - 1) + ("\t" if hit.group()[-1] == "t" else "\n")


def _joined(text: str, found: list[Span]) -> list[Span]:
    """The spans in order and apart, without those of what is masked already."""
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [(start, end) for start, end in joined if is_given(text[start:end])]


def _found(text: str) -> Iterator[Span]:
    lowered = text.lower()
    for words, rule in _RULES:
        if any(word in lowered for word in words):
            yield from rule(text)
    yield from patterns.find(text)


# ---------------------------------------------------------------- names and what is assigned to them

_NAME = r"[A-Za-z_$][\w.-]{1,127}+"
_SCHEME = re.compile(r"(?:bearer|basic|token|digest|apikey)[ \t]++(?=\S)", re.IGNORECASE)
_ASSIGNED = re.compile(rf"(?<![\w.$-])(--?)?({_NAME})(\\*+[\"'])?(\s*+)(:=|=>|[:=]|(?<=[ \t]))(\s*+)")
_OPENED = re.compile(r"""(\\*+)(["'`])""")
_OBJECT = re.compile(r"""\{\s*+\\*+["']value\\*+["']\s*+:\s*+""", re.IGNORECASE)
_BARE = re.compile(r"""[^\s"'`\\,;&<>‹]++""")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PWD|PASSPHRASE)")


class _Value(NamedTuple):
    """A value after a name: where it stands, the quote that it stands in, whether a scheme (``Bearer``) led it."""

    start: int
    end: int
    quote: str
    has_scheme: bool


def _assigned(text: str) -> Iterator[Span]:
    """``"password": "…"``, ``api_key = "…"``, ``export OPENAI_API_KEY=…``, ``x-api-key: …``, ``--token …``."""
    end = 0
    for hit in _ASSIGNED.finditer(text):
        if hit.start() < end or not (hit[5] or hit[1]):
            continue
        weight = strength(hit[2]) or ("weak" if _VARIABLE.fullmatch(hit[2]) else "")
        if weight:
            value = _value(text, hit.end())
            if _is_assigned(hit, weight, value, text[value.start : value.end]):
                end = value.end
                yield value.start, end


def _value(text: str, start: int) -> _Value:
    if inner := _OBJECT.match(text, start):
        start = inner.end()
    opened = _OPENED.match(text, start)
    if opened:
        start = opened.end()
        end = _closing(text, start, len(opened[1]), opened[2])
    scheme = _SCHEME.match(text, start)
    start = scheme.end() if scheme else start
    if not opened:
        bare = _BARE.match(text, start)
        end = start + len(bare.group().rstrip(")]}")) if bare else start
    return _Value(start, max(start, end), opened[2] if opened else "", scheme is not None)


def _is_assigned(name: re.Match[str], weight: str, value: _Value, said: str) -> bool:
    """Whether what is assigned to a name is a secret. Without quotes it may be an expression, or prose."""
    is_key = name[3] is not None
    if not said or (said.startswith(("$", "{", "<", "%")) and not is_key):
        return False
    if weight == "weak":
        return is_opaque(said) and (bool(value.quote) or (name[5] != ":" and is_single(said)))
    if value.quote:
        return is_key or not is_type(said)
    if is_key:
        return said.isdecimal() and len(said) > 3
    if "\n" in name[4] + name[6] or not is_single(said):
        return False
    is_long_header = name[2].lower().endswith("api-key") and len(said) > 5
    return value.has_scheme or (name[5] == ":" and is_long_header) or (len(said) > 3 and any(map(str.isdigit, said)))


def _closing(text: str, start: int, escapes: int, quote: str) -> int:
    """Where a quoted value ends: at its own kind of quote, escaped as often as the one that began it. One that has no
    end goes on to the end of the line."""
    at = text.find(quote, start)
    while at >= 0:
        first = at
        while first > start and text[first - 1] == "\\":
            first -= 1
        more = at - first - escapes
        if more <= 0 or more % (2 * escapes + 2) == 0:  # what is escaped once more has twice as many, and one
            return first if more <= 0 else at - escapes
        at = text.find(quote, at + 1)
    line = text.find("\n", start)
    return line if line >= 0 else len(text)


_LINE = re.compile(r"^[ \t>*+-]*+([A-Za-z][\w.-]*+)[ \t]*+:[ \t]*+(?:[&!]\S++[ \t]++)?([^\n]*+)", re.MULTILINE)
_LINE_WORDS = frozenset(
    {"authorization", "apikey", "cookie", "credential", "credentials", "password", "secret", "signature", "token"}
)
_COMMENT = re.compile(r"\s#")
_PAIRS = re.compile(r"[^\s=;]+=")


def _lines(text: str) -> Iterator[Span]:
    """A line that is a header, or an entry of a configuration file: ``X-Auth-Token: …``."""
    for hit in _LINE.finditer(text):
        if not _is_line_name(hit[1]):
            continue
        start, end = hit.span(2)
        comment = _COMMENT.search(text, start, end)
        end = comment.start() if comment else end
        scheme = _SCHEME.match(text, start, end)
        start = scheme.end() if scheme else start
        value = text[start:end].rstrip()
        if len(value) > 2 and value[0] == value[-1] and value[0] in "\"'":
            start, value = start + 1, value[1:-1]
        if value[:1] not in ("", "#", '"', "'") and not is_type(value) and (_PAIRS.match(value) or is_single(value)):
            yield start, start + len(value)


def _is_line_name(name: str) -> bool:
    if strength(name) == "strong":
        return True
    words = name.lower().replace("_", "-").split("-")
    return is_secret(name) and not _LINE_WORDS.isdisjoint(words)


# The same in YAML that could not be read, where the value is the item below.
_BELOW = re.compile(r"^[ \t-]*+([A-Za-z][\w.-]*+):[ \t]*+\r?\n[ \t]*+-[ \t]++([^\s#\n][^\n]*+)", re.MULTILINE)


def _below(text: str) -> Iterator[Span]:
    for hit in _BELOW.finditer(text):
        if _is_line_name(hit[1]):
            start, end = hit.span(2)
            scheme = _SCHEME.match(text, start, end)
            yield scheme.end() if scheme else start, start + len(text[start:end].rstrip())


# ---------------------------------------------------------------- other forms

_NAMED = re.compile(
    r"""(\\*+["'])(?:name|key|header)\1\s*+:\s*+\1([\w.-]{1,100}+)\1\s*+,\s*+\1value\1\s*+:\s*+(?=\1)""", re.IGNORECASE
)
_VALUED = re.compile(
    r"""(\\*+["'])value\1\s*+:\s*+\1([^"'\\]++)\1\s*+,\s*+\1(?:name|key|header)\1\s*+:\s*+\1([\w.-]{1,100}+)\1"""
)


def _pairs(text: str) -> Iterator[Span]:
    """``{"name": "Authorization", "value": "…"}`` in what is not JSON as a whole."""
    for hit in _NAMED.finditer(text):
        if strength(hit[2]) == "strong" or is_secret(hit[2]):
            start = hit.end() + len(hit[1])
            end = _closing(text, start, len(hit[1]) - 1, hit[1][-1])
            if strength(hit[2]) == "strong" or is_opaque(text[start:end]):
                yield start, end
    for hit in _VALUED.finditer(text):
        if strength(hit[3]) == "strong" or (is_secret(hit[3]) and is_opaque(hit[2])):
            yield hit.span(2)


# <SecretAccessKey>…</SecretAccessKey>, as AWS answers, and <parameter=password>…, as models write calls.
_IN_XML = re.compile(
    r"""<(?:(?:parameter|param|arg|argument)(?:[ \t]name)?=["']?)?([A-Za-z][\w.-]{1,60}+)["']?>([^<]++)"""
)


def _in_xml(text: str) -> Iterator[Span]:
    for hit in _IN_XML.finditer(text):
        weight = strength(hit[1])
        start, end = hit.span(2)
        value = text[start:end].strip()
        if value and (weight == "strong" or (weight and is_opaque(value))):
            start += len(text[start:end]) - len(text[start:end].lstrip())
            yield start, start + len(value)


# The line below [BasicAuth] in a Hurl file: user: password
_BASIC_AUTH = re.compile(
    r"^[ \t]*+\[BasicAuth\][^\n]*+\n(?:[ \t]*+(?:#[^\n]*+)?\n)*+[^\n:]*+:[ \t]*+(\S[^\n#]*+)", re.M
)
_IN_QUERY = re.compile(r"""(?:^|[?&#])([\w.-]{1,127}+)=([^&#\s"'<>\\)`]++)""")
# The parts of a form that asks for a token: the code and its verifier are as good as the token.
_IN_GRANT = re.compile(r"""(?:^|[?&])(?:code|code_verifier|device_code|subject_token|username)=([^&\s"'<>\\)`]++)""")
_IN_ADDRESS = re.compile(r"""://([^\s/@"'<>?#\\]++)@""")
_BEARER = re.compile(r"\b(?:[Bb]earer[ \t]++(?=[^ ]{6})|Basic[ \t]++(?=[^ ]{8}))([A-Za-z0-9._~+/=-]{6,}+)")
_WORDS = re.compile(r"[A-Za-z]++(?:[-._][A-Za-z]++)++")
_AWS = re.compile(r"\b(?:Credential|Signature)=([A-Za-z0-9/_+-]{16,}+)")
_CONNECTION = re.compile(
    r"""(?:\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)|(?<=;)(?:Password|Pwd))=([^;"'\s\\<>]++)""",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"""(?<![\w-])(?:-u|-U|--user|--proxy-user)(?:[ \t]++|=)?["']?([^\s:"'\\]{1,100}+:[^\s"'\\]++)""")
_NEAR = 400
"""Characters before ``-u a:b`` in which its command stands."""


def _basic_auth(text: str) -> Iterator[Span]:
    for hit in _BASIC_AUTH.finditer(text):
        yield hit.start(1), hit.start(1) + len(hit[1].rstrip())


def _in_query(text: str) -> Iterator[Span]:
    for hit in _IN_QUERY.finditer(text):
        if is_secret(hit[1]):
            yield hit.span(2)


def _in_address(text: str) -> Iterator[Span]:
    for hit in _IN_ADDRESS.finditer(text):
        if hit[1] != "git":  # the user that everybody is
            yield hit.span(1)


def _bearer(text: str) -> Iterator[Span]:
    for hit in _BEARER.finditer(text):
        if any(map(str.isdigit, hit[1])) or (len(hit[1]) >= 16 and not _WORDS.fullmatch(hit[1])):
            yield hit.span(1)


def _login(text: str) -> Iterator[Span]:
    for hit in _LOGIN.finditer(text):
        if "curl" in text[max(hit.start() - _NEAR, 0) : hit.start()]:
            yield hit.span(1)


def _all(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (hit.span(1) for hit in pattern.finditer(text))


_NAMES = ("auth", "token", "secret", "passw", "passphrase", "passcode", "pass", "pwd", "key", "cookie", "credential",
          "assertion", "jwt", "pat", "signature")  # fmt: skip

_RULES: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[Span]]], ...] = (
    (_NAMES, _assigned),
    (_NAMES, _lines),
    (_NAMES, _below),
    (("value",), _pairs),
    (("</",), _in_xml),
    (("[basicauth]",), _basic_auth),
    (("=",), _in_query),
    (("grant_type=",), _all(_IN_GRANT)),
    (("@",), _in_address),
    (("bearer ", "basic "), _bearer),
    (("credential=", "signature="), _all(_AWS)),
    (("accountkey=", "sharedaccess", "password=", "pwd="), _all(_CONNECTION)),
    (("curl",), _login),
)
