"""Whom the jobs and pipelines of a bundle run as, and which privileges that needs as far as the bundle itself says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from databricks_utils.catalog.grants import Need, PrincipalKind, Securable, SecurableKind
from lakewright.bundle import Bundle, local_value
from lakewright.grants.people import kind_of
from lakewright.grants.resources import Resources
from lakewright.storage.machine_user import machine_user

_FIELDS = {
    "service_principal_name": PrincipalKind.SERVICE_PRINCIPAL,
    "user_name": PrincipalKind.USER,
    "group_name": PrincipalKind.GROUP,
}
_SURE_SOURCES = ("DATABRICKS_CURRENT_USER", "DATABRICKS_CLIENT_ID")
_VOLUME = re.compile(r"/Volumes/([^/\s]+)/([^/\s]+)/([^/\s\"']+)")
_WITHOUT_DATA = ("run_job_task", "condition_task")


@dataclass(frozen=True)
class Runner:
    """Whom one job or pipeline runs as.

    Attributes:
        principal: Its name.
        kind: Its kind.
        what: The job or pipeline in words: `job load`.
        path: Its key path.
        has_data: Whether any of its tasks can touch data; a job that only starts other jobs does not.
    """

    principal: str
    kind: PrincipalKind
    what: str
    path: str
    has_data: bool = True


def deployer_of(bundle: Bundle) -> str | None:
    """Return who deploys the target, who then owns what the deployment makes; None if it is only guessed who that is.

    A local run makes it as the user of this machine. In development everybody deploys for themselves. For another target it is known if
    the environment names the user or the service principal, as in a pipeline of CI: by `DATABRICKS_CURRENT_USER` or
    `DATABRICKS_CLIENT_ID`.
    """
    if bundle.is_local:
        return machine_user()
    is_known = bundle.user_source in _SURE_SOURCES or bundle.mode == "development"
    return current_user_of(bundle) if is_known else None


def runners_of(bundle: Bundle) -> tuple[Runner, ...]:
    """Return the `run_as` of each job and pipeline that has one, its own or the bundle's.

    One that is whoever deploys is left out where it is only guessed who that is.
    """
    guess = current_user_of(bundle) if deployer_of(bundle) is None else None
    return tuple(runner for runner in _runners(bundle) if runner.principal != guess)


def current_user_of(bundle: Bundle) -> str | None:
    """Return the user that the bundle is resolved for, known or guessed."""
    name = ((bundle.resolved.get("workspace") or {}).get("current_user") or {}).get("userName")
    return str(name) if name else None


def needs_of(bundle: Bundle, resources: Resources) -> tuple[tuple[Need, str], ...]:
    """Return what jobs and pipelines need of the bundle's own objects, each with a key path.

    A job that names a path in a volume reads it; a pipeline uses the schema that it writes to.

    Args:
        bundle: A loaded bundle.
        resources: Its objects.
    """
    known = set(resources.securables)
    found: dict[Need, str] = {}
    for runner in runners_of(bundle):
        resource = _resource(bundle, runner.path)
        for securable in _volumes(bundle, resource):
            if securable in known:
                because = f"{runner.what} uses the volume"
                found[Need(runner.principal, "READ_VOLUME", securable, because)] = f"{runner.path}.run_as"
        catalog = local_value(bundle, str(resource.get("catalog") or ""))
        schema = local_value(bundle, str(resource.get("schema") or resource.get("target") or ""))
        if runner.path.startswith("resources.pipelines.") and catalog and schema:
            place = Securable(SecurableKind.SCHEMA, (catalog, schema))
            if place in known:
                because = f"{runner.what} writes to the schema"
                found[Need(runner.principal, "USE_SCHEMA", place, because)] = f"{runner.path}.run_as"
    return tuple(found.items())


def _runners(bundle: Bundle) -> Iterator[Runner]:
    sections = bundle.resolved.get("resources") or {}
    for section, words in (("jobs", "job"), ("pipelines", "pipeline")):
        for key, resource in (sections.get(section) or {}).items():
            run_as = resource.get("run_as") if isinstance(resource, dict) else None
            for field, kind in _FIELDS.items():
                name = run_as.get(field) if isinstance(run_as, dict) else None
                if name:
                    path = f"resources.{section}.{key}"
                    principal = local_value(bundle, str(name))
                    known = kind_of(principal, by_default=kind) if kind is PrincipalKind.USER else kind
                    yield Runner(principal, known, f"{words} {key}", path, _has_data(resource))


def _has_data(resource: Mapping[str, Any]) -> bool:
    tasks = [task for task in resource.get("tasks") or [] if isinstance(task, dict)]
    return not tasks or any(not any(kind in task for kind in _WITHOUT_DATA) for task in tasks)


def _resource(bundle: Bundle, path: str) -> dict[str, Any]:
    _, section, key = path.split(".", 2)
    found = bundle.resolved["resources"][section][key]
    return found if isinstance(found, dict) else {}


def _volumes(bundle: Bundle, value: object) -> Iterator[Securable]:
    """Yield the volumes whose paths are among the texts of a resource."""
    if isinstance(value, str):
        for parts in _VOLUME.findall(local_value(bundle, value)):
            yield Securable(SecurableKind.VOLUME, parts)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _volumes(bundle, each)
