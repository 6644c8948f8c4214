"""What the answers of `lakewright init` make of infra/terraform."""

import re

import pytest
from infrastructure.planned import ROOT
from infrastructure.tofu_runs import tofu

from lakewright.scaffold import render_project
from lakewright.scaffold.questions import read_questions

pytestmark = pytest.mark.unit

NAMING = ROOT / "examples/flights/infra/terraform/modules/naming/regions.tf"
CI = {
    "github": ("company/flights", "repo:company/flights:environment:prod-infrastructure"),
    "azure_devops": ("company/data/flights", ""),
    "gitlab": ("company/flights", "project_path:company/flights-infrastructure:ref_type:branch:ref:prod"),
    "none": ("", ""),
}


def test_both_lists_of_regions_are_the_same():
    (region,) = (question for question in read_questions() if question.name == "azure_region")
    asked = re.findall(r'"([a-z0-9]+)"', region.validator.partition("set regions = [")[2].partition("]")[0])
    checked = re.findall(
        r'"([a-z0-9]+)"', NAMING.read_text(encoding="utf-8").partition("regions = [")[2].partition("]")[0]
    )
    assert asked == checked
    assert len(set(asked)) == len(asked) > 30


def test_without_infrastructure_there_is_no_folder(tmp_path):
    project = render_project(tmp_path / "p", answers={"infrastructure": "none"}, ask=False)
    assert not (project / "infra").exists()


@pytest.mark.parametrize(
    ("branching", "deployed", "compared"),
    [
        ("tags", "from tags `v…` of the branch `main` by", "look as the newest release says?"),
        ("branches", "from the branch `main` by", "look as the branch main says?"),
    ],
)
def test_the_pages_say_what_is_deployed_and_compared(branching, deployed, compared, tmp_path):
    project = render_project(tmp_path / "p", answers={"branching": branching}, ask=False)
    assert f"`staging` and `prod` are deployed {deployed}" in (project / "README.md").read_text("utf-8")
    drift = (project / ".github/workflows/drift.yml").read_text("utf-8")
    assert compared in drift.splitlines()[0]
    assert ("newest release" in drift.lower()) is (branching == "tags")


@pytest.mark.drawn(1)
@pytest.mark.parametrize("ci", sorted(CI))
def test_bootstrap_plans_the_identities_of_each_ci_system(ci, tmp_path):
    repository, subject = CI[ci]
    answers = {
        "ci": ci,
        "azure_region": "swedencentral",
        "compute": "job_clusters",
        "catalog": "sales",
        "package_name": "sales_data",
    }
    project = render_project(
        tmp_path / "sales-data", answers={**answers, "repository": repository}, ask=False
    )
    root = project / "infra/terraform/bootstrap"
    tofu(root, "init", "-input=false")
    given = "-var=subscription_id=11111111-1111-1111-1111-111111111111"
    printed = tofu(root, "plan", "-input=false", "-no-color", "-var-file=bootstrap.tfvars", given)
    assert '"rg-sales_data-prod"' in printed
    assert '"swedencentral"' in printed
    assert subject in printed
    federated = printed.count("federated_identity_credential.ci")
    assert bool(federated) is bool(subject)
    assert "password" not in printed
    assert (project / "infra/terraform/azure/environments/dev.tfvars").read_text(encoding="utf-8").count(
        "nat_gateway   = true"
    ) == 1


def test_each_root_has_the_name_of_a_repository_from_the_module_that_checks_it():
    roots = NAMING.parents[2]
    for root in ("bootstrap", "databricks"):
        text = (roots / root / "identities.tf").read_text(encoding="utf-8")
        blocks = re.findall(
            r'^module "\w+" \{\n  source += "(\S+)"\n(.*?)^\}', text, re.MULTILINE | re.DOTALL
        )
        taken = [body for source, body in blocks if source.endswith("/ci_subject")]
        assert taken, root
        for body in taken:
            (given,) = re.findall(r"^ +repository += (.+)$", body, re.MULTILINE)
            if given == "local.repository":
                (given,) = re.findall(r"^  repository +=(.+\.name.*)$", text, re.MULTILINE)
            assert re.search(r"module\.\w+\[[0*]\]\.name", given), root
            assert "var.repository" not in given, root
    rules = [
        path.relative_to(roots).as_posix()
        for path in roots.rglob("*.tf")
        if "must be owner/name, as in the address on github.com" in path.read_text(encoding="utf-8")
    ]
    assert rules == ["modules/repository/variables.tf"]
