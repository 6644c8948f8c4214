"""A small shop: customers, and orders that need them."""

import os

from databricks_utils.medallion import Entity, Medallion, Raw, Source
from databricks_utils.quality import Rule
from databricks_utils.testing import write_drop

LONG_AGO = 1_600_000_000  # seconds since 1970
CUSTOMERS = Source("customers", ("id", "country"), "One customer")
ORDERS = Source("orders", ("number", "customer", "amount"), "One order")
RAW = Raw(missing=("NA",))
LATE = {"number": "2", "customer": "bob", "amount": "5"}  # bob is registered later
POSITIVE = Rule("amount_is_positive", "amount_eur > 0", "amount is missing, or not above 0")
KNOWN = Rule("customer_is_known", "country IS NOT NULL", "there is no such customer")


def typed_customers(records):
    return records.withColumn("customer", RAW.text("id")).withColumn("country", RAW.text("country"))


def typed_orders(records, customers):
    read = (
        records.withColumn("order_number", RAW.whole("number"))
        .withColumn("amount_eur", RAW.decimal("amount"))
        .withColumn("customer", RAW.text("customer"))
    )
    return read.join(customers.select("customer", "country"), "customer", "left")


def customers(**changes):
    return Entity(CUSTOMERS, typed_customers, keys=("customer",), columns=("country",), **changes)


def orders(**changes):
    fields = {
        "source": ORDERS,
        "read": typed_orders,
        "keys": ("order_number",),
        "columns": ("customer", "amount_eur"),
        "rules": (POSITIVE, KNOWN),
        "needs": ("customers",),
        "max_quarantined_share": 1.0,
        **changes,
    }
    return Entity(**fields)


def typed_alone(records):
    return (
        records.withColumn("order_number", RAW.whole("number"))
        .withColumn("amount_eur", RAW.decimal("amount"))
        .withColumn("customer", RAW.text("customer"))
    )


def nothing_of(records):
    return typed_alone(records).where("false")


def alone(**changes):
    """Orders without customers: half the tables, for tests that are not about what an entity needs."""
    return orders(**{"read": typed_alone, "rules": (POSITIVE,), "needs": (), **changes})


class Shop:
    """The shop's medallion in one test, its landing folder, and questions about its tables."""

    def __init__(self, spark, context):
        self.spark, self.context = spark, context
        self.deliver("orders", "o1", {"number": "1", "customer": "ann", "amount": "10"})

    def medallion(self, *entities):
        return Medallion(self.spark, self.context, entities or (alone(),))

    def deliver(self, source, name, *records, header=None):
        columns = header or {"customers": CUSTOMERS, "orders": ORDERS}[source].columns
        return write_drop(self.context.landing / source / f"{name}.csv.gz", columns, records)

    def walk(self, *entities):
        """Ingest and refine; return the result for orders."""
        medallion = self.medallion(*entities)
        medallion.ingest()
        return next(item for item in medallion.refine() if item.entity == "orders")

    def settle(self):
        """Let the landing files be older than any listing of their folders."""
        for path in self.context.landing.glob("*/*"):
            os.utime(path, (LONG_AGO, LONG_AGO))

    def refine(self, *entities):
        """Refine orders alone; return the result."""
        (refined,) = self.medallion(*entities).refine(only=("orders",))
        return refined

    def account(self, *entities):
        """Check the accounts; return that of orders."""
        accounts = {item.source: item for item in self.medallion(*entities).account()}
        for item in accounts.values():
            item.balance()
        return accounts["orders"]

    def rows(self, layer, name="orders", columns="order_number"):
        return sorted(
            row[0] if len(row) == 1 else tuple(row)
            for row in self.spark.table(self.context.table(layer, name))
            .selectExpr(*columns.split(";"))
            .collect()
        )
