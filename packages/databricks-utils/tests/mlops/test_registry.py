"""Only a decision that passed moves the alias champion, and rollback moves it back. On a real MLflow store."""

import shutil

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

from databricks_utils.catalog import CatalogHelper
from databricks_utils.config import ConfigLoader
from databricks_utils.context import Context
from databricks_utils.mlops import (
    GateCheck,
    GateDecision,
    GateRefusedError,
    MissingModelError,
    ModelRegistry,
    NothingToRollBackError,
    RegistryRuleError,
    RunTags,
    use_tracking,
)
from databricks_utils.mlops.errors import MlopsError
from databricks_utils.testing import example_config_folder

NAME = "local_analytics.flights_models.late"
TAGS = RunTags("t@v1", "abc", "team", "delays", "local").as_dict()
integration = pytest.mark.integration


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    store = f"sqlite:///{folder / 'below' / 'mlflow.db'}"
    section = {
        "mlflow.tracking_uri": store,
        "mlflow.registry_uri": store,
        "mlflow.experiment": "e",
        "mlflow.artifact_location": str(folder / "artifacts"),
    }
    config = ConfigLoader.load("local", example_config_folder(), overrides=section)
    use_tracking(Context(config, CatalogHelper(config)))
    yield ModelRegistry()
    mlflow.set_tracking_uri(None)
    mlflow.set_registry_uri(None)


def log(*, signature=True):
    frame = pd.DataFrame({"x": np.linspace(-1, 1, 40)})
    model = LogisticRegression().fit(frame, frame["x"] > 0)
    signed = infer_signature(frame, model.predict_proba(frame)) if signature else None
    with mlflow.start_run():
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=signed,
            pip_requirements=["scikit-learn"],
            serialization_format="cloudpickle",
        )
    return logged.model_uri


def decide(candidate, champion=None, *, passed=True):
    check = GateCheck("roc_auc", passed, 0.7, 0.6, "0.7, at least 0.6")
    return GateDecision(candidate.reference, champion.reference if champion else None, (check,))


@integration
def test_a_version_becomes_champion_by_a_decision_and_can_be_rolled_back(registry):
    name = f"{NAME}_walk"
    first = registry.register(name, log(), tags=TAGS)
    assert registry.find(name, "champion") is None
    assert first.score(pd.DataFrame({"x": [-1.0, 1.0]})).round().tolist() == [0.0, 1.0]
    assert registry.promote(decide(first)).reference == first.reference
    second = registry.register(name, log(), tags=TAGS)
    assert registry.get(name, "champion").reference == first.reference
    for _ in range(2):  # promoting it again changes nothing, neither the version to go back to
        assert registry.promote(decide(second, first)).reference == second.reference
    assert (
        registry.get(name, "champion").tags.items()
        >= {**TAGS, "gate": "passed", "replaced_version": "1"}.items()
    )
    assert registry.rollback(name).reference == first.reference
    with pytest.raises(NothingToRollBackError):
        registry.rollback(name)
    with pytest.raises(GateRefusedError, match="version 2 was rolled back") as refusal:
        registry.promote(decide(second, first))
    assert registry.get(name, "champion").reference == first.reference
    assert f"readmit('{name}', '2')" in refusal.value.fix
    for _ in range(2):
        registry.readmit(name, "2")
    assert registry.promote(decide(second, first)).reference == second.reference


@integration
@pytest.mark.parametrize("gone", ["version", "files"])
def test_a_rollback_to_a_version_that_is_gone_changes_nothing(registry, gone):
    name = f"{NAME}_gone_{gone}"
    first = registry.register(name, log(), tags=TAGS)
    registry.promote(decide(first, None))
    second = registry.register(name, log(), tags=TAGS)
    registry.promote(decide(second, first))
    client = mlflow.MlflowClient()
    if gone == "version":
        client.delete_model_version(name, first.reference.version)
    else:
        folder = mlflow.artifacts.download_artifacts(client.get_model_version_download_uri(name, "1"))
        shutil.rmtree(folder)
    with pytest.raises(MissingModelError, match="which the champion replaced, is gone") as refusal:
        registry.rollback(name, reason="too many false alarms")
    assert "version 2 stays champion" in refusal.value.fix
    champion = registry.get(name, "champion")
    assert champion.reference == second.reference
    assert not champion.rolled_back
    assert "rollback_reason" not in champion.tags


