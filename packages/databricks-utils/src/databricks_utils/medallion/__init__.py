"""The medallion: from landing files to bronze, silver and quarantine, whatever crashes.

A project declares its sources and entities; the machinery is here. See `Medallion`.
"""

from databricks_utils.medallion.accounting import Account
from databricks_utils.medallion.bronze.ingestion import Ingested
from databricks_utils.medallion.declaring.declarations import (
    Declarations,
    Derived,
    Entity,
    Source,
    declared_in,
)
from databricks_utils.medallion.declaring.raw import Raw
from databricks_utils.medallion.errors import (
    AccountingError,
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
from databricks_utils.medallion.silver.refinement import Refined

__all__ = [
    "ORIGIN",
    "Account",
    "AccountingError",
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
    "Raw",
    "Refined",
    "Source",
    "declared_in",
]
