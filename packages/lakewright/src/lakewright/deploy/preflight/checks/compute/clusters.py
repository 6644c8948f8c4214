"""Spark versions, node types and pools of the bundle's clusters exist, and their access mode can use Unity Catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from databricks_utils.nearest import nearest
from lakewright.deploy.preflight.facts import Facts
from lakewright.deploy.preflight.finding import Finding, Role, Status, Step, Who, not_known
from lakewright.deploy.preflight.wanted import Wanted
from lakewright.deploy.preflight.wanted.named import Named
from lakewright.workspace.refusing import Refusal

_SPARK, _NODES, _POOL, _MODE = "spark version", "node type", "instance pool", "access mode"
_MODES = ("SINGLE_USER", "USER_ISOLATION", "DATA_SECURITY_MODE_AUTO", "DATA_SECURITY_MODE_STANDARD")
_ALL_MODES = (*_MODES, "DATA_SECURITY_MODE_DEDICATED")


def check(wanted: Wanted, facts: Facts) -> Iterator[Finding]:
    """Yield findings for what the clusters of the bundle name."""
    versions = facts.spark_versions
    for each in wanted.compute.spark_versions:
        offered = versions if isinstance(versions, Refusal) else dict.fromkeys(versions, False)
        yield _offered(each, offered, _SPARK, "databricks clusters spark-versions", wanted)
    for each in wanted.compute.node_types:
        yield _offered(each, facts.node_types, _NODES, "databricks clusters list-node-types", wanted)
    for each in wanted.compute.pools:
        yield _pool(each, facts, wanted)
    if wanted.catalogs:
        yield from _access_modes(wanted)


def _offered(
    each: Named, offered: Mapping[str, bool] | Refusal, check_name: str, command: str, wanted: Wanted
) -> Finding:
    """Return whether a name is among those that the workspace offers; their values say whether it is deprecated."""
    subject, place = f"{check_name} {each.name}", wanted.place(each.path)
    if isinstance(offered, Refusal):
        ask = Who(Role.WORKSPACE_ADMIN)
        return not_known(check_name, subject, offered, ask=ask, path=each.path, location=place)
    near = nearest(each.name, offered, limit=1)
    step = Step(
        Who(Role.DEVELOPER), (command,), because=f"choose another one{f', such as {near[0]}' if near else ''}"
    )
    if each.name not in offered:
        summary = "this workspace does not offer it"
        return Finding(check_name, Status.MISSING, subject, summary, each.path, place, (step,))
    if offered[each.name]:
        return Finding(check_name, Status.NOTE, subject, "it is deprecated", each.path, place, (step,))
    return Finding(check_name, Status.OK, subject, "this workspace offers it", each.path, place)


def _pool(each: Named, facts: Facts, wanted: Wanted) -> Finding:
    subject, place = f"{_POOL} {each.name}", wanted.place(each.path)
    found = facts.pools.get(each.name)
    if isinstance(found, Refusal):
        ask = Who(Role.WORKSPACE_ADMIN)
        return not_known(_POOL, subject, found, ask=ask, path=each.path, location=place)
    if found is not None:
        return Finding(_POOL, Status.OK, subject, f"it exists: {found}", each.path, place)
    step = Step(
        Who(Role.DEVELOPER), ("databricks instance-pools list",), because="name one of these by its id"
    )
    summary = "it does not exist, or who deploys may not see it"
    return Finding(_POOL, Status.MISSING, subject, summary, each.path, place, (step,))


def _access_modes(wanted: Wanted) -> Iterator[Finding]:
    for cluster in wanted.compute.clusters:
        mode = str(cluster.spec.get("data_security_mode") or "")
        is_of_pipeline = cluster.path.startswith("resources.pipelines.")
        if not mode or mode in _ALL_MODES or is_of_pipeline:
            continue
        path = f"{cluster.path}.data_security_mode"
        step = Step(Who(Role.DEVELOPER), ("data_security_mode: USER_ISOLATION",), because="or SINGLE_USER")
        summary = f"the access mode {mode} cannot use Unity Catalog"
        yield Finding(_MODE, Status.MISSING, "cluster", summary, path, wanted.place(path), (step,))
