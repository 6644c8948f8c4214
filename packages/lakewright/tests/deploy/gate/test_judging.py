"""The judgement of a plan: what is refused, what passes with a warning, and what an allowance changes."""

from datetime import date

import pytest
from bundle_plans import change, direct, entry, read, terraform
from hypothesis import given, settings
from hypothesis import strategies as st

from lakewright.deploy.gate import KINDS, Allowance, Keeps, Outcome, judge
from lakewright.deploy.gate.allowances import allowances_of_options
from lakewright.deploy.plan import Action

pytestmark = pytest.mark.unit

TODAY = date(2026, 11, 27)
SCHEMA = "resources.schemas.bronze"
HOLDING = sorted(name for name, kind in KINDS.items() if kind.keeps is Keeps.DATA)


def judged(plan, *, deleted=(), recreated=(), **more):
    return judge(read(plan), today=TODAY, allowances=allowances_of_options(deleted, recreated), **more)


def only(plan, **more):
    (verdict,) = judged(plan, **more).verdicts
    return verdict


def recreated_schema(**field):
    values = {"old": "shop", "new": "new_shop", "remote": "shop", "reason": "id_field", **field}
    return direct(
        {
            SCHEMA: entry(
                "recreate",
                new={"catalog_name": "new_shop", "name": "bronze"},
                remote={"full_name": "shop.bronze", "catalog_name": "shop", "name": "bronze"},
                changes={"catalog_name": change("recreate", **values)},
            )
        }
    )


@pytest.mark.parametrize("kind", HOLDING)
@pytest.mark.parametrize("action", ["delete", "recreate"])
@pytest.mark.parametrize(
    "make", [lambda key, action: direct({key: entry(action)}), lambda key, action: terraform({key: action})]
)
def test_data_is_destroyed_only_where_it_is_named(kind, action, make):
    key = f"resources.{kind}.it"
    refused = judged(make(key, action))
    assert not refused.passes
    assert refused.verdicts[0].needs == action
    assert f"or, if it may be lost, allow it: --allow-{action} {key}" in refused.verdicts[0].fixes
    options = {"deleted": [key]} if action == "delete" else {"recreated": [key]}
    allowed = judged(make(key, action), **options)
    assert allowed.passes
    assert allowed.verdicts[0].outcome is Outcome.ALLOWED
    assert allowed.verdicts[0].fixes == ()
    assert allowed.problems == ()


@pytest.mark.parametrize("action", ["delete", "recreate", "update_id"])
def test_a_kind_that_is_not_known_is_refused_until_it_is_named(action):
    key = "resources.time_machines.it"
    assert not judged(direct({key: entry(action)})).passes
    options = {"deleted": [key]} if action == "delete" else {"recreated": [key]}
    assert judged(direct({key: entry(action)}), **options).passes
    assert judged(direct({key: entry("update")})).passes


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.keeps is not Keeps.DATA])
def test_other_kinds_pass_and_a_lost_history_is_a_warning(kind):
    keeps = KINDS[kind].keeps
    for action, outcome in {
        "delete": Outcome.SHOWN,
        "recreate": Outcome.WARNED if keeps is Keeps.HISTORY else Outcome.SHOWN,
    }.items():
        judgement = judged(direct({f"resources.{kind}.it": entry(action)}))
        assert judgement.passes
        assert judgement.verdicts[0].outcome is outcome
        assert judgement.verdicts[0].loss == KINDS[kind].loss


def test_the_field_that_forces_a_recreation_is_named_with_its_values_and_the_way_back():
    verdict = only(recreated_schema())
    assert (verdict.name, verdict.noun) == ("shop.bronze", "schema")
    (cause,) = verdict.causes
    assert (cause.path, cause.old, cause.new, cause.reason) == (
        "catalog_name",
        "shop",
        "new_shop",
        "id_field",
    )
    assert verdict.fixes[0] == "set catalog_name back to shop"
    assert "with force" in verdict.loss
    assert "7 days" in verdict.recovery


def test_a_value_that_may_be_secret_is_not_in_the_verdict():
    plan = direct(
        {
            "resources.secrets.key": entry(
                "recreate",
                changes={"value": change("recreate", old="hunter2", new="swordfish", remote="hunter2")},
            )
        }
    )
    verdict = only(plan)
    assert verdict.fixes[0] == "set value back to what it was"
    assert "hunter2" not in repr(verdict)
    assert "swordfish" not in repr(verdict)


