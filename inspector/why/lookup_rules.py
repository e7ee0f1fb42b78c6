"""What a recorded request is compared by: what its recorder does by default, or what a project is known to set."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from inspector.checks.project_settings import BadSettings, settings_for
from inspector.files.roots import Roots
from inspector.files.scan import Unreadable
from inspector.model import Exchange
from inspector.recorders import Recorder, polly_rules, recorder_of, vcr_settings, vcrpy_rules
from inspector.testruns.missed_request import MissedRequest


class Matching(NamedTuple):
    recorder: Recorder | None
    """None where nobody knows which one reads it."""
    matched_by: tuple[str, ...]
    repeats: bool
    """Whether what was played once is played again."""
    by: str = ""
    """Where a project set it; empty for the defaults of the recorder."""
    on_a_miss: str = ""
    """What becomes of a request without a recording, where the record mode is known."""


def matching(roots: Roots, path: str, format: str | None, one: Exchange, missed: MissedRequest | None) -> Matching:
    """How the recorder of an entry looks a request up. `missed` is how it did so, where that is known."""
    recorder = polly_rules if polly_rules.is_entry(one.raw) else recorder_of(format)
    if recorder is None:
        return Matching(None, (), True)
    if missed and missed.matched_by:
        mode = vcrpy_rules.ON_A_MISS.get(missed.record_mode, "")
        return Matching(recorder, missed.matched_by, recorder.REPEATS, "as the run had it", mode)
    defaults = Matching(recorder, tuple(recorder.MATCHED_BY), recorder.REPEATS)
    if recorder is polly_rules and (found := polly_rules.matched_by(one)):
        return defaults._replace(matched_by=found, by="what its id is a hash of")
    if recorder.MATCHED_BY == ("key",):
        return defaults
    return _configured(roots, path, defaults)


def _configured(roots: Roots, path: str, defaults: Matching) -> Matching:
    """What ``pyproject.toml`` says, or else the fixture of VCR.py."""
    try:
        file = Path(roots.place(path).file)
        told = settings_for(file)
    except (Unreadable, BadSettings, ValueError, OSError):
        return defaults
    names, repeats, by = told.match_on, told.allow_playback_repeats, "[tool.inspector]"
    if defaults.recorder is vcrpy_rules:
        fixture = vcr_settings.settings_for(file)
        defaults = defaults._replace(on_a_miss=vcrpy_rules.ON_A_MISS.get(fixture.record_mode, ""))
        if not names and repeats is None:
            names, repeats = fixture.match_on, fixture.allow_playback_repeats
            by = f"`{vcr_settings.FIXTURE}` in {vcr_settings.FILE}"
    if not names and repeats is None:
        return defaults
    return defaults._replace(
        matched_by=names or defaults.matched_by, repeats=defaults.repeats if repeats is None else repeats, by=by
    )
