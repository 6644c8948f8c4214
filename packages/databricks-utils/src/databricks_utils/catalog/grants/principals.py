"""Who privileges are granted to: users, service principals, and groups of them, which may be members of groups.

Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-principal
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from databricks_utils.catalog.grants.errors import (
    CyclicGroupsError,
    DuplicatePrincipalError,
    UnknownPrincipalError,
)
from databricks_utils.nearest import choose_from

ACCOUNT_USERS = "account users"


class PrincipalKind(StrEnum):
    """Kinds of principals."""

    USER = "user"
    SERVICE_PRINCIPAL = "service principal"
    GROUP = "group"


@dataclass(frozen=True)
class PrincipalDirectory:
    """The principals and their groups. Names are compared in lower case.

    Everybody is in the group `account users`, which need not be declared; so is what can be said of each member of another group.

    Attributes:
        kinds: The kind of each principal, by its name in lower case; with `account users`.
        groups: The direct members of each group, all in lower case.
        shown: The names as they were declared, by those in lower case.
    """

    kinds: Mapping[str, PrincipalKind]
    groups: Mapping[str, frozenset[str]]
    shown: Mapping[str, str] = field(compare=False)
    _parents: Mapping[str, tuple[str, ...]] = field(compare=False, repr=False)
    _paths: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls,
        *,
        users: Iterable[str] = (),
        service_principals: Iterable[str] = (),
        groups: Mapping[str, Iterable[str]] | None = None,
    ) -> PrincipalDirectory:
        """Return a directory.

        Args:
            users: Names of users, usually e-mail addresses.
            service_principals: Application ids of service principals.
            groups: The direct members of each group: users, service principals and groups.

        Raises:
            DuplicatePrincipalError: One name is declared as two kinds.
            UnknownPrincipalError: A member is not declared.
            CyclicGroupsError: A group is a member of itself, through other groups or not.
        """
        groups = {ACCOUNT_USERS: (), **(groups or {})}
        kinds: dict[str, PrincipalKind] = {}
        shown: dict[str, str] = {}
        declared = (
            (PrincipalKind.USER, users),
            (PrincipalKind.SERVICE_PRINCIPAL, service_principals),
            (PrincipalKind.GROUP, groups),
        )
        for kind, names in declared:
            for name in names:
                _declare(name, kind, kinds=kinds, shown=shown)
        members = {group.lower(): frozenset(map(str.lower, names)) for group, names in groups.items()}
        for group, names in members.items():
            for name in sorted(names - kinds.keys()):
                raise _unknown(name, shown.values(), location=f"members of group `{shown[group]}`")
        _refuse_cycles(members, shown)
        return cls(kinds, members, shown, _parents_of(members))

    def require(self, name: str) -> str:
        """Return the name of a principal in lower case.

        Raises:
            UnknownPrincipalError: It is not declared.
        """
        if name.lower() not in self.kinds:
            raise _unknown(name, self.shown.values())
        return name.lower()

    def paths(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """Return the principal itself and each group that it is in, with the shortest way there.

        Args:
            name: Name of a principal.

        Returns:
            By the name of the principal or group: the names from the principal to it, as they were declared.

        Raises:
            UnknownPrincipalError: The principal is not declared.
        """
        key = self.require(name)
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = self._ways(key)
        return found

    def members(self, group: str) -> frozenset[str]:
        """Return the users and service principals in a group, through other groups too; in lower case.

        Raises:
            UnknownPrincipalError: The group is not declared.
        """
        key = self.require(group)
        return frozenset(
            name
            for name, kind in self.kinds.items()
            if kind != PrincipalKind.GROUP and key in self.paths(name)
        )

    def _ways(self, key: str) -> dict[str, tuple[str, ...]]:
        ways: dict[str, tuple[str, ...]] = {key: (self.shown[key],)}
        waiting = deque([key])
        while waiting:
            name = waiting.popleft()
            for group in self._parents.get(name, ()):
                if group not in ways:
                    ways[group] = (*ways[name], self.shown[group])
                    waiting.append(group)
        ways.setdefault(ACCOUNT_USERS, (self.shown[key], self.shown[ACCOUNT_USERS]))
        return ways


def _declare(
    name: str, kind: PrincipalKind, *, kinds: dict[str, PrincipalKind], shown: dict[str, str]
) -> None:
    key = name.lower()
    if kinds.get(key, kind) != kind:
        raise DuplicatePrincipalError(
            f"grants: `{name}` is declared as a {kinds[key]} and as a {kind}",
            fix="give one of them another name",
        )
    kinds[key] = kind
    shown[key] = name


def _parents_of(members: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    parents: dict[str, list[str]] = {}
    for group in sorted(members):
        for name in members[group]:
            parents.setdefault(name, []).append(group)
    return {name: tuple(groups) for name, groups in parents.items()}


def _refuse_cycles(members: Mapping[str, frozenset[str]], shown: Mapping[str, str]) -> None:
    done: set[str] = set()
    for start in sorted(members):
        way: list[str] = []
        stack = [(start, False)]
        while stack:
            group, left = stack.pop()
            if left:
                done.add(way.pop())
            elif group in way:
                raise _cycle([shown[name] for name in (*way[way.index(group) :], group)])
            elif group not in done:
                way.append(group)
                stack.append((group, True))
                stack.extend((name, False) for name in sorted(members[group] & members.keys(), reverse=True))


def _cycle(names: list[str]) -> CyclicGroupsError:
    return CyclicGroupsError(
        f"grants: a group is a member of itself: {' has member '.join(f'`{name}`' for name in names)}",
        fix=f"remove `{names[-1]}` from the members of `{names[-2]}`",
    )


def _unknown(name: str, known: Iterable[str], *, location: str | None = None) -> UnknownPrincipalError:
    return UnknownPrincipalError(
        f"grants: there is no principal `{name}`",
        location=location,
        fix=choose_from(name, known) or "declare it as a user, a service principal or a group",
    )