def test_a_deleted_resource_says_how_to_keep_it():
    verdict = only(direct({SCHEMA: entry("delete", remote={"full_name": "shop.bronze"})}), target="prod")
    assert verdict.fixes[:2] == (
        "put resources.schemas.bronze back into the bundle",
        "or, to keep it without the bundle, before it is removed there: databricks bundle deployment unbind bronze -t prod",
    )


def test_a_key_that_changes_is_seen_as_one_and_not_as_a_deletion_alone():
    plan = direct(
        {
            SCHEMA: entry("delete", remote={"full_name": "shop.bronze"}),
            "resources.schemas.raw": entry("create", new={"catalog_name": "SHOP", "name": "bronze"}),
        }
    )
    judgement = judged(plan, target="prod")
    assert not judgement.passes
    assert judgement.verdicts[0].fixes[:3] == (
        "keep the key bronze: the plan creates shop.bronze again as resources.schemas.raw",
        "or, before the key changes: databricks bundle deployment unbind bronze -t prod",
        "and after it: databricks bundle deployment bind raw shop.bronze -t prod",
    )


def test_what_somebody_has_deleted_already_is_shown_and_passes():
    judgement = judged(direct({SCHEMA: entry("delete", gone=True)}))
    assert judgement.passes
    assert judgement.verdicts[0].outcome is Outcome.SHOWN
    assert "already" in judgement.verdicts[0].loss


def test_a_recreation_with_the_mark_of_a_spurious_one_is_refused_with_a_hint():
    plan = recreated_schema(old="Shop", new="Shop", remote="shop")
    verdict = only(plan)
    assert verdict.outcome is Outcome.REFUSED
    assert "upper and lower case alone" in verdict.fixes[0]


@pytest.mark.parametrize("part", ["grants", "permissions"])
@pytest.mark.parametrize("action", ["delete", "recreate", "update", "update_id", "create"])
def test_rights_are_shown_and_pass(part, action):
    judgement = judged(direct({f"{SCHEMA}.{part}": entry(action)}))
    assert judgement.passes
    assert judgement.verdicts[0].outcome is Outcome.SHOWN


def test_a_rename_in_place_keeps_the_data_and_is_a_warning():
    verdict = only(
        direct(
            {
                "resources.volumes.raw": entry(
                    "update_id", changes={"name": change("update_id", old="a", new="b")}
                )
            }
        )
    )
    assert verdict.outcome is Outcome.WARNED
    assert "keeps its files" in verdict.loss


@pytest.mark.parametrize(
    ("key", "field", "outcome"),
    [
        ("resources.pipelines.it", "schema", Outcome.WARNED),
        ("resources.pipelines.it", "continuous", Outcome.SHOWN),
        ("resources.postgres_branches.it", "ttl", Outcome.WARNED),
        ("resources.jobs.it", "schema", Outcome.SHOWN),
    ],
)
def test_an_update_that_moves_or_ends_data_is_a_warning(key, field, outcome):
    verdict = only(direct({key: entry("update", changes={field: change("update", old="a", new="b")})}))
    assert verdict.outcome is outcome
    assert bool(verdict.loss) is (outcome is Outcome.WARNED)


def test_the_worst_comes_first_and_what_stays_is_counted():
    plan = direct(
        {
            "resources.jobs.a": entry("update"),
            "resources.jobs.b": entry("skip"),
            "resources.jobs.c": entry("recreate"),
            "resources.schemas.d": entry("delete"),
            "resources.schemas.e": entry("delete"),
        }
    )
    judgement = judged(plan, deleted=["resources.schemas.d"])
    assert [verdict.outcome for verdict in judgement.verdicts] == [
        Outcome.REFUSED,
        Outcome.ALLOWED,
        Outcome.WARNED,
        Outcome.SHOWN,
    ]
    assert judgement.unchanged == 1


def test_notes_say_what_limits_the_answer():
    assert "terraform engine" in judged(terraform({})).notes[0]
    assert "leaves out 2 resources" in judged(direct({}, not_selected=2)).notes[0]
    with_secret = direct({"resources.secrets.key": entry("update", new={"value": "[redacted]"})})
    assert "do not deploy it with --plan" in judged(with_secret).notes[0]
    assert judged(direct({})).notes == ()


