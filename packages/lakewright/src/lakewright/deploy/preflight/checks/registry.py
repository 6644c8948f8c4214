"""All checks, in the order in which they are shown: what others stand on comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from lakewright.deploy.preflight.checks.access import (
    creating,
    entitlements,
    memberships,
    principals,
    run_as,
    running,
    using_catalogs,
)
from lakewright.deploy.preflight.checks.compute import clusters, policies, serverless, warehouses
from lakewright.deploy.preflight.checks.machine import cli_version, libraries, python_resources
from lakewright.deploy.preflight.checks.objects import (
    catalogs,
    existing,
    lock,
    lookups,
    metastore,
    quotas,
    root_path,
    secrets,
)
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding
from lakewright.deploy.preflight.wanted import Wanted

Check = Callable[[Wanted, Facts], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    cli_version.check,
    metastore.check,
    lookups.check,
    catalogs.check,
    principals.check,
    memberships.check,
    run_as.check,
    entitlements.check,
    creating.check,
    using_catalogs.check,
    running.check,
    existing.check,
    root_path.check,
    lock.check,
    quotas.check,
    secrets.check,
    clusters.check,
    policies.check,
    warehouses.check,
    serverless.check,
    libraries.check,
    python_resources.check,
)


def findings_of(wanted: Wanted, facts: Facts) -> tuple[Finding, ...]:
    """Return the findings of all checks.

    Args:
        wanted: What the bundle wants.
        facts: What the workspace has.
    """
    return tuple(chain.from_iterable(check(wanted, facts) for check in CHECKS))
