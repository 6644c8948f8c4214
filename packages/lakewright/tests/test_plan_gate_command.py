"""`lakewright plan-gate`: from a file, from the standard input, from the Databricks CLI; its exit codes."""

import json
import os
import stat
import subprocess
import sys
import time

import pytest
from bundle_plans import as_bytes, change, direct, entry, terraform
from click.testing import CliRunner

from lakewright.cli import cli
from lakewright.errors import LakewrightError

pytestmark = pytest.mark.unit

BUNDLE = """\
bundle: {name: shop}
variables:
  catalog: {default: shop}
targets:
  dev: {mode: development, default: true}
  prod:
    mode: production
    workspace: {root_path: /Workspace/Shared/.bundle/shop}
    variables: {catalog: new_shop}
permissions: [{level: CAN_MANAGE, group_name: users}]
resources:
  schemas:
    bronze:
      catalog_name: ${var.catalog}
      name: bronze
  volumes:
    landing:
      catalog_name: ${var.catalog}
      schema_name: ${resources.schemas.bronze.name}
      name: landing
"""
SCHEMA = "resources.schemas.bronze"
RECREATED = direct(
    {
        SCHEMA: entry(
            "recreate",
            remote={"full_name": "shop.bronze"},
            changes={
                "catalog_name": change(
                    "recreate", old="shop", new="new_shop", remote="shop", reason="id_field"
                )
            },
        ),
        "resources.schemas.gone": entry("delete", remote={"full_name": "shop.gone"}),
    }
)
UPDATED = direct({"resources.jobs.main": entry("update"), SCHEMA: entry("skip")})
ALLOWED = """\
allow:
  - {resource: resources.schemas.bronze, action: recreate, target: prod, reason: moved, until: UNTIL}
  - {resource: resources.schemas.gone, action: delete, target: prod, reason: archived, until: UNTIL}
"""


class Shop:
    def __init__(self, root):
        self.root = root
        (root / "databricks.yml").write_text(BUNDLE)

    def plan(self, plan):
        (self.root / "plan.json").write_bytes(as_bytes(plan))
        return self

    def allow(self, text, *, days=1):
        until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86_400))
        (self.root / "plan-gate.yml").write_text(text.replace("UNTIL", until))
        return self

    def run(self, *arguments, given=None):
        return CliRunner().invoke(cli, ["plan-gate", *arguments], input=given)

    def error(self, *arguments, given=None):
        done = self.run(*arguments, given=given)
        assert isinstance(done.exception, LakewrightError), done.output
        assert done.exception.exit_code == 2
        return str(done.exception)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABRICKS_CURRENT_USER", "ana@example.org")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return Shop(tmp_path)


def test_what_is_destroyed_is_refused_with_file_and_line(shop):
    done = shop.plan(RECREATED).run("plan.json", "-t", "prod")
    assert done.exit_code == 2
    assert "the plan for target prod is REFUSED: 2 refused" in done.stdout
    assert "  at: databricks.yml:14:21\n  because: catalog_name: shop → new_shop (id_field)" in done.stdout
    assert (
        "  at: no longer in the bundle; in the state of the last deployment below /Workspace/Shared/.bundle/shop/state"
        in done.stdout
    )


def test_what_is_named_passes(shop):
    arguments = (
        "plan.json",
        "-t",
        "prod",
        "--allow-recreate",
        SCHEMA,
        "--allow-delete",
        "resources.schemas.gone",
    )
    done = shop.plan(RECREATED).run(*arguments)
    assert done.exit_code == 0
    assert "the plan for target prod passes: 2 allowed by name" in done.stdout


def test_a_named_loss_that_the_cli_refuses_all_the_same_gets_a_note(shop):
    text = BUNDLE.replace(
        "      name: bronze\n", "      name: bronze\n      lifecycle: {prevent_destroy: true}\n"
    )
    (shop.root / "databricks.yml").write_text(text)
    arguments = (
        "plan.json",
        "-t",
        "prod",
        "--allow-recreate",
        SCHEMA,
        "--allow-delete",
        "resources.schemas.gone",
    )
    done = shop.plan(RECREATED).run(*arguments)
    assert done.exit_code == 0
    assert (
        "note: resources.schemas.bronze has `prevent_destroy`: the CLI refuses the deployment" in done.stdout
    )
    assert "prevent_destroy" not in shop.run("plan.json", "-t", "prod").stdout