KEYS = st.sampled_from(
    [f"resources.{kind}.{name}" for kind in [*KINDS, "time_machines"] for name in ("a", "b")]
)
ACTIONS = st.sampled_from(["skip", "update", "resize", "create", "recreate", "delete"])
HOLDERS = {"catalogs", "schemas", "database_instances", "vector_search_endpoints"}


@settings(deadline=None)
@given(st.dictionaries(KEYS, st.tuples(ACTIONS, st.booleans(), st.booleans()), max_size=12))
def test_a_random_plan_passes_if_and_only_if_all_that_it_destroys_is_named(drawn):
    entries, deleted, recreated, unnamed = {}, [], [], False
    for key, (action, gone, named) in drawn.items():
        is_gone = gone and action == "delete"
        entries[key] = (
            entry(action, gone=True)
            if is_gone
            else entry(action, remote={"name": key, "full_name": key, "catalog_id": key})
        )
        kind = KINDS.get(key.split(".")[1])
        holds_data = kind is None or kind.keeps is Keeps.DATA
        if action in {"delete", "recreate"} and holds_data and not is_gone:
            unnamed = unnamed or not named
            if named:
                (deleted if action == "delete" else recreated).append(key)
    judgement = judged(direct(entries), deleted=deleted, recreated=recreated)
    assert judgement.passes is not unnamed
    assert judgement.problems == ()
    refused = {verdict.key for verdict in judgement.verdicts if verdict.outcome is Outcome.REFUSED}
    assert refused.isdisjoint([*deleted, *recreated])
    assert judgement.unchanged == sum(action == "skip" for action, _, _ in drawn.values())


def allowance(action=Action.RECREATE, **more):
    values = {
        "resource": SCHEMA,
        "action": action,
        "reason": "moved",
        "target": "prod",
        "until": date(2026, 12, 1),
    }
    return Allowance(**{**values, **more})


@pytest.mark.parametrize(
    ("given", "passes", "words"),
    [
        (allowance(), True, None),
        (allowance(until=TODAY), True, None),
        (allowance(target="dev"), False, None),
        (allowance(until=date(2026, 11, 26)), False, "ended on 2026-11-26"),
        (allowance(Action.DELETE), False, "the plan would delete and create it again"),
    ],
)
def test_an_allowance_holds_for_one_action_in_one_target_until_its_day(given, passes, words):
    judgement = judge(read(recreated_schema()), today=TODAY, allowances=[given], target="prod")
    assert judgement.passes is passes
    assert [words in problem.summary for problem in judgement.problems] == ([True] if words else [])


@pytest.mark.parametrize("option", ["deleted", "recreated"])
def test_an_option_that_matches_nothing_refuses_the_plan(option):
    judgement = judged(direct({"resources.jobs.a": entry("update")}), **{option: [SCHEMA]})
    assert not judgement.passes
    assert "matches nothing in the plan" in judgement.problems[0].summary


def test_an_option_for_what_the_plan_leaves_alone_refuses_it_too():
    judgement = judged(direct({SCHEMA: entry("update")}), deleted=[SCHEMA])
    assert not judgement.passes
    assert "the plan does no such thing, it has `update`" in judgement.problems[0].summary


def test_a_misspelled_option_gets_the_nearest_key():
    judgement = judged(recreated_schema(), recreated=["resources.schemas.bronz"])
    assert judgement.problems[0].fix == "did you mean resources.schemas.bronze?"


def test_an_allowance_of_the_file_that_is_used_up_is_a_warning_until_its_day_and_then_refuses():
    plan = read(direct({}))
    fresh = judge(plan, today=TODAY, allowances=[allowance()], target="prod")
    assert fresh.passes
    assert [problem.refuses for problem in fresh.problems] == [False]
    over = judge(plan, today=date(2026, 12, 2), allowances=[allowance()], target="prod")
    assert not over.passes


def test_changes_are_told_apart_from_what_is_left_out():
    creator = entry("update", changes={"creator_name": change("update", remote="ana")})
    assert not judged(
        direct({"resources.sql_warehouses.a": creator, "resources.jobs.b": entry("skip")})
    ).has_changes
    assert judged(
        direct({"resources.sql_warehouses.a": creator, "resources.jobs.b": entry("update")})
    ).has_changes
    assert judged(direct({SCHEMA: entry("delete", gone=True)})).has_changes
