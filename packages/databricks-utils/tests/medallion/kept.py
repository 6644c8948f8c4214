"""A shop after some steps, kept as copies of its tables' folders: a test starts from them instead of doing the steps again."""

import itertools
import shutil

LAYERS = ("bronze", "silver", "ops")


class Kept:
    """A shop as it was at one moment; `restore` brings it back, under the same names.

    The tables of a restored shop are external tables on fresh copies, with the whole history of the kept ones.
    """

    def __init__(self, shop, folder):
        self.shop, self._folder, self._numbers = shop, folder, itertools.count()
        self._names, self._views = self._existing("TABLES", *LAYERS), self._existing("VIEWS", "quarantine")
        shutil.copytree(shop.context.landing, folder / "landing")
        for name in self._names:
            location = shop.spark.sql(f"DESCRIBE DETAIL {name}").collect()[0]["location"]
            shutil.copytree(location.removeprefix("file:"), folder / name)

    def restore(self):
        shop, copy = self.shop, self._folder / f"copy{next(self._numbers)}"
        for name in self._existing("TABLES", *LAYERS):
            shop.spark.sql(f"DROP TABLE {name}")
        for name in self._existing("VIEWS", "quarantine"):
            shop.spark.sql(f"DROP VIEW {name}")
        for name in self._names:
            shutil.copytree(self._folder / name, copy / name)
            shop.spark.sql(f"CREATE TABLE {name} USING DELTA LOCATION '{copy / name}'")
        for name in self._views:
            checked = shop.context.table("silver", f"{name.rpartition('.')[2]}_checked")
            shop.spark.sql(f"CREATE VIEW {name} AS SELECT * FROM {checked} WHERE NOT _valid")
        shutil.rmtree(shop.context.landing)
        shutil.copytree(self._folder / "landing", shop.context.landing)
        return shop

    def _existing(self, kind, *layers):
        schemas = [self.shop.context.catalog.schema_name(layer) for layer in layers]
        return [
            f"{schema}.{row[1]}"
            for schema in schemas
            for row in self.shop.spark.sql(f"SHOW {kind} IN {schema}").collect()
        ]
