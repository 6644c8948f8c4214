"""Names of declared tables: no two are equal, and none is that of a table that the medallion keeps itself."""

from collections.abc import Sequence

from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.declaring.sources import Source
from databricks_utils.medallion.errors import DeclarationError


def check_names(kind: str, names: Sequence[str]) -> None:
    """Raise if two names are equal.

    Args:
        kind: What has the names, in the plural, for the error.
        names: The names.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DeclarationError(
            f"two {kind} are named `{twice[0]}`", fix="give one of them another name: name=…"
        )


def check_places(sources: Sequence[Source], entities: Sequence[Entity], derived: Sequence[Derived]) -> None:
    """Raise if a declared table has the name of a table that the medallion writes itself."""
    taken = {("ops", "deliveries"), ("ops", "progress"), ("ops", "steps"), ("ops", "quality_metrics")}
    taken |= {("bronze", source.name) for source in sources}
    taken |= {("quarantine", entity.name) for entity in entities}
    taken |= {("silver", name) for entity in entities for name in (entity.name, f"{entity.name}_checked")}
    places = [(table.layer, table.name) for table in derived]
    checked = {f"{entity.name}_checked" for entity in entities}
    places += [("silver", entity.name) for entity in entities if entity.name in checked]
    for layer, name in places:
        if (layer, name) in taken:
            raise DeclarationError(
                f"`{layer}.{name}` is a table that the medallion keeps itself",
                fix="give it another name, or another layer",
            )
