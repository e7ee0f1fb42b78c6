"""What is neutral by name: keys that say nothing to a reader, everywhere or in one protocol."""

from __future__ import annotations

from collections.abc import Collection

from inspector.decode.protocols.protocol import WireProtocol

NEUTRAL = frozenset(
    {
        "id", "object", "created", "created_at", "type", "role", "index", "status", "state", "model", "version",
        "system_fingerprint", "service_tier", "serviceTier", "obfuscation", "padding", "p", "x_groq", "jsonrpc", "etag",
        "signature", "thoughtSignature", "thought_signature", "encrypted_content", "encrypted_index", "cache_control",
        "content_filter_results", "prompt_filter_results", "content_filter_offsets", "media_type",
        "mime_type", "mimeType", "filename",
    }
)  # fmt: skip
"""Keys of texts, and of all that lies below them, that say nothing to a reader in any protocol."""

_NEUTRAL_ENDS = ("_id", "Id", "_ids", "_at", "edAt", "Time", "_time")
"""How the names of ids and times end."""


class Neutral(dict[str, bool]):
    """Whether a key is neutral; what it is by its ending is found out once."""

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__(dict.fromkeys((key for key in keys if "." not in key), True))
        self.places = tuple(key for key in keys if "." in key)

    def __missing__(self, key: str) -> bool:
        is_neutral = key.endswith(_NEUTRAL_ENDS)
        if len(self) < 10_000:  # keys are whatever somebody recorded
            self[key] = is_neutral
        return is_neutral

    def has_place(self, path: str) -> bool:
        """Whether a text lies at a place that is neutral, or below one."""
        plain = path.replace("[]", "")
        return any(
            f"{plain}.".startswith(f"{place[1:]}.") if place[0] == "." else f".{place}." in f".{plain}."
            for place in self.places
        )


_KNOWN: dict[str, Neutral] = {}


def neutral_of(protocol: WireProtocol) -> Neutral:
    name = protocol.__name__ if hasattr(protocol, "__name__") else protocol.NAME
    if name not in _KNOWN:
        _KNOWN[name] = Neutral(NEUTRAL | getattr(protocol, "NEUTRAL", frozenset()))
    return _KNOWN[name]
