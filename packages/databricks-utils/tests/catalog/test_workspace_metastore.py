"""Environment `local` creates nothing on the metastore of a workspace."""

import pytest

from databricks_utils.catalog import CatalogHelper, WorkspaceMetastoreError
from databricks_utils.config import ConfigLoader
from databricks_utils.spark import SparkSessionFactory
from databricks_utils.spark.errors import SessionError
from databricks_utils.testing import example_config_folder, throw_away_project

pytestmark = pytest.mark.integration  # it needs Spark's errors, though no session


class Session:
    """Keeps the statements that it gets; only a workspace has the function `current_metastore`."""

    def __init__(self, *, in_workspace: bool):
        self.statements, self._in_workspace = [], in_workspace

    def sql(self, statement):
        self.statements.append(statement)
        return self

    @property
    def schema(self):
        from pyspark.errors import AnalysisException

        if not self._in_workspace:
            raise AnalysisException("[UNRESOLVED_ROUTINE] Cannot resolve routine `current_metastore`")
        return "current_metastore() string"

    def collect(self):
        from pyspark.errors import AnalysisException

        raise AnalysisException("[CATALOG_NOT_FOUND] The catalog `local_analytics` was not found")


@pytest.fixture
def local(tmp_path):
    return CatalogHelper(ConfigLoader.load("local", throw_away_project(tmp_path) / "config"))


def test_a_session_of_a_workspace_gets_no_statement_that_creates(local):
    session = Session(in_workspace=True)  # e.g. Databricks Connect on a laptop
    with pytest.raises(WorkspaceMetastoreError, match="would create the catalog `local_analytics") as refused:
        local.ensure_schemas(session)
    assert "use the workspace's environment" in refused.value.fix
    assert session.statements == ["SELECT current_metastore()"]


def test_on_databricks_no_statement_is_sent_at_all(local, monkeypatch):
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "17.3")
    session = Session(in_workspace=True)
    with pytest.raises(WorkspaceMetastoreError, match="would create the catalog"):
        local.ensure_schemas(session)
    assert session.statements == []


def test_the_local_engine_creates_them(local):
    session = Session(in_workspace=False)
    local.ensure_schemas(session)
    made = [statement for statement in session.statements if statement.startswith("CREATE CATALOG")]
    assert [statement.split("`")[1] for statement in made] == ["local_analytics"]


def test_a_configuration_that_was_loaded_elsewhere_opens_no_session_on_databricks(monkeypatch):
    config = ConfigLoader.load("local", example_config_folder())
    monkeypatch.setenv("DATABRICKS_RUNTIME_VERSION", "17.3")
    with pytest.raises(SessionError, match="environment `local` cannot be used on a Databricks cluster"):
        SparkSessionFactory.from_config(config)
