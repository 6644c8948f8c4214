"""What a question about rights is answered with: the reasons, or what is missing and the statement that would add it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from databricks_utils.catalog.grants.privileges import ALL_PRIVILEGES
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import Grant
from databricks_utils.quoting import quote_part

OWNERSHIP = "OWNERSHIP"


class Way(StrEnum):
    """How a principal came by a right."""

    GRANT = "grant"
    ALL_PRIVILEGES = "all privileges"
    OWNER = "owner"
    OWNER_ABOVE = "owner above"


@dataclass(frozen=True)
class Reason:
    """One reason for a right.

    Attributes:
        way: How the principal came by it.
        privilege: The privilege.
        securable: The object that was granted on, or is owned: the one asked for, or one that holds it.
        path: From the principal to the one that it was granted to, or that owns the object: the groups between.
    """

    way: Way
    privilege: str
    securable: Securable
    path: tuple[str, ...]

    @property
    def granted(self) -> str:
        """The privilege as it was granted, ALL PRIVILEGES for one that is implied by it; empty for an owner's."""
        if self.way in (Way.OWNER, Way.OWNER_ABOVE):
            return ""
        return self.privilege if self.way is Way.GRANT else ALL_PRIVILEGES

    def __str__(self) -> str:
        holder = f"`{self.path[-1]}`"
        if not self.granted:
            text = f"{holder} owns {self.securable}"
        else:
            text = f"{self.granted.replace('_', ' ')} on {self.securable} is granted to {holder}"
        return f"{text} ({' → '.join(self.path)})" if len(self.path) > 1 else text


@dataclass(frozen=True)
class Missing:
    """One thing that a principal would need.

    Attributes:
        privilege: The privilege, or `OWNERSHIP`.
        securable: Where.
    """

    privilege: str
    securable: Securable

    def fix(self, principal: str) -> str:
        """Return the statement that would give it to a principal."""
        if self.privilege != OWNERSHIP:
            return Grant(principal, self.privilege, self.securable).statement
        if self.securable.kind is SecurableKind.METASTORE:
            return f"an account admin makes {quote_part(principal)} a metastore admin"
        return f"ALTER {self.securable.sql} OWNER TO {quote_part(principal)}"

    def __str__(self) -> str:
        return f"{self.privilege.replace('_', ' ')} on {self.securable}"


@dataclass(frozen=True)
class Decision:
    """Whether a principal may use a privilege on an object, and why.

    Attributes:
        principal: Who asks.
        privilege: The privilege, or `OWNERSHIP`.
        securable: The object.
        reasons: Why the principal has it, the object itself first; it may have it and still miss USE.
        missing: What it would need, from the catalog down; empty if it is allowed.
    """

    principal: str
    privilege: str
    securable: Securable
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]

    @property
    def allowed(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    @property
    def fix(self) -> str:
        """The statements that would allow it, one a line; empty if it is allowed."""
        return "\n".join(missing.fix(self.principal) for missing in self.missing)

    def __str__(self) -> str:
        asked = f"{self.privilege.replace('_', ' ')} on {self.securable}"
        if self.allowed:
            return f"`{self.principal}` has {asked}: {'; '.join(map(str, self.reasons))}"
        return f"`{self.principal}` does not have {', '.join(map(str, self.missing))}"
