"""The service levels of a contract (`slaProperties`) that data can break: how old the newest row of a table may be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from databricks_utils.contracts.rules.row_checks import SEVERITIES
from databricks_utils.contracts.rules.values import Value
from databricks_utils.contracts.types.literals import MOMENTS
from databricks_utils.quality import Check, Severity, age_in_seconds

if TYPE_CHECKING:
    from open_data_contract_standard.model import ServiceLevelAgreementProperty

_FRESHNESS = frozenset({"latency", "ly", "freshness"})  # case does not count
_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 7 * 86400),
}

# How far the newest row may lie in the future: for clocks that differ, and dates of other time zones.
_AHEAD, _AHEAD_DATES = timedelta(minutes=5), timedelta(days=1)


@dataclass(frozen=True)
class ServiceLevel:
    """A service level that is checked.

    Attributes:
        table: The place of its table in the contract.
        check: Its check.
    """

    table: int
    check: Check


def service_levels(
    given: "ServiceLevelAgreementProperty", tables: Sequence[Mapping[str, Sequence[Value]]]
) -> tuple[ServiceLevel, ...]:
    """Return the checks of a service level; none if nothing here can check it.

    A `latency` is the age of the newest row: of the timestamp or date that `element` names. A newest row in the future fails it too,
    since it says nothing about age; a little of it is allowed for clocks and time zones that differ. It warns, unless its custom
    property `severity` says `fail`: to stop on old data makes them no newer.

    Args:
        given: The service level.
        tables: Of each table of the contract its columns, by each of the table's names.
    """
    if (given.property or "").lower() not in _FRESHNESS or given.valueExt is not None:
        return ()
    age, severity = _age(given), _severity(given)
    found = [_column(text.strip(), tables) for text in (given.element or "").split(",") if text.strip()]
    if age is None or severity is None or not found or None in found:
        return ()
    words, checks = " ".join((given.description or "").split()), list[ServiceLevel]()
    for at, value in filter(None, found):
        reason = (
            words or f"the newest {value.label} is older than {given.value} {given.unit}, or in the future"
        )
        measure = age_in_seconds(value.field.name)
        ahead = _AHEAD_DATES if value.field.type.name == "date" else _AHEAD
        check = Check(value.rule_name("is_fresh"), measure, reason, severity, at_least=-ahead, at_most=age)
        checks.append(ServiceLevel(at, check))
    return tuple(checks)


def _age(given: "ServiceLevelAgreementProperty") -> timedelta | None:
    seconds = _UNITS.get((given.unit or "").lower())
    try:
        number = float(str(given.value))
        return timedelta(seconds=number * seconds) if seconds and number > 0 else None
    except (ValueError, OverflowError):
        return None


def _severity(given: "ServiceLevelAgreementProperty") -> Severity | None:
    for item in given.customProperties or []:
        if item.property == "severity":
            found = SEVERITIES.get(str(item.value).lower())
            return Severity.FAIL if found is Severity.ERROR else found
    return Severity.WARNING


def _column(text: str, tables: Sequence[Mapping[str, Sequence[Value]]]) -> tuple[int, Value] | None:
    """The column that an element names: `table.column`, or `column` if there is one table only."""
    fitting = [
        (at, value)
        for at, names in enumerate(tables)
        for name, values in names.items()
        for value in values
        for column in _names(value)
        if text == f"{name}.{column}" or (len(tables) == 1 and text == column)
    ]
    found = fitting[0] if fitting else None
    return found if found and found[1].field.type.name in MOMENTS else None


def _names(value: Value) -> Iterator[str]:
    yield from {value.field.name, value.given.name or "", value.given.physicalName or ""} - {""}
