"""What is built and given to people: the wheel and the sdist hold everything that the program needs, and no more."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="building needs hatchling, which the extra “test” brings")

REPOSITORY = Path(__file__).resolve().parent.parent

SERVES = """
import sys
from html.parser import HTMLParser
import inspector
from inspector.web import create_app

class Addresses(HTMLParser):
    found = []
    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src") and "static/" in value]

assert inspector.__file__.startswith(sys.argv[1]), inspector.__file__
client = create_app(sys.argv[2], in_memory=True).test_client()
page = client.get("/")
assert page.status_code == 200, page.status
assert "narrows the words" in client.get("/help/searching").text
Addresses().feed(page.text)
for address in Addresses.found:
    answer = client.get("/" + address.removeprefix("./"))
    assert answer.status_code == 200 and answer.data, address
    print(address.removeprefix("./").partition("?")[0])
"""


def build(source: Path, target: str, into: Path) -> Path:
    """Build a wheel or an sdist with what is installed here; nothing is downloaded."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)],
        cwd=source,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(into.iterdir())


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def tracked(*folders: str) -> set[str]:
    """The files below folders of the repository, without what Python leaves there."""
    found = (path for folder in folders for path in (REPOSITORY / folder).rglob("*"))
    return {
        path.relative_to(REPOSITORY).as_posix()
        for path in found
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(REPOSITORY, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(REPOSITORY, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.mark.long
def test_the_wheel_holds_the_package_its_pages_and_nothing_else(wheel: Path) -> None:
    pages = {f"inspector/{name}" for name in tracked("static", "templates")}
    assert names(wheel) == tracked("inspector") | pages
    assert {
        "inspector/index/schema.sql",
        "inspector/docs/searching.md",
        "inspector/static/css/style.css",
        "inspector/templates/shared/base.html",
    } <= names(wheel)


@pytest.mark.long
def test_the_wheel_says_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
        entry = archive.read(metadata.replace("METADATA", "entry_points.txt")).decode()
    needed = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    plain = {need.partition(">")[0].lower() for need in needed if "extra ==" not in need}
    assert {"flask", "flask-htmx", "orjson", "pygments", "watchdog"} <= plain
    assert "Name: llm-traffic-inspector" in lines
    assert "inspector = inspector.__main__:main" in entry


@pytest.mark.long
def test_the_sdist_holds_the_tests_and_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    source = next((tmp_path / "unpacked").iterdir())
    assert {path.name for path in source.iterdir()} == {
        ".gitignore",
        "PKG-INFO",
        "README.md",
        "inspector",
        "pyproject.toml",
        "static",
        "templates",
        "tests",
    }
    assert (source / "tests/recordings/keeper.hurl").is_file()
    assert names(build(source, "wheel", tmp_path / "again")) == names(wheel)


@pytest.mark.long
def test_the_wheel_serves_its_pages_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-c", SERVES, str(tmp_path / "site"), str(REPOSITORY / "tests/recordings")],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert {"static/css/style.css", "static/js/server/app.js", "static/vendor/htmx.min.js"} <= set(done.stdout.split())
