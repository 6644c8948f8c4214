"""Fixes of errors about a name that does not exist: the nearest names that exist, or all of them."""

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nlargest
from itertools import takewhile

_SHORT = 4  # characters; in so short a name one wrong letter weighs more
_LISTED = 12  # names that are shown
_ALIKE = 6  # of more names than that, those most alike are shown
_MANY = 50  # candidates that are compared letter by letter; each takes 20 to 50 microseconds


def nearest(
    name: str, candidates: Iterable[str], *, limit: int = 2, cutoff: float | None = None
) -> list[str]:
    """Return the candidates that are likely what was meant, nearest first.

    Case does not count, and `-` equals `_`; a candidate that differs only in these is returned alone.

    Args:
        name: The name as it was given.
        candidates: The names that exist.
        limit: Number of candidates to return at most.
        cutoff: Likeness that a candidate needs, from 0 to 1; by default 0.6 for names of up to four characters, else 0.72.

    Examples:
        >>> nearest("notebok_path", ["notebook_path", "source", "warehouse_id"])
        ['notebook_path']
    """
    folded = {_fold(candidate): candidate for candidate in sorted(set(candidates))}
    wanted = _fold(name)
    if wanted in folded:
        return [folded[wanted]]
    needed = cutoff if cutoff is not None else 0.6 if len(wanted) <= _SHORT else 0.72
    compared = list(folded)
    if len(compared) > _MANY:
        compared = nlargest(_MANY, compared, key=lambda candidate: _shared_ends(wanted, candidate))
    return [folded[match] for match in get_close_matches(wanted, compared, n=limit, cutoff=needed)]


def _shared_ends(name: str, other: str) -> int:
    """Return how many letters two names share at their beginning and at their end: a misspelled name keeps most of them."""
    return _shared_start(name, other) + _shared_start(name[::-1], other[::-1])


def _shared_start(name: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(name, other, strict=False)))


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """Return a fix that names the nearest candidates, or None if nothing is near.

    >>> did_you_mean("prd", ["dev", "prod"])
    'did you mean `prod`?'
    """
    found = nearest(name, candidates)
    return f"did you mean {' or '.join(f'`{match}`' for match in found)}?" if found else None


def choose_from(name: str, candidates: Iterable[str]) -> str | None:
    """Return a fix that names the nearest candidates, or all if nothing is near; None if there are no candidates.

    >>> choose_from("silvr", ["bronze", "silver"])
    'did you mean `silver`?'
    >>> choose_from("x", ["bronze", "silver"])
    'choose one of: `bronze`, `silver`'
    """
    known = list(candidates)
    if not known:
        return None
    return did_you_mean(name, known) or f"choose one of: {some_of(name, known, mark='`')}"


def some_of(name: str, candidates: Iterable[str], *, mark: str = "") -> str:
    """Return the names in one line; of more than a dozen those that are most alike, and how many more there are.

    Args:
        name: The name as it was given.
        candidates: The names that exist.
        mark: What stands around each name.

    Examples:
        >>> some_of("PAUSE", ["PAUSED", "UNPAUSED"], mark="`")
        '`PAUSED`, `UNPAUSED`'
        >>> some_of("R", [f"R{number}" for number in range(20)])
        'R9, R8, R7, R6, R5, R4, … and 14 more'
    """
    known = sorted(set(candidates))
    shown = known if len(known) <= _LISTED else nearest(name, known, limit=_ALIKE, cutoff=0.0)
    words = ", ".join(f"{mark}{item}{mark}" for item in shown)
    return f"{words}, … and {len(known) - len(shown)} more" if len(known) > len(shown) else words or "none"


def listing(names: Iterable[str], *, limit: int = 12) -> str:
    """Return the names in one line, sorted; shortened if there are more than `limit`, `none` if there are none.

    >>> listing(["b", "a"]), listing([])
    ('a, b', 'none')
    """
    known = sorted(names)
    shown = ", ".join(known[:limit])
    return (shown + f", … ({len(known)} in all)" if len(known) > limit else shown) or "none"


def _fold(name: str) -> str:
    return name.lower().replace("-", "_")
