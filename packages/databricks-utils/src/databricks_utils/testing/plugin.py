"""pytest fixtures for the tests of a project: a session on real Spark, its configuration, its names.

Loaded into every pytest run by the entry point `pytest11`; so nothing is imported here before a fixture is asked for.

| fixture | scope | gives |
|---|---|---|
| `lakehouse_project` | session | a throw-away copy of the project's `config/`; the lakehouse lies beside it |
| `spark_session`, `spark` | session | a session in environment `local`, on an engine that ends with the run |
| `config` | test | the configuration of `local`, with a schema prefix that no other test has |
| `catalog` | test | the names of that configuration; its schemas exist |
| `context` | test | both, with an empty landing volume of this test's own |
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from databricks_utils.catalog import CatalogHelper
    from databricks_utils.config import EnvironmentConfig
    from databricks_utils.context import Context

_counter = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the setting `databricks_config`: where the project's `config/` is."""
    parser.addini(
        "databricks_config",
        "The project's config/ folder, relative to pytest's root; an example configuration where it is absent.",
        default="config",
    )


@pytest.fixture(scope="session")
def lakehouse_project(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the project's `config/` into a folder of its own, so that tests never touch the project's lakehouse."""
    from databricks_utils.testing.project import throw_away_project

    source = pytestconfig.rootpath / str(pytestconfig.getini("databricks_config"))
    return throw_away_project(tmp_path_factory.mktemp("lakehouse"), source)


@pytest.fixture(scope="session")
def spark_session(lakehouse_project: Path) -> Iterator[SparkSession]:
    """Give the one Spark session of the test run; its catalog exists, its engine ends with the run."""
    from databricks_utils.catalog import CatalogHelper
    from databricks_utils.config import ConfigLoader, SparkSessionFactory
    from databricks_utils.config.engines import stop_local

    session = SparkSessionFactory.create("local", lakehouse_project / "config")
    try:
        # Even a query without tables asks for the current catalog, which is not there before the first schema.
        CatalogHelper(ConfigLoader.load("local", lakehouse_project / "config")).ensure_schemas(session)
        yield session
    finally:
        session.stop()
        stop_local(lakehouse_project)


@pytest.fixture(scope="session")
def spark(spark_session: SparkSession) -> SparkSession:
    """Give `spark_session` under the name that notebooks use."""
    return spark_session


@pytest.fixture
def config(lakehouse_project: Path) -> EnvironmentConfig:
    """Load environment `local` with a schema prefix of this test's own; starts no engine."""
    from databricks_utils.config import ConfigLoader

    prefix = f"t{os.getpid()}_{next(_counter)}_"
    overrides = {"catalog.schema_prefix": prefix}
    return ConfigLoader.load("local", lakehouse_project / "config", overrides)


@pytest.fixture
def catalog(config: EnvironmentConfig, spark_session: SparkSession) -> CatalogHelper:
    """Give the names of this test's configuration; the schemas of all layers exist and are empty."""
    from databricks_utils.catalog import CatalogHelper

    names = CatalogHelper(config)
    names.ensure_schemas(spark_session)
    return names


@pytest.fixture
def context(config: EnvironmentConfig, catalog: CatalogHelper, tmp_path: Path) -> Context:
    """Give the context of this test; its volumes lie in the test's own folder."""
    from databricks_utils.context import Context

    storage = config.storage.model_copy(update={"volume_root": str(tmp_path / "volumes")})
    own = config.model_copy(update={"storage": storage})
    return Context(own, type(catalog)(own))
