"""The medallion: load landing files into bronze, silver and quarantine; after a crash the same call continues.

A project declares its sources and entities, and calls `Medallion`.
"""

from databricks_utils.medallion.accounting import Account
from databricks_utils.medallion.bronze.ingestion import Ingested
from databricks_utils.medallion.declaring.declarations import Declarations, Derived, Entity, declared_in
from databricks_utils.medallion.declaring.raw import Raw
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.errors import (
    AccountingError,
    BrokenPromiseError,
    BronzeMismatchError,
    ColumnTypeError,
    DeclarationError,
    LandingError,
    LandingFileError,
    LandingFolderError,
    LandingProblemsError,
    LeftOutError,
    MedallionError,
)
from databricks_utils.medallion.medallion import Medallion
from databricks_utils.medallion.silver.judging import ORIGIN
from databricks_utils.medallion.silver.preview import Preview
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.medallion.transformed import Transformed

__all__ = [
    "ORIGIN",
    "Account",
    "AccountingError",
    "BrokenPromiseError",
    "BronzeMismatchError",
    "ColumnTypeError",
    "DeclarationError",
    "Declarations",
    "Derived",
    "Entity",
    "Ingested",
    "LandingError",
    "LandingFileError",
    "LandingFolderError",
    "LandingProblemsError",
    "LeftOutError",
    "Medallion",
    "MedallionError",
    "Preview",
    "Raw",
    "Refined",
    "Source",
    "Transformed",
    "declared_in",
]
