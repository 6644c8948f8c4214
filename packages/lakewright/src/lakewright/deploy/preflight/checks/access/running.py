"""Whom jobs and pipelines run as may use the bundle's own volumes and schemas once its grants are set."""

from __future__ import annotations

from collections.abc import Iterator

from databricks_utils.catalog.grants import AccessState, Grant, GrantsError, UnknownPrincipalError, decide
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Person
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.grants.running import needs_of
from lakewright.workspace.refusing import Kind, Refusal

_NAME = "right to run"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each need of a job or pipeline that the grants of the bundle do not meet, with its real groups."""
    needs = needs_of(wanted.bundle, wanted.objects)
    state = _after_deployment(wanted, facts)
    fine = 0
    for need, path in needs:
        if not isinstance(facts.person(need.principal), Person):
            continue  # that it is not known is a finding of its own
        try:
            decision = decide(
                state, principal=need.principal, privilege=need.privilege, securable=need.securable
            )
        except UnknownPrincipalError:
            continue
        own = [each for each in decision.missing if each.securable in wanted.objects.securables]
        if not own:
            fine += 1
            continue
        person = facts.person(need.principal)
        if isinstance(person, Person) and not facts.shows(person, "groups"):
            refusal = Refusal(
                Kind.DENIED, f"the groups of {need.principal}, which may be granted {need.privilege}"
            )
            subject = f"{need.principal} on {need.securable}"
            yield not_known(_NAME, subject, refusal, ask=Who(Role.WORKSPACE_ADMIN), path=path)
            continue
        grants = [f"{each.privilege} on {each.securable}" for each in own]
        step = Step(
            Who(Role.DEVELOPER),
            (f"grant it in the bundle, to one of its groups: {', '.join(grants)}",),
            because="or an account admin adds it to a group that has the grant",
        )
        subject = f"{need.principal} on {need.securable}"
        summary = (
            f"{need.because}, and neither it nor its groups in this workspace are granted {need.privilege}"
        )
        yield Finding(_NAME, Status.MISSING, subject, summary, path, wanted.place(path), (step,))
    if fine:
        yield Finding(
            _NAME, Status.OK, "jobs and pipelines", f"{fine} needs are met by the grants of the bundle"
        )


def _after_deployment(wanted: Wanted, facts: Facts) -> AccessState:
    """Return the access once the grants of the bundle are set."""
    state = facts.access
    for each in wanted.objects.objects:
        if each.securable not in state.owners:
            state = state.owned_by(each.securable, owner=facts.me.name)
    for entry in wanted.objects.grants:
        grant = Grant(entry.grant.principal, entry.grant.privilege, entry.grant.securable)
        try:
            state = state.granted(grant)
        except GrantsError:
            continue  # a principal that nobody here needs, or a mistake that `grants check` shows
    return state
