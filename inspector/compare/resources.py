"""What is said of a resource that a provider keeps (a file, a store, a run, a tuning job), beside what its protocol
makes of it.

- A value that changed is another answer: its state, why it failed, what it counts.
- What somebody set it to, in this request or one before, was asked.
- Ids, times and sizes that the provider makes up are noise.
- A field that came or went is another version of the interface, unless it says something and its name speaks of an
  outcome.
"""

from __future__ import annotations

from inspector.compare.difference import Side
from inspector.compare.values import ABSENT, Path
from inspector.model import ModelCall
from inspector.model.expressions import expression

PROTOCOLS = frozenset({"stored_objects", "openai.assistants"})

_SET = expression(
    r"(?:.*_)?instructions|(?:display_?|display)?[nN]ame|filename|description|metadata|purpose|endpoint|seed|suffix|method"
    r"|tools|tool_(?:choice|resources)|parallel_tool_calls|response_format|reasoning(?:_effort)?|temperature|top_[pk]"
    r"|max_.*|truncation_strategy|chunking_strategy|hyperparameters|(?:base_?)?model|embeddingModel|integrations|ttl"
    r"|completion_window|expires_after|(?:training|validation)_files?|input_file(?:s|_id)?|user|role"
)
_OUTCOME = expression(
    r"(?i).*(?:status|state|error|fail|warning|message|content|text|result|output|answer|reason|count|deleted|done|level"
    r"|action|details|fine_tuned|tunedmodel).*"
)
_SIZE = expression(r"(?i)(?:.*_)?bytes|sizebytes|sha256hash|(?:.*_)?checksum")


def is_resource(*calls: ModelCall) -> bool:
    return all(call.protocol in PROTOCOLS for call in calls)


def side_of(path: Path, before: object, after: object) -> Side:
    """What a difference of a resource amounts to that is no id and no time."""
    names = [key for key in path if isinstance(key, str)]
    if any(map(_SIZE.fullmatch, names[-1:])):
        return "noise"
    is_outcome = any(map(_OUTCOME.fullmatch, names))
    if before is ABSENT or after is ABSENT:
        return "answer" if is_outcome and not (is_empty(before) and is_empty(after)) else "noise"
    is_set = any(map(_SET.fullmatch, names)) and not any(map(_OUTCOME.fullmatch, names[-1:]))
    return "request" if is_set else "answer"


def is_empty(value: object) -> bool:
    """Whether a value says nothing, there or not."""
    return value is ABSENT or value is None or value in ("", [], {})
