"""Known perpetual differences: left out with their reason; a real change of the same field, or beside it, is shown."""

from datetime import date

import pytest
from bundle_plans import change, direct, entry, read

from lakewright.deploy.gate import Outcome, judge
from lakewright.deploy.gate.differences.perpetual import HINTS, PERPETUAL

pytestmark = pytest.mark.unit

CLUSTER = "job_clusters[job_cluster_key='main'].new_cluster"
HOOK = "webhook_notifications.on_failure"
LIBRARY = "tasks[task_key='main'].libraries[0].whl"
GRANT = "[principal='team'].privileges"
OLD, NEW = "a/pkg-1.0+1718000000000000001-py3-none-any.whl", "a/pkg-1.0+1718000000000000999-py3-none-any.whl"


def with_cluster(**cluster):
    return {"new": {"job_clusters": [{"job_cluster_key": "main", "new_cluster": cluster}]}}


def with_hooks(new, remote):
    states = [
        {"webhook_notifications": {"on_failure": [{"id": each} for each in ids]}} for ids in (new, remote)
    ]
    return {"new": states[0], "remote": states[1]}


def with_grant(new, remote):
    states = [{"__embed__": [{"principal": "team", "privileges": each}]} for each in (new, remote)]
    return {"new": states[0], "remote": states[1]}


def values(old=None, new=None, remote=None):
    return {"old": old, "new": new, "remote": remote}


