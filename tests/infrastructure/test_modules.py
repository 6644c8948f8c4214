"""Every root and module of infra/terraform: its form, its types, and its own tests, with OpenTofu and the schemas of the providers."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from infrastructure.planned import FLIGHTS, copy_infrastructure
from infrastructure.tofu_runs import tofu
from infrastructure.toolchain import NotReadyError, find

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


@pytest.mark.drawn(3)
@pytest.mark.parametrize("tested", TESTED)
def test_its_own_tests_pass(tested, tmp_path):
    folder = copy_infrastructure(tmp_path) / tested
    tofu(folder, "init", "-backend=false", "-input=false")
    printed = tofu(folder, "test", "-no-color")
    assert re.search(r"Success! [1-9]\d* passed, 0 failed\.", printed), printed


@pytest.mark.drawn(2)
def test_the_script_of_ci_checks_a_folder_and_fails_with_its_tests(tmp_path):
    folder = copy_infrastructure(tmp_path)
    assert re.search(
        r"Success! [1-9]\d* passed, 0 failed\.", checked(folder, "modules/naming", "modules/ci_subject")
    )
    main = folder / "modules" / "ci_subject" / "main.tf"
    main.write_text(main.read_text(encoding="utf-8").replace(":environment:", ":branch:"), encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError) as failed:
        checked(folder, "modules/ci_subject")
    assert "failed" in failed.value.stdout


def checked(folder: Path, *folders: str) -> str:
    """Run `run.sh check`, and return what it printed."""
    try:
        tools = find()
    except NotReadyError as error:
        pytest.skip(str(error))
    environ = os.environ | {
        "TERRAFORM": str(tools / "tofu"),
        "TF_CLI_CONFIG_FILE": str(tools / "tofurc"),
        "LAKEWRIGHT_PROVIDER_TYPES": "none",
    }
    command = ["bash", str(folder / "run.sh"), "check", *folders]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    return done.stdout
