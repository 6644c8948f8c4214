"""SQL of rules and checks reads tables and computes; what runs programs, calls Java, or reads files and secrets is refused. No Spark."""

import pytest

from databricks_utils.quality import Check, Group, Query, Rule, RuleDeclarationError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT TRANSFORM(1) USING 'echo 7; touch x' AS (n INT)", "runs a program"),
        ("FROM {table} MAP id uſing r'cat' AS n", "runs a program"),
        ('SELECT TRANSFORM(1) USING /* x */ "cat"', "runs a program"),
        ("SELECT reflect('java.lang.Math', 'random')", "calls a method of Java: `reflect`"),
        ("SELECT `Java_Method` /* x */ ('java.lang.Math', 'random')", "calls a method of Java"),
        ("SELECT system.builtin.try_reflect('a', 'b')", "calls a method of Java"),
        ("SELECT \"reflect\"('a', 'b')", "calls a method of Java"),
        ("SELECT IDENTIFIER('ref' || 'lect')('a', 'b')", "makes a name of a text"),
        ("SELECT count(*) FROM csv.`/etc/passwd`", "reads a file by its path"),
        ("SELECT count(*) FROM Text . passwd", "reads a file by its path"),
        ("SELECT count(*) FROM a, `org.x.CsvFormat`.`/etc/passwd`", "reads a file by its path"),
        ("SELECT count(*) FROM read_files('/etc')", "reads something else than a table"),
        ("SELECT length(secret('scope', 'key'))", "reads secrets"),
        ("SELECT http_request(conn => 'x')", "sends values"),
        ("SELECT 1) -- \\", "comment that goes on in the next line"),
        ("SELECT 1 -- x\rWHERE reflect('a')", "calls a method of Java"),
        ("SELECT /* /* */ ' */ reflect('a') -- '", "calls a method of Java"),
    ],
)
def test_sql_that_does_more_than_read_is_refused_in_every_kind_of_rule(sql, why):
    for make in (
        lambda: Query("q", sql, "why", at_least=0),
        lambda: Check("q", sql, "why", at_least=0),
        lambda: Group("q", (), sql, "why", at_least=0),
        lambda: Rule("q", sql, "why"),
        lambda: Rule("q", "true", "why", value=sql),
    ):
        with pytest.raises(RuleDeclarationError, match="the SQL of `q`") as refused:
            make()
        assert why in refused.value.summary
        assert "reads tables and computes" in refused.value.fix


def test_a_text_that_cannot_be_read_is_refused_if_it_names_such_a_function():
    with pytest.raises(RuleDeclarationError, match="may call a function"):
        Rule("q", "reflect ('a') = @", "why")
    Rule("q", "a = @", "why")


@pytest.mark.parametrize(
    "sql",
    [
        "exists(transform(a, x -> x + 1), x -> x > 1)",
        "reflect > 1 AND `java_method` IS NOT NULL AND count(secret) > 1",
        "note <> \"reflect('a', 'b') USING 'x'\"",
        "SELECT count(*) FROM {table} AS a JOIN {b} AS c USING (id) WHERE c.`a/b` > 1 -- reflect(1)\n",
        "SELECT json.id FROM {table} AS json, text.orders",
        "SELECT count(*) /* reflect() */ FROM prod.silver.orders",
    ],
)
def test_sql_that_reads_and_computes_is_taken(sql):
    assert Rule("q", sql, "why").expression == sql
