"""Reading a plan: what is not known in full is refused, with the place and a fix."""

import codecs
import json

import pytest
from bundle_plans import as_bytes, change, direct, entry, read, terraform

from lakewright.deploy.plan import Action, Engine, PlanError, read_plan

pytestmark = pytest.mark.unit

JOB = "resources.jobs.main"


def refusal(plan):
    with pytest.raises(PlanError) as caught:
        read(plan)
    error = caught.value
    assert error.location.startswith("plan.json")
    assert error.fix
    return f"{error}"


def test_an_entry_of_the_direct_engine_is_read_in_full():
    plan = read(
        direct(
            {
                "resources.schemas.gold.grants": entry(
                    "update",
                    new={"full_name": "shop.gold"},
                    remote={"full_name": "shop.gold"},
                    needs=("resources.schemas.gold",),
                    id="shop.gold",
                    changes={
                        "[principal='readers']": change(
                            "update", remote={"principal": "readers"}, reason="custom"
                        )
                    },
                )
            },
            not_selected=3,
        )
    )
    assert (plan.engine, plan.cli_version, plan.not_selected) == (Engine.DIRECT, "1.13.0", 3)
    (found,) = plan.entries.values()
    assert (found.kind, found.name, found.part) == ("schemas", "gold", "grants")
    assert (found.action, found.gone, found.id) == (Action.UPDATE, False, "shop.gold")
    assert found.depends_on == ("resources.schemas.gold",)
    assert found.new_state == {"full_name": "shop.gold"}
    (field,) = found.changes
    assert (field.path, field.action, field.reason) == ("[principal='readers']", Action.UPDATE, "custom")


def test_a_plan_of_the_terraform_engine_has_actions_alone():
    plan = read(terraform({JOB: "recreate", "": "update"}))
    assert plan.engine is Engine.TERRAFORM
    assert [each.action for each in plan.entries.values()] == [Action.RECREATE, Action.UPDATE]
    assert plan.entries[""].part == "permissions"  # the CLI does not always find out whose they are


def test_an_empty_plan_is_a_plan():
    assert read(direct({})).entries == {}


@pytest.mark.parametrize("version", [1, 3, "2", 2.5, True, None, [2]])
def test_another_version_is_refused(version):
    text = refusal(direct({}, plan_version=version))
    assert f"version {json.dumps(version)} of the plan is not known" in text
    assert "plan_version" in text


def test_an_older_version_asks_for_a_newer_cli_and_a_newer_one_for_a_newer_lakewright():
    assert "Databricks CLI 0.284.0 or newer" in refusal(direct({}, plan_version=1))
    assert "update lakewright" in refusal(direct({}, plan_version=3))


@pytest.mark.parametrize("action", ["replace", "unmanaged", "", "DELETE", "delete "])
def test_an_unknown_action_is_refused(action):
    text = refusal(direct({JOB: {"action": action}}))
    assert f"the action `{action}` is not known" in text
    assert f'plan.json: plan["{JOB}"].action' in text
    assert "known: skip, resize, update, update_id, create, recreate, delete" in text


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ([], "`the whole` is a list, not an object"),
        ({"plan_version": 2}, "it has no `plan`"),
        (direct([]), "`plan` is a list, not an object"),
        (direct({}, engine="direct"), "the field `engine` is not known"),
        (direct({}, cli_version=1), "`cli_version` is a number, not a text"),
        (direct({}, not_selected=-1), "`not_selected` is a number, not a number from 0"),
        (direct({JOB: None}), "is null, not an object"),
        (direct({JOB: {}}), "an entry has no `action`"),
        (direct({JOB: {"action": None}}), "is null, not a text"),
        (direct({JOB: {"action": "skip", "destroys": True}}), "the field `destroys` is not known"),
        (direct({JOB: {"action": "update", "gone": True}}), "`gone` with the action `update`"),
        (direct({JOB: {"action": "delete", "gone": "yes"}}), "is a text, not true or false"),
        (direct({JOB: {"action": "skip", "depends_on": [{}]}}), "is null, not a text"),
        (
            direct({JOB: {"action": "skip", "depends_on": [{"node": "x", "kind": 1}]}}),
            "the field `kind` is not known",
        ),
        (direct({JOB: {"action": "skip", "changes": {"name": {}}}}), "an entry has no `action`"),
        (
            direct({JOB: {"action": "skip", "changes": {"name": {"action": "skip", "was": 1}}}}),
            "the field `was`",
        ),
        (direct({JOB: {"action": "skip", "new_state": {"value": 1}}}), "is a number, not an object"),
        (direct({JOB: {"action": "skip", "new_state": {"sealed": 1}}}), "the field `sealed` is not known"),
        (direct({JOB: {"action": "skip", "remote_state": []}}), "is a list, not an object"),
        (direct({"jobs.main": {"action": "skip"}}), "`jobs.main` is no key of a resource"),
        (direct({"resources.jobs": {"action": "skip"}}), "`resources.jobs` is no key of a resource"),
        (direct({"": {"action": "update"}}), "`` is no key of a resource"),
        ({"plan": {JOB: {"action": "skip", "changes": {}}}}, "the field `changes` is not known"),
    ],
)
def test_another_shape_is_refused(plan, words):
    assert words in refusal(plan)


