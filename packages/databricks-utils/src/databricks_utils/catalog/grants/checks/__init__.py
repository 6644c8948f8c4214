"""What is wrong with a state, or dangerous in it: each check returns what it found as data.

The checks know nothing of bundles and targets: who is a BI tool, what is production and who needs what is given to them.
"""

from databricks_utils.catalog.grants.checks.granted import (
    all_privileges_granted,
    owned_by_people,
    refusals,
    unknown_principals,
)
from databricks_utils.catalog.grants.checks.problem import Check, Problem
from databricks_utils.catalog.grants.checks.production import reads_of_production
from databricks_utils.catalog.grants.checks.usage import Need, grants_without_use, lacking
from databricks_utils.catalog.grants.checks.writing import bi_writes

__all__ = [
    "Check",
    "Need",
    "Problem",
    "all_privileges_granted",
    "bi_writes",
    "grants_without_use",
    "lacking",
    "owned_by_people",
    "reads_of_production",
    "refusals",
    "unknown_principals",
]
