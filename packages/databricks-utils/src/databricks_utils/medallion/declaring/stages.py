"""The stages of a transformation: which entities are made together, and which checks are asked then, before others are made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.quality import AnyCheck, Query
from databricks_utils.quality.checks.placeholders import placeholders
from databricks_utils.quality.checks.running import RESERVED


@dataclass(frozen=True)
class Asked:
    """A table, and the checks of it that are asked together.

    Attributes:
        table: The table; it is there.
        checks: Its checks, or some of them.
    """

    table: Entity | Derived
    checks: tuple[AnyCheck, ...]


@dataclass(frozen=True)
class Stage:
    """What is made together, and what is checked before anything else is made.

    Attributes:
        made: Entities that do not need each other.
        asked: The checks, of these or earlier entities, that read no entity of a later stage.
    """

    made: tuple[Entity, ...]
    asked: tuple[Asked, ...]


def stages(entities: Sequence[Entity]) -> Iterator[Stage]:
    """Yield entities in groups; those that an entity needs or refers to were made and checked before.

    A query can also read an entity that is made of the checked one. Then nobody can ask it before: it is asked as soon as all that it
    reads is made, and what needs the checked entity does not wait for it.

    Args:
        entities: Entities without a circle of needs. Another entity that they name is ignored: it is read as it is.
    """
    named = {entity.name: entity for entity in entities}
    unasked = {
        name: [(check, _read_by(check) & set(named)) for check in named[name].checks] for name in named
    }
    made = set[str]()
    while missing := [entity for entity in entities if entity.name not in made]:
        ready = [entity for entity in missing if made.issuperset(set(entity.required) & set(named))]
        checked = [entity for entity in ready if not any(unasked.get(name) for name in entity.required)]
        group = sorted(checked or ready, key=lambda entity: entity.name)
        made.update(entity.name for entity in group)
        asked = list[Asked]()
        for name in sorted(made):
            if due := [check for check, read in unasked[name] if read <= made]:
                asked.append(Asked(named[name], tuple(due)))
                unasked[name] = [(check, read) for check, read in unasked[name] if not read <= made]
        yield Stage(tuple(group), tuple(asked))


def _read_by(check: AnyCheck) -> set[str]:
    """Return the names of the other tables that a check reads."""
    return set(placeholders(check.sql, rule=check.name)) - RESERVED if isinstance(check, Query) else set()
