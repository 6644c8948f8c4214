"""`CatalogHelper` returns every name that a project uses, from its configuration.

A table's name is `{catalog.name}.{schema_prefix}{schema}_{layer}.{table}`. Each environment has its own catalog, so code
cannot reach another environment's tables by mistake; each layer has its own schema, so grants follow layers.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from databricks_utils.catalog.errors import InvalidNameError
from databricks_utils.catalog.identifiers import check_name
from databricks_utils.catalog.layers import LAYERS, check_layer
from databricks_utils.catalog.schemas import create_schemas, verify_schemas
from databricks_utils.config.environment import LOCAL

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from databricks_utils.config import EnvironmentConfig


class CatalogHelper:
    """Names of tables, schemas, volumes and models of one environment.

    Args:
        config: The configuration of the environment.
    """

    def __init__(self, config: EnvironmentConfig) -> None:
        self._config = config
        self.catalog: str = config.catalog.name
        self.schema_prefix: str = f"{config.catalog.schema_prefix}{config.catalog.schema_}"

    def __repr__(self) -> str:
        return f"CatalogHelper({self.catalog}.{self.schema_prefix}_*)"

    def table_name(self, layer: str, table: str) -> str:
        """Return the three-level name of a table.

        Args:
            layer: A layer that holds tables, e.g. `bronze`.
            table: The table's own name, without catalog and schema.

        Raises:
            UnknownLayerError: There is no such layer, or it holds no tables.
            InvalidNameError: The name is not valid for a table.
        """
        check_layer(layer, tables=True)
        return f"{self.schema_name(layer)}.{check_name(table, kind='table')}"

    def schema_name(self, layer: str) -> str:
        """Return the two-level name of a layer's schema: `catalog.schema`.

        Args:
            layer: Name of the layer.

        Raises:
            UnknownLayerError: There is no such layer.
        """
        return f"{self.catalog}.{self._schema(layer)}"

    def model_name(self, model: str | None = None) -> str:
        """Return the three-level name of a registered model.

        Args:
            model: The model's own name; by default `mlflow.model_name` of the configuration.

        Raises:
            InvalidNameError: The name is not valid for a model.
        """
        name = check_name(model or self._config.mlflow.model_name, kind="model")
        return f"{self.schema_name('models')}.{name}"

    def volume_path(self, volume: str, *parts: str, layer: str = "landing") -> str:
        """Return the absolute path of a file or folder in a volume.

        Args:
            volume: Name of the volume.
            *parts: Path below it.
            layer: Layer whose schema holds the volume.

        Returns:
            `/Volumes/<catalog>/<schema>/<volume>/…` on Databricks, a folder of the lakehouse in environment `local`. Spark
            and plain Python can read both.

        Raises:
            InvalidNameError: The name is not valid for a volume, or the path leads out of the volume.
        """
        names = [self.catalog, self._schema(layer), check_name(volume, kind="volume")]
        if self._config.environment == LOCAL:
            names = [_folder_name(name) for name in names]
        root = PurePosixPath(self._config.storage.volume_root, *names)
        path = root.joinpath(*parts)
        if ".." in path.parts or not path.is_relative_to(root):
            raise InvalidNameError(
                f"catalog: the path {'/'.join(parts)} leads out of volume `{volume}`",
                fix="give a path below the volume, without a leading `/` and without `..`",
            )
        return str(path)

    def ensure_schemas(self, spark: SparkSession) -> tuple[str, ...]:
        """In environment `local`, create the schemas of all layers; in a workspace, check that they exist.

        Args:
            spark: A session of this environment.

        Returns:
            The two-level names of the schemas, in the order of the layers.

        Raises:
            MissingSchemasError: In a workspace, some schemas are missing or not visible to this principal.
            WorkspaceMetastoreError: The environment is `local`, and the session belongs to a workspace.
        """
        names = {layer: self.schema_name(layer) for layer in LAYERS}
        config = self._config
        if config.environment == LOCAL:
            volume = config.storage.landing_volume
            create_schemas(spark, self.catalog, names, volume=f"{names['landing']}.{volume}")
            folder = Path(self.volume_path(volume))
            if (
                folder.parts[1] != "Volumes"
            ):  # a volume's folder is created with it; this one may be somewhere else
                folder.mkdir(parents=True, exist_ok=True)
        else:
            origin = str(config.origin_of("catalog", "name") or self.catalog)
            verify_schemas(spark, self.catalog, names, environment=config.environment, origin=origin)
        return tuple(names.values())

    def _schema(self, layer: str) -> str:
        return check_name(f"{self.schema_prefix}_{check_layer(layer)}", kind="schema")


def _folder_name(name: str) -> str:
    """Return the name of the folder that the local engine gives to a catalog, a schema or a volume."""
    return re.sub("^_", "%5F", name.lower())
