"""Data contracts (ODCS): read with line numbers, and compiled to the columns and rules of tables."""

from databricks_utils.contracts.contract import Contract, Table, load_contract
from databricks_utils.contracts.definition import create_table
from databricks_utils.contracts.errors import (
    ContractError,
    ContractFileError,
    ContractInvalidError,
    ContractReferenceError,
    DataFileError,
    DraftError,
    Problem,
    problems_of,
)
from databricks_utils.contracts.own_properties import missing_values, not_confirmed

__all__ = [
    "Contract",
    "ContractError",
    "ContractFileError",
    "ContractInvalidError",
    "ContractReferenceError",
    "DataFileError",
    "DraftError",
    "Problem",
    "Table",
    "create_table",
    "load_contract",
    "missing_values",
    "not_confirmed",
    "problems_of",
]
