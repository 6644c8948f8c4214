"""The judgement as text, JSON and Markdown; nothing in a plan becomes Markdown or moves the cursor."""

import json
from datetime import date
from pathlib import Path

import pytest
from bundle_plans import change, direct, entry, read

from lakewright.bundle import Location
from lakewright.deploy.gate import Allowance, judge
from lakewright.deploy.gate.allowances import allowances_of_options
from lakewright.deploy.gate.shown.as_json import as_json
from lakewright.deploy.gate.shown.markdown import markdown_of
from lakewright.deploy.gate.shown.text import lines_of
from lakewright.deploy.plan import Action

pytestmark = pytest.mark.unit

SECRETS = {
    "spark_env_vars['TOKEN']": "hunter2-env",
    "spark_conf['fs.azure.account.key']": "hunter2-conf",
    "webhook_notifications.on_failure[0].id": "hunter2-hook",
    "config.served_entities[0].environment_vars['KEY']": "hunter2-served",
    "value": "hunter2-value",
    "name": "https://ana:hunter2-user@host",
}


def judged(entries, *, allowances=(), **more):
    return judge(read(direct(entries)), today=date(2026, 11, 27), allowances=allowances, **more)


def everything():
    """A judgement with each outcome, each kind of problem and a note."""
    entries = {
        "resources.schemas.bronze": entry(
            "recreate",
            remote={"full_name": "shop.bronze"},
            changes={
                "catalog_name": change(
                    "recreate", old="shop", new="new_shop", remote="shop", reason="id_field"
                ),
                "comment": change("update", old="hunter2-comment", new="b"),
            },
        ),
        "resources.volumes.landing": entry("skip", remote={"full_name": "shop.bronze.landing"}),
        "resources.schemas.old": entry("delete", remote={"full_name": "shop.old"}),
        "resources.schemas.older": entry("delete"),
        "resources.jobs.main": entry("recreate"),
        "resources.jobs.other": entry(
            "update",
            changes={
                name: change("update", old=value, new=f"{value}2", remote=value)
                for name, value in SECRETS.items()
            },
        ),
        "resources.jobs.other.permissions": entry(
            "update", changes={"[group_name='team']": change("update", remote={"level": "CAN_RUN"})}
        ),
        "resources.sql_warehouses.bi": entry(
            "update", changes={"creator_name": change("update", remote="hunter2-creator")}
        ),
        "resources.alerts.a": entry("skip"),
    }
    of_file = Allowance(
        "resources.schemas.old",
        Action.DELETE,
        "moved | away",
        "prod",
        date(2026, 12, 1),
        Location(Path("/p/plan-gate.yml"), 2, 5),
    )
    options = allowances_of_options(["resources.schemas.older", "resources.dashboards.x"], [])
    return judged(entries, allowances=[of_file, *options], target="prod")


def test_text_has_the_answer_first_and_the_ways_out():
    assert list(lines_of(everything())) == [
        "the plan for target prod is REFUSED: 2 refused, 2 allowed by name, 1 with a warning, 2 shown, 1 left out, 1 unchanged",
        "",
        "refused: --allow-delete resources.dashboards.x matches nothing in the plan",
        "  fix: remove it: it would let a later deletion pass",
        "",
        "refused: recreate resources.schemas.bronze (schema shop.bronze)",
        "  because: catalog_name: shop → new_shop (id_field)",
        "  data: The CLI deletes it with force: every table, view, volume, model and function in it goes too, also those that no bundle "
        "declares.",
        "  undo: Files of managed tables and volumes are kept for 7 days by default, but UNDROP needs the schema that is gone. Files of "
        "external tables and volumes stay.",
        "  see: https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-drop-schema",
        "  fix: set catalog_name back to shop",
        "       or, if it may be lost, allow it: --allow-recreate resources.schemas.bronze",
        "",
        "refused: lost with resources.schemas.bronze: resources.volumes.landing (volume shop.bronze.landing)",
        "  data: The files of a managed volume are deleted; those of an external volume stay, and its name and grants go.",
        "  undo: For 7 days by UNDROP VOLUME WITH ID (new runtimes and SQL warehouses), as long as its schema exists.",
        "  see: https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-undrop-volume",
        "  fix: keep resources.schemas.bronze, see there",
        "       or, if it may be lost, allow it: --allow-delete resources.volumes.landing",
        "",
        "allowed: delete resources.schemas.old (schema shop.old)",
        "  at: no longer in the bundle; in the state of the last deployment",
        "  data: The CLI deletes it with force: every table, view, volume, model and function in it goes too, also those that no bundle "
        "declares.",
        "  undo: Files of managed tables and volumes are kept for 7 days by default, but UNDROP needs the schema that is gone. Files of "
        "external tables and volumes stay.",
        "  see: https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-drop-schema",
        "  allowed by: /p/plan-gate.yml:2:5: moved | away (until 2026-12-01)",
        "",
        "allowed: delete resources.schemas.older (schema)",
        "  at: no longer in the bundle; in the state of the last deployment",
        "  data: The CLI deletes it with force: every table, view, volume, model and function in it goes too, also those that no bundle "
        "declares.",
        "  undo: Files of managed tables and volumes are kept for 7 days by default, but UNDROP needs the schema that is gone. Files of "
        "external tables and volumes stay.",
        "  see: https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-drop-schema",
        "  allowed by: --allow-delete resources.schemas.older",
        "",
        "warning: recreate resources.jobs.main (job)",
        "  data: Its runs are no longer listed, and it gets another id.",
        "",
        "update resources.jobs.other: config.served_entities[0].environment_vars['KEY'], name, "
        "spark_conf['fs.azure.account.key'], spark_env_vars['TOKEN'], value, webhook_notifications.on_failure[0].id",
        "update resources.jobs.other.permissions: [group_name='team'] removed",
        "ignored: resources.sql_warehouses.bi",
        "  creator_name, because the workspace says who made it; a bundle cannot (https://github.com/databricks/cli/issues/4972)",
    ]


