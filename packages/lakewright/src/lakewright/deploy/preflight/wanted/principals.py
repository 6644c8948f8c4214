"""Users, service principals and groups that a bundle names: in grants, permissions, secret scopes and `run_as`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from databricks_utils.catalog.grants import ACCOUNT_USERS, PrincipalKind
from lakewright.bundle import Bundle
from lakewright.deploy.preflight.wanted.named import known_text, walk
from lakewright.grants.people import kind_of

_FIELDS = {
    "user_name": PrincipalKind.USER,
    "service_principal_name": PrincipalKind.SERVICE_PRINCIPAL,
    "group_name": PrincipalKind.GROUP,
}
_ALWAYS_THERE = {ACCOUNT_USERS, "users", "admins"}


@dataclass(frozen=True)
class WantedPrincipal:
    """A principal that a bundle names.

    Attributes:
        name: Its name; the application id of a service principal, or its name where it was not found.
        kind: Its kind.
        path: The key path of its first place.
        is_granted: Whether Unity Catalog has to know it: groups of a workspace alone are not known there.
    """

    name: str
    kind: PrincipalKind
    path: str
    is_granted: bool


def principals_of(bundle: Bundle) -> tuple[WantedPrincipal, ...]:
    """Return the principals that a bundle names, each once; those that every workspace has are left out."""
    found: dict[str, WantedPrincipal] = {}
    for each in _principals(bundle):
        key = each.name.lower()
        known = found.setdefault(key, each)
        if each.is_granted and not known.is_granted:
            found[key] = WantedPrincipal(known.name, known.kind, each.path, is_granted=True)
    return tuple(each for key, each in found.items() if key not in _ALWAYS_THERE)


def _principals(bundle: Bundle) -> Iterator[WantedPrincipal]:
    roots = {"resources": bundle.resolved.get("resources"), "permissions": bundle.resolved.get("permissions")}
    for root, value in roots.items():
        for path, entry in walk(value or {}, root):
            for field, kind in _FIELDS.items():
                name = known_text(bundle, entry.get(field))
                if name:
                    yield WantedPrincipal(name, kind, f"{path}.{field}", is_granted=False)
            name = known_text(bundle, entry.get("principal"))
            if name:
                is_granted = "privileges" in entry
                yield WantedPrincipal(name, kind_of(name), f"{path}.principal", is_granted=is_granted)
