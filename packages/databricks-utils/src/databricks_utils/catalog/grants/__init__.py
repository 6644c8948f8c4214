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
from databricks_utils.catalog.grants.privileges import Privilege, known_privileges, named
from databricks_utils.catalog.grants.rules import decide
from databricks_utils.catalog.grants.securables import Securable, SecurableKind
from databricks_utils.catalog.grants.state import AccessState, Grant

__all__ = [
    "ACCOUNT_USERS",
    "OWNERSHIP",
    "AccessChange",
    "AccessState",
    "Alteration",
    "CyclicGroupsError",
    "Decision",
    "DuplicatePrincipalError",
    "Effect",
    "EffectiveRights",
    "Grant",
    "GrantsError",
    "InvalidSecurableError",
    "Missing",
    "PrincipalDirectory",
    "PrincipalKind",
    "Privilege",
    "PrivilegeDoesNotFitError",
    "Reason",
    "Securable",
    "SecurableKind",
    "UnknownPrincipalError",
    "UnknownPrivilegeError",
    "UnknownSecurableError",
    "Way",
    "compare",
    "decide",
    "known_privileges",
    "may_alter",
    "may_create",
    "may_drop",
    "may_grant",
    "may_manage",
    "may_revoke",
    "may_transfer",
    "named",
]
