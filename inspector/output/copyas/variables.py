"""Secrets as environment variables: what takes a secret's place in a text, and the name that it goes by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from secrets import token_hex
from typing import NamedTuple

from inspector.model import Json, Request
from inspector.redaction.placeholder import MASK

_MARK = f"{MASK[:-1]}:{token_hex(8)}.{{}}›"
"""Told apart by a number that no recording can know: else one could name a variable of its own choice."""

_MARKED = re.compile(_MARK.format(r"(\w+)"))
_SCHEME = re.compile(r"[A-Za-z][\w-]{2,20} +(?=\S+$)")

_KEY_HEADERS = frozenset({"authorization", "x-api-key", "api-key", "x-goog-api-key", "key"})
"""Names of headers, and of a query's parameter, that hold the key for the provider itself."""

_OWN_NAMES = {
    "aws.bedrock": "AWS_BEARER_TOKEN_BEDROCK",
    "azure.ai.inference": "AZURE_INFERENCE_CREDENTIAL",
    "azure.ai.openai": "AZURE_OPENAI_API_KEY",
    "cohere": "CO_API_KEY",
    "copilot": "GITHUB_COPILOT_TOKEN",
    "databricks": "DATABRICKS_TOKEN",
    "gcp.gemini": "GEMINI_API_KEY",
    "gcp.vertex_ai": "GOOGLE_ACCESS_TOKEN",
    "github_models": "GITHUB_TOKEN",
    "huggingface": "HF_TOKEN",
    "ibm.watsonx.ai": "WATSONX_API_KEY",
    "mistral_ai": "MISTRAL_API_KEY",
    "replicate": "REPLICATE_API_TOKEN",
    "vercel_ai_gateway": "AI_GATEWAY_API_KEY",
    "x_ai": "XAI_API_KEY",
}
"""Variables that a provider's own documents name; of the others it is the provider's name and ``_API_KEY``."""

_HEADERS = {"openai-organization": "OPENAI_ORG_ID", "openai-project": "OPENAI_PROJECT_ID"}
_SECRET = re.compile("KEY|TOKEN|SECRET|PASSW|AUTH|COOKIE|CREDENTIAL|SIGNATURE|ASSERTION")
_NO_NAME = re.compile(r"[^A-Z0-9]+")
_LONGEST = 48

BASE_URL = "BASE_URL"
"""Stands for the address of a server that was not recorded."""


class Variable(NamedTuple):
    name: str


Pieces = list[str | Variable]
"""A text, and the variables that stand in it."""


class Secrets:
    """The secrets of one exchange in the order in which they are found; the same one has the same number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def found(self, secret: str) -> str:
        """What stands in a secret's place until it has a name. The scheme of a header, ``Bearer``, is none of it."""
        scheme = _SCHEME.match(secret)
        head = scheme.group() if scheme else ""
        number = self._numbers.setdefault(secret[len(head) :], len(self._numbers))
        return head + _MARK.format(number)


class Names:
    """The names of the marks in an exchange."""

    def __init__(self) -> None:
        self._by_mark: dict[str, str] = {}

    def pieces(self, text: str) -> Pieces:
        """A text taken apart at its marks."""
        if MASK[:-1] not in text:
            return [text] if text else []
        parts = _MARKED.split(text)
        found: Pieces = [part if at % 2 == 0 else Variable(self.of(part)) for at, part in enumerate(parts)]
        return [piece for piece in found if piece]

    def of(self, mark: str) -> str:
        return self._by_mark.get(mark) or self.give(mark, "SECRET")

    def give(self, mark: str, name: str) -> str:
        """Give a mark its name, unless it has one; a name that another has gets a number."""
        if mark not in self._by_mark:
            taken = set(self._by_mark.values())
            numbered = (name if number == 1 else f"{name}_{number}" for number in range(1, len(taken) + 2))
            self._by_mark[mark] = next(one for one in numbered if one not in taken)
        return self._by_mark[mark]


def variable(name: str) -> str:
    """The mark of a variable that stands for no secret of the recording."""
    return _MARK.format(name)


def is_mark(text: str) -> bool:
    """Whether a text is a mark and nothing else."""
    return _MARKED.fullmatch(text) is not None


def plain(text: str) -> str:
    """A text with masks in the place of its marks."""
    return _MARKED.sub(MASK, text)


def names_of(request: Request, provider: str | None) -> Names:
    """Names for the secrets of a request, by where they stand: headers first, for those say most."""
    names = Names()
    for place, text in _places(request):
        for mark in _MARKED.findall(text):
            names.give(mark, mark if not mark.isdecimal() else name_of(place, provider, text))
    return names


def _places(request: Request) -> Iterator[tuple[str, str]]:
    """Every text of a request that may hold a mark, with what it stands under."""
    yield from request.headers
    if MASK[:-1] in request.url:
        user, _, rest = request.url.partition("?")
        yield from ((pair.partition("=")[0], pair) for pair in rest.split("&"))
        yield "url_credentials", user
    if request.body is not None:
        yield from _texts(request.body.value, "")


def _texts(value: Json, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if MASK[:-1] in value:
            yield key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, str(name))
            yield from _texts(name, "")
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item, key)


def name_of(place: str, provider: str | None, text: str = "") -> str:
    """The name of the variable for what stands under the name of a header, a parameter or a key."""
    lowered = place.lower()
    if lowered in _KEY_HEADERS:
        if provider == "anthropic" and lowered == "authorization":
            return "ANTHROPIC_AUTH_TOKEN"
        return key_of(provider)
    if lowered in _HEADERS:
        return _HEADERS[lowered]
    name = _identifier(place)
    return name if _SECRET.search(name) else f"{name}_SECRET".strip("_")  # and never PATH


def key_of(provider: str | None) -> str:
    """The variable of a provider's key: ``OPENAI_API_KEY``."""
    if provider is None:
        return "API_KEY"
    return _OWN_NAMES.get(provider) or f"{_identifier(provider)}_API_KEY"


def _identifier(name: str) -> str:
    made = _NO_NAME.sub("_", name[:_LONGEST].upper()).strip("_")
    return f"_{made}" if made[:1].isdigit() else made
