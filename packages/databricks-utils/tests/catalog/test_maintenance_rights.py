"""Upkeep by a principal that may modify tables and owns none, on a session that answers as one."""

from types import SimpleNamespace
from typing import Any

import pytest
from pyspark.errors import AnalysisException

from databricks_utils.catalog.maintenance import maintain_table

pytestmark = pytest.mark.unit


class Session:
    """Answers the statements of an upkeep, and refuses the change of a clustering with a message."""

    def __init__(self, refusal: str) -> None:
        self.refusal = refusal
        self.statements: list[str] = []

    def table(self, _name: str) -> Any:
        return SimpleNamespace(columns=["day"])

    def sql(self, statement: str) -> Any:
        self.statements.append(statement.split(" `", maxsplit=1)[0])
        if "CLUSTER BY" in statement and self.refusal:
            raise AnalysisException(self.refusal)
        if statement.startswith("DESCRIBE"):
            row: dict[str, Any] = {"properties": {}, "clusteringColumns": [], "partitionColumns": []}
        else:
            row = {"metrics": {"numFilesRemoved": 3, "numFilesAdded": 1}}
        return SimpleNamespace(collect=lambda: [row], isEmpty=lambda: True)


@pytest.mark.parametrize("word", ["[PERMISSION_DENIED] User m is no owner", "[INSUFFICIENT_PERMISSIONS] x"])
def test_who_is_no_owner_joins_files_and_says_what_the_owner_has_to_run(word):
    session = Session(word)
    done = maintain_table(session, "c.s.t", 720, cluster_by=["day"])
    assert (done.removed, done.added, done.cluster_by) == (3, 1, ())
    assert done.left_to_owner == "ALTER TABLE `c`.`s`.`t` CLUSTER BY (`day`)"
    assert "only its owner may run: ALTER TABLE" in str(done)
    assert "OPTIMIZE" in session.statements


def test_the_owner_clusters_and_nothing_is_left():
    done = maintain_table(Session(""), "c.s.t", 720, cluster_by=["day"])
    assert (done.cluster_by, done.left_to_owner) == (("day",), "")
    assert "owner" not in str(done)


def test_another_failure_of_the_clustering_is_raised():
    with pytest.raises(AnalysisException, match="DELTA_CLUSTERING"):
        maintain_table(Session("[DELTA_CLUSTERING_COLUMN_MISSING_STATS] x"), "c.s.t", 720, cluster_by=["day"])
