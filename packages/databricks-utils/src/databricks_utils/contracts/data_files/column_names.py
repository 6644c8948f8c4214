"""From the fields of a header, which are any text, to names that columns can have."""

from collections.abc import Sequence

_VARIABLE = "${"  # Spark replaces `${name}` by a variable, also inside of a quoted name


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Return a name for each field of a header: the field itself without blanks at its ends, where that can be a name.

    A field that is blank, or has `${` in it, becomes `column_` with its position; of fields that differ only in case, the later ones
    get a number, since Spark does not tell them apart. Equal headers give equal names.

    Args:
        header: The fields.

    Example:
        >>> column_names(["id", " Id ", "", "${env:HOME}", "na.me"])
        ('id', 'Id_2', 'column_3', 'column_4', 'na.me')
    """
    stripped = [field.strip() for field in header]
    names: dict[int, str] = {}
    # The names in the header first, so that none of them has to yield to one that is made up here.
    for at in sorted(range(len(header)), key=lambda at: not _is_usable(stripped[at])):
        wanted = stripped[at] if _is_usable(stripped[at]) else f"column_{at + 1}"
        taken = {name.lower() for name in names.values()}
        later = {field.lower() for field in stripped[at + 1 :]}
        names[at] = wanted if wanted.lower() not in taken else _numbered(wanted, taken | later)
    return tuple(names[at] for at in range(len(header)))


def _is_usable(field: str) -> bool:
    return bool(field) and _VARIABLE not in field


def _numbered(wanted: str, others: set[str]) -> str:
    """The name with the first number behind it that makes it differ from all others."""
    number = 2
    while f"{wanted}_{number}".lower() in others:
        number += 1
    return f"{wanted}_{number}"
