"""The rights of one principal, read from the catalog's files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from databricks_utils.catalog.grants import (
    OWNERSHIP,
    AccessState,
    Decision,
    Securable,
    SecurableKind,
    decide,
    known_privileges,
)
from databricks_utils.catalog.grants.rules import decide_owner
from lakewright.rights.errors import not_granted
from lakewright.rights.records import (
    PRINCIPALS_FILE,
    Edition,
    check_principals,
    edition_of,
    file_of,
    state_of,
)


@dataclass(frozen=True)
class _Known:
    """What the files about one object say, and what was decided by them.

    Attributes:
        files: The files.
        editions: Of which edition they were.
        state: What they say.
        decisions: What was decided, by the privilege.
    """

    files: tuple[Path, ...]
    editions: tuple[Edition, ...]
    state: AccessState
    decisions: dict[str, Decision] = field(default_factory=dict)


class Rights:
    """What one principal may do, by the grants of a lakehouse as they are now.

    Args:
        lakehouse: The folder with `_catalog/`.
        principal: Who asks.

    Raises:
        PrincipalsError: The lakehouse's list of groups contradicts itself.
    """

    def __init__(self, lakehouse: Path, principal: str) -> None:
        self.lakehouse = lakehouse
        self.principal = principal
        self._known: dict[Securable, _Known] = {}
        check_principals(lakehouse)

    def decide(self, privilege: str, securable: Securable) -> Decision:
        """Return whether the principal may use a privilege on an object; `OWNERSHIP` asks for its owner.

        Args:
            privilege: Name of the privilege.
            securable: The object.
        """
        known = self._about(securable)
        found = known.decisions.get(privilege)
        if found is None:
            found = known.decisions[privilege] = self._decide(known.state, privilege, securable)
        return found

    def knows_of(self, securable: Securable) -> bool:
        """Return whether an object is shown to the principal: it has a right on it, BROWSE or its ownership included.

        Args:
            securable: A catalog, a schema or a volume.
        """
        asked = [one.name for one in known_privileges().values() if one.asked_of(securable.kind)]
        return any(self.decide(privilege, securable).allowed for privilege in (OWNERSHIP, *asked))

    def known_below(self, parts: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
        """Return the names that are shown to the principal, as SHOW CATALOGS, SHOW SCHEMAS and SHOW VOLUMES do.

        Args:
            parts: Nothing, a catalog, or a catalog and a schema.
            names: What is in it.
        """
        kind = (SecurableKind.CATALOG, SecurableKind.SCHEMA, SecurableKind.VOLUME)[len(parts)]
        return tuple(name for name in names if self.knows_of(Securable(kind, (*parts, name))))

    def require(self, *privileges: str, on: Securable, location: str | None = None) -> None:
        """Refuse what the principal may not do: one of the privileges is enough.

        Args:
            privileges: Names of privileges; the refusal names the first.
            on: The object.
            location: The path or the name that was asked for.

        Raises:
            NotGrantedError: The principal has none of them.
        """
        decisions = [self.decide(privilege, on) for privilege in privileges]
        if not any(decision.allowed for decision in decisions):
            raise not_granted(*decisions, location=location)

    def require_on_volume(self, *privileges: str, volume: tuple[str, ...], path: str) -> None:
        """Refuse a path of a volume, as `require`.

        Args:
            privileges: READ_VOLUME, WRITE_VOLUME, or both where one of them is enough.
            volume: Catalog, schema and name.
            path: The path that was asked for.

        Raises:
            NotGrantedError: The principal has none of them.
        """
        self.require(*privileges, on=Securable(SecurableKind.VOLUME, volume), location=path)

    def _decide(self, state: AccessState, privilege: str, securable: Securable) -> Decision:
        if privilege == OWNERSHIP:
            return decide_owner(state, principal=self.principal, securable=securable)
        return decide(state, principal=self.principal, privilege=privilege, securable=securable)

    def _about(self, securable: Securable) -> _Known:
        """Return what is known about an object, made again once a file of it is another one."""
        found = self._known.get(securable)
        files = self._files(securable) if found is None else found.files
        editions = tuple(map(edition_of, files))
        if found is None or found.editions != editions:
            state = state_of(self.lakehouse, securable, principal=self.principal)
            found = self._known[securable] = _Known(files, editions, state)
        return found

    def _files(self, securable: Securable) -> tuple[Path, ...]:
        places = (*securable.above[1:], securable)
        return (*(file_of(self.lakehouse, place) for place in places), self.lakehouse / PRINCIPALS_FILE)