POLICY = with_cluster(policy_id="ABC")
# rule: kind, field, values and states of a difference that is none
LEFT_OUT = {
    "warehouse-creator": ("sql_warehouses", "creator_name", values(remote="ana"), {}),
    "cluster-policy": ("jobs", f"{CLUSTER}.spark_version", values(remote="17.3.x-scala2.13"), POLICY),
    "policy-defaults": ("jobs", f"{CLUSTER}.apply_policy_default_values", values(old=True, new=True), {}),
    "securable-kind": ("apps", "resources[6].uc_securable.securable_kind", values(remote="TABLE_DELTA"), {}),
    "duplicate-names": ("pipelines", "allow_duplicate_names", values(old=True, new=True, remote=False), {}),
    "webhook-order": ("jobs", f"{HOOK}[0].id", values("a", "a", "b"), with_hooks(["a", "b"], ["b", "a"])),
    "all-privileges": (
        "schemas",
        GRANT,
        values(["ALL_PRIVILEGES"], ["ALL_PRIVILEGES"], ["ALL_PRIVILEGES", "SELECT"]),
        {"part": "grants", **with_grant(["ALL_PRIVILEGES"], ["ALL_PRIVILEGES", "SELECT"])},
    ),
    "retention-hours": ("schemas", "custom_max_retention_hours", values(old=643, new=643), {}),
    "managed-defaults": (
        "schemas",
        "properties",
        values(remote={"unity.catalog.managed.a.defaults.b": "1"}),
        {},
    ),
    "traffic-config": (
        "model_serving_endpoints",
        "config.traffic_config",
        values(remote={"routes": [{"served_model_name": "m-1", "traffic_percentage": 100}]}),
        {},
    ),
    "experiment-prefix": ("experiments", "name", values("/Workspace/a", "/Workspace/a", "/a"), {}),
    "dynamic-version": ("jobs", LIBRARY, values(OLD, NEW, OLD), {}),
}
# What the same rules must let through: a value that somebody has changed, in the bundle or in the workspace.
SHOWN = [
    ("sql_warehouses", "creator_name", values(new="ben", remote="ana"), {}),
    ("sql_warehouses", "name", values(remote="ana"), {}),
    ("clusters", "spark_version", values(remote="17.3.x"), {"new": {"num_workers": 1}}),
    ("clusters", "spark_version", values("16.4.x", "17.3.x", "16.4.x"), {"new": {"policy_id": "ABC"}}),
    ("clusters", "num_workers", values(remote=3), {"new": {"policy_id": "ABC"}}),
    ("clusters", "creator_name", values(remote="ana"), {}),
    ("jobs", f"{CLUSTER}.spark_version", values(remote="17.3.x-scala2.13"), with_cluster(num_workers=1)),
    ("jobs", f"{CLUSTER}.spark_version", values("16.4.x", "17.3.x", "16.4.x"), POLICY),
    ("jobs", f"{CLUSTER}.spark_version", values(old="16.4.x", remote="16.4.x"), POLICY),
    ("jobs", f"{CLUSTER}.num_workers", values(remote=3), POLICY),
    ("jobs", f"{CLUSTER}.apply_policy_default_values", values(new=True), {}),
    ("jobs", f"{CLUSTER}.apply_policy_default_values", values(old=True, remote=True), {}),
    ("apps", "resources[6].uc_securable.permission", values(remote="SELECT"), {}),
    ("pipelines", "allow_duplicate_names", values(old=False, new=True), {}),
    ("jobs", f"{HOOK}[0].id", values("a", "a", "b"), with_hooks(["a", "b"], ["b", "c"])),
    ("jobs", f"{HOOK}[0].id", values("b", "a", "b"), with_hooks(["a", "b"], ["b", "a"])),
    ("jobs", HOOK, values(["a"], ["a"], ["a", "a"]), with_hooks(["a"], ["a", "a"])),
    (
        "schemas",
        GRANT,
        values(["SELECT"], ["SELECT"], ["SELECT", "MODIFY"]),
        {"part": "grants", **with_grant(["SELECT"], ["SELECT", "MODIFY"])},
    ),
    (
        "schemas",
        GRANT,
        values(["SELECT"], ["ALL_PRIVILEGES"], ["SELECT"]),
        {"part": "grants", **with_grant(["ALL_PRIVILEGES"], ["SELECT"])},
    ),
    (
        "schemas",
        GRANT,
        values(["SELECT"], ["ALL_PRIVILEGES"], ["ALL_PRIVILEGES", "SELECT"]),
        {"part": "grants", **with_grant(["ALL_PRIVILEGES"], ["ALL_PRIVILEGES", "SELECT"])},
    ),
    (
        "schemas",
        "[principal='team']",
        values(remote={"principal": "team"}),
        {"part": "grants", **with_grant(["ALL_PRIVILEGES"], ["ALL_PRIVILEGES"])},
    ),
    ("schemas", "custom_max_retention_hours", values(old=643, new=12), {}),
    ("schemas", "custom_max_retention_hours", values(old=643, new=643, remote=12), {}),
    ("schemas", "properties", values(remote={"unity.catalog.managed.a.defaults.b": "1", "owner": "ana"}), {}),
    ("schemas", "properties['owner']", values(remote="ana"), {}),
    ("schemas", "properties", values(old={"a": "1"}, remote={"unity.catalog.managed.a.defaults.b": "1"}), {}),
    (
        "model_serving_endpoints",
        "config.traffic_config",
        values({"routes": [1]}, {"routes": [2]}, {"routes": [1]}),
        {},
    ),
    ("model_serving_endpoints", "config.traffic_config", values(remote={"routes": []}), {}),
    (
        "model_serving_endpoints",
        "config.traffic_config",
        values(remote={"routes": [{"traffic_percentage": 90}]}),
        {},
    ),
    (
        "model_serving_endpoints",
        "config.traffic_config",
        values(remote={"routes": [{"traffic_percentage": 100}, {"traffic_percentage": 0}]}),
        {},
    ),
    ("experiments", "name", values("/Workspace/a", "/Workspace/b", "/a"), {}),
    ("experiments", "name", values("/WorkspaceExtra/a", "/WorkspaceExtra/a", "Extra/a"), {}),
    ("jobs", LIBRARY, values(OLD, NEW.replace("1.0", "1.1"), OLD), {}),
    ("jobs", LIBRARY, values(OLD, NEW, OLD.replace("pkg", "other")), {}),
    ("jobs", LIBRARY, values("a/pkg-1.0.whl", NEW, "a/pkg-1.0.whl"), {}),
    ("jobs", LIBRARY, values(old=OLD, new=NEW), {}),
    ("jobs", "tasks[task_key='main'].notebook_task.notebook_path", values(OLD, NEW, OLD), {}),
]


def planned(kind, field, values, states, *, action="update", beside=()):
    states = dict(states)
    part = states.pop("part", "")
    key = f"resources.{kind}.it{f'.{part}' if part else ''}"
    found = {name: value for name, value in values.items() if value is not None}  # the CLI leaves out nulls
    changes = {
        field: change(action, **found),
        **{name: change("update", old=1, new=2, remote=1) for name in beside},
    }
    return direct({key: entry(action, changes=changes, **states)})


def verdict_of(plan):
    (verdict,) = judge(read(plan), today=date(2026, 11, 27)).verdicts
    return verdict


def test_each_rule_has_an_example():
    assert sorted(LEFT_OUT) == sorted(rule.name for rule in PERPETUAL)


