"""Which columns are compared between a project that was killed and one that was not."""

import pytest
from table_contents import query

pytestmark = pytest.mark.unit


def test_each_column_is_compared_but_those_that_say_when():
    found = query(
        "c.s.t", {"_row": "bigint", "_definition": "string", "_ingested_at": "timestamp", "share": "double"}
    )
    assert "to_json(struct(`_row`, `_definition`, round(`share`, 9) AS `share`))" in found
    assert "_ingested_at" not in found


def test_of_a_models_number_only_the_number_of_values_is_compared():
    found = query("c.s.t", {"score": "double", "model_version": "string"})
    assert "struct(round(`score`, 9) AS `score`)" in found
    assert "array(count(DISTINCT `model_version`))" in found
