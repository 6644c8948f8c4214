"""Read `NAME=VALUE` on the command line, for options such as `--var`, `--param` and `--data`."""

from collections.abc import Iterable

import click


def parse_assignments(given: Iterable[str], *, option: str) -> dict[str, str]:
    """Return `{"a": "1"}` for `["a=1"]`; the value may be empty and may contain more `=`.

    Args:
        given: The values of a repeatable option.
        option: The option's name, for the error.

    Raises:
        click.BadParameter: A value has no name or no `=`, or a name is given twice.
    """
    found: dict[str, str] = {}
    for assignment in given:
        name, equals, value = assignment.partition("=")
        name = name.strip()
        if not equals or not name:
            raise click.BadParameter(
                f"`{assignment}` is not NAME=VALUE; write {option} name=value", param_hint=option
            )
        if name in found:
            raise click.BadParameter(f"`{name}` is given twice; keep one of the two", param_hint=option)
        found[name] = value
    return found
