"""Dataclasses that nothing changes.

That nothing is assigned to them is checked with the types, before anything runs. Python's own frozen dataclasses check
it at run time too, which makes each take three times as long to make: a twentieth of an index.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, **how: Any) -> Any:
        """`dataclasses.dataclass`, which knows that they are frozen for its hash alone."""
        return dataclasses.dataclass(unsafe_hash=frozen, **how)
