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
    plain = [_usable(field, at) for at, field in enumerate(header, 1)]
    taken = {name.lower() for name in plain}
    seen: set[str] = set()
    names: list[str] = []
    for name in plain:
        found, number = name, 2
        while found.lower() in seen:
            found, number = f"{name}_{number}", number + 1
            if found.lower() in taken:  # another field has this very name
                found = name
        seen.add(found.lower())
        names.append(found)
    return tuple(names)


def _usable(field: str, position: int) -> str:
    stripped = field.strip()
    return f"column_{position}" if not stripped or _VARIABLE in stripped else stripped
