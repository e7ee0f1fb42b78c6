"""Which rules the project itself has on, and what is on its baseline: the page shows what the command shows."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from inspector.checks.baseline import Key, NoBaseline, read
from inspector.checks.project_settings import BadSettings, settings_for
from inspector.checks.rules import NoRule, chosen
from inspector.files.roots import Roots


class Project(NamedTuple):
    on: frozenset[str]
    """Codes of the rules."""
    known: Counter[Key]

    @classmethod
    def of(cls, roots: Roots) -> Project:
        """By the settings of the first root, as the command takes those of the first path; the defaults where nobody
        can read them."""
        try:
            told = settings_for(roots.all[0].served)
            rules = chosen(told.select, told.ignore, ("K907",) if told.max_age else ())
            return cls(frozenset(rule.code for rule in rules), read(told.baseline) if told.baseline else Counter())
        except (BadSettings, NoRule, NoBaseline, IndexError):
            return cls(frozenset(rule.code for rule in chosen()), Counter())
