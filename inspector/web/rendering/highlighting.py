"""Text into HTML: Markdown without HTML, highlighted JSON and code. Everything recorded is escaped here or by Jinja."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers.data import JsonLexer

from inspector.output.escape import visible
from inspector.web.rendering import code_lexers

MAX_HIGHLIGHTED = 64_000
"""Characters up to which JSON is coloured: a quarter of a second for ten times as many."""

MAX_CODE = 20_000
"""Characters up to which other code is."""

MAX_MARKDOWN = 20_000
"""Characters up to which text is read as Markdown, whose worst case grows with the square."""

_MAX_BRACKETS = 600
"""Opening brackets up to which it is: for each the parser looks for its end. 3,000 of them take it a second."""

_QUOTE = re.compile("(?<!=)&(?:#34|quot);")
_SPACES = re.compile(r'<span class="w">(\s*)</span>')

_ALIGN = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}


def json_html(text: str) -> Markup:
    """JSON text, coloured."""
    return _coloured(text, _json_lexer())


def code_html(text: str, language: str) -> Markup:
    """Code in a language that the text itself names, coloured where that language is known and the code short."""
    lexer = code_lexers.lexer(language.split(None, 1)[0].lower()) if language.strip() else None
    return _coloured(text, lexer, MAX_CODE) if lexer else escape(visible(text))


def _coloured(text: str, lexer: Lexer, longest: int = MAX_HIGHLIGHTED) -> Markup:
    shown = visible(text)
    if len(shown) > longest:
        return escape(shown)
    return Markup(highlight(shown, lexer, _formatter()))  # noqa: S704  # pygments escapes what it colours


def slim(html: Markup) -> Markup:
    """The same with fewer bytes, where recorded text stands between tags alone: quotes as such, which else are a tenth
    of JSON, and spaces without a colour. A quote that could be taken for that of an attribute stays written out."""
    return Markup(_QUOTE.sub('"', _SPACES.sub(r"\1", html)))  # noqa: S704  # a quote between tags ends nothing


@cache
def _json_lexer() -> Lexer:
    return JsonLexer(stripnl=False, ensurenl=False)  # which goes through its text once, by hand


@cache
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True)


@lru_cache(300)
def markdown_html(text: str) -> Markup:
    """Markdown as HTML. HTML in it is text, images are their address, and only web and mail links are links."""
    if len(text) > MAX_MARKDOWN or text.count("[") > _MAX_BRACKETS:
        return Markup("<pre class='plain'>{}</pre>").format(visible(text))
    return Markup(_markdown().render(visible(text)))  # noqa: S704  # HTML is off: markdown-it escapes all of it


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 40})
    parser.enable(["table", "strikethrough"])
    parser.validateLink = _is_link  # type: ignore[method-assign, assignment]
    parser.add_render_rule("image", _image)
    parser.add_render_rule("link_open", _link)
    parser.add_render_rule("fence", _fence)
    for cell in ("th_open", "td_open"):
        parser.add_render_rule(cell, _cell)
    for level in ("heading_open", "heading_close"):
        parser.add_render_rule(level, _heading)
    return parser


def _is_link(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", "mailto:", "#"))


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Nothing remote is ever loaded: an image is named, not shown."""
    token = tokens[index]
    source = str(token.attrGet("src") or "")
    return str(Markup("<span class='remote' title='{}'>image: {}</span>").format(source, token.content or source))


def _link(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    address = str(tokens[index].attrGet("href") or "")
    title = str(tokens[index].attrGet("title") or address)
    return str(
        Markup("<a href='{}' title='{}' rel='noopener noreferrer nofollow' target='_blank'>").format(address, title)
    )


def _fence(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    return str(
        Markup("<pre class='code' tabindex='0'><code>{}</code></pre>\n").format(code_html(token.content, token.info))
    )


def _cell(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """markdown-it aligns with a style attribute, which the page's policy forbids."""
    token = tokens[index]
    align = _ALIGN.get(str(token.attrGet("style") or ""))
    return f"<{token.tag} class='{align}'>" if align else f"<{token.tag}>"


def _heading(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """Headings inside a message look like some, and are none of the page's."""
    token = tokens[index]
    return f"<p class='heading {token.tag}'>" if token.nesting == 1 else "</p>\n"


def pygments_css() -> str:
    """The two style sheets of the colours, light and dark: what ``static/css/pygments.css`` must hold."""
    light: str = HtmlFormatter(style="default").get_style_defs(".code")  # type: ignore[no-untyped-call]
    dark: str = HtmlFormatter(style="github-dark").get_style_defs(":root[data-theme=dark] .code")  # type: ignore[no-untyped-call]
    return f"{light}\n{dark}\n"
