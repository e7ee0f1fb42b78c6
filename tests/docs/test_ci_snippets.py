"""The CI snippets of the manual, as far as they can be tried here: the shell lines are run as the runners run them,
with the services' own programs (`pip`, `pytest`, `gh`, `curl`) replaced by ones that note what they are asked to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.generate import MANUAL, README
from tests.making import SAMPLES

_SNIPPET = re.compile(r"^```yaml\n# (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
_THEIRS = ("pip", "pytest", "gh", "curl")
_GIVEN = {
    "github.base_ref || github.event.repository.default_branch": "main",
    "steps.upload.outputs.artifact-url": "https://ci.example/artifacts/1",
    "github.token": "token",
    "github.event.number": "7",
}


def _snippets() -> dict[str, Any]:
    return {
        name: yaml.safe_load(text) for name, text in _SNIPPET.findall((MANUAL / "ci.md").read_text(encoding="utf-8"))
    }


def _jobs() -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """Name, variables and shell lines of every job."""
    for name, document in _snippets().items():
        if "jobs" not in document:
            jobs = {job: about for job, about in document.items() if isinstance(about, dict)}
            for job, about in jobs.items():
                variables = {key: str(value) for key, value in about.get("variables", {}).items()}
                yield f"{name} {job}", variables, [*about["script"], *about.get("after_script", [])]
            continue
        for job, about in document["jobs"].items():
            steps = [step for step in about["steps"] if "run" in step]
            variables = {**about.get("env", {})}
            for step in steps:
                variables |= step.get("env", {})
            yield f"{name} {job}", variables, [step["run"] for step in steps]


_JOBS = list(_jobs())


def test_there_are_snippets() -> None:
    assert _snippets().keys() == {
        ".github/workflows/tests.yml", ".github/workflows/recordings.yml", ".gitlab-ci.yml",
        ".github/workflows/check.yml", ".gitlab-ci.check.yml",
    }  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with recordings whose remote has the main branch."""
    top = tmp_path / "project"
    shutil.copytree(SAMPLES / "tests" / "integration" / "messages", top / "tests")
    for command in ("init -qb main", "add .", "commit -qm first", "update-ref refs/remotes/origin/main HEAD"):
        who = ["-c", "user.name=Keeper", "-c", "user.email=keeper@lantern.example", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *command.split()], cwd=top, check=True)
    return top


def _programs(folder: Path) -> str:
    """A PATH with our own command, and others that note their arguments."""
    folder.mkdir()
    for name in _THEIRS:
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "$NOTED"\n')
        (folder / name).chmod(0o755)
    (folder / "inspector").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m inspector "$@"\n')
    (folder / "inspector").chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.long
@pytest.mark.parametrize(("variables", "lines"), [job[1:] for job in _JOBS], ids=[job[0] for job in _JOBS])
def test_a_job_runs(variables: dict[str, str], lines: list[str], project: Path, tmp_path: Path) -> None:
    given = {
        "PATH": _programs(tmp_path / "bin"), "HOME": str(tmp_path), "PYTHONPATH": str(README.parent),
        "NOTED": str(tmp_path / "noted"), "GITHUB_STEP_SUMMARY": str(tmp_path / "step"), "GITHUB_REPOSITORY": "a/b",
        "CI_JOB_URL": "https://ci.example/jobs/1", "CI_MERGE_REQUEST_IID": "7", "NOTE_TOKEN": "token",
        "CI_API_V4_URL": "https://ci.example/api/v4", "CI_PROJECT_ID": "3",
    }  # fmt: skip
    for name, value in variables.items():
        filled = _EXPRESSION.sub(lambda found: _GIVEN[found[1]], value)
        given[name] = re.sub(r"\$(CI_\w+)", lambda found: given[found[1]], filled)
    for line in lines:
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", line], cwd=project, env=given, capture_output=True)
        assert done.returncode == 0, (line, done.stderr.decode())
    made = {path.name for path in project.iterdir()}
    if (tmp_path / "step").exists():
        summary = (tmp_path / "step").read_text(encoding="utf-8")
        assert "nothing changed" in summary
        assert "https://ci.example/artifacts/1" in summary
        assert "gh pr comment 7 --body-file summary.md" in (tmp_path / "noted").read_text()
    elif "summary.md" in made:
        assert "https://ci.example/jobs/1/artifacts/file/report.html" in (project / "summary.md").read_text("utf-8")
        assert "merge_requests/7/notes" in (tmp_path / "noted").read_text()
    for folder in made & {"site", "public"}:
        assert (project / folder / "index.html").is_file()
    assert made & {"report.html", "site", "public", "inspector.sarif", "inspector.xml"}