def test_a_refusal_is_one_short_line_whatever_the_plan_holds():
    with pytest.raises(PlanError) as caught:
        read(direct({"resources.jobs.\x1b[2K\n" + "x" * 999: {"action": "a\nb" + "y" * 999}}))
    assert len(str(caught.value)) < 1_200
    assert "\x1b" not in str(caught.value)
    assert "a\\nb" in caught.value.summary


@pytest.mark.parametrize("action", ["skip", "resize", "update", "update_id"])
def test_an_entry_that_is_milder_than_one_of_its_fields_is_refused(action):
    plan = direct({JOB: entry(action, changes={"name": change("recreate"), "tags": change("skip")})})
    assert f"the action is `{action}`, and that of its field `name` is `recreate`" in refusal(plan)


def test_a_resource_that_is_created_again_after_somebody_deleted_it_may_have_other_changes():
    assert read(direct({JOB: entry("create", changes={"name": change("recreate")})})).entries


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the plan is empty"),
        (b" \n", "the plan is empty"),
        (b"Plan: 1 to add, 0 to change", "the plan is not JSON"),
        (b'{"plan_version": 2,\n "plan": {', "the plan is not JSON"),
        (b"\xff\xfe\x00", "the plan is not UTF-8"),
        (
            b'{"plan_version": 2, "plan": {"resources.jobs.a": {"action": "delete", "action": "skip"}}}',
            "the key `action` twice",
        ),
        (b'{"plan_version": 2, "serial": NaN, "plan": {}}', "the number NaN"),
        (b"[" * 200_000, "the plan is nested too deeply"),
        (b'{"plan_version": 2, "serial": ' + b"1" * 5_000 + b', "plan": {}}', "a number of 5000 digits"),
        (rb'{"plan_version": 2, "plan": {"resources.jobs.\ud800": {"action": "skip"}}}', "half a character"),
    ],
)
def test_what_is_no_json_is_refused(content, words):
    with pytest.raises(PlanError, match=words) as caught:
        read_plan(content, source="plan.json", target="prod")
    assert "databricks bundle plan -t prod -o json > plan.json" in caught.value.fix


def test_characters_of_two_halves_are_whole():
    content = rb'{"plan_version": 2, "plan": {"resources.jobs.\ud83d\ude00": {"action": "skip"}}}'
    assert list(read_plan(content, source="plan.json").entries) == ["resources.jobs.\U0001f600"]


def test_a_mistake_in_the_json_has_its_line():
    with pytest.raises(PlanError) as caught:
        read_plan(b'{\n  "plan": oops\n}', source="plan.json")
    assert caught.value.location == "plan.json:2:11"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_a_plan_that_powershell_has_redirected_is_read(mark, encoding):
    text = as_bytes(direct({JOB: entry("skip")})).decode()
    plan = read_plan(mark + text.encode(encoding), source="plan.json")
    assert list(plan.entries) == [JOB]


def test_values_are_in_no_repr():
    plan = read(
        direct(
            {
                JOB: entry(
                    "update",
                    new={"a": "s3cret"},
                    remote={"a": "s3cret"},
                    changes={"a": change("update", new="s3cret")},
                )
            }
        )
    )
    assert "s3cret" not in repr(plan)
