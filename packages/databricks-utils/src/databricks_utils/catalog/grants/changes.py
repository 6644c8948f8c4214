"""Who gains and who loses access between two states, e.g. two commits of a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from databricks_utils.catalog.grants.decision import Reason
from databricks_utils.catalog.grants.effective import EffectiveRights
from databricks_utils.catalog.grants.folding import Right, by_object, highest
from databricks_utils.catalog.grants.principals import PrincipalKind
from databricks_utils.catalog.grants.rules import decide
from databricks_utils.catalog.grants.securables import Securable
from databricks_utils.catalog.grants.state import AccessState


class Effect(StrEnum):
    """What happens to a right."""

    GAINS = "gains"
    LOSES = "loses"


@dataclass(frozen=True)
class AccessChange:
    """One right that a principal gains or loses.

    Attributes:
        principal: A user, a service principal or a group.
        effect: Whether the right is gained or lost.
        privilege: Name of the privilege.
        securable: The object. A catalog or a schema stands for all that is in it.
        members: The users and service principals in the group for whom the same changes; empty if the principal is no group.
        because: Why the right is there, in the state that has it.
    """

    principal: str
    effect: Effect
    privilege: str
    securable: Securable
    members: tuple[str, ...]
    because: tuple[Reason, ...]


def compare(before: AccessState, after: AccessState) -> tuple[AccessChange, ...]:
    """Return who gains and who loses access to what.

    A right on all of a catalog or a schema is one change, not one for each table; what changes for a whole group is one change of the
    group. An object that is new, or dropped, counts too: who may use it gains it, or loses it.

    Args:
        before: The earlier state.
        after: The later one.

    Returns:
        The changes: gains first, by principal and object.
    """
    return (*_gained(before, after, Effect.GAINS), *_gained(after, before, Effect.LOSES))


def _gained(without: AccessState, having: AccessState, effect: Effect) -> Iterator[AccessChange]:
    """Yield what one state has and the other has not."""
    earlier, later = EffectiveRights(without), EffectiveRights(having)
    found: dict[str, set[Right]] = {}
    for principal in having.principals.kinds:
        known = without.principals.kinds.keys() & {principal}
        rights = later.of(principal)
        old = earlier.of(principal) if known else {}
        new = {
            (name, securable)
            for securable, names in rights.items()
            if names is not (had := old.get(securable, frozenset()))
            for name in names - had
        }
        if new:
            found[principal] = new
    for principal in sorted(found):
        own = set(_of_no_group(having, principal, found))
        for name, securable in sorted(highest(having, principal=principal, rights=own), key=by_object):
            yield AccessChange(
                principal=having.principals.shown[principal],
                effect=effect,
                privilege=name,
                securable=securable,
                members=_members(having, principal, (name, securable), found),
                because=decide(having, principal=principal, privilege=name, securable=securable).reasons,
            )


def _of_no_group(state: AccessState, principal: str, found: dict[str, set[Right]]) -> set[Right]:
    """Return what changes for a principal and for none of its groups."""
    groups = [group for group in state.principals.paths(principal) if group != principal]
    return found[principal].difference(*(found.get(group, ()) for group in groups))


def _members(
    state: AccessState, principal: str, right: Right, found: dict[str, set[Right]]
) -> tuple[str, ...]:
    if state.principals.kinds[principal] is not PrincipalKind.GROUP:
        return ()
    inside = (name for name in found if right in found[name] and principal in state.principals.paths(name))
    people = (name for name in inside if state.principals.kinds[name] is not PrincipalKind.GROUP)
    return tuple(sorted(state.principals.shown[name] for name in people))
