"""Changes of types, by what Delta does with them.

Source: the type widening of Delta Lake 4 (https://docs.delta.io/delta-type-widening). Whole numbers to
longer ones, FLOAT to DOUBLE, a DECIMAL to one with as many or more digits on both sides of the point, and DATE to TIMESTAMP_NTZ happen
by themselves when a table with `delta.enableTypeWidening` gets wider data. A whole number to DOUBLE or DECIMAL needs `ALTER TABLE`,
since a table that still has whole numbers would cut the fraction off. A VARCHAR may get longer or become a STRING, a CHAR may become a
VARCHAR that is as long: this is Spark's `ALTER TABLE`.
"""

import re
from collections.abc import Iterator

from databricks_utils.contracts.changes.attributes import shown
from databricks_utils.contracts.changes.change import Change, Spot
from databricks_utils.contracts.parts import Part
from databricks_utils.contracts.types.literals import TEXTS
from databricks_utils.contracts.types.spark_types import NotSparkTypeError, SparkType, parse

_WHOLE = ("tinyint", "smallint", "int", "bigint")  # from the shortest to the longest
_DIGITS = {
    "tinyint": 10,
    "smallint": 10,
    "int": 10,
    "bigint": 20,
}  # of the least decimal that Delta widens it to
_TO_DOUBLE = frozenset({"tinyint", "smallint", "int"})
_NESTED = frozenset({"struct", "array", "map"})


def compare_types(spot: Spot, old: Part, new: Part) -> Iterator[Change]:
    """Yield the change of a part's type; what is inside of structs, arrays and maps is left to the parts there.

    Args:
        spot: The place of the part.
        old: The part before.
        new: The part now.
    """
    before, now = (_written(part) for part in (old, new))
    place = spot.at("physicalType" if now[0] else "logicalType")
    if _plain(before[0]) != _plain(now[0]) and not (_counts(old) and _counts(new)):
        summary = f"type {_shown(before)} → {_shown(now)}"
        yield place.change("physical_type_changed", summary, _shown(before), _shown(now))
    elif old.type != new.type:
        if old.type.name != new.type.name or old.type.name not in _NESTED:
            kind, note = _classified(old.type, new.type)
            summary = f"type {old.type.sql()} → {new.type.sql()}{note}"
            yield place.change(kind, summary, old.type.sql(), new.type.sql())
    elif before[1] and now[1] and before[1] != now[1]:
        summary = f"logical type {before[1]} → {now[1]}, still {new.type.sql()}"
        yield spot.at("logicalType").change("logical_type_changed", summary, before[1], now[1])
    elif before != now:
        summary = f"type written as {_shown(now)} instead of {_shown(before)}, still {new.type.sql()}"
        yield place.change("type_spelling_changed", summary, _shown(before), _shown(now))


def _written(part: Part) -> tuple[str, str]:
    """The physical and the logical type as the contract has them; empty where it has none."""
    if part.given is None:
        return "", ""
    return part.given.physicalType or "", part.given.logicalType or ""


def _plain(physical: str) -> str:
    """A type of another system without what does not count in SQL: capital letters and blanks; in quotes both count."""
    if set(physical) & set("'\"`"):
        return physical
    return re.sub(r" ?([(),<>]) ?", r"\1", " ".join(physical.split())).lower()


def _counts(part: Part) -> bool:
    """Whether the physical type is one of Spark's, and the part has it."""
    written = _written(part)[0]
    try:
        return not written or parse(written) == part.type
    except NotSparkTypeError:
        return False


def _shown(written: tuple[str, str]) -> str:
    return " and ".join(shown(item) for item in written if item) or "nothing"


def _classified(old: SparkType, new: SparkType) -> tuple[str, str]:
    """The kind of a change of a type, and what to know of it."""
    if {old.name, new.name} <= TEXTS:
        return _texts(old, new)
    if _widens_by_itself(old, new):
        return "type_widened", "; Delta widens it in place with `delta.enableTypeWidening`"
    if _widens_by_itself(new, old):
        return "type_narrowed", "; the table has to be rewritten"
    if _widens_by_hand(old, new):
        return "type_widened_to_other_kind", "; in place by `ALTER TABLE` with `delta.enableTypeWidening`"
    if (old.name, new.name) == ("date", "timestamp_ntz"):
        return "type_widened_to_other_kind", "; Delta widens it in place with `delta.enableTypeWidening`"
    return "type_changed", "; the table has to be rewritten"


def _texts(old: SparkType, new: SparkType) -> tuple[str, str]:
    """Spark reads all three as text; a length is checked when a row is written, and a CHAR is filled with blanks."""
    if new.name == "char":
        return "type_changed", "; the table has to be rewritten"
    if not new.sizes or (old.sizes and old.sizes <= new.sizes):
        return "text_type_widened", ""
    return "text_type_narrowed", "; the table has to be rewritten"


def _widens_by_itself(old: SparkType, new: SparkType) -> bool:
    if old.name in _WHOLE and new.name in _WHOLE:
        return _WHOLE.index(old.name) < _WHOLE.index(new.name)
    if old.name == new.name == "decimal":
        return _holds(new, before_point=old.sizes[0] - old.sizes[1], scale=old.sizes[1])
    return (old.name, new.name) == ("float", "double")


def _widens_by_hand(old: SparkType, new: SparkType) -> bool:
    if new.name == "double":
        return old.name in _TO_DOUBLE
    return (
        new.name == "decimal" and old.name in _DIGITS and _holds(new, before_point=_DIGITS[old.name], scale=0)
    )


def _holds(kind: SparkType, *, before_point: int, scale: int) -> bool:
    precision, own_scale = kind.sizes
    return precision - own_scale >= before_point and own_scale >= scale
