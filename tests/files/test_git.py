"""A repository is read without running anything that it brings."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from inspector.compare.states import revisions
from inspector.export import provenance
from inspector.files import git
from tests.making import chat, put

WHO = ["-c", "user.name=Keeper", "-c", "user.email=keeper@example.org", "-c", "protocol.file.allow=always"]


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", folder, *WHO, *arguments], check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "top"
    put(top / "r" / "a.json", chat("first"))
    put(top / "r" / "b.json", chat("second"))
    put(top / ".gitattributes", b"* filter=x diff=x\n")
    run(top, "init", "-q", "-b", "main")
    run(top, "add", ".")
    run(top, "commit", "-qm", "first")
    return top


def hostile(top: Path, proof: Path) -> None:
    """Every setting by which a configuration names a program."""
    program = proof.with_suffix(".sh")
    program.write_text(f"#!/bin/sh\ntouch '{proof}'\ncat\n")
    program.chmod(0o755)
    for name in (
        "filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "diff.x.command", "diff.external",
        "core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass", "core.gitProxy",
        "core.alternateRefsCommand", "gpg.program", "credential.helper", "pager.show", "pager.log", "sequence.editor",
        "uploadpack.packObjectsHook", "interactive.diffFilter", "alias.cat-file", "alias.rev-parse",
    ):  # fmt: skip
        run(top, "config", name, str(program))
    run(top, "config", "log.showSignature", "true")
    run(top, "config", "protocol.allow", "always")
    run(top, "config", "protocol.ext.allow", "always")
    run(top, "config", "protocol.ssh.allow", "always")
    hooks = top / ".git" / "own-hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "pre-auto-gc", "reference-transaction", "post-checkout", "fsmonitor-watchman"):
        shutil.copy(program, hooks / hook)
    run(top, "config", "core.hooksPath", str(hooks))


def test_the_configuration_of_a_repository_runs_nothing(repository: Path, tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    hostile(repository, proof)
    proof.unlink(missing_ok=True)
    put(repository / "r" / "a.json", chat("other"), age=0)
    os.utime(repository / "r" / "b.json")  # what git would have to look into
    assert provenance.made([repository / "r"], ["r"], "", False).revision.endswith("+")
    found = revisions.revision(str(repository / "r"), "HEAD")
    present = {f"r/{file.name}": str(file) for file in (repository / "r").iterdir()}
    with revisions.unpacked(found, ["r"], present) as unpacked:
        assert unpacked.file.stat().st_size
        assert unpacked.same == {"r/b.json"}
    assert not proof.exists()


@pytest.mark.parametrize("address", ["ssh://example.invalid/r", "ext::{proof}.sh"])
def test_what_a_partial_clone_lacks_is_not_fetched(repository: Path, tmp_path: Path, address: str) -> None:
    proof = tmp_path / "proof"
    hostile(repository, proof)
    blob = run(repository, "rev-parse", "HEAD:r/a.json")
    run(repository, "config", "remote.origin.url", address.format(proof=proof))
    run(repository, "config", "remote.origin.promisor", "true")
    run(repository, "config", "remote.origin.partialclonefilter", "blob:none")
    run(repository, "config", "core.repositoryformatversion", "1")
    run(repository, "config", "extensions.partialClone", "origin")
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    proof.unlink(missing_ok=True)
    found = revisions.revision(str(repository / "r"), "HEAD")
    with revisions.unpacked(found, ["r"]) as unpacked:
        assert b"second" in unpacked.file.read_bytes()
        assert b"first" not in unpacked.file.read_bytes()
        assert not unpacked.same
        assert [*unpacked.left] == ["r/a.json"]
    provenance.made([repository], ["top"], "", False)
    assert not proof.exists()


def test_a_tree_without_end_is_not_listed(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_LARGEST_ANSWER", 2**20)
    tree = run(repository, "rev-parse", "HEAD:r")
    for _ in range(20):  # each is twice the one before, and takes no more room
        asked = f"040000 tree {tree}\ta\n040000 tree {tree}\tb\n".encode()
        command = ["git", "-C", repository, "mktree"]
        tree = subprocess.run(command, input=asked, check=True, capture_output=True).stdout.decode().strip()
    run(repository, "update-ref", "refs/heads/main", run(repository, "commit-tree", tree, "-m", "endless"))
    found = revisions.revision(str(repository), "HEAD")
    with pytest.raises(revisions.NoRevision, match="longer than 1 MB"), revisions.unpacked(found, []):
        pass
    assert provenance.made([repository], ["top"], "", False).revision == ""


def test_a_pipe_in_the_place_of_an_object_is_not_waited_for(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "_PATIENCE", 0.3)
    found = revisions.revision(str(repository), "HEAD")
    listed = git.listed(found.top, found.commit)
    assert len(listed.blobs) == 3
    blob = listed.blobs[-1]
    object = repository / ".git" / "objects" / blob.hash[:2] / blob.hash[2:]
    object.unlink()
    os.mkfifo(object)
    assert [data is None for _, data in git.contents(found.top, listed.blobs)] == [False, False, True]
    head = repository / ".git" / "HEAD"
    head.unlink()
    os.mkfifo(head)
    with pytest.raises(git.GitFailed):
        git.commit(found.top, "HEAD")


def test_a_revision_takes_no_more_room_than_an_archive_may(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = revisions.revision(str(repository), "HEAD")
    sizes = [blob.size for blob in git.listed(found.top, found.commit).blobs]
    monkeypatch.setattr(revisions, "MAX_TOTAL", sum(sizes) - 1)
    with revisions.unpacked(found, []) as unpacked:
        assert [*unpacked.left] == ["r/b.json"]
        assert "larger than" in unpacked.left["r/b.json"]


def test_whether_files_differ_is_told_by_what_they_hold(repository: Path) -> None:
    def revision(path: Path) -> str:
        return provenance.made([path], [path.name], "", False).revision

    head = run(repository, "rev-parse", "--short=12", "HEAD")
    os.utime(repository / "r" / "a.json")
    assert revision(repository / "r") == head
    put(repository / "r" / "new.json", chat("new"))
    assert revision(repository / "r") == f"{head}+"
    assert revision(repository / "r" / "a.json") == head
    (repository / "r" / "new.json").unlink()
    put(repository / "r" / "a.json", chat("other"))
    assert [revision(repository / "r"), revision(repository / "r" / "a.json")] == [f"{head}+"] * 2
    assert revision(repository / "r" / "b.json") == head
    (repository / "r" / "b.json").unlink()
    assert revision(repository) == f"{head}+"


def test_where_there_is_no_repository_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert git.top(str(tmp_path)) is None
    assert provenance.made([tmp_path], ["x"], "", False).revision == ""
    with pytest.raises(git.GitFailed):
        git.commit(str(tmp_path), "HEAD")


def test_when_a_commit_was_made(repository: Path) -> None:
    made = git.commit(str(repository), "main")
    seconds, day, short = run(repository, "log", "-1", "--format=%ct %cs %h").split()
    assert (made.seconds, made.day, made.short) == (int(seconds), day, short)
