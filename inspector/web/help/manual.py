"""The manual: the Markdown files in `inspector/docs`, as pages of the program.

The same files are read on a code host, so links lead from file to file there (``searching.md#fields``), and from page
to page here. Their order and what each is about are the list in ``index.md``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from inspector.web.rendering.highlighting import code_html

FOLDER = Path(__file__).resolve().parents[2] / "docs"

_LISTED = re.compile(
    r"^(?:## (?P<chapter>.+)|- \[(?P<title>[^\]\n]+)\]\((?P<name>[\w-]+)\.md\): (?P<about>.+))$", re.MULTILINE
)
_COMMENT = re.compile(r"^<!-- .* -->\n", re.MULTILINE)
_PAGE = re.compile(r"([\w-]+)\.md(#.*)?")
_NOT_IN_SLUGS = re.compile(r"[^\w\- ]")
_ALIGNED = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}


class Page(NamedTuple):
    """A page of the manual, as its contents list it."""

    name: str
    title: str
    about: str
    chapter: str


class Heading(NamedTuple):
    """A heading of a page: what it says, and its place on the page."""

    text: str
    id: str


class Rendered(NamedTuple):
    """A page of the manual as HTML."""

    title: str
    headings: tuple[Heading, ...]
    """Of the second level, for the list of what is on the page."""
    html: Markup


@cache
def pages() -> tuple[Page, ...]:
    """The pages, in their order."""
    found: list[Page] = []
    chapter = ""
    for line in _LISTED.finditer(_text("index")):
        chapter = line["chapter"] or chapter
        if line["name"]:
            found.append(Page(line["name"], line["title"], line["about"], chapter))
    return tuple(found)


def chapters() -> list[tuple[str, list[Page]]]:
    """The pages below the headings of the contents."""
    return [(chapter, list(its)) for chapter, its in groupby(pages(), key=lambda page: page.chapter)]


def neighbours(name: str) -> tuple[Page | None, Page | None]:
    """The page before another and the one after it."""
    at = next(at for at, page in enumerate(pages()) if page.name == name)
    return (pages()[at - 1] if at else None), (pages()[at + 1] if at + 1 < len(pages()) else None)


@lru_cache(100)
def rendered(name: str, root: str) -> Rendered:
    """A page as HTML, with links below a root. The manual is our own text; HTML in it is off all the same."""
    parser = _parser()
    env: dict[str, Any] = {"root": root}
    tokens = parser.parse(_COMMENT.sub("", _text(name)), env)
    (_, title, _), rest = tokens[:3], tokens[3:]  # the page's own heading stands in its head
    headings = _headings(rest)
    html = parser.renderer.render(rest, parser.options, env)
    return Rendered(title.content, headings, Markup(html))  # noqa: S704  # ours, and markdown-it escapes HTML


def slug(heading: str) -> str:
    """The place of a heading on its page, as code hosts name it."""
    return _NOT_IN_SLUGS.sub("", heading.lower()).replace(" ", "-")


def _text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def _headings(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Give each heading its place; those of the second level."""
    found = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", slug(inline.content))
            if opening.tag == "h2":
                found.append(Heading(inline.content.replace("`", ""), slug(inline.content)))
    return tuple(found)


# ---------------------------------------------------------------- rendering


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.enable(["table", "strikethrough"])
    rules = {
        "fence": _fence, "link_open": _link, "heading_close": _heading_close, "table_open": _table_open,
        "table_close": _table_close, "th_open": _cell, "td_open": _cell,
    }  # fmt: skip
    for name, rule in rules.items():
        parser.add_render_rule(name, rule)
    return parser


def _fence(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    code = code_html(tokens[index].content, tokens[index].info)
    return str(Markup("<pre class='code' tabindex='0'><code>{}</code></pre>\n").format(code))


def _link(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    address = str(tokens[index].attrGet("href") or "")
    if page := _PAGE.fullmatch(address):
        name = "help" if page[1] == "index" else f"help/{page[1]}"
        return str(Markup('<a href="{}{}{}">').format(env["root"], name, page[2] or ""))
    if address.startswith("#"):
        return str(Markup('<a href="{}">').format(address))
    return str(Markup("<a href='{}' rel='noopener noreferrer nofollow' target='_blank'>").format(address))


def _heading_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    id = slug(tokens[index - 1].content)
    anchor = Markup(' <a class="anchor" href="#{}" aria-label="Link to this section">#</a>').format(id)
    return f"{anchor}</{tokens[index].tag}>\n"


def _table_open(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "<div class='wide' tabindex='0'><table>\n"


def _table_close(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _cell(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """markdown-it aligns with a style attribute, which the page's policy forbids."""
    align = _ALIGNED.get(str(tokens[index].attrGet("style") or ""))
    tag = tokens[index].tag
    return f"<{tag} class='{align}'>" if align else f"<{tag}>"
