"""The access that a bundle declares for one target: its objects, their grants, and who there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

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
from databricks_utils.nearest import nearest
from lakewright.bundle import Bundle, raise_errors
from lakewright.bundle.rules.files.python_resources_not_loaded import PythonResourcesNotLoaded
from lakewright.bundle.rules.paths import CODES as PATHS
from lakewright.grants.people import People, people_of
from lakewright.grants.resources import SECTIONS, DeclaredGrant, Resources, resources_of
from lakewright.grants.running import Runner, current_user_of, deployer_of, runners_of

_VARIABLE = "principals"
_NEAR = 0.9  # likeness of two names of which one is likely misspelled
_USE = {SecurableKind.CATALOG: "USE_CATALOG", SecurableKind.SCHEMA: "USE_SCHEMA"}


@dataclass(frozen=True)
class Declared:
    """What a bundle declares for one target.

    Attributes:
        bundle: The bundle.
        resources: Its objects and grants.
        people: Who there is.
        state: The access that follows.
        runners: Whom its jobs and pipelines run as.
        deployer: Who owns what the deployment makes; None if that is not known.
        refused: The grants that no workspace takes, each with the reason; they are not in the state.
        assumed: The catalogs and schemas that the bundle uses and does not declare: everybody is assumed to have USE on them.
        people_error: What is wrong with the groups; the state then knows no memberships.
    """

    bundle: Bundle
    resources: Resources
    people: People
    state: AccessState
    runners: tuple[Runner, ...]
    deployer: str | None
    refused: Mapping[Grant, GrantsError]
    assumed: frozenset[Securable]
    people_error: GrantsError | None = None

    def entry_of(self, grant: Grant) -> DeclaredGrant | None:
        """Return where a grant is declared; None for one that is not the bundle's."""
        return self._entries.get(_key(grant))

    @property
    def misspelled(self) -> dict[Securable, Securable]:
        """The schemas that the bundle uses and does not declare, each with a declared one of nearly the same name."""
        own = [place for place in self.resources.securables if place.kind is SecurableKind.SCHEMA]
        found = {}
        for place in sorted(self.assumed, key=lambda each: each.parts):
            near = nearest(place.name, [each.name for each in own], limit=1, cutoff=_NEAR)
            if place.kind is SecurableKind.SCHEMA and near:
                found[place] = next(each for each in own if each.name == near[0])
        return found

    @cached_property
    def _entries(self) -> Mapping[tuple[str, str, Securable], DeclaredGrant]:
        return {_key(entry.grant): entry for entry in self.resources.grants}

    def seen_with(self, people: People) -> Declared:
        """Return it with further memberships, those of another environment."""
        together = self.people.together_with(people)
        directory, error = _directory(together)
        return replace(
            self, people=together, state=replace(self.state, principals=directory), people_error=error
        )


def declared_by(bundle: Bundle, *, root: Path | None = None) -> Declared:
    """Return what a bundle declares. A mistake in its grants or groups is part of the result, so that all of them can be shown.

    Args:
        bundle: A loaded bundle.
        root: The folder with `config/`; by default the bundle's.

    Raises:
        ConfigError: `config/` cannot be read.
    """
    resources = resources_of(bundle)
    runners, deployer = runners_of(bundle), deployer_of(bundle)
    people = people_of(root or bundle.root, bundle.environment).with_roles(_roles(bundle))
    people = people.with_kinds({runner.principal: runner.kind for runner in runners})
    if deployer:
        people = people.with_others([deployer])
    grantees = [entry.grant.principal for entry in resources.grants]
    unresolved = [name for name in grantees if "${" in name]
    people = people.with_others(unresolved if people.are_declared else grantees)
    directory, error = _directory(people)
    refused = refusals(entry.grant for entry in resources.grants)
    grants = [entry.grant for entry in resources.grants if entry.grant not in refused]
    above = {place for each in resources.securables for place in each.above[1:]}
    assumed = frozenset(above - set(resources.securables))
    owners = {
        **dict.fromkeys(assumed, None),
        **dict.fromkeys(resources.securables, deployer),
    }
    use = [Grant(ACCOUNT_USERS, _USE[place.kind], place) for place in assumed]
    state = AccessState.of(directory, owners=owners, grants=[*grants, *use])
    return Declared(bundle, resources, people, state, runners, deployer, refused, assumed, error)


def _roles(bundle: Bundle) -> dict[str, str]:
    """Return the roles of the bundle's variable `principals`; whoever deploys, who may stand for all of them, has none."""
    variable = (bundle.resolved.get("variables") or {}).get(_VARIABLE)
    values = variable.get("value", variable.get("default")) if isinstance(variable, dict) else None
    found = values if isinstance(values, dict) else {}
    user = current_user_of(bundle)
    return {
        str(role): name for role, name in found.items() if isinstance(name, str) and name and name != user
    }


def require_usable(bundle: Bundle) -> Bundle:
    """Return a bundle in which grants can be read.

    Mistakes in jobs, apps and other resources do not matter, and neither do files that are not there: a copy of an earlier state has
    the files of the bundle alone.

    Raises:
        BundleError: Its files, variables, target or catalog objects have mistakes.
    """
    mattering = (
        finding
        for finding in bundle.diagnostics
        if int(finding.code.removeprefix("LW")) not in PATHS
        and finding.code
        != PythonResourcesNotLoaded.code  # what is written in YAML is there; a note names the rest
        and _matters(finding.path or "")
    )
    raise_errors(mattering, of="the bundle", root=bundle.root)
    return bundle


def _matters(path: str) -> bool:
    _, _, rest = path.partition("resources.")
    return not path.startswith("resources.") or rest.partition(".")[0] in SECTIONS


def require_valid(declared: Declared) -> Declared:
    """Return what is declared, if nothing of it is refused.

    Raises:
        GrantsError: A privilege does not exist or does not fit, or the groups are wrong; it names file and line.
    """
    if declared.people_error is not None:
        raise declared.people_error
    for grant, error in declared.refused.items():
        entry = declared.entry_of(grant)
        place = str(entry.location) if entry and entry.location else None
        raise type(error)(error.summary, location=place, fix=error.fix, docs=error.docs)
    return declared


def _directory(people: People) -> tuple[PrincipalDirectory, GrantsError | None]:
    try:
        return people.directory(), None
    except GrantsError as error:
        return people.without_memberships().directory(), error


def _key(grant: Grant) -> tuple[str, str, Securable]:
    privilege = "_".join(grant.privilege.upper().replace("_", " ").split())
    return grant.principal.lower(), privilege, grant.securable
