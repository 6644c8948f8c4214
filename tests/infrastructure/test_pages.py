"""The commands of the pages about infrastructure: one tool, the one that CI installs, and plans that git ignores."""

import re
import subprocess

import pytest
from infrastructure.planned import FLIGHTS, ROOT

pytestmark = pytest.mark.unit

PAGES = [
    *sorted((FLIGHTS / "infra").rglob("*.md")),
    ROOT / "docs/how-to/from-an-empty-subscription.md",
    ROOT / "docs/reference/infrastructure-databricks.md",
]
COMMAND = re.compile(r"^ *(terraform|tofu) (.*)$", re.MULTILINE)


def test_the_pages_have_commands_of_the_tool_that_ci_installs():
    action = (FLIGHTS / ".github/actions/terraform/action.yml").read_text(encoding="utf-8")
    assert "uses: hashicorp/setup-terraform@" in action
    found = {page.name: {tool for tool, _ in COMMAND.findall(page.read_text("utf-8"))} for page in PAGES}
    assert found == {page.name: {"terraform"} for page in PAGES}


def test_git_ignores_each_plan_that_a_page_writes():
    """A plan has values of the state, secret ones too."""
    written = {name for page in PAGES for name in re.findall(r"-out=(\S+)", page.read_text(encoding="utf-8"))}
    assert written == {"plan"}
    for root in ("bootstrap", "azure", "databricks"):
        path = f"infra/terraform/{root}/plan"
        assert not subprocess.run(["git", "check-ignore", "-q", path], cwd=FLIGHTS, check=False).returncode


def test_a_page_names_each_file_that_takes_a_value_which_bootstrap_gives():
    page = PAGES[-2].read_text(encoding="utf-8")
    for name in re.findall(
        r'^output "(\w+)"', (FLIGHTS / "infra/terraform/bootstrap/outputs.tf").read_text("utf-8"), re.M
    ):
        assert name in page or name.endswith("subjects"), name
