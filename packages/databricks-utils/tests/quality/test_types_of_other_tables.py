"""Values of two tables are compared only if the comparison changes none: no row is lost or added, and no value is taken for another."""

from decimal import Decimal

import pytest

from databricks_utils.quality import Reference, RuleRefusedError, Unique, annotate, check_columns

pytestmark = [pytest.mark.integration, pytest.mark.drawn(3)]

COMPARABLE = [
    ("int", "bigint"),
    ("int", "decimal(20,2)"),
    ("decimal(10,2)", "decimal(38,2)"),
    ("float", "double"),
    ("string", "varchar(9)"),
    ("date", "date"),
    ("struct<a: int>", "struct<a: int>"),
]
NOT_COMPARABLE = [
    ("int", "string"),
    ("string", "int"),
    ("double", "decimal(38,20)"),
    ("double", "bigint"),
    ("decimal(38,0)", "decimal(38,10)"),
    ("bigint", "decimal(38,20)"),
    ("timestamp", "timestamp_ntz"),
    ("date", "timestamp"),
    ("date", "string"),
]


def rules_of(one, other):
    return (
        Reference("known", ("k",), "other", "unknown"),
        Unique("once", ("k",), "twice", same=("id",), existing="other"),
    )


def table(spark, kind, value="CAST(NULL AS {})"):
    return spark.sql(f"SELECT 1 AS id, {value.format(kind)} AS k")


def test_types_that_spark_compares_without_a_loss_are_taken_and_others_refused_before_a_row_is_read(spark):
    for one, other in COMPARABLE:
        rows = table(spark, one)
        for rule in rules_of(one, other):
            check_columns(rows, [rule], tables={"other": table(spark, other)})
        assert annotate(rows, rules_of(one, other), tables={"other": table(spark, other)}).count() == 1
    for one, other in NOT_COMPARABLE:
        for rule in rules_of(one, other):
            with pytest.raises(RuleRefusedError, match=f"`{rule.name}`") as refused:
                check_columns(table(spark, one), [rule], tables={"other": table(spark, other)})
            assert one.partition("(")[0].upper() in str(refused.value), (one, other)


@pytest.mark.parametrize(
    ("rows", "others"),
    [
        ("SELECT 1 AS id, INT(col1) AS k FROM VALUES (1), (2)", "('1'), ('01'), (' 1'), ('2')"),
        ("SELECT 1 AS id, 0.1D AS k", "(0.10000000000000000000BD), (0.10000000000000000001BD)"),
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_rows_are_not_multiplied_by_values_that_become_one_in_the_comparison(spark, rows, others, place):
    frame, other = spark.sql(rows), spark.sql(f"SELECT 2 AS id, col1 AS k FROM VALUES {others}")
    rule = rules_of("", "")[place]
    with pytest.raises(RuleRefusedError, match="Spark would change values"):
        check_columns(frame, [rule], tables={"other": other})
    with pytest.raises(Exception, match=f"quality: `{rule.name}` compares .* with .*; cast one of them"):
        annotate(frame, [rule], tables={"other": other}).collect()
    # The other way round, and as a Column that is cast.
    with pytest.raises(Exception, match=f"quality: `{rule.name}` compares"):
        annotate(other, [rule], tables={"other": frame}).collect()


def test_a_cast_column_is_compared_and_each_row_stays_one(spark):
    frame = spark.sql("SELECT col1 AS id, col1 AS k FROM VALUES (1), (2), (3)")
    other = spark.sql("SELECT 9 AS id, col1 AS k FROM VALUES ('1'), ('01'), (' 1'), ('2')")
    texts = (frame["k"].cast("string"),)
    rule = Reference("known", texts, "other", "unknown", to_columns=("k",))
    check_columns(frame, [rule], tables={"other": other})
    judged = annotate(frame, [rule], tables={"other": other})
    assert sorted((row["id"], row["_valid"]) for row in judged.collect()) == [
        (1, True),
        (2, True),
        (3, False),
    ]
    exact = spark.createDataFrame([(1, Decimal("0.10"))], "id int, k decimal(10, 2)")
    same = spark.createDataFrame([(2, Decimal("0.1")), (3, Decimal("0.100"))], "id int, k decimal(20, 5)")
    judged = annotate(exact, rules_of("", ""), tables={"other": same}).collect()
    assert [[failure["rule"] for failure in row["_failures"]] for row in judged] == [["once"]]


def test_the_comparison_of_types_costs_nothing_when_rows_are_read(spark, capsys):
    frame = spark.sql("SELECT id, id AS k FROM range(9)")
    other = spark.sql("SELECT INT(id) AS id, INT(id) AS k FROM range(5)")
    for rule in rules_of("", ""):
        annotate(frame, [rule], tables={"other": other}).explain()
        plan = capsys.readouterr().out
        assert "raise_error" not in plan
        assert "typeof" not in plan
        assert "HashJoin" in plan or "SortMergeJoin" in plan
        assert "NestedLoopJoin" not in plan


def test_columns_with_the_names_of_ours_are_refused_together(spark):
    from databricks_utils.quality import Group, Rule

    frame = spark.sql("SELECT 1 AS id, 2 AS _quality_rule_1")
    rules = [Rule("small", "_quality_rule_1 < 5", "large"), Group("whole", (), "count(*)", "few", at_least=1)]
    with pytest.raises(RuleRefusedError, match="cannot evaluate the rules together") as refused:
        check_columns(frame, rules)
    assert "_quality…" in refused.value.fix
