"""From landing to silver on real Delta: nothing is lost, nothing is doubled, whatever is delivered and wherever it stops."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from databricks_utils.quality import QuarantineShareError
from rows import record, write_drop

from flights.ingestion import load as bronze
from flights.ingestion.errors import BronzeMismatchError, LandingFileError, LandingProblems
from flights.ingestion.load import ingest
from flights.ingestion.sources import AIRLINES, FLIGHTS
from flights.monitoring.accounting import AccountingError, account, balance
from flights.transformations.silver import load as silver

pytestmark = pytest.mark.integration


def of(spark, context, source="flights"):
    return next(item for item in account(spark, context) if item.source == source)


def load_all(spark, context):
    ingest(spark, context)
    silver.load_silver(spark, context)
    balance(account(spark, context))


def lenient(context):
    """Let half of the records be bad: the tests' drops are tiny."""
    quality = context.config.quality.model_copy(update={"max_quarantined_share": 1.0})
    object.__setattr__(context, "config", context.config.model_copy(update={"quality": quality}))


@pytest.mark.slow
def test_the_same_drops_again_add_nothing_and_a_resent_one_updates(spark, context, landing):
    load_all(spark, context)
    first = of(spark, context)
    original = (landing / "flights" / "flights_1.csv.gz").read_bytes()
    (landing / "flights" / "flights_9.csv.gz").write_bytes(original)
    load_all(spark, context)
    assert of(spark, context) == first
    # The same name with other content: a correction, and the old record again beside it.
    write_drop(landing / "flights" / "flights_1.csv.gz", FLIGHTS, [record(arr_time="924", arr_delay="34")])
    write_drop(
        landing / "flights" / "flights_copy.csv.gz",
        FLIGHTS,
        [record(arr_time="924", arr_delay="34"), record(flight="2")],
    )
    load_all(spark, context)
    later = of(spark, context)
    assert (later.landed, later.silver, later.updated, later.duplicates) == (4, 2, 1, 1)
    delays = spark.table(context.table("silver", "flights")).where("flight_number = 1141").collect()
    assert [row["arrival_delay_minutes"] for row in delays] == [34]
    # The correction is taken back: the first content again, which is known, under the name that had another one since.
    (landing / "flights" / "flights_1.csv.gz").write_bytes(original)
    load_all(spark, context)
    back = of(spark, context)
    assert (back.landed, back.silver, back.updated, back.duplicates) == (5, 2, 1, 2)
    delays = spark.table(context.table("silver", "flights")).where("flight_number = 1141").collect()
    assert [row["arrival_delay_minutes"] for row in delays] == [33]
    load_all(spark, context)
    assert of(spark, context) == back


@pytest.mark.slow
def test_a_bad_delivery_stops_silver_until_it_is_delivered_anew(spark, context, landing):
    write_drop(landing / "flights" / "flights_1.csv.gz", FLIGHTS, [record(month="13"), record(month="14")])
    with pytest.raises(QuarantineShareError):
        load_all(spark, context)
    write_drop(landing / "flights" / "flights_1.csv.gz", FLIGHTS, [record(), record(flight="2")])
    load_all(spark, context)
    assert (of(spark, context).silver, of(spark, context).quarantined) == (2, 2)


@pytest.mark.slow
def test_odd_headers_and_malformed_lines_are_kept(spark, context, landing):
    lenient(context)
    odd = {"gate": "B2", "": "no name", "_corrupt_record": "not Spark's", "a`b.c": "backtick", "tail, wing": "text"}
    header = [*reversed(FLIGHTS.columns), *odd]
    values = ",".join({**record(flight="7"), **odd}[name] for name in header)
    write_drop(landing / "flights" / "b.csv.gz", FLIGHTS, [values], header=[f'"{name}"' for name in header])
    write_drop(landing / "flights" / "c.csv.gz", FLIGHTS, [record(flight="8"), "2013,1,1,too,short"])
    told = {loaded.source: loaded.unknown_columns for loaded in ingest(spark, context)}
    assert (told["flights"], told["planes"]) == (tuple(sorted(odd)), ())
    load_all(spark, context)
    bronze = spark.table(context.table("bronze", "flights"))
    assert [json.loads(row["_extra"]) for row in bronze.where("flight = '7'").collect()] == [odd]
    assert bronze.where("_corrupt_record = '2013,1,1,too,short'").count() == 1
    quarantine = spark.table(context.table("quarantine", "flights")).collect()
    assert [row["_failures"][0]["rule"] for row in quarantine] == ["record_is_complete"]
    assert (of(spark, context).landed, of(spark, context).quarantined) == (4, 1)