def test_the_file_beside_the_bundle_allows_what_it_names_for_its_target(shop):
    shop.plan(RECREATED).allow(ALLOWED)
    done = shop.run("plan.json", "-t", "prod")
    assert done.exit_code == 0
    assert "allowed by: plan-gate.yml:2:5: moved (until " in done.stdout
    assert shop.run("plan.json", "-t", "dev").exit_code == 2
    (shop.root / "plan-gate.yml").rename(shop.root / "other.yml")
    assert shop.run("plan.json", "-t", "prod").exit_code == 2
    assert shop.run("plan.json", "-t", "prod", "--allowances", "other.yml").exit_code == 0


def test_an_allowance_that_is_over_refuses_the_plan(shop):
    done = shop.plan(UPDATED).allow(ALLOWED, days=-2).run("plan.json", "-t", "prod")
    assert done.exit_code == 2
    assert "refused: the allowance of resources.schemas.bronze (recreate) ended on" in done.stdout


def test_an_allowance_without_its_deployment_is_a_warning(shop):
    done = (
        shop.plan(UPDATED)
        .allow(ALLOWED.splitlines()[0] + "\n" + ALLOWED.splitlines()[2] + "\n")
        .run("plan.json", "-t", "prod")
    )
    assert done.exit_code == 0
    assert "warning: resources.schemas.gone (delete) matches nothing in the plan" in done.stdout


def test_a_broken_file_of_allowances_stops_the_command(shop):
    text = shop.plan(UPDATED).allow("allow: [{resource: a}]\n").error("plan.json")
    assert "is not the whole key" in text or "needs" in text


def test_the_standard_input_is_a_plan_too(shop):
    assert shop.run("-", "-t", "prod", given=as_bytes(RECREATED)).exit_code == 2
    assert shop.run("-", given=as_bytes(UPDATED)).exit_code == 0
    assert "at: standard input" in shop.error("-", given=b"")


def test_changes_alone_fail_where_that_is_asked_for(shop):
    assert shop.plan(UPDATED).run("plan.json").exit_code == 0
    assert shop.run("plan.json", "--fail-on-changes").exit_code == 3
    known = direct(
        {
            "resources.sql_warehouses.a": entry(
                "update", changes={"creator_name": change("update", remote="ana")}
            )
        }
    )
    done = shop.plan(known).run("plan.json", "--fail-on-changes")
    assert done.exit_code == 0
    assert "creator_name, because the workspace says who made it" in done.stdout
    assert shop.plan(RECREATED).run("plan.json", "--fail-on-changes").exit_code == 2


def test_a_plan_of_the_terraform_engine_is_judged_with_the_references_of_the_bundle(shop):
    done = shop.plan(terraform({SCHEMA: "recreate", "resources.volumes.landing": "skip"})).run(
        "plan.json", "-t", "prod"
    )
    assert done.exit_code == 2
    assert "refused: lost with resources.schemas.bronze: resources.volumes.landing" in done.stdout
    assert "find the change: databricks bundle plan -t prod -o json with `engine: direct`" in done.stdout
    assert "note: a plan of the terraform engine" in done.stdout


def test_outside_of_a_bundle_a_plan_is_judged_without_places(shop, tmp_path_factory, monkeypatch):
    plan = shop.plan(RECREATED).root / "plan.json"
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    done = shop.run(str(plan), "--allow-recreate", SCHEMA)
    assert done.exit_code == 2
    assert "there is no bundle here" in done.stderr
    assert "the plan is REFUSED: 1 refused, 1 allowed by name" in done.stdout
    assert "not in a project" in shop.error()


def test_allowances_of_a_file_need_a_target(shop, tmp_path_factory, monkeypatch):
    plan = shop.plan(RECREATED).allow(ALLOWED).root / "plan.json"
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    text = shop.error(str(plan), "--allowances", str(shop.root / "plan-gate.yml"))
    assert "plan-gate -t TARGET" in text
    assert shop.run(str(plan), "--allowances", str(shop.root / "plan-gate.yml"), "-t", "prod").exit_code == 0


