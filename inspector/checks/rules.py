"""What is checked: one table, a row for each rule, which the command, its formats, the pages and the manual come from.

A code stays what it is: baselines, configurations and people know it. A new rule takes the next number of its letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "note"]
"""How bad it is, in the words of SARIF: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html"""


class Rule(NamedTuple):
    code: str
    name: str
    means: str
    severity: Severity
    do: str
    """What to do about it."""
    issue: str = ""
    """The kind of mark that it takes over (`inspector.analysis.issues.KINDS`)."""
    around: str = ""
    """The kind of mark that it takes over of those that depend on others (`inspector.analysis.issues.AROUND`)."""
    default: bool = True
    """Whether it is on unless somebody asks for others."""
    is_kept: bool = True
    """Whether its findings are in the index. Those of others are looked for in the files, where they are asked for."""


RULES = (
    Rule("C101", "credential", "something has the shape of a credential", "error",
         "Revoke it at its provider first: it is in the history. Then record again with a filter, or rewrite it."),
    Rule("C102", "credential-by-name", "a value that looks random stands under the name of a credential", "error",
         "As for C101. If it opens nothing, put it on the baseline."),
    Rule("C103", "encoded-credential", "base64 in a text holds a credential", "error",
         "As for C101: base64 hides nothing."),
    Rule("E201", "error", "the provider answered with an error", "note",
         "Fine where the test is about the error; otherwise record again.", "error", default=False),
    Rule("E202", "replayed-failure", "the provider was overloaded, out of order or out of quota, and every replay is "
         "told so again", "warning",
         "Delete it and record again, unless the test is about the failure."),
    Rule("F301", "unreadable-file", "a recording cannot be read, or not to its end", "error",
         "Record it again, or take it out of the paths."),
    Rule("F302", "not-understood", "something in an exchange could not be read", "warning",
         "See its page for what and where; a torn body should be recorded again.", "problem", default=False),
    Rule("K901", "unreachable", "no replay finds it: its name is not the key of what it holds", "warning",
         "Delete it, or record again: the test that it was for replays something else, or misses.", "unreachable"),
    Rule("K902", "duplicate", "the same turn of its test, but for ids and scores, is recorded in another file too",
         "note", "Keep the one that replays.", around="duplicate", default=False),
    Rule("K903", "collision", "two tests have the same key, or the same cassette", "warning",
         "Name one of them otherwise: the one that is recorded last is replayed by both.", around="collision"),
    Rule("K904", "unplayed", "no test of a whole run used it", "warning",
         "Delete it: nothing replays it.", around="unplayed"),
    Rule("K905", "orphan", "its test is not collected any more", "warning",
         "Delete it, or bring its test back.", around="orphan"),
    Rule("K906", "error-replayed", "a test passes that replays an error", "note",
         "Fine where the test is about the error; otherwise it passes for the wrong reason.", around="error replayed",
         default=False),
    Rule("K907", "stale", "it is older than is wanted, or recorded with an older SDK than others of its test", "note",
         "Record it again. `--max-age` or `max-age` says what is too old.", around="stale", default=False),
    Rule("K908", "prefix-moved", "it goes on from an earlier request, and changes what stood before", "note",
         "Keep what changes behind what stays: caches of prompts end at the first change.", around="prefix moved",
         default=False),
    Rule("R401", "cut-off", "the reply reached its token limit", "warning",
         "Raise the limit and record again; the test asserts on half an answer.", "cut off"),
    Rule("R402", "filtered", "the reply was withheld or stopped by a filter", "warning",
         "Ask for something else, or put it on the baseline where the filter is tested.", "filtered"),
    Rule("R403", "refusal", "the model refused", "note",
         "Fine where refusals are tested; otherwise ask in another way.", "refusal", default=False),
    Rule("R404", "empty", "the reply says nothing", "warning",
         "Record again: nothing that is asserted on it says much.", "empty"),
    Rule("S501", "no-end", "the stream stops without a finish reason", "warning",
         "The recorder or the connection stopped early: record again.", "no end"),
    Rule("S502", "stream-order", "the events of a stream come in an order that its protocol does not have", "warning",
         "The file was edited or merged, or the server is at fault: clients may read it differently. Record again."),
    Rule("T601", "bad-arguments", "tool arguments are not JSON or break the tool's own schema", "warning",
         "The model was wrong. If the test is not about that, record again or loosen the schema.", "bad arguments"),
    Rule("T602", "no-result", "a tool call in the history has no result", "warning",
         "Providers refuse such histories, or models guess: send a result for each call.", "no result"),
    Rule("T603", "no-call", "a tool result answers no call", "warning",
         "Send the message with the call as well; ids have to be the same.", "no call"),
    Rule("T604", "written-call", "a tool call was written as text, though tools were offered", "warning",
         "The client did not see the call: give the server a tool parser, or record with another model.",
         "written call"),
    Rule("T605", "tool-failed", "a tool answered with an error", "note",
         "If the test is not about that, mend what the tool needs, and record again.", "tool failed", default=False),
    Rule("U701", "usage-sum", "the token counts contradict each other", "warning",
         "The file was edited, or the provider counts wrongly: costs that are computed from it are wrong."),
    Rule("P801", "personal-path", "a path names somebody's home directory", "note",
         "Record in a neutral place, or filter what is recorded.", default=False, is_kept=False),
    Rule("P802", "internal-host", "an address names a host of a private network", "note",
         "Filter what is recorded, if the name is nobody's business.", default=False, is_kept=False),
)  # fmt: skip

BY_CODE = {rule.code: rule for rule in RULES}
BY_AROUND = {rule.around: rule for rule in RULES if rule.around}
BY_ISSUE = {rule.issue: rule for rule in RULES if rule.issue}


class NoRule(ValueError):
    """Somebody asked for a rule that there is not."""


def chosen(select: Iterable[str] = (), ignore: Iterable[str] = (), more: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules that are on: the default ones and `more`, or those that are selected, without the ignored ones. Each
    is a code, its beginning (``C``, ``T6``), a name, or ``ALL``. Raises `NoRule`."""
    on = {code for one in select for code in _codes(one)} or {rule.code for rule in RULES if rule.default} | {*more}
    off = {code for one in ignore for code in _codes(one)}
    return tuple(rule for rule in RULES if rule.code in on - off)


def _codes(asked: str) -> tuple[str, ...]:
    found = tuple(_named(asked.strip()))
    if not found:
        raise NoRule(f"there is no rule {asked}: see `inspector check --rules`")
    return found


def _named(asked: str) -> Iterator[str]:
    for rule in RULES if asked else ():
        if asked.upper() == "ALL" or rule.code.startswith(asked.upper()) or asked.lower() == rule.name:
            yield rule.code
