"""Clusters, policies, pools, warehouses and serverless compute that the resources of a bundle name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.bundle import Bundle
from lakewright.deploy.preflight.wanted.named import Named, first_of_each, known_text, section, walk

_WITHOUT_COMPUTE = (
    "run_job_task",
    "condition_task",
    "sql_task",
    "for_each_task",
    "dashboard_task",
    "pipeline_task",
)
_COMPUTE = ("new_cluster", "job_cluster_key", "existing_cluster_id")
_CHOSEN_LATER = "auto:"  # `auto:latest-lts`, which a policy replaces


@dataclass(frozen=True)
class Cluster:
    """A cluster that a job, a pipeline or the bundle itself defines.

    Attributes:
        path: Its key path.
        spec: Its definition.
    """

    path: str
    spec: Mapping[str, Any]


@dataclass(frozen=True)
class Compute:
    """What a bundle computes on.

    Attributes:
        clusters: Its clusters.
        policies: The ids of cluster policies.
        pools: The ids of instance pools.
        node_types: Node types.
        spark_versions: Spark versions.
        warehouses: The ids of SQL warehouses that the bundle does not make itself.
        serverless: The key path of the first resource on serverless compute; None if there is none.
    """

    clusters: tuple[Cluster, ...]
    policies: tuple[Named, ...]
    pools: tuple[Named, ...]
    node_types: tuple[Named, ...]
    spark_versions: tuple[Named, ...]
    warehouses: tuple[Named, ...]
    serverless: str | None


def compute_of(bundle: Bundle) -> Compute:
    """Return what a bundle computes on."""
    clusters = tuple(_clusters(bundle))

    def fields(*names: str) -> tuple[Named, ...]:
        return first_of_each(_fields(bundle, clusters, names))

    return Compute(
        clusters,
        policies=fields("policy_id"),
        pools=fields("instance_pool_id", "driver_instance_pool_id"),
        node_types=fields("node_type_id", "driver_node_type_id"),
        spark_versions=fields("spark_version"),
        warehouses=first_of_each(_warehouses(bundle)),
        serverless=next(_serverless(bundle), None),
    )


def _clusters(bundle: Bundle) -> Iterator[Cluster]:
    for key, job in section(bundle, "jobs"):
        for path, value in walk(job, f"resources.jobs.{key}"):
            if isinstance(value.get("new_cluster"), dict):
                yield Cluster(f"{path}.new_cluster", value["new_cluster"])
    for key, pipeline in section(bundle, "pipelines"):
        for index, spec in enumerate(pipeline.get("clusters") or []):
            if isinstance(spec, dict):
                yield Cluster(f"resources.pipelines.{key}.clusters[{index}]", spec)
    for key, spec in section(bundle, "clusters"):
        yield Cluster(f"resources.clusters.{key}", spec)


def _fields(bundle: Bundle, clusters: tuple[Cluster, ...], names: tuple[str, ...]) -> Iterator[Named]:
    for cluster in clusters:
        for name in names:
            text = known_text(bundle, cluster.spec.get(name))
            if text and not text.startswith(_CHOSEN_LATER):
                yield Named(text, f"{cluster.path}.{name}")


def _warehouses(bundle: Bundle) -> Iterator[Named]:
    for kind in ("jobs", "dashboards", "alerts", "quality_monitors"):
        for key, resource in section(bundle, kind):
            for path, value in walk(resource, f"resources.{kind}.{key}"):
                text = known_text(bundle, value.get("warehouse_id"))
                if text:
                    yield Named(text, f"{path}.warehouse_id")


def _serverless(bundle: Bundle) -> Iterator[str]:
    for key, job in section(bundle, "jobs"):
        path = f"resources.jobs.{key}"
        for index, task in enumerate(job.get("tasks") or []):
            inner = (task.get("for_each_task") or {}).get("task")
            each = inner if isinstance(inner, dict) else task
            if not any(name in each for name in (*_WITHOUT_COMPUTE, *_COMPUTE)):
                yield f"{path}.tasks[{index}]"
    for key, pipeline in section(bundle, "pipelines"):
        if pipeline.get("serverless"):
            yield f"resources.pipelines.{key}.serverless"
