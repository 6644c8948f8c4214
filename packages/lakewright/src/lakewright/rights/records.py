"""The few records of the catalog that one question is about: those of the object and of what holds it, and who there is.

A file is replaced by a rename, so each is whole while the engine writes (`jvm/store/RecordFormat.scala`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from databricks_utils.catalog.grants import (
    ACCOUNT_USERS,
    AccessState,
    Grant,
    GrantsError,
    PrincipalDirectory,
    Securable,
    SecurableKind,
    refusals,
)
from lakewright.rights.errors import principals_contradict
from lakewright.storage.object_names import file_name

PRINCIPALS_FILE = "principals.json"
FORMATS = (1, 2, 3)
_SUFFIXES = {
    SecurableKind.VOLUME: ".volume.json",
    SecurableKind.FUNCTION: ".function.json",
    SecurableKind.MODEL: ".model.json",
}

_STAT = os.stat  # the system's own: the one that is put in its place would ask for rights again

Edition = tuple[int, int, int] | None


def file_of(lakehouse: Path, securable: Securable) -> Path:
    """Return the file with owner and grants of a catalog, a schema or an object.

    Args:
        lakehouse: The folder with `_catalog/`.
        securable: What it is about.
    """
    folder = lakehouse.joinpath("_catalog", *map(file_name, securable.parts[:2]))
    if securable.kind is SecurableKind.METASTORE:
        return folder / "_metastore.json"
    if securable.kind in (SecurableKind.CATALOG, SecurableKind.SCHEMA):
        return folder / f"_{securable.kind.value.lower()}.json"
    return folder / f"{file_name(securable.parts[-1])}{_SUFFIXES.get(securable.kind, '.json')}"


def edition_of(file: Path) -> Edition:
    """Return what tells one edition of a file from the next; None if there is no file."""
    try:
        found = _STAT(file)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def state_of(lakehouse: Path, securable: Securable, *, principal: str) -> AccessState:
    """Return who owns and was granted what on an object and on the catalog and the schema that hold it.

    A record that cannot be read gives nothing: what is damaged opens no door.

    Args:
        lakehouse: The folder with `_catalog/`.
        securable: The object; it need not exist.
        principal: A name that exists although nobody has declared it.

    Raises:
        CyclicGroupsError: A group is a member of itself.
    """
    places = (*securable.above[1:], securable)
    records = {place: _read(file_of(lakehouse, place)) for place in places}
    owners = {place: record.get("owner") for place, record in records.items() if record is not None}
    grants = [grant for place, record in records.items() for grant in _grants(place, record or {})]
    refused = refusals(grants)
    names = {
        principal,
        *(owner for owner in owners.values() if owner),
        *(grant.principal for grant in grants),
    }
    return AccessState.of(
        _directory(lakehouse, names),
        owners=owners,
        grants=[grant for grant in grants if grant not in refused],
    )


def check_principals(lakehouse: Path) -> None:
    """Check the list of principals that a run has written beside the catalog.

    Args:
        lakehouse: The folder with `_catalog/`.

    Raises:
        PrincipalsError: A group is a member of itself, or one name is declared twice.
    """
    try:
        _directory(lakehouse, ())
    except GrantsError as error:
        raise principals_contradict(error, lakehouse / PRINCIPALS_FILE) from None


def _grants(place: Securable, record: Mapping[str, Any]) -> Iterable[Grant]:
    for entry in record.get("grants") or ():
        if isinstance(entry, dict) and entry.get("principal") and entry.get("privilege"):
            yield Grant(str(entry["principal"]), str(entry["privilege"]), place)


def _read(file: Path) -> dict[str, Any] | None:
    try:
        record = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("format") in FORMATS else None


def _directory(lakehouse: Path, further: Iterable[str]) -> PrincipalDirectory:
    """Return who there is: what a run has written beside the catalog, and further names as users."""
    content = _principals(lakehouse / PRINCIPALS_FILE)
    groups = {
        str(name): list(map(str, _list(members))) for name, members in _map(content.get("groups")).items()
    }
    services = [str(name) for name in _list(content.get("service_principals"))]
    users = {str(name).lower(): str(name) for name in _list(content.get("users"))}
    known = {name.lower() for name in (*groups, *services, ACCOUNT_USERS)}
    for name in (*further, *(one for members in groups.values() for one in members)):
        users.setdefault(name.lower(), name)
    people = [name for key, name in users.items() if key not in known]
    return PrincipalDirectory.of(users=people, service_principals=services, groups=groups)


def _principals(file: Path) -> dict[str, Any]:
    """Return what a file says; one that cannot be read makes nobody a member of a group."""
    try:
        return _map(json.loads(file.read_bytes()))
    except (OSError, ValueError):
        return {}


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
