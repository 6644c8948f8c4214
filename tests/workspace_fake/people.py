"""Who is there: users, groups and service principals, with their tokens and memberships."""

from dataclasses import dataclass, field
from uuid import UUID, uuid5

_SPACE = UUID("6f1d2a0e-2c39-4a58-9a7e-3b1f0a4c5d66")
OF_THE_WORKSPACE = ("admins", "users")
"""Groups that each workspace has; Unity Catalog does not know them."""


def steady_uuid(name: str) -> str:
    """Return the same id for the same name, so that tests can name it."""
    return str(uuid5(_SPACE, name))


@dataclass(frozen=True)
class Principal:
    """A user or a service principal.

    Attributes:
        name: What the API calls it: a user's name, a service principal's application id.
        display_name: What people call it.
        number: Its id in SCIM.
        is_user: Whether it is a person.
    """

    name: str
    display_name: str
    number: str
    is_user: bool


@dataclass
class People:
    """The principals of the workspace, who belongs to which group, and whose a token is."""

    principals: dict[str, Principal] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in OF_THE_WORKSPACE})
    tokens: dict[str, str] = field(default_factory=dict)
    users_of: dict[str, set[str]] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)

    def add(self, principal: Principal, groups: list[str]) -> str:
        """Add a principal to the workspace and to groups; return a token of its."""
        self.principals[principal.name] = principal
        for group in (*groups, "users"):
            self.groups.setdefault(group, set()).add(principal.name)
        token = f"dapi{steady_uuid('token of ' + principal.name).replace('-', '')}"
        self.tokens[token] = principal.name
        return token

    def groups_of(self, name: str) -> set[str]:
        """Return the groups of a principal, with those that hold them."""
        found: set[str] = set()
        waiting = {name}
        while waiting:
            member = waiting.pop()
            outer = {group for group, members in self.groups.items() if member in members} - found
            found |= outer
            waiting |= outer
        return found

    def is_admin(self, name: str) -> bool:
        return "admins" in self.groups_of(name)

    def in_catalog(self, name: str) -> bool:
        """Whether Unity Catalog knows a principal under this name: groups of the workspace itself it does not."""
        return (
            name == "account users"
            or name in self.principals
            or (name in self.groups and name not in OF_THE_WORKSPACE)
        )
