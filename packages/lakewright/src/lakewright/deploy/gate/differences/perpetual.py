"""Differences that a plan shows each time though nobody has changed anything: which, since when, and why they are none.

A rule has a kind, a field and a condition on the values, so that a real change of the same field is still shown. Only updates are left out:
a recreation would happen, whatever its cause; for those that have a known cause there is a hint.
"""

from __future__ import annotations

from dataclasses import dataclass

from lakewright.deploy.gate.differences import conditions
from lakewright.deploy.plan.field_paths import matches
from lakewright.deploy.plan.model import Action, Change, Entry

_CLI = "https://github.com/databricks/cli"


@dataclass(frozen=True)
class Perpetual:
    """A known difference that is none.

    Attributes:
        name: Its name.
        kinds: The kinds that have it, with the part after a dot.
        fields: Patterns of the fields.
        condition: What the values must be.
        because: Why it is no change.
        source: Where it is reported or documented.
        fixed_in: The first version of the CLI without it; empty if there is none, or it is not known.
    """

    name: str
    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    condition: conditions.Condition
    because: str
    source: str
    fixed_in: str = ""

    def covers(self, change: Change, entry: Entry) -> bool:
        """Whether a change of an entry is this difference."""
        kind = f"{entry.kind}.{entry.part}" if entry.part else entry.kind
        return (
            kind in self.kinds
            and any(matches(change.path, pattern) for pattern in self.fields)
            and self.condition(change, entry)
        )


_OF_POLICIES = ("spark_version", "runtime_engine", "custom_tags", "custom_tags[*]")


def _clusters(*fields: str) -> tuple[str, ...]:
    places = ("job_clusters[*]", "tasks[*]", "tasks[*].for_each_task.task")
    return tuple(f"{place}.new_cluster.{field}" for place in places for field in fields)


_LISTS = tuple(
    f"on_{event}"
    for event in (
        "start",
        "success",
        "failure",
        "duration_warning_threshold_exceeded",
        "streaming_backlog_exceeded",
    )
)
_HOLDERS = ("", "tasks[*].", "tasks[*].for_each_task.task.")

PERPETUAL = (
    Perpetual(
        "warehouse-creator",
        ("sql_warehouses",),
        ("creator_name",),
        conditions.set_by_workspace,
        "the workspace says who made it; a bundle cannot",
        f"{_CLI}/issues/4972",
    ),
    Perpetual(
        "cluster-policy",
        ("jobs", "clusters"),
        (*_clusters(*_OF_POLICIES), *_OF_POLICIES),
        conditions.set_by_policy,
        "the cluster's policy sets it, and the bundle does not",
        f"{_CLI}/issues/6512",
    ),
    Perpetual(
        "policy-defaults",
        ("jobs",),
        _clusters("apply_policy_default_values"),
        conditions.not_returned,
        "the Jobs API does not return it",
        f"{_CLI}/pull/5731",
        "1.6.0",
    ),
    Perpetual(
        "securable-kind",
        ("apps",),
        ("resources[*].uc_securable.securable_kind",),
        conditions.set_by_workspace,
        "the workspace computes it; a bundle cannot declare it",
        f"{_CLI}/issues/6342",
        "1.14.0",
    ),
    Perpetual(
        "duplicate-names",
        ("pipelines",),
        ("allow_duplicate_names",),
        conditions.not_returned,
        "the Pipelines API does not return it",
        f"{_CLI}/pull/6076",
        "1.11.0",
    ),
    Perpetual(
        "webhook-order",
        ("jobs",),
        tuple(
            f"{at}webhook_notifications.{name}{end}"
            for at in _HOLDERS
            for name in _LISTS
            for end in ("", "[*]", "[*].id")
        ),
        conditions.same_items,
        "the Jobs API returns the same destinations in another order",
        f"{_CLI}/pull/6060",
        "1.11.0",
    ),
    Perpetual(
        "all-privileges",
        tuple(
            f"{kind}.grants"
            for kind in ("catalogs", "schemas", "volumes", "registered_models", "external_locations")
        ),
        ("[*].privileges",),
        conditions.everything_granted,
        "ALL PRIVILEGES holds what the workspace lists beside it",
        f"{_CLI}/issues/6030",
        "1.10.0",
    ),
    Perpetual(
        "retention-hours",
        ("schemas",),
        ("custom_max_retention_hours",),
        conditions.not_returned,
        "Unity Catalog does not return it",
        f"{_CLI}/pull/5908",
    ),
    Perpetual(
        "managed-defaults",
        ("catalogs", "schemas"),
        ("properties", "properties[*]"),
        conditions.managed_defaults,
        "Unity Catalog keeps these properties itself",
        f"{_CLI}/pull/5865",
        "1.7.0",
    ),
    Perpetual(
        "traffic-config",
        ("model_serving_endpoints",),
        ("config.traffic_config",),
        conditions.one_route,
        "the workspace sends all traffic to the one served entity, and says so",
        f"{_CLI}/pull/5708",
        "1.6.0",
    ),
    Perpetual(
        "experiment-prefix",
        ("experiments",),
        ("name",),
        conditions.workspace_prefix,
        "the workspace returns the path without `/Workspace`",
        f"{_CLI}/pull/4627",
        "0.295.0",
    ),
    Perpetual(
        "dynamic-version",
        ("jobs",),
        (
            "environments[*].spec.dependencies",
            "environments[*].spec.dependencies[*]",
            *(f"{at}libraries{end}" for at in _HOLDERS[1:] for end in ("", "[*].whl")),
        ),
        conditions.only_stamps,
        "the wheel's version is the time of its build (`dynamic_version`); a plan does not say whether the code in it differs",
        f"{_CLI}/pull/4074",
    ),
)


