"""Rules that compare rows, as queries of a whole table: for a table that is written in one piece, without a quarantine."""

from collections.abc import Sequence

from databricks_utils.quality import Limit, Query, Reference, Severity, Unique
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
    severity = Severity.WARNING if rule.severity is Severity.WARNING else Severity.FAIL
    limit = rule.limit or _NO_ROW
    if limit.percent is None:
        return Query(rule.name, counted, rule.reason, severity, at_most=limit.rows)
    sql = f"SELECT 100D * ({counted}) / nullif((SELECT count(*) FROM {{table}}), 0)"  # noqa: S608 - of quoted names
    if limit.reached:
        return Query(rule.name, sql, rule.reason, severity, less_than=limit.percent, null_passes=True)
    return Query(rule.name, sql, rule.reason, severity, at_most=limit.percent, null_passes=True)


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
