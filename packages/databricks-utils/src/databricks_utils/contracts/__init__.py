"""Data contracts (ODCS): read with line numbers, and compiled to the columns, rules and sources of tables."""

from databricks_utils.contracts.agent_constraints import AgentConstraint, agent_constraints
from databricks_utils.contracts.conflicts import RuleConflict, rule_conflicts
from databricks_utils.contracts.contract import Contract, load_contract
from databricks_utils.contracts.declaring import derived_of, entity_of, source_of
from databricks_utils.contracts.definition import create_table
from databricks_utils.contracts.errors import (
    ContractError,
    ContractFileError,
    ContractInvalidError,
    ContractReferenceError,
    ContractUseError,
    DataFileError,
    DraftError,
    Problem,
    problems_of,
)
from databricks_utils.contracts.own_properties import not_confirmed
from databricks_utils.contracts.parts.foreign_keys import foreign_keys
from databricks_utils.contracts.project import ProjectContracts, contracts_of
from databricks_utils.contracts.table import Table

__all__ = [
    "AgentConstraint",
    "Contract",
    "ContractError",
    "ContractFileError",
    "ContractInvalidError",
    "ContractReferenceError",
    "ContractUseError",
    "DataFileError",
    "DraftError",
    "Problem",
    "ProjectContracts",
    "RuleConflict",
    "Table",
    "agent_constraints",
    "contracts_of",
    "create_table",
    "derived_of",
    "entity_of",
    "foreign_keys",
    "load_contract",
    "not_confirmed",
    "problems_of",
    "rule_conflicts",
    "source_of",
]
