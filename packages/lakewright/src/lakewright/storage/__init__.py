"""What a path of Databricks stands for on this machine: one spelling of volumes and DBFS for Spark, `dbutils.fs` and `open`.

The engine's file system (`jvm/files`) follows the same rules; `tests/storage/paths.json` holds both to one list of cases.
"""

from lakewright.storage.places import Level, Place, Storage

__all__ = ["Level", "Place", "Storage"]
