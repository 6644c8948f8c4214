"""Whether the version that a champion replaced can be champion again: it, or its model, may have been deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from databricks_utils.mlops.errors import MissingModelError
from databricks_utils.mlops.gate.models import ModelReference

if TYPE_CHECKING:
    from mlflow import MlflowClient

# As MLflow reports a version or files that are not there.
_GONE = {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND", "INVALID_PARAMETER_VALUE", "INTERNAL_ERROR"}


def refuse_missing(client: MlflowClient, version: ModelReference, champion: ModelReference) -> None:
    """Raise if a version cannot become champion again because it, or its model, was deleted.

    Args:
        client: The registry.
        version: The version that the champion replaced.
        champion: The champion.

    Raises:
        MissingModelError: The version is gone, or its files are.
    """
    from mlflow.exceptions import MlflowException
    from mlflow.models import get_model_info

    try:
        client.get_model_version(version.name, version.version)
        get_model_info(f"models:/{version.name}/{version.version}")
    except (MlflowException, OSError) as error:
        if isinstance(error, MlflowException) and error.error_code not in _GONE:
            raise
        raise MissingModelError(
            f"registry: version {version.version} of {version.name}, which the champion replaced, is gone",
            detail=str(error),
            location=version.name,
            fix=f"version {champion.version} stays champion; train another model and let the gate judge it, "
            "or restore the version's files",
        ) from error
