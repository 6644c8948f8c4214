"""Compare the columns of a table with those of its contract: missing, extra, of another type, with other nullability."""

from collections.abc import Iterator, Sequence

from databricks_utils.contracts.types.literals import TEXTS
from databricks_utils.contracts.types.spark_types import Field, SparkType


def differences(wanted: Sequence[Field], found: Sequence[Field]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what of the columns is not as in the contract, and what differs only in whether a value may be missing.

    Names are compared without case, as Spark does; the order does not count.

    Args:
        wanted: The columns of the contract.
        found: Those of the table.

    Example:
        >>> differences([Field("n", SparkType("int"))], [Field("n", SparkType("bigint")), Field("x", SparkType("date"))])
        (('column `n`: INT in the contract, BIGINT in the table', 'column `x`: it is not in the contract'), ())
    """
    lines = list(_fields(wanted, found, ""))
    return tuple(text for text, hard in lines if hard), tuple(text for text, hard in lines if not hard)


def differing(wanted: Sequence[Field], found: Sequence[Field]) -> frozenset[str]:
    """Return the columns of a contract that the table lacks, or has with another type, in lower case."""
    there = {field.name.lower(): field for field in found}
    return frozenset(
        field.name.lower()
        for field in wanted
        if field.name.lower() not in there
        or any(hard for _, hard in _types(field.type, there[field.name.lower()].type, ""))
    )


def _fields(wanted: Sequence[Field], found: Sequence[Field], above: str) -> Iterator[tuple[str, bool]]:
    there = {field.name.lower(): field for field in found}
    what = "field" if above else "column"
    for field in wanted:
        label = f"{above}{field.name}"
        other = there.pop(field.name.lower(), None)
        if other is None:
            yield f"{what} `{label}`: the table lacks it", True
            continue
        yield from _types(field.type, other.type, label, is_inside=bool(above))
        if field.nullable != other.nullable:
            said, is_ = ("required", "nullable") if other.nullable else ("not required", "NOT NULL")
            yield f"{what} `{label}`: {said} in the contract, {is_} in the table", False
    for other in there.values():
        yield f"{what} `{above}{other.name}`: it is not in the contract", True


def _types(
    wanted: SparkType, found: SparkType, label: str, *, is_inside: bool = False
) -> Iterator[tuple[str, bool]]:
    """Inside of other types Spark reads a VARCHAR or CHAR as a text without its length."""
    if is_inside and found.name == "string" and wanted.name in TEXTS:
        return
    if wanted.name != found.name or wanted.sizes != found.sizes:
        yield f"column `{label}`: {wanted.sql()} in the contract, {found.sql()} in the table", True
        return
    parts = ("[]",) if wanted.name == "array" else (" (key)", " (value)")
    for part, one, other in zip(parts, wanted.inner, found.inner, strict=False):
        yield from _types(one, other, f"{label}{part}", is_inside=True)
    if wanted.name == "struct":
        yield from _fields(wanted.fields, found.fields, f"{label}.")
