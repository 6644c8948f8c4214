"""Check that a name needs no quotes in SQL."""

from databricks_utils.catalog.errors import InvalidNameError
from databricks_utils.config.model.rules import RuleError, identifier


def check_name(name: str, *, kind: str) -> str:
    """Return `name` if it is valid as one part of a three-level name.

    Args:
        name: The name to check.
        kind: The kind of object, for the error: `table`, `volume`, `model`, `schema`.

    Raises:
        InvalidNameError: It contains a dot, a dash or another special character, starts with a digit, or is too long.
    """
    try:
        return identifier(name)
    except RuleError as refusal:
        fix = refusal.fix
        if "." in name:
            fix = f"give the {kind}'s name without catalog and schema: `{name.rsplit('.', 1)[-1]}`"
        raise InvalidNameError(f"catalog: {kind} name {name!r} {refusal}", fix=fix) from None
