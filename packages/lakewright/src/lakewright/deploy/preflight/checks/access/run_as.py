"""Who deploys may make jobs run as the principals of `run_as`: it needs the role "user" of a service principal.

A workspace admin needs the role too. Another user can be set by a workspace admin alone.
Source: https://docs.databricks.com/aws/en/admin/workspace-settings/restrict-workspace-admins and
https://docs.databricks.com/aws/en/security/auth/access-control/service-principal-acl
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from shlex import quote

from databricks_utils.catalog.grants import PrincipalKind
from lakewright.bundle.resolving.identity import is_service_principal
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Person, RuleSet
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.grants.running import Runner
from lakewright.workspace.refusing import Refusal

_NAME = "run as"
_USER_ROLE = "roles/servicePrincipal.user"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each principal that a job or pipeline runs as and that is not who deploys."""
    seen: set[str] = set()
    for runner in wanted.runners:
        key = runner.principal.lower()
        if key == facts.me.name.lower() or key in seen:
            continue
        seen.add(key)
        if runner.kind is PrincipalKind.SERVICE_PRINCIPAL:
            yield from _service_principal(runner, wanted, facts)
        elif runner.kind is PrincipalKind.USER:
            yield _user(runner, wanted, facts)


def _user(runner: Runner, wanted: Wanted, facts: Facts) -> Finding:
    path, subject = f"{runner.path}.run_as", f"user {runner.principal}"
    place = wanted.place(path)
    if isinstance(facts.admins_are_restricted, Refusal):
        ask = Who(Role.ACCOUNT_ADMIN)
        refusal = facts.admins_are_restricted
        return not_known(_NAME, subject, refusal, ask=ask, path=path, location=place, may_be_missing=True)
    if facts.me.is_admin and not facts.admins_are_restricted:
        return Finding(_NAME, Status.OK, subject, "who deploys is a workspace admin", path, place)
    step = Step(
        Who(Role.DEVELOPER),
        ("name a service principal in run_as in place of a person",),
        because="or let a workspace admin deploy, unless the workspace restricts its admins: nobody else may do it",
    )
    return Finding(
        _NAME, Status.MISSING, subject, f"{runner.what} runs as another user", path, place, (step,)
    )


def _service_principal(runner: Runner, wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    path, subject = f"{runner.path}.run_as", f"service principal {runner.principal}"
    place = wanted.place(path)
    if not is_service_principal(runner.principal) or facts.person(runner.principal) is None:
        return  # it was not found, which is a finding of its own
    rules = facts.rule_sets.get(runner.principal)
    if isinstance(rules, Refusal):
        ask = Who(Role.ACCOUNT_ADMIN)
        yield not_known(_NAME, subject, rules, ask=ask, path=path, location=place)
        return
    if rules is not None and _may_use(rules, facts):
        yield Finding(_NAME, Status.OK, subject, "who deploys may let jobs run as it", path, place)
        return
    step = Step(
        Who(Role.ACCOUNT_ADMIN),
        (_update(rules, facts, runner.principal),),
        because="the command sets all rules of this service principal, the present ones included; "
        "who has the role Manager on it can do it in the account console too",
    )
    summary = f"who deploys may not let {runner.what} run as it"
    yield Finding(_NAME, Status.MISSING, subject, summary, path, place, (step,))


def _may_use(rules: RuleSet, facts: Facts) -> bool:
    names = {name.lower() for name in rules.rules.get(_USER_ROLE, ())}
    groups = {f"groups/{group.lower()}" for group in facts.me.groups}
    return _me(facts).lower() in names or bool(names & groups)


def _me(facts: Facts) -> str:
    kind = "users" if facts.me.kind is PrincipalKind.USER else "servicePrincipals"
    return f"{kind}/{facts.me.name}"


def _update(rules: RuleSet | None, facts: Facts, principal: str) -> str:
    name = f"accounts/{facts.account_id or 'ACCOUNT_ID'}/servicePrincipals/{principal}/ruleSets/default"
    known: Mapping[str, tuple[str, ...]] = rules.rules if rules else {}
    users = (*known.get(_USER_ROLE, ()), _me(facts))
    roles = {**known, _USER_ROLE: users}
    body = {
        "name": rules.name if rules else name,
        "rule_set": {
            "name": rules.name if rules else name,
            "etag": rules.etag if rules else "",
            "grant_rules": [{"role": role, "principals": list(names)} for role, names in roles.items()],
        },
    }
    return f"databricks account access-control update-rule-set --json {quote(json.dumps(body))}"


def persons_of(wanted: Wanted, facts: Facts) -> dict[str, Person]:
    """Return the principals that jobs and pipelines run as, and that were found, by name in lower case.

    Args:
        wanted: What the bundle wants.
        facts: What the workspace has.
    """
    found = {each.principal.lower(): facts.person(each.principal) for each in wanted.runners}
    return {name: person for name, person in found.items() if isinstance(person, Person)}
