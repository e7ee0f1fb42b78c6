"""How far a long reading is."""

from __future__ import annotations

from typing import NamedTuple, Self

_SOME_FILES, _SOME_SECONDS = 20, 5.0
"""What has to be read, or to have passed, before anything can be said of the speed."""


class Progress(NamedTuple):
    """How far the reading is: files that were read, all there are to read, and the seconds that it took so far. Other
    long work says what it does, and with what."""

    done: int = 0
    total: int = 0
    seconds: float = 0.0
    act: str = "reading"
    noun: str = "file"

    @property
    def running(self) -> bool:
        return self.done < self.total

    @property
    def text(self) -> str:
        """``reading 12,400 of 100,000 files · 3,100 a second · 28 s left``"""
        text = f"{self.act} {self.done:,} of {self.total:,} {self.noun}{'' if self.total == 1 else 's'}"
        if not (self.done and self.seconds) or (self.done < _SOME_FILES and self.seconds < _SOME_SECONDS):
            return text
        rate = self.done / self.seconds
        speed = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        return f"{text} · {speed} a second · {_lasting((self.total - self.done) / rate)} left"

    @property
    def noted(self) -> str:
        """For another process."""
        return f"{self.done} {self.total} {self.seconds:.1f}"

    @classmethod
    def of(cls, noted: str) -> Self:
        done, total, seconds = noted.split()
        return cls(int(done), int(total), float(seconds))


def _lasting(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
