"""The catalogs have room for the schemas that the deployment makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from databricks_utils.catalog.grants import SecurableKind
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.workspace.refusing import Refusal

_NAME = "quota"
_ASK = "https://docs.databricks.com/aws/en/resources/limits"


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each catalog that gets new schemas."""
    new = Counter(
        each.parts[0]
        for each in wanted.objects.securables
        if each.kind is SecurableKind.SCHEMA and each not in facts.owners
    )
    for catalog, quota in facts.quotas.items():
        subject = f"schemas of catalog {catalog}"
        if isinstance(quota, Refusal):
            yield not_known(_NAME, subject, quota, ask=Who(Role.METASTORE_ADMIN), may_be_missing=True)
        elif quota is None:
            continue  # the workspace keeps none
        elif quota.count + new[catalog] > quota.limit:
            step = Step(
                Who(Role.ACCOUNT_ADMIN),
                (f"ask Databricks for a higher limit: {_ASK}", "or drop schemas that nobody needs"),
            )
            summary = f"{quota.count} of {quota.limit} are there, and {new[catalog]} are to be made"
            yield Finding(_NAME, Status.MISSING, subject, summary, steps=(step,))
        else:
            summary = f"{quota.count} of {quota.limit} are there, {new[catalog]} are to be made"
            yield Finding(_NAME, Status.OK, subject, summary)
