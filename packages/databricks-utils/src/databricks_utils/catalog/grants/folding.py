"""Rights without those that follow from the same right on what holds the object: one row for a schema in place of one for each table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from databricks_utils.catalog.grants.rules import inherited_below
from databricks_utils.catalog.grants.securables import Securable
from databricks_utils.catalog.grants.state import AccessState

Right = tuple[str, Securable]
_OBJECT = 3  # parts of the name of what holds nothing


def highest(state: AccessState, *, principal: str, rights: Iterable[Right]) -> Iterator[Right]:
    """Yield the rights that do not follow from another of them on what holds the object.

    Args:
        state: The state in which the principal has them.
        principal: Who has them.
        rights: Pairs of a privilege and an object.
    """
    all_rights = set(rights)
    passed = {
        right
        for right in all_rights
        if len(right[1].parts) < _OBJECT
        and inherited_below(state, principal=principal, privilege=right[0], container=right[1])
    }
    for name, securable in all_rights:
        if not any((name, above) in passed for above in securable.above):
            yield name, securable


def by_object(right: Right) -> tuple[tuple[str, ...], str, str]:
    """Return the key by which rights are sorted: catalogs first, each followed by what is in it."""
    return right[1].parts, right[1].kind.value, right[0]
