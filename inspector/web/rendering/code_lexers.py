"""Code in the colours of its comments, strings, numbers and words, in time that grows with its length alone.

Most of Pygments' lexers are regular expressions that take quadratic time for some text, and several exponential: a line
of 60 backslashes in a fence holds all threads for ever. Its lexers are used here where a test has seen none of that
(`LINEAR`); other languages are told by the few things that they share.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from keyword import kwlist
from types import MappingProxyType
from typing import NamedTuple

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Number, String, Text, _TokenType

LINEAR = {
    **dict.fromkeys(("json", "jsonc", "json5", "jsonl", "ndjson"), "json"),
    **dict.fromkeys(("bash", "sh", "shell", "zsh"), "bash"),
    "sql": "sql",
}
"""Names of languages whose lexers in Pygments are linear, with what these are called there."""

_DOUBLE, _SINGLE, _BACK = (rf"{quote}(?:[^{quote}\\\n]++|\\.)*+{quote}?" for quote in "\"'`")
_TEMPLATE = r"`(?:[^`\\]++|\\.)*+`?"
_TRIPLE = r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:""")?|' + r"'''(?:[^'\\]++|\\.|'(?!''))*+(?:''')?"
_BLOCK = r"/\*(?:[^*]++|\*(?!/))*+(?:\*/)?"
_HASH = r"#[^\n]*+"
_SLASHES = r"//[^\n]*+"

_C_LIKE = (
    "abstract as async await base bool boolean break byte case catch char class const constexpr continue default "
    "defer delegate delete do double dynamic else enum event explicit export extends extern false final finally fn "
    "float for foreach from fun func function get go guard if impl implements import in inline instanceof int "
    "interface internal is let long loop match mod module mut namespace new nil null nullptr object of operator "
    "override package private protected protocol pub public readonly record ref return sealed select self set short "
    "signed sizeof static string struct super switch template this throw throws trait true try type typedef typename "
    "typeof undefined union unsafe unsigned use using val var virtual void volatile when where while with yield"
)
_RUBY = (
    "alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo "
    "require rescue retry return self super then true undef unless until when while yield"
)


class _Grammar(NamedTuple):
    comments: str
    strings: str
    keywords: frozenset[str] = frozenset()
    tags: str = r"(?!)"
    """What names a place: an element, or a key."""
    kinds: Mapping[str, _TokenType] = MappingProxyType(
        {"tag": Name.Tag, "comment": Comment, "string": String, "number": Number}
    )


_DIFF = {"tag": Generic.Deleted, "comment": Generic.Subheading, "string": Generic.Inserted, "number": Number}

_GRAMMARS = {
    "diff": _Grammar(r"^(?:@@|diff |index |---|\+\+\+)[^\n]*+", r"^\+[^\n]*+", tags=r"^-(?!--)[^\n]*+", kinds=_DIFF),
    "python": _Grammar(_HASH, f"{_TRIPLE}|{_DOUBLE}|{_SINGLE}", frozenset(kwlist)),
    "c": _Grammar(f"{_BLOCK}|{_SLASHES}", f"{_DOUBLE}|{_SINGLE}|{_TEMPLATE}", frozenset(_C_LIKE.split())),
    "ruby": _Grammar(_HASH, f"{_DOUBLE}|{_SINGLE}|{_BACK}", frozenset(_RUBY.split())),
    "css": _Grammar(_BLOCK, f"{_DOUBLE}|{_SINGLE}", tags=r"[@.#][A-Za-z][\w-]*+"),
    "settings": _Grammar(
        rf"{_HASH}|;[^\n]*+", f"{_DOUBLE}|{_SINGLE}", tags=r"^[ \t-]*+[\w.-]++(?=[ \t]?[:=])|^\[[^\]\n]*+\]"
    ),
    "markup": _Grammar(r"<!--(?:[^-]++|-(?!->))*+(?:-->)?", r'(?<==)"[^"<>]*+"?', tags=r"</?[A-Za-z][\w:.-]*+|/?>"),
}
_NAMES = {
    "diff": "diff patch udiff",
    "python": "python py python3 py3 pyi starlark",
    "c": "c h cpp c++ cc hpp csharp cs c# java javascript js jsx mjs cjs typescript ts tsx go golang rust rs kotlin kt "
    "swift scala php dart proto protobuf groovy objc",
    "ruby": "ruby rb elixir crystal perl r julia",
    "css": "css scss less sass",
    "settings": "yaml yml toml ini cfg conf properties env dotenv dockerfile docker makefile make",
    "markup": "html htm xml svg xhtml vue rss",
}
_OF = {name: grammar for grammar, names in _NAMES.items() for name in names.split()}


class _Code(Lexer):
    def __init__(self, grammar: _Grammar) -> None:
        super().__init__(stripnl=False, ensurenl=False)
        self._keywords, self._kinds = grammar.keywords, grammar.kinds
        self._pattern = re.compile(
            rf"(?P<tag>{grammar.tags})|(?P<comment>{grammar.comments})|(?P<string>{grammar.strings})"
            r"|(?P<number>\d[\w.]*+)|(?P<word>[^\W\d]\w*+)",
            re.DOTALL | re.MULTILINE,
        )

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _TokenType, str]]:
        at = 0
        for found in self._pattern.finditer(text):
            if found.start() > at:
                yield at, Text, text[at : found.start()]
            yield found.start(), self._kind(found), found[0]
            at = found.end()
        if at < len(text):
            yield at, Text, text[at:]

    def _kind(self, found: re.Match[str]) -> _TokenType:
        kind = str(found.lastgroup)
        return (Keyword if found[0] in self._keywords else Name) if kind == "word" else self._kinds[kind]


LANGUAGES = frozenset({*LINEAR, *_OF})
"""What a fence may name for its code to be coloured."""


def lexer(language: str) -> Lexer | None:
    """The lexer for the name of a language, in lower case; None for one that is not known to be linear."""
    if language in LINEAR:
        return _of_pygments(LINEAR[language])
    return _ours(_OF[language]) if language in _OF else None


@cache
def _of_pygments(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _ours(name: str) -> Lexer:
    return _Code(_GRAMMARS[name])
