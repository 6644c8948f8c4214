"""The access that the local lakehouse holds, read from the catalog's files; the engine writes them (`jvm/store/RecordFormat.scala`).

A file is replaced by a rename, so each is whole while the engine writes; one that goes while the folders are walked is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from databricks_utils.catalog.grants import (
    AccessState,
    DuplicatePrincipalError,
    Grant,
    PrincipalKind,
    Securable,
    SecurableKind,
    refusals,
)
from lakewright.grants.errors import NoLakehouseError
from lakewright.grants.people import People
from lakewright.rights.records import FORMATS, PRINCIPALS_FILE
from lakewright.storage.machine_user import machine_user
from lakewright.storage.object_names import name_of

_CATALOG, _SCHEMA = "_catalog.json", "_schema.json"
_SUFFIX = ".json"
_LISTS = {
    "users": PrincipalKind.USER,
    "service_principals": PrincipalKind.SERVICE_PRINCIPAL,
    "groups": PrincipalKind.GROUP,
}
_FAMILIES = {
    "volume": SecurableKind.VOLUME,
    "function": SecurableKind.FUNCTION,
    "model": SecurableKind.MODEL,
}


@dataclass(frozen=True)
class Stored:
    """What a lakehouse holds.

    Attributes:
        state: Who owns what and who was granted what.
        notes: What could not be read or understood, one line each.
    """

    state: AccessState
    notes: tuple[str, ...]


@dataclass
class _Found:
    """What a walk has found so far."""

    owners: dict[Securable, str | None] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def stored_in(lakehouse: Path, *, people: People | None = None) -> Stored:
    """Return what a lakehouse holds.

    Args:
        lakehouse: The folder with `_catalog/`.
        people: Roles and memberships; the names that the lakehouse uses exist anyway.

    Raises:
        NoLakehouseError: There is no lakehouse.
        GrantsError: The groups are cyclic, or a name stands for two kinds of principals.
    """
    folder = lakehouse / "_catalog"
    if not folder.is_dir():
        raise NoLakehouseError(
            "there is no local lakehouse yet", location=str(folder), fix="make one: lakewright run"
        )
    found = _Found()
    for name, path in _folders(folder):
        _read_catalog(found, name, path)
    refused = refusals(found.grants)
    found.notes += [f"ignored {_words(grant)}: {error.summary}" for grant, error in refused.items()]
    grants = [grant for grant in found.grants if grant not in refused]
    names = {grant.principal for grant in grants} | {owner for owner in found.owners.values() if owner}
    known = (people or People()).with_others(names)
    try:
        directory = known.with_kinds({**_kinds(lakehouse), **known.kinds}).directory()
    except DuplicatePrincipalError:  # the configuration has changed since the run
        directory = known.directory()
    return Stored(AccessState.of(directory, owners=found.owners, grants=grants), tuple(found.notes))


def _kinds(lakehouse: Path) -> dict[str, PrincipalKind]:
    """Return the kinds of the principals that a run has written beside the catalog; the user of this machine is a user."""
    try:
        content = json.loads((lakehouse / PRINCIPALS_FILE).read_bytes())
    except (OSError, ValueError):
        content = {}
    found = {machine_user(): PrincipalKind.USER}
    for key, kind in _LISTS.items():
        names = content.get(key) if isinstance(content, dict) else None
        found |= {str(name): kind for name in (names if isinstance(names, list | dict) else ())}
    return found


def _read_catalog(found: _Found, catalog: str, path: Path) -> None:
    _read(found, path / _CATALOG, SecurableKind.CATALOG, (catalog,))
    for schema, folder in _folders(path):
        _read(found, folder / _SCHEMA, SecurableKind.SCHEMA, (catalog, schema))
        for file in _entries(folder):
            stem, _, family = file.name.removesuffix(_SUFFIX).partition(".")
            name = name_of(stem)
            if not file.name.endswith(_SUFFIX) or file.name == _SCHEMA or name is None:
                continue
            if family and family not in _FAMILIES:
                found.notes.append(f"ignored {file.path}: objects of kind `{family}` are not known")
                continue
            _read(found, Path(file.path), _FAMILIES.get(family), (catalog, schema, name))


def _read(found: _Found, file: Path, kind: SecurableKind | None, parts: tuple[str, ...]) -> None:
    """Read one file: its owner and its grants. A catalog or a schema without a file exists, and its owner is not known."""
    record: Mapping[str, Any] = {}
    try:
        record = json.loads(file.read_bytes())
        if not isinstance(record, dict) or record.get("format") not in FORMATS:
            found.notes.append(f"ignored {file}: not a record of format {' or '.join(map(str, FORMATS))}")
            return
    except FileNotFoundError:
        if len(parts) > 2:
            return
    except (OSError, ValueError) as error:
        found.notes.append(f"ignored {file}: {error}")
        return
    securable = Securable(kind or _relation(str(record.get("kind"))), parts)
    owner = record.get("owner")
    found.owners[securable] = str(owner) if owner else None
    for grant in record.get("grants") or []:
        if not isinstance(grant, dict) or not grant.get("principal") or not grant.get("privilege"):
            found.notes.append(f"ignored in {file}: a grant without principal or privilege")
            continue
        found.grants.append(Grant(str(grant["principal"]), str(grant["privilege"]), securable))


def _relation(kind: str) -> SecurableKind:
    if kind == "materialized-view":
        return SecurableKind.MATERIALIZED_VIEW
    return SecurableKind.VIEW if kind == "view" else SecurableKind.TABLE


def _folders(folder: Path) -> Iterator[tuple[str, Path]]:
    for entry in _entries(folder):
        name = name_of(entry.name)
        if name is not None and entry.is_dir():
            yield name, Path(entry.path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """Return what is in a folder, sorted; unfinished files begin with a dot."""
    try:
        found = [entry for entry in os.scandir(folder) if not entry.name.startswith(".")]
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda entry: entry.name)


def _words(grant: Grant) -> str:
    return f"{grant.privilege} on {grant.securable} to `{grant.principal}`"
