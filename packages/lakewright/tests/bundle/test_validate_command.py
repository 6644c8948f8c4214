"""`lakewright validate`: what it prints, in each format, and its exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lakewright.bundle import BundleError, raise_on_errors, render
from lakewright.commands.validate import command

pytestmark = pytest.mark.unit

GOOD = "bundle: {name: shop}\nvariables: {name: {default: load}}\nresources: {jobs: {j: {name: '${var.name}'}}}\n"


def run(project, *arguments):
    environment = {"DATABRICKS_CURRENT_USER": "ana.lopez@example.org"}
    return CliRunner().invoke(
        command, ["--own-rules-only", "--project", str(project.root), *arguments], env=environment
    )


def test_a_sound_bundle_gives_a_summary_and_exit_code_0(project):
    project.notebook("n.py")
    project.write(
        databricks=GOOD
        + "targets: {dev: {resources: {jobs: {j: {tasks: [{task_key: t, notebook_task: {notebook_path: n.py}}]}}}}}\n"
    )
    result = run(project)
    assert result.exit_code == 0, result.output
    for text in (
        "shop",
        "dev",
        "ana.lopez@example.org (from DATABRICKS_CURRENT_USER)",
        ".bundle/shop/dev",
        "Jobs:    [LOCAL] runs on this machine too\n",
        "    [LOCAL]  t: ",
        "no findings",
    ):
        assert text in result.output


def test_warnings_alone_pass_and_the_way_to_refuse_them_is_named(project):
    project.write(databricks="bundle: {name: shop}\nresources: {volume: {v: {name: x}}}\n")
    result = run(project)
    assert result.exit_code == 0
    assert "Warnings alone pass; with --strict they do not." in result.output
    strict = run(project, "--strict")
    assert strict.exit_code == 2
    assert "Warnings alone" not in strict.output
    project.write(
        databricks="bundle: {name: shop}\nresources: {volume: {}, jobs: {j: {name: '${var.none}'}}}\n"
    )
    assert "Warnings alone" not in run(project).output


def test_the_marks_of_the_tasks_are_explained_where_they_occur(project):
    project.write(
        databricks="bundle: {name: shop}\n"
        "resources: {jobs: {j: {name: x, tasks: [{task_key: t, dbt_task: {commands: [dbt run], warehouse_id: w}}]}}}\n"
    )
    output = run(project).output
    assert "[CLOUD] runs in a workspace only\n" in output
    assert "[LOCAL]" not in output


USES = "[project]\nname = 'shop'\n[tool.uv.sources]\ndatabricks-utils = {path = 'wheels/u.whl'}\n"
CONFIG = "project: shop\ncatalog: {schema: shop}\n"


@pytest.mark.parametrize(
    ("prod", "words"),
    [
        ("catalog: {name: prod_shop, shema: x}\n", "schema"),
        ("catalog: {name: [}\n", "prod.yaml"),
        ("environment: dev\ncatalog: {name: prod_shop}\n", "prod"),
    ],
)
def test_a_mistake_in_the_configuration_of_the_target_is_found(project, prod, words):
    project.write(databricks=GOOD + "targets: {prod: {}, dev: {default: true}}\n")
    (project.root / "pyproject.toml").write_text(USES, encoding="utf-8")
    for name, text in {"defaults": CONFIG, "dev": "catalog: {name: dev_shop}\n", "prod": prod}.items():
        (project.root / "config").mkdir(exist_ok=True)
        (project.root / "config" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert run(project).exit_code == 0, run(project).output
    found = run(project, "-t", "prod")
    assert found.exit_code == 2
    assert words in found.output
    assert "no findings" not in found.output
    (project.root / "pyproject.toml").unlink()  # a config/ folder of something else is not checked
    assert run(project, "-t", "prod").exit_code == 0


def test_a_variable_that_is_set_only_where_the_job_runs_is_a_warning(project):
    project.write(databricks=GOOD + "targets: {prod: {default: true}}\n")
    (project.root / "pyproject.toml").write_text(USES, encoding="utf-8")
    (project.root / "config").mkdir()
    (project.root / "config" / "defaults.yaml").write_text(CONFIG, encoding="utf-8")
    (project.root / "config" / "prod.yaml").write_text("catalog: {name: '${ONLY_THERE}'}\n", encoding="utf-8")
    found = run(project)
    assert found.exit_code == 0, found.output
    assert "ONLY_THERE" in found.output
    assert run(project, "--strict").exit_code == 2


def test_it_says_that_nothing_else_was_asked(project):
    project.write(databricks=GOOD)
    assert "Neither databricks-bundles nor the Databricks CLI was asked" in run(project).output


def test_json_is_the_resolved_bundle_and_nothing_else(project):
    project.write(databricks=GOOD)
    result = run(project, "-o", "json", "--var", "name=other")
    assert json.loads(result.stdout)["resources"]["jobs"]["j"]["name"] == "other"


def test_errors_show_place_line_and_fix_and_exit_code_2(project):
    project.write(databricks=GOOD.replace("${var.name}", "${var.nme}"))
    result = run(project)
    assert result.exit_code == 2
    for text in (
        "error: reference does not exist: ${var.nme}",
        "databricks.yml:3:",
        "^",
        "fix: did you mean `${var.name}`?",
        "found 1 error",
    ):
        assert text in result.output


def test_warnings_fail_only_when_it_is_strict(project):
    project.write(databricks=GOOD + "oops: 1\n")
    assert run(project).exit_code == 0
    assert run(project, "--strict").exit_code == 2


def test_wiring_mistakes_are_found_too(project):
    project.write(
        databricks="bundle: {name: s}\nresources: {jobs: {j: {tasks: [{task_key: a, depends_on: [{task_key: b}], "
        "condition_task: {op: LESS_THAN, left: x, right: y}}]}}}\n"
    )
    result = run(project)
    assert result.exit_code == 2
    assert "depends on `b`" in result.output


@pytest.mark.parametrize("arguments", [("--var", "n"), ("--var", "name=1", "--var", "name=2")])
def test_assignments_that_are_none_are_refused(project, arguments):
    project.write(databricks=GOOD)
    result = run(project, *arguments)
    assert result.exit_code == 2
    assert "--var" in result.output


def test_the_option_local_lays_the_overlay_over_the_target(project):
    project.write(databricks=GOOD)
    project.file("config/local.yaml", "bundle_variables: {name: here}\n")
    assert json.loads(run(project, "-o", "json").stdout)["resources"]["jobs"]["j"]["name"] == "load"
    assert (
        json.loads(run(project, "-o", "json", "--local").stdout)["resources"]["jobs"]["j"]["name"] == "here"
    )


def test_one_error_is_raised_as_itself_and_several_together(project):
    project.write(databricks=GOOD.replace("${var.name}", "${var.nme}"))
    with pytest.raises(BundleError) as caught:
        raise_on_errors(project.load())
    assert caught.value.fix == "did you mean `${var.name}`?"
    assert "databricks.yml:3:" in caught.value.location
    project.write(databricks=GOOD.replace("${var.name}", "${var.xx}${var.yy}"))
    with pytest.raises(BundleError, match="2 errors"):
        raise_on_errors(project.load())


def test_a_bundle_without_errors_raises_nothing(project):
    project.write(databricks=GOOD + "oops: 1\n")
    raise_on_errors(project.load())


def test_places_below_the_current_folder_are_shown_relative_to_it(project, monkeypatch):
    project.write(databricks=GOOD + "oops: 1\n")
    monkeypatch.chdir(project.root)
    (warning,) = project.load().diagnostics
    assert "--> databricks.yml:4:1" in render(warning)
    assert Path.cwd() == project.root


def test_errors_inside_of_tasks_can_be_left_to_their_verdicts(project):
    project.write(
        databricks="bundle: {name: s}\nresources: {jobs: {j: {tasks: [{task_key: t, notebook_task: {notebook_path: gone.py}}]}}}\n"
    )
    bundle = project.load()
    raise_on_errors(bundle, in_tasks=False)
    with pytest.raises(BundleError, match=r"gone\.py not found"):
        raise_on_errors(bundle)
