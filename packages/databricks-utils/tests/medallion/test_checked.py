"""The state of a checked table, from the groups of rows that a query counts."""

import pytest

from databricks_utils.context import open_context
from databricks_utils.medallion import Entity, Source
from databricks_utils.medallion.silver.acceptance import accept
from databricks_utils.medallion.silver.checked import Status
from databricks_utils.quality import Limit, LimitExceededError, RuleCount, Severity

pytestmark = pytest.mark.unit


def group(at=None, file=None, **counts):
    zero = {"rows": 1, "invalid": 0, "outdated": 0, "waiting": 0, "stale": 0, "definitions": []}
    moments = {"at": at, "ingested": at, "judged": None, "unmerged": None}
    return {"file": file, **moments, **zero, **counts}


def test_a_table_without_rows_has_no_state():
    assert Status.of([]) == Status()
    assert Status().pending_until(10) == (0, 0)


def test_groups_are_added_up():
    old = group(ingested=5, judged=7, invalid=2, outdated=3, definitions=["b", "a"], waiting=1)
    new = group(8, "o2.csv", judged=9, unmerged=9, rows=4, invalid=1, definitions=["a"])
    later = group(9, "o3.csv", judged=10, unmerged=10, rows=1)
    assert Status.of([old]).unmerged is None
    assert Status.of([old, later, new]).unmerged == 9
    status = Status.of([old, new])
    assert (status.ingested, status.judged, status.quarantined) == (8, 9, 3)
    assert (status.outdated, status.definitions, status.waiting) == (3, ("a", "b"), 1)
    assert [(file.file, file.rows, file.invalid) for file in status.pending] == [("o2.csv", 4, 1)]


def test_of_a_file_delivered_several_times_the_last_delivery_counts():
    bad, good, other = (
        group(2, "o.csv", rows=9, invalid=9),
        group(3, "o.csv", rows=5),
        group(2, "p.csv", rows=2, invalid=1),
    )
    status = Status.of([good, bad, other])
    assert status.pending_until(3) == (7, 1)
    assert status.pending_until(2) == (11, 10)  # what comes later waits for the next transformation


@pytest.mark.parametrize(
    ("rebuilds", "words"),
    [(False, "nothing of the delivery is accepted"), (True, "silver stays as it was, and the next transfor")],
)
def test_a_limit_that_stops_a_rebuild_is_not_about_a_delivery(tmp_path, rebuilds, words):
    (tmp_path / "defaults.yaml").write_text("project: shop\ncatalog: {name: local_a, schema: shop}\n")
    (tmp_path / "local.yaml").write_text("{}\n")
    context = open_context("local", tmp_path)
    orders = Entity(Source("orders", ("id",), "A line"), print, ("id",), ())
    counted = [RuleCount("known", "row", Severity.FAIL, 9, 1, Limit(rows=0))]
    with pytest.raises(LimitExceededError, match=words):
        accept(context, orders, Status(), counted, until=1, in_any_case=False, rebuilds=rebuilds)
