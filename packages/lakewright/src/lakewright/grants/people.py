"""Who there is: the roles and memberships of `principals` in `config/<environment>.yaml`, and the names that a bundle uses.

Kinds follow from what is known of a name: `run_as` says it; a name with members is a group; an application id is a service principal, a
name with `@` a user; every other role and every other grantee is a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from databricks_utils.catalog.grants import ACCOUNT_USERS, GrantsError, PrincipalDirectory, PrincipalKind
from databricks_utils.config import ConfigLoader
from lakewright.bundle import Location

if TYPE_CHECKING:
    from databricks_utils.config import Origin

_BI = "bi"
_USERS = "users"


@dataclass(frozen=True)
class People:
    """Names, before they are a directory; two of them can be put together.

    Attributes:
        roles: The name of each role: `ingestion`, `bi`, …
        memberships: The groups of each user, service principal or group.
        kinds: The kinds of names that the bundle says.
        others: Further names that exist.
        location: Where `principals.users` is written.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    memberships: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: Mapping[str, PrincipalKind] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    location: Location | None = None

    @property
    def are_declared(self) -> bool:
        """Whether the configuration names any principal, so that another name is a mistake."""
        return bool(self.roles or self.memberships)

    @property
    def bi(self) -> tuple[str, ...]:
        """The principals that BI tools use."""
        return (self.roles[_BI],) if _BI in self.roles else ()

    def with_roles(self, roles: Mapping[str, str]) -> People:
        """Return them with further roles; a role that is known stays as it is."""
        return replace(self, roles={**roles, **self.roles})

    def with_kinds(self, kinds: Mapping[str, PrincipalKind]) -> People:
        """Return them with principals of known kinds."""
        return replace(self, kinds={**self.kinds, **kinds})

    def with_others(self, names: Iterable[str]) -> People:
        """Return them with further names."""
        return replace(self, others=self.others | set(names))

    def without_memberships(self) -> People:
        """Return them without memberships: the groups stay, with nobody in them."""
        groups = {group for names in self.memberships.values() for group in names}
        kinds = {**self.kinds, **dict.fromkeys(groups, PrincipalKind.GROUP)}
        return replace(self, memberships={}, kinds=kinds, others=self.others | set(self.memberships))

    def together_with(self, other: People) -> People:
        """Return both: groups are the account's, so each membership of either counts."""
        names = {*self.memberships, *other.memberships}
        both = {
            name: tuple(dict.fromkeys((*self.memberships.get(name, ()), *other.memberships.get(name, ()))))
            for name in sorted(names)
        }
        others = self.others | other.others | set(other.roles.values())
        return replace(self, memberships=both, kinds={**other.kinds, **self.kinds}, others=others)

    def directory(self) -> PrincipalDirectory:
        """Return the directory.

        Raises:
            CyclicGroupsError: A group is a member of itself.
            DuplicatePrincipalError: One name stands for two kinds of principals.
        """
        groups: dict[str, list[str]] = {}
        spelled: dict[str, str] = {}  # as it is written first
        for member, names in self.memberships.items():
            for name in names:
                groups.setdefault(spelled.setdefault(name.lower(), name), []).append(member)
        kinds = {name.lower(): kind for name, kind in self.kinds.items()}
        found: dict[PrincipalKind, list[str]] = {kind: [] for kind in PrincipalKind}
        known = {name.lower() for name in groups}
        for name in (*self.kinds, *self.memberships, *self.roles.values(), *sorted(self.others)):
            if name.lower() in known and name.lower() not in kinds:
                continue
            is_member = name in self.memberships
            kind = kinds.get(name.lower()) or kind_of(name, by_default=_default(is_member=is_member))
            if kind is not PrincipalKind.GROUP or name.lower() not in known:
                found[kind].append(name)
                known.add(name.lower())
        try:
            return PrincipalDirectory.of(
                users=found[PrincipalKind.USER],
                service_principals=found[PrincipalKind.SERVICE_PRINCIPAL],
                groups={**dict.fromkeys(found[PrincipalKind.GROUP], ()), **groups},
            )
        except GrantsError as error:
            place = str(self.location) if self.location else error.location
            raise type(error)(error.summary, location=place, fix=error.fix) from error


def people_of(root: Path, environment: str) -> People:
    """Return the roles and memberships of an environment's configuration; none if it has no file.

    Args:
        root: The project's folder.
        environment: The environment.

    Raises:
        ConfigError: A file cannot be read, or a value needs a variable that is not set.
    """
    folder = root / "config"
    if not (folder / f"{environment}.yaml").is_file():
        return People()
    section = ConfigLoader.load_section("principals", environment, folder)
    roles = {key: value for key, value in section.values.items() if isinstance(value, str) and value}
    users = section.values.get(_USERS)
    memberships = {
        str(name): tuple(str(group) for group in (groups if isinstance(groups, list) else [groups]) if group)
        for name, groups in (users if isinstance(users, dict) else {}).items()
    }
    return People(roles, memberships, location=_place(section.origins.get(_USERS)))


def kind_of(name: str, *, by_default: PrincipalKind = PrincipalKind.GROUP) -> PrincipalKind:
    """Return the kind that a name looks like.

    >>> kind_of("ana@example.com").value, kind_of("data-readers").value
    ('user', 'group')
    """
    if name.lower() == ACCOUNT_USERS:
        return PrincipalKind.GROUP
    if "@" in name:
        return PrincipalKind.USER
    try:
        UUID(name)
    except ValueError:
        is_known_later = "${" in name  # e.g. an app's service principal, which exists after the deployment
        return PrincipalKind.SERVICE_PRINCIPAL if is_known_later else by_default
    return PrincipalKind.SERVICE_PRINCIPAL


def _default(*, is_member: bool) -> PrincipalKind:
    return PrincipalKind.USER if is_member else PrincipalKind.GROUP


def _place(origin: Origin | None) -> Location | None:
    if origin is None or origin.kind != "file" or origin.line is None:
        return None
    return Location(Path(origin.place).absolute(), origin.line, 1)
