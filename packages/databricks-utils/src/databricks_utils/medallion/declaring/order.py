"""The order in which tables are made: each after the tables that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Protocol, TypeVar

from databricks_utils.medallion.errors import DeclarationError


class Made(Protocol):
    """A table with a name, and the names of the tables that it needs."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def required(self) -> Sequence[str]:
        """The names of the tables that it needs, or refers to."""


MadeT = TypeVar("MadeT", bound=Made)


def levels(tables: Sequence[MadeT]) -> Iterator[list[MadeT]]:
    """Yield tables in groups; a group needs only tables of earlier groups.

    Args:
        tables: Tables without a circle of needs. A needed table that is not among them is ignored: it is read as it is.
    """
    named = {table.name: table for table in tables}
    order = TopologicalSorter({name: set(table.required) & set(named) for name, table in named.items()})
    order.prepare()
    while order.is_active():
        ready = order.get_ready()
        yield [named[name] for name in sorted(ready)]
        order.done(*ready)


def check_needs(tables: Sequence[Made]) -> None:
    """Check that every needed table is declared, and that no tables need each other in a circle.

    Raises:
        DeclarationError: A needed table is not declared, or there is a circle.
    """
    names = {table.name for table in tables}
    for table in tables:
        missing = [name for name in table.required if name not in names]
        if missing:
            raise DeclarationError(
                f"`{table.name}` needs `{missing[0]}`, which is not declared",
                fix=f"declare it, or use one of {', '.join(sorted(names))}",
            )
    try:
        TopologicalSorter({table.name: table.required for table in tables}).prepare()
    except CycleError as error:
        circle = " → ".join(error.args[1])
        raise DeclarationError(
            f"tables need each other in a circle: {circle}", fix="remove one of these needs or references"
        ) from error