@pytest.mark.parametrize("rule", LEFT_OUT)
def test_a_known_difference_is_left_out_with_its_reason_and_source(rule):
    verdict = verdict_of(planned(*LEFT_OUT[rule]))
    assert verdict.outcome is Outcome.IGNORED
    (ignored,) = verdict.ignored
    assert (ignored.rule, ignored.path) == (rule, LEFT_OUT[rule][1])
    assert ignored.because
    assert ignored.source.startswith("https://github.com/databricks/cli/")


@pytest.mark.parametrize("rule", LEFT_OUT)
def test_a_real_change_beside_it_is_still_shown(rule):
    verdict = verdict_of(planned(*LEFT_OUT[rule], beside=("comment",)))
    assert verdict.outcome is Outcome.SHOWN
    assert [cause.path for cause in verdict.causes] == ["comment"]
    assert [ignored.rule for ignored in verdict.ignored] == [rule]


@pytest.mark.parametrize("rule", LEFT_OUT)
def test_another_kind_with_the_same_difference_is_shown(rule):
    _, field, values, states = LEFT_OUT[rule]
    assert verdict_of(planned("alerts", field, values, states)).outcome is Outcome.SHOWN


@pytest.mark.parametrize("rule", LEFT_OUT)
@pytest.mark.parametrize("action", ["recreate", "resize", "update_id"])
def test_only_an_update_is_left_out(rule, action):
    verdict = verdict_of(planned(*LEFT_OUT[rule], action=action))
    assert verdict.outcome is not Outcome.IGNORED
    assert verdict.ignored == ()


@pytest.mark.parametrize("rule", LEFT_OUT)
def test_beside_a_recreation_nothing_is_left_out(rule):
    plan = planned(*LEFT_OUT[rule])
    (found,) = plan["plan"].values()
    found["action"] = "recreate"
    found["changes"]["immutable"] = change("recreate", old=1, new=2)
    verdict = verdict_of(plan)
    assert verdict.ignored == ()
    assert {cause.path for cause in verdict.causes} == {"immutable", LEFT_OUT[rule][1]}


@pytest.mark.parametrize(("kind", "field", "values", "states"), SHOWN)
def test_a_real_change_of_such_a_field_is_shown(kind, field, values, states):
    verdict = verdict_of(planned(kind, field, values, states))
    assert verdict.outcome is Outcome.SHOWN
    assert [cause.path for cause in verdict.causes] == [field]


@pytest.mark.parametrize(
    ("kind", "field", "values", "words"),
    [
        ("schemas", "storage_root", values("s3://a/b/", "s3://a/b/", "s3://a/b"), "slash at its end"),
        ("volumes", "storage_location", values("s3://a/b", "s3://a/b/", "s3://a/b"), "slash at its end"),
        ("volumes", "schema_name", values("Bronze", "Bronze", "bronze"), "upper and lower case"),
        (
            "dashboards",
            "parent_path",
            values("/Users/a", "/Users/a", "/Workspace/Users/a"),
            "`/Workspace` in front",
        ),
        (
            "vector_search_indexes",
            "index_subtype",
            values(remote="HYBRID"),
            "update the Databricks CLI to 1.3.0",
        ),
    ],
)
def test_a_spurious_recreation_is_refused_with_the_known_cause(kind, field, values, words):
    verdict = verdict_of(planned(kind, field, values, {}, action="recreate"))
    assert verdict.outcome is Outcome.REFUSED
    assert words in verdict.fixes[0]


@pytest.mark.parametrize(
    ("kind", "field", "values"),
    [
        ("schemas", "storage_root", values("s3://a/b", "s3://a/c", "s3://a/b")),
        ("schemas", "storage_root", values("s3://a/b", None, "s3://a/b")),
        ("volumes", "schema_name", values("bronze", "raw", "bronze")),
        ("schemas", "comment", values("A", "A", "a")),
        ("experiments", "name", values("A", "A", "a")),
    ],
)
def test_a_real_recreation_has_no_such_hint(kind, field, values):
    verdict = verdict_of(planned(kind, field, values, {}, action="recreate"))
    assert verdict.outcome is Outcome.REFUSED
    assert [cause.hint for cause in verdict.causes] == [""]


def test_a_cluster_of_its_own_may_have_a_policy_too():
    plan = planned("clusters", "custom_tags['team']", values(remote="bi"), {"new": {"policy_id": "ABC"}})
    assert verdict_of(plan).outcome is Outcome.IGNORED


def test_every_hint_has_a_source():
    assert all(hint.source.startswith("https://github.com/databricks/cli/") for hint in HINTS)
