"""The policy that an engine has by default."""

import pytest

from lakewright.engine import EngineSettings
from lakewright.engine.settings.spark_properties import spark_properties

pytestmark = pytest.mark.unit


@pytest.mark.ours(
    where=("connect", "classic"),
    area="SQL: governance",
    what="enforced grants",
    fails="spark.lakewright.accessPolicy",
    instead="stored and shown; enforced where `spark.lakewright.accessPolicy` is `lakewright.StoredGrants`",
    workspace="enforced",
    reason="the policy that allows everything is the default until principals are configured",
    link="https://docs.databricks.com/aws/en/data-governance/unity-catalog/manage-privileges/",
)
def test_an_engine_holds_principals_to_their_grants_by_default(tmp_path):
    properties = spark_properties(tmp_path, EngineSettings())
    assert properties["spark.lakewright.accessPolicy"] == "lakewright.StoredGrants"