@pytest.mark.slow
def test_one_bad_file_stops_the_ingestion_before_anything_is_written(spark, context, landing):
    whole = gzip.compress(b"carrier,name\n" + b"AA,American\n" * 500)
    (landing / "airlines" / "cut.csv.gz").write_bytes(whole[:-15])
    with pytest.raises(LandingFileError, match=r"cut\.csv\.gz is cut off"):
        ingest(spark, context)
    assert all(spark.table(context.table("bronze", name)).isEmpty() for name in ("airlines", "flights"))
    (landing / "airlines" / "empty.csv").write_bytes(b"")
    with pytest.raises(LandingProblems, match="2 files cannot be loaded"):
        ingest(spark, context)
    (landing / "airlines" / "empty.csv").unlink()
    (landing / "airlines" / "cut.csv.gz").write_bytes(gzip.compress(b"carrier,name\nDL,Delta\n"))
    ingest(spark, context)
    assert spark.table(context.table("bronze", AIRLINES.name)).count() == 2


@pytest.mark.slow
def test_a_crash_between_checked_and_silver_loses_and_doubles_nothing(spark, context, landing, monkeypatch):
    lenient(context)
    write_drop(landing / "flights" / "b.csv.gz", FLIGHTS, [record(flight="8"), record(flight="9", air_time="1")])
    ingest(spark, context)
    with monkeypatch.context() as crash:
        crash.setattr(silver, "_merge_valid_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            silver.load_silver(spark, context)
    silver.load_silver(spark, context)
    balance(account(spark, context))
    assert (of(spark, context).silver, of(spark, context).quarantined) == (2, 1)
    # A row that goes missing is noticed.
    spark.sql(f"DELETE FROM {context.table('silver', 'flights')} WHERE flight_number = 8")
    with pytest.raises(AccountingError, match="do not add up"):
        balance(account(spark, context))


def test_an_append_whose_sight_is_outdated_doubles_nothing(spark, context, landing):
    # As after a kill: the statement of the killed run lives on, and lands after the next run has looked.
    ingest(spark, context)
    write_drop(landing / "flights" / "flights_2.csv.gz", FLIGHTS, [record(flight="7")])
    outdated = bronze._look_at(spark, context, FLIGHTS)
    ingest(spark, context)
    before = spark.table(context.table("bronze", "flights")).count()
    bronze._load(spark, context, outdated, datetime.now(UTC))
    assert spark.table(context.table("bronze", "flights")).count() == before


def test_a_load_that_left_something_out_is_told(spark, context, landing):
    ingest(spark, context)
    second = landing / "flights" / "flights_2.csv.gz"
    write_drop(second, FLIGHTS, [record(flight="7")])
    outdated = bronze._look_at(spark, context, FLIGHTS)
    # Another ingestion, which did not see that file, appends meanwhile.
    aside = second.rename(landing / "flights_2.csv.gz")
    write_drop(landing / "flights" / "flights_3.csv.gz", FLIGHTS, [record(flight="8")])
    ingest(spark, context)
    aside.rename(second)
    with pytest.raises(BronzeMismatchError) as told:
        bronze._load(spark, context, outdated, datetime.now(UTC))
    assert "run the ingestion again" in told.value.fix
    ingest(spark, context)
    assert spark.table(context.table("bronze", "flights")).where("flight = '7'").count() == 1
