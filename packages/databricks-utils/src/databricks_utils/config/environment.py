"""Choose the environment, detect where this process runs, and name the variables (`DBX_…`) that the configuration reads."""

import os
import re
from collections.abc import Mapping
from enum import Enum

from databricks_utils.config.errors import InvalidValueError, UnknownEnvironmentError
from databricks_utils.config.origin import Origin, origin_of_variable
from databricks_utils.config.tree import KeyPath, Node

LOCAL = "local"

VARIABLE_PREFIX = "DBX_"
ENV_VARIABLE = "DBX_ENV"
FOLDER_VARIABLE = "DBX_CONFIG_PATH"
# Secrets for `dbutils.secrets` of a local run; the configuration does not read them.
SECRET_PREFIX = "DBX_SECRET__"  # noqa: S105 - the variable's name

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_NOT_ENVIRONMENTS = frozenset({"defaults"})


class Runtime(Enum):
    """Where this process runs."""

    MACHINE = "a machine of yours"
    CLUSTER = "a Databricks cluster"
    SERVERLESS = "Databricks serverless compute"

    @property
    def on_databricks(self) -> bool:
        """True on a cluster and on serverless compute."""
        return self is not Runtime.MACHINE


def variable_name(path: KeyPath) -> str:
    """Return the environment variable of a key: `catalog.name` → `DBX_CATALOG__NAME`."""
    return VARIABLE_PREFIX + "__".join(path).upper()


def detect_runtime(environ: Mapping[str, str] | None = None) -> Runtime:
    """Return where this process runs, by the variables that the Databricks runtime sets.

    Args:
        environ: Environment variables; by default those of this process.

    Source: the runtime sets `DATABRICKS_RUNTIME_VERSION` (`17.3`; `client.…` on serverless) and serverless compute
    sets `IS_SERVERLESS`; MLflow's `databricks_utils` reads the same variables.
    """
    environ = os.environ if environ is None else environ
    version = environ.get("DATABRICKS_RUNTIME_VERSION", "")
    if version.startswith("client.") or environ.get("IS_SERVERLESS", "").lower() == "true":
        return Runtime.SERVERLESS
    return Runtime.CLUSTER if version else Runtime.MACHINE


def choose_environment(env: str | None = None, environ: Mapping[str, str] | None = None) -> Node:
    """Return the environment's name with its origin: the argument, then `DBX_ENV`, then `local` outside Databricks.

    Args:
        env: The name that the caller gave.
        environ: Environment variables; by default those of this process.

    Raises:
        UnknownEnvironmentError: The process runs on Databricks, and no name is given, or it is `local`, which would create
            a catalog in the workspace.
        InvalidValueError: The name is not valid for an environment.
    """
    environ = os.environ if environ is None else environ
    runtime = detect_runtime(environ)
    if env:
        return _checked(env, Origin("argument", "argument env"), runtime)
    if environ.get(ENV_VARIABLE):
        return _checked(environ[ENV_VARIABLE], origin_of_variable(ENV_VARIABLE, environ), runtime)
    if runtime.on_databricks:
        raise UnknownEnvironmentError(
            f"config: no environment is given, and on {runtime.value} there is no default",
            detail=f"looked in, in this order:  argument env · environment {ENV_VARIABLE}",
            fix=f"pass it as a job parameter (`env: ${{bundle.target}}`), or set {ENV_VARIABLE} on the cluster",
        )
    return Node(LOCAL, Origin("default", "default outside Databricks"))


def _checked(name: str, origin: Origin, runtime: Runtime) -> Node:
    if not _NAME.match(name) or name in _NOT_ENVIRONMENTS:
        raise InvalidValueError(
            f"config: {name!r} is not a valid name for an environment",
            location=str(origin),
            fix="use lower-case letters, digits and `_`, and start with a letter, e.g. `dev`",
        )
    if name == LOCAL and runtime.on_databricks:
        raise UnknownEnvironmentError(
            f"config: environment `{LOCAL}` cannot be used on {runtime.value}",
            detail="code in this environment creates catalogs and schemas; in a workspace, the bundle and the platform team create them",
            location=str(origin),
            fix=f"use the workspace's environment: pass it as a job parameter, or set {ENV_VARIABLE} on the cluster",
        )
    return Node(name, origin)
