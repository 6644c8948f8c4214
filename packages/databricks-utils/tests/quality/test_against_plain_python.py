"""The engine judges as a few lines of plain Python do: hundreds of drawn rules, rows and tables in a few queries."""

import math
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from databricks_utils.quality import Group, Reference, Rule, Severity, Unique, annotate, counts

pytestmark = pytest.mark.integration

NAN, INFINITE = float("nan"), float("inf")


def drawn(strategy, count):
    """Some examples of a strategy, so that one query can judge them all."""
    found = []

    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate])
    @given(strategy)
    def collect(example):
        found.append(example)

    collect()
    return found


def number(x):
    """A number as Spark orders it: NaN equals itself and is greater than all others."""
    return (1, 0.0) if x is not None and math.isnan(x) else (0, x)


# Column → its values, and its conditions: SQL, and when it is true in plain Python (None: NULL, which is not true).
NUMBERS = [None, NAN, INFINITE, -INFINITE, -0.0, 0.0, 0.1, 1.5, -7.25, 1e300]
COLUMNS = {
    "n": (
        "int",
        [None, -5, -1, 0, 1, 2, 7, 2**31 - 1],
        [
            ("n > 1", lambda x: x > 1),
            ("n BETWEEN -1 AND 2", lambda x: -1 <= x <= 2),
            ("n IN (0, 7)", lambda x: x in (0, 7)),
            ("n % 2 = 0", lambda x: math.fmod(x, 2) == 0),
        ],
    ),
    "odd `x.y": (
        "double",
        NUMBERS,
        [
            ("`odd ``x.y` >= 0", lambda x: number(x) >= (0, 0.0)),
            ("`odd ``x.y` < 1.5D", lambda x: number(x) < (0, 1.5)),
            ("`odd ``x.y` = 0", lambda x: x == 0),
            ("`odd ``x.y` <= double('Infinity')", lambda x: not math.isnan(x)),
        ],
    ),
    "text": (
        "string",
        [None, "", "a", "ab", "é", "日本語", "it's", "a\\b", "NULL", "x" * 250],
        [
            ("char_length(text) >= 2", lambda x: len(x) >= 2),
            ("text RLIKE '^[a-z]*$'", lambda x: all("a" <= sign <= "z" for sign in x)),
            ("text <> 'it\\'s' /* one */", lambda x: x != "it's"),
            ("text IN ('a', 'NULL', ')')", lambda x: x in ("a", "NULL")),
        ],
    ),
    "price": (
        "decimal(38,2)",
        [None, Decimal("0.00"), Decimal("-0.01"), Decimal("9" * 36 + ".99")],
        [("price >= 0", lambda x: x >= 0), ("price < 1e10BD", lambda x: x < 10**10)],
    ),
    "select": (
        "boolean",
        [None, True, False],
        [("`select`", lambda x: x), ("NOT `select`", lambda x: not x)],
    ),
}
CONDITIONS = [(name, *condition) for name, (_, _, own) in COLUMNS.items() for condition in own]
WRAPPERS = {
    "{0}": lambda x, holds: x is not None and holds(x),
    "{1} IS NULL OR ({0})": lambda x, holds: x is None or holds(x),
    "{1} IS NOT NULL AND ({0})": lambda x, holds: x is not None and holds(x),
    "coalesce({0}, true)": lambda x, holds: x is None or holds(x),
}
RULES = st.tuples(
    st.sampled_from(CONDITIONS),
    st.sampled_from(list(WRAPPERS)),
    st.sampled_from(list(Severity)),
    st.booleans(),  # the condition is a Column
    st.sampled_from([None, "text", "column", "masked"]),
)
ROWS = st.tuples(*(st.sampled_from(values) for _, values, _ in COLUMNS.values()))


def as_rule(place, given_rule):
    from pyspark.sql import functions as F

    (name, sql, _), wrapper, severity, is_column, value = given_rule
    quoted = f"`{name.replace('`', '``')}`"
    expression = wrapper.format(sql, quoted)
    return Rule(
        f"rule_{place}",
        F.expr(expression) if is_column else expression,
        f"it's \\ {place} ${{env:HOME}}",
        severity,
        value=F.col(quoted) if value == "column" else quoted if value else None,
        masked=value == "masked",
    )


def expected(given_rule, row):
    """None if the row meets the rule, else the value that its failure shows."""
    (name, _, holds), wrapper, _, _, value = given_rule
    x = row[list(COLUMNS).index(name)]
    if WRAPPERS[wrapper](x, holds):
        return None
    return (shown(x) if value in ("text", "column") else "***" if value else None,)


def shown(x):
    """A value as Spark writes it, cut after 200 characters."""
    if isinstance(x, bool):
        return str(x).lower()
    if isinstance(x, float):
        special = {INFINITE: "Infinity", -INFINITE: "-Infinity", 1e300: "1.0E300"}
        return "NaN" if math.isnan(x) else special.get(x, repr(x))
    return None if x is None else str(x)[:200]


