"""What jobs make in a workspace, asked for by the real SDK over HTTP from the fake workspace."""

from dataclasses import replace

import pytest
from databricks.sdk import errors

from databricks_utils.workspace_objects import (
    Outcome,
    ServedModel,
    TableMonitor,
    ensure_endpoint,
    ensure_monitor,
)

pytestmark = pytest.mark.unit

MODEL = "dev.models.late"


@pytest.fixture
def training(workspace):
    """Whoever trains, with a model in two versions."""
    workspace.add_catalog(
        "dev", grants={"trainer@example.com": ["USE_CATALOG", "USE_SCHEMA", "CREATE_SCHEMA", "EXECUTE"]}
    )
    client = workspace.client(workspace.add_user("trainer@example.com"))
    client.schemas.create(name="models", catalog_name="dev")
    client.registered_models.create(catalog_name="dev", schema_name="models", name="late")
    for _ in range(2):
        workspace.add_model_version(MODEL)
    return client


def test_an_endpoint_follows_the_champion(training):
    first = ServedModel(endpoint="late-dev", model=MODEL, version="1", tags={"project": "late"})
    api = training.api_client
    assert ensure_endpoint(api, first) is Outcome.CREATED
    assert ensure_endpoint(api, first) is Outcome.UNCHANGED
    assert ensure_endpoint(api, replace(first, version="2")) is Outcome.UPDATED
    (entity,) = training.serving_endpoints.get("late-dev").config.served_entities
    assert (entity.entity_name, entity.entity_version, entity.scale_to_zero_enabled) == (MODEL, "2", True)


def test_a_version_that_does_not_exist_is_the_services_error(training):
    with pytest.raises(errors.NotFound, match="version '9' does not exist"):
        ensure_endpoint(training.api_client, ServedModel(endpoint="late-dev", model=MODEL, version="9"))


def test_a_table_that_does_not_exist_yet_gets_no_monitor(training):
    wanted = TableMonitor("dev.models.scores", "dev.models", "made_at", schedule=None)
    assert ensure_monitor(training.api_client, wanted) is Outcome.NOTHING_TO_STAND_ON
