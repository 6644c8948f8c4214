"""The runtimes that the jobs of a bundle run on, as clusters and serverless environments name them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.bundle import Bundle
from lakewright.runtimes import Runtime, find_runtime, known_runtimes

_CLUSTER = re.compile(r"(?P<version>\d+\.\d+)\.x")
_VERSION = re.compile(r"\d+")
# Source: the Jobs API's description of `base_environment`, which names Databricks' own base environments for machine learning.
_AI_ENVIRONMENT = re.compile(r"databricks_ai_v(?P<version>\d+)")
_OLDEST = {"dbr": (17, 3), "serverless": (4,)}


@dataclass(frozen=True)
class UsedRuntime:
    """A runtime of a bundle.

    Attributes:
        name: `dbr-17.3`, `serverless-4`, or the text of the bundle if it names no version.
        written: The field and its value in the bundle.
        path: The key path of the field.
    """

    name: str
    written: str
    path: str

    @property
    def is_too_old(self) -> bool:
        """Whether the runtime is older than the oldest one that is supported."""
        kind, _, version = self.name.removesuffix("-ml").partition("-")
        if kind not in _OLDEST or not re.fullmatch(r"\d+(\.\d+)?", version):
            return False
        return tuple(map(int, version.split("."))) < _OLDEST[kind]

    def find_list(self) -> Runtime | None:
        """Return the runtime's libraries, or None without a list.

        The list of a runtime for machine learning also serves the runtime on which it is built.
        """
        names = [name for name in (self.name, f"{self.name}-ml") if name in known_runtimes()]
        return find_runtime(names[0]) if names else None


def runtimes_of(bundle: Bundle) -> tuple[UsedRuntime, ...]:
    """Return the runtimes of the jobs of a bundle, each once, in the order of the jobs."""
    found: dict[str, UsedRuntime] = {}
    for key, job in bundle.jobs.items():
        for used in _of_job(job, f"resources.jobs.{key}"):
            found.setdefault(used.name, used)
    return tuple(found.values())


def _of_job(job: Mapping[str, Any], path: str) -> Iterator[UsedRuntime]:
    for index, environment in enumerate(job.get("environments") or ()):
        yield from _of_environment(environment.get("spec") or {}, f"{path}.environments[{index}].spec")
    for index, cluster in enumerate(job.get("job_clusters") or ()):
        yield from _of_cluster(cluster.get("new_cluster") or {}, f"{path}.job_clusters[{index}].new_cluster")
    for index, task in enumerate(job.get("tasks") or ()):
        inner = (task.get("for_each_task") or {}).get("task") or {}
        for spec, where in ((task, ""), (inner, ".for_each_task.task")):
            yield from _of_cluster(spec.get("new_cluster") or {}, f"{path}.tasks[{index}]{where}.new_cluster")


def _of_environment(spec: Mapping[str, Any], path: str) -> Iterator[UsedRuntime]:
    for field in ("environment_version", "client"):
        if value := str(spec.get(field) or ""):
            name = f"serverless-{value}" if _VERSION.fullmatch(value) else value
            yield UsedRuntime(name, f"{field}: {value}", f"{path}.{field}")
            return
    if value := str(spec.get("base_environment") or ""):
        ai = _AI_ENVIRONMENT.search(value)
        name = f"serverless-{ai['version']}-ml" if ai else value
        yield UsedRuntime(name, f"base_environment: {value}", f"{path}.base_environment")


def _of_cluster(cluster: Mapping[str, Any], path: str) -> Iterator[UsedRuntime]:
    if value := str(cluster.get("spark_version") or ""):
        version = _CLUSTER.match(value)
        name = f"dbr-{version['version']}" if version else value
        yield UsedRuntime(name, f"spark_version: {value}", f"{path}.spark_version")
