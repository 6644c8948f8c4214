"""What the deployment would make and is there already: bind it, or choose another name.

Unity Catalog, pipelines, experiments, endpoints, warehouses, scopes, dashboards and apps refuse a second one of the same name; a second job
is made without a word.
Source: https://github.com/databricks/cli/blob/main/cmd/bundle/deployment/bind.go
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from shlex import quote

from databricks_utils.catalog.grants import PrincipalKind, Securable, SecurableKind, may_manage
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import Taken
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.deploy.preflight.wanted.made import Made
from lakewright.workspace.refusing import Refusal

_NAME = "name"
_KINDS = {
    "catalogs": SecurableKind.CATALOG,
    "schemas": SecurableKind.SCHEMA,
    "volumes": SecurableKind.VOLUME,
    "registered_models": SecurableKind.MODEL,
}
_PERMISSIONS = {
    "jobs": "jobs",
    "pipelines": "pipelines",
    "experiments": "experiments",
    "sql_warehouses": "warehouses",
    "model_serving_endpoints": "serving-endpoints",
    "dashboards": "dashboards",
}


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each name that is taken, and one for those that are free."""
    if isinstance(facts.state, Refusal):
        ask = Who(Role.OWNER, of=f"folder {wanted.root_path}")
        yield not_known("state", f"folder {wanted.state_path}", facts.state, ask=ask)
    free = 0
    for made in wanted.made:
        securable = _securable(made)
        if securable is not None and any(above in facts.unread_objects for above in securable.above):
            continue  # its catalog or schema is a finding of its own
        if made.path in facts.deployed:
            if securable is not None and _is_gone(securable, facts):
                yield _deleted(made, wanted)
            continue
        found = _found(made, securable, facts)
        if isinstance(found, Refusal):
            ask = Who(Role.WORKSPACE_ADMIN)
            place = wanted.place(made.path)
            yield not_known(_NAME, made.words, found, ask=ask, path=made.path, location=place)
        elif found:
            yield _taken(made, found, wanted, facts)
        else:
            free += 1
    if free:
        yield Finding(_NAME, Status.OK, "names", f"{free} names of new resources are free")


def _found(made: Made, securable: Securable | None, facts: Facts) -> tuple[Taken, ...] | Refusal:
    if securable is None:
        return facts.taken.get(made.path, ())
    if securable in facts.unread_objects:
        return facts.unread_objects[securable]
    return (Taken(made.name, facts.owners[securable]),) if securable in facts.owners else ()


def _is_gone(securable: Securable, facts: Facts) -> bool:
    return securable not in facts.owners and securable not in facts.unread_objects


def _deleted(made: Made, wanted: Wanted) -> Finding:
    summary = "an earlier deployment made it, and it is gone: the next one makes it again, empty"
    return Finding(_NAME, Status.NOTE, made.words, summary, made.path, wanted.place(made.path))


def _taken(made: Made, found: tuple[Taken, ...], wanted: Wanted, facts: Facts) -> Finding:
    first, place = found[0], wanted.place(made.path)
    owner = f", of `{first.owner}`" if first.owner else ""
    others = f" ({len(found)} have this name)" if len(found) > 1 else ""
    if isinstance(facts.state, Refusal):
        summary = (
            f"it exists{owner}; whether this bundle made it is not known, since its state cannot be read"
        )
        ask = Who(Role.OWNER, of=f"folder {wanted.root_path}")
        return Finding(_NAME, Status.NOT_KNOWN, made.words, summary, made.path, place, ask=ask)
    refused = "a deployment would make a second one" if made.section == "jobs" else "a deployment would fail"
    summary = f"it exists{owner}{others}, and this bundle did not make it: {refused}"
    command = f"databricks bundle deployment bind {quote(made.key)} {quote(first.id)} -t {quote(wanted.bundle.target)}"
    bind = Step(
        Who(Role.DEPLOYER),
        (command,),
        because="if it is this bundle's: the next deployment then changes it as the bundle says, its grants and permissions too. "
        "Else name it otherwise in the bundle. In CI add --auto-approve",
    )
    steps = (*_handover(made, first, facts), bind)
    return Finding(_NAME, Status.MISSING, made.words, summary, made.path, place, steps)


def _handover(made: Made, taken: Taken, facts: Facts) -> Iterator[Step]:
    """Yield what the owner must do first, so that who deploys may change it."""
    securable = _securable(made)
    who = Who(Role.OWNER, of=made.words, name=taken.owner or "")
    if securable is not None:
        known = securable not in facts.unread_grants
        if not (known and may_manage(facts.access, principal=facts.me.name, securable=securable).allowed):
            missing = may_manage(facts.access, principal=facts.me.name, securable=securable).missing
            statements = tuple(
                f"{each.fix(facts.me.name)};" for each in missing if each.securable == securable
            )
            if statements:
                yield Step(who, statements, because="so that who deploys may change it")
    elif made.section in _PERMISSIONS and taken.owner and taken.owner.lower() != facts.me.name.lower():
        field = "user_name" if facts.me.kind is PrincipalKind.USER else "service_principal_name"
        entry = {field: facts.me.name, "permission_level": "CAN_MANAGE"}
        body = quote(json.dumps({"access_control_list": [entry]}))
        kind = _PERMISSIONS[made.section]
        command = f"databricks permissions update {kind} {quote(taken.number or taken.id)} --json {body}"
        yield Step(who, (command,), because="so that who deploys may change it")


def _securable(made: Made) -> Securable | None:
    kind = _KINDS.get(made.section)
    return Securable(kind, tuple(made.name.split("."))) if kind is not None else None
