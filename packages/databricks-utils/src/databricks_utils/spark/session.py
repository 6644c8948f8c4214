"""`SparkSessionFactory` creates the Spark session for an environment, depending on where the process runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from databricks_utils.config import ConfigLoader
from databricks_utils.config.environment import LOCAL, Runtime, detect_runtime
from databricks_utils.spark.distributions import (
    check_no_conflict,
    require_databricks_connect,
    require_pyspark,
)
from databricks_utils.spark.errors import SessionError
from databricks_utils.spark.local_engine import start_local
from databricks_utils.spark.settings import apply_settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from databricks_utils.config import EnvironmentConfig


class SparkSessionFactory:
    """Creates Spark sessions."""

    @staticmethod
    def create(env: str | None = None, config_path: str | os.PathLike[str] | None = None) -> SparkSession:
        """Return a Spark session for an environment.

        Args:
            env: Name of the environment; see `ConfigLoader.load`.
            config_path: The `config/` folder; see `ConfigLoader.load`.

        Returns:
            For `local`, a session of the local engine; on Databricks, the session of the job or notebook; elsewhere, a
            session in the workspace with Databricks Connect. One `SparkSettingsWarning` lists the settings of
            `spark.config` that the session refuses.

        Raises:
            ConfigError: The configuration is wrong.
            SessionError: The session cannot be created; the fix names the package to install or the login.
        """
        return SparkSessionFactory.from_config(ConfigLoader.load(env, config_path))

    @staticmethod
    def from_config(config: EnvironmentConfig) -> SparkSession:
        """Return a Spark session for a loaded configuration.

        Args:
            config: The configuration; its environment selects the session, see `create`.

        Raises:
            SessionError: The session cannot be created; the fix names the package to install or the login.
        """
        runtime = detect_runtime()
        if runtime.on_databricks:
            return _on_databricks(config, runtime)
        check_no_conflict()
        if config.environment == LOCAL:
            return _local(config)
        return _by_databricks_connect(config)


def _local(config: EnvironmentConfig) -> SparkSession:
    require_pyspark()
    session = start_local(config, project=config.project_root)
    # The engine may have been started with other settings; set those that a session can change.
    apply_settings(session, config.spark.config, where="the local engine, which runs with other settings,")
    return session


def _on_databricks(config: EnvironmentConfig, runtime: Runtime) -> SparkSession:
    if config.environment == LOCAL:  # a configuration that was loaded elsewhere
        raise SessionError(
            f"spark: environment `{LOCAL}` cannot be used on {runtime.value}",
            fix="load the configuration of the workspace's environment, e.g. `dev`",
        )
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    apply_settings(session, _settings(config), where=runtime.value)
    return session


def _by_databricks_connect(config: EnvironmentConfig) -> SparkSession:
    require_databricks_connect(config.environment)
    from databricks.connect import DatabricksSession

    try:
        session: SparkSession = DatabricksSession.builder.getOrCreate()
    except Exception as error:  # the SDK's errors have no common base
        raise SessionError(
            f"spark: Databricks Connect could not create a session for environment `{config.environment}`",
            detail=str(error).strip(),
            fix="databricks auth login --host https://<workspace>, then choose the profile: export "
            "DATABRICKS_CONFIG_PROFILE=…\nand the compute: DATABRICKS_CLUSTER_ID=… or DATABRICKS_SERVERLESS_COMPUTE_ID=auto",
        ) from error
    apply_settings(session, _settings(config), where="the workspace's compute")
    return session


def _settings(config: EnvironmentConfig) -> dict[str, str]:
    """Return the settings to apply, with `spark.master`, so that the warning lists it as refused."""
    master = {"spark.master": config.spark.master} if config.spark.master else {}
    return {**config.spark.config, **master}
