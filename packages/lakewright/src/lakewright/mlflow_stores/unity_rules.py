"""What Unity Catalog refuses in the model registry, with the classes and codes that MLflow's client raises there.

The client's own refusals are `MlflowException`, the server's are `RestException`.

Source: `mlflow/store/_unity_catalog/registry/rest_store.py` of MLflow 3.17; the server's messages from public reports.
"""

import re
from typing import NoReturn

from mlflow.exceptions import MlflowException, RestException
from mlflow.models.model import Model

_INVALID = "INVALID_PARAMETER_VALUE"
_LEVELS = 3
_FORBIDDEN = re.compile(r"[ ./\x00-\x1f\x7f]")
_FILTER = re.compile(
    r"\s*(?P<key>name|run_id)\s*=\s*(?P<quote>['\"])(?P<value>[^'\"]*)(?P=quote)\s*", re.IGNORECASE
)
_LEGACY_HINT = (
    "If you are trying to use the legacy Workspace Model Registry, set the registry URI to 'databricks' "
    "instead of 'databricks-uc'."
)


def checked_name(name: str) -> str:
    """A full model name as Unity Catalog stores it: three parts in lower case.

    Raises:
        RestException: It has no three parts, or a part has a character that Unity Catalog does not allow.
    """
    parts = str(name).split(".")
    if len(parts) != _LEVELS or not all(part.strip() for part in parts):
        refuse_by_server(
            "Bad model name: please specify all three levels of the model in the form "
            "`catalog_name.schema_name.model_name`"
        )
    if any(_FORBIDDEN.search(part) for part in parts):
        refuse_by_server(
            f"`{name}` is not a valid name: a space, a slash and control characters are not allowed"
        )
    return ".".join(parts).lower()


def checked_new_name(name: str) -> str:
    """The name of a model to create; as `checked_name`.

    Raises:
        MlflowException: As for `checked_name`, with the advice that MLflow's client adds.
    """
    try:
        return checked_name(name)
    except RestException as error:
        message = f"{error.message.rstrip('.')}. {_LEGACY_HINT}"
        raise MlflowException(message, error_code=error.error_code) from error


def checked_filter(text: str | None) -> tuple[str, str] | None:
    """The one condition that a search for versions may have: `name` or `run_id`, and its value.

    Raises:
        RestException: The filter is another one.
    """
    if not text:
        return None
    match = _FILTER.fullmatch(text)
    if match is None:
        refuse_by_server(
            f"Unsupported filter query : `{text}`. Please specify your filter parameter in the format "
            "`name = 'model_name'`"
        )
    return match["key"].lower(), match["value"]


def check_signature(model_folder: str) -> None:
    """Check that a model has a signature with inputs and outputs.

    Raises:
        MlflowException: It has not, or the folder holds no model.
    """
    try:
        model = Model.load(model_folder)
    except Exception as error:
        raise MlflowException(
            "Unable to load model metadata. The source path must be an MLflow model with a signature that specifies "
            "both inputs and outputs."
        ) from error
    needed = (
        "All models in the Unity Catalog must be logged with a model signature that contains both input and output "
        "types: pass `signature=infer_signature(inputs, outputs)` or `input_example=` to log_model."
    )
    if model.signature is None:
        raise MlflowException(
            f"Model passed for registration did not contain any signature metadata. {needed}"
        )
    if model.signature.outputs is None:
        raise MlflowException(
            f"Model passed for registration contained a signature that includes only inputs. {needed}"
        )


def refuse_method(method: str, advice: str) -> NoReturn:
    """Refuse a method that Unity Catalog does not have.

    Raises:
        MlflowException: Always.
    """
    raise MlflowException(f"Method '{method}' is unsupported for models in the Unity Catalog. {advice}")


def refuse_arguments(**arguments: object) -> None:
    """Refuse arguments that Unity Catalog does not take.

    Raises:
        MlflowException: One of them is set.
    """
    for name, value in arguments.items():
        if value:
            raise MlflowException(f"Argument '{name}' is unsupported for models in the Unity Catalog.")


def already_exists(name: str) -> NoReturn:
    """Refuse to create a model that is there; MLflow's client goes on with a new version.

    Raises:
        RestException: Always.
    """
    refuse("RESOURCE_ALREADY_EXISTS", f"Registered model '{name}' already exists")


def refuse_by_server(message: str) -> NoReturn:
    """Refuse a request as the server does.

    Raises:
        RestException: Always.
    """
    refuse(_INVALID, message)


def refuse(code: str, message: str) -> NoReturn:
    """Refuse a request with a code of the server.

    Raises:
        RestException: Always, without the error that was handled.
    """
    raise RestException({"error_code": code, "message": message}) from None
