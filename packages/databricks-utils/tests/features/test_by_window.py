"""A feature table that follows its source window by window equals the one that is made from scratch, after every kind of change."""

from collections.abc import Mapping

import pytest
from pyspark.sql import functions as F

from databricks_utils.catalog.history import data_version
from databricks_utils.catalog.tables import replace_table
from databricks_utils.features import BuiltFeatures, build_by_window, point_in_time_join, rate_history
from databricks_utils.steps import Step, StepRegister, run_step, table_step
from databricks_utils.window_digests import window_digests

pytestmark = pytest.mark.integration
SOURCE = "key int, day date, late int, note string"
ROWS: Mapping[int, tuple[str, int, str | None]] = {
    1: ("2024-01-05", 1, None),
    2: ("2024-01-20", 0, "a"),
    3: ("2024-02-03", 1, "b"),
    4: ("2024-02-27", 0, None),
    5: ("2024-03-10", 1, "c"),
}


def month():
    return F.trunc("day", "month")


def features(source, since):
    """Return a rate of all earlier outcomes, so that a changed row changes all later months."""
    timed = source.withColumns(
        {"at": F.col("day").cast("timestamp"), "known_at": F.date_add("day", 1).cast("timestamp")}
    )
    history = rate_history(
        timed, by=["one"], outcome="late", known_at="known_at", name="rate", prior=0.5, prior_rows=1
    )
    events = timed if since is None else timed.where(month() >= F.lit(since))
    joined = point_in_time_join(
        events.select("one", "key", "day", "at"),
        history,
        on=["one"],
        event_time="at",
        feature_time="rate_known_at",
    )
    return joined.select("key", month().alias("month"), F.coalesce("rate", F.lit(0.5)).alias("rate"))


class Project:
    """A source table, a feature table, and the step between them."""

    def __init__(self, spark, context):
        self.spark, self.context = spark, context
        self.source, self.table = context.table("silver", "notes"), context.table("features", "notes")
        self.code = "1"

    def deliver(self, rows):
        frame = self.spark.createDataFrame(
            [(key, *row) for key, row in rows.items()], "key int, day string, late int, note string"
        )
        replace_table(frame.withColumn("day", F.to_date("day")), self.source)

    def read(self):
        return self.spark.table(self.source).withColumn("one", F.lit(1))

    def run(self):
        register = StepRegister(self.spark, self.context)
        made = table_step(
            self.spark, self.context, "features", reads=[self.source], writes=[self.table], code=[]
        )
        step = Step(made.name, {**made.definition, "code": self.code}, made.inputs, made.outputs)

        def build():
            source = self.read()
            return build_by_window(
                register,
                step,
                source=source,
                source_window=month(),
                table=self.table,
                window="month",
                build=lambda since: features(source, since),
            )

        outcome = run_step(register, step, build, BuiltFeatures)
        rows = {tuple(row) for row in self.spark.table(self.table).collect()}
        assert rows == {tuple(row) for row in features(self.read(), None).collect()}
        return outcome.result


def test_only_the_changed_windows_and_later_ones_are_made_and_the_table_equals_a_full_one(spark, context):
    project, rows = Project(spark, context), dict(ROWS)
    project.deliver(rows)
    first = project.run()
    assert (first.rows, first.made, first.since) == (5, 5, None)

    def after(change, since, made):
        change()
        built = project.run()
        assert (built.made, built.since and built.since.isoformat()) == (made, since), built

    def write(**changes):
        for key, row in changes.items():
            rows[int(key[1:])] = row
        project.deliver(rows)

    after(lambda: write(_6=("2024-04-02", 1, None)), "2024-04-01", 1)  # a new month
    after(
        lambda: write(_7=("2024-02-10", 1, None)), "2024-02-01", 5
    )  # a late row changes the months after it too
    after(lambda: write(_3=("2024-02-03", 0, "b")), "2024-02-01", 5)  # a corrected outcome
    after(lambda: write(_3=("2024-03-03", 0, "b")), "2024-02-01", 5)  # a row that moves to another month
    after(
        lambda: project.deliver({key: row for key, row in rows.items() if key != 6}), "2024-04-01", 0
    )  # withdrawn
    version = data_version(spark, project.table)
    after(
        lambda: project.deliver({key: row for key, row in reversed(rows.items()) if key != 6}), None, 0
    )  # the same rows
    assert data_version(spark, project.table) == version, "nothing is written if no row has changed"
    after(lambda: spark.sql(f"OPTIMIZE {project.table}").collect(), None, 0)
    after(
        lambda: spark.sql(f"DELETE FROM {project.table} WHERE key = 1").collect(), None, 6
    )  # by another writer
    after(lambda: setattr(project, "code", "2"), None, 6)
    after(lambda: spark.sql(f"DROP TABLE {project.table}"), None, 6)
    after(lambda: spark.sql(f"ALTER TABLE {project.source} ADD COLUMNS (extra int)"), "2024-01-01", 6)
    after(lambda: write(_8=(None, 1, None)), None, 8)  # without a window, nothing is known about its place


def test_a_digest_sees_every_change_of_a_row_and_nothing_else(spark):
    def digest(*rows, columns=SOURCE):
        frame = spark.createDataFrame([(key, None, late, note) for key, late, note in rows], columns)
        return window_digests(frame, F.to_date(F.lit("2024-01-01")))

    same = digest((1, 1, "a"), (2, 0, "b"))
    assert digest((2, 0, "b"), (1, 1, "a")) == same
    others = [
        digest((1, 1, "a"), (2, 0, "c")),
        digest((1, 1, "b"), (2, 0, "a")),
        digest((1, 1, "a")),
        digest((1, 1, "a"), (2, 0, "b"), (2, 0, "b")),
        digest((1, 1, "a"), (2, 0, "b"), columns="key int, day date, late bigint, note string"),
        digest((1, 1, "a"), (2, 0, "b"), columns="key int, day date, late int, text string"),
    ]
    assert len({repr(each) for each in [same, *others]}) == len(others) + 1
    assert digest((1, None, "a")) != digest((1, 1, None))
    assert digest((5, None, None)) != digest((None, 5, None)), "a value that changes its column"
    nested = spark.sql(
        "SELECT map('a', 1) AS m, array(1, NULL) AS l UNION ALL SELECT map('a', 2), array(NULL, 1)"
    )
    one, two = (
        window_digests(nested.where(f"m['a'] = {value}"), F.to_date(F.lit("2024-01-01"))) for value in (1, 2)
    )
    assert one != two
