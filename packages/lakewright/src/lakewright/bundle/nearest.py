"""The nearest right name to a wrong one, for messages that say `did you mean`."""

import difflib
from collections.abc import Iterable

_SHORT = 4


def nearest(name: str, candidates: Iterable[str], *, limit: int = 2) -> list[str]:
    """Return the candidates that are close enough to be a slip of the finger, nearest first.

    Examples:
        >>> nearest("notebok_path", ["notebook_path", "source", "warehouse_id"])
        ['notebook_path']
    """
    known = sorted(set(candidates))
    folded = {candidate.lower().replace("-", "_"): candidate for candidate in known}
    wanted = name.lower().replace("-", "_")
    if wanted in folded:
        return [folded[wanted]]
    close = difflib.get_close_matches(
        wanted, list(folded), n=limit, cutoff=0.6 if len(wanted) <= _SHORT else 0.72
    )
    return [folded[match] for match in close]


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """Return a fix that names the nearest candidates, or None if nothing is near."""
    found = nearest(name, candidates)
    return f"did you mean {' or '.join(f'`{match}`' for match in found)}?" if found else None


def listing(names: Iterable[str], *, limit: int = 12) -> str:
    """Return the names in one line, shortened where there are many; `none` if there are none."""
    known = sorted(names)
    shown = ", ".join(known[:limit])
    return (shown + f", … ({len(known)} in all)" if len(known) > limit else shown) or "none"
