"""Rights in words: several privileges that have the same reasons become one row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from databricks_utils.catalog.grants import AccessChange, Effect, Holding, Reason, Securable, Way
from databricks_utils.quoting import quote_part

_ALL = "ALL_PRIVILEGES"
_RightT = TypeVar("_RightT", Holding, AccessChange)
_OWNER = (Way.OWNER, Way.OWNER_ABOVE)


@dataclass(frozen=True)
class Row:
    """Privileges of one principal on one object that have the same reasons.

    Attributes:
        principal: Who.
        privileges: The privileges in words.
        securable: The object.
        why: The reasons in words.
        missing: What is missing to use them, in words; empty if nothing is.
        effect: Whether they are gained or lost; None if they are there.
        members: Who is in the group, for a change of a group.
    """

    principal: str
    privileges: str
    securable: Securable
    why: tuple[str, ...]
    missing: str = ""
    effect: Effect | None = None
    members: tuple[str, ...] = ()


def rows_of_holdings(holdings: Iterable[Holding], *, assumed: Collection[Securable] = ()) -> list[Row]:
    """Return rights as rows, in their order.

    Args:
        holdings: The rights.
        assumed: The catalogs and schemas on which USE is assumed.
    """
    grouped: dict[tuple[object, ...], list[Holding]] = {}
    for each in _without_implied(holdings):
        reasons = tuple(_why(reason, each.securable, assumed) for reason in each.reasons)
        key = (each.principal, each.securable, reasons, each.missing)
        grouped.setdefault(key, []).append(each)
    return [_row_of_holdings(group, assumed) for group in grouped.values()]


def rows_of_changes(changes: Iterable[AccessChange], *, assumed: Collection[Securable] = ()) -> list[Row]:
    """Return changes as rows, in their order.

    Args:
        changes: The changes.
        assumed: The catalogs and schemas on which USE is assumed.
    """
    grouped: dict[tuple[object, ...], list[AccessChange]] = {}
    for each in _without_implied(changes):
        reasons = tuple(_why(reason, each.securable, assumed) for reason in each.because)
        key = (each.effect, each.principal, each.securable, reasons, each.members)
        grouped.setdefault(key, []).append(each)
    return [_row_of_changes(group, assumed) for group in grouped.values()]


def _without_implied(rights: Iterable[_RightT]) -> Iterator[_RightT]:
    """Yield the rights but those that follow from ALL PRIVILEGES on what holds the object, where that is among them."""
    found = list(rights)
    everything = {(each.principal, each.securable) for each in found if each.privilege == _ALL}
    for each in found:
        reasons = each.reasons if isinstance(each, Holding) else each.because
        if not all(
            reason.way is Way.ALL_PRIVILEGES
            and reason.securable != each.securable
            and (each.principal, reason.securable) in everything
            for reason in reasons
        ):
            yield each


def _row_of_holdings(group: list[Holding], assumed: Collection[Securable]) -> Row:
    first = group[0]
    reasons = [reason for each in group for reason in each.reasons]
    return Row(
        first.principal,
        _privileges([each.privilege for each in group], reasons),
        first.securable,
        tuple(_why(reason, first.securable, assumed) for reason in first.reasons),
        ", ".join(map(str, first.missing)),
    )


def _row_of_changes(group: list[AccessChange], assumed: Collection[Securable]) -> Row:
    first = group[0]
    reasons = [reason for each in group for reason in each.because]
    return Row(
        first.principal,
        _privileges([each.privilege for each in group], reasons),
        first.securable,
        tuple(_why(reason, first.securable, assumed) for reason in first.because),
        effect=first.effect,
        members=first.members,
    )


def _privileges(names: list[str], reasons: list[Reason]) -> str:
    """Return names in words; those that follow from ALL PRIVILEGES or from owning the object are not listed."""
    if len(names) > 1 and all(reason.way is Way.OWNER for reason in reasons):
        return "everything an owner has"
    if _ALL in names and all(reason.granted == _ALL for reason in reasons):
        return "ALL PRIVILEGES"
    return ", ".join(name.replace("_", " ") for name in sorted(names))


def _why(reason: Reason, securable: Securable, assumed: Collection[Securable]) -> str:
    """Return a reason in words; the object itself is not named again."""
    if reason.securable in assumed and reason.granted.startswith("USE"):
        return f"assumed: the bundle does not declare {reason.securable}"
    holder = quote_part(reason.path[-1])
    through = f" ({' → '.join(reason.path)})" if len(reason.path) > 1 else ""
    is_here = reason.securable == securable
    if reason.way in _OWNER:
        return f"{holder} owns {'it' if is_here else reason.securable}{through}"
    where = "" if is_here else f" on {reason.securable}"
    all_privileges = "ALL PRIVILEGES " if reason.granted == _ALL and not is_here else ""
    return f"{all_privileges}granted to {holder}{where}{through}"


def without_assumed(
    changes: Iterable[AccessChange], assumed: Collection[Securable]
) -> Iterator[AccessChange]:
    """Yield the changes but those of USE that is only assumed, in the state that has it."""
    for change in changes:
        is_assumed = change.securable in assumed and change.privilege.startswith("USE")
        if not (is_assumed and all(reason.securable in assumed for reason in change.because)):
            yield change
