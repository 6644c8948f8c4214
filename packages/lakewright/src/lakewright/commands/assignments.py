"""`NAME=VALUE` on the command line: the one reader for `--var`, `--param` and `--data`."""

from collections.abc import Iterable

import click


def read_assignments(option: str, given: Iterable[str]) -> dict[str, str]:
    """Return `{"a": "1"}` for `["a=1"]`, the values of a repeated option.

    Args:
        option: The option's name, for the error.
        given: Its values; a value may be empty and may hold `=`.

    Raises:
        click.BadParameter: One has no `=` or no name, or a name is given twice.
    """
    found: dict[str, str] = {}
    for item in given:
        name, equals, value = item.partition("=")
        name = name.strip()
        if not equals or not name:
            raise click.BadParameter(
                f"`{item}` is not NAME=VALUE; write {option} name=value", param_hint=option
            )
        if name in found:
            raise click.BadParameter(f"{name} is given twice", param_hint=option)
        found[name] = value
    return found
