"""The manual says what is true: its tables, its commands, its options, its queries and its links."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from inspector import __version__
from inspector.cli import main
from inspector.search import parse
from inspector.web.help import manual
from tests.docs.generate import GENERATED, MANUAL, PAGES, README, written
from tests.docs.pages import links, prose

TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
ALL = "\n".join(TEXTS.values())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_its_generated_parts_are_current(page: Path) -> None:
    assert written(TEXTS[page.name]) == TEXTS[page.name], "run: python -m tests.docs.generate"


@pytest.mark.parametrize("name", GENERATED)
def test_it_has_every_table(name: str) -> None:
    marks = [line for line in ALL.splitlines() if re.fullmatch(rf"<!-- /?{name} -->", line)]
    assert marks == [f"<!-- {name} -->", f"<!-- /{name} -->"]


def test_its_contents_name_every_page() -> None:
    assert {page.name for page in manual.pages()} == {path.stem for path in MANUAL.glob("*.md")} - {"index"}
    for page in manual.pages():
        assert page.title == manual.rendered(page.name, "").title, "by the name that it has itself"


def test_the_newest_version_is_this_one() -> None:
    assert re.findall(r"^## (.*)$", TEXTS["changelog.md"], re.MULTILINE)[0] == __version__


# ---------------------------------------------------------------- links


def _anchors(text: str) -> set[str]:
    return {manual.slug(line) for line in re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_its_links_lead_somewhere(page: Path) -> None:
    for link in links(TEXTS[page.name]):
        path, _, anchor = link.partition("#")
        if "://" in link:
            continue
        leads_to = page.parent / path if path else page
        assert leads_to.is_file(), link
        assert page == README or leads_to.parent == MANUAL, f"{link} leads nowhere when it is served"
        assert not anchor or anchor in _anchors(leads_to.read_text(encoding="utf-8")), link


def test_every_page_has_one_title_and_no_heading_twice() -> None:
    for name, text in TEXTS.items():
        headings = re.findall(r"^(#+) (.*)$", prose(text), re.MULTILINE)
        assert [level for level, _ in headings].count("#") == 1, name
        assert len({manual.slug(heading) for _, heading in headings}) == len(headings), name


# ---------------------------------------------------------------- commands


COMMANDS = re.findall(r"inspector (serve|show|ls|export|summary|open|diff|find-log|why|index \w+)\b", ALL)


@pytest.mark.parametrize("name", sorted(set(COMMANDS)))
def test_the_options_it_names_exist(name: str) -> None:
    command: click.Command = main
    for word in name.split():
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found, name
        command = found
    known = {option for parameter in command.params for option in parameter.opts}
    for line in re.findall(rf"inspector {name}\b([^\n`]*)", ALL):
        used = set(re.findall(r"(?<=\s)--?[a-z][\w-]*", re.sub(r"'[^']*'", "", line)))
        assert used <= known, line


SERVE = main.get_command(click.Context(main), "serve")
assert SERVE


def test_every_option_of_serve_is_described() -> None:
    options = {option for parameter in SERVE.params for option in parameter.opts if "--" in option}
    assert [option for option in options if f"`{option}" not in ALL] == []


@pytest.mark.parametrize("query", re.findall(r"-q '([^']+)'|-q ([^\s'`]+)", ALL))
def test_its_queries_are_understood(query: tuple[str, str]) -> None:
    assert parse("".join(query))


# ---------------------------------------------------------------- the code


def test_the_modules_that_code_names_exist() -> None:
    """Where a comment or a docstring leads to another module by its path."""
    top = README.parent
    sources = [path for ending in ("py", "js", "css", "html") for path in top.glob(f"[ist]*/**/*.{ending}")]
    named = {
        (str(path.relative_to(top)), name)
        for path in sources
        if path.parts[len(top.parts)] in ("inspector", "static", "templates")
        for name in re.findall(r"\binspector/[\w/]+\.py\b", path.read_text("utf-8"))
    }
    assert named
    assert [(path, name) for path, name in named if not (top / name).exists()] == []


def test_the_files_that_it_names_exist() -> None:
    """Paths of the project in code, such as `inspector/web/app.py`; not those that a how-to page makes up."""
    named = set(re.findall(r"`((?:inspector|static|templates|tests)/[\w./-]+\.\w+)`", ALL))
    assert named
    made_up = {name for name in named if re.search("proxylog|acme|providers/", name)}
    assert [name for name in named - made_up if not (README.parent / name).exists()] == []
