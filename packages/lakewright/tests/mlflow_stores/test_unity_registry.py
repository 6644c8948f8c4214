"""The registry behind `databricks-uc`: what Unity Catalog refuses is refused by the same error classes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lakewright.mlflow_stores.places import mlflow_environment
from lakewright.mlflow_stores.redirection import redirection

pytestmark = [
    pytest.mark.unit,
    pytest.mark.filterwarnings(
        "ignore:.*type hint:UserWarning"
    ),  # advice about the model, which is not the subject
    pytest.mark.filterwarnings("ignore:.*input example:UserWarning"),
]

NAME = "main.models.flights"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client as code of a workspace makes it."""
    state = tmp_path_factory.mktemp("project") / ".lakewright"
    state.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in mlflow_environment(state).items():
            patch.setenv(name, value)
        patch.setattr("lakewright.mlflow_stores.unity_registry._get_active_spark_session", lambda: None)
        redirection.install()
        import mlflow

        mlflow.set_tracking_uri("databricks")
        mlflow.set_registry_uri("databricks-uc")
        mlflow.set_experiment("/Shared/registry")
        yield mlflow.MlflowClient()
        mlflow.set_tracking_uri(None)
        mlflow.set_registry_uri(None)


def model_of(signature: Any) -> Any:
    """A logged model with a signature, or without."""
    import mlflow

    class Doubled(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):  # type: ignore[no-untyped-def]  # as MLflow declares it
            return 2 * model_input

    with mlflow.start_run():
        return mlflow.pyfunc.log_model(
            name="m", python_model=Doubled(), signature=signature, pip_requirements=[]
        ).model_uri


def signature_of(*, outputs: bool) -> Any:
    import numpy
    from mlflow.models import infer_signature

    values = numpy.array([1.0])
    return infer_signature(values, values if outputs else None)


def refusal(call: Any, *arguments: Any, **options: Any) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the tests look at its class
        call(*arguments, **options)
    return caught.value


@pytest.fixture(scope="module")
def model_uri(client: Any) -> str:
    return model_of(signature_of(outputs=True))


def test_a_model_is_registered_and_loaded_by_its_alias(client: Any, model_uri: str) -> None:
    import mlflow
    import numpy

    version = mlflow.register_model(model_uri, NAME)
    assert (version.name, version.version) == (NAME, 1)
    client.set_registered_model_alias(NAME, "champion", 1)
    for uri in (f"models:/{NAME}@champion", f"models:/{NAME}/1"):
        assert mlflow.pyfunc.load_model(uri).predict(numpy.array([2.0])).tolist() == [4.0]
    assert client.get_model_version_by_alias("Main.Models.FLIGHTS", "champion").name == NAME
    assert [found.version for found in client.search_model_versions(f"name = '{NAME}'")] == [1]
    assert NAME in [found.name for found in client.search_registered_models()]


@pytest.mark.parametrize("name", ["flights", "models.flights", "a.b.c.d", "main..flights"])
def test_a_name_without_three_parts_is_refused(client: Any, name: str) -> None:
    from mlflow.exceptions import MlflowException, RestException

    created = refusal(client.create_registered_model, name)
    assert type(created) is MlflowException
    assert "specify all three levels" in str(created)
    assert "legacy Workspace Model Registry" in str(created)
    for method in (client._get_registry_client().get_registered_model, client.delete_registered_model):
        found = refusal(method, name)
        assert isinstance(found, RestException)
        assert found.error_code == "INVALID_PARAMETER_VALUE"


@pytest.mark.parametrize("name", ["main.models.my model", "main.models.a/b"])
def test_a_name_with_a_space_or_a_slash_is_refused(client: Any, name: str) -> None:
    assert "is not a valid name" in str(refusal(client.create_registered_model, name))


@pytest.mark.parametrize(
    ("outputs", "words"), [(None, "did not contain any signature"), (False, "includes only inputs")]
)
def test_a_model_without_a_whole_signature_is_refused(client: Any, outputs: bool | None, words: str) -> None:
    import mlflow
    from mlflow.exceptions import MlflowException

    uri = model_of(None if outputs is None else signature_of(outputs=outputs))
    found = refusal(mlflow.register_model, uri, "main.models.unsigned")
    assert type(found) is MlflowException
    assert words in str(found)
    assert list(client.search_model_versions("name = 'main.models.unsigned'")) == []


def test_a_source_that_is_no_model_is_refused(client: Any, tmp_path: Path) -> None:
    from mlflow.exceptions import MlflowException

    client.create_registered_model("main.models.nothing")
    found = refusal(client.create_model_version, "main.models.nothing", str(tmp_path))
    assert type(found) is MlflowException
    assert "Unable to load model metadata" in str(found)


def test_stages_are_refused(client: Any, model_uri: str) -> None:
    import mlflow
    from mlflow.exceptions import MlflowException

    mlflow.register_model(model_uri, "main.models.staged")
    with pytest.warns(FutureWarning):
        calls = [
            refusal(client.get_latest_versions, "main.models.staged", ["Production"]),
            refusal(client.transition_model_version_stage, "main.models.staged", 1, "Production"),
        ]
    calls.append(refusal(mlflow.pyfunc.load_model, "models:/main.models.staged/Production"))
    for found in calls:
        assert type(found) is MlflowException
        assert "is unsupported for models in the Unity Catalog" in str(found)
        assert "models:/catalog.schema.model@alias" in str(found)


def test_filters_and_orders_that_unity_does_not_know_are_refused(client: Any) -> None:
    from mlflow.exceptions import MlflowException, RestException

    ordered = refusal(client.search_registered_models, order_by=["name DESC"])
    assert type(ordered) is MlflowException
    assert "Argument 'order_by' is unsupported" in str(ordered)
    assert "Argument 'filter_string' is unsupported" in str(
        refusal(client.search_registered_models, "name = 'main.models.flights'")
    )
    assert "Argument 'order_by' is unsupported" in str(
        refusal(client.search_model_versions, order_by=["version_number DESC"])
    )
    pattern = refusal(client.search_model_versions, "name like 'main.%'")
    assert isinstance(pattern, RestException)
    assert "Unsupported filter query" in str(pattern)


@pytest.mark.ours(
    where=("connect", "classic"),
    area="Models",
    what="registering a model in a schema that does not exist",
    fails="DID NOT RAISE",
    instead="the model is registered",
    workspace="refused",
    reason="the registry can look into the lakehouse for the schema",
    link="https://docs.databricks.com/aws/en/machine-learning/manage-model-lifecycle/",
)
def test_a_model_needs_a_schema(client: Any) -> None:
    refusal(client.create_registered_model, "gone.gone.flights")


def test_a_name_is_completed_from_the_sessions_catalog_and_schema(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Session:
        def sql(self, query: str) -> Any:
            self.row = {"catalog": "main", "schema": "models"}
            return self

        def collect(self) -> list[dict[str, str]]:
            return [self.row]

    monkeypatch.setattr("lakewright.mlflow_stores.unity_registry._get_active_spark_session", Session)
    assert client.create_registered_model("completed").name == "main.models.completed"
