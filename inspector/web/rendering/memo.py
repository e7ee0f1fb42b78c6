"""What several pages are made of, kept while pages become files: nothing changes meanwhile. A server keeps nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from flask import current_app

from inspector.web.rendering.context import is_exported

_MOST = 50
"""Of one kind; the first that came go first."""

Made = TypeVar("Made")


def once(kind: str, key: Hashable, make: Callable[[], Made]) -> Made:
    """What `make` makes, or made before for this key."""
    if not is_exported():
        return make()
    kept: OrderedDict[Hashable, Made] = current_app.extensions.setdefault(f"kept {kind}", OrderedDict())
    if key not in kept:
        kept[key] = make()
        if len(kept) > _MOST:
            kept.popitem(last=False)
    return kept[key]
