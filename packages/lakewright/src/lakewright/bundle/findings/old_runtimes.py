"""Findings about tasks that install libraries of the bundle on a runtime that is too old for it."""

import re
from collections.abc import Iterator

from lakewright.bundle.cluster_lookup import cluster_of
from lakewright.bundle.jobs.view import BundleView, TaskView
from lakewright.bundle.model.diagnostic import Diagnostic
from lakewright.bundle.paths.local_path import is_local
from lakewright.bundle.rules.tasks.compute.old_runtime_for_wheels import OldRuntimeForWheels

_VERSION = re.compile(r"(\d+)\.(\d+|x)\b")
_KINDS = ("whl", "jar", "requirements")
_REFUSED = (13, 1)
_DOCUMENTED = (13, 3)
_LATEST = 99  # `13.x` is the latest 13


def old_runtime_findings(view: BundleView) -> Iterator[Diagnostic]:
    """Yield each task whose cluster cannot install its local libraries."""
    bundle = view.bundle
    if (bundle.resolved.get("experimental") or {}).get("python_wheel_wrapper"):
        return
    for job in view.jobs.values():
        for task in job.all_tasks:
            cluster = (
                cluster_of(bundle, job.key, task.spec, task.path) if _has_local_libraries(task) else None
            )
            version = str(cluster.spec.get("spark_version") or "") if cluster else ""
            number = _number(version)
            if number is not None and number < _DOCUMENTED:
                path = f"{task.path}.libraries"
                place = bundle.locate(path)
                yield OldRuntimeForWheels.of(version, is_refused=number < _REFUSED, location=place, path=path)


def _has_local_libraries(task: TaskView) -> bool:
    libraries = [library for library in task.spec.get("libraries") or () if isinstance(library, dict)]
    return any(is_local(str(library[kind])) for library in libraries for kind in _KINDS if library.get(kind))


def _number(version: str) -> tuple[int, int] | None:
    found = _VERSION.match(version)
    return (int(found[1]), _LATEST if found[2] == "x" else int(found[2])) if found else None
