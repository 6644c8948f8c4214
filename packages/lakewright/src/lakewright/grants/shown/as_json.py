"""Rights and changes as data for JSON; fields are only ever added, else the version rises."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from databricks_utils.catalog.grants import AccessChange, Holding, Reason, Securable

SCHEMA_VERSION = 1


def changes_as_data(changes: Iterable[AccessChange]) -> list[dict[str, Any]]:
    """Return each change of one privilege."""
    return [
        {
            "principal": change.principal,
            "effect": change.effect.value,
            "privilege": change.privilege,
            "securable": securable_as_data(change.securable),
            "members": list(change.members),
            "because": [_reason(reason, ()) for reason in change.because],
        }
        for change in changes
    ]


def holdings_as_data(
    holdings: Iterable[Holding], *, assumed: Collection[Securable] = ()
) -> list[dict[str, Any]]:
    """Return each right, also those that lack something.

    Args:
        holdings: The rights.
        assumed: The catalogs and schemas on which USE is assumed.
    """
    return [
        {
            "principal": each.principal,
            "privilege": each.privilege,
            "securable": securable_as_data(each.securable),
            "usable": each.usable,
            "missing": [
                {"privilege": missing.privilege, "securable": securable_as_data(missing.securable)}
                for missing in each.missing
            ],
            "because": [_reason(reason, assumed) for reason in each.reasons],
        }
        for each in holdings
    ]


def securable_as_data(securable: Securable) -> dict[str, str]:
    """Return an object's kind and name."""
    return {"kind": securable.kind.value, "name": securable.name}


def _reason(reason: Reason, assumed: Collection[Securable]) -> dict[str, Any]:
    return {
        "way": reason.way.value,
        "privilege": reason.granted or None,
        "securable": securable_as_data(reason.securable),
        "path": list(reason.path),
        "assumed": reason.securable in assumed and reason.granted.startswith("USE"),
    }
