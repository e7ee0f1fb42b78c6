"""An exchange as it is compared: masked by one and the same mask, since numbered ones differ where nothing does."""

from __future__ import annotations

from flask import current_app

from inspector.decode import decoder
from inspector.index import Row
from inspector.redaction import decoded
from inspector.redaction.decoded import Masked
from inspector.web.exchange.load import held, open_row
from inspector.web.rendering.context import is_exported


def masked_exchange(row: Row) -> Masked | None:
    """The exchange of a row; None where its file no longer holds it."""
    if is_exported():  # where all pages have that mask
        one = open_row(row)
        return None if one is None else Masked(one.exchange, one.call)
    exchange = held(row)[1]
    if exchange is None:
        return None
    if current_app.config["SETTINGS"].unmasked:
        return Masked(exchange, decoder.decode(exchange))
    return decoded.masked(exchange)
