"""MLflow code that names a workspace's stores, in the processes of a run."""

from typing import Any

import pytest

pytestmark = pytest.mark.unit

_STORES = """
import mlflow, numpy
mlflow.set_tracking_uri("databricks")
mlflow.set_registry_uri("databricks-uc")
"""


def test_a_model_goes_from_one_task_to_the_next_and_the_run_says_once_where_it_is(project: Any) -> None:
    train = project.task(
        "train",
        _STORES,
        """
        class Doubled(mlflow.pyfunc.PythonModel):
            def predict(self, context, model_input, params=None):
                return 2 * model_input

        values = numpy.array([1.0])
        mlflow.set_experiment("/Users/someone@example.com/flights")
        with mlflow.start_run():
            mlflow.pyfunc.log_model(
                name="m", python_model=Doubled(), signature=mlflow.models.infer_signature(values, values),
                pip_requirements=[], registered_model_name="main.models.flights",
            )
        mlflow.MlflowClient().set_registered_model_alias("main.models.flights", "champion", 1)
        """,
    )
    score = project.task(
        "score",
        _STORES,
        "model = mlflow.pyfunc.load_model('models:/main.models.flights@champion')",
        "print('scored', model.predict(numpy.array([2.0])))",
        after=["train"],
    )
    summary = project.run(train, score)
    assert summary.status == "success", summary.as_dict()
    assert "scored [4.]" in project.log("score")
    notes = [note for task in summary.tasks.values() for note in task.notes]
    assert [note for note in notes if "this project's own stores" in note] == notes[:1]
    assert (project.root / ".lakewright" / "mlflow.db").is_file()
    assert [path.name for path in project.root.iterdir() if path.name.startswith("ml")] == []
