"""The catalogs that the bundle uses exist, and this workspace may use and write to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from shlex import quote

from databricks_utils.catalog.grants import Grant, Securable, SecurableKind
from databricks_utils.quoting import quote_part
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.facts.facts import CatalogFact, Metastore
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.deploy.preflight.wanted.named import Named
from lakewright.workspace.refusing import Kind, Refusal

_NAME = "catalog"
_NOT_BOUND = ("not accessible in current workspace", "not bound to", "is not accessible from")
_READ_ONLY = "BINDING_TYPE_READ_ONLY"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each catalog that the bundle uses and does not make."""
    for each in wanted.catalogs:
        found = facts.catalogs.get(each.name.lower())
        subject, place = f"catalog {each.name}", wanted.place(each.path)
        if isinstance(found, Refusal):
            if any(words in found.detail for words in _NOT_BOUND):
                summary = "it is not bound to this workspace"
                yield Finding(
                    _NAME, Status.MISSING, subject, summary, each.path, place, (_bind(each, facts, None),)
                )
            elif found.kind is Kind.DENIED:
                yield _not_usable(each, wanted, facts)
            else:
                ask = Who(Role.OWNER, of=subject)
                yield not_known(_NAME, subject, found, ask=ask, path=each.path, location=place)
        elif found is None:
            yield _absent(each, wanted)
        else:
            yield _bound(each, found, wanted, facts)


def _not_usable(each: Named, wanted: Wanted, facts: Facts) -> Finding:
    """Return the finding for a catalog that is not shown: who has USE CATALOG, or owns it, would see it."""
    catalog = Securable(SecurableKind.CATALOG, (each.name,))
    makes_schemas = any(place.above[-1] == catalog for place in wanted.objects.securables)
    privileges = ("USE_CATALOG", *(("CREATE_SCHEMA",) if makes_schemas else ()))
    grants = tuple(Grant(facts.me.name, privilege, catalog) for privilege in privileges)
    summary = "who deploys may not use it; so what is in it, and who may use it, is not known"
    step = Step(Who(Role.OWNER, of=str(catalog)), grants=grants, because="then ask again")
    place = wanted.place(each.path)
    return Finding(_NAME, Status.MISSING, f"catalog {each.name}", summary, each.path, place, (step,))


def _absent(each: Named, wanted: Wanted) -> Finding:
    step = Step(
        Who(Role.METASTORE_ADMIN),
        (f"CREATE CATALOG IF NOT EXISTS {quote_part(each.name)};",),
        because="the right CREATE CATALOG is enough; where the metastore has no storage of its own, add MANAGED LOCATION. "
        "If the catalog exists, who deploys may not see it: then the grants below are what is missing",
    )
    summary = "it does not exist, or who deploys may not see it"
    place = wanted.place(each.path)
    return Finding(_NAME, Status.MISSING, f"catalog {each.name}", summary, each.path, place, (step,))


def _bound(each: Named, found: CatalogFact, wanted: Wanted, facts: Facts) -> Finding:
    subject, place = f"catalog {each.name}", wanted.place(each.path)
    if not found.is_isolated:
        return Finding(_NAME, Status.OK, subject, "it exists and is open to all workspaces", each.path, place)
    if isinstance(found.binding, Refusal):
        ask = Who(Role.OWNER, of=subject, name=found.owner or "")
        return not_known(f"{_NAME} binding", subject, found.binding, ask=ask, path=each.path, location=place)
    if found.binding == _READ_ONLY or found.binding is None:
        summary = (
            "it is bound to this workspace for reading only"
            if found.binding
            else "it is not bound to this workspace"
        )
        step = _bind(each, facts, found.owner)
        return Finding(_NAME, Status.MISSING, subject, summary, each.path, place, (step,))
    return Finding(_NAME, Status.OK, subject, "it exists and is bound to this workspace", each.path, place)


def _bind(each: Named, facts: Facts, owner: str | None) -> Step:
    number = facts.metastore.workspace_id if isinstance(facts.metastore, Metastore) else facts.me.workspace_id
    binding = {"workspace_id": _number(number), "binding_type": "BINDING_TYPE_READ_WRITE"}
    command = (
        f"databricks workspace-bindings update-bindings catalog {quote(each.name)} "
        f"--json {quote(json.dumps({'add': [binding]}))}"
    )
    return Step(
        Who(Role.OWNER, of=f"catalog {each.name}", name=owner or ""),
        (command,),
        because="in a workspace that the catalog is bound to; a metastore admin may do it too",
    )


def _number(text: str | None) -> int | str:
    return int(text) if text and text.isdigit() else "WORKSPACE_ID"
