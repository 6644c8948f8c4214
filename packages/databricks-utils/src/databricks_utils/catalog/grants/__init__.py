"""Unity Catalog's rules about access, without a workspace and without Spark.

A state says who owns what and who was granted what; `decide` says who may do what, and why.

>>> people = PrincipalDirectory.of(users=["ana@example.com"], groups={"finance_team": ["ana@example.com"]})
>>> orders = Securable.parse("TABLE", "sales.eu.orders")
>>> state = AccessState.of(people, grants=[Grant("finance_team", "SELECT", orders)])
>>> print(decide(state, principal="ana@example.com", privilege="SELECT", securable=orders).fix)
GRANT USE CATALOG ON CATALOG `sales` TO `ana@example.com`
GRANT USE SCHEMA ON SCHEMA `sales`.`eu` TO `ana@example.com`
"""

from databricks_utils.catalog.grants.changes import AccessChange, Effect, compare
from databricks_utils.catalog.grants.checks import (
    Check,
    Need,
    Problem,
    all_privileges_granted,
    bi_writes,
    grants_without_use,
    lacking,
    owned_by_people,
    reads_of_production,
    refusals,
    unknown_principals,
)
from databricks_utils.catalog.grants.decision import OWNERSHIP, Decision, Missing, Reason, Way
from databricks_utils.catalog.grants.effective import EffectiveRights
from databricks_utils.catalog.grants.errors import (
    CyclicGroupsError,
    DuplicatePrincipalError,
    GrantsError,
    InvalidSecurableError,
    PrivilegeDoesNotFitError,
    UnknownPrincipalError,
    UnknownPrivilegeError,
    UnknownSecurableError,
)
from databricks_utils.catalog.grants.holdings import Holding, rights_of, rights_on
from databricks_utils.catalog.grants.managing import (
    Alteration,
    may_alter,
    may_create,
    may_drop,
    may_grant,
    may_manage,
    may_revoke,
    may_transfer,
)
from databricks_utils.catalog.grants.principals import ACCOUNT_USERS, PrincipalDirectory, PrincipalKind
from databricks_utils.catalog.grants.privileges import ALL_PRIVILEGES, Privilege, known_privileges, named
from databricks_utils.catalog.grants.rules import decide
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import AccessState, Grant

__all__ = [
    "ACCOUNT_USERS",
    "ALL_PRIVILEGES",
    "OWNERSHIP",
    "AccessChange",
    "AccessState",
    "Alteration",
    "Check",
    "CyclicGroupsError",
    "Decision",
    "DuplicatePrincipalError",
    "Effect",
    "EffectiveRights",
    "Grant",
    "GrantsError",
    "Holding",
    "InvalidSecurableError",
    "Missing",
    "Need",
    "PrincipalDirectory",
    "PrincipalKind",
    "Privilege",
    "PrivilegeDoesNotFitError",
    "Problem",
    "Reason",
    "Securable",
    "SecurableKind",
    "UnknownPrincipalError",
    "UnknownPrivilegeError",
    "UnknownSecurableError",
    "Way",
    "all_privileges_granted",
    "bi_writes",
    "compare",
    "decide",
    "grants_without_use",
    "known_privileges",
    "lacking",
    "may_alter",
    "may_create",
    "may_drop",
    "may_grant",
    "may_manage",
    "may_revoke",
    "may_transfer",
    "named",
    "owned_by_people",
    "reads_of_production",
    "refusals",
    "rights_of",
    "rights_on",
    "unknown_principals",
]
