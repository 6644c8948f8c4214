"""pytest fixtures for the tests of a project: a session on real Spark, a configuration and its names.

The entry point `pytest11` loads this module in every pytest run, so it imports nothing until a fixture is used. It is not in
`testing`, because importing a module imports its package.

| fixture | scope | gives |
|---|---|---|
| `lakehouse_project` | session | a temporary folder with a copy of the project's `config/` and with the lakehouse |
| `spark_session`, `spark` | session | a session in environment `local`, on an engine that stops with the run |
| `config` | test | the configuration of `local`, with a schema prefix that no other test has |
| `catalog` | test | the names of that configuration; its schemas exist |
| `context` | test | both, with an empty landing volume for this test |

Tests that use no session run first, so that a mistake that needs no engine is found before one starts.
`--keep-engine=FOLDER` leaves the engine running for the next run of tests; it ends with the shell that started pytest.
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
_STARTER_VARIABLE = "LAKEWRIGHT_PARENT_PID"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting `databricks_config`, the project's `config/` folder, and the option `--keep-engine`."""
    parser.addini(
        "databricks_config",
        "The project's config/ folder, relative to pytest's root; if it does not exist, an example configuration is used.",
        default="config",
    )
    parser.addoption(
        "--keep-engine",
        metavar="FOLDER",
        help="Create the lakehouse in this folder, and leave its engine running for the next run of tests.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    """Refuse `--keep-engine FOLDER`: pytest looks for its settings before it knows the option, and takes the folder for tests."""
    if "--keep-engine" in args:
        raise pytest.UsageError("--keep-engine: write the folder after an equals sign: --keep-engine=FOLDER")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move the tests that use a session behind those that use none."""
    items.sort(key=lambda item: "spark_session" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def lakehouse_project(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a temporary project with a copy of `config/`, so that tests never touch the project's lakehouse."""
    from databricks_utils.testing.project import emptied, throw_away_project

    source = pytestconfig.rootpath / str(pytestconfig.getini("databricks_config"))
    # Spark takes a path without a scheme for one of DBFS; the folders of pytest's `tmp_path` are the machine's.
    temporary = tmp_path_factory.getbasetemp()
    if kept := pytestconfig.getoption("--keep-engine"):
        # The folder that holds those of all runs: a running engine keeps its settings.
        folders = (temporary.parent,)
        try:
            root = emptied(Path(kept).absolute())
        except FileExistsError as error:
            raise pytest.UsageError(f"--keep-engine: {error}") from error
        return throw_away_project(root, source, local_folders=folders, owner=_starter())
    return throw_away_project(tmp_path_factory.mktemp("lakehouse"), source, local_folders=(temporary,))


def _starter() -> int:
    """Return the id of the process that started pytest, also where the local engine lets a warm process run the tests."""
    return int(os.environ.pop(_STARTER_VARIABLE, "") or os.getppid())


@pytest.fixture(scope="session")
def spark_session(lakehouse_project: Path, pytestconfig: pytest.Config) -> Iterator[SparkSession]:
    """Return the Spark session of the test run; its catalog exists, and its engine stops with the run.

    With `--keep-engine` the engine stays.
    """
    from databricks_utils.catalog import CatalogHelper
    from databricks_utils.config import ConfigLoader
    from databricks_utils.spark import SparkSessionFactory
    from databricks_utils.spark.local_engine import stop_local

    config = ConfigLoader.load("local", lakehouse_project / "config")
    session = SparkSessionFactory.create("local", lakehouse_project / "config")
    try:
        # Even a query without tables needs the current catalog, which exists only after the first schema is created.
        CatalogHelper(config).ensure_schemas(session)
        yield session
    finally:
        session.stop()
        if not pytestconfig.getoption("--keep-engine"):
            stop_local(lakehouse_project)


@pytest.fixture(scope="session")
def spark(spark_session: SparkSession) -> SparkSession:
    """Return `spark_session` under the name that notebooks use."""
    return spark_session


@pytest.fixture
def config(lakehouse_project: Path) -> EnvironmentConfig:
    """Return the configuration of `local` with a schema prefix for this test; start no engine."""
    from databricks_utils.config import ConfigLoader

    prefix = f"t{os.getpid()}_{next(_counter)}_"
    overrides = {"catalog.schema_prefix": prefix}
    return ConfigLoader.load("local", lakehouse_project / "config", overrides)


@pytest.fixture
def catalog(config: EnvironmentConfig, spark_session: SparkSession) -> CatalogHelper:
    """Return the names of this test's configuration; the schemas of all layers exist and are empty."""
    from databricks_utils.catalog import CatalogHelper

    names = CatalogHelper(config)
    names.ensure_schemas(spark_session)
    return names


@pytest.fixture
def context(config: EnvironmentConfig, catalog: CatalogHelper, tmp_path: Path) -> Context:
    """Return the context of this test; its volumes are in the test's own folder."""
    from databricks_utils.context import Context

    storage = config.storage.model_copy(update={"volume_root": str(tmp_path / "volumes")})
    own = config.model_copy(update={"storage": storage})
    return Context(own, type(catalog)(own))