@integration
def test_the_reason_of_a_rollback_is_kept(registry):
    name = f"{NAME}_reason"
    first = registry.register(name, log(), tags=TAGS)
    registry.promote(decide(first, None))
    second = registry.register(name, log(), tags=TAGS)
    registry.promote(decide(second, first))
    registry.rollback(name, reason="too many false alarms")
    assert (
        mlflow.MlflowClient().get_model_version(name, "2").tags["rollback_reason"] == "too many false alarms"
    )


@integration
def test_a_version_recognises_its_own_scores(registry):
    version = registry.register(f"{NAME}_same", log(), tags=TAGS)
    frame = pd.DataFrame({"x": np.linspace(-2, 2, 50)})
    scores = version.score(frame)
    assert version.gives(scores, frame)
    assert not version.gives(np.nextafter(scores, 2.0), frame)
    assert not version.gives(scores, frame.rename(columns={"x": "y"}))  # it cannot score these at all


@integration
def test_a_version_knows_the_features_it_was_trained_on(registry):
    version = registry.register(f"{NAME}_inputs", log(), tags=TAGS)
    assert version.inputs == {"x": "double"}
    assert version.change_to({"x": "double"}) is None
    change = version.change_to({"x": "string", "y": "double"})
    assert (change.added, change.removed, change.retyped) == (("y",), (), ("x",))
    assert f"version 1 of {NAME}_inputs" in str(change)


@integration
def test_a_refused_version_never_becomes_champion(registry):
    name = f"{NAME}_refused"
    candidate = registry.register(name, log(), tags=TAGS)
    with pytest.raises(GateRefusedError, match="refused by the quality gate"):
        registry.promote(decide(candidate, passed=False))
    assert registry.find(name, "champion") is None
    assert registry.get(name, "challenger").tags["gate"] == "refused"
    nothing_checked = GateDecision(candidate.reference, None, ())
    with pytest.raises(GateRefusedError):
        registry.promote(nothing_checked)


@integration
def test_a_decision_against_a_former_champion_is_refused(registry):
    name = f"{NAME}_stale"
    versions = [registry.register(name, log(), tags=TAGS) for _ in range(3)]
    registry.promote(decide(versions[0]))
    registry.promote(decide(versions[1], versions[0]))
    with pytest.raises(GateRefusedError, match="not judged against the current champion"):
        registry.promote(decide(versions[2], versions[0]))
    assert registry.get(name, "champion").reference == versions[1].reference


@integration
def test_models_that_unity_catalog_would_refuse_are_refused_everywhere(registry):
    with pytest.raises(RegistryRuleError, match="no signature"):
        registry.register(NAME, log(signature=False), tags=TAGS)
    with pytest.raises(RegistryRuleError, match="three-part"):
        registry.register("late", "models:/x", tags=TAGS)
    with pytest.raises(RegistryRuleError, match="as champion"):
        registry.register(NAME, "models:/x", tags=TAGS, alias="champion")


@integration
def test_a_missing_model_is_named(registry):
    with pytest.raises(MissingModelError, match="has no version with the alias `champion`"):
        registry.get("a.b.nothing", "champion")


@pytest.mark.unit
def test_an_empty_tag_is_refused_by_name():
    with pytest.raises(MlopsError, match="`git_sha` is empty"):
        RunTags("t@v1", "", "team", "delays", "local")


@pytest.mark.unit
def test_the_tags_of_a_context_are_those_of_its_configuration():
    config = ConfigLoader.load("dev", example_config_folder())
    tags = RunTags.of(Context(config, CatalogHelper(config), "abc"), dataset_version="t@v1")
    assert tags == RunTags("t@v1", "abc", "data-platform", "delay-prediction", "dev")


@integration
def test_an_error_of_the_store_is_not_taken_for_a_missing_champion(registry):
    with pytest.raises(MlflowException, match="name"):
        registry.find("", "champion")
