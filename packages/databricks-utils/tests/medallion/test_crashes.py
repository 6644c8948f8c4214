"""A process that dies at any of its writes, before or after the commit: the same call again gives the undisturbed result.

Each run draws one of the seventy-six crashes; `LAKEWRIGHT_SEED=7` repeats a draw, `LAKEWRIGHT_EVERY_CRASH=1` makes all of them.
"""

import os
import random
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from kept import Kept
from shop import alone

from databricks_utils.catalog import tables
from databricks_utils.quality import Rule

pytestmark = pytest.mark.integration
RELAXED = alone(rules=(Rule("amount_is_positive", "amount_eur > -5", "amount is missing, or too small"),))
MOMENTS = {"_ingested_at", "_judged_at"}


@dataclass(frozen=True)
class Step:
    """A step of the walk.

    Attributes:
        start: The fixture with the shop that it starts from.
        call: The step.
        writes: The table of each of its writes, in this order.
    """

    start: str
    call: Callable
    writes: tuple[str, ...]


def walk(shop):
    shop.medallion().ingest()
    shop.medallion().transform()


def judge_again(shop):
    shop.medallion(RELAXED).transform("judge_again")


def rebuild(shop):
    shop.medallion(RELAXED).transform("rebuild")


STEPS = {
    "first walk": Step(
        "kept_empty",
        walk,
        (
            *("bronze.orders", "bronze.orders", "ops.deliveries", "ops.deliveries", "ops.steps", "ops.steps"),
            *("ops.progress", "silver.orders", "silver.orders_checked", "quarantine.orders"),
            *("silver.orders_checked", "silver.orders", "ops.quality_metrics", "ops.quality_metrics"),
            *("ops.progress", "ops.steps"),
        ),
    ),
    "next walk": Step(
        "kept_delivered",
        walk,
        (
            *("bronze.orders", "ops.deliveries", "ops.steps", "silver.orders_checked", "silver.orders"),
            *("ops.quality_metrics", "ops.progress", "ops.steps"),
        ),
    ),
    "redelivery": Step(
        "kept_redelivered",
        walk,
        (
            *("bronze.orders", "ops.deliveries", "ops.steps", "silver.orders_checked", "silver.orders"),
            *("silver.orders", "ops.quality_metrics", "ops.progress", "ops.steps"),
        ),
    ),
    "judging again": Step(
        "kept_walked", judge_again, ("silver.orders_checked", "silver.orders", "ops.progress", "ops.steps")
    ),
    "rebuild": Step(
        "kept_walked",
        rebuild,
        (
            *("ops.progress", "silver.orders_checked", "silver.orders", "ops.quality_metrics"),
            *("ops.progress", "ops.steps"),
        ),
    ),
}
CRASHES = [
    (name, place, moment)
    for name, step in STEPS.items()
    for place in range(len(step.writes))
    for moment in ("before", "after")
]
SEED = int(os.environ.get("LAKEWRIGHT_SEED") or random.SystemRandom().randrange(10_000))
CHOSEN = CRASHES if os.environ.get("LAKEWRIGHT_EVERY_CRASH") else [random.Random(SEED).choice(CRASHES)]


class Died(BaseException):
    """Stands in for the end of the process."""


@pytest.fixture(scope="module")
def crashing(open_shop):
    return open_shop("crashing")


@pytest.fixture(scope="module")
def kept_empty(crashing, tmp_path_factory):
    return Kept(crashing, tmp_path_factory.mktemp("kept_empty"))


@pytest.fixture(scope="module")
def kept_delivered(kept_empty, tmp_path_factory):
    """Order 1 is in silver; orders 2 and 3 are delivered, and 3 is invalid."""
    shop = kept_empty.restore()
    shop.walk()
    ann = {"number": "2", "customer": "ann", "amount": "5"}
    shop.deliver("orders", "o2", ann, {**ann, "number": "3", "amount": "-1"})
    return Kept(shop, tmp_path_factory.mktemp("kept_delivered"))


@pytest.fixture(scope="module")
def kept_walked(kept_delivered, tmp_path_factory):
    shop = kept_delivered.restore()
    shop.walk()
    return Kept(shop, tmp_path_factory.mktemp("kept_walked"))


@pytest.fixture(scope="module")
def kept_redelivered(kept_walked, tmp_path_factory):
    """Orders 1 and 2 are in silver, and 3 is in quarantine; the file with 2 and 3 is delivered again with 4 alone."""
    shop = kept_walked.restore()
    shop.deliver("orders", "o2", {"number": "4", "customer": "ann", "amount": "5"})
    return Kept(shop, tmp_path_factory.mktemp("kept_redelivered"))


@pytest.fixture(scope="module")
def undisturbed(request):
    """What a step leaves behind if nothing dies, by name; each step is done once."""
    found = {}

    def contents_after(name):
        if name not in found:
            step = STEPS[name]
            shop = request.getfixturevalue(step.start).restore()
            with watched() as written:
                step.call(shop)
            assert tuple(written) == step.writes
            found[name] = contents(shop)
        return found[name]

    return contents_after


@contextmanager
def watched(*, dies_at=None, moment=""):
    """Yield the names of the tables that are written; the process dies before or after one of the commits."""
    written, original = [], tables.committing

    @contextmanager
    def committing(table):
        place = len(written)
        layer, name = table.replace("`", "").split(".")[1:]
        written.append(f"{layer.rpartition('_')[2]}.{name}")
        if (place, moment) == (dies_at, "before"):
            raise Died
        with original(table):
            yield
        if (place, moment) == (dies_at, "after"):
            raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "committing", committing)
        yield written


def contents(shop):
    """Return the rows of every table as text, without the moments at which they were made."""
    found = {}
    for layer, name in (
        ("bronze", "orders"),
        ("silver", "orders_checked"),
        ("silver", "orders"),
        ("quarantine", "orders"),
    ):
        frame = shop.spark.table(shop.context.table(layer, name))
        columns = [column for column in frame.columns if column not in MOMENTS]
        found[f"{layer}.{name}"] = sorted(str(row) for row in frame.select(*columns).collect())
    return found


@pytest.mark.parametrize(("name", "place", "moment"), CHOSEN)
def test_the_same_call_after_a_crash_gives_the_undisturbed_result(request, undisturbed, name, place, moment):
    print(f"LAKEWRIGHT_SEED={SEED}")
    step, expected = STEPS[name], undisturbed(name)
    shop = request.getfixturevalue(step.start).restore()
    with watched(dies_at=place, moment=moment) as written, pytest.raises(Died):
        step.call(shop)
    assert tuple(written) == step.writes[: place + 1]
    step.call(shop)
    assert contents(shop) == expected
    shop.account()