@pytest.mark.parametrize("count", [1, 40, 150])
def test_rules_about_rows_fail_the_rows_that_fail_in_plain_python(spark, count):
    rules, rows = drawn(RULES, count)[:count], drawn(ROWS, 60)
    declared = [as_rule(place, rule) for place, rule in enumerate(rules)]
    schema = ", ".join(f"`{name.replace('`', '``')}` {kind}" for name, (kind, _, _) in COLUMNS.items())
    frame = spark.createDataFrame([(place, *row) for place, row in enumerate(rows)], f"place int, {schema}")
    annotated = annotate(frame, declared)
    judged = annotated.select("place", "_failures", "_valid").collect()
    assert sorted(row["place"] for row in judged) == list(range(len(rows)))
    failures = Counter()
    for row in judged:
        found = {
            f"rule_{place}": value[0]
            for place, rule in enumerate(rules)
            if (value := expected(rule, rows[row["place"]])) is not None
        }
        failures.update(list(found))
        assert {item["rule"]: item["value"] for item in row["_failures"]} == found
        order = [int(item["rule"].removeprefix("rule_")) for item in row["_failures"]]
        assert order == sorted(order)
        severities = {item["severity"] for item in row["_failures"]}
        assert row["_valid"] is (severities <= {"warning"})
        assert all(item["reason"].endswith("${env:HOME}") for item in row["_failures"])
    if count > 1:
        counted = counts(annotated, declared)
        assert {item.rule: item.failed for item in counted} == {
            rule.name: failures[rule.name] for rule in declared
        }
        assert {item.checked for item in counted} == {len(rows)}


# Small tables; each case is a table of its own, because the number of the case is a part of every key.
KEY = st.tuples(
    st.sampled_from([None, NAN, -0.0, 0.0, 1.0]),
    st.sampled_from([None, b"", b"\xff\x00", b"a"]),
    st.sampled_from([None, (1, None), (1, "x"), (None, None)]),
)
CASES = st.tuples(
    st.lists(
        st.tuples(KEY, st.sampled_from([None, 1, 2]), st.sampled_from([None, 2.0, NAN, 10.0])), max_size=6
    ),
    st.lists(st.tuples(KEY, st.sampled_from([None, 1, 2])), max_size=3),
)


def plain(value):
    """A value that Python holds equal to others where Spark does: NaN equals NaN, and -0.0 equals 0.0."""
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else value + 0.0
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


def shared(rows, existing, *, by_thing):
    """The keys that several rows have, or several things if rows describe things."""
    holders = defaultdict(list)
    for key, thing, *_ in (*rows, *existing):
        if None not in key:
            holders[plain(key)].append(thing)
    return {key for key, things in holders.items() if len(set(things) if by_thing else things) > 1}


def failing(rows, existing):
    """The rules that each row of a case fails."""
    repeated = shared(rows, (), by_thing=False)
    contested = shared(rows, existing, by_thing=True)
    known = {plain(key) for key, _ in existing if None not in key}
    sizes, measures = Counter(thing for _, thing, _ in rows), defaultdict(list)
    for _, thing, measure in rows:
        measures[thing].append(measure)
    for key, thing, _ in rows:
        given_key = None not in key
        values = [x for x in measures[thing] if x is not None]
        average = sum(values) / len(values) if values else None
        yield {
            name
            for name, fails in {
                "unique": plain(key) in repeated,
                "things": plain(key) in contested,
                "known": given_key and plain(key) not in known,
                "size": sizes[thing] < 2,
                "average": average is None or not 2 <= average <= 6,
                "average_if_any": average is not None and not 2 <= average <= 6,
            }.items()
            if fails
        }


def test_rules_over_several_rows_fail_the_rows_that_fail_in_plain_python(spark):
    columns = ("case", "x", "bytes", "inner struct")
    rules = [
        Unique("unique", columns, "why", broadcast=False),
        Unique("things", columns, "why", same=("thing",), existing="today"),
        Reference("known", columns, "today", "why"),
        Group("size", ("case", "thing"), "count(*)", "why", at_least=2),
        Group("average", ("case", "thing"), "avg(m)", "why", at_least=2, at_most=6.0),
        Group("average_if_any", ("case", "thing"), "avg(m)", "why", at_least=2, at_most=6, null_passes=True),
        Rule("fine", "case >= 0", "why"),
    ]
    cases = drawn(CASES, 250)
    key = "case int, place int, x double, bytes binary, `inner struct` struct<a:int,b:string>, thing int"
    rows = [
        (case, place, *key_, thing, measure)
        for case, (own, _) in enumerate(cases)
        for place, (key_, thing, measure) in enumerate(own)
    ]
    today = [(case, 0, *key_, thing) for case, (_, others) in enumerate(cases) for key_, thing in others]
    frame = spark.createDataFrame(rows, f"{key}, m double").repartition(2)
    annotated = annotate(frame, rules, tables={"today": spark.createDataFrame(today, key)})
    assert annotated.columns == [*frame.columns, "_failures", "_valid"]
    judged = annotated.select("case", "place", "_failures").collect()
    assert Counter((row["case"], row["place"]) for row in judged) == Counter(row[:2] for row in rows)
    found = {(row["case"], row["place"]): {item["rule"] for item in row["_failures"]} for row in judged}
    wanted = {
        (case, place): names
        for case, (own, others) in enumerate(cases)
        for place, names in enumerate(failing(own, others))
    }
    assert found == wanted
    assert {name for names in wanted.values() for name in names} == {rule.name for rule in rules[:-1]}
