"""The configuration that the jobs of a target read: it is there, and names the schemas that the bundle makes."""

import pytest

from lakewright.bundle import all_findings

pytestmark = pytest.mark.unit

BUNDLE = """\
bundle: {name: shop}
variables:
  catalog: {description: c}
  schema: {default: shop}
  prefix: {default: ""}
targets:
  dev: {default: true, variables: {catalog: dev_shop}}
  prod: {variables: {catalog: prod_shop}}
resources:
  jobs:
    load:
      parameters:
        - {name: env, default: "${bundle.target}"}
        - {name: config_path, default: "${workspace.file_path}/config"}
        - {name: schema_prefix, default: "${var.prefix}"}
  schemas:
    bronze: {catalog_name: "${var.catalog}", name: "${var.prefix}${var.schema}_bronze"}
    gold: {catalog_name: "${var.catalog}", name: "${var.prefix}${var.schema}_gold"}
"""
CONFIG = "project: shop\ncatalog:\n  name: {}\n  schema: shop\n"


class Shop:
    """A project that uses the library."""

    def __init__(self, project):
        self.project, self.bundle = project, BUNDLE
        self.config = {env: CONFIG.format(f"{env}_shop") for env in ("dev", "prod")}
        self.requirements = "./wheels/databricks_utils-0.1.0-py3-none-any.whl\n"

    def change(self, old, new):
        assert old in self.bundle
        self.bundle = self.bundle.replace(old, new)

    def found(self, target="prod"):
        self.project.write(databricks=self.bundle)
        (self.project.root / "config").mkdir(exist_ok=True)
        (self.project.root / "requirements.txt").write_text(self.requirements)
        for env, text in self.config.items():
            (self.project.root / "config" / f"{env}.yaml").write_text(text)
        found = all_findings(self.project.load(target=target), configuration=True)
        return [each for each in found if each.code in {"LW807", "LW808"}]


@pytest.fixture
def shop(project):
    return Shop(project)


def test_a_bundle_that_agrees_with_its_configuration_has_no_finding(shop):
    assert shop.found("dev") == shop.found("prod") == []


def test_the_catalog_of_another_environment_is_an_error_with_both_places(shop):
    shop.change("{catalog: prod_shop}", "{catalog: dev_shop}")
    (found,) = shop.found()
    assert (found.code, found.severity) == ("LW808", "error")
    assert (
        found.summary == "target prod makes schemas in the catalog `dev_shop`, and its jobs use `prod_shop`"
    )
    assert (found.location.file.name, found.location.line) == ("databricks.yml", 8)
    assert "the variable `catalog` in the bundle" in found.fix
    assert "`catalog.name` in config/prod.yaml" in found.fix
    assert "bronze, gold" in found.detail
    assert [place.file.name for place in found.related] == ["prod.yaml"]
    assert shop.found("dev") == []


def test_one_schema_in_another_catalog_is_an_error_too(shop):
    shop.change('gold: {catalog_name: "${var.catalog}"', "gold: {catalog_name: dev_shop")
    (found,) = shop.found()
    assert (found.location.line, found.path) == (18, "resources.schemas.gold.catalog_name")


def test_a_catalog_of_the_bundle_is_compared_by_its_name(shop):
    shop.change("  schemas:\n", "  catalogs: {main: {name: other_shop}}\n  schemas:\n")
    shop.change('"${var.catalog}"', '"${resources.catalogs.main.name}"')
    assert "`other_shop`" in shop.found()[0].summary
    shop.change("other_shop", "prod_shop")
    assert shop.found() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: {default: shop}", "schema: {default: shpo}"),
        ('prefix: {default: ""}', "prefix: {default: x_}"),
    ],
)
def test_another_name_of_the_schemas_is_an_error(shop, old, new):
    shop.change(old, new)
    if "x_" in new:
        shop.change('- {name: schema_prefix, default: "${var.prefix}"}', "")
    (found,) = shop.found()
    assert "and its jobs use `shop_`" in found.summary
    assert found.code == "LW808"


def test_schemas_of_others_beside_its_own_are_no_concern(shop):
    shop.change("  schemas:\n", "  schemas:\n    shared: {catalog_name: dev_shop, name: other_bronze}\n")
    shop.change("  schemas:\n", "  schemas:\n    more: {catalog_name: prod_shop, name: sandbox}\n")
    assert shop.found() == []


def test_a_configuration_that_uses_other_environments_may_name_their_catalogs(shop):
    shop.change('gold: {catalog_name: "${var.catalog}"', "gold: {catalog_name: dev_shop")
    shop.config["prod"] += "  uses_environments: [dev]\n"
    assert shop.found() == []


def test_a_file_that_is_not_there_is_an_error_at_the_parameter(shop):
    del shop.config["prod"]
    (found,) = shop.found()
    assert (found.code, found.severity) == ("LW807", "error")
    assert found.summary == "target prod reads config/prod.yaml, which is not there"
    assert (found.location.line, found.path) == (13, "resources.jobs.load.parameters[0].default")
    assert found.fix == "create config/prod.yaml, or correct the parameter `env`"
    assert shop.found("dev") == []


@pytest.mark.parametrize(
    "task",
    [
        "notebook_task: {notebook_path: /Shared/n, base_parameters: {env: prd}}",
        "python_wheel_task: {package_name: s, entry_point: e, named_parameters: {env: prd}}",
        "spark_python_task: {python_file: /Shared/n.py, parameters: [--env=prd]}",
    ],
)
def test_a_task_that_passes_the_environment_itself_is_seen(shop, task):
    shop.change("      parameters:\n", f"      tasks: [{{task_key: t, {task}}}]\n      parameters:\n")
    (found,) = shop.found()
    assert found.summary.endswith("config/prd.yaml, which is not there")
    assert found.fix.startswith("did you mean `prod`?")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"${bundle.target}"', '"{{job.trigger.type}}"'),
        ("${workspace.file_path}/config", "/Workspace/Shared/config"),
        ("name: env", "name: environment"),
    ],
)
def test_what_is_known_only_in_a_run_is_not_judged(shop, old, new):
    shop.change(old, new)
    shop.change("{catalog: prod_shop}", "{catalog: dev_shop}")
    del shop.config["prod"]
    assert shop.found() == []


def test_a_project_without_the_library_may_do_what_it_likes(shop):
    shop.change("{catalog: prod_shop}", "{catalog: dev_shop}")
    shop.requirements = "dbt-core\n"
    assert shop.found() == []
    del shop.config["prod"]
    (shop.project.root / "config" / "prod.yaml").unlink()
    assert shop.found() == []
