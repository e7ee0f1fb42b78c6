"""What is said in generated recordings: words as they are spread in real text, and some that are there to be found.

The rank of a word gives how often it is said (Zipf with an exponent of 1.07: the first word is 5 % of a text, the
hundredth 0.1 %); beside the words stand numbers, identifiers as code has them, and words that are said once.
"""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate, product
from random import Random

SHARES = {
    "phosphorescence": 0.001,
    "barnacle": 0.02,
    "fog bell": 0.01,
    "exp_0042_lantern": 0.002,
    "get_keeper_permissions": 0.004,
    "灯台の霧笛": 0.002,
}
"""What a search looks for, and the share of the questions and of the answers that it stands in."""

COMMON = "lamp"
"""A word that is said in most conversations."""

_FIRST, _STARTS, _ENDS, _VERBS, _NOUNS = map(
    str.split,
    (
        "the of and to a in is it that was for on at with as by be this not are from or had but which were all has one "
        "when there no more light lamp fog ship keeper night wind tide horn bell rock log boat oil cat storm watch "
        "harbour lens wick jar stair door glass signal coast sea water salt chart buoy reef gale crate ledger supply "
        "crew captain message bottle order entry report range bearing knot fathom anchor gull mist dawn dusk hour "
        "minute count name page list key table",
        "ba be bo ca ce co da de do fa fe fi ga go ha he hi la le li ma me mo na ne no pa pe po ra re ri sa se so",
        "rin lot mar ven tis con dle ster nce ble rd sk ng ment lly tion per lin gen bor das fin kel mur sand",
        "get list find read set check count fetch open make send update",
        "tide lamp fog keeper supply signal range ledger chart crew buoy storm watch oil entry bearing",
    ),
)
"""The commonest words, what the others begin and end with, and the two halves of a tool's name."""

_SIZE = 40_000
_HAN = "灯台守霧笛夜船港海岩風潮油塔窓光島波雨星時記録日本語"


def _vocabulary() -> list[str]:
    made = ("".join(parts) for length in (1, 2, 3) for parts in product(*[_STARTS] * length, _ENDS))
    words = dict.fromkeys(_FIRST)
    for word in made:
        words[word] = None
        if len(words) == _SIZE:
            break
    rest = [*words][len(_FIRST) :]
    Random(1).shuffle(rest)
    return [*_FIRST, *rest]


WORDS = _vocabulary()
_WEIGHTS = [*accumulate(1 / (rank + 2.7) ** 1.07 for rank in range(len(WORDS)))]


def text(rng: Random, length: int) -> str:
    """So many words, in sentences and paragraphs."""
    said = rng.choices(WORDS, cum_weights=_WEIGHTS, k=length)
    at = 0
    while at < length:
        said[at] = said[at].capitalize()
        at += 5 + int(rng.random() * 14)
        if at < length:
            said[at - 1] += ".\n\n" if rng.random() < 0.06 else "." if rng.random() < 0.8 else ","
        if rng.random() < 0.12:
            said[min(at, length) - 2] = identifier(rng) if rng.random() < 0.5 else str(rng.randrange(10_000))
    return " ".join(said) + "."


def word(rng: Random) -> str:
    return WORDS[bisect(_WEIGHTS, rng.random() * _WEIGHTS[-1])]


def identifier(rng: Random) -> str:
    """``get_tide_range``, ``fogBearing``, ``exp_0137_lamp``, ``HS-48213``."""
    first, second = rng.choice(_NOUNS), rng.choice(_NOUNS)
    match rng.randrange(4):
        case 0:
            return f"{rng.choice(_VERBS)}_{first}_{second}"
        case 1:
            return first + second.capitalize()
        case 2:
            return f"exp_{rng.randrange(400):04d}_{first}"
        case _:
            return f"HS-{rng.randrange(10**6):06d}"


def function(rng: Random) -> str:
    """The name of a tool."""
    return f"{rng.choice(_VERBS)}_{rng.choice(_NOUNS)}"


def han(rng: Random, length: int) -> str:
    """Text of a script without spaces."""
    return "".join(rng.choices(_HAN, k=length)) + "。"


def wanted(rng: Random) -> str:
    """What a search will look for, each in its share of what is said; mostly nothing."""
    return " ".join(found for found, share in SHARES.items() if rng.random() < share)
