"""A file that is delivered again under its name replaces its earlier delivery, in every table; under another name it adds to it."""

import pytest
from shop import LATE, ORDERS, alone, customers, orders

from databricks_utils.medallion import AccountingError
from databricks_utils.medallion.bronze.comparison import compare
from databricks_utils.medallion.bronze.ingestion import ingest
from databricks_utils.medallion.landing import files
from databricks_utils.medallion.silver import refinement
from databricks_utils.quality import QuarantineShareError

pytestmark = [pytest.mark.integration, pytest.mark.drawn(1)]
AMOUNTS = "order_number;amount_eur"


def order(number, amount="5"):
    return {"number": str(number), "customer": "ann", "amount": str(amount)}


def rebuilt(shop):
    """The rows of silver and quarantine after a rebuild, which must be what they were before it."""
    before = shop.rows("silver", columns=AMOUNTS), shop.rows("quarantine")
    shop.medallion().rebuild()
    assert (shop.rows("silver", columns=AMOUNTS), shop.rows("quarantine")) == before
    shop.account()
    return before


def test_a_record_less_and_a_corrected_key_withdraw_the_old_rows(walked):
    walked.deliver("orders", "o2", order(1, 7), order(2), order(3), order(4, -1))
    walked.walk()
    assert (walked.rows("silver", columns=AMOUNTS), walked.rows("quarantine")) == (
        [(1, 7.0), (2, 5.0), (3, 5.0)],
        [4],
    )
    # Order 1 is left out: that of the other file counts again. 2 was in truth 20, 3 is invalid now, 4 was a mistake.
    walked.deliver("orders", "o2", order(20), order(3, -1))
    refined = walked.walk()
    assert (refined.judged, refined.quarantined, refined.superseded) == (2, 1, 4)
    assert (walked.rows("silver", columns=AMOUNTS), walked.rows("quarantine")) == (
        [(1, 10.0), (20, 5.0)],
        [3],
    )
    account = walked.account()
    assert (account.landed, account.silver, account.quarantined, account.superseded) == (7, 2, 1, 4)
    assert walked.refine().judged == 0
    rebuilt(walked)


def test_a_delivery_without_records_withdraws_all_of_its_file(walked):
    walked.deliver("orders", "o2", order(2), order(3))
    walked.walk()
    walked.deliver("orders", "o2")
    walked.walk()
    account = walked.account()
    assert (walked.rows("silver"), account.landed, account.superseded) == ([1], 3, 2)
    assert walked.refine().judged == 0
    walked.deliver("orders", "o3", order(3, 6))
    walked.walk()
    assert rebuilt(walked) == ([(1, 10.0), (3, 6.0)], [])


def test_a_redelivery_that_is_refused_leaves_silver_as_it_was_until_a_good_one_comes(walked):
    strict = (alone(max_quarantined_share=0.4),)
    walked.deliver("orders", "o1", order(1, -1), order(2, -1))
    with pytest.raises(QuarantineShareError, match="2 of 2 rows"):
        walked.walk(*strict)
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([1], [1, 2])
    walked.deliver("orders", "o1", order(2), order(3))
    walked.walk(*strict)
    assert (walked.rows("silver"), walked.rows("quarantine")) == ([2, 3], [])
    assert walked.account(*strict).superseded == 3


def test_a_crash_between_the_tables_is_made_good_by_the_next_transformation(walked, monkeypatch):
    walked.deliver("orders", "o1", order(2))
    with monkeypatch.context() as crash:
        crash.setattr(refinement, "withdraw", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            walked.walk()
    assert walked.rows("silver") == [1, 2]
    with pytest.raises(AccountingError, match="do not add up"):
        walked.account()
    walked.refine()
    assert walked.rows("silver") == [2]
    walked.account()


def test_a_dropped_bronze_that_is_loaded_again_comes_right_by_itself(walked):
    walked.deliver("orders", "o2", order(2), order(3, -1))
    walked.walk()
    before = walked.account()
    archived = walked.context.landing / "orders" / "o2.csv.gz"
    content = archived.read_bytes()
    archived.unlink()
    walked.walk()
    assert walked.account() == before
    walked.spark.sql(f"DROP TABLE {walked.context.table('bronze', 'orders')}")
    walked.walk()
    with pytest.raises(AccountingError, match="bronze lacks the records of 1 file of orders") as refusal:
        walked.account()
    assert "o2.csv.gz: 2 records, 0 in bronze" in refusal.value.detail
    assert (walked.rows("silver"), walked.rows("quarantine")) == (
        [1, 2],
        [3],
    )  # nothing is withdrawn because of it
    archived.write_bytes(content)
    walked.walk()
    assert walked.account().counts() == before.counts()
    rebuilt(walked)


def test_a_file_that_nobody_has_any_more_can_be_given_up(walked):
    path = walked.deliver("orders", "o2", order(2))
    walked.walk()
    path.unlink()
    walked.spark.sql(f"DROP TABLE {walked.context.table('bronze', 'orders')}")
    walked.walk()
    with pytest.raises(AccountingError) as refusal:
        walked.account()
    statement = next(line for line in refusal.value.fix.splitlines() if "DELETE FROM" in line)
    walked.spark.sql(statement[statement.index("DELETE") :].rstrip(";")).collect()
    walked.medallion().rebuild()
    assert walked.account().landed == 1
    assert walked.rows("silver") == [1]


def test_a_file_that_no_ingestion_loaded_is_named_by_the_accounting(walked):
    walked.deliver("orders", "o2", order(2))
    assert walked.account().files.waiting == ("o2.csv.gz",)
    both = (customers(), orders())
    walked.deliver("customers", "c1", {"id": "ann", "country": "NL"})
    walked.medallion(*both).ingest(only=["customers"])
    walked.medallion(*both).refine(only=["customers"])
    with pytest.raises(
        AccountingError, match="1 file of orders in the landing folder, not in bronze"
    ) as refusal:
        walked.account(*both)
    assert refusal.value.detail == "o2.csv.gz: 1 record"
    walked.walk(*both)
    assert walked.account(*both).landed == 2


def test_known_files_are_not_read_again(walked, monkeypatch):
    monkeypatch.setattr(files, "_SETTLED_MICROS", -(10**12))  # no file is too recent
    walked.deliver("orders", "o2", LATE)
    walked.medallion().ingest()
    monkeypatch.setitem(compare.__kwdefaults__, "digest", None)
    (ingested,) = ingest(walked.spark, walked.context, [ORDERS])
    assert (ingested.files, ingested.known) == (0, 2)
