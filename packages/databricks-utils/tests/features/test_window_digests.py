"""The digest of a window on Spark: exact sums, and every type of column."""

import pytest
from pyspark.sql import functions as F

from databricks_utils.window_digests import _hashable, rows_in, window_digests

pytestmark = [pytest.mark.integration, pytest.mark.drawn(2)]
MONTH = "trunc(day, 'month')"


def test_a_digest_is_the_number_of_rows_and_the_exact_sum_of_their_hashes(spark):
    rows = spark.range(500).select(F.expr("date_add(DATE'2024-01-01', CAST(id % 60 AS INT)) AS day"), "id")
    shape = rows.schema.simpleString()
    hashed = rows.select(
        F.expr(MONTH).alias("month"), F.xxhash64(F.lit(shape), *_hashable(rows)).alias("hash")
    )
    hashes = {}
    for row in hashed.collect():
        hashes.setdefault(row["month"].isoformat(), []).append(row["hash"])
    assert {each < 0 for found in hashes.values() for each in found} == {True, False}
    assert max(abs(sum(found)) for found in hashes.values()) > 2**63, "a sum of bigints would overflow"
    digests = window_digests(rows, F.expr(MONTH))
    assert digests == {month: f"{len(found)} {sum(found)}" for month, found in hashes.items()}
    assert sum(map(rows_in, digests.values())) == 500


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("parse_json('{\"a\": 1}')", "parse_json('{\"a\": 2}')"),
        ("struct(1 AS a, parse_json('1') AS b)", "struct(1 AS a, parse_json('2') AS b)"),
        ("map('a', 1)", "map('a', 2)"),
        ("array(struct(1 AS a))", "array(struct(2 AS a))"),
        ("CAST(1 AS decimal(38,9))", "CAST(2 AS decimal(38,9))"),
        ("INTERVAL 1 DAY", "INTERVAL 2 DAY"),
    ],
)
def test_another_value_of_any_type_is_another_digest(spark, one, other):
    first, again, changed = (
        window_digests(spark.sql(f"SELECT DATE'2024-01-01' AS day, {value} AS value"), F.expr(MONTH))
        for value in (one, one, other)
    )
    assert first == again != changed
