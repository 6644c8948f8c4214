"""Plans with anything in them: they are refused or judged, and every output is made without an error."""

import json
from datetime import date

import pytest
from bundle_plans import direct
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lakewright.deploy.gate import judge
from lakewright.deploy.gate.differences.perpetual import PERPETUAL
from lakewright.deploy.gate.shown.as_json import as_json
from lakewright.deploy.gate.shown.markdown import markdown_of
from lakewright.deploy.gate.shown.text import lines_of
from lakewright.deploy.plan import Plan, PlanError, read_plan

pytestmark = pytest.mark.unit

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-2, 200)
    | st.text(max_size=8)
    | st.sampled_from(["SELECT", "ALL_PRIVILEGES", "/a", "s3://a/"])
)
NAMES = st.text(max_size=4) | st.sampled_from(
    [
        "name",
        "full_name",
        "catalog",
        "schema",
        "tasks",
        "job_clusters",
        "new_cluster",
        "policy_id",
        "privileges",
        "__embed__",
        "routes",
    ]
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, ANYTHING, max_size=4)
ACTIONS = st.sampled_from(["skip", "resize", "update", "update_id", "create", "recreate", "delete"])
FIELDS = sorted(
    {
        pattern.replace("[*]", end)
        for rule in PERPETUAL
        for pattern in rule.fields
        for end in ("[0]", "[task_key='a']", "['a']")
    }
)
PATHS = st.sampled_from([*FIELDS, "catalog_name", "storage_root", "index_subtype"]) | st.text(max_size=12)
CHANGES = st.dictionaries(
    PATHS,
    st.fixed_dictionaries({"action": ACTIONS}, optional=dict.fromkeys(("old", "new", "remote"), ANYTHING)),
    max_size=3,
)
KINDS = sorted(
    {kind for rule in PERPETUAL for kind in rule.kinds}
    | {"catalogs", "volumes", "pipelines", "postgres_branches", "vector_search_indexes"}
)
KEYS = st.sampled_from(
    [f"resources.{kind.partition('.')[0]}.a{'.grants' if '.' in kind else ''}" for kind in KINDS]
)
ENTRIES = st.fixed_dictionaries(
    {"action": ACTIONS},
    optional={
        "new_state": st.fixed_dictionaries({"value": OBJECTS}),
        "remote_state": OBJECTS,
        "changes": CHANGES,
        "depends_on": st.lists(st.fixed_dictionaries({"node": KEYS}), max_size=2),
    },
)


CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def read_or_refused(content: bytes) -> Plan | PlanError:
    try:
        return read_plan(content, source="plan.json")
    except PlanError as error:
        return error


@CALM
@given(st.dictionaries(KEYS, ENTRIES, max_size=3))
def test_a_plan_with_any_values_is_refused_or_judged(entries):
    plan = read_or_refused(json.dumps(direct(entries)).encode())
    if isinstance(plan, PlanError):
        assert "the action is" in plan.summary  # milder than that of a field
        return
    judgement = judge(plan, today=date(2026, 11, 27), target="prod")
    text, markdown = list(lines_of(judgement)), markdown_of(judgement)
    assert json.loads(as_json(judgement))["passes"] is judgement.passes
    assert not any("\n" in line for line in text)
    table = [line for line in markdown.splitlines() if line.startswith("|")]
    assert len(table) == (len(judgement.verdicts) + 2 if judgement.verdicts else 0)


@CALM
@given(ANYTHING)
def test_any_json_is_a_plan_or_refused_with_a_fix(value):
    found = read_or_refused(json.dumps(value).encode())
    assert isinstance(found, Plan) or (found.fix and found.location)


@CALM
@given(st.binary(max_size=40))
def test_any_bytes_are_a_plan_or_refused_with_a_fix(content):
    found = read_or_refused(content)
    assert isinstance(found, Plan) or found.fix
