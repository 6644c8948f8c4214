"""`extra` of `config/*.yaml`, checked with the project's own model: by validate, config show, a dry run and a run."""

import pytest
from click.testing import CliRunner

from lakewright.bundle.project_settings import check
from lakewright.bundle.project_settings.findings import project_settings_findings
from lakewright.cli import cli

pytestmark = pytest.mark.unit

PYPROJECT = """[project]
name = "shop"

[tool.uv.sources]
databricks-utils = {path = "wheels/u.whl"}

[tool.lakewright]
settings = "shop.settings:ShopSettings"
"""
MODEL = """
from pydantic import BaseModel, ConfigDict, Field
print("imported")

class Gate(BaseModel):
    model_config = ConfigDict(extra="forbid")
    minimum_roc_auc: float = Field(ge=0.5, le=1)

class ShopSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    gate: Gate
"""
BUNDLE = """
bundle: {name: shop}
targets: {dev: {default: true}, prod: {}}
resources: {jobs: {j: {tasks: [{task_key: t, condition_task: {op: EQUAL_TO, left: a, right: b}}]}}}
"""
RIGHT = "extra: {gate: {minimum_roc_auc: 0.6}}\n"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A project with three environments, whose model is in `src/shop/settings.py`."""
    write(
        tmp_path,
        {
            "databricks.yml": BUNDLE,
            "pyproject.toml": PYPROJECT,
            "src/shop/__init__.py": "",
            "src/shop/settings.py": MODEL,
            "config/defaults.yaml": "project: shop\ncatalog: {schema: shop}\n",
            **{
                f"config/{env}.yaml": f"catalog: {{name: {env}_shop}}\n{RIGHT}"
                for env in ("local", "dev", "prod")
            },
        },
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def break_environment(folder, env, extra):
    write(folder, {f"config/{env}.yaml": f"catalog: {{name: {env}_shop}}\nextra:\n  gate:\n    {extra}\n"})


def lakewright(*arguments):
    return CliRunner().invoke(cli, arguments, env={"DATABRICKS_CURRENT_USER": "ana@example.org"})


@pytest.mark.parametrize(
    ("extra", "line", "fix"),
    [
        ("minimum_roc_au: 0.6", 4, "did you mean `extra.gate.minimum_roc_auc`?"),
        ("minimum_roc_auc: high", 4, "write a number"),
        ("minimum_roc_auc: 0.4", 4, "write a value that is greater than or equal to 0.5"),
    ],
)
def test_a_wrong_key_of_any_environment_is_an_error_of_validate_with_its_line(shop, extra, line, fix):
    break_environment(shop, "prod", extra)
    result = lakewright("validate", "-t", "dev")
    assert result.exit_code == 2, result.output
    assert f"config/prod.yaml:{line}:" in result.output
    assert f"fix: {fix}" in result.output
    assert "[LW803]" in result.output
    assert "imported" not in result.output  # what the project's module prints


def test_a_wrong_key_of_the_defaults_is_one_finding_that_names_the_environments(shop):
    write(shop, {"config/defaults.yaml": "project: shop\ncatalog: {schema: shop}\nextra: {gat: 1}\n"})
    found = project_settings_findings(shop)
    assert [finding.code for finding in found] == ["LW803"]
    assert "environments: dev, local, prod" in str(found[0].detail)


def test_a_key_that_is_missing_everywhere_is_one_finding_that_names_the_defaults(shop):
    for env in ("dev", "local", "prod"):
        write(shop, {f"config/{env}.yaml": f"catalog: {{name: {env}_shop}}\n"})
    (found,) = project_settings_findings(shop)
    assert found.summary == "config: required key `extra.gate.minimum_roc_auc` is missing"
    assert found.detail == "environments: dev, local, prod"
    assert found.fix == "add `extra: {gate: {minimum_roc_auc: …}}` to config/defaults.yaml"


def test_a_wrong_variable_is_named(shop, monkeypatch):
    monkeypatch.setenv("DBX_EXTRA__GATE__MINIMUM_ROC_AUC", "7")
    found = project_settings_findings(shop)
    assert "environment DBX_EXTRA__GATE__MINIMUM_ROC_AUC" in str(found[0].detail)


def test_a_variable_that_is_not_set_here_is_one_warning(shop):
    break_environment(shop, "dev", "minimum_roc_auc: ${ONLY_THERE}")
    result = lakewright("validate", "-t", "dev")
    assert result.exit_code == 0, result.output
    assert result.output.count("[LW802]") == 1


def test_a_comment_silences_a_warning_about_another_environment_than_the_targets(shop):
    break_environment(
        shop, "prod", "minimum_roc_auc: ${ONLY_THERE} # lakewright: ignore LW802 (set by the job)"
    )
    result = lakewright("validate", "-t", "dev")
    assert (result.exit_code, "no findings" in result.output) == (0, True), result.output


def test_config_show_refuses_a_wrong_key_of_its_environment_only(shop):
    break_environment(shop, "prod", "minimum_roc_au: 0.6")
    assert lakewright("config", "show", "--env", "dev").exit_code == 0
    result = lakewright("config", "show", "--env", "prod")
    assert "unknown key `extra.gate.minimum_roc_au`" in str(result.exception)
    assert "config/prod.yaml:4" in str(result.exception)
    assert "did you mean `extra.gate.minimum_roc_auc`?" in str(result.exception)


def test_a_dry_run_prints_the_task_list_and_the_broken_key_as_config(shop):
    assert lakewright("run", "--dry-run").exit_code == 0
    break_environment(shop, "local", "minimum_roc_au: 0.6")
    result = lakewright("run", "--dry-run")
    assert result.exit_code == 2
    assert "[LOCAL]  t" in result.output
    assert (
        "[CONFIG] config: unknown key `extra.gate.minimum_roc_au` [LW803]  (config/local.yaml:4:1)"
        in result.output
    )
    assert "fix: did you mean `extra.gate.minimum_roc_auc`?" in result.output


def test_a_run_ends_before_its_first_task(shop):
    break_environment(shop, "local", "minimum_roc_auc: 3")
    result = lakewright("run")
    assert "less than or equal to 1" in str(result.exception)
    assert not (shop / ".lakewright").exists()


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        (
            {"pyproject.toml": PYPROJECT.replace("shop.settings:", "shop.setings:")},
            "LW804",
            "`shop.setings`, which is not",
        ),
        (
            {"pyproject.toml": PYPROJECT.replace("shop.settings:", "store.settings:")},
            "LW804",
            "`store.settings`, which is",
        ),
        ({"pyproject.toml": PYPROJECT.replace(":ShopSettings", "")}, "LW804", "names no class"),
        (
            {"pyproject.toml": PYPROJECT.replace('"shop.settings:ShopSettings"', "3")},
            "LW804",
            "`3`, which names no class",
        ),
        ({"src/shop/settings.py": "ShopSettings = 3\n"}, "LW804", "has no pydantic model `ShopSettings`"),
        ({"src/shop/settings.py": "def broken(:\n"}, "LW804", "the import of shop.settings fails"),
        ({"src/shop/settings.py": "raise SystemExit(3)\n"}, "LW804", "the import of shop.settings fails"),
        ({"src/shop/settings.py": "import os\nos._exit(3)\n"}, "LW804", "the import of shop.settings fails"),
        ({"src/shop/settings.py": "import not_installed_here\n"}, "LW805", "cannot be imported here"),
        ({"src/shop/__init__.py": "from shop_of_others import x\n"}, "LW805", "cannot be imported here"),
    ],
)
def test_a_model_that_cannot_be_used_is_one_finding_with_a_fix(shop, files, code, words):
    write(shop, files)
    (found,) = project_settings_findings(shop)
    assert (found.code, words in found.summary) == (code, True), found
    assert found.fix
    assert found.location is not None


def test_an_error_of_the_module_names_its_line(shop):
    write(shop, {"src/shop/settings.py": "import os\nlimit = int('many')\n"})
    (found,) = project_settings_findings(shop)
    assert str(found.location) == "src/shop/settings.py:2:1"
    assert "ValueError: invalid literal" in str(found.detail)


def test_an_import_that_does_not_end_is_stopped(shop, monkeypatch):
    monkeypatch.setattr(check, "_LONGEST", 0.01)
    (found,) = project_settings_findings(shop)
    assert (found.code, found.detail) == ("LW805", "no answer after 0.01 s")


def test_a_model_that_cannot_be_used_is_a_warning_of_config_show_and_the_values_are_shown(shop):
    write(shop, {"src/shop/settings.py": "import not_installed_here\n"})
    result = lakewright("config", "show", "--env", "dev")
    assert result.exit_code == 0
    assert "`extra` is not checked" in result.stderr
    assert "extra.gate.minimum_roc_auc" in result.stdout


@pytest.mark.parametrize(
    ("pyproject", "codes"),
    [(PYPROJECT.partition("[tool.lakewright]")[0], ["LW806"]), ('[project]\nname = "shop"\n', [])],
)
def test_extra_without_a_model_is_a_recommendation_in_projects_that_use_the_library(shop, pyproject, codes):
    write(shop, {"pyproject.toml": pyproject})
    assert [finding.code for finding in project_settings_findings(shop)] == codes
    assert lakewright("run", "--dry-run").exit_code == 0
    assert lakewright("config", "show", "--env", "dev").exit_code == 0


def test_a_project_without_environments_has_nothing_to_check(tmp_path):
    assert project_settings_findings(tmp_path) == ()


def test_a_package_in_a_folder_of_another_name_is_found(shop):
    (shop / "src").rename(shop / "lib")
    write(shop, {"pyproject.toml": PYPROJECT + '[tool.setuptools.package-dir]\n"" = "lib"\n'})
    assert project_settings_findings(shop) == ()
