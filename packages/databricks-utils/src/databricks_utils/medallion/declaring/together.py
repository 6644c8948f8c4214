"""Whether the declarations of a medallion fit each other: their names, the places of their tables, and what they need."""

from collections.abc import Sequence

from databricks_utils.medallion.declaring.declarations import Derived, Entity
from databricks_utils.medallion.declaring.names import check_names, check_places
from databricks_utils.medallion.declaring.order import check_needs
from databricks_utils.medallion.declaring.sources import Source


def check_together(sources: Sequence[Source], entities: Sequence[Entity], derived: Sequence[Derived]) -> None:
    """Check sources, entities and derived tables against each other.

    Raises:
        DeclarationError: Two tables or sources share a name, a needed table is missing, or they need each other in a circle.
    """
    tables: tuple[Entity | Derived, ...] = (*entities, *derived)
    check_names("sources", [source.name for source in sources])
    check_names("tables", [table.name for table in tables])
    check_places(sources, entities, derived)
    check_needs(entities)
    check_needs(tables)
