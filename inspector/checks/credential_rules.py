"""Which masked values are credentials: rules as data, with the entropy that a value must have.

Masking hides too much rather than too little; a check that cried out at all of that would be switched off. The ids are
those of the public rules of gitleaks (https://github.com/gitleaks/gitleaks, MIT), as are the entropies and the way of
telling a random value: Shannon's entropy in bits a character, and words that stand in examples.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from inspector.model.expressions import expression
from inspector.redaction import patterns
from inspector.redaction.placeholder import is_masked
from inspector.redaction.secret_values import is_given, is_type

_ENTROPY = 3.0
"""Of a value that a shape gives away, where the rule says nothing else."""

_ENTROPIES = {
    "1password-service-account-token": 4.0, "atlassian-api-token": 3.5, "clojars-api-token": 2.0,
    "databricks-api-token": 3.0, "dynatrace-api-token": 4.0, "easypost-api-token": 2.0, "flutterwave-secret-key": 2.0,
    "github-oauth": 3.0, "gcp-api-key": 4.0, "hashicorp-tf-api-token": 3.5, "huggingface-access-token": 2.0,
    "linear-api-key": 2.0, "notion-api-token": 4.0, "npm-access-token": 2.0, "openshift-user-token": 3.5,
    "perplexity-api-key": 4.0, "prefect-api-token": 2.0, "pulumi-api-token": 2.0, "readme-api-token": 2.0,
    "rubygems-api-token": 2.0, "sendgrid-api-token": 2.0, "sendinblue-api-token": 2.0, "sentry-org-token": 4.5,
    "sentry-user-token": 3.5, "stripe-access-token": 2.0, "shopify-access-token": 2.0, "vault-batch-token": 4.0,
    "vault-service-token": 3.5,
}  # fmt: skip

_BY_NAME_ENTROPY = 3.5
_BY_NAME_SHORTEST = 10
_BY_NAME_LONGEST = 300
"""Of a value that only its name gives away."""

_STOPWORDS = (
    "000000", "111111", "123456", "aaaaaa", "abcdef", "changeme", "deadbeef", "default", "dummy", "example", "fake",
    "filtered", "foobar", "hidden", "insert", "invalid", "mock", "none", "not-", "not_", "nokey", "null", "omitted",
    "placeholder", "redacted", "removed", "replace", "sample", "sanitized", "scrubbed", "test", "undefined", "xxxx",
    "your", "zzzz", "...", "***", "secret", "password", "some-", "some_", "my-", "my_",
)  # fmt: skip
"""What stands in values that hold the place of a credential."""

_VALUE = expression(r"[\w.=+/~:@!#$^&*-]+")
"""Without per cent signs: what is escaped is an address's own signature, which has run out."""
_NAME = expression(r"[A-Za-z_.-]+")
_ID = expression(r"(?:call|toolu|chatcmpl|resp|msg|rec|req|run|thread|asst|file|phc|pk)[-_]")
"""Ids that providers give, which keys such as ``page_token`` or ``key`` hold as well; and keys that are public."""

_SCHEME = expression(r"(?:bearer|basic|token|apikey|digest)\s+", re.IGNORECASE)


class Credential(NamedTuple):
    """What a value is: the public rule's id, or empty where only its name told."""

    id: str

    @property
    def code(self) -> str:
        return "C101" if self.id else "C102"


@lru_cache(256)
def credential(masked: str) -> Credential | None:
    """What a value is that masking would hide; None for what is no credential after all. All requests of a program have
    the same key in their headers."""
    value = _SCHEME.sub("", masked.strip(), count=1)
    if not is_given(value) or is_masked(value):
        return None
    return of_shape(value) or (Credential("") if _is_by_name(value) else None)


def of_shape(text: str) -> Credential | None:
    """The first credential in a text that its shape gives away."""
    for start, end in patterns.find(text):
        found = text[start:end]
        id = patterns.shape_of(found)
        told = id.removeprefix("ours: ")
        if id == "private-key" or (entropy(found) >= _ENTROPIES.get(told, _ENTROPY) and not _is_a_stand_in(found, 2)):
            return Credential(told)
    return None


def entropy(text: str) -> float:
    """Shannon's, in bits a character."""
    size = len(text)
    return -sum(times / size * math.log2(times / size) for times in Counter(text).values()) if size else 0.0


def _is_by_name(value: str) -> bool:
    if not _BY_NAME_SHORTEST <= len(value) <= _BY_NAME_LONGEST or not _VALUE.fullmatch(value) or is_type(value):
        return False
    if _NAME.fullmatch(value) or _ID.match(value) or _is_a_stand_in(value, 1):
        return False
    has_both = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return has_both and entropy(value) >= _BY_NAME_ENTROPY


def _is_a_stand_in(value: str, most: int) -> bool:
    """Whether a value has so many words of examples, or a long row of one character."""
    lowered = value.lower()
    words = sum(word in lowered for word in _STOPWORDS)
    return words >= most or any(char * 5 in value for char in set(value))
