"""Read `NAME=VALUE` on the command line, for options such as `--var`, `--param` and `--data`."""

import re
from collections.abc import Iterable, Iterator

import click

# One field of CSV and what follows it: a comma, a line break or the end.
_FIELD = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<bare>[^",\n]*))(?P<end>,|\n|\Z)')


def parse_variables(given: Iterable[str]) -> dict[str, str]:
    """Return the variables of `--var`, which is read as the Databricks CLI reads it.

    One option may hold several variables, separated by commas, as in a line of CSV: `--var a=1,b=2`. A value with a
    comma needs quotes around name and value: `--var '"columns=id,name"'`.

    Args:
        given: The values of the repeatable option.

    Raises:
        click.BadParameter: A value is not CSV, a variable has no name or no `=`, or a name is given twice.

    Examples:
        >>> parse_variables(["a=1,b=2", '"columns=id,name"'])
        {'a': '1', 'b': '2', 'columns': 'id,name'}
    """
    return parse_assignments((field for text in given for field in _fields(text)), option="--var")


def _fields(text: str) -> Iterator[str]:
    """Yield the fields of a line of CSV; nothing for an empty text. Source: pflag, `readAsCSV`."""
    position, end = 0, "," if text else ""
    while end == ",":
        field = _FIELD.match(text, position)
        if field is None:
            raise click.BadParameter(
                f"`{text}` is not CSV; put quotes around name and value: --var '\"name=a,b\"', "
                'and double the quotes inside: --var \'"name=say ""hi"" twice"\'',
                param_hint="--var",
            )
        if field["end"] == "\n":
            raise click.BadParameter(
                "the Databricks CLI drops what follows a line break; put quotes around name and value: "
                "--var '\"name=…\"'",
                param_hint="--var",
            )
        value = field["bare"] if field["quoted"] is None else field["quoted"].replace('""', '"')
        if value[:1].isspace():
            raise click.BadParameter(
                f"`{value}` begins with a blank, which would be part of the name: write a=1,b=2",
                param_hint="--var",
            )
        yield value
        position, end = field.end(), field["end"]


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
