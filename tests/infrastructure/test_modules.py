"""Every root and module of infra/terraform: its form, its types, and its own tests, with OpenTofu and the schemas of the providers."""

import re

import pytest
from infrastructure.planned import FLIGHTS, copy_infrastructure
from infrastructure.tofu_runs import tofu

pytestmark = pytest.mark.unit

TERRAFORM = FLIGHTS / "infra/terraform"
ROOTS = ("bootstrap", "azure", "databricks")
TESTED = sorted(
    path.parent.parent.relative_to(TERRAFORM).as_posix() for path in TERRAFORM.rglob("*.tftest.hcl")
)


def test_every_root_and_module_has_tests():
    made = {path.parent.relative_to(TERRAFORM).as_posix() for path in TERRAFORM.rglob("main.tf")}
    assert made == set(TESTED)


def test_every_module_says_what_its_variables_and_outputs_are():
    for path in TERRAFORM.rglob("*.tf"):
        for kind, name, body in re.findall(
            r'^(variable|output) "(\w+)" \{\n(.*?)^\}',
            path.read_text(encoding="utf-8"),
            re.MULTILINE | re.DOTALL,
        ):
            assert "description" in body, f"{path}: {kind} {name}"


def test_the_form_is_the_one_of_tofu_fmt():
    tofu(TERRAFORM, "fmt", "-check", "-recursive", "-diff", "-no-color")


@pytest.mark.parametrize("root", ROOTS)
def test_a_root_is_valid(root, tmp_path):
    folder = copy_infrastructure(tmp_path) / root
    tofu(folder, "init", "-backend=false", "-input=false")
    tofu(folder, "validate")


@pytest.mark.drawn(5)
@pytest.mark.parametrize("tested", TESTED)
def test_its_own_tests_pass(tested, tmp_path):
    folder = copy_infrastructure(tmp_path) / tested
    tofu(folder, "init", "-backend=false", "-input=false")
    printed = tofu(folder, "test", "-no-color")
    assert re.search(r"Success! [1-9]\d* passed, 0 failed\.", printed), printed
