"""The layers of the walk: each is one schema of the project."""

from types import MappingProxyType

from databricks_utils.catalog.errors import UnknownLayerError
from databricks_utils.nearest import choose_from

_DESCRIPTIONS = {
    "landing": "Files as they arrived; volumes only, no tables.",
    "bronze": "Raw rows, append-only, with their file and time of ingestion.",
    "silver": "Typed, deduplicated, valid rows.",
    "gold": "Aggregates and predictions for the business.",
    "quarantine": "Rows that broke a rule, with the reasons.",
    "features": "Feature tables.",
    "models": "Registered models.",
    "ops": "Runs, quality, drift, lineage.",
}

LAYERS: tuple[str, ...] = tuple(_DESCRIPTIONS)
"""Names of the layers, in the order of the walk."""

LAYER_DESCRIPTIONS = MappingProxyType(_DESCRIPTIONS)
"""The content of each layer; it is also the comment of its schema."""


def check_layer(layer: str, *, tables: bool = False) -> str:
    """Return `layer` if it exists.

    Args:
        layer: Name of the layer.
        tables: Whether the layer must be one that can hold tables.

    Raises:
        UnknownLayerError: The layer does not exist, or holds only volumes.
    """
    if layer not in _DESCRIPTIONS:
        raise UnknownLayerError(
            f"catalog: there is no layer `{layer}`",
            detail=f"layers:  {', '.join(LAYERS)}",
            fix=choose_from(str(layer), LAYERS),
        )
    if tables and layer == "landing":
        raise UnknownLayerError(
            "catalog: layer `landing` holds only volumes, no tables",
            fix="use volume_path(volume, …) for its files; the first layer with tables is `bronze`",
        )
    return layer
