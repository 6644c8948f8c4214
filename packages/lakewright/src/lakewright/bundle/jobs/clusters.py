"""The clusters that a bundle defines, wherever they stand."""

from collections.abc import Iterator, Mapping
from typing import Any

from lakewright.bundle.jobs.view import BundleView


def clusters_of(view: BundleView) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the clusters of jobs, tasks and pipelines and those of the bundle, with their key paths."""
    for job in view.jobs.values():
        for index, entry in enumerate(job.spec.get("job_clusters") or []):
            yield f"{job.path}.job_clusters[{index}].new_cluster", _map(_map(entry).get("new_cluster"))
        for task in job.all_tasks:
            yield f"{task.path}.new_cluster", task.part("new_cluster")
    for key, cluster in view.resources("clusters").items():
        yield f"resources.clusters.{key}", cluster
    for key, pipeline in view.resources("pipelines").items():
        for index, cluster in enumerate(pipeline.get("clusters") or []):
            yield f"resources.pipelines.{key}.clusters[{index}]", _map(cluster)


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
