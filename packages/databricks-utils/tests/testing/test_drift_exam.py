"""The exam of drift passes for sources that keep to what they declare, and fails for one that does not."""

import pytest

from databricks_utils.medallion import Source
from databricks_utils.testing import assert_drift_noticed
from databricks_utils.testing.exams import drift_exam

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("drift", ["fail", "quarantine", "evolve"])
@pytest.mark.parametrize("columns", [("id",), ("id", "name", "amount")])
def test_every_kind_of_drift_passes(tmp_path, drift, columns):
    headers = {"id": "Order. No"}
    assert_drift_noticed(Source("orders", columns, "One order", drift=drift, headers=headers), tmp_path)


def test_a_source_that_accepts_what_it_should_not_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(drift_exam, "_refusal", lambda *_: "")
    with pytest.raises(AssertionError, match="`orders`: a file with the header name is accepted"):
        assert_drift_noticed(Source("orders", ("id", "name"), "One order"), tmp_path)


def test_a_refusal_that_does_not_name_the_column_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(drift_exam, "_refusal", lambda *_: "wrong header")
    with pytest.raises(AssertionError, match="does not name `id`"):
        assert_drift_noticed(Source("orders", ("id", "name"), "One order", drift="fail"), tmp_path)
