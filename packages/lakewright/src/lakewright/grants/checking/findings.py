"""Problems of the declared grants as findings, each with its rule, its place in a file and its fix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from databricks_utils.catalog.grants import (
    Check,
    EffectiveRights,
    PrincipalKind,
    Problem,
    UnknownPrivilegeError,
    all_privileges_granted,
    bi_writes,
    grants_without_use,
    lacking,
    owned_by_people,
    reads_of_production,
    unknown_principals,
)
from lakewright.bundle import Diagnostic
from lakewright.bundle.rules.base import GrantsRule
from lakewright.bundle.rules.grants.all_privileges_in_production import AllPrivilegesInProduction
from lakewright.bundle.rules.grants.bi_principal_can_write import BiPrincipalCanWrite
from lakewright.bundle.rules.grants.cyclic_groups import CyclicGroups
from lakewright.bundle.rules.grants.grant_without_use import GrantWithoutUse
from lakewright.bundle.rules.grants.person_owns_production import PersonOwnsProduction
from lakewright.bundle.rules.grants.privilege_does_not_fit import PrivilegeDoesNotFit
from lakewright.bundle.rules.grants.production_readable_from_development import (
    ProductionReadableFromDevelopment,
)
from lakewright.bundle.rules.grants.runner_without_privilege import RunnerWithoutPrivilege
from lakewright.bundle.rules.grants.unknown_principal import UnknownPrincipal
from lakewright.bundle.rules.grants.unknown_privilege import UnknownPrivilege
from lakewright.grants.checking.environments import is_production, principals_of_development
from lakewright.grants.declared import Declared
from lakewright.grants.running import needs_of

_RULES: dict[Check, type[GrantsRule]] = {
    Check.UNKNOWN_PRINCIPAL: UnknownPrincipal,
    Check.BI_CAN_WRITE: BiPrincipalCanWrite,
    Check.PRODUCTION_READABLE: ProductionReadableFromDevelopment,
    Check.WITHOUT_USE: GrantWithoutUse,
    Check.OWNED_BY_PERSON: PersonOwnsProduction,
    Check.ALL_PRIVILEGES_GRANTED: AllPrivilegesInProduction,
    Check.LACKS: RunnerWithoutPrivilege,
}
# Source: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-principal
_WORKSPACE_GROUPS = {
    "users": "`account users`, which is everybody",
    "admins": "a group of the account",
}
_GROUPS = "or add the groups that it is in to `principals.users` of the configuration"


def findings_of(
    declared: Declared, *, developments: Callable[[], Iterable[Declared]] = tuple
) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the grants of one target.

    Args:
        declared: What the target declares.
        developments: Returns what the development targets declare; called for a production target.
    """
    found = [*_refused(declared), *_cycles(declared), *_always(declared)]
    if is_production(declared.bundle):
        found += _of_production(declared)
        for development in developments():
            found += _readable(declared, development)
    return tuple(dict.fromkeys(found))


def _refused(declared: Declared) -> Iterator[Diagnostic]:
    for entry in declared.resources.grants:
        error = declared.refused.get(entry.grant)
        if error is not None:
            rule = UnknownPrivilege if isinstance(error, UnknownPrivilegeError) else PrivilegeDoesNotFit
            yield rule.of(_plain(error.summary), fix=error.fix, location=entry.location, path=entry.path)


def _cycles(declared: Declared) -> Iterator[Diagnostic]:
    error = declared.people_error
    if error is not None:
        yield CyclicGroups.of(_plain(error.summary), fix=error.fix, location=declared.people.location)


def _always(declared: Declared) -> Iterator[Diagnostic]:
    state = declared.state
    if declared.people.are_declared:
        yield from _as_findings(declared, unknown_principals(state))
    else:
        yield from _workspace_groups(declared)
    yield from _as_findings(declared, bi_writes(state, principals=declared.people.bi))
    yield from _as_findings(declared, grants_without_use(state))
    if declared.resources.grants:
        yield from _runners(declared)


def _workspace_groups(declared: Declared) -> Iterator[Diagnostic]:
    """Yield the grants to groups of the workspace, which Unity Catalog does not know, where no configuration says who there is."""
    for entry in declared.resources.grants:
        name, place = entry.grant.principal, f"{entry.path.rpartition('.')[0]}.principal"
        if name.lower() in _WORKSPACE_GROUPS:
            yield UnknownPrincipal.of(
                f"`{name}` is a group of the workspace, and privileges are granted to groups of the account",
                fix=f"grant it to {_WORKSPACE_GROUPS[name.lower()]}",
                location=declared.bundle.locate(place),
                path=place,
            )


