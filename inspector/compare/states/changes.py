"""What changed between two states of the recordings, by what was said and not by bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from types import MappingProxyType

from inspector.compare.states.change import NAME, NOISE, Change, Detail, Since, Unread, What
from inspector.compare.states.details import NOTHING, Kept, details, failed, kept
from inspector.compare.states.kinds import grouped
from inspector.compare.states.matching import Pair, files, pairs
from inspector.compare.states.read_calls import differences_of, is_of_ids
from inspector.compare.states.read_pairs import Loaded, loaded
from inspector.compare.states.read_together import Early
from inspector.compare.states.row_changes import Said, is_unknown_to_rows, what
from inspector.compare.states.state import Digest, State, digests
from inspector.compare.verdict import verdict
from inspector.index import Row


class Memo:
    """What was found out of two states, for when one of them is compared again after a little changed."""

    def __init__(self) -> None:
        self.digests: dict[tuple[str, int, int, int], Digest] = {}
        self.details: dict[tuple[str, int, int], tuple[Detail, ...]] = {}


def since(
    before: State,
    after: State,
    name: str,
    unchanged: frozenset[str] = frozenset(),
    memo: Memo | None = None,
    early: Mapping[tuple[str, str], Early] = MappingProxyType({}),
) -> Since:
    """What changed. The places in `unchanged` are files that are the same, byte by byte, and that `before` may have
    left out. With a query, what it finds in either state. What was compared `early`, while it was read, is not read
    again: it goes by the paths of both."""
    memo = memo or Memo()
    same_file = files(before.places, after.places)
    same = _same_bytes(before, after, same_file, memo)
    places_after = after.places
    same_after = same.keys() | {path for path, place in places_after.items() if place in unchanged}
    same_before = set(same.values())
    old = [row for row in before.rows if row.path not in same_before]
    new = [row for row in after.rows if row.path not in same_after]
    same_places = unchanged | {places_after[path] for path in same_after}
    unread = (*_unread(before, "before", after, same_places), *_unread(after, "after", before, same_places))
    found = pairs(old, new, same_file)
    changed = _changes(before, after, found, same_file, memo, early)
    told = [change for change in changed if _is_asked_for(change, before, after)]
    places = {(one.state, one.path) for one in unread}
    known = [change for change in told if not _is_unknown(change, places, after)]
    changes, kinds = grouped(change for change in known if change.verdict != "same")
    news = sum({"new": 1, "gone": -1}.get(change.kind, 0) for change in changes)
    same_rows = sum(row.id in after.found for row in after.rows if row.path in same_after)
    same_rows += sum(change.verdict == "same" for change in known)
    return Since(name, changes, len(after.found) - news, kinds, unread, same_rows)


def _unread(state: State, which: str, other: State, same: Set[str]) -> Iterator[Unread]:
    recorded = {
        *state.places.values(),
        *(one for place in other.places.values() for one in _at_and_above(place)),
    } - same
    yield from (Unread(which, place, why, place in recorded) for place, why in state.unreadable())


def _at_and_above(place: str) -> Iterator[str]:
    while place:
        yield place
        place = place.rpartition("/")[0]


def _is_asked_for(change: Change, before: State, after: State) -> bool:
    was, now = change.before, change.after
    return (was is not None and was.id in before.found) or (now is not None and now.id in after.found)


def _is_unknown(change: Change, unread: set[tuple[str, str]], after: State) -> bool:
    """Whether an exchange seems new or gone only because the other state has its file and cannot read it."""
    if change.kind == "changed":
        return False
    other, place = ("before", after.place(change.row.path)) if change.after else ("after", change.row.path)
    return any((other, at) in unread for at in _at_and_above(place))


def _same_bytes(before: State, after: State, same_file: dict[str, str], memo: Memo) -> dict[str, str]:
    """The files that are the same, byte by byte: their paths now and before."""
    sizes = {new: old for new, old in same_file.items() if before.files[old].size == after.files[new].size}
    likely = {new: old for new, old in same_file.items() if new in sizes or _is_inside(before, old, after, new)}
    was = _digests(before, set(likely.values()), memo)
    now = _digests(after, set(likely), memo)
    return {new: old for new, old in likely.items() if new in now and now[new] == was.get(old)}


def _digests(state: State, paths: set[str], memo: Memo) -> dict[str, Digest]:
    key = {path: (path, id(state.known), state.files[path].mtime, state.files[path].changed) for path in paths}
    new = {path for path in paths if key[path] not in memo.digests}
    if new:
        memo.digests |= {key[path]: digest for path, digest in digests(state, new).items()}
    return {path: memo.digests[key[path]] for path in paths if key[path] in memo.digests}


def _is_inside(before: State, old: str, after: State, new: str) -> bool:
    """Whether a file lies in an archive, whose size stands for its own."""
    return before.files[old].inside is not None or after.files[new].inside is not None


# ---------------------------------------------------------------- one exchange


def _changes(
    before: State,
    after: State,
    found: list[Pair],
    same_file: dict[str, str],
    memo: Memo,
    early: Mapping[tuple[str, str], Early],
) -> Iterator[Change]:
    both = [(was, now) for was, now in found if was and now]
    said_before = Said.of(before, [was for was, _ in both])
    said_after = Said.of(after, [now for _, now in both])
    told = {now.id: tuple(what(was, now, said_before, said_after)) for was, now in both}
    lone, lone_before = _alone(after.rows), _alone(before.rows)
    alone = {new for new, old in same_file.items() if new in lone and old in lone_before}
    read = [(was, now) for was, now in both if not _is_known_alike(was, now, told[now.id]) or now.path not in alone]
    seen: dict[int, tuple[Detail, ...]] = {now.id: (_OTHER_IDS,) for _, now in both}
    key = {now.id: (now.uid, now.mtime, was.id) for was, now in read}
    seen |= {id: memo.details[known] for id, known in key.items() if known in memo.details}
    at_once = [(early.get((was.path, now.path)), was, now) for was, now in read]
    seen |= {now.id: _details_of(one, was, now, told[now.id]) for one, was, now in at_once if one}
    new = [(was, now) for one, was, now in at_once if one is None and key[now.id] not in memo.details]
    for one in loaded(before, after, new):
        found_out = _details(one, told[one.now.id])
        seen[one.now.id] = memo.details[key[one.now.id]] = found_out
    for was, now in found:
        if was is None or now is None:
            yield Change(was and _placed(was, before), now, verdict="new" if was is None else "gone")
            continue
        moved_to = "" if same_file.get(now.path) == was.path else after.place(now.path)
        yield _change(_placed(was, before), now, told[now.id], seen.get(now.id, ()), moved_to)


def _is_known_alike(was: Row, now: Row, told: tuple[What, ...]) -> bool:
    """Whether two exchanges say the same by all that the index knows, and that is enough."""
    return all(map(is_of_ids, told)) and not is_unknown_to_rows(was, now)


def _alone(rows: Iterable[Row]) -> frozenset[str]:
    """The files that hold one exchange: whose bytes differ, it differs."""
    counted = Counter(row.path for row in rows)
    return frozenset(path for path, number in counted.items() if number == 1)


def _change(was: Row, now: Row, told: tuple[What, ...], found: tuple[Detail, ...], moved_to: str) -> Change:
    """What changed in an exchange; `moved_to` is the place of its file where that is another."""
    said: str = verdict(one.side for one in found)
    is_renamed = bool(moved_to) or any(one.kind == "test" for one in told)
    if said in ("noise", "same"):
        told = told or ((What(NOISE),) if said == "noise" else ())
        if moved_to and {one.kind for one in told} <= {NOISE}:
            told = (*told, What(NAME, was.path, moved_to))
        said = "moved" if is_renamed else said
    return Change(was, now, told or tuple(What(one.part) for one in found), said, found)


def _placed(row: Row, before: State) -> Row:
    """An exchange by its place in the repository: the archive that it was read from is not there any more."""
    place = before.place(row.path)
    return row._replace(path=place, group_id=place if row.group_id == row.path else row.group_id)


def _details(pair: Loaded, told: tuple[What, ...]) -> tuple[Detail, ...]:
    """What differs between two exchanges. What answers the same by the index and holds messages is not decoded."""
    if pair.before is None or pair.after is None:
        return details(NOTHING, told)
    if not told and pair.before.raw == pair.after.raw:
        return ()
    if _is_known_alike(pair.was, pair.now, told):
        return (_OTHER_IDS,)
    return details(_compared(pair, told), told) or (_OTHER_IDS,)


def _compared(pair: Loaded, told: tuple[What, ...]) -> Kept:
    is_known = not is_unknown_to_rows(pair.was, pair.now)
    try:
        return kept(differences_of(pair, told, is_known=is_known))
    except Exception as error:
        return failed(error)


def _details_of(known: Early, was: Row, now: Row, told: tuple[What, ...]) -> tuple[Detail, ...]:
    """The same of a pair that was compared while it was read."""
    if not told and known.is_same:
        return ()
    return (_OTHER_IDS,) if _is_known_alike(was, now, told) else details(known.found, told) or (_OTHER_IDS,)


_OTHER_IDS = Detail("noise", "ids", "", "", "other ids and times")


def by_group(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes by the test, session or file of the exchange, in the order of their names."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.row.group_id, []).append(change)
    return dict(sorted(found.items()))
