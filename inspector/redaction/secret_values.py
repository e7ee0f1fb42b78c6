"""What values under the names of secrets look like, and what is none: types, templates, expressions."""

from __future__ import annotations

import re

from inspector.model.expressions import expression
from inspector.redaction.placeholder import is_masked

_TEMPLATE = expression(r"(?:Bearer |Basic )?\{\{[^{}]*\}\}")
_TYPES = (
    "str|string|bool|boolean|int|integer|number|float|double|bytes|byte|object|any|none|null|nil|undefined|void|text"
    "|true|false|required|optional|unknown|never|secretstr|dict|list|array|char|varchar|self|value|yes|no"
)
_IS_TYPE = expression(rf"(?:\*|&|\[\])*(?:{_TYPES})\b[\])>?;,|.!]*(?:\s*=.*)?", re.IGNORECASE | re.DOTALL)
_PLACEHOLDER = expression(r"[<\[{]*(?:your|insert|replace)[-_ ]\w*.{0,40}|(.)\1*", re.IGNORECASE)
_EXPRESSION = expression(r"[A-Za-z_$]++(?:\??\.[A-Za-z_$]++)++[;,]?|[A-Za-z_$][\w.$]*+[(\[<].*", re.DOTALL)
_OPAQUE = expression(r"[A-Za-z0-9._~+/=:!@#$%^&*?-]{8,}")
_SCHEME = expression(r"^(?:bearer|basic|token|digest|apikey)[ ]+", re.IGNORECASE)
_NAME = expression(r"[A-Za-z]+(?:[-_ .][A-Za-z]+)*")


def is_given(value: str) -> bool:
    """Whether a value is one: a template such as ``{{api_key}}`` names a secret and is none, and what is masked already
    stays as it is."""
    return bool(value) and not is_masked(value) and not _TEMPLATE.fullmatch(value)


def without_scheme(value: str) -> str:
    """A credential without the word before it that says how it is used: ``Bearer``."""
    return _SCHEME.sub("", value, count=1)


def is_opaque(value: str) -> bool:
    """Whether a value looks like something that was drawn by lot: letters and digits without a space, or long."""
    value = without_scheme(value)
    if not _OPAQUE.fullmatch(value):
        return False
    if any(map(str.isdigit, value)):
        return any(map(str.isalpha, value)) or len(value) >= 16
    return len(value) >= 20 and not _NAME.fullmatch(value)


def is_type(value: str) -> bool:
    """Whether a value is the name of a type, perhaps with a default (``str``, ``bool;``, ``str = ""``), or only holds
    the place of one (``YOUR_API_KEY``, ``xxxx``)."""
    return bool(_IS_TYPE.fullmatch(value) or _PLACEHOLDER.fullmatch(value))


def is_single(value: str) -> bool:
    """Whether a value without quotes is one word, and no type or expression of a programming language."""
    return len(value.split(None, 1)) == 1 and not is_type(value) and not _EXPRESSION.fullmatch(value)
