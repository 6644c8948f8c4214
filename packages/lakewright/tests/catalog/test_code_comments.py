"""The faster pattern for the comments of generated code finds what Spark's finds, and Spark uses it."""

import random

import pytest

pytestmark = pytest.mark.integration
_PIECES = (" ", "  ", "\t", "|", "\n", "/", "*", "/*", "*/", "//", "x", "é", "\r")


@pytest.fixture
def comments(spark):
    """The object with both patterns."""
    return getattr(getattr(spark._jvm.lakewright, "CodeComments$"), "MODULE$")


@pytest.fixture
def formatter(spark):
    """The object of Spark that removes comments."""
    codegen = spark._jvm.org.apache.spark.sql.catalyst.expressions.codegen
    return getattr(getattr(codegen, "CodeFormatter$"), "MODULE$")


def test_spark_uses_it(spark, comments, formatter):
    spark.range(1).collect()
    assert formatter.commentRegexp().pattern().pattern() == comments.Linear().pattern()
    assert formatter.stripExtraNewLinesAndComments("a /* b */ c\n  // d\n\n\ne") == "a c\ne"


def test_it_removes_what_sparks_own_removes(spark, comments):
    own = spark._jvm.java.util.regex.Pattern.compile(comments.OfSpark())
    chosen = random.Random(7)
    texts = ["".join(chosen.choices(_PIECES, k=chosen.randrange(30))) for _ in range(1500)]
    found = [(text, own.matcher(text).replaceAll("")) for text in texts]
    assert sum(text != left for text, left in found) > 300
    assert [comments.Linear().matcher(text).replaceAll("") for text, _ in found] == [
        left for _, left in found
    ]


def test_a_pattern_of_another_version_of_spark_stays(spark, comments):
    regex = spark._jvm.scala.util.matching.Regex
    for text in ("x+", comments.OfSpark() + " "):
        other = regex(text, spark._jvm.scala.collection.immutable.Nil.toSeq())
        comments.speedUp(other)
        assert other.pattern().pattern() == text
