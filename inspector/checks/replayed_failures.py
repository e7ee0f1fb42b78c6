"""Failures that a provider had for a while, and that a recording keeps for ever."""

from __future__ import annotations

from inspector.model import Exchange, ModelCall

_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
"""Statuses that clients try again after; 529 is Anthropic's word for overloaded, 52x are Cloudflare's."""

_WORDS = ("overloaded", "rate_limit", "ratelimit", "rate limit", "insufficient_quota", "service_unavailable",
          "apiconnectionerror", "apitimeouterror", "internalservererror")  # fmt: skip


def failure(exchange: Exchange, call: ModelCall) -> str | None:
    """The failure in a few words; None where there is none, or one that the same request always has."""
    if exchange.response is None or not exchange.sent:
        return None
    error, status = call.error, exchange.response.status
    status = status if status and status >= 400 else error.status if error is not None else None
    if status in _TRANSIENT and (error is not None or call.operation != "other"):
        return f"status {status}"
    if error is not None and (status is None or status < 400):
        told = f"{error.type or ''} {error.message or ''}"[:400].lower()
        return next((word for word in _WORDS if word in told), None)
    return None
