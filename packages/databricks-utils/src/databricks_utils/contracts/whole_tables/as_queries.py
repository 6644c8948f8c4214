"""Rules as checks of a whole table: for a table that is written in one piece, without a quarantine."""

from collections.abc import Sequence
from typing import TypedDict

from databricks_utils.quality import Check, Limit, Query, Reference, Rule, Severity, Unique
from databricks_utils.quoting import quote_part

_NO_ROW = Limit(rows=0)


def as_query(rule: Unique | Reference) -> Query:
    """Return the check that counts the rows of a table which fail a rule.

    Args:
        rule: The rule; its columns are names.

    Example:
        >>> print(as_query(Unique("id_is_unique", ("id",), "id is not unique")).sql)
        SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM {table} WHERE `id` IS NOT NULL GROUP BY `id` HAVING count(*) > 1)
    """
    counted = _repeated(rule) if isinstance(rule, Unique) else _unknown(rule)
    share = f"SELECT 100D * ({counted}) / nullif((SELECT count(*) FROM {{table}}), 0)"  # noqa: S608 - of quoted names
    limit = rule.limit or _NO_ROW
    sql = counted if limit.percent is None else share
    return Query(rule.name, sql, rule.reason, _severity(rule), **_allowed(limit))


def as_check(rule: Rule) -> Check:
    r"""Return the check that counts the rows of a table which fail a rule for single rows: one that keeps them, or tolerates some.

    Args:
        rule: The rule; its expression is text.

    Example:
        >>> as_check(Rule("id_is_given", "id IS NOT NULL", "id is missing", Severity.WARNING)).measure
        'count_if(NOT coalesce((id IS NOT NULL\n), false))'
    """
    broken = f"NOT coalesce(({rule.expression}\n), false)"  # the line ends a comment
    counted, limit = f"count_if({broken})", rule.limit or _NO_ROW
    measure = counted if limit.percent is None else f"100D * {counted} / nullif(count(*), 0)"
    return Check(rule.name, measure, rule.reason, _severity(rule), **_allowed(limit))


class _Allowed(TypedDict, total=False):
    at_most: float | None
    less_than: float | None
    null_passes: bool


def _allowed(limit: Limit) -> _Allowed:
    """The bound of the counted rows, or of their share in percent, which an empty table does not have."""
    if limit.percent is None:
        return {"at_most": limit.rows}
    if limit.reached:
        return {"less_than": limit.percent, "null_passes": True}
    return {"at_most": limit.percent, "null_passes": True}


def _severity(rule: Rule | Unique | Reference) -> Severity:
    """A rule that keeps its rows only warns, unless it has a limit that more of them exceed."""
    stops = rule.limit is not None and not rule.limit.only_warns
    return Severity.WARNING if rule.severity is Severity.WARNING and not stops else Severity.FAIL


def _repeated(rule: Unique) -> str:
    columns = _names(rule.columns)
    known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    groups = f"GROUP BY {', '.join(columns)} HAVING count(*) > 1"
    return f"SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM {{table}} WHERE {known} {groups})"  # noqa: S608 - of quoted names


def _unknown(rule: Reference) -> str:
    pairs = list(zip(_names(rule.columns), _names(rule.to_columns), strict=True))
    same = " AND ".join(f"a.{column} = b.{other}" for column, other in pairs)
    known = " AND ".join(f"a.{column} IS NOT NULL" for column, _ in pairs)
    return f"SELECT count(*) FROM {{table}} AS a LEFT ANTI JOIN {{{rule.to}}} AS b ON {same} WHERE {known}"  # noqa: S608 - of quoted names


def _names(columns: Sequence[object]) -> list[str]:
    return [quote_part(str(column)) for column in columns]
