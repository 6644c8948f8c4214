"""Names of columns, which may be any text, in the letters that names of rules and of drafted columns can have."""

import re
import unicodedata
from collections.abc import Sequence

_COLUMN = "column"


def plain_name(text: str, noun: str) -> str:
    """Return a text as a name in lower case, of letters a to z, digits and `_`; empty if nothing of it is left.

    Args:
        text: The text.
        noun: What comes before a digit, since a name begins with a letter.

    >>> plain_name("Größe (cm)", "column"), plain_name("1st", "column"), plain_name("日本", "column")
    ('grosse_cm', 'column_1st', '')
    """
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
    return f"{noun}_{name}" if name[:1].isdecimal() else name


def rule_stems(paths: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return the beginning of the names of the rules for each column, or field inside of one; no two are equal.

    A column that has a plain name keeps it. Of several with one plain name, the later ones get a number. A name of which nothing is
    left, such as `日本`, gives the numbers of its characters: they stay the same when columns are added before it.

    Args:
        paths: The columns: each name, after those of the structs around it. Each path once.

    >>> list(rule_stems([("id!",), ("id",), ("größe",), ("日本",), ("address", "zip")]).values())
    ['id_2', 'id', 'grosse', 'column_65e5_672c', 'address_zip']
    """
    wanted = {path: _stem("_".join(path)) for path in paths}
    stems: dict[tuple[str, ...], str] = {}
    taken: set[str] = set()
    for path in sorted(paths, key=lambda path: path != (wanted[path],)):
        number, stem = 2, wanted[path]
        while stem in taken:
            number, stem = number + 1, f"{wanted[path]}_{number}"
        stems[path] = stem
        taken.add(stem)
    return {path: stems[path] for path in paths}


def _stem(name: str) -> str:
    return plain_name(name, _COLUMN) or "_".join((_COLUMN, *(f"{ord(char):x}" for char in name)))


def unused(name: str, taken: set[str]) -> str:
    """Return a name, or the first with a number behind it that is not taken; it is taken from then on.

    >>> taken = {"a_fk"}
    >>> unused("a_fk", taken), unused("a_fk", taken)
    ('a_fk_2', 'a_fk_3')
    """
    number, found = 2, name
    while found in taken:
        number, found = number + 1, f"{name}_{number}"
    taken.add(found)
    return found
