"""The cluster policy that Terraform makes takes the clusters of the bundle, as preflight judges them, and refuses others."""

import json

import pytest
from infrastructure.planned import Planned

from lakewright.bundle import load_bundle
from lakewright.deploy.preflight.checks.compute.policies import reason_against, value_at, what_cannot_be_read
from lakewright.deploy.preflight.wanted import wanted_of
from lakewright.deploy.preflight.wanted.compute import Cluster
from lakewright.scaffold import render_project

pytestmark = pytest.mark.unit

POLICY = "flights-prod-jobs"


@pytest.fixture(scope="module")
def clusters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Cluster, ...]:
    """The clusters of a project whose jobs run on clusters of their own."""
    folder = tmp_path_factory.mktemp("clusters") / "flights"
    answers = {"compute": "job_clusters", "cluster_policy": POLICY}
    render_project(folder, answers=answers, ask=False)
    bundle = load_bundle(folder, target="prod", run_python=False, variables={"cluster_policy_id": "POLICY"})
    return wanted_of(bundle).compute.clusters


@pytest.fixture
def definition(planned: Planned) -> str:
    (found,) = (each for each in planned.of("databricks_cluster_policy").values() if each["name"] == POLICY)
    return str(found["definition"])


def refused(definition: str, cluster: Cluster) -> dict[str, str]:
    """Return why a policy refuses fields of a cluster, by field."""
    reasons = {
        field: reason_against(rule, value_at(cluster, field))
        for field, rule in json.loads(definition).items()
    }
    return {field: reason for field, reason in reasons.items() if reason}


def test_the_policy_takes_the_clusters_of_the_bundle(definition, clusters):
    assert clusters
    assert what_cannot_be_read(definition) == ""
    assert [refused(definition, each) for each in clusters] == [{}] * len(clusters)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("node_type_id", "Standard_ND96asr_v4", "one of Standard_D4ds_v5"),
        ("spark_version", "12.2.x-scala2.12", "one of 17.3.x-scala2.13"),
        ("data_security_mode", "NONE", "one of DATA_SECURITY_MODE_STANDARD"),
        ("autoscale", {"min_workers": 1, "max_workers": 50}, "at most 8"),
        ("num_workers", 4, "the policy forbids the field"),
        ("custom_tags", {"project": "weather"}, "flights"),
        ("azure_attributes", {"availability": "SPOT_AZURE"}, "one of ON_DEMAND_AZURE"),
    ],
)
def test_the_policy_refuses(field, value, reason, definition, clusters):
    cluster = Cluster(clusters[0].path, {**clusters[0].spec, field: value})
    assert reason in " ".join(refused(definition, cluster).values())
