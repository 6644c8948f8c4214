"""The state that a question is about: what a bundle declares for a target, or what the local lakehouse holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from databricks_utils.catalog.grants import (
    AccessState,
    PrincipalDirectory,
    PrincipalKind,
    Securable,
    SecurableKind,
    UnknownSecurableError,
)
from databricks_utils.nearest import choose_from
from lakewright.grants.declared import Declared
from lakewright.grants.people import kind_of, people_of
from lakewright.grants.stored import stored_in

_LOCAL = "local"
_NOT_IN_BUNDLES = (
    SecurableKind.TABLE,
    SecurableKind.VIEW,
    SecurableKind.MATERIALIZED_VIEW,
    SecurableKind.FUNCTION,
)
_LEVELS = (SecurableKind.CATALOG, SecurableKind.SCHEMA, SecurableKind.TABLE)


@dataclass(frozen=True)
class Asked:
    """A state and where it is from.

    Attributes:
        state: The state.
        where: Where it is from, in words.
        assumed: The catalogs and schemas on which USE is assumed.
        has_all_objects: Whether an object that is not in it does not exist; a bundle declares no tables.
        keys: The objects of a bundle by the keys of their resources.
    """

    state: AccessState
    where: str
    assumed: frozenset[Securable] = frozenset()
    has_all_objects: bool = False
    keys: Mapping[str, Securable] = field(default_factory=dict)

    def with_object(self, securable: Securable) -> AccessState:
        """Return the state with an object, which has what it inherits if it is not there."""
        known = {**self.state.owners, securable: self.state.owners.get(securable)}
        return replace(self.state, owners=known)


def with_person(asked: Asked, name: str) -> Asked | None:
    """Return a question in which a user or a service principal exists that nobody has named, in `account users` alone.

    Args:
        asked: The question.
        name: The name; an e-mail address or an application id.

    Returns:
        The question; None if the name is known, or may be that of a group.
    """
    kind = kind_of(name)
    people = asked.state.principals
    if name.lower() in people.kinds or kind is PrincipalKind.GROUP:
        return None
    names: dict[PrincipalKind, list[str]] = {each: [] for each in PrincipalKind}
    for key, known in people.kinds.items():
        names[known].append(people.shown[key])
    names[kind].append(name)
    directory = PrincipalDirectory.of(
        users=names[PrincipalKind.USER],
        service_principals=names[PrincipalKind.SERVICE_PRINCIPAL],
        groups={group: people.groups[group.lower()] for group in names[PrincipalKind.GROUP]},
    )
    return replace(asked, state=replace(asked.state, principals=directory))


def asked_of_bundle(declared: Declared) -> Asked:
    """Return what a bundle declares for its target."""
    local = " with config/local.yaml" if declared.bundle.is_local else ""
    where = f"target {declared.bundle.target}{local} of the bundle"
    keys = {each.path.rpartition(".")[2]: each.securable for each in declared.resources.objects}
    return Asked(declared.state, where, declared.assumed, keys=keys)


def asked_of_lakehouse(project: Path) -> tuple[Asked, tuple[str, ...]]:
    """Return what a project's lakehouse holds, and what could not be read.

    Args:
        project: The project's folder.

    Raises:
        NoLakehouseError: There is no lakehouse.
        ConfigError: `config/local.yaml` cannot be read.
        GrantsError: The groups of the configuration are wrong.
    """
    lakehouse = project / ".lakewright" / "lakehouse"
    stored = stored_in(lakehouse, people=people_of(project, _LOCAL))
    return Asked(stored.state, "the local lakehouse", has_all_objects=True), stored.notes


def find(asked: Asked, name: str) -> Securable:
    """Return the object of a name: a full name, its last parts if one object has them, or the key of its resource in the bundle.

    With its kind in front, as in `VOLUME c.s.files`, the name is a full one.

    Args:
        asked: The state to look in.
        name: The name; a part in backticks may contain dots.

    Raises:
        InvalidSecurableError: The text is no name of an object.
        UnknownSecurableError: There is no such object, or several.
    """
    kind, _, rest = name.strip().rpartition(" ")
    if kind.replace(" ", "_").upper() in SecurableKind.__members__:
        exact = Securable.parse(kind, rest)
        return _required(asked, [exact] if exact in asked.state.owners else [], exact)
    parts = tuple(part.lower() for part in _parts(name))
    known = [place for place in asked.state.owners if place.parts[-len(parts) :] == parts]
    full = [place for place in known if place.parts == parts]
    known = known or [place for key, place in asked.keys.items() if key == name.strip()]
    wanted = Securable(_LEVELS[len(parts) - 1], parts)
    return _required(asked, full or known, wanted)


def _parts(name: str) -> tuple[str, ...]:
    """Return the parts of a name: those of the only kind that takes so many, or one part too many or too few."""
    for kind in _LEVELS[:-1]:
        try:
            return Securable.parse(kind.value, name).parts
        except ValueError:
            continue
    return Securable.parse(_LEVELS[-1].value, name).parts


def _required(asked: Asked, found: list[Securable], wanted: Securable) -> Securable:
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownSecurableError(
            f"grants: several objects have the name `{wanted.name}`",
            fix="say which: " + " or ".join(f'--on "{place.sql}"' for place in found[:5]),
        )
    holder = wanted.above[-1] if wanted.above else wanted
    if not asked.has_all_objects and wanted.kind in _NOT_IN_BUNDLES and holder in asked.state.owners:
        return wanted  # what the bundle does not declare, such as a table, has what it inherits
    names = [place.name for place in asked.state.owners]
    if len(wanted.parts) == 1:
        names = [*names, *asked.keys, *(part for place in asked.state.owners for part in place.parts[-1:])]
    same = [place.name for place in asked.state.owners if place.parts[-1:] == wanted.parts[-1:]]
    raise UnknownSecurableError(
        f"grants: there is no `{wanted.name}` in {asked.where}",
        fix=choose_from(wanted.name, same or names)
        or "the bundle declares no catalog, schema, volume or model",
    )
