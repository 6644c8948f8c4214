"""The objects of Unity Catalog that a resolved bundle makes, and the grants on them with their places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from databricks_utils.catalog.grants import Grant, Securable, SecurableKind
from lakewright.bundle import Bundle, Location, local_value

_KINDS = {
    "catalogs": (SecurableKind.CATALOG, ("name",)),
    "schemas": (SecurableKind.SCHEMA, ("catalog_name", "name")),
    "volumes": (SecurableKind.VOLUME, ("catalog_name", "schema_name", "name")),
    "registered_models": (SecurableKind.MODEL, ("catalog_name", "schema_name", "name")),
}
_ELSEWHERE = {
    "external_locations": "external locations",
    "vector_search_indexes": "vector search indexes",
    "secrets": "secrets",
}
SECTIONS = frozenset(_KINDS)


@dataclass(frozen=True)
class DeclaredObject:
    """One object of a bundle.

    Attributes:
        securable: What it is.
        path: Its key path, e.g. `resources.schemas.gold`.
        has_grants: Whether it has grants: a deployment then sets these; without any it leaves the grants as they are.
    """

    securable: Securable
    path: str
    has_grants: bool


@dataclass(frozen=True)
class DeclaredGrant:
    """One privilege of one entry of a list of grants.

    Attributes:
        grant: The grant.
        path: The key path of the privilege.
        location: Where it is written.
    """

    grant: Grant
    path: str
    location: Location | None


@dataclass(frozen=True)
class Resources:
    """What a bundle declares.

    Attributes:
        objects: Its catalogs, schemas, volumes and registered models.
        grants: The grants on them.
        unnamed: The key paths of objects whose names are known in a workspace only.
        elsewhere: What else has grants, which the rules here do not know: `2 grants on external locations`.
    """

    objects: tuple[DeclaredObject, ...]
    grants: tuple[DeclaredGrant, ...]
    unnamed: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def securables(self) -> tuple[Securable, ...]:
        """The objects, without their paths."""
        return tuple(each.securable for each in self.objects)


def resources_of(bundle: Bundle) -> Resources:
    """Return the objects and grants of a loaded bundle, named as its target names them.

    Args:
        bundle: A loaded bundle.
    """
    objects: list[DeclaredObject] = []
    grants: list[DeclaredGrant] = []
    unnamed: list[str] = []
    for section, (kind, fields) in _KINDS.items():
        for key, resource in _section(bundle, section):
            path = f"resources.{section}.{key}"
            parts = tuple(local_value(bundle, str(resource.get(name) or "")) for name in fields)
            if not all(parts) or any("${" in part for part in parts):
                unnamed.append(path)
                continue
            securable = Securable(kind, parts)
            objects.append(DeclaredObject(securable, path, has_grants=bool(resource.get("grants"))))
            grants += _grants(bundle, resource, securable, path)
    return Resources(tuple(objects), tuple(grants), tuple(unnamed), tuple(_elsewhere(bundle)))


def _section(bundle: Bundle, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    section = (bundle.resolved.get("resources") or {}).get(name) or {}
    for key, resource in section.items():
        if isinstance(resource, dict):
            yield str(key), resource


def _grants(
    bundle: Bundle, resource: dict[str, Any], securable: Securable, path: str
) -> Iterator[DeclaredGrant]:
    for number, entry in enumerate(resource.get("grants") or []):
        principal = local_value(bundle, str((entry or {}).get("principal") or ""))
        if not principal:
            continue  # the load reports it
        for index, privilege in enumerate(entry.get("privileges") or []):
            place = f"{path}.grants[{number}].privileges[{index}]"
            grant = Grant(principal, str(privilege), securable)
            yield DeclaredGrant(grant, place, bundle.locate(place))


def _elsewhere(bundle: Bundle) -> Iterator[str]:
    for section, words in _ELSEWHERE.items():
        count = sum(len(resource.get("grants") or []) for _, resource in _section(bundle, section))
        if count:
            yield f"{count} grant{'' if count == 1 else 's'} on {words}"
