"""The workspace has Unity Catalog: a metastore is assigned to it."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Refusal

_NAME, _SUBJECT = "metastore", "Unity Catalog"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield whether a metastore is assigned, if the bundle uses any catalog."""
    if not wanted.catalogs and not wanted.objects.objects:
        return
    if isinstance(facts.metastore, Refusal):
        yield not_known(_NAME, _SUBJECT, facts.metastore, ask=Who(Role.WORKSPACE_ADMIN))
        return
    if facts.metastore is not None:
        yield Finding(_NAME, Status.OK, _SUBJECT, f"metastore {facts.metastore.id} is assigned")
        return
    workspace = quote(facts.me.workspace_id or "WORKSPACE_ID")
    step = Step(
        Who(Role.ACCOUNT_ADMIN),
        (
            "databricks account metastores list",
            f"databricks account metastore-assignments create {workspace} METASTORE_ID",
        ),
        because="METASTORE_ID is that of the workspace's region, from the list",
    )
    yield Finding(_NAME, Status.MISSING, _SUBJECT, "no metastore is assigned to the workspace", steps=(step,))
