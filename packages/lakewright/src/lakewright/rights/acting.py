"""The rights of one principal, read from the catalog's files."""

from __future__ import annotations

from pathlib import Path

from databricks_utils.catalog.grants import (
    OWNERSHIP,
    AccessState,
    Decision,
    Securable,
    SecurableKind,
    decide,
)
from databricks_utils.catalog.grants.rules import decide_owner
from lakewright.rights.errors import not_granted
from lakewright.rights.records import PRINCIPALS_FILE, Edition, edition_of, file_of, state_of


class Rights:
    """What one principal may do, by the grants of a lakehouse as they are now.

    Args:
        lakehouse: The folder with `_catalog/`.
        principal: Who asks.
    """

    def __init__(self, lakehouse: Path, principal: str) -> None:
        self.lakehouse = lakehouse
        self.principal = principal
        self._states: dict[Securable, tuple[tuple[Edition, ...], AccessState]] = {}

    def decide(self, privilege: str, securable: Securable) -> Decision:
        """Return whether the principal may use a privilege on an object; `OWNERSHIP` asks for its owner.

        Args:
            privilege: Name of the privilege.
            securable: The object.
        """
        state = self._state(securable)
        if privilege == OWNERSHIP:
            return decide_owner(state, principal=self.principal, securable=securable)
        return decide(state, principal=self.principal, privilege=privilege, securable=securable)

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

    def _state(self, securable: Securable) -> AccessState:
        """Return the state about an object, read again once a file of it is another one."""
        places = (*securable.above[1:], securable)
        files = (*(file_of(self.lakehouse, place) for place in places), self.lakehouse / PRINCIPALS_FILE)
        editions = tuple(map(edition_of, files))
        known = self._states.get(securable)
        if known is None or known[0] != editions:
            known = (editions, state_of(self.lakehouse, securable, principal=self.principal))
            self._states[securable] = known
        return known[1]
