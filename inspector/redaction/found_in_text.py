"""Where secrets stand in a text: after the names that they go by, in addresses, and by their shape.

Every rule gives spans of the text; what they cover together is masked, and nothing else is touched. Every expression
takes time that grows with the text and no faster: repetitions are possessive or bounded, and what a rule looks at is
not looked at by it again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from inspector.model.expressions import expression
from inspector.redaction import patterns
from inspector.redaction.assignments import Span, assigned, below, in_lines, pairs
from inspector.redaction.secret_names import is_secret, strength
from inspector.redaction.secret_values import is_given, is_opaque

_TELLING = (
    "auth", "cookie", "secret", "private", "credential", "assertion", "grant_type", "bearer ", "basic ", "pwd", "jwt",
    "openai-organization", "openai-project", "organization-id", "curl",
)  # fmt: skip
_TELLING_IN = (
    ("key", ("_key", "-key", "key=", 'key"', "key\\", "apikey", "accesskey", "accountkey", "signingkey", "masterkey",
             "encryptionkey", "subscriptionkey", "webhookkey", "key:", "key-", "key_")),
    ("pass", ("passw", "passphrase", "passcode", 'pass"', "pass=", "pass\\", "pass:")),
    ("pat", ('pat"', "pat=", "pat\\", "pat:")),
    ("sig", ("signature", "sig=", 'sig"', "sig\\", "sig-", "sig_", "sig:")),
)  # fmt: skip
"""Words of which only some forms tell: seldom does a text need to be looked through for each."""

_COUNTED = ("tokens", "token_count'", 'token_count"', "token_count:", "tokeniz", "tiktoken:")
"""Tokens that everybody counts, and what counts them. No two of these are in one word."""

_ESCAPED_BREAK = expression(r"(?<!\\)\\++[nrt]")


_SHORT = 128
"""Characters of a text that is worth remembering: keys, roles, ids and pieces of streams come again and again."""


_MIDDLING = 20_000
"""Characters of a message that is remembered for a while: each turn of a conversation repeats those before it."""


def is_telling(text: str) -> bool:
    """Whether a text holds a word that a secret goes by, an address that may hold a user's name, or a secret's shape.
    Quick, and true of all that `spans` finds something in."""
    remembered = _short if len(text) <= _SHORT else _middling if len(text) <= _MIDDLING else _long
    return remembered(text)


def _is_telling(text: str) -> bool:
    lowered = text.lower()
    if any(map(lowered.__contains__, _TELLING)) or ("://" in text and "@" in text):
        return True
    for word, forms in _TELLING_IN:
        if word in lowered and any(map(lowered.__contains__, forms)):
            return True
    tokens = lowered.count("token")
    if tokens and tokens > sum(map(lowered.count, _COUNTED)):
        return True
    return bool(patterns.find(text)) or ("\\" in text and bool(patterns.find(_unescaped(text))))


_short, _middling, _long = (lru_cache(most)(_is_telling) for most in (8192, 256, 4))
"""A text is asked for again by who looks whether it holds secrets, who masks them, and who says what they are; one
after the other they go through all texts of an exchange."""


def spans(text: str) -> Sequence[Span]:
    """Where secrets stand in a text that `is_telling` (which is seen a hundred times faster), in order and apart."""
    return _remembered(text) if len(text) <= _MIDDLING else _just_seen(text)


@lru_cache(256)
def _remembered(text: str) -> Sequence[Span]:
    return tuple(_spans(text))


@lru_cache(4)
def _just_seen(text: str) -> Sequence[Span]:
    """A long text is asked for by who looks whether it holds secrets, who masks them, and who says what they are."""
    return tuple(_spans(text))


def _spans(text: str) -> list[Span]:
    found = [*_found(text)]
    if _ESCAPED_BREAK.search(text):  # of JSON in a text: a line begins after it, and its letter belongs to no word
        found += _found(_unescaped(text))
    return joined(text, found)


def _unescaped(text: str) -> str:
    """The text, no longer and no shorter, with each escape of a break as a break."""
    if "\\\\" not in text:  # as most are: a tenth of the time
        return text.replace("\\n", " \n").replace("\\r", " \n").replace("\\t", " \t")
    return _ESCAPED_BREAK.sub(_as_break, text)


def _as_break(hit: re.Match[str]) -> str:
    return " " * (len(hit.group()) - 1) + ("\t" if hit.group()[-1] == "t" else "\n")


def joined(text: str, found: Iterable[Span]) -> list[Span]:
    """The spans in order and apart, without those of what is masked already."""
    apart: list[Span] = []
    for start, end in sorted(found):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return [(start, end) for start, end in apart if is_given(text[start:end])]


def _found(text: str) -> Iterator[Span]:
    lowered = text.lower()
    for words, rule in _RULES:
        if any(word in lowered for word in words):
            yield from rule(text)
    yield from patterns.find(text)


# <SecretAccessKey>…</SecretAccessKey>, as AWS answers, and <parameter=password>…, as models write calls.
_IN_XML = expression(
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
_BASIC_AUTH = expression(
    r"^[ \t]*+\[BasicAuth\][^\n]*+\n(?:[ \t]*+(?:#[^\n]*+)?\n)*+[^\n:]*+:[ \t]*+(\S[^\n#]*+)", re.M
)
_IN_QUERY = expression(r"""[?&#]([\w.-]{1,127}+)=([^&#\s"'<>\\)`]++)""")
# The parts of a form that asks for a token: the code and its verifier are as good as the token.
_IN_GRANT = expression(r"""(?:^|[?&])(?:code|code_verifier|device_code|subject_token|username)=([^&\s"'<>\\)`]++)""")
_IN_ADDRESS = expression(r"""://([^\s/@"'<>?#\\]++)@""")
_BEARER = expression(
    r"[Bb](?<!\w[Bb])(?:earer[ \t]++(?=[^ ]{6})|(?<=B)asic[ \t]++(?=[^ ]{8}))([A-Za-z0-9._~+/=-]{6,}+)"
)
"""As all of these that are looked for in much text, it begins with a given character: to that, the search skips."""
_WORDS = expression(r"[A-Za-z]++(?:[-._][A-Za-z]++)++")
_AWS = expression(r"\b(?:Credential|Signature)=([A-Za-z0-9/_+-]{16,}+)")
_CONNECTION = expression(
    r"""(?:\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)|(?<=;)(?:Password|Pwd))=([^;"'\s\\<>]++)""",
    re.IGNORECASE,
)
_LOGIN = expression(r"""(?<![\w-])(?:-u|-U|--user|--proxy-user)(?:[ \t]++|=)?["']?([^\s:"'\\]{1,100}+:[^\s"'\\]++)""")
_NEAR = 400
"""Characters before ``-u a:b`` in which its command stands."""


# 9:x-api-key,4:…, as netstrings of flows that could not be read as such: https://tnetstrings.info
_IN_NETSTRINGS = expression(r"""(?<!\d)\d{1,4}:([\w.-]{2,100}+),\d{1,8}:([^,\s]++),""")


def _in_netstrings(text: str) -> Iterator[Span]:
    for hit in _IN_NETSTRINGS.finditer(text):
        if is_secret(hit[1]):
            yield hit.span(2)


def _basic_auth(text: str) -> Iterator[Span]:
    for hit in _BASIC_AUTH.finditer(text):
        yield hit.start(1), hit.start(1) + len(hit[1].rstrip())


def _in_query(text: str) -> Iterator[Span]:
    for hit in _IN_QUERY.finditer(f"?{text}"):  # which may be a query alone
        if is_secret(hit[1]):
            yield hit.start(2) - 1, hit.end(2) - 1


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
    (_NAMES, assigned),
    (_NAMES, in_lines),
    (_NAMES, below),
    (('value"', "value'", "value\\"), pairs),
    (("headers;",), _in_netstrings),
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