def test_a_bundle_that_cannot_be_resolved_does_not_stop_the_judgement(shop):
    shop.plan(RECREATED)
    (shop.root / "databricks.yml").write_text(BUNDLE + "    broken: [\n")
    done = shop.run("plan.json", "-t", "prod")
    assert done.exit_code == 2
    assert "2 refused" in done.stdout


def test_a_target_that_the_bundle_lacks_is_refused_before_the_cli_is_asked(shop):
    shop.plan(UPDATED)
    for arguments in (["plan.json", "-t", "prd"], ["-t", "prd"]):
        text = shop.error(*arguments)
        assert "prd: no such target\n  at: databricks.yml:" in text
        assert "fix: did you mean `prod`?" in text


def test_a_plan_of_another_commit_is_named_as_such(shop):
    deleted = direct({SCHEMA: entry("delete", remote={"full_name": "shop.bronze"})})
    text = shop.plan(deleted).run("plan.json", "-t", "prod").stdout
    assert (
        f"fix: the plan is not of this bundle, target or commit: the bundle of this folder has {SCHEMA}"
        in text
    )
    assert "plan again, from the commit that is deployed: databricks bundle plan -t prod -o json" in text
    assert "back into the bundle" not in text
    gone = "resources.schemas.gone"
    recreated = direct({gone: entry("recreate", remote={"full_name": "shop.gone"})})
    text = shop.plan(recreated).run("plan.json", "-t", "prod").stdout
    assert (
        f"fix: the plan is not of this bundle, target or commit: the bundle of this folder lacks {gone}"
        in text
    )


def test_what_the_bundle_lacks_is_not_said_of_a_bundle_that_was_not_read_in_full(shop):
    recreated = direct({"resources.schemas.gone": entry("recreate", remote={"full_name": "shop.gone"})})
    broken = "include: [jobs/*.yml]\n" + BUNDLE
    (shop.root / "databricks.yml").write_text(broken)
    (shop.root / "jobs").mkdir()
    (shop.root / "jobs" / "main.yml").write_text("resources: [\n")
    text = shop.plan(recreated).run("plan.json", "-t", "prod").stdout
    assert "REFUSED" in text
    assert "not of this bundle" not in text


def test_python_code_of_the_bundle_is_not_executed(shop):
    (shop.root / "databricks.yml").write_text(BUNDLE + 'python: {resources: ["made:load_resources"]}\n')
    (shop.root / "made.py").write_text("open('executed', 'w')\n")
    done = shop.plan(RECREATED).run("plan.json", "-t", "prod")
    assert done.exit_code == 2
    assert "note: resources that Python code defines have no file and line here" in done.stdout
    assert "  at: databricks.yml:14:21" in done.stdout
    assert not (shop.root / "executed").exists()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.json", "the plan cannot be read: No such file"),
        (".", "the plan cannot be read: Is a directory"),
    ],
)
def test_a_plan_that_is_no_file_is_an_error(shop, name, words):
    assert words in shop.error(name)


def test_an_option_without_a_whole_key_is_an_error_before_the_cli_is_asked(shop):
    assert "names no single resource" in shop.error("--allow-delete", "resources.schemas.*")


def installed(shop, monkeypatch, code):
    program = shop.root / "bin" / "databricks"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{code}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/usr/bin:/bin")


def test_without_a_file_the_databricks_cli_makes_the_plan(shop, monkeypatch):
    plan = as_bytes(RECREATED).decode()
    installed(shop, monkeypatch, f"open('asked', 'w').write(json.dumps(sys.argv[1:])); print({plan!r})")
    done = shop.run("-t", "prod", "--var", "catalog=x", "-o", "json")
    assert done.exit_code == 2
    assert json.loads(done.stdout)["passes"] is False
    asked = json.loads((shop.root / "asked").read_text())
    assert asked == ["bundle", "plan", "-o", "json", "-t", "prod", "--var", "catalog=x"]


