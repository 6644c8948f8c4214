"""The secret scopes and keys that the bundle and its configuration name exist. No value is ever read."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.deploy.preflight.wanted.secrets import WantedSecret
from lakewright.workspace.refusing import Refusal

_NAME = "secret"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each secret that is named."""
    for each in wanted.secrets:
        subject = f"secret {each.scope}/{each.key}"
        keys = facts.secret_keys.get(each.scope)
        if isinstance(keys, Refusal):
            ask = Who(Role.OWNER, of=f"secret scope {each.scope}")
            yield not_known(_NAME, subject, keys, ask=ask, path=each.path, location=each.location)
        elif keys is not None:
            yield _in_scope(each, subject, keys)
        elif each.scope in wanted.own_scopes:
            summary = "the deployment makes its scope: put the value after it"
            step = Step(
                Who(Role.DEPLOYER), (_put(each),), because="after the first deployment; it asks for the value"
            )
            yield Finding(_NAME, Status.NOTE, subject, summary, each.path, each.location, (step,))
        elif isinstance(facts.scopes, frozenset) and each.scope in facts.scopes:
            refusal_free = "its scope exists, and its keys are not shown"
            ask = Who(Role.OWNER, of=f"secret scope {each.scope}")
            yield Finding(_NAME, Status.NOT_KNOWN, subject, refusal_free, each.path, each.location, ask=ask)
        else:
            step = Step(
                Who(Role.WORKSPACE_ADMIN),
                (f"databricks secrets create-scope {quote(each.scope)}", _put(each)),
                because="then give READ to whom the jobs run as: databricks secrets put-acl",
            )
            summary = "its scope does not exist, or who deploys may not see it"
            yield Finding(_NAME, Status.MISSING, subject, summary, each.path, each.location, (step,))


def _in_scope(each: WantedSecret, subject: str, keys: frozenset[str]) -> Finding:
    if each.key in keys:
        return Finding(_NAME, Status.OK, subject, "it exists", each.path, each.location)
    step = Step(
        Who(Role.OWNER, of=f"secret scope {each.scope}"),
        (_put(each),),
        because="it asks for the value",
    )
    return Finding(
        _NAME, Status.MISSING, subject, "its scope has no such key", each.path, each.location, (step,)
    )


def _put(each: WantedSecret) -> str:
    return f"databricks secrets put-secret {quote(each.scope)} {quote(each.key)}"
