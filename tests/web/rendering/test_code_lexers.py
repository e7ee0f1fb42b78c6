"""Code is coloured in time that grows with its length alone, whatever language a fence names."""

from __future__ import annotations

import random

import pytest
from pygments.token import Comment, Generic, Keyword, Name, Number, String

from inspector.web.rendering import code_lexers
from inspector.web.rendering.highlighting import MAX_CODE, code_html, markdown_html
from tests.growth import grows_too_fast

BEGINNINGS = (
    "", '"', "'", "`", "/*", "//", "#", "<!--", '"""', "\'\'\'", "<a ", "class a", "<<E\n", "[", "(", "{", "def a(",
    "$(",     "<script>", "{{", "--", "@@ ", "x='", "$\'",
)  # fmt: skip
UNITS = (
    '"', "'", "\\", "`", " ", "\n", "\t", " \n", "(", "[", "{", "<", ">", "/*", "*/", "//", "#", "a", "a ", "0", "1.",
    "=", "@", "$", "${", "%", ":", ";", "-", "--", ".", ",", "a.", "a(", "a:", '"""', "\'\'\'", "<!--", "<a ", "<a b=",
    "&", "|", "\\\n", "a\n", " a", '\\"', '"\\', "{{", "a=", "*", "a*", "_", "::", "<?", "?", "!", "~", "^", "\r\n",
    "a;",
    "\n#",
    "- ", "<<a\n", "//\n", '"a":', "é", "x\\\n", '""', "= ", "\n\n ", "a() {\n", "-a\n", "+\n", "[a", "\\\\", "$(",
    "$((",
)  # fmt: skip
LEXERS = {code_lexers.lexer(name): name for name in sorted(code_lexers.LANGUAGES)}
SOME = 12


def _all() -> list[tuple[str, str]]:
    return [(before, unit) for before in BEGINNINGS for unit in UNITS]


@pytest.mark.long
@pytest.mark.parametrize("name", LEXERS.values())
def test_a_language_is_linear(name: str) -> None:
    _check(name, random.Random(name).sample(_all(), SOME))


@pytest.mark.long
@pytest.mark.parametrize("name", LEXERS.values())
def test_a_language_is_linear_whatever_it_is_given(name: str) -> None:
    _check(name, _all())


def _check(name: str, inputs: list[tuple[str, str]]) -> None:
    lexer = code_lexers.lexer(name)
    assert lexer is not None
    slow = [found for one in inputs if (found := grows_too_fast(lambda text: list(lexer.get_tokens(text)), *one))]
    assert not slow, slow[:3]


@pytest.mark.parametrize("name", ["cddl", "rego", "scala3", "tcsh", "mcschema", "tnt", "ncl", "", "  ", "nothing"])
def test_what_is_not_known_to_be_linear_stays_as_it_is(name: str) -> None:
    """A line of backslashes after a quote takes many of the lexers that there are for ever."""
    text = '"' + "\\" * 60
    assert str(code_html(text, name)) == "&#34;" + "\\" * 60
    assert "<pre" in markdown_html(f"```{name}\n{text}\n```")


@pytest.mark.parametrize("name", sorted(code_lexers.LANGUAGES))
def test_nothing_of_a_code_is_lost(name: str) -> None:
    text = 'def lamp(): # "fog"\n  /* bell */ return `a` + 0x1f // <b c="d">\n\tkey: \'value\' ; é\r\n"""open'
    lexer = code_lexers.lexer(name)
    assert lexer is not None
    assert "".join(token for _, token in lexer.get_tokens(text)) == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("name", "text", "kind", "told"),
    [
        ("python", "def lamp(): pass", Keyword, "def"),
        ("py", "x = 1  # a lamp", Comment, "# a lamp"),
        ("python", 'say("""a "bell" rings""")', String, '"""a "bell" rings"""'),
        ("js", "const a = `x${1}`", String, "`x${1}`"),
        ("c", "/* a * b */ int x;", Comment, "/* a * b */"),
        ("go", "x := 0x1f", Number, "0x1f"),
        ("html", "<!-- a - b --><p>don't</p>", Comment, "<!-- a - b -->"),
        ("html", '<p class="x">', String, '"x"'),
        ("yaml", "lamp: lit", Name.Tag, "lamp"),
        ("diff", "+a\n-b", Generic.Deleted, "-b"),
        ("css", "/* x */ .lamp { }", Name.Tag, ".lamp"),
    ],
)
def test_what_is_coloured(name: str, text: str, kind: object, told: str) -> None:
    lexer = code_lexers.lexer(name)
    assert lexer is not None
    assert (kind, told) in list(lexer.get_tokens(text))


def test_long_code_stays_as_it_is() -> None:
    assert "<span" in code_html("x = 1\n" * 10, "python")
    assert "<span" not in code_html("x = 1\n" * MAX_CODE, "python")