def test_json_holds_the_same_and_says_whether_it_passes():
    content = json.loads(as_json(everything()))
    assert (content["schema_version"], content["passes"], content["has_changes"]) == (1, False, True)
    assert (content["target"], content["engine"], content["cli_version"], content["unchanged"]) == (
        "prod",
        "direct",
        "1.13.0",
        1,
    )
    first = content["verdicts"][0]
    assert (first["resource"], first["action"], first["outcome"], first["needs"]) == (
        "resources.schemas.bronze",
        "recreate",
        "refused",
        "recreate",
    )
    assert first["causes"][0]["old"] == "shop"
    assert first["causes"][1] == {
        "field": "comment",
        "action": "update",
        "reason": None,
        "effect": "changed",
        "old": None,
        "new": None,
        "location": None,
        "hint": None,
    }
    assert content["verdicts"][1]["lost_with"] == "resources.schemas.bronze"
    assert content["verdicts"][2]["allowance"]["location"] == {
        "file": "/p/plan-gate.yml",
        "line": 2,
        "column": 5,
    }
    assert content["verdicts"][-1]["ignored"][0]["rule"] == "warehouse-creator"
    assert content["problems"][0]["refuses"] is True


def test_markdown_is_a_table_with_what_to_do_below():
    lines = markdown_of(everything()).splitlines()
    assert lines[0].startswith("#### The plan for `prod` ⛔ is refused: 2 refused, ")
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + 8
    assert all(line.count("|") == 6 for line in table)
    assert table[2].startswith(
        "| ⛔ refused | recreate | `resources.schemas.bronze`<br>schema shop.bronze | catalog_name: shop → new_shop"
    )
    assert "allowed until 2026-12-01: moved &#124; away" in table[4]
    assert "- `resources.volumes.landing`" in lines
    assert "  - or, if it may be lost, allow it: `--allow-delete resources.volumes.landing`" in lines


@pytest.mark.parametrize("render", [lambda found: "\n".join(lines_of(found)), as_json, markdown_of])
def test_no_value_of_a_plan_is_printed(render):
    assert "hunter2" not in render(everything())


HOSTILE = "resources.schemas.a`|<img src=x>\n\x1b[2K@team[x](http://evil)"


def test_hostile_keys_and_names_stay_text():
    entries = {
        HOSTILE: entry(
            "recreate",
            remote={"full_name": "shop.<b>|\n# head"},
            changes={
                "catalog_name": change("recreate", old="a|b\n# c", new="`x`", remote="a|b\n# c", reason="|")
            },
        )
    }
    found = judged(entries)
    text = list(lines_of(found))
    assert not any("\n" in line or "\x1b" in line for line in text)
    table = [line for line in markdown_of(found).splitlines() if line.startswith("| ⛔")]
    assert len(table) == 1
    assert table[0].count("|") == 6
    assert "shop.&#60;b>&#124; # head" in table[0]
    assert "\x1b" not in markdown_of(found)
    assert not any(line.startswith("# ") for line in markdown_of(found).splitlines())


def test_many_fields_and_many_rows_are_cut_short():
    fields = {f"field_{at}": change("update", old=1, new=2) for at in range(30)}
    found = judged({f"resources.jobs.j{at:03}": entry("update", changes=fields) for at in range(150)})
    assert "and 22 more fields" in list(lines_of(found))[2]


@pytest.mark.parametrize(
    "made", [entry("update"), entry("delete", remote={"full_name": "shop." + "x" * 200})]
)
def test_markdown_fits_into_a_comment_on_github(made):
    found = judged({f"resources.schemas.s{at:03}": made for at in range(900)})
    markdown = markdown_of(found)
    shown = sum(line.startswith(("| shown", "| ⛔")) for line in markdown.splitlines())
    assert f"and {900 - shown} more: `lakewright plan-gate -o text`" in markdown
    assert 20 < shown < 900
    assert len(markdown) < 60_000


def test_a_plan_without_changes_is_one_line():
    assert list(lines_of(judged({"resources.jobs.a": entry("skip")}))) == ["the plan passes: 1 unchanged"]
    assert markdown_of(judged({})) == "#### The plan ✅ passes: 0 unchanged"
