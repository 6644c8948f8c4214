"""The errors of grants: a name that does not exist, or does not fit."""

from databricks_utils.catalog.errors import CatalogError


class GrantsError(CatalogError):
    """Base of every error about privileges, principals and the objects that they are granted on."""


class UnknownPrivilegeError(GrantsError, LookupError):
    """Raised when there is no privilege of that name."""


class PrivilegeDoesNotFitError(GrantsError, ValueError):
    """Raised when a privilege cannot be granted on, or asked for, an object of that kind."""


class UnknownPrincipalError(GrantsError, LookupError):
    """Raised when a user, a service principal or a group is not declared."""


class DuplicatePrincipalError(GrantsError, ValueError):
    """Raised when one name is declared as two kinds of principals."""


class CyclicGroupsError(GrantsError, ValueError):
    """Raised when a group is a member of itself, through other groups or not."""


class InvalidSecurableError(GrantsError, ValueError):
    """Raised when a name has too few or too many parts for the kind of object."""


class UnknownSecurableError(GrantsError, LookupError):
    """Raised when an object that is granted on, or gets an owner, does not exist."""
