"""One rule for the names of catalogs: what the project's code takes, Terraform takes, and nothing else."""

import json
import re
import shutil

import pytest
from infrastructure.catalog_names import BAD, GOOD
from infrastructure.planned import FLIGHTS
from infrastructure.tofu_runs import tofu

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import EnvironmentConfig

pytestmark = pytest.mark.unit

_PAIRS = [
    *((environment, name, True) for environment, names in GOOD.items() for name in names),
    *((environment, name, False) for environment, names in BAD.items() for name in names),
]
# What the variables of a module need besides the name.
_OTHERS = {
    "naming": ("catalog", 'project = "flights"\nsubscription_id = "00000000-0000-0000-0000-000000000000"'),
    "catalog": (
        "name",
        'storage_root = "abfss://a@bbb.dfs.core.windows.net/"\nworkspaces = { "1" = "write" }\ngrants = {}',
    ),
}


def code_takes(environment: str, name: str) -> bool:
    """Whether the project's code takes a name, and builds names from it."""
    try:
        config = EnvironmentConfig(environment=environment, catalog={"name": name, "schema": "flights"})
    except ValueError:
        return False
    return CatalogHelper(config).table_name("gold", "flights") == f"{name}.flights_gold.flights"


@pytest.mark.parametrize(("environment", "name", "is_good"), _PAIRS)
def test_code_takes_good_names_alone(environment, name, is_good):
    assert code_takes(environment, name) is is_good


@pytest.mark.parametrize("module", sorted(_OTHERS))
def test_terraform_takes_the_names_that_code_takes(module, tmp_path):
    folder = tmp_path / module  # the variables alone: their rules need no provider
    (folder / "tests").mkdir(parents=True)
    for path in (FLIGHTS / "infra/terraform/modules" / module).glob("*.tf"):
        if path.name in ("variables.tf", "regions.tf"):
            shutil.copy(path, folder)
    variable, others = _OTHERS[module]
    runs = [_run(number, variable, *pair) for number, pair in enumerate(_PAIRS)]
    text = f"variables {{\n{others}\n}}\n" + "\n".join(runs)
    (folder / "tests/names.tftest.hcl").write_text(text, encoding="utf-8")
    tofu(folder, "init")
    printed = tofu(folder, "test", "-no-color")
    assert f"Success! {len(_PAIRS)} passed, 0 failed." in printed


def _run(number: int, variable: str, environment: str, name: str, is_good: bool) -> str:
    """Return one run of `tofu test`: it passes if the name is taken, or refused, as it is to be."""
    quoted = json.dumps(name, ensure_ascii=False).replace("${", "$${")
    expected = "" if is_good else f"expect_failures = [var.{variable}]\n"
    assigned = f"environment = {json.dumps(environment)}\n{variable} = {quoted}"
    return f'run "name_{number}" {{\ncommand = plan\nvariables {{\n{assigned}\n}}\n{expected}}}\n'


@pytest.mark.parametrize("module", sorted(_OTHERS))
def test_a_refused_name_comes_with_the_fix(module):
    text = (FLIGHTS / "infra/terraform/modules" / module / "variables.tf").read_text(encoding="utf-8")
    messages = "".join(re.findall(r"error_message\s*=\s*(.+)", text))
    assert "must begin with `${var.environment}_`" in messages
    assert "not beginning with a digit" in messages
