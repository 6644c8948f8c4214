"""The files of values that a project gets name variables that exist, and leave open only what an administrator has to look up."""

import re
from pathlib import Path

import pytest
from infrastructure.planned import FLIGHTS

from lakewright.scaffold import render_project

pytestmark = pytest.mark.unit

ROOTS = ("azure", "databricks")
ENVIRONMENTS = ("dev", "staging", "prod")
PLACEHOLDER = "00000000-0000-0000-0000-000000000000"


def declared(root: Path) -> dict[str, bool]:
    """Return the variables of a root, and whether each has a default."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(root.glob("variables*.tf")))
    blocks = re.findall(r'^variable "(\w+)" \{\n(.*?)^\}', text, re.MULTILINE | re.DOTALL)
    return {name: bool(re.search(r"^  default ", body, re.MULTILINE)) for name, body in blocks}


def values(path: Path) -> dict[str, str]:
    """Return the values of a file as they are written, by name."""
    text = path.read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+)\s*= (.+?)(?: #.*)?$", text, re.MULTILINE))


def wrong_values(project: Path) -> list[str]:
    """Return what is wrong with the files of values of a project."""
    found = []
    for root in ROOTS:
        folder = project / "infra/terraform" / root
        variables = declared(folder)
        for environment in ENVIRONMENTS:
            given = values(folder / f"environments/{environment}.tfvars")
            found += [f"{root}/{environment}: no variable {name}" for name in given if name not in variables]
            missing = [
                name for name, has_default in variables.items() if not has_default and name not in given
            ]
            found += [f"{root}/{environment}: no value for {name}" for name in missing]
            if given.get("environment") != f'"{environment}"':
                found.append(f"{root}/{environment}: values of {given.get('environment')}")
    return found


def test_each_value_has_a_variable():
    assert wrong_values(FLIGHTS) == []


@pytest.mark.drawn(1)
@pytest.mark.parametrize("ci", ["github", "azure_devops", "gitlab", "none"])
def test_so_has_each_value_of_a_project_with_other_answers(ci, tmp_path):
    answers = {
        "ci": ci,
        "compute": "job_clusters",
        "cluster_policy": "Job Compute",
        "notification_email": "team@example.com",
        "owner": "Données & co",
    }
    render_project(tmp_path / "flights", answers=answers, ask=False)
    assert wrong_values(tmp_path / "flights") == []
    given = values(tmp_path / "flights/infra/terraform/databricks/environments/prod.tfvars")
    assert given["ci"] == f'"{ci}"'
    assert given["cluster_policy"] == '"Job Compute"'


def test_a_value_of_a_variable_that_is_gone_is_found(tmp_path):
    for root in ROOTS:
        folder = tmp_path / "infra/terraform" / root
        (folder / "environments").mkdir(parents=True)
        (folder / "variables.tf").write_text(
            'variable "environment" {\n  type = string\n}\n', encoding="utf-8"
        )
        for environment in ENVIRONMENTS:
            text = f'environment = "{environment}"\nregion = "westeurope"\n'
            (folder / f"environments/{environment}.tfvars").write_text(text, encoding="utf-8")
    assert wrong_values(tmp_path)[0] == "azure/dev: no variable region"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_ids_are_left_to_the_administrator_and_refused_until_then(environment):
    folder = FLIGHTS / "infra/terraform/databricks"
    given = values(folder / f"environments/{environment}.tfvars")
    left = {name for name, value in given.items() if value == f'"{PLACEHOLDER}"'}
    assert left == {"subscription_id", "account_id", "metastore_id"}
    text = (folder / "variables.tf").read_text(encoding="utf-8")
    assert {name for name in left if f'var.{name} != "{PLACEHOLDER}"' in text} == left
