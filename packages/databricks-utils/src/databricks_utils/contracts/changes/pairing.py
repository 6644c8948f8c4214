"""Which columns of two states are the same: by name, by `id`, else perhaps, by type and description."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from databricks_utils.contracts.parts import Part

_LIKE = 0.6  # of two names, from 0 to 1: `dep_time` and `departure_time` have 0.73

_MOST_COMPARED = 2500  # pairs of names; a thousand columns with new names would take half a minute


@dataclass(frozen=True)
class Pair:
    """A part before and now.

    Attributes:
        old: The part before.
        new: The part now.
        kind: The kind of change that its name has; of a guess, the reason for it; empty if the name is the same.
    """

    old: Part
    new: Part
    kind: str = ""


@dataclass(frozen=True)
class Pairing:
    """The parts of two states.

    Attributes:
        pairs: Those that are in both, for certain.
        guesses: Those that are perhaps the same under another name.
        removed: Those that are gone.
        added: Those that are new.
    """

    pairs: tuple[Pair, ...]
    guesses: tuple[Pair, ...]
    removed: tuple[Part, ...]
    added: tuple[Part, ...]


def paired(old: Sequence[Part], new: Sequence[Part]) -> Pairing:
    """Find the parts of the old state in the new one.

    Args:
        old: The parts before.
        new: The parts now.
    """
    gone, added = list(old), list(new)
    pairs: list[Pair] = []
    for kind, is_same in _CERTAIN:
        _take(gone, added, pairs, kind, is_same)
    guesses: list[Pair] = []
    _take(gone, added, guesses, "same type and description", _same_description)
    if len(gone) * len(added) <= _MOST_COMPARED:
        _take(gone, added, guesses, "same type, similar name", _similar_name)
    order = {id(part): at for at, part in enumerate(new)}
    return Pairing(
        tuple(sorted(pairs, key=lambda pair: order[id(pair.new)])),
        tuple(sorted(guesses, key=lambda pair: order[id(pair.new)])),
        tuple(gone),
        tuple(added),
    )


def _take(
    gone: list[Part], added: list[Part], pairs: list[Pair], kind: str, is_same: Callable[[Part, Part], bool]
) -> None:
    """Move what is the same from the two lists to the pairs; the likest names first."""
    likeness = sorted(
        (
            (_likeness(one, other), at, one, other)
            for at, one in enumerate(gone)
            for other in added
            if is_same(one, other)
        ),
        key=lambda found: (-found[0], found[1]),
    )
    for _, _, one, other in likeness:
        if any(part is one for part in gone) and any(part is other for part in added):
            pairs.append(Pair(one, other, kind))
            gone[:] = [part for part in gone if part is not one]
            added[:] = [part for part in added if part is not other]


def _likeness(one: Part, other: Part) -> float:
    return SequenceMatcher(None, one.name.lower(), other.name.lower(), autojunk=False).ratio()


def _same_id(one: Part, other: Part) -> bool:
    return bool(one.given and other.given and one.given.id and one.given.id == other.given.id)


def _same_logical_name(one: Part, other: Part) -> bool:
    return bool(one.given and other.given and one.given.name == other.given.name)


def _same_description(one: Part, other: Part) -> bool:
    if not (one.given and other.given) or one.type != other.type:
        return False
    texts = [" ".join((part.given.description or "").split()) for part in (one, other) if part.given]
    return bool(texts[0]) and texts[0] == texts[1]


def _similar_name(one: Part, other: Part) -> bool:
    return one.type == other.type and _likeness(one, other) >= _LIKE


_CERTAIN: tuple[tuple[str, Callable[[Part, Part], bool]], ...] = (
    ("", lambda one, other: one.name == other.name),
    ("column_name_case_changed", lambda one, other: one.name.lower() == other.name.lower()),
    ("column_renamed", _same_id),
    ("column_renamed", _same_logical_name),
)