def _of_production(declared: Declared) -> Iterator[Diagnostic]:
    yield from _owners(declared)
    for runner in declared.runners:
        if runner.kind is PrincipalKind.USER and runner.has_data:
            yield PersonOwnsProduction.of(
                f"a person owns what {runner.what} makes: it runs as `{runner.principal}`",
                fix="run it as a service principal: `run_as: {service_principal_name: …}`",
                location=declared.bundle.locate(f"{runner.path}.run_as"),
                path=f"{runner.path}.run_as",
            )
    yield from _as_findings(declared, all_privileges_granted(declared.state))


def _owners(declared: Declared) -> Iterator[Diagnostic]:
    """Yield who deploys, if that is a person: one finding for all objects."""
    owned: dict[str, int] = {}
    for problem in owned_by_people(declared.state):
        owned[problem.principal] = owned.get(problem.principal, 0) + 1
    for person, count in owned.items():
        yield PersonOwnsProduction.of(
            f"a person deploys target {declared.bundle.target} and owns what it makes: `{person}`",
            fix="deploy as a service principal; give what is there to it: ALTER SCHEMA … OWNER TO …",
            detail=f"{count} of its objects; the name is from {declared.bundle.user_source}",
            location=declared.bundle.locate("resources"),
            path="resources",
        )


def _readable(production: Declared, development: Declared) -> Iterator[Diagnostic]:
    """Yield what principals of development may read of what the bundle makes in production alone."""
    both = production.seen_with(development.people)
    objects = set(production.resources.securables) - set(development.resources.securables)
    running, deploying = principals_of_development(development, production)
    for names, is_mild in ((running, False), (deploying, True)):
        problems = reads_of_production(both.state, principals=names, objects=objects)
        for problem in problems:
            yield _finding(production, problem, is_mild=is_mild)


def _runners(declared: Declared) -> Iterator[Diagnostic]:
    """Yield whom jobs and pipelines run as without anything granted to them, or without what they need."""
    effective, own = EffectiveRights(declared.state), set(declared.resources.securables)
    without = set()
    for runner in declared.runners:
        if runner.has_data and not own & effective.of(runner.principal).keys():
            without.add(runner.principal)
            yield RunnerWithoutPrivilege.of(
                f"{runner.what} runs as `{runner.principal}`, to whom the bundle grants nothing",
                fix=f"grant it, or a group that it is in, what the {runner.what.split()[0]} needs\n{_GROUPS}",
                location=declared.bundle.locate(f"{runner.path}.run_as"),
                path=f"{runner.path}.run_as",
            )
    for need, path in needs_of(declared.bundle, declared.resources):
        if need.principal in without:
            continue
        for problem in lacking(declared.state, needs=[need]):
            fix = f"{problem.fix}\n{_GROUPS}"
            yield RunnerWithoutPrivilege.of(
                problem.summary, fix=fix, location=declared.bundle.locate(path), path=path
            )


def _as_findings(declared: Declared, problems: Iterable[Problem]) -> Iterator[Diagnostic]:
    for problem in problems:
        yield _finding(declared, problem)


def _finding(declared: Declared, problem: Problem, *, is_mild: bool = False) -> Diagnostic:
    entry = declared.entry_of(problem.grant) if problem.grant else None
    path = entry.path if entry else _path_of(declared, problem)
    if entry and problem.check is Check.UNKNOWN_PRINCIPAL:
        path = f"{entry.path.rpartition('.')[0]}.principal"
    return _RULES[problem.check].of(
        _plain(problem.summary),
        fix=_fix(declared, problem),
        location=declared.bundle.locate(path or ""),
        path=path,
        detail=problem.detail or None,
        severity="warning" if is_mild else None,
    )


def _fix(declared: Declared, problem: Problem) -> str:
    """Return the fix in the bundle, where it is one; else the statement."""
    taken = (Check.BI_CAN_WRITE, Check.PRODUCTION_READABLE)
    if problem.grant and problem.check in taken and declared.entry_of(problem.grant):
        first, *others = problem.fix.split("; ")
        return "; ".join([f"remove it from the list; where it is deployed: {first}", *others])
    if problem.check is Check.WITHOUT_USE:  # USE is missing only on what the bundle declares
        return "\n".join(
            f"add {each.privilege} for `{problem.principal}` to the grants of {each.securable}"
            for each in problem.missing
        )
    return problem.fix


def _path_of(declared: Declared, problem: Problem) -> str | None:
    objects = declared.resources.objects
    return next((each.path for each in objects if each.securable == problem.securable), None)


def _plain(summary: str) -> str:
    return summary.removeprefix("grants: ")
