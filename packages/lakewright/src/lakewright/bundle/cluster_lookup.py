"""The cluster that runs a task, as far as the bundle defines it: the task's own, one of its job, or one of the bundle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.bundle.model.bundle import Bundle
from lakewright.bundle.model.references import references


@dataclass(frozen=True)
class TaskCluster:
    """The cluster of a task.

    Attributes:
        path: Its key path in the bundle.
        spec: Its definition.
    """

    path: str
    spec: Mapping[str, Any]

    def part(self, field: str) -> Mapping[str, Any]:
        """Return the map at a field such as `spark_conf`; an empty one if there is none."""
        value = self.spec.get(field)
        return value if isinstance(value, dict) else {}


def cluster_of(bundle: Bundle, job_key: str, task: Mapping[str, Any], path: str) -> TaskCluster | None:
    """Return the cluster of a task; None if it has none, or one that the bundle does not define.

    Args:
        bundle: A loaded bundle.
        job_key: The key of the task's job.
        task: The task.
        path: The task's key path.
    """
    if isinstance(task.get("new_cluster"), dict):
        return TaskCluster(f"{path}.new_cluster", task["new_cluster"])
    if (key := task.get("job_cluster_key")) is not None:
        return next(_of_job(bundle, job_key, str(key)), None)
    return _of_bundle(bundle, str(task.get("existing_cluster_id") or ""))


def _of_job(bundle: Bundle, job_key: str, key: str) -> Iterator[TaskCluster]:
    for index, entry in enumerate(bundle.jobs[job_key].get("job_clusters") or []):
        if entry.get("job_cluster_key") == key and isinstance(entry.get("new_cluster"), dict):
            path = f"resources.jobs.{job_key}.job_clusters[{index}].new_cluster"
            yield TaskCluster(path, entry["new_cluster"])


def _of_bundle(bundle: Bundle, text: str) -> TaskCluster | None:
    clusters = (bundle.resolved.get("resources") or {}).get("clusters") or {}
    for reference in references(text):
        if reference.path[:2] == ("resources", "clusters") and reference.path[3:] == ("id",):
            key = reference.path[2]
            if isinstance(clusters.get(key), dict):
                return TaskCluster(f"resources.clusters.{key}", clusters[key])
    return None
