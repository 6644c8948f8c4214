"""Libraries of a runtime that a project's environment on a laptop or in CI does not take over, each with its reason.

Spark is not in the lists: a workspace has its own, and the local engine's jars are locked to one version of pyspark.
"""

from packaging.utils import canonicalize_name

_SPARK_CLIENT = "the Spark client of the local engine needs it in a newer version"
_TOOL = "a tool of development, which does not run in a workspace"
_LAKEWRIGHT = "lakewright needs it in a newer version"
_SECURITY = "a machine keeps it up to date for its own security"

LEFT_FREE = {
    "grpcio": _SPARK_CLIENT,
    "protobuf": _SPARK_CLIENT,
    "py4j": _SPARK_CLIENT,
    "black": _TOOL,
    "ipykernel": _TOOL,
    "ipython": _TOOL,
    "psutil": _TOOL,
    "pytest": _TOOL,
    "click": _LAKEWRIGHT,
    "jinja2": _LAKEWRIGHT,
    "packaging": _LAKEWRIGHT,
    "platformdirs": _LAKEWRIGHT,
    "pathspec": "tools of development need it in a newer version",
    "certifi": _SECURITY,
    "cryptography": _SECURITY,
    "urllib3": _SECURITY,
    "mlflow-skinny": "the stores of the local engine need MLflow 3.9, so the project brings its own to the runtime too",
}


def reason_of(library: str) -> str | None:
    """Return why a library is left free, or None if it is taken over."""
    return LEFT_FREE.get(canonicalize_name(library))
