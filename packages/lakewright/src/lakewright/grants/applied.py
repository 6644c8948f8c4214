"""What a local deployment does about access: the statements that bring the lakehouse to the bundle's grants, and the list of principals.

As in a workspace, an object with a list of grants gets these and no others, and an object without a list stays as it is. The catalog
itself is not the bundle's: here everybody may use it, as an administrator grants it in a workspace.
Source: https://github.com/databricks/cli/blob/main/bundle/direct/dresources/grants.go
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Set
from pathlib import Path

from databricks_utils.catalog.grants import (
    ALL_PRIVILEGES,
    AccessState,
    Grant,
    PrincipalKind,
    Securable,
    SecurableKind,
)
from databricks_utils.quoting import quote_part
from lakewright.grants.declared import Declared
from lakewright.grants.deployed import kept_grants
from lakewright.grants.errors import NoLakehouseError
from lakewright.grants.people import People, people_of
from lakewright.grants.stored import stored_in
from lakewright.rights.records import PRINCIPALS_FILE, file_of

_VERSION = 1
_LOCAL = "local"


def are_enforced(declared: Declared) -> bool:
    """Return whether a bundle says who may do what; without any grant its jobs are not held to grants."""
    return any(each.has_grants for each in declared.resources.objects)


def missing_models(declared: Declared, lakehouse: Path) -> list[Securable]:
    """Return the registered models of a bundle that a lakehouse does not know.

    Args:
        declared: What the bundle declares.
        lakehouse: The folder with `_catalog/`.
    """
    models = [place for place in declared.resources.securables if place.kind is SecurableKind.MODEL]
    return [model for model in models if not file_of(lakehouse, model).is_file()]


def missing_grants(declared: Declared, lakehouse: Path) -> list[str]:
    """Return the statements that bring a lakehouse to the grants of a bundle; none where it has them.

    Args:
        declared: What the bundle declares; its objects are made before these statements run.
        lakehouse: The folder with `_catalog/`.
    """
    if not are_enforced(declared):
        return []
    try:
        actual = stored_in(lakehouse).state
    except NoLakehouseError:
        actual = AccessState.of(declared.state.principals)
    kept = set(kept_grants(actual, declared))
    statements: list[str] = []
    for place in sorted(declared.assumed, key=lambda each: each.parts):
        statements += _changes(declared.state, actual, place, revoke=False, kept=kept)
    for each in declared.resources.objects:
        if each.has_grants:
            statements += _changes(declared.state, actual, each.securable, revoke=True, kept=kept)
    return statements


def notes_on_grants(declared: Declared, lakehouse: Path) -> list[str]:
    """Return a note for each grant that a deployment leaves although the bundle does not list it.

    Args:
        declared: What the bundle declares.
        lakehouse: The folder with `_catalog/`.
    """
    try:
        kept = kept_grants(stored_in(lakehouse).state, declared) if are_enforced(declared) else ()
    except NoLakehouseError:
        return []
    return [
        f"`{each.principal}` keeps {each.privilege.replace('_', ' ')} on {each.securable}, which the bundle does not list: a deployment "
        f"leaves it, as in a workspace\n  fix: REVOKE {each.privilege.replace('_', ' ')} ON {each.securable.sql} "
        f"FROM {quote_part(each.principal)}"
        for each in kept
    ]


def write_principals(people: People, lakehouse: Path) -> None:
    """Write who there is beside the catalog's files, where the engine reads it; nothing is declared, so anybody may be granted to.

    Args:
        people: Roles, memberships and further names.
        lakehouse: The folder with `_catalog/`.

    Raises:
        CyclicGroupsError: A group is a member of itself.
        DuplicatePrincipalError: One name stands for two kinds of principals.
    """
    file = lakehouse / PRINCIPALS_FILE
    text = json.dumps(_content(people), indent=2, ensure_ascii=False) + "\n"
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        lakehouse.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=lakehouse, prefix=f".{PRINCIPALS_FILE}-")
        with os.fdopen(handle, "w", encoding="utf-8") as output:
            output.write(text)
        Path(name).replace(file)


def renew_principals(project: Path, lakehouse: Path) -> None:
    """Write the memberships of the local configuration, and the names that a run has written before.

    Args:
        project: The project's root.
        lakehouse: The folder with `_catalog/`.

    Raises:
        ConfigError: `config/` cannot be read.
        CyclicGroupsError: A group is a member of itself.
    """
    people = people_of(project, _LOCAL)
    if people.are_declared:
        write_principals(people.with_others(_earlier_names(lakehouse)), lakehouse)


def _content(people: People) -> dict[str, object]:
    if not people.are_declared:
        return {"version": _VERSION, "users": [], "service_principals": [], "groups": {}}
    directory = people.directory()

    def named(kind: PrincipalKind) -> list[str]:
        return sorted(directory.shown[name] for name, known in directory.kinds.items() if known is kind)

    groups = {
        directory.shown[group]: sorted(directory.shown[name] for name in members)
        for group, members in sorted(directory.groups.items())
    }
    return {
        "version": _VERSION,
        "users": named(PrincipalKind.USER),
        "service_principals": named(PrincipalKind.SERVICE_PRINCIPAL),
        "groups": groups,
    }


def _earlier_names(lakehouse: Path) -> list[str]:
    try:
        content = json.loads((lakehouse / PRINCIPALS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    lists = (content.get(key) for key in ("users", "service_principals", "groups"))
    return [str(name) for names in lists if isinstance(names, list | dict) for name in names]


def _changes(
    wanted: AccessState, actual: AccessState, place: Securable, *, revoke: bool, kept: Set[Grant]
) -> Iterator[str]:
    """Yield REVOKE and GRANT for one object. REVOKE ALL PRIVILEGES comes first: it takes what is granted one by one too."""
    target, there = wanted.granted_on(place), actual.granted_on(place)
    shown = {**actual.principals.shown, **wanted.principals.shown}
    for principal, names in sorted(there.items()) if revoke else ():
        left = {
            each.privilege for each in kept if each.securable == place and each.principal.lower() == principal
        }
        extra = names - target.get(principal, frozenset()) - left
        for name in sorted(extra, key=lambda each: (each != ALL_PRIVILEGES, each)):
            words = name.replace("_", " ")
            yield f"REVOKE {words} ON {place.sql} FROM {quote_part(shown.get(principal, principal))}"
        if ALL_PRIVILEGES in extra:  # what it took with it is granted again
            there = {**there, principal: frozenset()}
    for principal, names in sorted(target.items()):
        if "${" in principal:  # known in a workspace only
            continue
        for name in sorted(names - there.get(principal, frozenset())):
            yield Grant(shown.get(principal, principal), name, place).statement
