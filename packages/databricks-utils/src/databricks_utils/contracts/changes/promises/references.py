"""What the relationships of a contract refer to, so that two notations of one reference are the same."""

from collections.abc import Mapping

from databricks_utils.contracts.contract import Contract
from databricks_utils.contracts.parts.relations import Reference, Relation, relations_of

_SCHEMA, _PROPERTIES = "schema", "properties"


def ends_of(contract: Contract) -> Mapping[int, str]:
    """Return what each relationship leads from and to, by the `id` of its node in the tree.

    Args:
        contract: The contract; references into other files are compared as they are written.
    """
    return {id(relation.node): _ends(relation) for relation in relations_of([contract])}


def _ends(relation: Relation) -> str:
    is_of_table = relation.given.from_ is not None  # the relationship of a column stands at the column
    left = [_place(each) for each in relation.columns] if is_of_table else []
    return repr((relation.given.type or "foreignKey", left, [_place(each) for each in relation.to]))


def _place(reference: Reference) -> tuple[str, ...]:
    if reference.table and reference.column:
        return ("", reference.table.table.name, reference.column.label)
    file, _, place = reference.text.rpartition("#")
    parts = place.strip("/").split("/")
    if parts[0] == _SCHEMA and len(parts) > 1 and set(parts[2::2]) <= {_PROPERTIES}:
        place = ".".join(parts[1::2])  # as a name, which most ids are
    return (file, place)
