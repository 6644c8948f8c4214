"""The privileges of Unity Catalog: one table, `privileges.json`, that the catalog plugin reads too.

A bundle writes `USE_SCHEMA`, SQL writes `USE SCHEMA`: both are understood, the first is stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypedDict, cast

from databricks_utils.catalog.grants.errors import PrivilegeDoesNotFitError, UnknownPrivilegeError
from databricks_utils.catalog.grants.securables import SecurableKind
from databricks_utils.nearest import choose_from, listing

ALL_PRIVILEGES = "ALL_PRIVILEGES"
MANAGE = "MANAGE"
MODIFY = "MODIFY"
EXTERNAL_USE_SCHEMA = "EXTERNAL_USE_SCHEMA"
USE = {SecurableKind.CATALOG: "USE_CATALOG", SecurableKind.SCHEMA: "USE_SCHEMA"}


class Usage(StrEnum):
    """On which catalogs and schemas a privilege needs USE."""

    CONTAINERS = "containers"
    MANAGE = "manage"
    NONE = "none"


@dataclass(frozen=True)
class Privilege:
    """One privilege.

    Attributes:
        name: As the API and bundles spell it, e.g. `USE_SCHEMA`.
        gives: What its holder may do.
        on: The kinds that it can be granted on.
        used_on: The kinds that it is used on; a grant on a container in `on` is inherited by what is in it.
        use: Where USE is needed as well.
        in_all_privileges: Whether ALL PRIVILEGES implies it, and REVOKE ALL PRIVILEGES takes it.
        owner_has: Whether the owner of an object has it without a grant.
        elsewhere: Other kinds that it can be granted on, which these rules do not know, as SQL spells them.
        source: Address of the page that describes it.
        unverified: What the documentation leaves open.
    """

    name: str
    gives: str
    on: frozenset[SecurableKind]
    used_on: frozenset[SecurableKind]
    use: Usage
    in_all_privileges: bool
    owner_has: bool
    elsewhere: tuple[str, ...]
    source: str
    unverified: str | None

    @property
    def sql(self) -> str:
        """As SQL spells it: `USE SCHEMA`."""
        return self.name.replace("_", " ")

    def asked_of(self, kind: SecurableKind) -> bool:
        """Return whether it means something for objects of a kind."""
        return kind in self.on or kind in self.used_on

    def implied_by_all(self, *, on: SecurableKind, of: SecurableKind) -> bool:
        """Return whether ALL PRIVILEGES on one object gives it for the object, or for one in it.

        Args:
            on: The kind of the object that ALL PRIVILEGES is granted on.
            of: The kind of the object that is asked for.
        """
        return self.in_all_privileges and (on in self.on or of in self.on)


class _Row(TypedDict):
    name: str
    gives: str
    on: list[str]
    used_on: list[str]
    use: str
    in_all_privileges: bool
    owner_has: bool
    elsewhere: list[str]
    source: str
    unverified: str | None


class _Kind(TypedDict):
    kind: str
    sql: str
    inside: list[str]
    created_with: str | None


class _Table(TypedDict):
    about: dict[str, str]
    kinds: list[_Kind]
    privileges: list[_Row]


@cache
def table() -> _Table:
    """Return the content of `privileges.json`."""
    text = files(__package__).joinpath("privileges.json").read_text(encoding="utf-8")
    return cast("_Table", json.loads(text))


@cache
def known_privileges() -> dict[str, Privilege]:
    """Return all privileges by their names."""
    return {row["name"]: _privilege(row) for row in table()["privileges"]}


def _privilege(row: _Row) -> Privilege:
    return Privilege(
        name=row["name"],
        gives=row["gives"],
        on=frozenset(map(SecurableKind, row["on"])),
        used_on=frozenset(map(SecurableKind, row["used_on"])),
        use=Usage(row["use"]),
        in_all_privileges=row["in_all_privileges"],
        owner_has=row["owner_has"],
        elsewhere=tuple(row["elsewhere"]),
        source=row["source"],
        unverified=row["unverified"],
    )


@cache
def created_with() -> dict[SecurableKind, str]:
    """Return the privilege that creating an object of each kind needs on what holds it."""
    return {
        SecurableKind(row["kind"]): row["created_with"] for row in table()["kinds"] if row["created_with"]
    }


def named(name: str) -> Privilege:
    """Return a privilege by its name, as a bundle or as SQL spells it, in any case.

    Args:
        name: `USE_SCHEMA`, `use schema`, …

    Raises:
        UnknownPrivilegeError: There is no such privilege.

    Examples:
        >>> named("use schema").name
        'USE_SCHEMA'
    """
    known = known_privileges()
    found = known.get(name) or known.get("_".join(name.upper().replace("_", " ").split()))
    if found is None:
        raise UnknownPrivilegeError(
            f"grants: there is no privilege `{name}`", fix=choose_from(name.replace(" ", "_"), known)
        )
    return found


def grantable(name: str, kind: SecurableKind) -> Privilege:
    """Return a privilege that can be granted on objects of a kind.

    Args:
        name: Its name, in either spelling.
        kind: The kind of the object.

    Raises:
        UnknownPrivilegeError: There is no such privilege.
        PrivilegeDoesNotFitError: It cannot be granted on objects of this kind.
    """
    privilege = named(name)
    if kind not in privilege.on:
        raise misfit(privilege, kind)
    return privilege


def misfit(privilege: Privilege, kind: SecurableKind) -> PrivilegeDoesNotFitError:
    """Return the error about a privilege that does not fit a kind of objects."""
    places = [*(known.sql for known in SecurableKind if known in privilege.on), *privilege.elsewhere]
    fitting = listing(f"`{known.sql}`" for known in known_privileges().values() if kind in known.on)
    fix = f"what fits a {kind.words}: {fitting}"
    if places:
        fix = f"{privilege.sql} fits: {', '.join(places)}\n{fix}"
    return PrivilegeDoesNotFitError(
        f"grants: {privilege.sql} does not fit a {kind.words}", fix=fix, docs=privilege.source
    )
