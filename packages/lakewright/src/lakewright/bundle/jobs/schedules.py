"""The Quartz schedules of a bundle, whichever resource has one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lakewright.bundle.jobs.view import BundleView

# Where a resource of each kind has its schedule, and how the expression is named there.
# Source: the types of `databricks-bundles` 1.22.1 (`CronSchedule`, `SqlCronSchedule`, `CronTrigger`, `CatalogMonitorCronSchedule`).
_PLACES = {
    "jobs": (("schedule",), "quartz_cron_expression"),
    "alerts": (("schedule",), "quartz_cron_schedule"),
    "pipelines": (("trigger", "cron"), "quartz_cron_schedule"),
    "quality_monitors": (("schedule",), "quartz_cron_expression"),
}
_OF_TRIGGERS = "quartz_cron_expression"


@dataclass(frozen=True)
class Schedule:
    """A schedule with its place.

    Attributes:
        path: Its key path.
        spec: Its configuration.
        field: The field that holds the expression.
    """

    path: str
    spec: Mapping[str, Any]
    field: str

    @property
    def expression(self) -> str:
        """The Quartz expression; empty if there is none, or it is not known yet."""
        written = str(self.spec.get(self.field) or "")
        return "" if "${" in written else written

    @property
    def place(self) -> str:
        """The key path of the expression."""
        return f"{self.path}.{self.field}"


def schedules(view: BundleView) -> Iterator[Schedule]:
    """Yield the schedules of all resources of a bundle."""
    for kind, (fields, expression) in _PLACES.items():
        for key, resource in view.resources(kind).items():
            yield from _at(resource, f"resources.{kind}.{key}", fields, expression)
    for key, job in view.resources("jobs").items():
        listed = job.get("triggers")
        for index, trigger in enumerate(listed if isinstance(listed, list) else ()):
            yield from _at(trigger, f"resources.jobs.{key}.triggers[{index}]", ("schedule",), _OF_TRIGGERS)


def _at(found: object, path: str, fields: tuple[str, ...], expression: str) -> Iterator[Schedule]:
    for field in fields:
        found = found.get(field) if isinstance(found, dict) else None
    if isinstance(found, dict):
        yield Schedule(".".join((path, *fields)), found, expression)
