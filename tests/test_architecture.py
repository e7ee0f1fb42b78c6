"""Imports run one way, and each library has one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "inspector"
MODULES = sorted(ROOT.rglob("*.py"))

ALLOWED = {
    "model": {"deltas"},  # for a type alone
    "deltas": {"model"},
    "jsonio": {"model"},
    "framing": {"model", "jsonio", "framing"},
    "blobs": {"model"},
    "wire": {"model", "jsonio", "framing", "wire", "assembly", "placing", "blobs"},
    "assembly": {"model", "growing"},
    "growing": {"model", "jsonio", "placing", "joining"},
    "placing": {"model"},
    "joining": {"model", "blobs"},
    "formats": {"model", "jsonio", "framing", "formats"},
    "chains": set(),
    "pieces": {"model", "jsonio"},
    "letters": set(),
    "contents": {"model"},
    "index": {"model", "jsonio", "index", "summary", "chains", "pieces", "letters"},
    "addresses": set(),
    "exports": {"addresses", "jsonio"},
    "archives": {"addresses", "exports", "scan"},
    "unpacking": {"archives", "exports", "scan"},
    "homes": {"addresses", "archives", "exports", "unpacking", "jsonio", "scan"},
    "outcomes": {"index", "jsonio", "redact", "roots", "testid"},
    "unused": {"index", "outcomes", "testid"},
    "opening": {"scan", "archives", "unpacking", "roots"},
    "roots": {"addresses", "archives", "exports", "homes", "scan"},
    "plan": {"index", "scan"},
    "progress": set(),
    "terminal": {"visible", "progress"},  # for a type alone
    "scan": {"addresses"},
    "testid": set(),
    "visible": set(),
    "wording": set(),
    "schema_check": {"model"},
    "pairing": {"model"},
    "digest": {"model", "jsonio", "volatile"},
    "volatile": {"model", "jsonio"},
    "credentials": set(),
    "misses": {"redact"},
    "leads": {"index", "misses", "story", "testid", "wording"},
    "redact": {"model", "jsonio", "credentials"},
}
"""What a part may import of the rest. Those that are not named stand higher."""

HIGHER = {"web", "cli", "export", "gather"}
ONE_PLACE = {
    "sqlite3": ("index",),
    "watchdog": ("watch",),
    "pytest": ("pytest_plugin",),
    "flask": ("web", "export"),
    "click": ("cli",),
    "filelock": ("keeper", "index", "outcomes"),
}


def _part(module: Path) -> str:
    return module.relative_to(ROOT).parts[0].removesuffix(".py")


def _imports(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} if node.module != "inspector" else {f"inspector.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_keeps_its_place(module: Path) -> None:
    part, imports = _part(module), _imports(module)
    inner = {name.split(".")[1] for name in imports if name.startswith("inspector.")} - {"__version__"}
    if part in ALLOWED:
        assert inner <= ALLOWED[part] | {part} | ({"deltas"} if "model" in ALLOWED[part] else set())
    if part not in (*HIGHER, "__main__"):
        assert not inner & HIGHER
    for library, places in ONE_PLACE.items():
        if any(name.split(".")[0] == library for name in imports):
            assert part in places


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for_and_is_short(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert text.count("\n") <= 315
