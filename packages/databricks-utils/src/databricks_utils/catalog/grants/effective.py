"""All rights at once: of one principal on every object, or of every principal on one object.

`rules.decide` answers one question with its reasons. Here the same rules are read once from the catalogs down: what a table inherits is
computed once for its schema. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from databricks_utils.catalog.grants.errors import UnknownSecurableError
from databricks_utils.catalog.grants.privileges import (
    ALL_PRIVILEGES,
    MANAGE,
    USE,
    Privilege,
    Usage,
    known_privileges,
)
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import AccessState
from databricks_utils.nearest import choose_from

_NONE: frozenset[str] = frozenset()
_NOWHERE = 9  # deeper than any object


class _Passed(NamedTuple):
    """What a catalog or a schema passes on to what is in it.

    Attributes:
        granted: The privileges that were granted on it, or on what holds it.
        all_on: The kinds of the places where ALL PRIVILEGES was granted.
        manage: The depth of the highest place where MANAGE is held.
        use: The depths of the places where USE is held.
    """

    granted: frozenset[str] = _NONE
    all_on: frozenset[SecurableKind] = frozenset()
    manage: int = _NOWHERE
    use: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Place:
    """One object, with the number of the one that holds it, which comes before it; `-1` for the metastore."""

    securable: Securable
    holder: int


class EffectiveRights:
    """The rights that follow from a state, for any principal, on its objects and on the catalogs and schemas that hold them.

    Args:
        state: What is owned and granted.
    """

    def __init__(self, state: AccessState) -> None:
        self._state = state
        self._places = _places(state)
        self._numbers = {place.securable: number for number, place in enumerate(self._places)}
        self._granted: dict[str, dict[int, frozenset[str]]] = {}
        self._owned: dict[str, set[int]] = {}
        for securable, rows in state.grants.items():
            for principal, names in rows.items():
                self._granted.setdefault(principal, {})[self._numbers[securable]] = names
        for securable, owner in state.owners.items():
            if owner is not None:
                self._owned.setdefault(owner, set()).add(self._numbers[securable])

    def of(self, principal: str) -> dict[Securable, frozenset[str]]:
        """Return what a principal may use on every object, as `rules.decide` allows it; objects without any right are left out.

        Args:
            principal: Name of a user, a service principal or a group.

        Raises:
            UnknownPrincipalError: The principal is not declared.
        """
        rights = self._walk(principal, range(len(self._places)))
        return {self._places[number].securable: names for number, names in rights.items() if names}

    def on(self, securable: Securable) -> dict[str, frozenset[str]]:
        """Return what every principal may use on one object, by their names in lower case; those without any right are left out.

        Args:
            securable: The object.

        Raises:
            UnknownSecurableError: The object does not exist.
        """
        number = self._numbers.get(securable)
        if number is None:
            same = (place.name for place in self._numbers if place.kind == securable.kind)
            raise UnknownSecurableError(
                f"grants: there is no {securable}", fix=choose_from(securable.name, same) or "create it first"
            )
        way = [self._numbers[place] for place in (*securable.above, securable)]
        found = {name: self._walk(name, way).get(number, _NONE) for name in self._state.principals.kinds}
        return {name: names for name, names in found.items() if names}

    def _walk(self, principal: str, numbers: Iterable[int]) -> dict[int, frozenset[str]]:
        """Return the rights on the places of these numbers, each of which comes after the one that holds it."""
        granted, owned = self._own(principal)
        passed: dict[int, _Passed] = {-1: _Passed()}
        inherited: dict[tuple[int, SecurableKind], frozenset[str]] = {}
        rights: dict[int, frozenset[str]] = {}
        for number in numbers:
            place = self._places[number]
            kind, holder = place.securable.kind, place.holder
            if kind is SecurableKind.METASTORE or kind in USE or number in granted or number in owned:
                found, passed[number] = _rights(
                    kind, passed[holder], granted.get(number, _NONE), owned=number in owned
                )
            elif (holder, kind) in inherited:
                found = inherited[holder, kind]
            else:
                found, _ = _rights(kind, passed[holder], _NONE, owned=False)
                inherited[holder, kind] = found
            rights[number] = found
        return rights

    def _own(self, principal: str) -> tuple[Mapping[int, frozenset[str]], set[int]]:
        """Return what a principal and its groups were granted, and what they own."""
        granted: dict[int, frozenset[str]] = {}
        owned: set[int] = set()
        for name in self._state.principals.paths(principal):
            owned |= self._owned.get(name, set())
            for number, names in self._granted.get(name, {}).items():
                granted[number] = granted.get(number, _NONE) | names
        return granted, owned


def _places(state: AccessState) -> list[_Place]:
    """Return the objects of a state and what holds them, the holders first."""
    known = {*state.owners, *state.grants}
    holders = {above for securable in known for above in securable.above}
    ordered = sorted(known | holders, key=lambda each: (len(each.parts), each.parts, each.kind))
    numbers = {securable: number for number, securable in enumerate(ordered)}
    return [_Place(each, numbers[each.above[-1]] if each.above else -1) for each in ordered]


@cache
def _asked_of(kind: SecurableKind) -> tuple[Privilege, ...]:
    return tuple(privilege for privilege in known_privileges().values() if privilege.asked_of(kind))


def _rights(
    kind: SecurableKind, above: _Passed, own: frozenset[str], *, owned: bool
) -> tuple[frozenset[str], _Passed]:
    """Return the rights on an object, and what it passes on.

    Args:
        kind: Its kind.
        above: What its holder passes on.
        own: The privileges that were granted on the object itself.
        owned: Whether the principal owns it.
    """
    depth = kind.parts
    granted = above.granted | own
    all_on = above.all_on | {kind} if ALL_PRIVILEGES in own else above.all_on
    held = {
        privilege.name: privilege
        for privilege in _asked_of(kind)
        if privilege.name in granted
        or any(privilege.implied_by_all(on=place, of=kind) for place in all_on)
        or (owned and privilege.owner_has and kind in privilege.used_on)
    }
    manage = min(above.manage, depth) if owned or MANAGE in own else above.manage
    if manage < _NOWHERE and kind is not SecurableKind.METASTORE:
        held[MANAGE] = known_privileges()[MANAGE]
    use = above.use | {depth} if kind in USE and USE[kind] in held else above.use
    rights = frozenset(name for name, privilege in held.items() if _needed(privilege, kind, manage) <= use)
    if kind is SecurableKind.METASTORE:  # its grants are inherited by nothing
        granted, all_on = _NONE, frozenset()
    return rights, _Passed(granted, all_on, manage, use)


@cache
def _needed(privilege: Privilege, kind: SecurableKind, manage: int) -> frozenset[int]:
    """Return the depths of the catalog and the schema on which a privilege needs USE."""
    if privilege.use is Usage.NONE:
        return frozenset()
    if privilege.use is Usage.MANAGE:
        return frozenset(range(1, min(manage, kind.parts)))
    return frozenset(range(1, kind.parts + (kind in USE)))
