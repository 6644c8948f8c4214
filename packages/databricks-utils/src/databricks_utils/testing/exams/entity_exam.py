"""Show that the rules of an entity notice bad values: change one value of a valid record at a time, and judge the result."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from databricks_utils.testing.judged_records import Judged, judge_records, with_one_change
from databricks_utils.testing.tiny_rows import TinyRows

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_UNREADABLE = "?"
_VALUES = (_UNREADABLE, "", "NA", "1", "-1000000", "1000000")
_CORRUPT = {"_corrupt_record": "a line with too few fields"}


def assert_rules_notice(spark: SparkSession, rows: TinyRows, *, ignore: Collection[str] = ()) -> None:
    """Assert that every rule of an entity refuses something, and that no unreadable value is lost in silence.

    In up to three valid records, each value is replaced by unreadable text, by a missing value, and by numbers that are far too
    small and too large. Every rule must fail for at least one of the changed records: a rule that accepts them all checks
    nothing. And where unreadable text makes a column NULL, a rule must report it.

    Args:
        spark: A session.
        rows: Valid rows of the entity, from `tiny_rows`.
        ignore: Names of rules that no change of one value breaks; test them with records of their own.

    Raises:
        AssertionError: A valid record is refused, a rule refuses nothing, or a value is lost in silence.
    """
    entity, originals = rows.entity, rows.records[:3]
    changed = with_one_change(originals, entity.source.columns, _VALUES)
    broken = [{**originals[0], **_CORRUPT}]
    judged = judge_records(spark, entity, [*originals, *changed, *broken], rows.needed)
    good, bad = judged[: len(originals)], judged[len(originals) :]
    for item in good:
        assert item.valid, (
            f"`{entity.name}`: {', '.join(item.failed)} refuses a valid record: {dict(item.record)}"
        )
    noticed = {rule for item in bad for rule in item.failed}
    idle = [rule.name for rule in entity.all_rules if rule.name not in {*noticed, *ignore}]
    assert not idle, (
        f"`{entity.name}`: the rule {', '.join(f'`{name}`' for name in idle)} refuses nothing: all {len(bad)} bad records pass it"
    )
    for item in bad:
        original = next(one for one in good if _differences(one, item) <= 1)
        lost = _lost(original, item)
        assert not lost, (
            f"`{entity.name}`: unreadable text makes {', '.join(f'`{name}`' for name in lost)} NULL, and the record stays valid "
            f"without a reason: {dict(item.record)}\n  fix: declare the types of the source, or add a rule, e.g. Raw().rules(whole=(…))"
        )


def _differences(one: Judged, other: Judged) -> int:
    return sum(one.record.get(name) != value for name, value in other.record.items())


def _lost(original: Judged, changed: Judged) -> list[str]:
    """Return the columns that became NULL because a raw value became unreadable, if no rule says so."""
    unreadable = any(
        value == _UNREADABLE and original.record.get(name) != value for name, value in changed.record.items()
    )
    if not unreadable or changed.failed:
        return []
    return [
        name for name, value in changed.values.items() if value is None and original.values[name] is not None
    ]