@dataclass(frozen=True)
class Hint:
    """A known cause of a recreation that nobody wants; it is refused all the same.

    Attributes:
        kinds: The kinds.
        fields: Patterns of the fields.
        condition: What the values must be.
        text: What to do.
        source: Where it is reported.
    """

    kinds: tuple[str, ...]
    fields: tuple[str, ...]
    condition: conditions.Condition
    text: str
    source: str


HINTS = (
    Hint(
        ("dashboards",),
        ("parent_path",),
        conditions.differs_by_prefix,
        "it differs by `/Workspace` in front alone: update the Databricks CLI",
        f"{_CLI}/pull/4044",
    ),
    Hint(
        ("schemas", "volumes", "catalogs"),
        ("storage_root", "storage_location"),
        conditions.differs_by_slash,
        "it differs by the slash at its end alone: write it as the workspace has it, and update the Databricks CLI",
        f"{_CLI}/issues/3514",
    ),
    Hint(
        ("schemas", "volumes", "registered_models"),
        ("name", "catalog_name", "schema_name"),
        conditions.differs_by_case,
        "it differs by upper and lower case alone, and Unity Catalog keeps names in lower case: write it so, and update the Databricks CLI",
        f"{_CLI}/pull/5599",
    ),
    Hint(
        ("vector_search_indexes",),
        ("index_subtype",),
        conditions.set_by_workspace,
        "the workspace sets it: update the Databricks CLI to 1.3.0 or newer",
        f"{_CLI}/pull/5454",
    ),
)


def perpetual_of(change: Change, entry: Entry) -> Perpetual | None:
    """Return the rule that a change falls under; None for a real change, and for what is not updated in place."""
    if entry.action is not Action.UPDATE or change.action is not Action.UPDATE:
        return None
    return next((rule for rule in PERPETUAL if rule.covers(change, entry)), None)


def hint_of(change: Change, entry: Entry) -> Hint | None:
    """Return the known cause of a change that makes the CLI recreate a resource."""
    if entry.part:
        return None
    fitting = (hint for hint in HINTS if entry.kind in hint.kinds and hint.condition(change, entry))
    return next((hint for hint in fitting if any(matches(change.path, each) for each in hint.fields)), None)
