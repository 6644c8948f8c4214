"""Who owns what and who was granted what, at one moment. A state does not change: a statement returns another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from databricks_utils.catalog.grants.errors import UnknownSecurableError
from databricks_utils.catalog.grants.principals import PrincipalDirectory
from databricks_utils.catalog.grants.privileges import ALL_PRIVILEGES, grantable, known_privileges
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.nearest import choose_from
from databricks_utils.quoting import quote_part

Granted = Mapping[str, frozenset[str]]
_NOTHING: Granted = {}


@dataclass(frozen=True)
class Grant:
    """One privilege of one principal on one object.

    Attributes:
        principal: Name of a user, a service principal or a group.
        privilege: Name of the privilege, in either spelling.
        securable: What it is granted on.
    """

    principal: str
    privilege: str
    securable: Securable

    @property
    def statement(self) -> str:
        """The grant as SQL."""
        words = self.privilege.replace("_", " ").upper()
        return f"GRANT {words} ON {self.securable.sql} TO {quote_part(self.principal)}"


@dataclass(frozen=True)
class AccessState:
    """What is known at one moment.

    Attributes:
        principals: The principals and their groups.
        owners: Every object that exists, with its owner in lower case, or None if that is not known.
        grants: For each object, the privileges of each principal, whose names are in lower case.
    """

    principals: PrincipalDirectory
    owners: Mapping[Securable, str | None]
    grants: Mapping[Securable, Granted]

    @classmethod
    def of(
        cls,
        principals: PrincipalDirectory,
        *,
        owners: Mapping[Securable, str | None] | None = None,
        grants: Iterable[Grant] = (),
    ) -> AccessState:
        """Return a state as it was found, also if a grant names a principal or an object that does not exist.

        Args:
            principals: The principals and their groups.
            owners: Every object that exists, with its owner.
            grants: What was granted.

        Raises:
            UnknownPrivilegeError: There is no such privilege.
            PrivilegeDoesNotFitError: A privilege cannot be granted on an object of that kind.
        """
        found: dict[Securable, dict[str, set[str]]] = {}
        for grant in grants:
            name = grantable(grant.privilege, grant.securable.kind).name
            found.setdefault(grant.securable, {}).setdefault(grant.principal.lower(), set()).add(name)
        frozen = {
            place: {principal: frozenset(names) for principal, names in rows.items()}
            for place, rows in found.items()
        }
        known = {place: owner and owner.lower() for place, owner in (owners or {}).items()}
        return cls(principals, known, frozen)

    def granted_on(self, securable: Securable) -> Granted:
        """Return the privileges of each principal that were granted on an object itself."""
        return self.grants.get(securable, _NOTHING)

    def granted(self, grant: Grant) -> AccessState:
        """Return the state after a GRANT. ALL PRIVILEGES stays one grant, and is evaluated when rights are asked for.

        Source: https://docs.databricks.com/aws/en/data-governance/unity-catalog/access-control/privileges-reference#all-privileges

        Raises:
            UnknownPrincipalError: The principal is not declared.
            UnknownSecurableError: The object does not exist.
            UnknownPrivilegeError: There is no such privilege.
            PrivilegeDoesNotFitError: It cannot be granted on an object of that kind.
        """
        principal, name = self._checked(grant)
        held = self.granted_on(grant.securable).get(principal, frozenset())
        return self._with(grant.securable, principal, held | {name})

    def revoked(self, grant: Grant) -> AccessState:
        """Return the state after a REVOKE, which takes what was granted on this object itself and nothing that is inherited.

        REVOKE ALL PRIVILEGES also takes what ALL PRIVILEGES implies, and leaves MANAGE and EXTERNAL USE SCHEMA. To revoke what was not
        granted changes nothing.

        Source: https://docs.databricks.com/aws/en/sql/language-manual/security-revoke

        Raises:
            UnknownPrincipalError: The principal is not declared.
            UnknownSecurableError: The object does not exist.
            UnknownPrivilegeError: There is no such privilege.
            PrivilegeDoesNotFitError: It cannot be granted on an object of that kind.
        """
        principal, name = self._checked(grant)
        held = self.granted_on(grant.securable).get(principal, frozenset())
        taken = {name}
        if name == ALL_PRIVILEGES:
            taken |= {other for other in held if known_privileges()[other].in_all_privileges}
        return self._with(grant.securable, principal, held - taken)

    def owned_by(self, securable: Securable, *, owner: str | None) -> AccessState:
        """Return the state after `OWNER TO`; an object that was not there is created.

        Raises:
            UnknownPrincipalError: The owner is not declared.
        """
        key = owner and self.principals.require(owner)
        return replace(self, owners={**self.owners, securable: key})

    def dropped(self, securable: Securable) -> AccessState:
        """Return the state without an object, what is in it, and all that was granted on these.

        Raises:
            UnknownSecurableError: The object does not exist.
        """
        self._exists(securable)
        gone = {place for place in (*self.owners, *self.grants) if securable in (place, *place.above)}
        return replace(
            self,
            owners={place: owner for place, owner in self.owners.items() if place not in gone},
            grants={place: rows for place, rows in self.grants.items() if place not in gone},
        )

    def _checked(self, grant: Grant) -> tuple[str, str]:
        name = grantable(grant.privilege, grant.securable.kind).name
        self._exists(grant.securable)
        return self.principals.require(grant.principal), name

    def _exists(self, securable: Securable) -> None:
        if securable not in self.owners and securable.kind is not SecurableKind.METASTORE:
            same = (known.name for known in self.owners if known.kind == securable.kind)
            raise UnknownSecurableError(
                f"grants: there is no {securable}",
                fix=choose_from(securable.name, same) or f"create the {securable.kind.words} first",
            )

    def _with(self, place: Securable, principal: str, held: frozenset[str]) -> AccessState:
        rows = {name: names for name, names in self.granted_on(place).items() if name != principal}
        if held:
            rows[principal] = held
        grants = {other: granted for other, granted in self.grants.items() if other != place}
        if rows:
            grants[place] = rows
        return replace(self, grants=grants)
