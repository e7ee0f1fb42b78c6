"""Imports run one way, each library has one place, and no room is too large to look over."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "inspector"
MODULES = sorted(PACKAGE.rglob("*.py"))

FLOORS = (
    "cli", "export", "web", "report", "pytest_plugin", "why", "compare", "testruns", "library", "output", "search",
    "index", "checks", "analysis", "redaction", "formats", "recorders", "decode", "files", "model",
)  # fmt: skip
"""The packages from the top of the house to its ground: each imports only what stands after it."""

WEB = (
    "app",
    "help",
    "lookup",
    "story",
    "compare",
    "checks",
    "exchange",
    "list",
    "test_runs",
    "uploads",
    "http",
    "rendering",
    "settings",
)
"""The same within the pages: one noun each."""

DECODE = (
    "decoder",
    "recognise",
    "splitting",
    "websocket_turns",
    "protocols",
    "written",
    "websocket_session",
    "assembly",
)
"""The same within the decoder; what is not named here is used by all of it."""

ONE_PLACE = {
    "sqlite3": ("inspector.index", "inspector.formats.reading.sqlite_file"),  # SQL of ours, and others' databases
    "watchdog": "inspector.library.watcher",
    "pytest": "inspector.pytest_plugin",
    "flask": ("inspector.web", "inspector.export"),
    "click": "inspector.cli",
    "pyarrow": "inspector.output.parquet_file",
    "filelock": ("inspector.library.keeper", "inspector.index", "inspector.testruns.results"),
}

MOST_ENTRIES = 20
"""Of one folder, beside its ``__init__.py``: about a dozen modules, the providers that have most protocols, and the
rooms of the house."""

SAME_NAMES = {
    "__init__.py": "a package",
    "routes.py": "the pages of a feature",
    "count_tokens.py": "a provider's count of tokens",
    "models.py": "a provider's list of models",
    "embeddings.py": "a provider's embeddings",
    "images.py": "a provider's images",
    "generate.py": "a provider's text generation",
    "chat.py": "a provider's chat",
    "parts.py": "the parts of a provider's messages",
    "blocks.py": "the content blocks of a provider's messages",
    "embed.py": "a provider's embeddings, by that name",
    "rerank.py": "a provider's reranking",
    "index.py": "a command's name",
}
"""File names that stand more than once, and the one thing that each means."""


def _name(module: Path) -> str:
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


@cache
def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def _statements(block: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The statements of a block and of those within it; imports are no part of an expression, of which there are ten
    times as many."""
    for statement in block:
        yield statement
        for inner in ("body", "orelse", "handlers", "finalbody", "cases"):
            yield from _statements(getattr(statement, inner, ()))


@cache
def _imports(module: Path) -> set[str]:
    found: set[str] = set()
    for node in _statements(_tree(module).body):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def _rooms(names: set[str], house: str) -> set[str]:
    """The rooms of a house that some modules lie in."""
    return {name.removeprefix(f"{house}.").split(".")[0] for name in names if name.startswith(f"{house}.")}


def _goes_down(module: Path, house: str, floors: tuple[str, ...]) -> bool:
    (own,) = _rooms({_name(module)}, house)
    imported = _rooms(_imports(module), house) & {*floors}
    return own not in floors or all(floors.index(own) <= floors.index(room) for room in imported)


@pytest.mark.parametrize(
    ("house", "floors"),
    [("inspector", FLOORS), ("inspector.web", WEB), ("inspector.decode", DECODE)],
    ids=["inspector", "web", "decode"],
)
def test_imports_run_one_way(house: str, floors: tuple[str, ...]) -> None:
    inside = [module for module in MODULES if _name(module).startswith(f"{house}.")]
    assert [_name(module) for module in inside if not _goes_down(module, house, floors)] == []


def test_every_package_has_a_floor() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert packages == {*FLOORS}
    modules = {path.relative_to(PACKAGE / "web") for path in (PACKAGE / "web").rglob("*.py")}
    rooms = {path.parts[0].removesuffix(".py") for path in modules} - {"__init__"}
    assert rooms == {*WEB}


def test_the_manual_names_every_package_in_this_order() -> None:
    table = (PACKAGE / "docs" / "architecture.md").read_text(encoding="utf-8").partition("| package |")[2]
    named = [line.split("`")[1] for line in table.partition("\n\n")[0].splitlines() if line.startswith("| `")]
    assert named == [f"{floor}/" for floor in FLOORS]


def test_no_module_lies_loose() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("library", ONE_PLACE)
def test_a_library_has_one_place(library: str) -> None:
    users = [_name(module) for module in MODULES if library in {name.split(".")[0] for name in _imports(module)}]
    assert users
    assert [user for user in users if not user.startswith(ONE_PLACE[library])] == []


def test_no_file_name_means_two_things() -> None:
    names = Counter(module.name for module in MODULES)
    assert {name for name, times in names.items() if times > 1} <= {*SAME_NAMES}


@pytest.mark.parametrize("folder", sorted({module.parent for module in MODULES}), ids=lambda path: path.name)
def test_a_folder_can_be_looked_over(folder: Path) -> None:
    entries = [path for path in folder.iterdir() if path.suffix in (".py", ".sql") or (path / "__init__.py").exists()]
    assert len([path for path in entries if not path.name.startswith("__")]) <= MOST_ENTRIES


@pytest.mark.parametrize("feature", [name for name in WEB if (PACKAGE / "web" / name).is_dir()])
def test_a_feature_has_one_name_everywhere(feature: str) -> None:
    """Its templates, where it has any of its own, and its tests lie in folders of its name."""
    templates = {path.name for path in (ROOT / "templates").iterdir()} - {"shared"}
    assert templates <= {*WEB}
    tests = {path.name for path in (ROOT / "tests" / "web").iterdir() if path.is_dir()} - {"__pycache__"}
    assert tests <= {*WEB}


def test_tests_lie_where_the_code_lies() -> None:
    beside = {"benchmarks", "browser", "corpus", "recordings", "docs", "__pycache__"}
    folders = {path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    places = {path.parent for path in folders if path.parts[0] not in beside and len(path.parts) > 1}
    assert [str(place) for place in places if not (PACKAGE / place).is_dir()] == []


def test_a_module_says_what_it_is_for_and_is_short() -> None:
    assert [_name(module) for module in MODULES if not ast.get_docstring(_tree(module))] == []
    assert [_name(module) for module in MODULES if module.read_text(encoding="utf-8").count("\n") > 315] == []
