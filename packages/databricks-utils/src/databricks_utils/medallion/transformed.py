"""The result of a whole transformation: what was judged, what was derived, and the accounts."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from databricks_utils.medallion.accounting import Account
from databricks_utils.medallion.gold.derivation import DerivedTable
from databricks_utils.medallion.silver.refined import Refined
from databricks_utils.medallion.warnings_of_checks import Warnings


@dataclass(frozen=True)
class Transformed:
    """The result of `Medallion.transform`.

    Attributes:
        refined: One item for each entity.
        derived: One item for each derived table.
        accounts: One item for each entity.
        unchanged: That nothing has changed, and since when; empty if the transformation ran.
        reasons: What has changed since the last transformation; empty if nothing has, or if it was the first one.
        warnings: What the checks of whole tables found that only warn.
    """

    refined: tuple[Refined, ...]
    derived: tuple[DerivedTable, ...]
    accounts: tuple[Account, ...]
    unchanged: str = ""
    reasons: tuple[str, ...] = ()
    warnings: Warnings = field(default_factory=Warnings)

    def again(self, unchanged: str, checked: Warnings | None = None) -> "Transformed":
        """Return the result of the same transformation once more, when there is nothing to judge.

        Args:
            unchanged: See the attribute.
            checked: What the checks say now whose result depends on the time; None: nothing.
        """
        refined = tuple(
            replace(item, judged=0, quarantined=0, arrived=0, superseded=0, failed={})
            for item in self.refined
        )
        derived = tuple(item.again() for item in self.derived)
        warnings = Warnings(self.warnings.lasting, checked.of_time if checked else ())
        return replace(self, refined=refined, derived=derived, unchanged=unchanged, warnings=warnings)

    @property
    def quality(self) -> str:
        """The worst of the entities and checks: `quarantined`, `warned` or `passed`; see `Refined.quality`.

        A condition task can decide by it. A delivery that is not accepted, or a failed check, raises an error instead.
        """
        found = {item.quality for item in self.refined} | ({"warned"} if self.warnings.lines else set())
        return next((word for word in ("quarantined", "warned") if word in found), "passed")

    def balance(self) -> None:
        """Check that no record was lost or duplicated; see `Account.balance`."""
        for account in self.accounts:
            account.balance()

    def __str__(self) -> str:
        """Return what has changed, or that nothing has; what was made of derived tables; what to do about records and files."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.unchanged:
            yield f"nothing to do: {self.unchanged}"
        for item in self.refined:
            if item.failed:
                rules = ", ".join(f"{rule} {count:,}" for rule, count in item.failed.items())
                yield f"{item.entity}: {rules} of {item.judged:,} new records"
        yield from (f"warning: {line}" for line in self.warnings.lines)
        if self.reasons:
            yield f"since the last transformation: {', '.join(self.reasons)}"
        yield from (
            f"{item.table}: the rows from {item.since:%Y-%m} on were made anew"
            for item in self.derived
            if item.since
        )
        advice = (*(item.advice for item in self.refined), *(item.advice for item in self.accounts))
        yield from (text for text in advice if text)