def test_a_cli_that_fails_or_hangs_or_prints_no_plan_passes_nothing(shop, monkeypatch):
    assert "not on PATH" in shop.error()
    installed(shop, monkeypatch, "sys.exit('Error: no state')")
    assert "Error: no state" in shop.error()
    program = shop.root / "bin" / "databricks"
    program.write_text(f"#!{sys.executable}\nprint('Plan: 1 to add')\n")
    assert "the plan is not JSON" in shop.error()
    program.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    assert "did not end within 1 seconds" in shop.error("--timeout", "1")


@pytest.mark.parametrize("output", ["text", "json", "markdown"])
def test_each_output_has_the_same_exit_code(shop, output):
    assert shop.plan(RECREATED).run("plan.json", "-o", output).exit_code == 2
    assert shop.plan(UPDATED).run("plan.json", "-o", output).exit_code == 0


def test_five_hundred_jobs_and_as_many_volumes_are_judged_in_seconds(shop):
    tasks = [
        {"task_key": f"t{at}", "notebook_task": {"notebook_path": f"/Workspace/n{at}"}} for at in range(20)
    ]
    changes = {
        f"tasks[task_key='t{at}'].run_if": change("skip", reason="backend_default", remote="ALL_SUCCESS")
        for at in range(20)
    }
    jobs = {
        f"resources.jobs.j{at}": entry(
            "update",
            new={"tasks": tasks},
            remote={"tasks": tasks},
            changes={**changes, "name": change("update", old="a", new="b")},
        )
        for at in range(500)
    }
    schemas = {
        f"resources.schemas.s{at}": entry("delete", remote={"full_name": f"shop.s{at}"}) for at in range(100)
    }
    volumes = {
        f"resources.volumes.v{at}": entry("skip", remote={"full_name": f"shop.s{at % 100}.v"})
        for at in range(500)
    }
    shop.plan(direct({**jobs, **schemas, **volumes}))
    began = time.process_time()
    done = shop.run("plan.json", "-o", "json")
    assert time.process_time() - began < 5
    assert sum(each["outcome"] == "refused" for each in json.loads(done.stdout)["verdicts"]) == 600


def test_judging_a_plan_imports_neither_spark_nor_an_sdk():
    code = (
        "import sys, lakewright.commands.plan_gate, lakewright.deploy.gate, lakewright.deploy.plan\n"
        "import lakewright.deploy.gate.shown.markdown, lakewright.deploy.gate.shown.text, lakewright.deploy.gate.shown.as_json\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'pyspark', 'databricks', 'pandas', 'mlflow'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def with_job(state_path):
    deployment = {"deployment": {"kind": "BUNDLE", "metadata_file_path": f"{state_path}/metadata.json"}}
    return direct({"resources.jobs.main": entry("skip", remote=deployment)})


@pytest.mark.parametrize(
    ("state_path", "target", "passes"),
    [
        ("/Workspace/Shared/.bundle/shop/state", "prod", True),
        ("/Shared/.bundle/shop/state", "prod", True),
        ("/Workspace/Users/ben@example.org/.bundle/shop/dev/state", "dev", True),
        ("/Workspace/Users/ben@example.org/.bundle/shop/dev/state", "prod", False),
        ("/Workspace/Shared/.bundle/shop/state", "dev", False),
        ("/Workspace/Shared/.bundle/another/state", "prod", False),
    ],
)
def test_a_plan_of_another_target_is_refused(shop, state_path, target, passes):
    done = shop.plan(with_job(state_path)).run("plan.json", "-t", target)
    assert done.exit_code == (0 if passes else 2)
    assert ("the plan is of another target or bundle" in done.stdout) is not passes


def test_a_path_with_a_guessed_user_is_not_compared(shop):
    text = BUNDLE.replace(
        "/Workspace/Shared/.bundle/shop", "/Workspace/Shared/${workspace.current_user.short_name}"
    )
    (shop.root / "databricks.yml").write_text(text)
    assert shop.plan(with_job("/Workspace/Shared/ben/state")).run("plan.json", "-t", "prod").exit_code == 0


@pytest.mark.parametrize(
    ("seconds", "problem"), [("nan", "finite"), ("inf", "finite"), ("0", "range"), ("soon", "float")]
)
def test_a_time_limit_is_a_finite_number_of_at_least_one_second(shop, seconds, problem):
    done = shop.plan(direct({})).run("plan.json", "--timeout", seconds)
    assert done.exit_code == 2
    assert problem in done.stderr
